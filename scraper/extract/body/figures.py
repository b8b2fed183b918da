"""A flat page as columns of numbers, a place for every block and every box: what judges blocks reckons with it.

Boxes of one *style* (tag, class, id, role and the like) are read once, and so is every *look*: a style inside of a
look, as paragraphs in one column are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scraper.extract.body.blocks import Boxes, Flat, is_hidden, names_in
from scraper.extract.body.vocabulary import (
    NAMES_BODY,
    NAMES_FURNITURE,
    NAMES_SURE_FURNITURE,
    Vocabulary,
    points_away,
)

Floats = NDArray[Any]  # of numbers; float32 where it is stored
Ints = NDArray[np.int64]

TAGS = (
    "article", "main", "aside", "footer", "header", "figure", "form", "section", "ul", "ol", "li", "table", "td", "dl",
    "blockquote", "p", "center", "details", "a",
)  # fmt: skip
ROLES = ("navigation", "banner", "contentinfo", "complementary", "dialog", "main", "article", "list", "region")
BOX_FLAGS = (
    *TAGS, *(f"role {role}" for role in ROLES), "hidden", "articleBody", "named furniture", "named body",
    "named surely", "furniture tag",
)  # fmt: skip
"""What may be known of a box, a bit each, the lowest first."""

_BITS = {name: 1 << place for place, name in enumerate(BOX_FLAGS) if place >= len(TAGS) + len(ROLES)}
_NAMED = BOX_FLAGS.index("named furniture")  # and the two after it, as the vocabulary has them
_NAMES = NAMES_FURNITURE | NAMES_BODY | NAMES_SURE_FURNITURE
_TAG_BITS = {tag: 1 << place for place, tag in enumerate(TAGS)}
_ROLE_BITS = {role: 1 << (len(TAGS) + place) for place, role in enumerate(ROLES)}
_FURNITURE_TAGS = frozenset({"aside", "footer", "figure", "form", "figcaption", "caption"})
_FURNITURE_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "alert",
})  # fmt: skip

KINDS = ("p", "h", "li", "pre", "td", "caption", "img")
_KIND = {kind: place for place, kind in enumerate(KINDS)}
FULL = 12  # words from which a block is running text, whatever it ends in
TAG, WHOLE = 1, 2  # what a box is asked: nothing where it is empty, and of a menu's the tag alone
_ALL_LINKS = 0.9  # of a box's words make it a menu's: its names tell nothing that its links do not, and cost
PROMPT = 40  # words of a line that may ask to read or do something else


class Figures:
    """A page that has at least one block, in columns.

    Of the blocks: ``size`` and ``linked`` words, their share ``density``, ``sentence``, ``level``, ``quoted``,
    ``ordered``, ``letters`` (the text's length), ``kind`` (a place in :data:`KINDS`), ``away`` (the line points away
    from the text), ``running`` (words of running text), ``box`` (its holder).

    Of the boxes: ``parent``, ``start``, ``end``, ``until`` as :class:`Box` has them, ``wider`` (the nearest ancestor
    that holds more blocks; the outermost is its own), ``depth``, ``style``, and ``look``, a place in ``looks``. Boxes
    without a block have no style and no look.
    """

    def __init__(self, flat: Flat, vocabulary: Vocabulary) -> None:
        texts, kinds, levels, quoted, ordered, boxes, sizes, linked, sentences, _, _ = zip(*flat.blocks, strict=True)
        self.texts: tuple[str, ...] = texts
        self.count = len(texts)
        self.size, self.linked, self.sentence, self.level, self.quoted, self.ordered, self.letters = (
            np.fromiter(column, np.float32, self.count)
            for column in (sizes, linked, sentences, levels, quoted, ordered, list(map(len, texts)))
        )
        self.kind: Ints = np.fromiter(map(_KIND.__getitem__, kinds), np.int64, self.count)
        self.box: Ints = np.fromiter(boxes, np.int64, self.count)
        np.minimum(self.linked, self.size, out=self.linked)
        self.density = self.linked / np.maximum(self.size, 1)
        self.heading = (self.kind == _KIND["h"]).astype(np.float32)
        self.away = np.array(
            [size < PROMPT and points_away(text) for text, size in zip(texts, sizes, strict=True)], np.float32
        )
        full = (self.sentence > 0) | (self.size >= FULL)
        self.runs = full & (self.density <= 0.5) & (self.heading == 0)
        self.running = np.where(self.runs, self.size - self.linked, 0).astype(np.float32)
        self._of_boxes(flat.boxes, vocabulary)

    def _of_boxes(self, boxes: Boxes, vocabulary: Vocabulary) -> None:
        self.parent, self.start, self.end, self.until = (
            np.array(column, np.int64) for column in (boxes.parent, boxes.start, boxes.end, boxes.until)
        )
        self.depth: Ints = np.arange(len(self.until)) - np.cumsum(np.bincount(self.until))[:-1]
        self.looks = Looks(vocabulary)
        words, linked = self.held(np.stack((self.size, self.linked)))
        asked = np.where(linked < _ALL_LINKS * words, WHOLE, TAG) * (self.end > self.start)
        style, look = self.looks.read(boxes, asked.tolist())
        self.style, self.look = np.array(style, np.int64), np.array(look, np.int64)
        self.flags: Ints = np.array([*self.looks.flags, 0])[self.look]
        self.wider = self._wider()

    def _wider(self) -> Ints:
        above = np.maximum(self.parent, 0)
        same = (self.start == self.start[above]) & (self.end == self.end[above])
        outer = np.where(same, above, np.arange(len(above)))  # the outermost box that holds the same blocks
        while True:
            further = outer[outer]
            if np.array_equal(further, outer):
                wider: Ints = above[outer]
                return wider
            outer = further

    def flagged(self, name: str) -> NDArray[np.bool_]:
        """For each box whether it has one of the flags."""
        flagged: NDArray[np.bool_] = (self.flags & _BITS[name]) != 0
        return flagged

    def held(self, values: Floats) -> Floats:
        """The sum of the blocks' values in each box; of a stack of rows, a row each."""
        running = sums(values)
        total: Floats = running[..., self.end] - running[..., self.start]
        return total

    def inside(self, box: int) -> NDArray[np.bool_]:
        """For each block whether it stands in a box."""
        inside = np.zeros(self.count, bool)
        inside[self.start[box] : self.end[box]] = True
        return inside


