"""Two texts, word by word: what was taken away, what was added, what stands in both.

Words are Unicode words; a number with its points and commas is one word, and so is each character of a script that is
written without spaces (Chinese, Japanese, Thai and the like). White space and punctuation are pieces too, so that
nothing is lost: the SAME and REMOVED texts joined are the old text exactly, SAME and ADDED the new one.

Paragraphs are compared first, then the words of those that differ, both in the manner of patience diff: pieces that
are unique in both texts are anchors, kept in their longest common order, and what lies between two anchors is compared
for itself. Where no anchor is left, Myers' O(ND) search finds the shortest difference.

Its cost is bounded whatever the texts are: anchors are looked for at most DEPTH times over, and Myers may take STEPS
steps in one call. A stretch that it cannot settle within that is shown as all removed and all added, which is true and
only less fine. Texts of a megabyte take a second or less. Measured on articles of 800 words, it keeps as many words as
the longest common subsequence does, in 2 to 10 ms; difflib takes 70 to 220 ms and is quadratic, minutes for a megabyte;
rapidfuzz takes 0.2 ms, but its memory is quadratic (3 GB for a megabyte of words), so that a bound around it would
leave all this in place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

DEPTH = 8
STEPS = 250_000
LONG = 2_000
_SETTLED = DEPTH + 1

_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Chinese characters."""

