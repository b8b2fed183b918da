from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.errors import PASSING
from scraper.model import Outcome, SourceKind, from_instant
from scraper.rhythm import Rhythm
from scraper.schedule import Standing, next_attempt, next_chance, next_poll, next_visit
from scraper.settings import Schedule, Source
from scraper.units import Period
from tests.benchmarks.schedule import asked, published

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SCHEDULE = Schedule()
DAY = 86400.0
chances = st.floats(0, 1, exclude_max=True)
askings = st.none() | st.floats(0, 1e300)


def source(interval: float | None = None) -> Source:
    duration = None if interval is None else Period(interval)
    return Source(name="a", url="https://a.example/", kind=SourceKind.FEED, interval=duration)


def poll(failures: int, chance: float, *, interval: float | None = None, asked: float | None = None) -> float:
    due = next_poll(source(interval), SCHEDULE, Standing(failures, asked=asked), NOW, chance)
    return (from_instant(due) - NOW).total_seconds()


def again(attempts: int, chance: float, *, asked: float | None = None) -> float:
    due = next_attempt(Outcome.FAILED, attempts, SCHEDULE, NOW, chance, asked=asked)
    assert due is not None
    return (from_instant(due) - NOW).total_seconds()


@settings(deadline=None)
@given(st.integers(0, 10**6), chances, askings, st.none() | st.floats(0, 10 * DAY))
@example(1, 0.5, 10.0**12, None)  # a Retry-After in the year 33715
def test_no_source_is_ever_given_up(failures: int, chance: float, asked: float | None, interval: float | None) -> None:
    wait = poll(failures, chance, interval=interval, asked=asked)
    assert SCHEDULE.min_interval <= wait <= SCHEDULE.max_interval * 1.25
    assert wait >= min(int(asked or 0), SCHEDULE.max_interval)


@pytest.mark.parametrize(
    ("interval", "wait"),
    [(None, 900), (3600, 3600), (1, 600), (30 * DAY, DAY)],
    ids=["default", "own", "short", "long"],
)
def test_a_healthy_source_keeps_its_interval_within_the_bounds(interval: float | None, wait: float) -> None:
    for chance in (0, 0.5, 0.999):
        assert poll(0, chance, interval=interval) == wait


def test_a_source_is_asked_when_its_rhythm_says_so() -> None:
    busy = Rhythm().watched(NOW, [NOW - timedelta(minutes=2 * number) for number in range(1, 300)], 500)
    quiet = Rhythm().watched(NOW, [NOW - timedelta(hours=30 * number) for number in range(1, 10)], 20)
    own = Source(name="a", url="https://a.example/", kind=SourceKind.FEED, interval=Period(3600))
    fixed = Schedule(adapt=False)
    for rhythm, wait in ((busy, SCHEDULE.min_interval), (quiet, 11_000)):
        due = from_instant(next_poll(source(), SCHEDULE, Standing(rhythm=rhythm), NOW, 0.5))
        assert (due - NOW).total_seconds() == pytest.approx(wait, rel=0.5)
        for other, plan, seconds in ((own, SCHEDULE, 3600), (source(), fixed, 900)):
            due = from_instant(next_poll(other, plan, Standing(rhythm=rhythm), NOW, 0.5))
            assert (due - NOW).total_seconds() == seconds


@pytest.mark.parametrize(
    ("failures", "wait"), [(1, 1800), (2, 3600), (3, 7200), (6, 57600), (7, DAY), (50, DAY), (10**9, DAY)]
)
def test_failures_slow_a_source_down_to_once_a_day(failures: int, wait: float) -> None:
    assert poll(failures, 0.5) == wait


@settings(deadline=None)
@given(chances, chances)
def test_sources_that_failed_together_come_back_apart(one: float, other: float) -> None:
    waits = poll(1, one), poll(1, other)
    assert all(0.75 * 1800 <= wait <= 1.25 * 1800 for wait in waits)
    if abs(one - other) > 0.01:
        assert waits[0] != waits[1]


def test_a_server_may_ask_for_more_up_to_the_longest_interval() -> None:
    assert poll(0, 0.5, asked=3600) == 3600
    assert poll(0, 0.5, asked=1) == 900
    assert poll(1, 0.5, asked=10**9) == DAY
    assert again(1, 0.5, asked=3600) == 3600
    assert again(1, 0.5, asked=10**9) == DAY


@pytest.mark.parametrize(("attempts", "wait"), [(1, 600), (2, 1200), (3, 2400), (4, 4800)])
def test_a_failed_entry_waits_twice_as_long_each_time(attempts: int, wait: float) -> None:
    assert again(attempts, 0.5) == wait
    assert again(attempts, 0.0) == wait * 0.75


@pytest.mark.parametrize("attempts", [5, 6, 1000])
def test_an_entry_has_its_tries(attempts: int) -> None:
    assert next_attempt(Outcome.FAILED, attempts, SCHEDULE, NOW, 0.5) is None


