"""Articles a day as bars, drawn where they are counted: a browser needs no script for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_WIDTH, _HEIGHT, _GAP = 400, 90, 0.25  # as wide as a phone, or the home page's narrow column
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: where its bar stands in the drawing, in units of its view box."""

    day: str
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from the earliest day to the latest. ``top`` is the round number that the drawing's height stands for."""

    bars: tuple[Bar, ...]
    top: int
    total: int
    width: int = _WIDTH
    height: int = _HEIGHT

    @property
    def busiest(self) -> Bar:
        """The day with the most; the latest of several."""
        return max(reversed(self.bars), key=lambda bar: bar.count)


def chart(counts: Mapping[str, int], until: date, days: int) -> Chart:
    """The last ``days`` days up to ``until``; those that ``counts`` does not name had none."""
    names = [(until - timedelta(days=back)).isoformat() for back in reversed(range(days))]
    top = _round_up(max((counts.get(name, 0) for name in names), default=0))
    step = _WIDTH / days
    bars = []
    for place, name in enumerate(names):
        count = counts.get(name, 0)
        # A single article shall be seen beside a thousand.
        height = max(count / top * _HEIGHT, 2.0) if count else 0.0
        bars.append(
            Bar(name, count, *(round(number, 2) for number in (
                (place + _GAP / 2) * step, _HEIGHT - height, step * (1 - _GAP), height,
            )))
        )  # fmt: skip
    return Chart(tuple(bars), top, sum(bar.count for bar in bars))


def _round_up(number: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50, …; 1 for none."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= number:
                return step * power
        power *= 10
