"""The people (and agencies) who wrote it: the rules, the most explicit ones first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, takewhile
from typing import Any

from scraper.extract import jsonld
from scraper.extract.fields.calendar import MONTHS
from scraper.extract.fields.instants import Reading, parse_date
from scraper.extract.fields.names import (
    after_day,
    after_written,
    clean,
    has_label,
    introduces,
    is_full_name,
    joined,
    labelled,
    split,
    starts_with_label,
)
from scraper.extract.fields.rules import Found, Rule, md, meta
from scraper.extract.marks import Mark
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold, squeeze

__all__ = ["RULES", "authors", "clean"]

_TO_AUTHOR = "a[href*='/author' i], a[href*='/autor' i]"
_AUTHORS_PAGE = re.compile(r"/autor(?:en|es)?/[^/?#]|/authors?/[^/?#]", re.IGNORECASE)  # not the list of them all
_CARD_LABEL = re.compile(r"\b(?:by|von|por|par|da|door|av|af)$|author|автор", re.IGNORECASE)
_LAST_FIRST = re.compile(r"([^\W\d_][^\s\d,]*[^\W\d_A-Z]), ([^\W\d_][^\s\d,]*[^\W\d_A-Z](?: [A-Z]\.)?)")
_REPORTER = re.compile(
    r"[\uff08(\u3010][^()\uff08\uff09]{0,12}(?:记者|記者)\s*[:\uff1a]?\s*([\u4e00-\u9fff·、\s]{2,30})[)\uff09\u3011]"
)
_BETWEEN = re.compile(r"\s*[|\u00b7\u2022\u2013\u2014/,]\s*|\s+-\s+")
_SIGNATURE = 20  # words of a line that is a signature
_SIGNED = 6  # words of "By Ana Ruiz and Bo Li"
_PARAGRAPH = 30
_DATELINE = 70  # characters of a paragraph in which its dateline stands
_MANY = 20  # lines that say who wrote something: a page with more lists stories, or comments
_LINK = 100  # characters of a link that is a name: cards link what they say of somebody, too
_INTRODUCTION = 6  # words of a paragraph that says who somebody is
_BY_HEADLINE = 6  # blocks below the headline
_HOLDER = 400  # characters of an element that holds a byline and no more
_NAME = re.compile(r"(?:author|autor|byline|writer|contributor)[\w-]*?(?:name|link)|(?:^|[\s_-])name[\w-]*author")
_BYLINE = re.compile(r"byline")
_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|authors|autor|autoren|autores|writer|contributor|redakteur)s?(?:$|[\s_-])")
_AUTHOR_IN = re.compile(r"author|autor|byline")
_BIO = re.compile(
    r"bio(?:$|[\s_-])|about|description|avatar|image|photo|social|follow|job(?!ber)|quote|testimonial|role|title|count|list|more|date|box"
)
_PROFILE = re.compile(r"author|autor|profile|people|/by/|staff|contributor|writer|redakt|/team/|/user", re.IGNORECASE)


def _people(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _people(item)
        else:
            yield from _names_of(item)


def _names_of(value: Any) -> Iterator[str]:
    """The names of one author in JSON-LD, a person's family name behind the other."""
    if not isinstance(value, dict) or "Person" not in jsonld.types(value):
        yield from jsonld.texts(value)
        return
    parts = [value[key] for key in ("givenName", "familyName") if isinstance(value.get(key), str)]
    if not value.get("name") and len(parts) > 1:
        yield " ".join(parts)
    for name in jsonld.texts(value):
        turned = _LAST_FIRST.fullmatch(name.strip())
        yield f"{turned[2]} {turned[1]}" if turned else name


def _persons(page: ParsedPage) -> Iterator[str]:
    """The authors that JSON-LD calls persons."""
    value = page.article.get("author")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and "Person" in jsonld.types(item):
            yield from _names_of(item)


def _ld(key: str) -> Rule:
    return f"jsonld:{key}", lambda page: _people(page.article.get(key))


def _things(page: ParsedPage) -> Iterator[str]:
    """The author that another object of the page has: its WebPage, say, where the article names none."""
    for kinds, thing in page.typed:
        if "WebPage" in kinds:
            yield from _people(thing.get("author"))


