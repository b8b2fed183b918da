"""A page, parsed once; the rules only read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract import jsonld, microdata
from scraper.extract.body.blocks import Block, Flat, flatten
from scraper.extract.urls import absolute, host_of
from scraper.extract.words import fold, squeeze

_BREAKS = frozenset({
    "br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "section", "article", "header", "ul",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "button", "-comment"})

_COMMENTS = re.compile(
    r"(?:^|[\s_/-])(?:user-?)?comment(?:s|-?list|-?body|aire|aires|arios)?(?:$|[\s_-])|disqus", re.IGNORECASE
)
_CLIMB = 30  # levels looked at above an element
_NEAR = 6  # blocks after the headline
_NEAR_WORDS = 45


class ParsedPage:
    """One page's tree and what it declares of itself, gathered when first asked for and then kept.

    ``url`` is where the page was fetched from, absolute, or None where that is not known.
    """

    def __init__(self, text: str, url: str | None = None) -> None:
        self.url = absolute(url) if url else None
        self.tree = LexborHTMLParser(text.encode("utf-8", "replace"), scripting=True)

    def parsed(self, fragment: str) -> ParsedPage:
        """A piece of HTML that this page carries in its data, parsed as a page at the same address."""
        return ParsedPage(fragment, self.url)

    @cached_property
    def base(self) -> str | None:
        """What relative URLs are resolved against."""
        for href in self.values("base[href]", "href"):
            return absolute(href, self.url) or self.url
        return self.url

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """Lower-case name, property, itemprop or http-equiv of each ``<meta>`` -> its contents in document order."""
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            content = squeeze(attributes.get("content") or "")
            if not content:
                continue
            for key in ("property", "name", "itemprop", "http-equiv"):
                for name in (attributes.get(key) or "").lower().split():
                    found.setdefault(name, []).append(content)
        return {name: tuple(contents) for name, contents in found.items()}

    @cached_property
    def things(self) -> tuple[jsonld.Thing, ...]:
        """Every schema.org object of the page's JSON-LD."""
        scripts = self.tree.css("script[type]")
        wanted = (node for node in scripts if "ld+json" in (node.attributes.get("type") or "").lower())
        return jsonld.read([node.text() for node in wanted])

    @cached_property
    def article(self) -> jsonld.Thing:
        """The JSON-LD object that describes this article, empty where none does.

        Of several, the one that names this page's address, then the one with this page's headline, then the first
        with a headline.
        """
        articles = [thing for thing in self.things if jsonld.types(thing) & jsonld.ARTICLE_TYPES]
        addresses = {address for address in (self.url, self.canonical) if address}
        headlines = {fold(text) for text in (*self.metas("og:title"), *self.texts("h1"))}

        def rank(thing: jsonld.Thing) -> int:
            if "headline" in thing and not addresses.isdisjoint(self._addresses(thing)):
                return 0
            if any(fold(text) in headlines for text in jsonld.texts(thing.get("headline"))):
                return 1
            return 2 if "headline" in thing else 3

        return min(articles, key=rank, default={})

    @cached_property
    def item(self) -> jsonld.Thing:
        """The microdata of the page's article, shaped like :attr:`article`; empty where there is none."""
        return microdata.read(self.tree)

    @cached_property
    def flat(self) -> Flat:
        """The page's visible text in blocks, and the boxes that hold them."""
        return flatten(self.tree.body, self.base)

    @cached_property
    def around_headline(self) -> tuple[Block, ...]:
        """The short blocks right after the headline, where pages without markup write day and author.

        The headline is the block that says what an ``<h1>`` or the ``<title>`` says.
        """
        headings = {fold(text) for text in self.texts("h1")}
        titles = [fold(text) for text in self.texts("head > title")]
        for place, block in enumerate(self.flat.blocks):
            folded = fold(block.text)
            if folded in headings or (block.size > 2 and any(title.startswith(folded) for title in titles)):
                after = self.flat.blocks[place + 1 : place + 1 + _NEAR]
                full = next((i for i, near in enumerate(after) if near.size > _NEAR_WORDS), len(after))
                return tuple(after[:full])
        return ()

    def _addresses(self, thing: jsonld.Thing) -> Iterator[str]:
        for key in ("url", "mainEntityOfPage", "@id"):
            value: Any = thing.get(key)
            if isinstance(value, dict):
                value = value.get("@id") or value.get("url")
            if isinstance(value, str):
                address = absolute(value.partition("#")[0], self.base)
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
        for node in self.tree.css("link[rel][href]"):
            attributes = node.attributes
            if "canonical" in (attributes.get("rel") or "").lower().split():
                address = absolute(attributes.get("href") or "", self.base)
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

    def metas(self, *names: str) -> Iterator[str]:
        """The contents of the named ``<meta>`` elements, in the order of the names."""
        for name in names:
            yield from self.meta.get(name, ())

    def texts(self, selector: str) -> Iterator[str]:
        """The texts, never empty, of the elements that a CSS selector finds outside of readers' comments."""
        for node in self.tree.css(selector):
            text = text_of(node)
            if text and not _in_comments(node):
                yield text

    def values(self, selector: str, attribute: str) -> Iterator[str]:
        """An attribute's values, never empty, of the elements that a CSS selector finds outside of comments."""
        for node in self.tree.css(selector):
            value = squeeze(node.attributes.get(attribute) or "")
            if value and not _in_comments(node):
                yield value


def _in_comments(node: LexborNode) -> bool:
    """Whether an element stands among readers' comments: they have authors and dates of their own."""
    here: LexborNode | None = node
    for _ in range(_CLIMB):
        if here is None or here.tag in {"body", "html"}:
            return False
        attributes = here.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemtype') or ''}"
        if _COMMENTS.search(names):
            return True
        here = here.parent
    return False


def text_of(node: LexborNode) -> str:
    """An element's visible text on one line; blocks and line breaks part words, inline elements do not."""
    parts: list[str] = []
    stack: list[LexborNode | str] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            parts.append(here)
            continue
        tag = here.tag or ""
        if tag == "-text":
            parts.append(here.text_content or "")
            continue
        if tag in _SILENT:
            continue
        if tag in _BREAKS:
            parts.append(" ")
            stack.append(" ")
        child = here.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return squeeze("".join(parts))
