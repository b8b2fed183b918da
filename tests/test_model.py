from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model import Article, Page, from_instant, instant

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones)  # noqa: DTZ001 - zones are added


@settings(deadline=None)
@given(moments)
def test_an_instant_comes_back(moment: datetime) -> None:
    text = instant(moment)
    assert from_instant(text) == moment.replace(microsecond=0)
    assert from_instant(text).tzinfo is UTC
    assert instant(from_instant(text)) == text
    assert len(text) == len("2026-11-23T20:15:00Z")


@settings(deadline=None)
@given(moments, moments)
def test_instants_sort_as_text(one: datetime, other: datetime) -> None:
    seconds = [moment.astimezone(UTC).replace(microsecond=0) for moment in (one, other)]
    assert (instant(one) < instant(other)) is (seconds[0] < seconds[1])


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-23T20:15:00Z", datetime(2026, 11, 23, 20, 15, tzinfo=UTC)),
        ("2022-01-19", datetime(2022, 1, 19, tzinfo=UTC)),
        ("2026-11-23T20:15:00+02:00", datetime(2026, 11, 23, 18, 15, tzinfo=UTC)),
    ],
)
def test_what_else_is_read(text: str, moment: datetime) -> None:
    assert from_instant(text) == moment
    assert from_instant(text).tzinfo is UTC


def test_values_are_frozen() -> None:
    article = Article("https://news.example/", "Title", "Body")
    with pytest.raises(FrozenInstanceError):
        article.title = "Other"  # type: ignore[misc]


def test_the_first_header_of_a_name() -> None:
    headers = (("a", "1"), ("b", "2"), ("a", "3"))
    page = Page("u", "u", 200, headers, b"", datetime(2026, 11, 23, tzinfo=UTC))
    assert (page.header("a"), page.header("b"), page.header("c")) == ("1", "2", None)