def _card(page: ParsedPage) -> Iterator[str]:
    """A name on the card that a link to the page unfolds into, where its label says "Written by" in some language."""
    for number in "12":
        if any(_CARD_LABEL.search(label) for label in page.metas(f"twitter:label{number}")):
            yield from page.metas(f"twitter:data{number}")


def _property(page: ParsedPage) -> Iterator[str]:
    """An ``itemprop=author`` outside of any item: the name in it, else all of it."""
    for mark in page.marks.own(page.marks.property("author")):
        if page.items.holds(mark.node):
            continue
        name = mark.node.css_first("[itemprop~='name']")
        yield mark.value("content") or (Mark(name).value("content") or Mark(name).text if name else mark.text)


def _related(page: ParsedPage) -> Iterator[str]:
    return (mark.text for mark in page.marks.own(page.marks.relation("author")) if mark.tag == "a")


def _names(page: ParsedPage) -> Iterator[str]:
    """Elements whose class says that they hold an author's name."""
    return (mark.text for mark in page.marks.own(page.marks.named("author", _NAME)) if len(mark.text) < _HOLDER)


def _linked(page: ParsedPage) -> Iterator[str]:
    """The links to a person's page inside a byline, and whom it joins to them without a link."""
    for mark in page.marks.own(page.marks.named("author", _AUTHOR_IN)):
        if len(mark.text) >= _HOLDER:
            continue
        links = [mark] if mark.tag == "a" else [Mark(node) for node in mark.node.css("a[href]")]
        people = [link.text for link in links if len(link.text) < _LINK and _PROFILE.search(link.value("href"))]
        yield from people
        other = joined(mark.text, people)
        if other:
            yield other


def _named(pattern: re.Pattern[str]) -> Callable[[ParsedPage], Iterable[str]]:
    """The texts of elements whose class speaks of an author, where they read as a name or say "by"."""

    def rule(page: ParsedPage) -> Iterator[str]:
        for mark in page.marks.own(page.marks.named("author", pattern)):
            if len(mark.text) < _HOLDER and not _BIO.search(mark.value("class").lower()):
                yield from (name for name in split(mark.text) if is_full_name(name) or has_label(mark.text))

    return rule


def _author_link(page: ParsedPage) -> Iterator[str]:
    """The first link to an author's page that reads as a name."""
    for node in page.tree.css(_TO_AUTHOR):
        mark = Mark(node)
        if not _AUTHORS_PAGE.search(mark.value("href")) or not is_full_name(mark.text):
            continue
        if not page.marks.in_comments(node) and not page.marks.beside(node):
            yield mark.text
            return


def _around_headline(page: ParsedPage) -> Iterator[str]:
    for block in page.around_headline:
        yield from labelled(block.text, colon=False)
        if block.size <= _SIGNATURE and not block.sentence:
            yield from after_day(block.text)


def _beside_date(page: ParsedPage) -> Iterator[str]:
    """A name on the same line as the day, right after the headline: "19 January 2022 | Ana Ruiz"."""
    for block in page.around_headline:
        if block.size <= _SIGNATURE and not block.sentence and parse_date(block.text, Reading()):
            yield from (part for part in _BETWEEN.split(block.text) if is_full_name(part.strip()))


def _signed(page: ParsedPage) -> Iterator[str]:
    """A short line anywhere that begins with "Author:"; or with "By" above the text of a page without a headline."""
    for block in page.flat.shown:
        if block.size < _SIGNATURE and starts_with_label(block.text):
            yield from labelled(block.text, colon=True)
    if page.headline_place is None:
        for block in takewhile(lambda block: block.size < _PARAGRAPH, page.flat.shown):
            if block.size <= _SIGNED and has_label(block.text):
                yield from (name for name in labelled(block.text, colon=False) if is_full_name(name))


def _reporter(page: ParsedPage) -> Iterator[str]:
    """The reporters that a dateline in Chinese names: "(记者 王晓梅 李建国)"."""
    for block in page.flat.shown:
        match = _REPORTER.search(block.text, 0, _DATELINE)
        if match is not None:
            yield match[1].strip()
            return


