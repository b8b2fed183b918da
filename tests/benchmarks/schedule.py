"""How soon entries are seen, and for how many polls: ``python -m tests.benchmarks.schedule [--weeks 10]``.

Made-up sources of different rhythms (even, by day, on working days, in bursts, once a day, falling quiet; from one
entry in ten days to a hundred a day) are asked on a simulated clock: at a fixed 15 and a fixed 60 minutes, and by our
schedule. Printed are polls an entry and the delay from publication to poll. The same arguments give the same figures.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from scraper.model import SourceKind, from_instant
from scraper.rhythm import Rhythm
from scraper.schedule import Standing, next_poll
from scraper.settings import Schedule, Source
from scraper.units import Period

START = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
WINDOW = 30  # entries that a source shows at once

Times = list[float]  # hours from START


def evenly(rng: random.Random, rate: float, hours: float) -> Iterator[float]:
    """Poisson's: ``rate`` entries an hour, at any time."""
    moment = rng.expovariate(rate)
    while moment < hours:
        yield moment
        moment += rng.expovariate(rate)


def thinned(rng: random.Random, rate: float, hours: float, busy: Callable[[float], float]) -> Iterator[float]:
    """The same, with a chance (0 to 1) that an entry of some hour is there."""
    return (moment for moment in evenly(rng, rate, hours) if rng.random() < busy(moment))


def by_day(zone: int, *, week: bool) -> Callable[[float], float]:
    """Most around one o'clock somewhere, hardly any at night; ``week``: a seventh of it at weekends."""

    def busy(moment: float) -> float:
        hour, day = (moment + zone) % 24, int((moment + zone) // 24) % 7
        here = max(0.02, math.exp(-(((hour - 13) / 4.5) ** 2)))
        return here * (0.15 if week and day >= 5 else 1)

    return busy


def published(rng: random.Random, hours: float, *, dying: bool = True) -> Times:
    """When one source publishes. ``dying``: it may be one that falls quiet."""
    a_day, zone = 10 ** rng.uniform(-1, 2.1), rng.randrange(24)
    rate = a_day / 24
    kind = rng.choice(["even", "day", "week", "bursts", "daily", *(["dying"] if dying else [])])
    if kind == "daily":
        many = max(1, round(a_day / 10))
        times = [day * 24 + zone + rng.gauss(0, 0.3) for day in range(int(hours / 24)) for _ in range(many)]
    elif kind == "bursts":
        times = [first + rng.random() for first in evenly(rng, rate / 5, hours) for _ in range(rng.randrange(1, 10))]
    elif kind == "dying":
        times = list(thinned(rng, rate, hours, lambda moment: 1 if moment < hours / 2 else 0.05))
    elif kind == "even":
        times = list(evenly(rng, rate, hours))
    else:
        times = list(thinned(rng, rate * 3, hours, by_day(zone, week=kind == "week")))
    return sorted(moment for moment in times if 0 <= moment < hours)


def asked(times: Times, hours: float, schedule: Schedule, source: Source) -> tuple[int, list[float]]:
    """How often a source is asked, and how many minutes after its publication each entry is seen."""
    polls, at, seen = 0, 0, list[float]()
    now, end, rhythm = START, START + timedelta(hours=hours), Rhythm(START)
    while now < end:
        polls += 1
        hour = (now - START).total_seconds() / 3600
        first, at = at, next((n for n in range(at, len(times)) if times[n] > hour), len(times))
        new = times[first:at]
        seen += [(hour - moment) * 60 for moment in new]
        rhythm = rhythm.watched(now, [START + timedelta(hours=moment) for moment in new], WINDOW)
        now = from_instant(next_poll(source, schedule, Standing(rhythm=rhythm), now, 0.5))
    return polls, seen


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.schedule", description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng, hours = random.Random(given.seed), given.weeks * 168.0  # noqa: S311 - a simulation
    sources = [published(rng, hours) for _ in range(given.sources)]
    plans = {
        "every 15 minutes": Schedule(adapt=False),
        "every 60 minutes": Schedule(adapt=False, interval=Period(3600)),
        **{f"ours, a poll worth {worth} min": Schedule(poll_worth=Period(worth * 60)) for worth in (5, 10, 20)},
    }
    source = Source(name="a", url="https://a.example/", kind=SourceKind.FEED)
    entries = sum(map(len, sources))
    sys.stdout.write(f"{given.sources} sources, {given.weeks} weeks, {entries:,} entries\n")
    for name, plan in plans.items():
        polls, delays = 0, list[float]()
        for times in sources:
            many, seen = asked(times, hours, plan, source)
            polls, delays = polls + many, delays + seen
        late = f"{statistics.median(delays):5.1f} min late at the median, {statistics.fmean(delays):5.1f} at the mean"
        sys.stdout.write(f"{name:26} {polls / entries:6.2f} polls an entry   {late}\n")


if __name__ == "__main__":
    main()
