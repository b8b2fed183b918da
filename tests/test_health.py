"""When a source is quiet, failing or drifting, and when it is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from scraper.health import drift_alarm, drifts, failing, quiet
from scraper.model import EventKind, instant
from scraper.rhythm import Rhythm
from scraper.store.alarms import Fate, Vitals

START = datetime(2026, 9, 7, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VITALS = Vitals(1, "paper", None, None, None, None, None)
GOOD = Fate("2026-11-20", True, "new", "article", 500, dated=True, authored=True, pictured=True, summarised=True)


def watched(publishes: Callable[[datetime], bool], days: float, silent: float) -> Vitals:
    """A source that was asked every hour for so many days, and announced nothing for the last (silent) ones."""
    rhythm, arrivals, moment = Rhythm(START), list[datetime](), START
    while (moment := moment + HOUR) <= START + timedelta(days=days):
        new = publishes(moment) and moment <= START + timedelta(days=days - silent)
        arrivals += [moment] if new else []
        rhythm = rhythm.watched(moment, [moment - HOUR / 2] if new else [])
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(arrivals)]
    return replace(
        VITALS,
        rhythm=rhythm.dumped(),
        last_new_at=instant(arrivals[-1]),
        arrivals=len(arrivals),
        arriving_since=instant(arrivals[0]),
        longest=max(gaps),
    )


def by_chance(a_day: float) -> Callable[[datetime], bool]:
    rng = random.Random(3)  # noqa: S311 - a simulation
    return lambda _: rng.random() < a_day / 24


def on_workdays(moment: datetime) -> bool:
    return moment.weekday() < 5 and 8 <= moment.hour < 18


class TestQuiet:
    def test_a_busy_source_is_missed_after_a_day(self) -> None:
        assert quiet(watched(lambda _: True, 30, 0.9)) is None
        found = quiet(watched(lambda _: True, 30, 1.1))
        assert found is not None
        assert (found.kind, found.since) == (EventKind.QUIET, "2026-10-05T21:00:00Z")
        assert found.detail.startswith("nothing new for 27 hours: it used to bring something 24 times a day")

    def test_nights_and_weekends_are_waited_for(self) -> None:
        friday = 32.75  # its evening
        for silent in (1.0, 2.0, 2.6):
            assert quiet(watched(on_workdays, friday + silent, silent)) is None
        assert quiet(watched(on_workdays, friday + 4.5, 4.5)) is not None

    @pytest.mark.parametrize(("a_day", "patience", "enough"), [(0.5, 9, 25), (2, 3, 8), (8, 1, 3)])
    def test_the_rarer_the_longer(self, a_day: float, patience: float, enough: float) -> None:
        assert quiet(watched(by_chance(a_day), 60, patience)) is None
        assert quiet(watched(by_chance(a_day), 60, enough)) is not None

    def test_what_comes_by_the_clock_is_missed_sooner(self) -> None:
        assert quiet(watched(lambda moment: moment.hour == 6, 40, 2.5)) is None
        assert quiet(watched(lambda moment: moment.hour == 6, 40, 4)) is not None

    def test_time_in_which_nobody_looked_says_nothing(self) -> None:
        before = watched(lambda _: True, 30, 0)
        assert quiet(before) is None  # whatever the time is now: until then it was asked

    def test_without_a_history_nothing_can_be_said(self) -> None:
        assert quiet(VITALS) is None
        assert quiet(replace(watched(lambda _: True, 30, 3), arrivals=4)) is None
        assert quiet(replace(watched(lambda _: True, 30, 3), rhythm="nonsense")) is None


class TestFailing:
    def test_a_day_in_which_it_was_asked(self) -> None:
        found = failing(replace(VITALS, failing_since=instant(START), last_fetched_at=instant(START + DAY)))
        assert found is not None
        assert (found.kind, found.since) == (EventKind.FAILING, instant(START))

    def test_not_a_shorter_one_nor_one_in_which_nobody_asked(self) -> None:
        assert failing(VITALS) is None
        assert failing(replace(VITALS, last_fetched_at=instant(START))) is None
        short = replace(VITALS, failing_since=instant(START), last_fetched_at=instant(START + DAY - HOUR))
        assert failing(short) is None


def days(fate: Fate, many: int, a_day: int = 10) -> list[Fate]:
    return [replace(fate, day=f"2026-10-{1 + number // a_day:02}", words=400 + number) for number in range(many)]


BAD = {
    "no article": replace(GOOD, stored=False, reason="consent wall", kind=None, words=0),
    "teaser": replace(GOOD, kind="teaser"),
    "short": replace(GOOD, words=80),
    "long": replace(GOOD, words=9000),
    "no date": replace(GOOD, dated=False),
    "no authors": replace(GOOD, authored=False),
    "no image": replace(GOOD, pictured=False),
    "no summary": replace(GOOD, summarised=False),
}


class TestDrift:
    @pytest.mark.parametrize("measure", BAD)
    def test_half_of_the_newest_is_enough(self, measure: str) -> None:
        before = days(GOOD, 100)
        newest = [BAD[measure]] * 10 + [GOOD] * 10
        (found,) = drifts(newest, before)
        assert (found.measure, found.share, found.of, found.before) == (measure, 0.5, 20, 0.0)
        assert drifts([BAD[measure]] * 4 + [GOOD] * 16, before) == []

    def test_it_says_what_and_why(self) -> None:
        newest = [BAD["no article"]] * 15 + [BAD["no authors"]] * 10
        found = drifts(newest, days(GOOD, 100))
        alarm = drift_alarm(found, newest, START)
        assert alarm is not None
        assert alarm.detail == (
            "no authors: 100% of the newest 10, 0% before; "
            "no article came of it: 60% of the newest 25, 0% before (15 consent wall)"
        )
        assert drift_alarm([], newest, START) is None

    def test_what_was_always_so_is_no_drift(self) -> None:
        for fate in BAD.values():
            assert drifts([fate] * 20, [replace(fate, day=f"2026-10-{number % 20:02}") for number in range(100)]) == []

    def test_what_some_days_were_like_before_is_no_drift(self) -> None:
        agency = BAD["no authors"]
        before = [
            replace(GOOD if day % 7 < 5 else agency, day=f"2026-10-{day:02}") for day in range(28) for _ in range(9)
        ]
        assert drifts([agency] * 15 + [GOOD] * 5, before) == []
        assert [drift.measure for drift in drifts([BAD["no image"]] * 15, before)] == ["no image"]

    def test_a_short_history_says_nothing(self) -> None:
        newest = [BAD["no authors"]] * 20
        assert drifts(newest, days(GOOD, 39)) == []
        assert drifts(newest, days(GOOD, 100, a_day=25)) == []  # of four days alone
        assert drifts(newest[:9], days(GOOD, 100)) == []

    def test_an_alarm_that_stands_does_not_flutter(self) -> None:
        before, newest = days(GOOD, 100), [BAD["no authors"]] * 6 + [GOOD] * 14
        assert drifts(newest, before) == []
        assert [drift.measure for drift in drifts(newest, before, standing=True)] == ["no authors"]
        assert drifts([BAD["no authors"]] * 3 + [GOOD] * 17, before, standing=True) == []
