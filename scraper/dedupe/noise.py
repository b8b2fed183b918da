"""What changes on a page while its article stays the same: typography, clocks, counters, promotion, tickers.

The vocabulary is data, over some twenty languages. It is asked of whole short lines only: a line is passing if nothing
is left of it that is not such a word or a number, or if it begins as an invitation does. A sentence is never passing.
"""

# ruff: noqa: RUF001 - signs of the world's alphabets

from __future__ import annotations

import re
import unicodedata
from functools import cache

from scraper.dedupe.differences import words
from scraper.dedupe.vocabulary import ASKING, CLOCK, COUNTED, LEADS, OURS

_LONGEST = 20  # words of a line that may be passing
_BREAKS = re.compile(r"\s*(?:[|·•∙‣()\[\]]|\s[-\u2013\u2014]\s)\s*")
_BULLET = re.compile(r"^[-*•·‣▪►\u2013\u2014]+\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))
_SIGNS = str.maketrans(
    dict.fromkeys("'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u2039\u203a\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
_BROKEN = re.compile("[\ud800-\udfff\ufffd]")
_RUNS = re.compile(r'(["-])\1+')

_LABELS = frozenset(
    {"more on", "more from", "read the full", "mehr dazu", "zum thema", "à lire", "up next", "top stories"}
)
"""Those that a sentence may begin with, beside all of one word."""

_TICKER = re.compile(r"\d[\d.,]*\s.*(?:[+\-\u2212]\s?\d[\d.,]*\s?%|[▲▼△▽])|[▲▼△▽]\s?\d|\d\s?[°º]\s?[CFcf]?(?!\w)")
_TIME = re.compile(r"(?<!\d)\d?\d[:.h]\d\d(?!\d)|\d[./-]\d?\d[./-]\d|\d[smhd]\b")
_NUMBER = re.compile(r"\d")
_SENTENCE = re.compile(r"[.!?…。！？؟।]['\")\]]*$")
_QUOTES = re.compile('["\u201c-\u201f\u00ab\u00bb\u300c\u300e]')
_NOW = frozenset(("now", "ago", "today", "yesterday", "heute", "gestern", "hoy", "ayer", "oggi", "ieri", "hoje"))


def folded(text: str) -> str:
    """A line in the form in which typography does not count: quotes, dashes, invisible and compatible characters, case.

    White space does not count either, as in ``content_hash``.
    """
    plain = unicodedata.normalize("NFKC", _BROKEN.sub("?", text).translate(_INVISIBLE)).translate(_SIGNS).casefold()
    return _RUNS.sub(r"\1", "".join(plain.split()))


_CLOCKS_AND_COUNTERS = CLOCK + COUNTED
_PEOPLE = frozenset({"people", "persons", "readers", "users"})
_READING = frozenset({*_PEOPLE, "read", "reading", "liked", "like", "shared", "viewed", "this", "are", "now"})
_LONGEST_LEAD = 8  # words


@cache  # not made by a command that only reads
def _vocabulary(text: str) -> frozenset[str]:
    return frozenset(map(folded, text.split()))


@cache
def _leads() -> dict[tuple[str, ...], bool]:
    """The invitations, word by word, and whether each is a mere label."""
    leads = (lead.strip() for lead in LEADS.replace("\n", " ").split(";"))
    return {tuple(map(folded, words(lead))): len(words(lead)) == 1 or lead in _LABELS for lead in leads}


def lasting(line: str) -> str:
    """What of a paragraph is of the article, folded; empty for a line that is passing altogether."""
    line = _BULLET.sub("", line)
    if len(line) > 12 * _LONGEST or len(words(line)) > _LONGEST:
        return folded(line)
    if _is_passing(line) or is_invitation(line) or _is_ticker(line):
        return ""
    parts = _BREAKS.split(line)
    kept = [part for part in parts if not _is_passing(part)]
    return folded(" ".join(kept) if len(kept) < len(parts) else line)


def is_invitation(line: str) -> bool:
    """Whether a short line asks to read, watch, follow or buy something else."""
    if _QUOTES.match(line):
        return False  # somebody else asks
    start = [folded(word) for word in words(line[:100])[:_LONGEST_LEAD]]
    asks = bool(start) and start[0] in _vocabulary(ASKING) and not _QUOTES.search(line)
    if asks and not _vocabulary(OURS).isdisjoint(map(folded, words(line))):
        return True
    for size in range(len(start), 0, -1):
        label = _leads().get(tuple(start[:size]))
        if label is not None:
            return not label or not _SENTENCE.search(line) or ":" in line[:40]
    return False


def _is_passing(part: str) -> bool:
    """Whether a part of a line is a date, a clock or a counter, and nothing else."""
    found = [folded(word) for word in words(part)]
    if not found:
        return True
    passing = _vocabulary(_CLOCKS_AND_COUNTERS)
    named = [word for word in found if not _NUMBER.match(word)]
    if len(named) == len(found):
        return not _NOW.isdisjoint(found) and passing.issuperset(found)
    # A bare number may be somebody's age, and one of people a count of victims; a time or a whole date is neither.
    if _PEOPLE.issuperset(named):
        return not named and (len(found) > 2 or _TIME.search(part) is not None)
    return passing.issuperset(named) or _READING.issuperset(named)


def _is_ticker(line: str) -> bool:
    """Whether a line is a price, an index or a temperature: a name of a few words and its numbers."""
    found = words(line)
    named = sum(not _NUMBER.search(word) for word in found)
    return named <= 3 and len(found) <= 8 and not _SENTENCE.search(line) and _TICKER.search(line) is not None
