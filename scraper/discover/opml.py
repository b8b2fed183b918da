"""OPML 2.0, the lists that feed readers exchange (http://opml.org/spec2.opml). Pure.

The DTD is dropped unread and the rest mended, as for feeds (:mod:`scraper.discover.prolog`, ``repair``), so that there
are no entities to expand; outlines are streamed through expat, so that no nesting is too deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from scraper.discover.decoding import decode
from scraper.discover.links import Base
from scraper.discover.listing import line
from scraper.discover.prolog import root
from scraper.discover.repair import ended, mended
from scraper.errors import BadURL, NotAFeed

MAX_FEEDS = 50_000
"""Outlines with a feed that are read; what follows is counted, not read."""

_NAMED = 10  # of those that cannot be used
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of a list. ``page`` is the web page that it belongs to, ``folder`` what it was filed under."""

    url: str
    title: str = ""
    page: str = ""
    language: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A list of feeds, each once; ``doubles`` were there again, ``unusable`` had no address that can be asked:
    ``skipped`` says what the first of those are called, or what stands for their address.
    """

    feeds: tuple[Subscription, ...]
    title: str = ""
    doubles: int = 0
    unusable: int = 0
    skipped: tuple[str, ...] = ()


def read(body: bytes) -> Outline:
    """The feeds of an OPML file, in its order. Raises NotAFeed for what is no OPML, or cannot be read."""
    text = decode(body, "")
    first = root(text)
    if first.local != "opml":
        raise NotAFeed(f"not OPML: its root is <{first.name[:40]}>" if first.name else "not OPML: there is no markup")
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    try:
        parser.Parse(ended(mended(text, first), first).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        line_ = text.count("\n", 0, first.start) + error.lineno
        raise NotAFeed(f"line {line_}: not OPML that can be read: {expat.ErrorString(error.code)}") from error
    return Outline(
        tuple(reader.feeds.values()), line(reader.title), reader.doubles, reader.unusable, tuple(reader.skipped)
    )


def write(feeds: Iterable[Subscription], title: str) -> str:
    """An OPML file of these feeds."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(title)}</title></head>",
        "  <body>",
    ]
    for feed in feeds:
        told = {"type": "rss", "text": feed.title or feed.url, "title": feed.title, "xmlUrl": feed.url}
        told |= {"htmlUrl": feed.page, "language": feed.language}
        lines.append(f"    <outline {' '.join(f'{name}={_escaped(value)}' for name, value in told.items() if value)}/>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


def _escaped(value: str) -> str:
    return quoteattr(_ILLEGAL.sub("", value))


@dataclass(slots=True)
class _Reader:
    """What the parser's events add up to. Folders are the outlines around one that have no feed of their own: of each
    open outline, ``folders`` has that which holds what is inside of it.
    """

    feeds: dict[str, Subscription] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    title: str = ""
    doubles: int = 0
    unusable: int = 0
    skipped: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.lower()
        self.path.append(local)
        if local != "outline":
            return
        told = {key.lower(): line(value) for key, value in attributes.items()}
        title = told.get("title") or told.get("text") or ""
        folder = self.folders[-1] if self.folders else ""
        self.folders.append(folder if told.get("xmlurl") else title or folder)
        if told.get("xmlurl"):
            self._add(told, title, folder)
        elif told.get("type", "").lower() in {"rss", "atom"}:
            self._skip(title or "an outline without a title")

    def data(self, text: str) -> None:
        if self.path[-2:] == ["head", "title"]:
            self.title = (self.title + text)[:1000]

    def end(self, _name: str) -> None:
        if self.path.pop() == "outline":
            self.folders.pop()

    def _add(self, told: dict[str, str], title: str, folder: str) -> None:
        try:
            url = _address(told["xmlurl"])
        except BadURL:
            self._skip(told["xmlurl"])
            return
        if url in self.feeds:
            self.doubles += 1
        elif len(self.feeds) >= MAX_FEEDS:
            self._skip(url)
        else:
            page = told.get("htmlurl", "")
            self.feeds[url] = Subscription(url, title, page, told.get("language", ""), folder)

    def _skip(self, what: str) -> None:
        self.unusable += 1
        if len(self.skipped) < _NAMED:
            self.skipped.append(what)


def _address(written: str) -> str:
    """A feed's address; ``feed://host/…`` and ``feed:https://…`` are what browsers once handed to their readers."""
    bare = re.sub(r"^feed:(?=https?:)", "", re.sub(r"^feed:(?://)?(?=https?:)|^feed:(?=//)", "", written.strip()))
    return Base("http:" + bare).href if bare.startswith("//") else Base(bare).href
