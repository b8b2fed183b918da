"""Markup bounded before a parser sees it: nesting, attributes, open formatting, names.

Lexbor is quadratic in some inputs, in C, where no time-out reaches (CPU seconds for 300 KB): nested elements 5.5,
attributes of one tag 3.0, those heaped on ``<html>`` 1.0, the options of a ``<select>`` 2.5; of
``<p><font x=1><p><font x=2>``, where every paragraph opens all earlier fonts again, it runs out of memory; 200,000
different names (3 MB) take over 6.

So: a page of few tags, none of them long, cannot hurt, and goes through untouched after one count (`_harmless`).
Anything else is read once, in linear time, with a stack of what is open (`_Scan`), and only the tags and attributes
past a limit are left out, with the end tags that belong to them; their text stays. The parser's process, which is
killed after ten seconds, is the second line: quoted brackets can hide a tag's attributes from the first look.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.errors import LimitExceeded

DEPTH = 1000  # open elements; section 7 of the design
ATTRIBUTES = 1000  # of one tag, and of all <html> and <body> tags together; the same section

_BRACKET = ord("<")
_FEW = 4000  # "<" in a page: nested, they cost the parser 30 ms; 93 % of our pages have fewer
_SOME = 12_000  # as many are no worry where most of them are end tags
_WINDOW = 4096  # bytes without ">": a tag of over 8 KB has such a stretch, at a place that is a multiple of this
_DEPTH_WORK = 300_000_000  # tags times depth: half a second
_FORMATTING_WORK = 2_000_000  # tags times open formatting: the elements that the parser may have to open again
_NAMES = 50_000  # different ones: the parser keeps them in a table of fixed size
_ALL_ATTRIBUTES = 500_000  # of a page at the full limit; then a tag has ten
_OPTIONS = 5000
_TAGS = 1_000_000  # the page ends there: forty-six times what any page of our corpora has

_NEXT = re.compile(rb"<(?:(/?)([a-zA-Z][^\s/>]*)|!--|[!?/])")
_ATTRIBUTE = re.compile(rb"[\s/]*([^\s/>][^\s/>=]*)(\s*=\s*(?:\"[^\"]*(\"?)|'[^']*('?)|[^\s>\"'][^\s>]*)?)?")
_END = re.compile(rb"[\s/]*>")
_COMMENT_END = re.compile(rb"--!?>")
_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*")

_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr frame keygen".split())
_RAW = frozenset(b"script style textarea title xmp iframe noembed noframes".split())
_RAW_END = {name: re.compile(rb"</" + name + rb"(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_FORMATTING = frozenset(b"a b big code em font i nobr s small strike strong tt u".split())
_FOREIGN = frozenset(b"svg math".split())
# An end tag does not reach past these; what it would close behind them stays open.
_WALLS = frozenset(b"applet caption html marquee object table td th template foreignobject desc".split())
# Where one of these ends, the formatting that was opened in it is forgotten.
_MARKERS = frozenset(b"applet caption marquee object td th template".split())
_ADOPTED = 8  # blocks that the adoption agency goes through for one end tag
# What ends by itself when its like begins: these lists may be long, and do not nest.
_SIBLINGS = {
    name: frozenset(group.split())
    for group in (b"li", b"dd dt", b"option", b"p", b"tr", b"td th", b"rt rp", b"tbody thead tfoot")
    for name in group.split()
}


def tree_of(source: bytes) -> LexborHTMLParser:
    """Markup as a tree, ``<noscript>`` read as a browser reads it. The one door for the parser's complaints.

    Raises LimitExceeded for a tree that the parser itself gives up on: it has limits of its own.
    """
    try:
        return LexborHTMLParser(source, scripting=True)
    except SelectolaxError as error:
        raise LimitExceeded("The page's markup is past what the parser bears") from error


def bounded(markup: bytes) -> bytes:
    """The same markup with no more nesting and attributes than a parser can bear; nearly always the same object."""
    tags = int(np.count_nonzero(np.frombuffer(markup, np.uint8) == _BRACKET))  # bytes.count takes four times as long
    return markup if _harmless(markup, tags) else _Scan(markup, tags).run()


def _harmless(markup: bytes, tags: int) -> bool:
    if tags > _SOME or (tags > _FEW and markup.count(b"</") * 10 < tags * 3):
        return False
    at = 0
    while at < len(markup):
        window = at, at + _WINDOW
        closes = markup.rfind(b">", *window) >= 0
        if closes and markup.rfind(b"<", *window) >= 0:
            at += _WINDOW
            continue
        # No ">": a tag may begin where the last one ended. No "<": the last tag may still go on, its ">" in quotes.
        start = max(0, markup.rfind(b"<", 0, at)) if closes else markup.rfind(b">", 0, at) + 1
        end = markup.find(b"<" if closes else b">", at + _WINDOW)
        at = end if end >= 0 else len(markup)
        if _crowded(markup, start, at):
            return False
    return True


def _crowded(markup: bytes, start: int, end: int) -> bool:
    """Whether a stretch without one of the brackets is a tag with too many attributes, for all one can see."""
    bracket = max(0, markup.rfind(b"<", 0, start + 1))
    if markup[bracket : bracket + 7].lower().startswith((b"<script", b"<style")):
        return False
    found = _TAG.search(markup, start, end)
    return found is not None and _Scan(markup, 1).attributes_of(found.end(), ATTRIBUTES)[1] is not None


@dataclass(slots=True)
class _Scan:
    """One pass over the tags of a page, with what is open; ``kept`` are the pieces to keep."""

    markup: bytes
    tags: int
    kept: list[bytes] = field(default_factory=list)
    copied: int = 0
    stack: list[bytes] = field(default_factory=list)  # names; empty where one was closed out of turn
    places: dict[bytes, list[int]] = field(default_factory=dict)  # of each name in the stack
    walls: list[int] = field(default_factory=list)
    depth: int = 0
    dropped: Counter[bytes] = field(default_factory=Counter)
    names: set[bytes] = field(default_factory=set)
    formatting: int = 0
    floating: Counter[bytes] = field(default_factory=Counter)  # formatting whose block is closed: it comes back
    foreign: int = 0
    attributes: int = 0
    root_attributes: int = 0
    options: int = 0

    def run(self) -> bytes:
        at, end, read = 0, len(self.markup), 0
        while at < end and (found := _NEXT.search(self.markup, at)):
            name, read = found[2], read + 1
            if read > _TAGS:
                self._cut(found.start(), end)
                break
            if name is None:
                at = self._past_declaration(found)
            elif name.lower() == b"plaintext":
                break
            else:
                at = self._tag(found.start(), found.end(2), name.lower(), closing=bool(found[1]))
        if not self.kept:
            return self.markup
        self.kept.append(self.markup[self.copied :])
        return b"".join(self.kept)

    def _past_declaration(self, found: re.Match[bytes]) -> int:
        """Behind a comment, a document type or an instruction; the end where it has none."""
        if found[0] == b"<!--":
            if self.foreign or self.places.get(b"noscript"):
                return found.end()  # whether this begins a comment is more than this scan can tell
            # "<!-->" and "<!--->" are whole comments.
            for short in (b">", b"->"):
                if self.markup.startswith(short, found.end()):
                    return found.end() + len(short)
            closed = _COMMENT_END.search(self.markup, found.end())
            return closed.end() if closed else len(self.markup)
        closing = self.markup.find(b">", found.end())
        return closing + 1 if closing >= 0 else len(self.markup)

    def _tag(self, start: int, at: int, name: bytes, *, closing: bool) -> int:
        """Keep, thin or drop one tag; returns where to go on."""
        end, surplus = self.attributes_of(at, 0 if closing else self._allowed(name))
        if closing:
            if not self._close(name):
                self._cut(start, end)
            elif surplus is not None:
                self._cut(surplus, end - 1)
            return end
        if not self._open(name):
            self._cut(start, end)
            return end
        if surplus is not None:
            self._cut(surplus, end - 1)
        if name in _RAW and not self.foreign:
            self._pop_to(len(self.stack) - 1)
            closed = _RAW_END[name].search(self.markup, end)
            return self._past_raw(closed) if closed else len(self.markup)
        return end

    def _past_raw(self, closed: re.Match[bytes]) -> int:
        end, surplus = self.attributes_of(closed.end(), 0)
        if surplus is not None:
            self._cut(surplus, end - 1)
        return end

    def _allowed(self, name: bytes) -> int:
        allowed = ATTRIBUTES if self.attributes < _ALL_ATTRIBUTES else 10
        return max(0, allowed - self.root_attributes) if name in {b"html", b"body"} else allowed

    def attributes_of(self, at: int, allowed: int) -> tuple[int, int | None]:
        """Where the tag ends, and where its surplus attributes begin, if there are any."""
        markup, count, surplus = self.markup, 0, None
        while not (end := _END.match(markup, at)):
            one = _ATTRIBUTE.match(markup, at)
            if one is None or b"" in one.group(3, 4):  # the page ends inside a tag, or inside a quote
                return len(markup), surplus
            if surplus is None and (count >= allowed or not self._known(one[1])):
                surplus = at
            count += surplus is None
            at = one.end()
        self.attributes += count
        return end.end(), surplus

    def _known(self, name: bytes) -> bool:
        if name not in self.names:
            if len(self.names) >= _NAMES:
                return False
            self.names.add(name)
        return True

    def _open(self, name: bytes) -> bool:
        """Whether an element may be opened here; if so, it is open."""
        if name in _VOID:
            return True
        if name in _SIBLINGS and self.stack and self.stack[-1] in _SIBLINGS[name]:
            self._pop_to(len(self.stack) - 1)
        self.options += name == b"option"
        if self._full(name):
            self.dropped[name] += 1
            return False
        self._push(name)
        return True

    def _full(self, name: bytes) -> bool:
        if name in _FORMATTING and self.formatting >= max(_FORMATTING_WORK // self.tags, 1):
            return True
        depth = min(DEPTH, max(_DEPTH_WORK // self.tags, 50))
        return self.depth >= depth or self.options > _OPTIONS or not self._known(name)

    def _close(self, name: bytes) -> bool:
        """Close what an end tag closes; False for the end tag of an element that was left out."""
        if self.dropped[name]:
            self.dropped[name] -= 1
            return False
        places = self.places.get(name)
        wall = self.walls[-1] if self.walls else -1
        if places and places[-1] >= wall:
            self._close_at(places[-1])
        elif self.floating[name] and wall < 0:
            self.floating[name] -= 1
            self.formatting -= 1
        return True

    def _close_at(self, place: int) -> None:
        name = self.stack[place]
        if place == len(self.stack) - 1 or (name not in _FORMATTING and name != b"form"):
            self.formatting -= name in _FORMATTING
            self.floating[name] -= name in _FORMATTING
            self._pop_to(place)
        elif name == b"form" or len(self.stack) - place <= _ADOPTED:
            # What was opened inside stays open; past a number of blocks, so does a formatting element itself.
            self.formatting -= name in _FORMATTING
            self.places[name].pop()
            self.stack[place] = b""
            self.depth -= 1

    def _push(self, name: bytes) -> None:
        place = len(self.stack)
        self.stack.append(name)
        self.places.setdefault(name, []).append(place)
        if name in _WALLS:
            self.walls.append(place)
        self.depth += 1
        self.formatting += name in _FORMATTING
        self.foreign += name in _FOREIGN

    def _pop_to(self, place: int) -> None:
        forgotten = self.stack[place] in _MARKERS
        while len(self.stack) > place:
            name = self.stack.pop()
            if not name:
                continue
            self.places[name].pop()
            self.depth -= 1
            self.foreign -= name in _FOREIGN
            if name in _WALLS:
                self.walls.pop()
            if name in _FORMATTING and forgotten:
                self.formatting -= 1
            elif name in _FORMATTING:
                self.floating[name] += 1

    def _cut(self, start: int, end: int) -> None:
        self.kept.append(self.markup[self.copied : start])
        self.copied = max(start, end)