class Looks:
    """The looks of a page's boxes: of each its style, its flags, and the look that holds it, -1 for none; of each style
    the known words of its names.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.holder: list[int] = []
        self.style: list[int] = []
        self.flags: list[int] = []
        self.words: list[int] = []

    def read(self, boxes: Boxes, asked: Sequence[int]) -> tuple[list[int], list[int]]:
        """The style and the look of each box by what it is asked, -1 for nothing."""
        known: dict[int, int] = {}
        known_styles: dict[object, int] = {}
        flags: list[int] = []
        styles, looks = list[int](), list[int]()
        for up, tag, attributes, ask in zip(boxes.parent, boxes.tag, boxes.attributes, asked, strict=True):
            if not ask:
                styles.append(-1)
                looks.append(-1)
                continue
            whole = ask == WHOLE and attributes
            key = _style(tag, attributes) if whole else tag
            style = known_styles.get(key, -1)
            if style < 0:
                known_styles[key] = style = len(flags)
                says = self.vocabulary.read(names_in(attributes)) if whole else 0
                self.words.append(self.vocabulary.known(says))
                flags.append(_flags(tag, attributes if whole else {}, says))
            holder = looks[up] if up >= 0 else -1
            key = holder << 32 | style
            look = known.get(key, -1)
            if look < 0:
                known[key] = look = len(self.holder)
                self.holder.append(holder)
                self.style.append(style)
                self.flags.append(flags[style])
            styles.append(style)
            looks.append(look)
        return styles, looks


def _style(tag: str, attributes: Mapping[str, str | None]) -> object:
    get = attributes.get
    hidden = ("style" in attributes or "hidden" in attributes) and is_hidden(attributes)
    return tag, get("class"), get("id"), get("role"), get("itemprop"), hidden


def _flags(tag: str, attributes: Mapping[str, str | None], says: int) -> int:
    flags = _TAG_BITS.get(tag, 0) | (says & _NAMES) << _NAMED
    if tag in _FURNITURE_TAGS:
        flags |= _BITS["furniture tag"]
    if not attributes:
        return flags
    role = (attributes.get("role") or "").lower()
    flags |= _ROLE_BITS.get(role, 0)
    if role in _FURNITURE_ROLES:
        flags |= _BITS["furniture tag"]
    if is_hidden(attributes):
        flags |= _BITS["hidden"]
    if "articlebody" in (attributes.get("itemprop") or "").lower():
        flags |= _BITS["articleBody"]
    return flags


def sums(values: Floats) -> Floats:
    """Prefix sums: the sum over a range is a difference of two. Of a stack of rows, a row each."""
    out = np.zeros((*values.shape[:-1], values.shape[-1] + 1), np.float32)
    np.cumsum(values, axis=-1, out=out[..., 1:])
    return out
