"""How likely each block is to be part of the article, and which blocks to take.

Two small nets of one hidden layer. The first looks at a block's features (:mod:`scraper.extract.body.features`), the
second at what the first said of the block, its neighbours, its boxes and the blocks that look like it: a paragraph that
nothing speaks for is the article's if everything beside it is. Both were trained by :mod:`scraper.extract.body.train`;
``weights.npz`` lies beside this module, and ``weights.md`` says what it was learned from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from scraper.extract.body.blocks import Flat
from scraper.extract.body.container import chosen_by_rule, surely_furniture
from scraper.extract.body.features import Hints, Rows, features
from scraper.extract.body.figures import Figures, Floats, sums
from scraper.extract.body.vocabulary import Vocabulary

_FAINT = 1e-3
_LEVELS = 4
_REACH = 4  # neighbours described, on either side
CONTEXT = 2 + 4 * _REACH + 3 * _LEVELS + 14
"""How many features the second net has beside the first one's."""
_SERIAL = 250_000  # products of one matrix product
_AGREED = 0.3  # of the words that the nets expect must be in what the rules take
_HOPELESS = 0.3  # a page whose best block scores less has no article
_MOST = 0.8  # of the words expected, which the article's box holds
_OUTSIDE = 0.6
_SHORT = 150  # words under which a text is so short that the nets have seen few like it: the rules weigh more
_RULED_IN_SHORT = 2.0
_RULED_IN, _RULED_OUT, _FURNITURE = 0.6, 2.0, 6.0  # logarithmic odds that the rules' opinion adds and takes


@dataclass(frozen=True, slots=True)
class Net:
    """One hidden layer of rectified units and a logistic one."""

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    def __call__(self, rows: Floats, words: Floats | float = 0.0) -> Floats:
        """A score from 0 to 1 for each row; ``words`` is what else goes into the hidden units."""
        hidden = np.maximum(product(rows, self.inner) + (self.inner_bias + words), 0)
        score: Floats = 1 / (1 + np.exp(-np.clip(hidden @ self.outer + self.outer_bias, -30, 30)))
        return score


@dataclass(frozen=True, slots=True)
class Scorer:
    """The two nets, and the class words with their rows of weights for the first one's hidden units, near and far."""

    vocabulary: Vocabulary
    near: Floats
    far: Floats
    first: Net
    second: Net

    def __call__(self, flat: Flat, hints: Hints) -> Floats:
        """For each block the probability that it is part of the article."""
        if not flat.blocks:
            return np.zeros(0, np.float32)
        page = Figures(flat, self.vocabulary)
        rows = features(page, hints, spare=CONTEXT)
        alone = self.first(rows.table.T, self._words(rows))
        rows.whole[:CONTEXT] = context(page, alone)
        together = self.second(rows.whole.T)
        score = blend(page, (alone + together) / 2)
        return within(page, score)

    def _words(self, rows: Rows) -> Floats:
        """What the class words of each block add to the first net's hidden units."""
        added: Floats = (product(rows.near, self.near) + product(rows.far, self.far))[rows.holder]
        return added


