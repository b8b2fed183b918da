"""Which blocks the rules would take: those of the densest box, without what its names or tags say is furniture.

The scorer has learned from some 900 pages; these rules know words that few of them have, and languages that none has.
Their choice is a second opinion (see :func:`scraper.extract.body.scorer.blend`).

Every block is worth something: running text its words, a list of links as much less than nothing, a stray short line a
little less. The box of the greatest sum is the article's, for it is the one that takes in the paragraphs and leaves the
lists out; a box that calls itself the body of the article needs less to win.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scraper.extract.body.figures import FULL, KINDS, Figures, Floats

_DECLARED_ENOUGH = 0.4  # of the best sum, for a box with itemprop=articleBody
_NAMED_ENOUGH = 0.7  # for a box whose class or id says "article-body"
_DEEPER_ENOUGH = 0.93  # for a box inside the best one
LINKS = -0.25  # what a linked word is worth
_HALF = 0.5
# What a word of running text is worth by the kind of its block, and whether the kind counts at all.
_SHARE = np.array([0.6 if kind == "td" else 1.0 for kind in KINDS], np.float32)
_COUNTS = np.array([kind not in {"h", "img", "caption"} for kind in KINDS], np.float32)

Bools = NDArray[np.bool_]


def worth(page: Figures) -> Floats:
    """What each block is worth to the box that holds it, in words."""
    full = (page.sentence > 0) | (page.size >= FULL)
    running = (page.size - page.linked) * _SHARE[page.kind]
    values: Floats = np.where(page.density > _HALF, LINKS * page.size, np.where(full, running, -1.0))
    return values * _COUNTS[page.kind]


def surely_furniture(page: Figures, expected: Floats) -> Bools:
    """For each block whether it stands in a box whose names leave no doubt.

    ``expected`` are the words of each block that the nets expect in the article: a box that holds most of them is no
    furniture, whatever its names are.
    """
    return ~_kept(page, page.flagged("named surely"), expected)[page.box]


def chosen_by_rule(page: Figures) -> Bools:
    """For each block whether the rules would take it."""
    values = worth(page)
    kept = _kept_boxes(page, values)
    return page.inside(_choose(page, kept, values)) & kept[page.box]


def _kept_boxes(page: Figures, values: Floats) -> Bools:
    """For each box whether it may be part of an article: not furniture, and not inside furniture.

    A box that holds most of the page's running text is no furniture: `<body class="has-sidebar">`. And where what
    class and id words leave over is less than half of what they take, the words are wrong: then only tags and roles
    count.
    """
    by_tag = page.flagged("furniture tag") & ~page.flagged("articleBody")
    named = page.flagged("named furniture") & ~page.flagged("articleBody")
    kept, lenient = _kept(page, by_tag | named, values), _kept(page, by_tag, values)
    left, best = (_scores(page, boxes, values).max(initial=0.0) for boxes in (kept, lenient))
    return kept if left >= _HALF * best else lenient


def _kept(page: Figures, furniture: Bools, values: Floats) -> Bools:
    positive = np.maximum(values, 0)
    dropped = np.flatnonzero(furniture & (page.held(positive) <= _HALF * positive.sum()))
    length = len(furniture) + 1
    begun, over = np.bincount(dropped, minlength=length), np.bincount(page.until[dropped], minlength=length)
    kept: Bools = np.cumsum(begun - over)[:-1] == 0
    return kept


def _scores(page: Figures, kept: Bools, values: Floats) -> Floats:
    return np.where(kept, page.held(np.where(kept[page.box], values, 0)), 0.0)


def _choose(page: Figures, kept: Bools, values: Floats) -> int:
    """The place of the box that holds the article. The flat page must have at least one box."""
    scores = _scores(page, kept, values)
    best = len(scores) - 1 - int(np.argmax(scores[::-1]))
    for flag, enough in (("articleBody", _DECLARED_ENOUGH), ("named body", _NAMED_ENOUGH)):
        places = np.flatnonzero(page.flagged(flag))
        winner = int(places[np.argmax(scores[places])]) if len(places) else best
        if len(places) and scores[winner] > max(0.0, enough * scores[best]):
            return winner
    if scores[best] <= 0:
        return best
    deep = (scores >= _DEEPER_ENOUGH * scores[best]) & (page.end <= page.end[best])
    return best + int(np.flatnonzero(deep[best:])[-1])
