"""A flat page as columns of numbers, a place for every block and every box: what judges blocks reckons with it.

Boxes of one *style* (tag, class, id, role and the like) are read once, and so is every *look*: a style inside of a
look, as paragraphs in one column are.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scraper.extract.body.blocks import Box, Flat
from scraper.extract.body.vocabulary import points_away, read_names

Floats = NDArray[Any]  # of numbers; float32 where it is stored
Ints = NDArray[np.int64]

TAGS = (
    "article", "main", "aside", "footer", "header", "figure", "form", "section", "ul", "ol", "li", "table", "td", "dl",
    "blockquote", "p", "center", "details", "a",
)  # fmt: skip
ROLES = ("navigation", "banner", "contentinfo", "complementary", "dialog", "main", "article", "list", "region")
BOX_FLAGS = (*TAGS, *ROLES, "hidden", "articleBody", "named furniture", "named body", "named surely", "furniture tag")
"""What may be known of a box, a bit each, the lowest first."""

_BITS = {name: 1 << place for place, name in enumerate(BOX_FLAGS) if place >= len(TAGS) + len(ROLES)}
_NAMED = BOX_FLAGS.index("named furniture")  # and the two after it, as the vocabulary has them
_TAG_BITS = {tag: 1 << place for place, tag in enumerate(TAGS)}
_ROLE_BITS = {role: 1 << (len(TAGS) + place) for place, role in enumerate(ROLES)}
_FURNITURE_TAGS = frozenset({"aside", "footer", "figure", "form", "figcaption", "caption"})
_FURNITURE_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "alert",
})  # fmt: skip

KINDS = ("p", "h", "li", "pre", "td", "caption", "img")
_KIND = {kind: place for place, kind in enumerate(KINDS)}
FULL = 12  # words from which a block is running text, whatever it ends in
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

    def __init__(self, flat: Flat) -> None:
        blocks = flat.blocks
        self.flat = flat
        self.count = len(blocks)
        columns = np.array(
            [
                (b.size, b.linked, b.sentence, b.level, b.quoted, b.ordered, len(b.text), _KIND[b.kind], b.box)
                for b in blocks
            ],
            np.float32,
        ).T.copy()
        self.size, linked, self.sentence, self.level, self.quoted, self.ordered, self.letters, kind, box = columns
        self.kind: Ints = kind.astype(np.int64)
        self.box: Ints = box.astype(np.int64)
        self.linked = np.minimum(linked, self.size)
        self.density = self.linked / np.maximum(self.size, 1)
        self.heading = (kind == _KIND["h"]).astype(np.float32)
        self.away = np.array([b.size < PROMPT and points_away(b.text) for b in blocks], np.float32)
        full = (self.sentence > 0) | (self.size >= FULL)
        self.runs = full & (self.density <= 0.5) & (self.heading == 0)
        self.running = np.where(self.runs, self.size - self.linked, 0).astype(np.float32)
        self._of_boxes(flat.boxes)

    def _of_boxes(self, boxes: Sequence[Box]) -> None:
        rows = np.array([(box.parent, box.start, box.end, box.until) for box in boxes], np.int64)
        self.parent, self.start, self.end, self.until = rows.T
        self.looks = Looks()
        style, look, depth = self.looks.read(boxes)
        self.style, self.look, self.depth = np.array(style), np.array(look), np.array(depth)
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
        """The sum of the blocks' values in each box."""
        running = sums(values)
        total: Floats = running[self.end] - running[self.start]
        return total

    def inside(self, box: int) -> NDArray[np.bool_]:
        """For each block whether it stands in a box."""
        inside = np.zeros(self.count, bool)
        inside[self.start[box] : self.end[box]] = True
        return inside


class Looks:
    """The looks of a page's boxes: of each its style, its flags, and the look that holds it, -1 for none; of each style
    the words of its names.
    """

    def __init__(self) -> None:
        self.holder: list[int] = []
        self.style: list[int] = []
        self.flags: list[int] = []
        self.words: list[AbstractSet[str]] = []

    def read(self, boxes: Sequence[Box]) -> tuple[list[int], list[int], list[int]]:
        """The style, the look and the depth of each box."""
        known: dict[int, int] = {}
        known_styles: dict[object, int] = {}
        flags: list[int] = []
        styles, looks, depths = list[int](), list[int](), list[int]()
        for box in boxes:
            up = box.parent
            depths.append(depths[up] + 1 if up >= 0 else 0)
            if box.start == box.end:
                styles.append(-1)
                looks.append(-1)
                continue
            style = known_styles.setdefault(_style(box) if box.attributes else box.tag, len(flags))
            if style == len(flags):
                words, says = read_names(box.names)
                self.words.append(words)
                flags.append(_flags(box, says))
            holder = looks[up] if up >= 0 else -1
            look = known.setdefault(holder << 32 | style, len(self.holder))
            if look == len(self.holder):
                self.holder.append(holder)
                self.style.append(style)
                self.flags.append(flags[style])
            styles.append(style)
            looks.append(look)
        return styles, looks, depths


def _style(box: Box) -> object:
    get = box.attributes.get
    return (
        box.tag, get("class"), get("id"), get("role"), get("itemprop"), get("style") is not None and box.hidden,
        "hidden" in box.attributes,
    )  # fmt: skip


def _flags(box: Box, says: int) -> int:
    flags = _TAG_BITS.get(box.tag, 0) | says << _NAMED
    role = box.role if box.attributes else ""
    if role:
        flags |= _ROLE_BITS.get(role, 0)
    if box.tag in _FURNITURE_TAGS or role in _FURNITURE_ROLES:
        flags |= _BITS["furniture tag"]
    if box.attributes and box.hidden:
        flags |= _BITS["hidden"]
    if box.attributes and box.declared:
        flags |= _BITS["articleBody"]
    return flags


def sums(values: Floats) -> Floats:
    """Prefix sums: the sum over a range is a difference of two."""
    out = np.zeros(len(values) + 1, np.float32)
    np.cumsum(values, out=out[1:])
    return out
