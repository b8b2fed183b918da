"""Whether one extractor is better than another, or was lucky with these pages: paired bootstrap intervals.

Pages are drawn anew, with replacement, as many as there are, ten thousand times, and both extractors are scored on each
draw. Between the 2.5th and the 97.5th percentile of the differences lies the difference that other pages of the same
kind would show, in 95 of 100 such samples. The draws are seeded: the same answers give the same intervals.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.benchmarks.extraction.metrics import Segments, f1
from tests.benchmarks.extraction.scoring import Scores

_Page = TypeVar("_Page")
DRAWS = 10_000
_SEED = 20261124
_FIELDS: dict[str, Callable[[Scores], float | None]] = {
    "body": lambda page: page.body,
    "title": lambda page: page.title,
    "date": lambda page: page.date,
    "authors": lambda page: page.authors,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours less theirs, with its 95 % interval."""

    value: float
    low: float
    high: float


def differences(ours: Sequence[Scores], theirs: Sequence[Scores], draws: int = DRAWS) -> dict[str, Difference]:
    """The difference in every field that these pages have a truth for."""
    found = {}
    segments = [
        (one.segments, other.segments)
        for one, other in zip(ours, theirs, strict=True)
        if one.segments is not None and other.segments is not None
    ]
    if segments:
        found["body"] = difference_of_segments(segments, draws)
    for name, field in _FIELDS.items():
        pairs = [(field(one), field(other)) for one, other in zip(ours, theirs, strict=True)]
        gaps = [one - other for one, other in pairs if one is not None and other is not None]
        if gaps:
            found[name] = difference_of_means(gaps, draws)
    return found


def difference_of_means(gaps: Sequence[float], draws: int = DRAWS) -> Difference:
    """The interval of a mean of per-page differences."""
    drawn = (sum(pages) / len(gaps) for pages in _resamples(gaps, draws))
    return _interval(statistics.fmean(gaps), drawn)


def difference_of_segments(pages: Sequence[tuple[Segments, Segments]], draws: int = DRAWS) -> Difference:
    """The interval of a difference of scores that are no means of pages: the whole corpus is scored at each draw."""
    rows = [
        (
            one.found,
            2 * one.found + one.unwanted + one.missed,
            other.found,
            2 * other.found + other.unwanted + other.missed,
        )
        for one, other in pages
    ]
    return _interval(_gap(rows), (_gap(drawn) for drawn in _resamples(rows, draws)))


def _gap(rows: Sequence[tuple[int, int, int, int]]) -> float:
    hits, both, their_hits, their_both = map(sum, zip(*rows, strict=True))
    return f1(hits, both, 0) - f1(their_hits, their_both, 0)


def _resamples(pages: Sequence[_Page], draws: int) -> Iterator[list[_Page]]:
    chance = random.Random(_SEED)  # noqa: S311 (for statistics)
    return (chance.choices(pages, k=len(pages)) for _ in range(draws))


def _interval(value: float, drawn: Iterator[float]) -> Difference:
    ordered = sorted(drawn)
    return Difference(value, ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered)) - 1])
