"""The people (and agencies) who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from scraper.extract import jsonld
from scraper.extract.fields.rules import Found, Rule, md, meta, texts
from scraper.extract.fields.title import site_names
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold, squeeze

_BY = re.compile(
    r"^\s*(?:written by|story by|posted by|reported by|reporting by|words by|text by|article by|by|von|par|por|di"
    r"|door|af|av|text|texte|texto"
    r"|author|authors|autor|autoren|auteur|автор|авторы|текст|بقلم|كتب|作者|記者|记者|文|取材・文)(?:\s*[:\uff1a]\s*|\s+|/)",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|und|et|y|и|و|with|mit)\s+|\s*[;&|、\uff0c•·]\s*|\s+/\s+", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,،]\s*")
_ROLE = re.compile(
    r"\b(?:editor|reporter|correspondent|writer|journalist|columnist|contributor|producer|analyst|professor"
    r"|director|staff|chief|head of"
    r"|redakteurin?|korrespondent(?:in)?|reporterin|chefredakteurin?|journaliste?|rédact\w+|redactora?|corresponsal"
    r"|корреспондент|редактор"
    r"|ph\.?d|m\.?d|jr|sr|news|bureau|updated|published|min read|minutes?)\b",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\d{3}|[<>{}=\[\]]|^(?:admin|administrator|staff|unknown|none|null|undefined|anonymous|guest)$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:\bauthors?|\bby|\bautor(?:en|in)?|\btext|\bvon|\bauteur|автор|авторы|текст|بقلم|记者|記者|作者|文)\s*[:\uff1a]\s*",
    re.IGNORECASE,
)
_PLAIN_LABEL = re.compile(r"(?:by|von|par|por|بقلم)\s+", re.IGNORECASE)
_NEXT_LABEL = re.compile(r"\s+[^\W\d]{1,12}[:\uff1a]|\s+[|\u2022]\s")
_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}(?: [\u4e00-\u9fff]{2,4})+")
_SIGNATURE = 20  # words of a line that is a signature
_LONGEST = 80  # characters of a name
_LONGEST_BYLINE = 500
_MOST = 20
_MORE = re.compile(r"\s*\([^)]*\)\s*$|\s*[|\u2013\u2014]\s.*$|\s+-\s.*$")

_NAMES = (
    "[class*='byline' i] a, [class*='author' i] a[href*='author'], [class*='author-name' i], [class*='author__name' i]"
)


def _people(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            yield from _people(item)
        else:
            yield from jsonld.texts(item)


def _labelled(text: str, *, colon: bool) -> Iterator[str]:
    """What follows "By" or "Author:" on a line, up to the next label; without a colon the label must be a plain one."""
    match = _LABEL.search(text) or (None if colon else _PLAIN_LABEL.match(text))
    if match is not None:
        yield _NEXT_LABEL.split(text[match.end() :])[0]


def _around_headline(page: ParsedPage) -> Iterator[str]:
    for block in page.around_headline:
        yield from _labelled(block.text, colon=False)


def _signed(page: ParsedPage) -> Iterator[str]:
    """A short line anywhere that begins with "Author:"."""
    for block in page.flat.blocks:
        if block.size < _SIGNATURE and _LABEL.match(block.text):
            yield from _labelled(block.text, colon=True)


def _ld(key: str) -> Rule:
    return f"jsonld:{key}", lambda page: _people(page.article.get(key))


RULES: tuple[Rule, ...] = (
    _ld("author"),
    _ld("creator"),
    *md("author", "creator"),
    *meta(
        "article:author",
        "author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "authors",
    ),
    *meta(
        "cxenseparse:author", "og:article:author", "article:author_name", "citation_author", "dc.creator.personalname"
    ),
    ("microdata:author", texts("[itemprop~='author'] [itemprop~='name']")),
    ("microdata:author", texts("[itemprop~='author']")),
    ("dom:rel-author", texts("a[rel~='author']")),
    ("dom:byline-name", texts(_NAMES)),
    (
        "dom:author-class",
        texts("[class~='author' i], [class~='authors' i], [class*='article-author' i], [class*='author_name' i]"),
    ),
    ("dom:byline", texts("[class*='byline' i]")),
    ("dom:around-headline", _around_headline),
    ("dom:signed", _signed),
)


def authors(page: ParsedPage) -> Found[tuple[str, ...]] | None:
    """Everyone that the first rule with an answer names, in the page's order, each once."""
    publishers = site_names(page)
    for name, rule in RULES:
        found = clean(rule(page), publishers)
        if found:
            return Found(found, name)
    return None


def clean(candidates: Iterable[str], publishers: frozenset[str]) -> tuple[str, ...]:
    """Names out of bylines: no "By", no roles, no addresses, not the publisher itself."""
    names: dict[str, str] = {}
    for candidate in candidates:
        for name in split(candidate):
            folded = fold(name)
            if folded and folded not in publishers and folded.replace(" ", "") not in publishers:
                names.setdefault(folded, name)
    return tuple(names.values())[:_MOST]


def split(byline: str) -> Iterator[str]:
    """The names that one byline holds: "By Ana Ruiz and Bo Li, Chief Reporter" -> Ana Ruiz, Bo Li."""
    if len(byline) > _LONGEST_BYLINE:
        return
    text = _BY.sub("", squeeze(byline))
    if _NOT_A_NAME.search(text) and "/" in text:
        return
    if _HAN.fullmatch(text):  # names of two to four characters, a space between them
        text = ";".join(text.split())
    for several in _AND.split(text):
        for place, part in enumerate(_COMMA.split(several)):
            name = _MORE.sub("", _BY.sub("", part)).strip(' .,:;-\u2013\u2014•|*"')
            if not name or len(name) > _LONGEST or _NOT_A_NAME.search(name) or len(name.split()) > 6:
                continue
            if place and (_ROLE.search(name) or len(name.split()) < 2 or not name[0].isupper()):
                continue  # after a comma stands a role or a place as often as another name
            yield name
