"""What the scorer is told of each block: its own looks, its neighbours', its boxes', and the words of their classes.

:func:`features` gives a row a block. The columns, in the order of :data:`NAMES`:

- own: length, links, punctuation, kind, first words that point away from the text, repetition, agreement with the
  headline and with JSON-LD's articleBody;
- place: how much of the page stands before it, how far the headline is;
- near: the same few figures of three blocks before and three after, and whether they share its box;
- boxes: for the four nearest ancestors that hold more than the one below: how many blocks and words, how much of it is
  running text, how much is links; what tags and roles stand above it; where it lies in the densest box;
- words: which words of a learned vocabulary stand in the class or id of its nearest three boxes, and which further up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scraper.extract.body.blocks import Block, Box, Flat
from scraper.extract.body.vocabulary import points_away, read_names
from scraper.extract.words import fold

Floats = NDArray[Any]  # of numbers; float32 where it is stored
Ints = NDArray[np.int64]

_NONE: frozenset[int] = frozenset()
_LEVELS = 4  # ancestors described, each holding more than the one below
_NEAR_BOXES = 3  # boxes whose class words count as near
_REACH = 3  # neighbours on each side
FULL = 12  # words from which a block is running text, whatever it ends in
_LINKS = -0.25  # what a linked word is worth to the densest box

_TAGS = (
    "article", "main", "aside", "footer", "header", "figure", "form", "section", "ul", "ol", "li", "table", "td", "dl",
    "blockquote", "p", "center", "details", "a",
)  # fmt: skip
_ROLES = ("navigation", "banner", "contentinfo", "complementary", "dialog", "main", "article", "list", "region")
_TAG_BITS = {tag: 1 << place for place, tag in enumerate(_TAGS)}
_ROLE_BITS = {role: 1 << (len(_TAGS) + place) for place, role in enumerate(_ROLES)}
_HIDDEN = 1 << (len(_TAGS) + len(_ROLES))
_DECLARED = _HIDDEN << 1
_FURNITURE = _HIDDEN << 2
_BODY = _HIDDEN << 3
_BOX_FLAGS = (*_TAGS, *_ROLES, "hidden", "articleBody", "named furniture", "named body")
_FLAGS = len(_BOX_FLAGS)
_SLACK = 12  # characters of punctuation that a headline may have lost
_KINDS = ("p", "h", "li", "pre", "td", "caption")

_KIND = {kind: place for place, kind in enumerate(_KINDS)}
_OWN = (
    "words", "many words", "word length", "link share", "all links", "sentence", "commas", "digits", "quotes", "colon",
    "question", "bar or copyright", "capital first", "capitals", "heading level", "quoted", "ordered", "points away",
    "repeats", "is headline", "page has articleBody", "in articleBody", *(f"kind {kind}" for kind in _KINDS),
)  # fmt: skip
_PLACE = (
    "page blocks", "page words", "page link share", "page running text", "blocks before", "words before",
    "running text before", "after headline", "headline distance", "has headline", "unspaced script",
)  # fmt: skip
_NEAR = ("words", "link share", "sentence", "heading", "same box", "points away", "exists", "running")
_LEVEL = (
    "blocks", "words", "running share", "link share", "share of page running", "first", "last", "child boxes like it",
)  # fmt: skip
_DENSEST = ("inside", "share of its words before", "before it", "after it", "levels below", "its running share")

NAMES = (
    *(f"own: {name}" for name in _OWN),
    *(f"place: {name}" for name in _PLACE),
    *(f"near {offset:+d}: {name}" for offset in (-3, -2, -1, 1, 2, 3) for name in _NEAR),
    *(f"level {level}: {name}" for level in range(_LEVELS) for name in _LEVEL),
    *(f"densest: {name}" for name in _DENSEST),
    *(f"own box: {tag}" for tag in _BOX_FLAGS),
    *(f"above: {tag}" for tag in _BOX_FLAGS),
)
"""The columns before the words of class and id."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of the page beside its blocks: the folded headline, and JSON-LD's articleBody on one
    line; empty where there is none.
    """

    headline: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The class words that the scorer knows, each with its place."""

    places: dict[str, int]

    def places_in(self, names: str) -> frozenset[int]:
        """The places of the words that class and id names hold."""
        return frozenset(self.places[word] for word in read_names(names).words if word in self.places)


