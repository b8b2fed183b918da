"""Articles counted by hour, day, week or month. Pure: what the database counts becomes rows of numbers here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.errors import BadUsage

if TYPE_CHECKING:
    from scraper.store.counts import Count

MOST = 3_700
"""Spans that one chart has at most: ten years of days."""


class By(StrEnum):
    """How long each span is."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_LOOK_BACK = {By.HOUR: 48, By.DAY: 30, By.WEEK: 26, By.MONTH: 24}
"""As many spans are shown where nobody says since when."""
_FIRST = datetime(1, 1, 1, tzinfo=UTC)  # a Monday
_LETTERS = {By.HOUR: 13, By.DAY: 10, By.WEEK: 10, By.MONTH: 7}
_STEPS = {By.HOUR: timedelta(hours=1), By.DAY: timedelta(days=1), By.WEEK: timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Row:
    """How many articles there are of each span, under a name; None: of no source, or in no language that was told."""

    name: str | None
    articles: tuple[int, ...]

    @property
    def total(self) -> int:
        """Of all spans."""
        return sum(self.articles)


@dataclass(frozen=True, slots=True)
class Tally:
    """``spans`` by when they begin (a week with its Monday), and a row of numbers for each name, the largest first."""

    by: By
    spans: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def all(self) -> tuple[int, ...]:
        """Each span's articles, whatever their name."""
        return tuple(map(sum, zip(*(row.articles for row in self.rows), strict=True))) or (0,) * len(self.spans)


def window(by: By, since: str | None, until: str | None, latest: str | None, now: datetime) -> tuple[str, ...]:
    """When each span begins, and when the last one ends. Raises BadUsage where they are too many.

    ``since`` and ``until`` are days or instants. Without them it is a while up to now, or up to the latest article
    where that is longer ago.
    """
    end = _last(until) if until else now
    if not until and latest is not None and _read(latest) < _back(by, now):
        end = _read(latest)
    edges: list[str] = []
    for start in _beginnings(by, _begin(by, _read(since) if since else _back(by, end))):
        edges.append(_text(by, start))
        if start > end:
            break
        if len(edges) > MOST:
            raise BadUsage(f"these are more than {MOST:,} {by}s: say a later --since, or longer spans with --by")
    else:
        edges.append("~")  # behind every instant: the end of time
    return tuple(edges) if len(edges) > 1 else (edges[0], "~")


def tally(by: By, spans: Sequence[str], counts: Iterable[Count], most: int) -> Tally:
    """The rows of the ``most`` largest names; those of all others together are the last one."""
    numbers: dict[str | None, list[int]] = {}
    for count in counts:
        numbers.setdefault(count.name, [0] * len(spans))[count.place] += count.articles
    rows = [Row(name, tuple(articles)) for name, articles in numbers.items()]
    rows.sort(key=lambda row: (-row.total, row.name is None, row.name))
    if len(rows) > most + 1:
        rest = zip(*(row.articles for row in rows[most:]), strict=True)
        rows[most:] = [Row(f"{len(rows) - most} others", tuple(map(sum, rest)))]
    return Tally(by, tuple(spans), tuple(rows))


def languages(counts: Iterable[Count]) -> list[Count]:
    """The same, with ``en-GB`` counted as ``en``."""
    return [replace(count, name=count.name.partition("-")[0].lower() if count.name else None) for count in counts]


def _read(when: str) -> datetime:
    """A day, an hour or an instant."""
    text = f"{when}:00" if len(when) == 13 else when
    read = datetime.fromisoformat(text)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _last(until: str) -> datetime:
    """The last second of a day, or an instant."""
    return _read(f"{until}T23:59:59" if len(until) == 10 else until)


def _begin(by: By, moment: datetime) -> datetime:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    if by is By.HOUR:
        return hour
    day = hour.replace(hour=0)
    if by is By.MONTH:
        return day.replace(day=1)
    return max(day - timedelta(days=day.weekday()), _FIRST) if by is By.WEEK else day


def _back(by: By, end: datetime) -> datetime:
    """When the first of the spans begins that are shown up to an end."""
    some = _LOOK_BACK[by] - 1
    if by is By.MONTH:
        months = max(12, end.year * 12 + end.month - 1 - some)
        return _begin(by, end).replace(year=months // 12, month=months % 12 + 1)
    return max(_begin(by, end), _FIRST + some * _STEPS[by]) - some * _STEPS[by]


def _beginnings(by: By, start: datetime) -> Iterator[datetime]:
    """When each span begins, to the end of time as Python knows it."""
    with suppress(OverflowError, ValueError):
        while True:
            yield start
            if by is By.MONTH:
                start = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
            else:
                start += _STEPS[by]


def _text(by: By, start: datetime) -> str:
    """As instants begin that are in the span; ``%Y`` has no zeros before a year of few digits everywhere."""
    return start.isoformat()[: _LETTERS[by]]
