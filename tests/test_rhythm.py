"""When a source is asked, by what was learned of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.rhythm import Rhythm

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WORTH = 600.0
DAY = 86400.0
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis'


def even(an_hour: float, days: int = 14) -> Rhythm:
    """A source that published evenly for some days."""
    count = round(an_hour * 24 * days)
    times = [MONDAY - timedelta(days=days) * (n * 0.618034 % 1) for n in range(count)]  # golden: no hour is favoured
    return Rhythm().watched(MONDAY, times)


def by_day(days: int = 28) -> Rhythm:
    """Four entries an hour from 8 to 18 on working days, and nothing else; polled every hour."""
    rhythm = Rhythm(MONDAY - timedelta(days=days))
    for hour in range(24 * days):
        moment = MONDAY - timedelta(days=days) + timedelta(hours=hour + 1)
        begun = moment - timedelta(hours=1)
        busy = 8 <= begun.hour < 18 and begun.weekday() < 5
        rhythm = rhythm.watched(moment, [begun + timedelta(minutes=15 * n + 7) for n in range(4)] if busy else [])
    return rhythm


@pytest.mark.parametrize("an_hour", [0.05, 0.5, 4, 20])
def test_a_rate_is_learned_from_what_the_first_poll_shows(an_hour: float) -> None:
    assert even(an_hour).rate == pytest.approx(an_hour, rel=0.1, abs=0.01)


@pytest.mark.parametrize("an_hour", [0.05, 0.5, 4])
def test_an_even_source_waits_by_the_square_root(an_hour: float) -> None:
    rhythm = even(an_hour)
    waits = [rhythm.wait(MONDAY + timedelta(hours=hour), WORTH, DAY) for hour in range(168)]
    expected = (2 * WORTH / 3600 / an_hour) ** 0.5 * 3600
    assert fmean(waits) == pytest.approx(expected, rel=0.25, abs=300)


def test_nights_and_weekends_are_left_alone() -> None:
    rhythm = by_day()
    at_noon = rhythm.wait(MONDAY + timedelta(hours=12), WORTH, DAY)
    at_night = rhythm.wait(MONDAY + timedelta(hours=20), WORTH, DAY)
    on_saturday = rhythm.wait(MONDAY + timedelta(days=5, hours=12), WORTH, DAY)
    assert at_noon < 1800
    assert at_night > 4 * at_noon
    assert on_saturday > 2 * at_noon
    # Whoever looks in the evening comes back when the morning has begun, not after it.
    assert MONDAY + timedelta(hours=20, seconds=at_night) < MONDAY + timedelta(days=1, hours=10)


def test_what_was_is_forgotten_when_a_source_falls_quiet() -> None:
    rhythm, moment = even(4), MONDAY
    before = rhythm.wait(moment, WORTH, DAY)
    for _ in range(2 * 24):
        moment += timedelta(hours=1)
        rhythm = rhythm.watched(moment, [])
    assert rhythm.wait(moment, WORTH, DAY) > 2 * before
    for _ in range(60 * 24):
        moment += timedelta(hours=1)
        rhythm = rhythm.watched(moment, [])
    assert rhythm.wait(moment, WORTH, DAY) > 6 * before


def test_entries_without_a_date_came_some_time_since_the_last_poll() -> None:
    rhythm = Rhythm(MONDAY)
    for hour in range(1, 200):
        rhythm = rhythm.watched(MONDAY + timedelta(hours=hour), [None, None])
    assert rhythm.rate == pytest.approx(2, rel=0.1)


def test_a_source_is_asked_before_half_of_what_it_shows_has_gone() -> None:
    wide, narrow = even(20).watched(MONDAY, [], 1000), even(20).watched(MONDAY, [], 4)
    worth = 100 * WORTH
    assert narrow.wait(MONDAY, worth, DAY) < wide.wait(MONDAY, worth, DAY)
    assert narrow.wait(MONDAY, worth, DAY) <= 2 / 20 * 3600 + 600


def test_nothing_is_known_at_first() -> None:
    assert not Rhythm().is_known
    assert not Rhythm().watched(MONDAY, [None] * 30).is_known
    assert even(1).is_known


@given(moments, st.lists(st.none() | moments, max_size=30), moments, st.integers(0, 2000))
def test_any_history_gives_a_wait_and_comes_back_as_it_was(
    first: datetime, times: list[datetime | None], second: datetime, window: int
) -> None:
    rhythm = Rhythm().watched(first, times, window).watched(second, times, window)
    assert 0 < rhythm.wait(max(first, second), WORTH, DAY) <= DAY
    again = Rhythm.loaded(rhythm.dumped())
    assert again.until == rhythm.until
    assert again.window == rhythm.window
    assert again.rate == pytest.approx(rhythm.rate, rel=0.01, abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "null",
        "[]",
        "[1]",
        "{}",
        '["x", 0, 0, 0, [], [], [], []]',
        "[null, 0, 0, 0, [1], [1], [1], [1]]",
        "\0",
    ],
)
def test_what_cannot_be_read_is_learned_again(text: str | None) -> None:
    assert Rhythm.loaded(text) == Rhythm()
    assert json.loads(Rhythm().dumped())[0] is None


def test_what_came_and_went_between_two_polls_is_estimated() -> None:
    rhythm = even(4)
    day_later = MONDAY + timedelta(days=1)
    shown: list[datetime | None] = [day_later - timedelta(minutes=15 * n) for n in range(20)]  # of five hours
    assert rhythm.missed(day_later, shown) == pytest.approx(4 * 19, rel=0.1)
    assert rhythm.missed(day_later, [None] * 20) == pytest.approx(4 * 24 - 20, rel=0.1)
    assert rhythm.missed(MONDAY + timedelta(hours=1), shown[:0]) == 0
    covered: list[datetime | None] = [MONDAY - timedelta(minutes=1), *shown]
    assert rhythm.missed(day_later, covered) == 0
    assert Rhythm().missed(day_later, shown) == 0


def test_a_source_whose_dates_are_of_a_wrong_zone_is_learned_all_the_same() -> None:
    rhythm = Rhythm(MONDAY)
    for hour in range(1, 100):
        now = MONDAY + timedelta(hours=hour)
        rhythm = rhythm.watched(now, [now + timedelta(hours=3) for _ in range(20)], 30)
    assert rhythm.rate == pytest.approx(20, rel=0.1)
    assert rhythm.wait(MONDAY + timedelta(hours=100), WORTH, DAY) < 1800


def test_what_nobody_saw_is_not_counted_as_quiet() -> None:
    before = even(20)
    back = MONDAY + timedelta(days=20)
    after = before.watched(back, [back - timedelta(minutes=3 * n) for n in range(30)], 30)
    assert after.rate == pytest.approx(20, rel=0.2)
