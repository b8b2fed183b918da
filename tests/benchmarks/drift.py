"""How often sources are reported for nothing, and how soon for something: ``python -m tests.benchmarks.drift``.

Made-up sources publish as those of ``tests.benchmarks.schedule`` do, articles of a few sections each (agency copy
without authors, long reads, briefs, paid ones), more of one section on weekends and on some days by chance. They are
polled by our schedule on a simulated clock, stored in a real news.db, and judged every few hours. Printed are the
alarms of sources at which nothing changed, and after how many entries a change is reported: a template that loses its
authors, bodies cut to a fifth, consent walls, teasers, a source that stops. The same arguments give the same figures.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.checkup import check_up
from scraper.model import EventKind, SourceKind, from_instant, instant
from scraper.rhythm import Rhythm
from scraper.schedule import Standing, next_poll
from scraper.settings import Schedule, Source
from scraper.store import Store
from tests.benchmarks.schedule import START, WINDOW, Times, published

Late = tuple[int, float] | None
"""How many entries and how many days after a change it was reported; None: it was not."""
WATCHED = (EventKind.QUIET, EventKind.DRIFT)


@dataclass(frozen=True)
class Made:
    """What became of one made-up entry."""

    stored: bool = True
    kind: str = "article"
    words: int = 500
    dated: bool = True
    authored: bool = True
    pictured: bool = True
    summarised: bool = True


@dataclass(frozen=True)
class Section:
    """A part of an outlet: the chances of what its articles have, and how long they are."""

    words: float
    spread: float
    authored: float
    pictured: float
    summarised: float
    dated: float
    teaser: float
    refused: float

    def article(self, rng: random.Random) -> Made:
        return Made(
            rng.random() >= self.refused,
            "teaser" if rng.random() < self.teaser else "article",
            max(30, round(rng.lognormvariate(self.words, self.spread))),
            rng.random() < self.dated,
            rng.random() < self.authored,
            rng.random() < self.pictured,
            rng.random() < self.summarised,
        )


def section(rng: random.Random) -> Section:
    """Of most fields all or none of its articles have one; of some, part of them."""

    def chance() -> float:
        return rng.choice([0.0, 1.0, 1.0, 0.97, 0.97, rng.random()])

    return Section(
        rng.uniform(5, 7),
        rng.uniform(0.2, 0.7),
        chance(),
        chance(),
        chance(),
        rng.choice([1.0, 1.0, 0.97]),
        rng.choice([0.0, 0.0, 0.0, rng.random()]),
        rng.choice([0.0, 0.01, 0.05, 0.2]),
    )


def articles(rng: random.Random, times: Times) -> list[Made]:
    """What becomes of each entry of one source."""
    sections = [section(rng) for _ in range(rng.randrange(1, 5))]
    usual = [rng.random() for _ in sections]
    weekend = [share * rng.choice([0.2, 1, 1, 3]) for share in usual]
    days: dict[int, list[float]] = {}
    made = []
    for moment in times:
        day = int(moment // 24)
        if day not in days:
            shares = weekend if day % 7 >= 5 else usual
            days[day] = [share * rng.gammavariate(4, 0.25) for share in shares]
        made.append(rng.choices(sections, days[day])[0].article(rng))
    return made


@dataclass(frozen=True)
class Change:
    """What a change makes of an entry, and how to tell one that it has happened to."""

    name: str
    make: Callable[[random.Random, Made], Made]
    marked: Callable[[Made], bool]


CHANGES = (
    Change("no authors any more", lambda _, made: replace(made, authored=False), lambda made: not made.authored),
    Change("bodies cut to a fifth", lambda _, made: replace(made, words=made.words // 5), lambda made: made.words < 80),
    Change(
        "4 of 5 are walls",
        lambda rng, made: replace(made, stored=made.stored and rng.random() < 0.2),
        lambda made: not made.stored,
    ),
    Change("teasers only", lambda _, made: replace(made, kind="teaser"), lambda made: made.kind == "teaser"),
)


def polls(times: Times, hours: float) -> Iterator[tuple[float, int, Rhythm]]:
    """When a source is asked (hours from START), how many of its entries it then has announced, and its rhythm."""
    at, now, rhythm = 0, START, Rhythm(START)
    source, schedule = Source(name="a", url="https://a.example/", kind=SourceKind.FEED), Schedule()
    while (hour := (now - START).total_seconds() / 3600) < hours:
        first, at = at, next((n for n in range(at, len(times)) if times[n] > hour), len(times))
        rhythm = rhythm.watched(now, [START + timedelta(hours=moment) for moment in times[first:at]], WINDOW)
        yield hour, at, rhythm
        now = from_instant(next_poll(source, schedule, Standing(rhythm=rhythm), now, 0.5))


class Desk:
    """A database in which made-up sources are followed."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.checks, self.seconds = 0, 0.0

    def follow(self, number: int, times: Times, made: list[Made], every: int, hours: float) -> list[tuple[float, str]]:
        """Follow one source; returns when which alarm was raised."""
        with self.store.transaction():
            return list(self._followed(number, times, made, every, hours))

    def _followed(
        self, number: int, times: Times, made: list[Made], every: int, hours: float
    ) -> Iterator[tuple[float, str]]:
        run, at, checked = self.store._news.execute, 0, 0.0  # noqa: SLF001 - articles of one's own making
        run(
            "INSERT INTO sources (id, name, title, url, kind, enabled)"
            " VALUES (?1, 's' || ?1, 's', 'u' || ?1, 'feed', 1)",
            (number,),
        )
        for hour, after, rhythm in polls(times, hours):
            now = instant(START + timedelta(hours=hour))
            for index in range(at, after):
                self._add(number, index, made[index], now)
            if after > at:
                run("UPDATE sources SET last_new_at = ? WHERE id = ?", (now, number))
            at = after
            run(
                "UPDATE sources SET last_fetched_at = ?1, last_success_at = ?1, rhythm = ?2 WHERE id = ?3",
                (now, rhythm.dumped(), number),
            )
            if hour - checked >= every:
                checked = hour
                begun = time.perf_counter()
                events = check_up(self.store, number, START + timedelta(hours=hour), ())
                self.seconds, self.checks = self.seconds + time.perf_counter() - begun, self.checks + 1
                yield from ((hour, f"{event.kind}: {event.detail}") for event in events if event.kind in WATCHED)

    def _add(self, number: int, index: int, made: Made, now: str) -> None:
        run, key = self.store._news.execute, f"{number}/{index}"  # noqa: SLF001
        article_id = None
        if made.stored:
            article_id = run(
                "INSERT INTO articles (kind, url, url_key, title, published_at, authors, body, body_markdown, summary,"
                " image_url, word_count, source_id, first_seen_at, fetched_at, content_hash, extractor)"
                " VALUES (?1, ?2, ?2, 't', ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?2, '')",
                (
                    made.kind,
                    key,
                    now if made.dated else None,
                    '["A"]' if made.authored else "[]",
                    "x" * 6 * made.words,
                    "s" if made.summarised else None,
                    "i" if made.pictured else None,
                    made.words,
                    number,
                    now,
                ),
            ).lastrowid
        outcome, reason = ("saved", "new") if made.stored else ("skipped", "consent wall")
        run(
            "INSERT INTO entries (url, url_key, host, source_id, first_seen_at, outcome, reason, article_id)"
            " VALUES (?1, ?1, 'h', ?2, ?3, ?4, ?5, ?6)",
            (key, number, now, outcome, reason, article_id),
        )