def product(rows: Floats, weights: Floats) -> Floats:
    """``rows @ weights``, so many rows at a time that OpenBLAS (whose threshold is 2^18 products) wakes no threads.

    For matrices as small as ours its threads do no good, and their spinning doubled the CPU time of a whole page.
    """
    many = max(1, _SERIAL // weights.size)
    if len(rows) <= many:
        return rows @ weights
    return np.concatenate([rows[start : start + many] @ weights for start in range(0, len(rows), many)])


def blend(page: Figures, score: Floats) -> Floats:
    """The nets' score with the rules' opinion of each block added to its logarithmic odds.

    Where the rules leave out most of what the nets expect they have taken another text, readers' comments for one, and
    are not asked.

    Cross-validated over sites with two nets of each kind averaged (one of each is shipped), F1 of words on wcxb, news
    and news-rouge (ROUGE): nets alone .954, .954, .954; rules
    alone .942, .944, .937; together, and with :func:`within`, .957, .965, .958; with what is surely furniture
    .958, .966, .958. The figures are flat about their best: half of the weights gives .956, .960, .960.
    """
    expected = score * page.size
    ruled = chosen_by_rule(page)
    odds: Floats = np.log(score + _FAINT / 10) - np.log(1 - score + _FAINT / 10)
    if expected[ruled].sum() > _AGREED * expected.sum():
        short = page.size[ruled].sum() < _SHORT
        odds += np.where(ruled, _RULED_IN_SHORT if short else _RULED_IN, -_RULED_OUT)
    odds -= np.where(surely_furniture(page, expected), _FURNITURE, 0)
    blended: Floats = 1 / (1 + np.exp(-odds))
    return blended


def within(page: Figures, score: Floats) -> Floats:
    """The score, lowered for what lies outside of the smallest box that holds most of what is expected.

    Forms and notices far from the article read like text; cross-validated, this gains .001 to .002 of F1.
    """
    expected = score * page.size
    enough = np.flatnonzero(page.held(expected) >= _MOST * expected.sum())
    box = int(enough[np.argmin((page.end - page.start)[enough])]) if len(enough) else 0
    return np.where(page.inside(box), score, score * _OUTSIDE)


def context(page: Figures, score: Floats) -> Floats:
    """What the first net says around each block: :data:`CONTEXT` rows, the second net's features before the first's."""
    count, size, start, end = page.count, page.size, page.start, page.end
    weighted = score * size
    rows = np.empty((CONTEXT, count), np.float32)
    odds = np.log(score + _FAINT) - np.log(1 - score + _FAINT)
    rows[0], rows[1] = score, odds / 4
    padded = np.zeros((2, count + 2 * _REACH), np.float32)
    padded[0, _REACH:-_REACH], padded[1, _REACH:-_REACH] = score, score * np.log1p(size) / 3
    at = 2
    for offset in (*range(-_REACH, 0), *range(1, _REACH + 1)):
        rows[at : at + 2] = padded[:, _REACH + offset : _REACH + offset + count]
        at += 2
    hits = sums(weighted)
    total = max(1.0, float(hits[-1]))
    held, hit = page.held(np.stack((size, weighted)))
    of_boxes = np.stack((hit / total, np.log1p(held) / 6, held, hit))
    level = page.box
    for _ in range(_LEVELS):
        of_level = of_boxes[:, level]
        others = of_level[2] - size
        share = (of_level[3] - weighted) / np.maximum(others, 1)
        rows[at] = np.where(others > 0, share, score)
        rows[at + 1 : at + 3] = of_level[:2]
        at += 3
        level = page.wider[level]
    fit = 2 * hit / np.maximum(1, held + total)
    best = int(np.argmax(fit))
    place = np.arange(count)
    sure = np.flatnonzero(score > 0.5)
    low, high = (int(sure[0]), int(sure[-1])) if len(sure) else (0, count - 1)
    for values in (
        page.inside(best), fit[best], hits[:-1] / total, 1 - hits[1:] / total,
        place < start[best], place >= end[best], place < low, place > high, np.log1p(np.maximum(0, place - high)) / 3,
        np.log1p(np.maximum(0, low - place)) / 3, total / max(1.0, float(size.sum())), math.log1p(total) / 6,
        *_alike(page, weighted, score),
    ):  # fmt: skip
        rows[at] = values
        at += 1
    return rows


def _alike(page: Figures, weighted: Floats, score: Floats) -> tuple[Floats, Floats]:
    """How the blocks that look like a block (same style of box, kind and level) do, and how many there are."""
    looks = (page.style[page.box] * 8 + page.kind) * 8 + page.level.astype(np.int64)
    ids = np.unique(looks, return_inverse=True)[1]
    held, hit = np.bincount(ids, page.size), np.bincount(ids, weighted)
    others = held[ids] - page.size
    mean = np.where(others > 0, (hit[ids] - weighted) / np.maximum(others, 1), score)
    return mean, np.log1p(np.bincount(ids))[ids] / 4


def cut(flat: Flat, score: Floats) -> list[bool]:
    """For each block whether to take it: all above the threshold that promises this page the best F1 of words.

    With probabilities p and sizes n, taking the k most likely blocks expects 2 Σp·n (of those k) / (Σn (of those k) +
    Σp·n (of all)); the k that makes it greatest is chosen.
    """
    if not len(score) or score.max() < _HOPELESS:
        return [False] * len(score)
    size = np.array([block.size for block in flat.blocks], np.float32)
    order = np.argsort(-score, kind="stable")
    held, hit = np.cumsum(size[order]), np.cumsum((score * size)[order])
    expected = 2 * hit / np.maximum(1, held + hit[-1])
    threshold = score[order[int(np.argmax(expected))]]
    return [bool(keep) for keep in (score >= threshold) & (size > 0)]


@cache
def scorer() -> Scorer:
    """The scorer that is shipped."""
    with files("scraper.extract.body").joinpath("weights.npz").open("rb") as file, np.load(file) as kept:
        nets = [
            Net(*(kept[f"{name}_{part}"].astype(np.float32) for part in ("inner", "inner_bias", "outer", "outer_bias")))
            for name in ("first", "second")
        ]
        near, far = kept["near"].astype(np.float32), kept["far"].astype(np.float32)
        words = bytes(kept["vocabulary"]).decode("ascii").split()
    return Scorer(Vocabulary(words), near, far, *nets)