def test_any_number_of_tries_may_be_configured() -> None:
    patient = Schedule(max_attempts=10**6)
    due = next_attempt(Outcome.FAILED, 10**5, patient, NOW, 0.5)
    assert due == "2026-11-24T10:00:00Z"


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.FAILED])
def test_what_did_not_fail_is_done(outcome: Outcome) -> None:
    assert next_attempt(outcome, 1, SCHEDULE, NOW, 0.5, asked=60) is None


@pytest.mark.parametrize(
    ("since", "attempts", "rung"),
    [
        (0, 1, 3600),
        (3599, 1, 3600),
        (3601, 2, 6 * 3600),
        (7 * 3600, 3, DAY),
        (2 * DAY, 9, 3 * DAY),
        (4 * DAY, 2, None),
        (4 * DAY, 1, 5 * DAY),
        (-400 * DAY, 1, -400 * DAY + 3600),
    ],
    ids=["at once", "late", "again", "third", "last", "over", "waited long for its first try", "a wrong clock"],
)
def test_what_is_skipped_for_a_reason_that_may_pass_has_late_chances(
    since: float, attempts: int, rung: float | None
) -> None:
    first = NOW - timedelta(seconds=since)
    for reason in PASSING:
        due = next_chance(reason, attempts, first, NOW, 0.0)
        assert (due and (from_instant(due) - first).total_seconds()) == rung


@settings(deadline=None)
@given(st.floats(0, 10 * DAY), chances, st.booleans())
def test_late_chances_are_spread_and_come_to_an_end(late: float, chance: float, backfilled: bool) -> None:
    now, tries = NOW + timedelta(seconds=late), 0
    while due := next_chance("bot check", tries + 1, None if backfilled else NOW, now, chance):
        tries += 1
        wait = (from_instant(due) - now).total_seconds()
        assert -1 < wait <= 3 * DAY * 1.1
        now = from_instant(due) + timedelta(minutes=1)
    assert 1 <= tries <= (1 if backfilled else 4)
    waits = [from_instant(next_chance("gone", 1, NOW, NOW, each) or "") for each in (0.0, 0.999)]
    assert (waits[1] - waits[0]).total_seconds() > 300


@pytest.mark.parametrize(
    "reason",
    ["hub", "gallery", "other page", "no article", "wrong type", "too large", "forgotten", "not a url",
     "not a clipping", "parser died", "timeout"],
)  # fmt: skip
def test_what_a_page_is_does_not_pass(reason: str) -> None:
    assert next_chance(reason, 1, NOW, NOW, 0.5) is None


@pytest.mark.parametrize(
    ("since", "rung"),
    [
        (0, 900),
        (890, 900),
        (901, 3600),
        (3 * 3600, 4 * 3600),
        (2 * DAY, 3 * DAY),
        (29 * DAY, 30 * DAY),
        (31 * DAY, None),
    ],
)
def test_an_article_is_looked_at_again_the_later_the_longer_it_stays_as_it_is(since: float, rung: float | None) -> None:
    changed = NOW - timedelta(seconds=since)
    due = next_visit(SCHEDULE, changed, changed, NOW, 0.0)
    assert (due and (from_instant(due) - changed).total_seconds()) == rung


@settings(deadline=None)
@given(st.floats(0, 40 * DAY), chances)
def test_visits_are_spread_and_come_to_an_end(since: float, chance: float) -> None:
    changed = NOW - timedelta(seconds=since)
    due = next_visit(SCHEDULE, changed, changed, NOW, chance)
    if due is None:
        assert since >= 30 * DAY * 0.99
    else:
        assert from_instant(due) >= NOW - timedelta(seconds=1)
        assert from_instant(due) <= changed + timedelta(days=33, seconds=1)


def test_visits_may_be_turned_off() -> None:
    assert next_visit(Schedule(revisits=()), NOW, NOW, NOW, 0.5) is None


def test_on_a_simulated_clock_our_schedule_is_sooner_for_fewer_polls() -> None:
    """As ``python -m tests.benchmarks.schedule``, in small."""
    rng, hours = random.Random(7), 3 * 168.0  # noqa: S311 - a simulation
    sources = [published(rng, hours) for _ in range(12)]
    found = {}
    for name, plan in {"fixed": Schedule(adapt=False, interval=Period(3600)), "ours": Schedule()}.items():
        runs = [asked(times, hours, plan, source()) for times in sources]
        found[name] = (sum(polls for polls, _ in runs), median(delay for _, delays in runs for delay in delays))
    assert found["ours"][0] < found["fixed"][0]
    assert found["ours"][1] < found["fixed"][1]


def visited(*, changing: bool, chances: random.Random) -> int:
    """How often an article is looked at in a hundred days, each time a minute after it is due."""
    first = changed = now = NOW
    visits = 0
    while (due := next_visit(SCHEDULE, first, changed, now, chances.random())) and visits < 1000:
        visits, now = visits + 1, from_instant(due) + timedelta(minutes=1)
        changed = now if changing else changed
    return visits


def test_each_rung_is_one_visit_and_a_page_that_never_looks_the_same_has_not_many_more() -> None:
    chances = random.Random(3)  # noqa: S311 - a simulation
    assert visited(changing=False, chances=chances) == len(SCHEDULE.revisits)
    assert visited(changing=True, chances=chances) <= 60
