"""The headline, without the site's name.

Sources disagree: an ``<h1>`` may be a logo, ``og:title`` is often written for sharing, JSON-LD may be cut at 110
characters. So they vote: each source's text is first freed of the site's name, and the text with the most weight behind
it is the headline. The weights were fitted on one half of the `news`, `wcxb` and `segments` corpora, rounded, and
checked on the other half; a plain order of the same sources gets one title in fifty less.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from scraper.extract.fields.rules import Found, ld, md, meta
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold, squeeze

_SEPARATOR = re.compile(r"_(?=[^_]*$)|\s+[|\-\u2013\u2014\u00b7\u2022:»«/\u2016\uff5c~]{1,2}\s+|\s*[|\uff5c\u2503]\s*")
_BAR = re.compile(r"\s*[|\uff5c\u2503\u01c0\u3163]\s*")
_SET_OFF = re.compile(r":\s+|\s+[|\-\u2013\u2014\u00b7\u2022\u00bb]\s+")
_KICKER = re.compile(r"[:.!?]\s+|\s+[|\-\u2013\u2014\u00b7\u2022/]\s+")
_SIGNS = frozenset("-|\u2013\u2014\u00b7\u3163\uff5c_")  # what stands between a headline and a section or a site
_CUT = re.compile(r"\s*(?:\u2026|\.\.\.)$")
_LONGEST = 500
_ABRIDGED = 95  # characters from which a headline may be the beginning of a longer one: publishers cut at 100 to 110
_HEADING = 3  # words of a heading that may be the headline where nothing else is
_BELOW = 4  # blocks below it in which its text begins
_RUNNING = 12  # words
_TELLING = 15  # characters that a headline has without its kicker, at least


def _h1(page: ParsedPage) -> Iterable[str]:
    """The text of the page's `<h1>`, if it has one only: two are a logo and a headline, or a list of stories."""
    found = _headings(page)
    return found if len(found) == 1 else ()


def _h1s(page: ParsedPage) -> Iterable[str]:
    found = _headings(page)
    return found[:_MOST_H1] if len(found) > 1 else ()


def _headings(page: ParsedPage) -> list[str]:
    """The headings that may be the headline. Where the `<title>` is one of them and, set off from it, what `og:title`
    says, that one is the name of the blog, and the others are within the text.
    """
    headings = list(dict.fromkeys(page.headings))
    told = {fold(text) for text in page.metas("og:title")}
    names = {fold(text) for text in headings} - told
    for text in (text for text in page.titles if names and told and len(text) <= _LONGEST):
        for cut in _SET_OFF.finditer(text):
            parts = {fold(text[: cut.start()]), fold(text[cut.end() :])}
            if parts & names and parts & told:
                return [text for text in headings if fold(text) in told]
    return [text for text in headings if not _is_site(text, page)]


def _h1_item(page: ParsedPage) -> Iterator[str]:
    return (mark.text for mark in page.marks.property("headline") if mark.tag == "h1")


_MOST_H1 = 4
_H1 = frozenset({"microdata:h1", "dom:h1"})
_HEADING_RULES = _H1 | {"dom:h1s"}
RULES = (
    *((name, 1.6, rule) for name, rule in ld("headline")),
    ("microdata:h1", 1.5, _h1_item),
    ("dom:h1", 1.0, _h1),
    ("dom:h1s", 0.5, _h1s),
    *((name, 0.45, rule) for name, rule in (*meta("og:title"), *md("headline"))),
    ("dom:title", 0.1, lambda page: page.titles),
    *((name, 0.1, rule) for name, rule in meta("twitter:title", "parsely-title", "sailthru.title", "dc.title")),
    *((name, 0.1, rule) for name, rule in meta("dcterms.title", "headline", "title")),
)
"""What may hold the headline: a name, the weight of its vote, and the rule; of several texts, each later one weighs a
tenth less."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A text that one source gives for the headline."""

    text: str
    rule: str
    weight: float


def title(page: ParsedPage) -> Found[str] | None:
    """The article's headline and the weightiest of the rules that gave it."""
    candidates = list(_candidates(page))
    written = {fold(candidate.text): candidate.text for candidate in candidates if candidate.rule != "dom:title"}
    votes: dict[str, float] = {}
    speakers: dict[str, _Candidate] = {}
    rules: dict[str, set[str]] = {}
    bare: dict[tuple[str, bool], str] = {}
    for candidate in candidates:
        key = (candidate.text, candidate.rule in _HEADING_RULES)  # most sources give the same text
        text = bare[key] = bare.get(key) or _bare(candidate, page, written)
        folded = fold(text)
        if not folded or folded in page.site_names:
            continue
        votes[folded] = votes.get(folded, 0) + candidate.weight
        speakers.setdefault(folded, _Candidate(text, candidate.rule, candidate.weight))
        if candidate.rule != "twitter:title" or folded == fold(candidate.text):
            rules.setdefault(folded, set()).add(candidate.rule)
    if not votes:
        return next((Found(text, "dom:heading") for text in _over_text(page)), None)
    first = max(votes, key=lambda folded: votes[folded])
    winner = speakers[_written_apart(first, rules) or first]
    written |= {folded: speaker.text for folded, speaker in speakers.items() if folded not in written}
    text = _without_kicker(winner.text, written, speakers.values())
    shown = any(candidate.text == text and candidate.rule in _HEADING_RULES for candidate in candidates)
    return Found(text if shown and not _CUT.search(text) else _whole(text, speakers.values()), winner.rule)


