"""A page, parsed once; the rules only read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from scraper.extract import jsonld, microdata
from scraper.extract.body.blocks import Block, Flat
from scraper.extract.body.flatten import flatten
from scraper.extract.marks import Marks, of_comments, text_of
from scraper.extract.urls import absolute, host_of, path_of
from scraper.extract.words import fold, squeeze
from scraper.markup import bounded, tree_of

__all__ = ["ParsedPage", "text_of"]

_META_NAMES = ("property", "name", "itemprop", "http-equiv")
_YEAR = re.compile(r"\d(?:\d{3}|\.\s?\d{1,2}\.\s?\d{2}(?!\d))")
_DATED = 200  # characters of a block that are searched for a year
_NAME = 4  # words that a site's name may have and still be what its title says
_NEAR = 6  # blocks after the headline
_NEAR_WORDS = 45


class ParsedPage:
    """One page's tree and what it declares of itself, gathered when first asked for and then kept.

    ``url`` is where the page was fetched from, absolute, or None where that is not known.
    """

    def __init__(self, text: str | bytes, url: str | None = None) -> None:
        self.url = absolute(url) if url else None
        self.tree = tree_of(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))

    def parsed(self, fragment: str) -> ParsedPage:
        """A piece of HTML that this page carries in its data, parsed as a page at the same address."""
        return ParsedPage(bounded(fragment.encode("utf-8", "replace")), self.url)

    @cached_property
    def base(self) -> str | None:
        """What relative URLs are resolved against."""
        hrefs = (mark.value("href") for mark in self.marks.tags("base"))
        href = next((href for href in hrefs if href), None)
        return (absolute(href, self.url) if href else None) or self.url

    @cached_property
    def marks(self) -> Marks:
        """The elements that field rules read, by tag, property, relation and class."""
        return Marks(self.tree)

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """Lower-case name, property, itemprop or http-equiv of each ``<meta>`` -> its contents in document order."""
        found: dict[str, list[str]] = {}
        for mark in self.marks.tags("meta"):
            content = mark.value("content")
            attributes = mark.attributes
            names = " ".join(attributes.get(key) or "" for key in _META_NAMES if key in attributes).lower()
            for name in dict.fromkeys(names.split()) if content else ():
                found.setdefault(name, []).append(content)
        return {name: tuple(contents) for name, contents in found.items()}

    @cached_property
    def _told(self) -> jsonld.Read:
        scripts = self.marks.tags("script")
        return jsonld.read([mark.node.text() for mark in scripts if "ld+json" in mark.value("type").lower()])

    @cached_property
    def things(self) -> tuple[jsonld.Thing, ...]:
        """Every schema.org object of the page's JSON-LD."""
        return self._told.things

    @cached_property
    def typed(self) -> tuple[tuple[frozenset[str], jsonld.Thing], ...]:
        """Each of :attr:`things` with the names of its types."""
        return tuple((jsonld.types(thing), thing) for thing in self.things)

    @cached_property
    def own(self) -> tuple[tuple[frozenset[str], jsonld.Thing], ...]:
        """Those of :attr:`typed` that are of this page: not those that it lists, reviews or mentions, nor an article
        at another address whose headline this page does not have.
        """
        return tuple(
            (kinds, thing)
            for place, (kinds, thing) in enumerate(self.typed)
            if not (kinds & jsonld.ARTICLE_TYPES and self._is_foreign(thing, place in self._told.apart))
            and (kinds & jsonld.ARTICLE_TYPES or place not in self._told.apart)
        )

    @cached_property
    def article(self) -> jsonld.Thing:
        """The JSON-LD object that describes this article, empty where none does.

        Of several, the one that names this page's address, then the one with this page's headline, then the first
        with a headline.
        """
        articles = [thing for kinds, thing in self.own if kinds & jsonld.ARTICLE_TYPES]
        if len(articles) < 2:
            return articles[0] if articles else {}

        def rank(thing: jsonld.Thing) -> int:
            if "headline" in thing and not self._own_addresses.isdisjoint(self._addresses(thing)):
                return 0
            if not self._declared.isdisjoint(map(fold, jsonld.texts(thing.get("headline")))):
                return 1
            return 2 if "headline" in thing else 3

        return min(articles, key=rank)

    def _is_foreign(self, thing: jsonld.Thing, beside: bool) -> bool:
        """Whether an article object is that of another story: this page does not have its headline, and it stands where
        other stories do, or at another address. One in a list must say that it is this page's.
        """
        headline = [fold(text) for text in jsonld.texts(thing.get("headline") or thing.get("name"))]
        if any(_says(text, told) for text in headline for told in self._declared):
            return False
        ours = {_path(address) for address in self._own_addresses} - {""}
        theirs = {_path(address) for address in self._addresses(thing)} - {""}
        if ours & theirs:
            return False
        return beside or bool(headline and self._declared and ours and theirs)

    @cached_property
    def _own_addresses(self) -> frozenset[str]:
        return frozenset(address for address in (self.url, self.canonical) if address)

    @cached_property
    def _declared(self) -> frozenset[str]:
        """The folded texts that may be this page's headline."""
        told = (*self.metas("og:title", "twitter:title"), *self.headings, *self.titles)
        return frozenset(map(fold, told)) - {""}

    @cached_property
    def item(self) -> jsonld.Thing:
        """The microdata of the page's article, shaped like :attr:`article`; empty where there is none."""
        return self.items.thing

    @cached_property
    def items(self) -> microdata.Item:
        """:attr:`item`, and which other items are of other stories."""
        return microdata.read(self.marks, self._is_foreign)

    @cached_property
    def flat(self) -> Flat:
        """The page's visible text in blocks, and the boxes that hold them."""
        return flatten(self.tree.body)

    @cached_property
    def dated(self) -> tuple[Block, ...]:
        """The blocks in whose beginning a year stands, in digits of any script."""
        return tuple(block for block in self.flat.shown if _YEAR.search(block.text, 0, _DATED))

    def in_comments(self, block: Block) -> bool:
        """Whether a block stands among readers' comments."""
        boxes, box = self.flat.boxes, block.box
        while box > 0:
            if of_comments(boxes.names(box)):
                return True
            box = boxes.parent[box]
        return False

    @cached_property
    def around_headline(self) -> tuple[Block, ...]:
        """The short blocks right after the headline, where pages without markup write day and author.

        The headline is the block that says what an ``<h1>`` or the ``<title>`` says.
        """
        place = self.headline_place
        if place is None:
            return ()
        after = self.flat.shown[place + 1 : place + 1 + _NEAR]
        full = next((i for i, near in enumerate(after) if near.size > _NEAR_WORDS), len(after))
        return tuple(after[:full])

    @cached_property
    def headline_place(self) -> int | None:
        """Where among the blocks the headline stands: the first that says what an ``<h1>`` or the ``<title>`` says."""
        blocks = self.flat.shown
        titles = [fold(text) for text in self.titles]
        # Where a site's name and its sections are <h1> too, the title says which one is this page's.
        named = [text for text in self.headings if any(fold(text) in title for title in titles)]
        written = {max(named, key=len)} if named else set(self.headings)
        place = next((place for place, block in enumerate(blocks) if block.text in written and not block.linked), None)
        if place is not None:
            return place
        headings = {fold(text) for text in self.headings}
        longest = max(map(len, (*self.headings, *self.titles)), default=0)
        firsts = {text[:1] for text in (*headings, *titles)}
        for place, block in enumerate(blocks):
            if len(block.text) > longest + 10 or 2 * block.linked > block.size:
                continue
            if block.text[:1].isalnum() and block.text[:1].casefold() not in firsts:
                continue  # folding costs more than all the rest
            folded = fold(block.text)
            if folded in headings or (block.size > 2 and any(title.startswith(folded) for title in titles)):
                return place
        return None

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of the ``<h1>`` elements outside of comments, none empty."""
        return tuple(mark.text for mark in self.marks.outside(self.marks.tags("h1")) if mark.text)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The text of the ``<title>``, empty where the page has none; a picture's title does not count."""
        marks = [mark for mark in self.marks.tags("title") if mark.node.parent and mark.node.parent.tag != "svg"]
        return tuple(mark.text for mark in marks[:1] if mark.text)

    def _addresses(self, thing: jsonld.Thing) -> Iterator[str]:
        for key in ("url", "mainEntityOfPage", "@id"):
            told: Any = thing.get(key)
            for value in told if isinstance(told, list) else [told]:
                value = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value  # noqa: PLW2901
                address = absolute(value.partition("#")[0], self.base) if isinstance(value, str) else None
                if address:
                    yield address

    def md(self, key: str) -> Iterator[str]:
        """The strings under a key of :attr:`item`."""
        return jsonld.texts(self.item.get(key))

    def ld(self, key: str) -> Iterator[str]:
        """The strings under a key of :attr:`article`."""
        return jsonld.texts(self.article.get(key))

    @cached_property
    def canonical(self) -> str | None:
        """The ``<link rel=canonical>``, absolute."""
        for mark in self.marks.relation("canonical"):
            address = absolute(mark.value("href"), self.base) if mark.tag == "link" else None
            if address:
                return address
        return None

    @cached_property
    def lang(self) -> str:
        """The ``lang`` of ``<html>`` as written, empty for none."""
        root = self.tree.root
        attributes = root.attributes if root is not None else {}
        return squeeze(attributes.get("lang") or attributes.get("xml:lang") or "")

    @cached_property
    def host(self) -> str:
        """The page's host without ``www.``, empty where no address is known."""
        return host_of(self.url or self.canonical)

    @cached_property
    def site_names(self) -> frozenset[str]:
        """The folded names that the page's site goes by: they are stripped off titles, and are no authors."""
        names = {fold(name) for name in self.metas("og:site_name", "application-name", "twitter:site", "publisher")}
        for kinds, thing in self.typed:
            publisher = thing.get("publisher")
            if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
                names.add(fold(publisher["name"]))
            if "WebSite" in kinds:
                names |= {fold(name) for name in jsonld.texts(thing.get("name"))}
        labels = self.host.split(".")
        if len(labels) > 1:
            names |= {fold(self.host), fold(".".join(labels[-2:])), fold(labels[-2]), fold(labels[0])}
        # Some templates fill in the headline for the site's name.
        names -= {headline for text in (*self.titles, *self.headings) if len((headline := fold(text)).split()) > _NAME}
        spaceless = {name.replace(" ", "") for name in names}
        return frozenset((names | spaceless) - {""})

    def metas(self, *names: str) -> Iterator[str]:
        """The contents of the named ``<meta>`` elements, in the order of the names."""
        for name in names:
            yield from self.meta.get(name, ())

    def texts(self, selector: str) -> Iterator[str]:
        """The texts, never empty, of the elements that a CSS selector finds outside of readers' comments.

        Every call costs an eighth of a parse: rules for all pages read :attr:`marks` instead.
        """
        for node in self.tree.css(selector):
            text = text_of(node)
            if text and not self.marks.in_comments(node):
                yield text


def _path(address: str) -> str:
    return path_of(address).strip("/").lower()


def _says(one: str, other: str) -> bool:
    """Whether one of two folded headlines is the other, or its beginning or end: they are cut, and sites are named."""
    shorter, longer = sorted((one, other), key=len)
    return bool(shorter) and f" {shorter} " in f" {longer} "
