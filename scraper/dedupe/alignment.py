"""Two sequences side by side, in the manner of patience diff, at a bounded cost.

Pieces that are unique in both are anchors, kept in their longest common order, and what lies between two anchors is
compared for itself, DEPTH times over at most. Where no anchor is left, Myers' O(ND) search finds the shortest way,
within a number of steps that all searches of one comparison share. A stretch that is not settled within that has
nothing in common, as far as this can tell.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

DEPTH = 8
LONG = 2_000
"""Pieces from which on runs of words are anchors, too."""

_SETTLED = DEPTH + 1

Pair = tuple[Sequence[str], Sequence[str]]


def aligned(old: Sequence[str], new: Sequence[str], search: Search) -> Iterator[Pair]:
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


def _cut(a: Sequence[str], b: Sequence[str], matches: Iterable[tuple[int, int]]) -> Iterator[Pair]:
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
    return {piece: place for piece, place in places.items() if place >= 0 and any(map(str.isalnum, piece))}


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


class Search:
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
