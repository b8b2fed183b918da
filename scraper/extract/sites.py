"""What is known of one site, and how it bears on a page.

::

    Sites ──of(url)──> SiteRules ──layout(page)──> Layout ──kind───> what the page is, or why it is refused
                       (one domain)    (of its day)       |──prune──> a tree without what is to be dropped
                                                          |──fields─> values, cleaned as the generic rules clean theirs
                                                          '──body───> the parts, joined

What a layout finds goes before what the generic rules find; where it finds nothing, theirs stands. All of it is values
that pickle: pages are parsed in processes of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.errors import BadUsage, NotAnArticle
from scraper.extract.body.flatten import flatten
from scraper.extract.body.text import Body, make
from scraper.extract.fields.authors import clean
from scraper.extract.fields.dates import Reading, parse_date, published
from scraper.extract.fields.others import language_tag
from scraper.extract.fields.title import site_names, strip_site
from scraper.extract.page import ParsedPage, text_of
from scraper.extract.urls import absolute, host_of
from scraper.extract.words import fold, squeeze
from scraper.model import Date, Kind

_ATTRIBUTE = re.compile(r"(?P<selector>.*[^@\s])@(?P<attribute>[A-Za-z][\w:.-]*)\s*", re.DOTALL)
_URL = "url:"
_BETWEEN_TAGS = re.compile(r"\s*[,;،\uff0c、]\s*")
_REFUSED = {
    "hub": "lists articles and is none itself",
    "gallery": "shows pictures or a film and is no article",
    "other": "is no article",
}
VERDICTS = (*_REFUSED, Kind.LIVE.value, Kind.TEASER.value, Kind.ARTICLE.value)
"""What a hint may say of a page, in the order in which a layout's hints are asked."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Where a field stands: a CSS selector, and the attribute to read instead of the text."""

    selector: str
    attribute: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """``time.published`` or ``time.published@datetime``. Raises BadUsage."""
        match = _ATTRIBUTE.fullmatch(text)
        selector, attribute = match.group("selector", "attribute") if match else (text, None)
        return cls(check_selector(selector), attribute)

    def read(self, page: ParsedPage) -> Iterator[str]:
        """The texts (or attributes) of all that it finds, in document order; an empty one for an empty element."""
        for node in _unique(page.tree.css(self.selector)):
            yield squeeze(node.attributes.get(self.attribute) or "") if self.attribute else text_of(node)


@dataclass(frozen=True, slots=True)
class Hint:
    """A sign of what a page is: something that a selector finds on it, or a pattern in its URL."""

    verdict: str
    selector: str = ""
    pattern: str = ""

    @classmethod
    def parse(cls, verdict: str, text: str) -> Self:
        """A selector, or ``url:`` and a regular expression. Raises BadUsage."""
        if not text.startswith(_URL):
            return cls(verdict, selector=check_selector(text))
        pattern = text.removeprefix(_URL)
        try:
            re.compile(pattern)
        except re.error as error:
            raise BadUsage(f"{pattern!r} is no regular expression: {error}") from error
        return cls(verdict, pattern=pattern)

    def holds(self, page: ParsedPage) -> bool:
        """Whether the page bears the sign."""
        if self.selector:
            return page.tree.css_first(self.selector) is not None
        return page.url is not None and re.search(self.pattern, page.url) is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a site's pages are built: where the fields stand, which parts make the body, what is to be dropped.

    A layout with ``until`` is of the past: it holds for pages of that day or earlier.
    """

    fields: Mapping[str, tuple[Pick, ...]] = field(default_factory=dict)
    body: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    until: date | None = None

    def kind(self, page: ParsedPage) -> Kind | None:
        """What the hints say that the page is, None where they say nothing. Raises NotAnArticle for a refusal."""
        for verdict in VERDICTS:
            if any(hint.verdict == verdict and hint.holds(page) for hint in self.hints):
                if verdict in _REFUSED:
                    raise NotAnArticle(f"By the rules of its site the page {_REFUSED[verdict]}", reason=verdict)
                return Kind(verdict)
        return None

    def prune(self, tree: LexborHTMLParser) -> None:
        """Take out of the tree what is to be dropped; to be done before any other rule reads it."""
        for selector in self.drop:
            for node in _outermost(tree.css(selector)):
                if node.tag != "html":  # the root cannot go, and without it there would be no page
                    node.decompose()

    def read(self, page: ParsedPage, reading: Reading) -> dict[str, Any]:
        """The fields that are found, by name; those that hold a date as a Date."""
        answers = ((name, self._find(name, page, reading)) for name in self.fields)
        return {name: value for name, value in answers if value is not None}

    def _find(self, name: str, page: ParsedPage, reading: Reading) -> Any:
        """A field's value by its first pick with an answer, None where none has one."""
        cleaned = (_CLEANERS[name](pick.read(page), page, reading) for pick in self.fields.get(name, ()))
        return next((value for value in cleaned if value), None)

    def day(self, page: ParsedPage, reading: Reading) -> date | None:
        """The day on which a page says that it was published, else the present one, if it is known."""
        told = published(page, reading)
        at: Date | None = self._find("published_at", page, reading) or (told.value if told else None)
        if at is not None:
            return date.fromisoformat(at.at[:10])
        return reading.now.date() if reading.now is not None else None

    def text(self, page: ParsedPage) -> Body | None:
        """All parts of the body, joined in document order; None where none is found or none holds text."""
        if not self.body:
            return None
        parts = _outermost(page.tree.css(", ".join(self.body)))
        holder = page.tree.create_node("div")
        for part in parts:
            holder.insert_child(part)  # a copy: the page stays as it is
        flat = flatten(holder)
        return make(flat, flat.blocks, "site:body", page.base) if flat.shown else None

    def fits(self, tree: LexborHTMLParser) -> bool:
        """Whether a page looks like this: its body is found or, where no part of one is named, one of its fields."""
        named = self.body or [pick.selector for picks in self.fields.values() for pick in picks]
        return any(tree.css_first(selector) is not None for selector in named)


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What is known of a site: its present layout, and ``earlier`` ones, the oldest first."""

    current: Layout = Layout()
    earlier: tuple[Layout, ...] = ()

    def layout(self, page: Callable[[], ParsedPage], reading: Reading) -> Layout:
        """The layout of a page: the oldest whose time had not ended on the page's day, and that fits it.

        The day is the one on which the page says that it was published, else ``reading.now``. That alone proves
        little: some sites leave old articles in their old dress, others dress all of them anew. ``page`` makes a page
        to look at, since looking leaves things behind in it; it is only called where there are earlier layouts.
        """
        if not self.earlier:
            return self.current
        look = page()
        for layout in self.earlier:
            day = layout.day(look, reading)
            if day is not None and layout.until is not None and day <= layout.until and layout.fits(look.tree):
                return layout
        return self.current


@dataclass(frozen=True, slots=True)
class Sites:
    """Every site of which something is known, by its domain."""

    rules: Mapping[str, SiteRules] = field(default_factory=dict)

    def of(self, url: str | None) -> SiteRules | None:
        """The rules for a page: those of its host, else of the nearest domain above it."""
        labels = host_of(url).split(".")
        domains = (".".join(labels[place:]) for place in range(len(labels)))
        return next((self.rules[domain] for domain in domains if domain in self.rules), None)


def check_selector(selector: str) -> str:
    """The selector itself, if the parser knows it; the one door for its complaints. Raises BadUsage."""
    try:
        # An open bracket or comment is closed at the end, and swallows what it is joined with: `*` finds nothing then.
        whole = LexborHTMLParser("").css(f"{selector}, *")
    except SelectolaxError as error:
        raise BadUsage(f"{selector!r} is no CSS selector that our parser knows") from error
    if not whole:
        raise BadUsage(f"{selector!r} is no CSS selector: something in it is not closed")
    return selector


def check_domain(name: str) -> str:
    """The domain itself, if it is one and written as pages' hosts are compared. Raises BadUsage."""
    known = host_of(f"https://{name}/") if re.fullmatch(r"[^\s/?#@:\\]+", name) else ""
    if "." not in known.strip("."):
        raise BadUsage(f"{name!r} is no domain such as 'example.org'")
    if known != name:
        raise BadUsage(f"write {name!r} as {known!r}; the rules hold for all hosts of that domain")
    return name


