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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from scraper.extract.body.figures import BOX_FLAGS, KINDS, Figures, Floats, Ints, sums
from scraper.extract.words import fold

_LEVELS = 4  # ancestors described, each holding more than the one below
_NEAR_BOXES = 3  # boxes whose class words count as near
_OFFSETS = (-3, -2, -1, 1, 2, 3)  # neighbours described
_REACH = 3
_LINKS = -0.25  # what a linked word is worth to the densest box
_FLAGS = BOX_FLAGS[: BOX_FLAGS.index("named body") + 1]  # the others are the rules' own
_SLACK = 12  # characters of punctuation that a headline may have lost
_SHORT = 60  # words of a block whose digits are counted
_LINE = 40  # words of a block that may be written in capitals
_QUOTES = frozenset("\"'\u201c\u201e\u00ab\u300c\u2018")
_COLONS = frozenset(":\uff1a")
_QUESTIONS = frozenset("?\uff1f\u061f")

_OWN = (
    "words", "many words", "word length", "link share", "all links", "sentence", "commas", "digits", "quotes", "colon",
    "question", "bar or copyright", "capital first", "capitals", "heading level", "quoted", "ordered", "points away",
    "repeats", "is headline", "page has articleBody", "in articleBody", *(f"kind {kind}" for kind in KINDS[:-1]),
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
class Vocabulary:
    """The class words that the scorer knows, each with its place."""

    places: dict[str, int]

    def mask(self, words: Iterable[str]) -> int:
        """The words that it knows of these, a bit each."""
        mask = 0
        for word in words:
            place = self.places.get(word)
            if place is not None:
                mask |= 1 << place
        return mask


@dataclass(frozen=True, slots=True)
class Rows:
    """The features of a page's blocks: a table of :data:`NAMES`, and the class words near and far.

    Boxes look alike, so the words stand once a look, a row of the vocabulary each: those of row ``holder[i]`` belong to
    block i.
    """

    table: Floats
    holder: Ints
    near: Floats
    far: Floats


def features(page: Figures, hints: Hints, vocabulary: Vocabulary) -> Rows:
    """The features of each block of a page."""
    table = np.empty((page.count, len(NAMES)), np.float32)
    columns = iter(table.T)
    for part in (_own(page, hints), _place(page, hints), _near(page), _levels(page), _densest(page)):
        for values in part:
            next(columns)[:] = values
    chosen, holder = np.unique(page.look[page.box], return_inverse=True)
    flags, near, far = _marks(page, chosen.tolist(), vocabulary)
    table[:, len(NAMES) - 2 * len(_FLAGS) :] = flags[holder]
    return Rows(table, holder, near, far)


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
    looks = np.array(list(_looks_of_text(page, hints)), np.float32).T
    yield from looks[:6]
    yield page.level / 3
    yield page.quoted
    yield page.ordered
    yield page.away
    yield from looks[6:8]
    yield float(bool(hints.told))
    yield looks[8]
    for kind in range(len(KINDS) - 1):
        yield page.kind == kind


def _signs(page: Figures) -> tuple[Floats, Floats]:
    """How many commas and how many digits each block has, counted in the bytes of all of them at once."""
    joined = "\n".join([block.text for block in page.flat.blocks])
    signs = np.frombuffer(f"{joined}\n".encode("utf-8", "replace"), np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    commas, digits = (np.cumsum(found)[ends] for found in (signs == ord(","), signs - np.uint8(ord("0")) < 10))
    return np.diff(commas, prepend=0), np.diff(digits, prepend=0)


def _looks_of_text(page: Figures, hints: Hints) -> Iterator[tuple[bool, ...]]:
    """How each block begins and ends, whether it is in capitals, an earlier one again, the headline, or told."""
    seen: set[str] = set()
    told, headline = hints.told, hints.headline
    expected = len(headline) or -_SLACK
    for block in page.flat.blocks:
        text = block.text
        length = len(text)
        first, last = text[:1], text[-1:]
        yield (
            first in _QUOTES,
            last in _COLONS,
            last in _QUESTIONS,
            "|" in text or "\u00a9" in text,
            first.isupper(),
            block.size < _LINE and text.isupper(),
            length > 20 and text in seen,
            -_SLACK < length - expected < _SLACK and fold(text) == headline,
            length > 12 and bool(told) and text[:60] in told,
        )
        seen.add(text)


def _place(page: Figures, hints: Hints) -> Iterator[Floats | float]:
    count = page.count
    words, running = sums(page.size), sums(page.running)
    total, good = max(1.0, float(words[-1])), max(1.0, float(running[-1]))
    place = np.arange(count, dtype=np.float32)
    headline = _headline(page, hints)
    from_it = place - headline if headline >= 0 else np.zeros(count, np.float32)
    yield from (np.log1p(count) / 5, np.log1p(total) / 6, float(page.linked.sum()) / total, good / total)
    yield place / count
    yield words[:-1] / total
    yield running[:-1] / good
    yield from_it > 0
    yield np.sign(from_it) * np.log1p(np.abs(from_it)) / 3
    yield float(headline >= 0)
    yield float(np.mean([block.size > 2 * (1 + block.text.count(" ")) for block in page.flat.blocks]))


def _headline(page: Figures, hints: Hints) -> int:
    """The place of the first ``<h1>``, or of a heading that says what the headline says; -1 for none."""
    blocks = page.flat.blocks
    for place in np.flatnonzero(page.heading).tolist():
        if blocks[place].level == 1 or fold(blocks[place].text) == hints.headline:
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
        yield from padded[:, here]


def _levels(page: Figures) -> Iterator[Floats]:
    """The boxes around each block, as far as they hold more than the one below."""
    words = page.held(page.size)
    running = page.held(page.running)
    safe = np.maximum(words, 1)
    children = np.bincount(np.maximum(page.parent, 0), minlength=len(page.parent))
    figures = (
        np.log1p(page.end - page.start) / 4, np.log1p(words) / 6, running / safe, page.held(page.linked) / safe,
        running / max(1.0, float(page.running.sum())),
    )  # fmt: skip
    siblings = np.log1p(children[np.maximum(page.parent, 0)]) / 4
    place = np.arange(page.count)
    level = page.box
    for _ in range(_LEVELS):
        for figure in figures:
            yield figure[level]
        yield place == page.start[level]
        yield place == page.end[level] - 1
        yield siblings[level]
        level = page.wider[level]


def _densest(page: Figures) -> Iterator[Floats | float]:
    densest = int(np.argmax(page.held(_worth(page))))
    start, end = page.start[densest], page.end[densest]
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


def _marks(page: Figures, chosen: Sequence[int], vocabulary: Vocabulary) -> tuple[Floats, Floats, Floats]:
    """What stands on and above boxes of these looks: the flags, and the class words near and far."""
    looks = page.looks
    masks = [vocabulary.mask(words) for words in looks.words]
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
    words = len(vocabulary.places)
    return np.concatenate(by_look, axis=1), _bits(near, words), _bits(far, words)


def _bits(masks: Sequence[int], width: int) -> Floats:
    """Whole numbers as rows of their lowest bits, the lowest first."""
    length = (width + 7) // 8
    kept = (1 << 8 * length) - 1
    raw = np.frombuffer(b"".join([(mask & kept).to_bytes(length, "little") for mask in masks]), np.uint8)
    bits = np.unpackbits(raw.reshape(len(masks), length), axis=1, count=width, bitorder="little")
    rows: Floats = bits.astype(np.float32)
    return rows
