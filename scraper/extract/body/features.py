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

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scraper.extract.body.figures import BOX_FLAGS, KINDS, Figures, Floats, Ints, sums
from scraper.extract.words import folds_to

_LEVELS = 4  # ancestors described, each holding more than the one below
_NEAR_BOXES = 3  # boxes whose class words count as near
_OFFSETS = (-3, -2, -1, 1, 2, 3)  # neighbours described
_REACH = 3
_LINKS = -0.25  # what a linked word is worth to the densest box
_FLAGS = BOX_FLAGS[: BOX_FLAGS.index("named body") + 1]  # the others are the rules' own
_SLACK = 12  # characters of punctuation that a headline may have lost
_SHORT = 60  # words of a block whose digits are counted
_SHORTEST = 20  # characters of a text that is not often there twice by chance
_TELLING = 12

_OWN = (
    "words", "many words", "word length", "link share", "all links", "sentence", "commas", "digits", "heading level",
    "quoted", "ordered", "points away", "repeats", "is headline", "page has articleBody", "in articleBody",
    *(f"kind {kind}" for kind in KINDS[:-1]),
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
    *(f"near {offset:+d}: {name}" for offset in _OFFSETS for name in _NEAR),
    *(f"level {level}: {name}" for level in range(_LEVELS) for name in _LEVEL),
    *(f"densest: {name}" for name in _DENSEST),
    *(f"own box: {name}" for name in _FLAGS),
    *(f"above: {name}" for name in _FLAGS),
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
class Rows:
    """The features of a page's blocks: a table with a row for each of :data:`NAMES`, and the class words near and far.

    Boxes look alike, so the words stand once a look, a row of the vocabulary each: those of row ``holder[i]`` belong to
    block i. ``spare`` rows lie before the table, for the second net's features.
    """

    whole: Floats
    spare: int
    holder: Ints
    near: Floats
    far: Floats

    @property
    def table(self) -> Floats:
        """The features alone."""
        return self.whole[self.spare :]


def features(page: Figures, hints: Hints, spare: int = 0) -> Rows:
    """The features of each block of a page, a column each."""
    whole = np.empty((spare + len(NAMES), page.count), np.float32)
    end = spare
    for part in (_own(page, hints), _place(page, hints), _near(page), _levels(page), _densest(page)):
        for values in part:
            start, end = end, end + (len(values) if isinstance(values, np.ndarray) and values.ndim > 1 else 1)
            whole[start:end] = values
    chosen, holder = np.unique(page.look[page.box], return_inverse=True)
    flags, near, far = _marks(page, chosen.tolist())
    whole[end:] = flags.T[:, holder]
    return Rows(whole, spare, holder, near, far)


def _own(page: Figures, hints: Hints) -> Iterator[Floats | float]:
    size, density = np.maximum(page.size, 1), page.density
    letters = np.maximum(page.letters, 1)
    commas, digits = _signs(page)
    yield np.log1p(page.size) / 3
    yield np.minimum(page.size, 100) / 50
    yield np.minimum(page.letters / size, 12) / 6
    yield density
    yield density > 0.9
    yield page.sentence
    yield np.minimum(commas / size * 10, 2)
    yield np.where(page.size < _SHORT, digits / letters * 4, 0)
    yield page.level / 3
    yield page.quoted
    yield page.ordered
    yield page.away
    yield np.array(_repeats(page.texts))
    yield _is_headline(page.texts, hints.headline)
    yield float(bool(hints.told))
    yield np.array([len(text) > _TELLING and text[:60] in hints.told for text in page.texts]) if hints.told else 0.0
    yield page.kind == np.arange(len(KINDS) - 1)[:, None]


def _signs(page: Figures) -> tuple[Floats, Floats]:
    """How many commas and how many digits each block has, counted in the bytes of all of them at once."""
    signs = np.frombuffer(("\n".join(page.texts) + "\n").encode("utf-8", "replace"), np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    found = np.stack((signs == ord(","), signs - np.uint8(ord("0")) < 10))
    counts = np.add.reduceat(found, np.concatenate(([0], ends[:-1] + 1)), axis=1, dtype=np.int64)
    return counts[0], counts[1]


def _is_headline(texts: Sequence[str], headline: str) -> Floats | float:
    if not headline:
        return 0.0
    near = range(len(headline) - _SLACK + 1, len(headline) + _SLACK)
    return np.array([len(text) in near and folds_to(text, headline) for text in texts])


def _repeats(texts: Sequence[str]) -> list[bool]:
    """Of each block whether it is an earlier one again."""
    if len(set(texts)) == len(texts):
        return [False] * len(texts)
    seen: set[str] = set()
    repeated = []
    for text in texts:
        repeated.append(text in seen and len(text) > _SHORTEST)
        seen.add(text)
    return repeated


def _place(page: Figures, hints: Hints) -> Iterator[Floats | float]:
    count = page.count
    words, running = sums(page.size), sums(page.running)
    total, good = max(1.0, float(words[-1])), max(1.0, float(running[-1]))
    place = np.arange(count, dtype=np.float32)
    headline = _headline(page, hints)
    from_it = place - headline if headline >= 0 else np.zeros(count, np.float32)
    yield from (math.log1p(count) / 5, math.log1p(total) / 6, float(page.linked.sum()) / total, good / total)
    yield place / count
    yield words[:-1] / total
    yield running[:-1] / good
    yield from_it > 0
    yield np.sign(from_it) * np.log1p(np.abs(from_it)) / 3
    yield float(headline >= 0)
    spaces = np.array([text.count(" ") for text in page.texts])
    yield float((page.size > 2 * (1 + spaces)).mean())


def _headline(page: Figures, hints: Hints) -> int:
    """The place of the first ``<h1>``, or of a heading that says what the headline says; -1 for none."""
    for place in np.flatnonzero(page.heading).tolist():
        if page.level[place] == 1 or folds_to(page.texts[place], hints.headline):
            return int(place)
    return -1


def _near(page: Figures) -> Iterator[Floats]:
    count = page.count
    padded = np.zeros((len(_NEAR), count + 2 * _REACH), np.float32)
    inner = padded[:, _REACH : _REACH + count]
    inner[0] = np.log1p(page.size) / 3
    inner[1] = page.density
    inner[2] = page.sentence
    inner[3] = page.heading
    inner[5] = page.away
    inner[6] = 1
    inner[7] = np.log1p(page.running) / 3
    box = np.full(count + 2 * _REACH, -1)
    box[_REACH : _REACH + count] = page.box
    for offset in _OFFSETS:
        here = slice(_REACH + offset, _REACH + offset + count)
        padded[4, here] = box[here] == page.box
        yield padded[:, here]


def _levels(page: Figures) -> Iterator[Floats]:
    """The boxes around each block, as far as they hold more than the one below."""
    words, running, linked = page.held(np.stack((page.size, page.running, page.linked)))
    safe = np.maximum(words, 1)
    children = np.bincount(np.maximum(page.parent, 0), minlength=len(page.parent))
    figures = np.empty((len(_LEVEL) - 2, len(page.parent)), np.float32)
    figures[0] = np.log1p(page.end - page.start) / 4
    figures[1] = np.log1p(words) / 6
    figures[2] = running / safe
    figures[3] = linked / safe
    figures[4] = running / max(1.0, float(page.running.sum()))
    figures[5] = np.log1p(children[np.maximum(page.parent, 0)]) / 4
    place = np.arange(page.count)
    level = page.box
    for _ in range(_LEVELS):
        of_level = figures[:, level]
        yield of_level[:5]
        yield place == page.start[level]
        yield place == page.end[level] - 1
        yield of_level[5]
        level = page.wider[level]


def _densest(page: Figures) -> Iterator[Floats | float]:
    densest = int(np.argmax(page.held(_worth(page))))
    start, end = int(page.start[densest]), int(page.end[densest])
    words, running = sums(page.size), sums(page.running)
    inside = page.inside(densest)
    place = np.arange(page.count)
    whole = max(1.0, float(words[end] - words[start]))
    yield inside
    yield np.where(inside, (words[:-1] - words[start]) / whole, 0)
    yield place < start
    yield place >= end
    yield np.log1p(np.where(inside, page.depth[page.box] - page.depth[densest], 0)) / 2
    yield float(running[end] - running[start]) / max(1.0, float(running[-1]))


def _worth(page: Figures) -> Floats:
    links = (page.density > 0.5) & (page.heading == 0)
    stray = ~page.runs & ~links & (page.heading == 0)
    values: Floats = page.running + np.where(links, _LINKS * page.size, 0) - stray
    return values


def _marks(page: Figures, chosen: Sequence[int]) -> tuple[Floats, Floats, Floats]:
    """What stands on and above boxes of these looks: the flags, and the class words near and far."""
    looks = page.looks
    masks = looks.words
    flags, own, above = list[int](), list[int](), list[int]()
    for holder, style in zip(looks.holder, looks.style, strict=True):
        own.append(masks[style])
        above.append(masks[style] | above[holder] if holder >= 0 else masks[style])
        flags.append(flags[holder] | looks.flags[holder] if holder >= 0 else 0)
    near, far = list[int](), list[int]()
    for look in chosen:
        words, reach = own[look], looks.holder[look]
        for _ in range(_NEAR_BOXES - 1):
            if reach >= 0:
                words |= own[reach]
                reach = looks.holder[reach]
        near.append(words)
        far.append(above[reach] if reach >= 0 else 0)
    marks = [*(looks.flags[look] for look in chosen), *(flags[look] for look in chosen)]
    by_look = np.split(_bits(marks, len(_FLAGS)), 2)
    words = len(looks.vocabulary.words)
    return np.concatenate(by_look, axis=1), _bits(near, words), _bits(far, words)


def _bits(masks: Sequence[int], width: int) -> Floats:
    """Whole numbers as rows of their lowest bits, the lowest first."""
    length = (width + 7) // 8
    kept = (1 << 8 * length) - 1
    raw = np.frombuffer(b"".join([(mask & kept).to_bytes(length, "little") for mask in masks]), np.uint8)
    bits = np.unpackbits(raw.reshape(len(masks), length), axis=1, count=width, bitorder="little")
    rows: Floats = bits.astype(np.float32)
    return rows
