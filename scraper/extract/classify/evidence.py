"""What the rules look at, each piece gathered when first asked for: most pages are settled by the first few."""

from __future__ import annotations

from functools import cached_property
from itertools import takewhile

from scraper.extract import jsonld
from scraper.extract.body.text import Body
from scraper.extract.classify import marks, phrases
from scraper.extract.classify.layout import Layout, layout
from scraper.extract.page import ParsedPage, text_of
from scraper.extract.urls import path_of
from scraper.extract.words import fold

_WALL = 450  # words that a wall's own text may have
_LONGEST = 20_000  # characters of it that are searched: a word may have megabytes
_LINE = 1_000  # characters of a headline that are
_SLUG = 3  # marks between words in the last step of a story's address
_NUMBER = 5  # digits there
_NEAR_YEAR = 60  # characters of a line near the headline that may be a date
_TOP = 15  # blocks of a page above its text
_TEXT = 12  # words from which a sentence is its text


class Evidence:
    """A page, the body and the headline that were found on it, and what is known beside them."""

    def __init__(self, page: ParsedPage, body: Body, title: str | None, *, paywalled: bool | None) -> None:
        self.page = page
        self.body = body
        self.title = title
        self.paywalled = paywalled

    @cached_property
    def layout(self) -> Layout:
        """How the page's text lies."""
        return layout(self.page.flat.shown)

    @cached_property
    def heading(self) -> str:
        """``<title>`` and the first ``<h1>``, a line each."""
        lines = [*self.page.titles, *self.page.headings[:1]]
        return "\n".join(line[:_LINE] for line in lines)

    @cached_property
    def opening(self) -> str:
        """The heading and the first headings of the text: where a page without an ``<h1>`` says what it is."""
        heads = [block.text for block in self.page.flat.shown if block.kind == "h" and not block.linked][:2]
        return "\n".join([self.heading, *heads])

    @cached_property
    def text(self) -> str:
        """The visible text, where it is no more than a wall has."""
        root = self.page.tree.body
        return text_of(root)[:_LONGEST] if root is not None and self.layout.words < _WALL else ""

    @cached_property
    def types(self) -> frozenset[str]:
        """The schema.org types of the page's JSON-LD."""
        return frozenset().union(*(jsonld.types(thing) for thing in self.page.things))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The types of the page's own article."""
        return jsonld.types(self.page.article) | jsonld.types(self.page.item)

    @cached_property
    def og_types(self) -> frozenset[str]:
        """The ``og:type`` in lower case; pages have been seen to give several."""
        return frozenset(kind.lower() for kind in self.page.metas("og:type"))

    @cached_property
    def single(self) -> bool:
        """Whether the classes of ``<body>`` say that the page is one post."""
        return any(marks.SINGLE_CLASS.fullmatch(name) for name in self.classes)

    @cached_property
    def links(self) -> int:
        """How many links the page has: a site's own page has its navigation."""
        return len(self.page.tree.css("a[href]"))

    @cached_property
    def unindexed(self) -> bool:
        """Whether search engines are asked to leave the page out."""
        return any("noindex" in robots.lower() for robots in self.page.metas("robots"))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of ``<body>``: content systems write there what a page is."""
        root = self.page.tree.body
        return frozenset(((root.attributes.get("class") or "") if root is not None else "").lower().split())

    @cached_property
    def described(self) -> bool:
        """Whether the page's data describe one article, and it is this page's: lists describe many."""
        if "articleBody" in self.page.article:
            return True
        articles = sum(1 for thing in self.page.things if jsonld.types(thing) & jsonld.ARTICLE_TYPES)
        if articles == 1:
            return True
        told = [*self.page.ld("headline"), *self.page.md("headline")]
        heading = fold(self.heading)
        return any(fold(text) in heading for text in told if fold(text))

    @cached_property
    def declared(self) -> bool:
        """Whether the page says of itself that it is an article; ``og:type`` alone says it of many lists too."""
        return (self.described or "article" in self.og_types) and "website" not in self.og_types

    @cached_property
    def path(self) -> str:
        """The path of the page's address, empty where the address is not known or a query says what is meant."""
        address = self.page.url or self.page.canonical or ""
        return path_of(address) if address and "?" not in address else ""

    @cached_property
    def steps(self) -> list[str]:
        """The steps of the path of the page's address."""
        return [step for step in path_of(self.page.url or self.page.canonical).split("/") if step]

    @cached_property
    def storied(self) -> bool:
        """Whether the address reads like a story's: a headline or a number in its last step, or a date before it."""
        if not self.steps:
            return False
        last = self.steps[-1]
        if last.count("-") + last.count("_") >= _SLUG or sum(sign.isdigit() for sign in last) >= _NUMBER:
            return True
        return marks.PATH_DATE.search("/".join(self.steps[:-1])) is not None and not last.isdecimal()

    @cached_property
    def dated(self) -> bool:
        """Whether anything near the headline or in the page's data says when this was published, or by whom."""
        meta = self.page.meta
        if any("publish" in name or "date" in name or name == "author" for name in meta):
            return True
        if any("datePublished" in thing for thing in self.page.things):
            return True
        if self.page.tree.css_first("time, [itemprop~='datePublished'], [rel~='author']") is not None:
            return True
        above = takewhile(lambda block: block.size < _TEXT or not block.sentence, self.page.flat.shown[:_TOP])
        near = (block.text[:_NEAR_YEAR] for block in (*above, *self.page.around_headline) if "©" not in block.text)
        return any(phrases.YEAR.search(line) for line in near)