_MARKS = (
    "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b6-\u17d3"
    "\u3099\u309a\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
"""What stands over, under or after one of their characters and is no character by itself."""

_SIGNS = (
    r"\s!-/:-@\[-`{-~\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u200b\u2010-\u206f"
    "\u3000-\u3004\u3008-\u3020\u3030\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
_LETTER = f"[^{_SIGNS}{_SPACELESS}]"
_PIECE = re.compile(
    rf"\d+(?:[.,:]\d+)+|{_LETTER}+(?:['\u2019\-]{_LETTER}+)*|(?![{_SIGNS}])[{_SPACELESS}][{_MARKS}]*|\s+|.", re.DOTALL
)
_PARAGRAPH = re.compile(r"\n+|[^\n]+")
_WORD = re.compile(rf"[^{_SIGNS}]")


class ChangeKind(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text, and what became of it."""

    kind: ChangeKind
    text: str


def word_differences(old: str, new: str) -> tuple[Change, ...]:
    """How ``old`` became ``new``, in order; a removal stands before the addition in its place."""
    search = _Search(STEPS)
    fine: list[_Hunk] = []
    for hunk in _merged(_hunks(_PARAGRAPH, _Hunk(old, new), _Search(0))):
        fine += [hunk] if hunk.same else _hunks(_PIECE, hunk, search)
    return tuple(change for hunk in _readable(_readable(_merged(fine))) for change in hunk.changes())


def words(text: str) -> list[str]:
    """The words of a text in order, without white space and punctuation."""
    return [piece for piece in _PIECE.findall(text) if _WORD.match(piece)]


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A stretch of the old text and what stands in its place in the new one."""

    old: str
    new: str

    @property
    def same(self) -> bool:
        return self.old == self.new

    @property
    def size(self) -> int:
        """In words, of the longer of the two."""
        return max(len(words(self.old)), len(words(self.new)))

    def changes(self) -> Iterator[Change]:
        if self.same:
            yield Change(ChangeKind.SAME, self.old)
            return
        if self.old:
            yield Change(ChangeKind.REMOVED, self.old)
        if self.new:
            yield Change(ChangeKind.ADDED, self.new)


def _hunks(piece: re.Pattern[str], whole: _Hunk, search: _Search) -> Iterator[_Hunk]:
    """A stretch, cut where its pieces agree."""
    for was, now in _aligned(piece.findall(whole.old), piece.findall(whole.new), search):
        yield _Hunk("".join(was), "".join(now))


def _merged(hunks: Iterable[_Hunk]) -> list[_Hunk]:
    """Neighbours of one kind as one, and none that is empty."""
    some = [hunk for hunk in hunks if hunk.old or hunk.new]
    return _runs(some, [hunk.same for hunk in some])


def _runs(hunks: Sequence[_Hunk], labels: Sequence[bool]) -> list[_Hunk]:
    """Neighbours with the same label as one."""
    runs = ([hunk for hunk, _ in run] for _, run in groupby(zip(hunks, labels, strict=True), lambda pair: pair[1]))
    return [_Hunk("".join(h.old for h in run), "".join(h.new for h in run)) for run in runs]


def _readable(hunks: Sequence[_Hunk]) -> list[_Hunk]:
    """Without the equal pieces that stand between changes by chance, which make a change hard to read.

    Such a stretch is within a paragraph, and has no word or less than half the words of the changes on either side.
    """
    sizes = [hunk.size for hunk in hunks]
    labels = []
    for number, hunk in enumerate(hunks):
        around = min(sizes[number - 1 : number] + sizes[number + 1 : number + 2], default=0)
        inner = 0 < number < len(hunks) - 1 and "\n" not in hunk.old
        labels.append(hunk.same and not (inner and (sizes[number] == 0 or sizes[number] * 2 < around)))
    return _runs(hunks, labels)


_Pair = tuple[Sequence[str], Sequence[str]]


def _aligned(old: Sequence[str], new: Sequence[str], search: _Search) -> Iterator[_Pair]:
    """Both, cut into pairs in order: those that are equal, and those that have nothing more in common."""
    waiting = [(old, new, 0)]
    while waiting:
        a, b, depth = waiting.pop()
        head = _common(a, b)
        tail = _common(a[head:][::-1], b[head:][::-1])
        yield a[:head], b[:head]
        if tail:
            waiting.append((a[-tail:], b[-tail:], DEPTH))
        a, b = a[head : len(a) - tail], b[head : len(b) - tail]
        matches = _anchors(a, b) if depth < DEPTH else []
        deeper = depth + 1 if matches else _SETTLED
        if not matches and depth < _SETTLED and a and b:
            matches = search.matches(a, b)
        if matches:
            waiting += [(*pair, deeper) for pair in reversed(list(_cut(a, b, matches)))]
        else:
            yield a, b


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """How many pieces both begin with."""
    for number, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return number
    return min(len(a), len(b))


def _cut(a: Sequence[str], b: Sequence[str], matches: Iterable[tuple[int, int]]) -> Iterator[_Pair]:
    """Both, cut before each match."""
    i = j = 0
    for x, y in matches:
        yield a[i:x], b[j:y]
        i, j = x, y
    yield a[i:], b[j:]


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Where pieces stand that are unique in both, as many as keep their order.

    In long texts whose words all come again, runs of three words with what stands between them.
    """
    found = _in_order(_unique(a), _unique(b))
    if not found and min(len(a), len(b)) > LONG:
        found = _in_order(_unique(_runs_of(a, 5)), _unique(_runs_of(b, 5)))
    return found


def _runs_of(pieces: Sequence[str], length: int) -> list[str]:
    return ["\0".join(pieces[start : start + length]) for start in range(len(pieces) - length + 1)]


def _unique(pieces: Sequence[str]) -> dict[str, int]:
    """The words (and paragraphs, and runs) that stand there once, each with its place, in order."""
    places: dict[str, int] = {}
    for place, piece in enumerate(pieces):
        places[piece] = -1 if piece in places else place
    return {piece: place for piece, place in places.items() if place >= 0 and _WORD.search(piece)}


def _in_order(ours: dict[str, int], theirs: dict[str, int]) -> list[tuple[int, int]]:
    """Their common pieces' places, as many as increase on both sides (the longest increasing run)."""
    pairs = [(place, theirs[piece]) for piece, place in ours.items() if piece in theirs]
    ends: list[int] = []  # ends[n]: the least place on the other side at which a run of n + 1 ends
    at: list[int] = []  # and which of the pairs that is
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [number]
        before.append(at[length - 1] if length else -1)
    run = []
    number = at[-1] if at else -1
    while number >= 0:
        run.append(pairs[number])
        number = before[number]
    return run[::-1]


class _Search:
    """Myers' greedy search for the shortest difference, with a number of steps that all its searches share."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def matches(self, a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
        """Where the two agree, first to last; nowhere if that is not found within the steps that are left."""
        far = {1: 0}  # the furthest place in a on each diagonal (place in a - place in b)
        trail: list[dict[int, int]] = []
        while self._left > 0:
            cost = len(trail)
            trail.append(far)
            far = far.copy()
            for diagonal in range(-cost, cost + 1, 2):
                start = x = self._entry(trail[-1], diagonal)
                y = x - diagonal
                while x < len(a) and y < len(b) and a[x] == b[y]:
                    x, y = x + 1, y + 1
                far[diagonal] = x
                if x >= len(a) and y >= len(b):
                    return self._way(trail, x, y)
                self._left -= 2 + x - start
        return []

    @staticmethod
    def _entry(far: dict[int, int], diagonal: int) -> int:
        """Where a step comes onto a diagonal: down from the one above, or right from the one below."""
        return max(far.get(diagonal + 1, -1), far.get(diagonal - 1, -2) + 1)

    def _way(self, trail: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
        matches = []
        for far in reversed(trail):
            start = self._entry(far, x - y)
            while x > start:
                x, y = x - 1, y - 1
                matches.append((x, y))
            if far.get(x - y + 1) == start:
                y -= 1
            else:
                x -= 1
        return matches[::-1]