def _over_text(page: ParsedPage) -> Iterator[str]:
    """The headings, of whatever level, that running text follows: where a page has neither a title nor an ``<h1>``."""
    blocks = page.flat.shown
    for place, block in enumerate(blocks):
        if block.kind == "h" and block.size >= _HEADING and fold(block.text) not in page.site_names:
            below = blocks[place + 1 : place + 1 + _BELOW]
            if any(other.sentence and other.size >= _RUNNING for other in below):
                yield block.text


def _candidates(page: ParsedPage) -> Iterator[_Candidate]:
    for name, weight, rule in RULES:
        heavier = weight
        for text in rule(page):
            if len(text) <= _LONGEST:
                yield _Candidate(squeeze(html.unescape(text) if "&" in text else text), name, heavier)
            heavier *= 0.9


def _bare(candidate: _Candidate, page: ParsedPage, written: Mapping[str, str]) -> str:
    """The text without what is not the headline: an `<h1>` is only cut where another source says so."""
    text = candidate.text
    cuts = [cut for cut in _SEPARATOR.finditer(text) if ":" not in cut[0]]
    for cut in reversed(cuts):
        start = fold(text[: cut.start()])
        if start in written and start not in page.site_names:
            return text[: cut.start()].strip()
    if candidate.rule in _HEADING_RULES:
        return text
    told = (other for other in written.values() if len(other) >= _TELLING and text.startswith(other))
    return next((other for other in told if text[len(other) :].lstrip()[:1] in _SIGNS), "") or strip_site(text, page)


def _written_apart(first: str, rules: Mapping[str, AbstractSet[str]]) -> str:
    """The text that `og:title` alone gives, where `<h1>`, `<title>` and JSON-LD all have another: those were then
    written for search engines, and this by an editor. Empty where there is none; where nine in ten of its words stand
    in the other, which it abridges then; and where `twitter:title` says the same: it was written for sharing.

    So are the five headlines of `news` that this finds (four outlets), and none of two in magazines.
    """
    if not ("jsonld:headline" in rules[first] and "dom:title" in rules[first] and not rules[first].isdisjoint(_H1)):
        return ""
    alone = (text for text, gave in rules.items() if gave == {"og:title"})
    return next((text for text in alone if 10 * len(set(text.split()) - set(first.split())) > len(text.split())), "")


def _without_kicker(text: str, written: Mapping[str, str], others: Iterable[_Candidate]) -> str:
    """A headline without the words above it, where another source gives it without them, or with others."""
    for cut in _KICKER.finditer(text):
        rest = fold(text[cut.end() :])
        if len(rest) < _TELLING:
            break
        if rest in written:
            return written[rest]
        kicker = set(fold(text[: cut.start()]).split())
        theirs = (fold(other.text).removesuffix(rest).split() for other in others if fold(other.text).endswith(rest))
        if any(words and kicker.isdisjoint(words) for words in theirs):
            return text[cut.end() :]
    return text


def _whole(text: str, others: Iterable[_Candidate]) -> str:
    """A headline that was cut, as a source that has all of it gives it."""
    start = _CUT.sub("", text)
    if start == text and len(text) < _ABRIDGED:
        return text
    longer = (other.text for other in others if other.text.startswith(start) and len(other.text) > len(text))
    return next(longer, text)


def strip_site(text: str, page: ParsedPage) -> str:
    """A headline without the site's name before or after a separator, where something says that it is the name.

    What says so: ``og:site_name``, the publisher, the host, an ``<h1>`` that is the rest of the title, or a vertical
    bar, which of 700 titles with one stood in the headline itself in eight.
    """
    headings = {fold(heading) for heading in page.headings}
    cuts = list(_SEPARATOR.finditer(text))
    for cut in cuts:  # the headline is an <h1>: what follows it is not part of it
        start = fold(text[: cut.start()])
        if start in headings and start not in page.site_names and fold(text) not in headings:
            return text[: cut.start()].strip()
    while cuts and _is_site(text[cuts[-1].end() :], page):
        text = text[: cuts.pop().start()].strip()
    if cuts and fold(text[: cuts[0].start()]) in page.site_names:
        text = text[cuts[0].end() :].strip()
    bar = _BAR.search(text)
    if bar is not None and fold(text[: bar.start()]) and fold(text) not in headings:
        text = text[: bar.start()].strip()
    return text


def _is_site(text: str, page: ParsedPage) -> bool:
    """Whether the end of a title names the site: as the page does, or in words that all stand in its host."""
    folded = fold(text)
    if folded in page.site_names:
        return True
    words = folded.split()
    spaceless = page.host.replace("-", "")
    return bool(words) and sum(map(len, words)) > 3 and all(len(word) > 1 and word in spaceless for word in words)


def site_names(page: ParsedPage) -> frozenset[str]:
    """The folded names that the page's site goes by."""
    return page.site_names