def _written_by(page: ParsedPage) -> Iterator[str]:
    """Whom the lines that say "Written by" name, if all of them name the same: cards of other stories say it, too. A
    word alone is a name where a day follows.
    """
    found: set[tuple[str, ...]] = set()
    lines = ((block, after_written(block.text)) for block in page.flat.shown if block.size <= _SIGNATURE)
    said = list(islice((line for line in lines if line[1]), _MANY + 1))
    for block, text in said if len(said) <= _MANY else ():
        if page.in_comments(block):
            continue
        names = [name for name in split(text) if is_full_name(name)]
        if text.isalnum() and text.lower() not in MONTHS and parse_date(block.text, Reading()):
            names = [text]
        if names:  # in a sentence, what follows the name is who that is
            found.add(tuple(names[:1] if block.sentence or "," in text else names))
    yield from next(iter(found)) if len(found) == 1 else ()


def _introduced(page: ParsedPage) -> Iterator[str]:
    """The one whom the page introduces: a line that is a name, by the headline or below the text, and a paragraph that
    begins with it and says who that is. Where several are, the article is about them.
    """
    blocks, head, headings = page.flat.shown, page.headline_place, set(page.headings)
    found = set()
    for place, block in enumerate(blocks):
        if not 1 < block.size <= _SIGNED or not is_full_name(block.text) or block.text in headings:
            continue
        if fold(block.text.split()[0]) in page.site_names:  # what it sells, or stages
            continue
        by_headline = head is not None and head < place <= head + _BY_HEADLINE
        if by_headline or 2 * place > len(blocks):
            below = blocks[place + 1 : None if by_headline else place + 3]
            if any(other.size >= _INTRODUCTION and introduces(other.text, block.text) for other in below):
                found.add(block.text)
    yield from found if len(found) == 1 else ()


def _portrayed(page: ParsedPage) -> Iterator[str]:
    """A line by the headline that is a name, where a picture of the page shows somebody of that name."""
    lines = [block for block in page.around_headline if block.size <= _SIGNED and block.kind in {"p", "li", "td"}]
    names = [block.text for block in lines if is_full_name(block.text) and block.text not in page.headings]
    if names:
        shown = [squeeze(node.attributes.get("alt") or "") for node in page.tree.css("img[alt]")]
        yield from (name for name in names if any(name in alt for alt in shown if len(alt) < _LINK))


RULES: tuple[Rule, ...] = (
    _ld("author"),
    _ld("creator"),
    *md("author", "creator"),
    *meta(
        "article:author", "author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
        "authors", "cxenseparse:author", "og:article:author", "article:author_name", "citation_author",
        "dc.creator.personalname",
    ),
    ("jsonld:any:author", _things),
    ("meta:twitter:data", _card),
    ("microdata:author", _property),
    ("dom:rel-author", _related),
    ("dom:byline-link", _linked),
    ("dom:byline-name", _names),
    ("dom:author-class", _named(_AUTHOR)),
    ("dom:byline", _named(_BYLINE)),
    ("dom:around-headline", _around_headline),
    ("dom:signed", _signed),
    ("dom:author-link", _author_link),
    ("dom:beside-date", _beside_date),
    ("text:reporter", _reporter),
    ("dom:written-by", _written_by),
    ("dom:introduced", _introduced),
    ("dom:portrayed", _portrayed),
)  # fmt: skip


# What a page says outright; believed even where it names its own site, as the blog of one person does.
_DECLARED: tuple[Rule, ...] = (("jsonld:author", _persons), *meta("author"), ("dom:written-by", _written_by))


def authors(page: ParsedPage) -> Found[tuple[str, ...]] | None:
    """Everyone that the first rule with an answer names, in the page's order, each once."""
    for rules, publishers in ((RULES, page.site_names), (_DECLARED, frozenset())):
        for name, rule in rules:
            found = clean(rule(page), publishers)
            if found:
                return Found(found if len(found) > 1 else _with_others(page, found, publishers), name)
    return None


def _with_others(page: ParsedPage, found: tuple[str, ...], publishers: frozenset[str]) -> tuple[str, ...]:
    """The one author that a source names, with those whom links beside theirs or a line by the headline add."""
    holders: dict[int, list[str]] = {}
    for mark in page.marks.own(page.marks.relation("author")):
        if mark.tag == "a" and mark.node.parent is not None:
            holders.setdefault(mark.node.parent.mem_id, []).append(mark.text)
    beside = next((names for names in holders.values() if found[0] in names), [])
    lines = (block.text for block in page.around_headline if block.size <= _SIGNATURE and not block.sentence)
    beside.extend(joined(line, found) or "" for line in lines)
    return clean((*found, *filter(is_full_name, beside)), publishers) or found