@dataclass(frozen=True, slots=True)
class Rows:
    """The features of a page's blocks: a table of :data:`NAMES`, and the places of class words, near and far.

    Few of the words stand at any block, so they are kept as lists: those of box ``holder[i]`` belong to block i.
    """

    table: Floats
    holder: Ints
    near: Sequence[frozenset[int]]
    far: Sequence[frozenset[int]]


class _Blocks:
    """The figures of a page's blocks, a column each."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.size = np.array([block.size for block in blocks], np.float32)
        self.box = np.array([block.box for block in blocks], np.int64)
        linked = np.array([block.linked for block in blocks], np.float32)
        self.linked = np.minimum(linked, self.size)
        self.density = self.linked / np.maximum(self.size, 1)
        self.sentence = np.array([block.sentence for block in blocks], np.float32)
        self.heading = np.array([block.kind == "h" for block in blocks], np.float32)
        self.away = np.array([block.size < 40 and points_away(block.text) for block in blocks], np.float32)
        full = (self.sentence > 0) | (self.size >= FULL)
        running = full & (self.density <= 0.5) & (self.heading == 0)
        self.running = np.where(running, self.size * (1 - self.density), 0).astype(np.float32)
        links = (self.density > 0.5) & (self.heading == 0)
        stray = ~running & ~links & (self.heading == 0)
        self.worth = self.running + np.where(links, _LINKS * self.size, 0) - stray


def sums(values: Floats) -> Floats:
    """Prefix sums: the sum over a range is a difference of two."""
    out = np.zeros(len(values) + 1, np.float32)
    np.cumsum(values, out=out[1:])
    return out


def features(flat: Flat, hints: Hints, vocabulary: Vocabulary) -> Rows:
    """The features of each block of a page that has at least one."""
    blocks = flat.blocks
    own = _Blocks(blocks)
    columns = [_own(blocks, own, hints), _place(blocks, own, hints), _near(own), _boxes(flat, own)]
    holder, flags, words = _marks(flat.boxes, own.box, vocabulary)
    return Rows(np.concatenate((*columns, flags), axis=1), holder, *words)


def _own(blocks: Sequence[Block], own: _Blocks, hints: Hints) -> Floats:
    seen: set[str] = set()
    rows = []
    told, expected = hints.told, len(hints.headline) or -_SLACK
    for block in blocks:
        text, size = block.text, max(1, block.size)
        length = len(text)
        repeats = text in seen and length > 20
        seen.add(text)
        first = text[:1]
        rows.append((
            length / size,
            text.count(",") / size,
            sum(map(text.count, "0123456789")) / max(1, length) if size < 60 else 0.0,
            first in "\"'\u201c\u201e\u00ab\u300c\u2018" if first else 0.0,
            text.endswith((":", "\uff1a")),
            text.endswith(("?", "\uff1f", "\u061f")),
            "|" in text or "\u00a9" in text,
            first.isupper(),
            size < 40 and text.isupper(),
            block.level,
            block.quoted,
            block.ordered,
            repeats,
            -_SLACK < length - expected < _SLACK and fold(text) == hints.headline,
            bool(told),
            length > 12 and text[:60] in told,
        ))  # fmt: skip
    table = np.array(rows, np.float32)
    table[:, 0] = np.minimum(table[:, 0], 12) / 6
    kinds = np.eye(len(_KINDS) + 1, len(_KINDS), dtype=np.float32)[[_KIND.get(block.kind, -1) for block in blocks]]
    density = own.density
    return np.column_stack((
        np.log1p(own.size) / 3, np.minimum(own.size, 100) / 50, table[:, 0], density, density > 0.9, own.sentence,
        np.minimum(table[:, 1] * 10, 2), table[:, 2] * 4, *table[:, 3:9].T, table[:, 9] / 3, *table[:, 10:12].T,
        own.away, *table[:, 12:16].T, kinds,
    )).astype(np.float32)  # fmt: skip


def _place(blocks: Sequence[Block], own: _Blocks, hints: Hints) -> Floats:
    count = len(blocks)
    words, running = sums(own.size), sums(own.running)
    total, good = max(1.0, float(words[-1])), max(1.0, float(running[-1]))
    place = np.arange(count, dtype=np.float32)
    headline = next((i for i, b in enumerate(blocks) if b.level == 1 or _is_headline(b, hints)), -1)
    after = (place > headline) if headline >= 0 else np.zeros(count)
    distance = np.sign(place - headline) * np.log1p(np.abs(place - headline)) / 3 if headline >= 0 else np.zeros(count)
    unspaced = np.mean([block.size > 2 * len(block.text.split()) for block in blocks])
    shared = (np.log1p(count) / 5, np.log1p(total) / 6, float(own.linked.sum()) / total, good / total)
    return np.column_stack((
        *(np.full(count, value) for value in shared), place / count, words[:-1] / total, running[:-1] / good, after,
        distance, np.full(count, float(headline >= 0)), np.full(count, unspaced),
    )).astype(np.float32)  # fmt: skip


def _is_headline(block: Block, hints: Hints) -> bool:
    return block.kind == "h" and fold(block.text) == hints.headline


def _near(own: _Blocks) -> Floats:
    count = len(own.size)
    table = np.zeros((count + 2 * _REACH, len(_NEAR)), np.float32)
    inner = table[_REACH : _REACH + count]
    inner[:, 0] = np.log1p(own.size) / 3
    inner[:, 1] = own.density
    inner[:, 2] = own.sentence
    inner[:, 3] = own.heading
    inner[:, 5] = own.away
    inner[:, 6] = 1
    inner[:, 7] = np.log1p(own.running) / 3
    boxes = np.full(count + 2 * _REACH, -1)
    boxes[_REACH : _REACH + count] = own.box
    out = []
    for offset in (-3, -2, -1, 1, 2, 3):
        here = table[_REACH + offset : _REACH + offset + count].copy()
        here[:, 4] = boxes[_REACH + offset : _REACH + offset + count] == own.box
        out.append(here)
    return np.concatenate(out, axis=1)


def _boxes(flat: Flat, own: _Blocks) -> Floats:
    boxes, count = flat.boxes, len(flat.blocks)
    parent, start, end = (
        np.array([getattr(box, name) for box in boxes], np.int64) for name in ("parent", "start", "end")
    )
    wider = wider_boxes(boxes)
    words, linked, running, worth = sums(own.size), sums(own.linked), sums(own.running), sums(own.worth)
    total = max(1.0, float(running[-1]))
    box_words = words[end] - words[start]
    box_running = running[end] - running[start]
    safe = np.maximum(box_words, 1)
    children = np.bincount(np.maximum(parent, 0), minlength=len(boxes))
    figures = np.column_stack((
        np.log1p(end - start) / 4, np.log1p(box_words) / 6, box_running / safe, (linked[end] - linked[start]) / safe,
        box_running / total,
    )).astype(np.float32)  # fmt: skip
    place = np.arange(count)
    levels: list[Floats] = []
    level = own.box
    for _ in range(_LEVELS):
        levels.append(np.column_stack((
            figures[level], place == start[level], place == end[level] - 1,
            np.log1p(children[np.maximum(parent[level], 0)]) / 4,
        )).astype(np.float32))  # fmt: skip
        level = wider[level]
    densest = int(np.argmax(worth[end] - worth[start]))
    levels.append(_in_densest(flat, own, densest, (words, running)))
    return np.concatenate(levels, axis=1)


def wider_boxes(boxes: Sequence[Box]) -> Ints:
    """For each box the nearest ancestor that holds more blocks; the outermost box is its own."""
    wider = np.zeros(len(boxes), np.int64)
    for place, box in enumerate(boxes):
        up = box.parent
        if up >= 0:
            above = boxes[up]
            same = above.start == box.start and above.end == box.end
            wider[place] = wider[up] if same else up
    return wider


def _in_densest(flat: Flat, own: _Blocks, densest: int, prefix: tuple[Floats, Floats]) -> Floats:
    box = flat.boxes[densest]
    words, running = prefix
    place = np.arange(len(flat.blocks))
    inside = (place >= box.start) & (place < box.end)
    whole = max(1.0, float(words[box.end] - words[box.start]))
    depth = _depths(flat.boxes)
    below = np.where(inside, depth[own.box] - depth[densest], 0)
    share = (float(running[box.end] - running[box.start])) / max(1.0, float(running[-1]))
    return np.column_stack((
        inside, np.where(inside, (words[:-1] - words[box.start]) / whole, 0), place < box.start, place >= box.end,
        np.log1p(below) / 2, np.full(len(place), share),
    )).astype(np.float32)  # fmt: skip


def _depths(boxes: Sequence[Box]) -> Ints:
    depths = np.zeros(len(boxes), np.int64)
    for place, box in enumerate(boxes):
        if box.parent >= 0:
            depths[place] = depths[box.parent] + 1
    return depths


def _marks(
    boxes: Sequence[Box], holder: Ints, vocabulary: Vocabulary
) -> tuple[Ints, Floats, tuple[list[frozenset[int]], list[frozenset[int]]]]:
    """What stands on and above the boxes that hold blocks: for each block its place in it, the flags, and the class
    words near and far. Boxes that look alike in the same holder, as paragraphs do, are read once.
    """
    reader = _Marks(vocabulary)
    looks = reader.looks(boxes)
    chosen, back = np.unique(looks[holder], return_inverse=True)
    flags, above, near, far = zip(*(reader.marks(look) for look in chosen.tolist()), strict=True)
    rows = np.concatenate((_bit_rows(flags, _FLAGS), _bit_rows(above, _FLAGS)), axis=1)
    return back, rows[back], (list(near), list(far))


class _Marks:
    """What stands on the boxes of a page. A *look* is a kind of box in a kind of holder; -1 is outside of all."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.holder: list[int] = []  # the look of what holds a look
        self.flags: list[tuple[int, int]] = []  # a look's own, and all above it
        self.words: list[frozenset[int]] = []  # a look's own
        self.above: list[frozenset[int]] = []  # its own and all above it

    def looks(self, boxes: Sequence[Box]) -> Ints:
        """The look of each box."""
        known: dict[tuple[int, str, str, str, str, bool], int] = {}
        looks: list[int] = []
        for box in boxes:
            parent = looks[box.parent] if box.parent >= 0 else -1
            key = (parent, box.tag, box.names, box.role, box.itemprop, box.hidden)
            look = known.get(key)
            if look is None:
                look = known[key] = len(known)
                self._add(box, parent)
            looks.append(look)
        return np.array(looks)

    def _add(self, box: Box, parent: int) -> None:
        flags, above = self.flags[parent] if parent >= 0 else (0, 0)
        words, inherited = self.vocabulary.places_in(box.names), self.above[parent] if parent >= 0 else _NONE
        self.holder.append(parent)
        self.flags.append((_flags(box), flags | above))
        self.words.append(words)
        self.above.append(inherited if words <= inherited else inherited | words)

    def marks(self, look: int) -> tuple[int, int, frozenset[int], frozenset[int]]:
        """A look's flags, those above it, the class words of the nearest three boxes, and those further up."""
        near, reach = self.words[look], self.holder[look]
        for _ in range(_NEAR_BOXES - 1):
            if reach >= 0:
                near |= self.words[reach]
                reach = self.holder[reach]
        return *self.flags[look], near, self.above[reach] if reach >= 0 else _NONE


def _flags(box: Box) -> int:
    flags = _TAG_BITS.get(box.tag, 0)
    if box.role:
        flags |= _ROLE_BITS.get(box.role.lower(), 0)
    if box.hidden:
        flags |= _HIDDEN
    if box.itemprop and "articlebody" in box.itemprop.lower():
        flags |= _DECLARED
    says = read_names(box.names)
    return flags | (_FURNITURE if says.furniture else 0) | (_BODY if says.body else 0)


def _bit_rows(numbers: Sequence[int], width: int) -> Floats:
    """Whole numbers as rows of their bits, the lowest first."""
    length = (width + 7) // 8
    raw = np.frombuffer(b"".join(number.to_bytes(length, "little") for number in numbers), np.uint8)
    bits = np.unpackbits(raw.reshape(len(numbers), length), axis=1, bitorder="little")
    return bits[:, :width].astype(np.float32)
