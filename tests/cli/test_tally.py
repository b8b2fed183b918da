from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.chart import ASCII, UNICODE, columns, merged, spark, together
from scraper.cli.tally import MOST, By, Row, languages, tally, window
from scraper.errors import BadUsage
from scraper.store.counts import Count

NOW = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("by", "first", "last", "end", "many"),
    [
        (By.HOUR, "2026-11-24T04", "2026-11-26T03", "2026-11-26T04", 48),
        (By.DAY, "2026-10-28", "2026-11-26", "2026-11-27", 30),
        (By.WEEK, "2026-06-01", "2026-11-23", "2026-11-30", 26),
        (By.MONTH, "2024-12", "2026-11", "2026-12", 24),
    ],
)
def test_without_a_time_it_is_a_while_up_to_now(by: By, first: str, last: str, end: str, many: int) -> None:
    edges = window(by, None, None, "2026-11-25", NOW)
    assert (edges[0], edges[-2], edges[-1], len(edges) - 1) == (first, last, end, many)


def test_it_ends_with_the_latest_article_where_that_is_long_ago() -> None:
    assert window(By.DAY, None, None, "2022-01-19T12:00:00Z", NOW)[-2] == "2022-01-19"
    assert window(By.DAY, None, None, "2031-01-01", NOW)[-2] == "2026-11-26"
    assert window(By.DAY, None, None, None, NOW)[-2] == "2026-11-26"


def test_the_days_that_are_named_are_both_in_it() -> None:
    assert window(By.DAY, "2026-11-01", "2026-11-03", None, NOW)[:-1] == ("2026-11-01", "2026-11-02", "2026-11-03")
    assert window(By.HOUR, "2026-11-01", "2026-11-01", None, NOW)[-2] == "2026-11-01T23"
    assert window(By.WEEK, "2026-11-04", "2026-11-10T12:00:00Z", None, NOW)[:-1] == ("2026-11-02", "2026-11-09")
    assert window(By.MONTH, "2025-12-31", "2026-01-01", None, NOW)[:-1] == ("2025-12", "2026-01")
    assert window(By.DAY, "2027-01-01", None, None, NOW) == ("2027-01-01", "~")


@pytest.mark.parametrize("by", By)
def test_the_ends_of_time(by: By) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        edges = window(by, None, day, None, NOW)
        assert len(edges) > 1
        assert all(one < other for one, other in pairwise(edges))


def test_too_many_spans() -> None:
    with pytest.raises(BadUsage, match=f"more than {MOST:,} days"):
        window(By.DAY, "2000-01-01", None, None, NOW)


def test_the_largest_have_a_row_and_the_others_one_together() -> None:
    counts = [Count(0, "a", 5), Count(1, "a", 1), Count(1, "b", 3), Count(1, None, 2), Count(0, "c", 1)]
    found = tally(By.DAY, ("2026-11-01", "2026-11-02"), counts, 2)
    assert found.rows == (Row("a", (5, 1)), Row("b", (0, 3)), Row("2 others", (1, 2)))
    assert found.all == (6, 6)
    assert [row.total for row in found.rows] == [6, 3, 3]
    assert len(tally(By.DAY, ("x", "y"), counts, 3).rows) == 4  # to add up one saves no line
    assert tally(By.DAY, ("x", "y"), [], 3).all == (0, 0)


def test_a_language_is_counted_with_its_countries() -> None:
    counts = [Count(0, "en-GB", 1), Count(0, "EN", 2), Count(0, None, 3)]
    assert [(row.name, row.total) for row in tally(By.DAY, ("x",), languages(counts), 9).rows] == [
        ("en", 3), (None, 3),
    ]  # fmt: skip


def test_a_line_of_small_columns() -> None:
    assert spark([0, 1, 4, 8], 8, UNICODE) == " ▁▄█"
    assert spark([0, 1, 400, 800], 800, UNICODE)[1] == "▁"  # what is not nothing is to be seen
    assert spark([0, 1, 2, 3], 3, ASCII) == " .:#"


def test_a_chart_of_columns() -> None:
    assert columns([1, 0, 2], ["one", "two", "six"], 30, ASCII) == [
        "2 +      ##",
        "  |      ##",
        "  |      ##",
        "  |##    ##",
        "  |##    ##",
        "  |##    ##",
        "0 +---------",
        "   one   six",
    ]


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=400), st.integers(40, 200))
def test_a_chart_fits_any_width(numbers: list[int], width: int) -> None:
    lines = columns(numbers, ["2026-11-01"] * len(numbers), width, UNICODE)
    assert max(map(len, lines)) <= width
    assert len(lines) == 8
    if any(numbers):
        assert sum(line.count("█") > 0 for line in lines) == 6  # the most is as high as there is room


@given(st.lists(st.integers(0, 99), max_size=300), st.integers(1, 90))
def test_neighbours_are_added_up(numbers: list[int], room: int) -> None:
    few = merged(numbers, room)
    assert len(few) <= room
    assert sum(few) == sum(numbers)
    if len(numbers) > room:
        assert few[-1] == sum(numbers[-together(len(numbers), room) :])