def _unique(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """The nodes, each once: a list of selectors finds a node again for each of them that fits."""
    return list({node.mem_id: node for node in nodes}.values())


def _outermost(nodes: Iterable[LexborNode]) -> list[LexborNode]:
    """The nodes that stand inside none of the others."""
    found = {node.mem_id: node for node in nodes}
    free: set[int] = set()  # elements seen to stand inside none: each is climbed through once
    outermost = []
    for node in found.values():
        climbed, above = [], node.parent
        while above is not None and above.mem_id not in found and above.mem_id not in free:
            climbed.append(above.mem_id)
            above = above.parent
        if above is None or above.mem_id in free:
            free.update(climbed)
            outermost.append(node)
    return outermost


_Cleaner = Callable[[Iterable[str], ParsedPage, Reading], Any]
"""What makes a field's value of the texts that a pick found; something false where they are none."""


def _first(accept: Callable[[str, ParsedPage, Reading], Any]) -> _Cleaner:
    def cleaner(texts: Iterable[str], page: ParsedPage, reading: Reading) -> Any:
        return next((value for value in (accept(text, page, reading) for text in texts if text) if value), None)

    return cleaner


def _tags(texts: Iterable[str], _page: ParsedPage, _reading: Reading) -> tuple[str, ...]:
    labels = (label for text in texts for label in _BETWEEN_TAGS.split(text) if label)
    return tuple({fold(label) or label: label for label in labels}.values())


_PLAIN = _first(lambda text, _page, _reading: text)
_ADDRESS = _first(lambda text, page, _reading: absolute(text, page.base))
_DATE = _first(lambda text, _page, reading: parse_date(text, reading))
_CLEANERS: Mapping[str, _Cleaner] = {
    "title": _first(lambda text, page, _reading: strip_site(text, page)),
    "authors": lambda texts, page, _reading: clean(texts, site_names(page)),
    "published_at": _DATE,
    "modified_at": _DATE,
    "canonical_url": _ADDRESS,
    "summary": _PLAIN,
    "section": _PLAIN,
    "tags": _tags,
    "language": _first(lambda text, _page, _reading: language_tag(text)),
    "image_url": _ADDRESS,
    "image_caption": _PLAIN,
    "credit": _PLAIN,
    "publisher": _PLAIN,
    "paywalled": lambda texts, _page, _reading: any(True for _ in texts) or None,
}
FIELDS = tuple(_CLEANERS)
"""The fields that a site's rules may name, beside the body."""
