"""Which blocks the rules would take: those of the densest box, without what its names or tags say is furniture.

The scorer has learned from some 900 pages; these rules know words that few of them have, and languages that none has.
Their choice is a second opinion (see :func:`scraper.extract.body.scorer.blend`).

Every block is worth something: running text its words, a list of links as much less than nothing, a stray short line a
little less. The box of the greatest sum is the article's, for it is the one that takes in the paragraphs and leaves the
lists out; a box that calls itself the body of the article needs less to win.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from scraper.extract.body.blocks import Block, Box, Flat
from scraper.extract.body.vocabulary import SURE_FURNITURE, read_names

_FURNITURE_TAGS = frozenset({"aside", "footer", "figure", "form", "figcaption", "caption"})
_FURNITURE_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "alert",
})  # fmt: skip
_DECLARED_ENOUGH = 0.4  # of the best sum, for a box with itemprop=articleBody
_NAMED_ENOUGH = 0.7  # for a box whose class or id says "article-body"
_DEEPER_ENOUGH = 0.93  # for a box inside the best one
_FULL = 12  # words from which a block is running text, whatever it ends in
_LINKS = -0.25  # what a linked word is worth
_HALF = 0.5


def worth(block: Block) -> float:
    """What a block is worth to the box that holds it, in words."""
    if block.kind in {"h", "img", "caption"}:
        return 0.0
    density = block.linked / block.size if block.size else 1.0
    if density > _HALF:
        return _LINKS * block.size
    if block.sentence or block.size >= _FULL:
        return block.size * (1 - density) * (0.6 if block.kind == "td" else 1.0)
    return -1.0


def surely_furniture(flat: Flat, expected: Sequence[float]) -> list[bool]:
    """For each block whether it stands in a box whose names leave no doubt.

    ``expected`` are the words of each block that the nets expect in the article: a box that holds most of them is no
    furniture, whatever its names are.
    """
    marked = [box.start < box.end and not SURE_FURNITURE.isdisjoint(read_names(box.names).words) for box in flat.boxes]
    kept = _kept(flat, marked, expected)
    return [not kept[block.box] for block in flat.blocks]


def chosen_by_rule(flat: Flat) -> list[bool]:
    """For each block whether the rules would take it."""
    values = [worth(block) for block in flat.blocks]
    kept = _kept_boxes(flat, values)
    box = flat.boxes[_choose(flat, kept, values)]
    return [box.start <= place < box.end and kept[block.box] for place, block in enumerate(flat.blocks)]


def _kept_boxes(flat: Flat, values: list[float]) -> list[bool]:
    """For each box whether it may be part of an article: not furniture, and not inside furniture.

    A box that holds most of the page's running text is no furniture: `<body class="has-sidebar">`. And where what
    class and id words leave over is less than half of what they take, the words are wrong: then only tags and roles
    count.
    """
    by_tag = [box.tag in _FURNITURE_TAGS or box.role.lower() in _FURNITURE_ROLES for box in flat.boxes]
    marked = [
        not _declared(box) and (tag or (box.start < box.end and read_names(box.names).furniture))
        for box, tag in zip(flat.boxes, by_tag, strict=True)
    ]
    kept = _kept(flat, marked, values)
    lenient = _kept(flat, [tag and mark for tag, mark in zip(by_tag, marked, strict=True)], values)
    left, best = (max(_scores(flat, boxes, values), default=0.0) for boxes in (kept, lenient))
    return kept if left >= _HALF * best else lenient


def _declared(box: Box) -> bool:
    return "articlebody" in box.itemprop.lower()


def _kept(flat: Flat, furniture: list[bool], values: Sequence[float]) -> list[bool]:
    sums = [0.0, *accumulate(max(0.0, value) for value in values)]
    kept: list[bool] = []
    for box, marked in zip(flat.boxes, furniture, strict=True):
        dropped = marked and sums[box.end] - sums[box.start] <= _HALF * sums[-1]
        kept.append(not dropped and (box.parent < 0 or kept[box.parent]))
    return kept


def _scores(flat: Flat, kept: list[bool], values: list[float]) -> list[float]:
    worths = (value if kept[block.box] else 0.0 for block, value in zip(flat.blocks, values, strict=True))
    sums = [0.0, *accumulate(worths)]
    return [sums[box.end] - sums[box.start] if keep else 0.0 for box, keep in zip(flat.boxes, kept, strict=True)]


def _choose(flat: Flat, kept: list[bool], values: list[float]) -> int:
    """The place of the box that holds the article. The flat page must have at least one box."""
    scores = _scores(flat, kept, values)
    best = max(range(len(scores)), key=lambda place: (scores[place], place))
    declared = [place for place, box in enumerate(flat.boxes) if box.itemprop and _declared(box)]
    named = [place for place, box in enumerate(flat.boxes) if box.start < box.end and read_names(box.names).body]
    for places, enough in ((declared, _DECLARED_ENOUGH), (named, _NAMED_ENOUGH)):
        winner = max(places, key=lambda place: (scores[place], -place), default=None)
        if winner is not None and scores[winner] > max(0.0, enough * scores[best]):
            return winner
    deeper = [place for place in range(best, len(scores)) if scores[place] >= _DEEPER_ENOUGH * scores[best]]
    inside = [place for place in deeper if flat.boxes[place].end <= flat.boxes[best].end]
    return inside[-1] if inside and scores[best] > 0 else best