def stable(desk: Desk, rng: random.Random, given: argparse.Namespace) -> None:
    """Print the false alarms."""
    hours, raised, entries = given.weeks * 168.0, Counter[str](), 0
    for number in range(1, given.sources + 1):
        times = published(rng, hours, dying=False)
        entries += len(times)
        for hour, alarm in desk.follow(number, times, articles(rng, times), given.every, hours):
            raised[alarm.partition(":")[0]] += 1
            if given.verbose:
                sys.stdout.write(f"  source {number}, {len(times)} entries, day {hour / 24:.0f}: {alarm}\n")
    sys.stdout.write(f"{given.sources} sources at which nothing changes, {given.weeks} weeks, {entries:,} entries\n")
    for kind in WATCHED:
        sys.stdout.write(f"  {kind:6} {100 * raised[kind] / given.sources:5.1f} false alarms per 100 sources\n")
    sys.stdout.write(f"  {1000 * desk.seconds / desk.checks:.1f} ms a check of one source\n")


def changing(desk: Desk, rng: random.Random, given: argparse.Namespace) -> None:
    """Print how soon changes at two thirds of the time are reported: of sources that they change much."""
    hours = given.weeks * 168.0
    border = hours * 2 / 3
    numbers = itertools.count(10**6)
    sys.stdout.write(f"{given.changed} sources each, changed after {border / 24:.0f} days\n")
    for change in CHANGES:
        late = list[Late]()
        while len(late) < given.changed:
            times = published(rng, hours, dying=False)
            made = articles(rng, times)
            changed = [change.make(rng, one) if at >= border else one for at, one in zip(times, made, strict=True)]
            before = [change.marked(one) for at, one in zip(times, changed, strict=True) if at < border]
            after = [change.marked(one) for at, one in zip(times, changed, strict=True) if at >= border]
            if len(before) >= 60 and after and statistics.fmean(after) - statistics.fmean(before) >= 0.6:
                alarms = desk.follow(next(numbers), times, changed, given.every, hours)
                late.append(_late(times, border, [hour for hour, alarm in alarms if alarm.startswith("drift")]))
        _say(change.name, late)
    late = list[Late]()
    while len(late) < given.changed:
        times = [moment for moment in published(rng, hours, dying=False) if moment < border]
        if len(times) >= 60:
            alarms = desk.follow(next(numbers), times, articles(rng, times), given.every, hours)
            late.append(_late(times, border, [hour for hour, alarm in alarms if alarm.startswith("quiet")]))
    _say("stops", late)


def _late(times: Times, border: float, found: list[float]) -> Late:
    """How many entries, and how many days, after a change the first alarm came."""
    first = next((hour for hour in found if hour >= border), None)
    return None if first is None else (sum(border <= moment <= first for moment in times), (first - border) / 24)


def _say(name: str, late: list[Late]) -> None:
    seen = [one for one in late if one is not None]
    said = f"  {name:22} {len(seen):3} of {len(late)} reported"
    if seen:
        entries, days = sorted(one[0] for one in seen), sorted(one[1] for one in seen)
        nine = int(0.9 * (len(seen) - 1))
        said += f"; after {statistics.median(entries):.0f} entries, {statistics.median(days):.1f} days (median)"
        said += f", {entries[nine]} entries, {days[nine]:.1f} days (9 of 10)"
    sys.stdout.write(f"{said}\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.drift", description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--every", type=int, default=6, help="hours between two checks")
    parser.add_argument("--changed", type=int, default=20, help="sources for each change")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="print each false alarm")
    given = parser.parse_args()
    rng = random.Random(given.seed)  # noqa: S311 - a simulation
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        stable(desk, rng, given)
        changing(desk, rng, given)
        desk.store.close()


if __name__ == "__main__":
    main()
