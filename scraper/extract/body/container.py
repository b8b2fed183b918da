"""Which box holds the article.

Every block is worth something: running text its words, a list of links as much less than nothing, a stray short line a
little less. The box of the greatest sum is the article's, for it is the one that takes in the paragraphs and leaves the
lists out; a box that calls itself the body of the article needs less to win.
"""

from __future__ import annotations

from itertools import accumulate

from scraper.extract.body.blocks import Block, Flat

_DECLARED_ENOUGH = 0.4  # of the best sum, for a box with itemprop=articleBody
_NAMED_ENOUGH = 0.7  # for a box whose class or id says "article-body"
_DEEPER_ENOUGH = 0.93  # for a box inside the best one
FULL = 12  # words from which a block is running text, whatever it ends in
_LINKS = -0.25  # what a linked word is worth
_HALF = 0.5


def worth(block: Block) -> float:
    """What a block is worth to the box that holds it, in words."""
    density = block.linked / block.size if block.size else 1.0
    if block.kind == "h":
        return 0.0
    if density > 0.5:
        return _LINKS * block.size
    if block.sentence or block.size >= FULL:
        return block.size * (1 - density) * (0.6 if block.kind == "td" else 1.0)
    return -1.0


def kept_boxes(flat: Flat) -> list[bool]:
    """For each box whether it may be part of an article: not furniture, and not inside furniture.

    A box that holds most of the page's running text is no furniture: `<body class="has-sidebar">`. And where what
    class and id words leave over is less than half of what they take, the words are wrong: then only tags and roles
    count.
    """
    kept = _kept(flat, [box.furniture for box in flat.boxes])
    left = _best(flat, kept)
    lenient = _kept(flat, [box.furniture and box.by_tag for box in flat.boxes])
    return kept if left >= _HALF * _best(flat, lenient) else lenient


def _kept(flat: Flat, furniture: list[bool]) -> list[bool]:
    sums = [0.0, *accumulate(max(0.0, worth(block)) for block in flat.blocks)]
    kept: list[bool] = []
    for box, marked in zip(flat.boxes, furniture, strict=True):
        dropped = marked and sums[box.end] - sums[box.start] <= _HALF * sums[-1]
        kept.append(not dropped and (box.parent < 0 or kept[box.parent]))
    return kept


def _best(flat: Flat, kept: list[bool]) -> float:
    return max(_scores(flat, kept), default=0.0)


def _scores(flat: Flat, kept: list[bool]) -> list[float]:
    sums = [0.0, *accumulate(worth(block) if kept[block.box] else 0.0 for block in flat.blocks)]
    return [sums[box.end] - sums[box.start] if keep else 0.0 for box, keep in zip(flat.boxes, kept, strict=True)]


def choose(flat: Flat, kept: list[bool]) -> int:
    """The place of the box that holds the article. The flat page must have at least one box."""
    scores = _scores(flat, kept)
    best = max(range(len(scores)), key=lambda place: (scores[place], place))
    for test, enough in (("declared", _DECLARED_ENOUGH), ("body_named", _NAMED_ENOUGH)):
        places = [place for place, box in enumerate(flat.boxes) if getattr(box, test)]
        winner = max(places, key=lambda place: (scores[place], -place), default=None)
        if winner is not None and scores[winner] > max(0.0, enough * scores[best]):
            return winner
    deeper = [place for place in range(best, len(scores)) if scores[place] >= _DEEPER_ENOUGH * scores[best]]
    inside = [place for place in deeper if flat.boxes[place].end <= flat.boxes[best].end]
    return inside[-1] if inside and scores[best] > 0 else best
