from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover.dates import announced, read_date
from scraper.model import Zone, from_instant, instant
from tests.discover.habits import HABITS

RIGA = ZoneInfo("Europe/Riga")


@pytest.mark.parametrize(
    ("raw", "at", "zone"),
    [
        ("Mon, 23 Nov 2026 20:15:00 GMT", "2026-11-23T20:15:00Z", Zone.GIVEN),
        ("Mon, 23 Nov 2026 10:00 CET", "2026-11-23T09:00:00Z", Zone.GIVEN),
        ("Thu, 23 Jul 2026 10:00 CEST", "2026-07-23T08:00:00Z", Zone.GIVEN),
        ("23 Nov 26 10:00:00 +0300", "2026-11-23T07:00:00Z", Zone.GIVEN),
        ("23 November 97 10:00:00 UT", "1997-11-23T10:00:00Z", Zone.GIVEN),
        ("Mon, 23 Nov 2026 20:15:00 +0100 (CET)", "2026-11-23T19:15:00Z", Zone.GIVEN),
        ("Mon, 23 Nov 2026 20:15:00 GMT+3", "2026-11-23T17:15:00Z", Zone.GIVEN),
        ("Mon, 23 Nov 2026 20:15:60 +0000", "2026-11-23T20:15:59Z", Zone.GIVEN),
        ("2026-11-23T20:15:00.123456+0100", "2026-11-23T19:15:00Z", Zone.GIVEN),
        ("2026-11-23T20:15Z", "2026-11-23T20:15:00Z", Zone.GIVEN),
        ("2026-11-23 20:15:00 -03:30", "2026-11-23T23:45:00Z", Zone.GIVEN),
        ("20261123T201500Z", "2026-11-23T20:15:00Z", Zone.GIVEN),
        ("Mon Nov 23 20:15:00 UTC 2026", "2026-11-23T20:15:00Z", Zone.GIVEN),
        ("November 23, 2026 12:15 AM EST", "2026-11-23T05:15:00Z", Zone.GIVEN),
        ("November 23rd, 2026 at 12:15 p.m. GMT", "2026-11-23T12:15:00Z", Zone.GIVEN),
        ("2026-11-23 20:15", "2026-11-23T18:15:00Z", Zone.SOURCE),
        ("2026-07-23 20:15", "2026-07-23T17:15:00Z", Zone.SOURCE),
        ("Mon, 23 Nov 2026 20:15:00 IST", "2026-11-23T18:15:00Z", Zone.SOURCE),
        ("2026-11-23", "2026-11-23", Zone.NONE),
        ("20261123", "2026-11-23", Zone.NONE),
        ("2026-11-23Z", "2026-11-23", Zone.NONE),
        ("  Monday,\n 23 November 2026 ", "2026-11-23", Zone.NONE),
    ],
)
def test_forms(raw: str, at: str, zone: Zone) -> None:
    date = read_date(raw, RIGA)
    assert (date.at, date.zone) == (at, zone)
    assert date.raw == " ".join(raw.split())


def test_a_naive_date_without_a_configured_zone_is_read_as_utc_and_says_so() -> None:
    date = read_date("Mon, 23 Nov 2026 10:00:00", None)
    assert (date.at, date.zone) == ("2026-11-23T10:00:00Z", Zone.ASSUMED)


@pytest.mark.parametrize(
    "raw",
    [
        "", "2026", "2026-11", "November 2026", "yesterday", "2026-02-30", "2026-13-01", "23 Foo 2026",
        "0001-01-01T00:00:00Z", "1970-01-01", "Thu, 01 Jan 1970 00:00:00 +0000", "Mon, 23 Nov 2026 25:00:00 GMT",
        "9999-12-31T23:59:59-05:00", "1" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_date(raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_date(raw, None)
    assert announced([raw], None) is None


def test_the_first_date_counts() -> None:
    date = announced(["", "soon", "2026-11-23", "2026-11-24"], None)
    assert date is not None
    assert date.at == "2026-11-23"


@pytest.mark.parametrize(("raw", "at"), [habit for habits in HABITS.values() for habit in habits.items()])
def test_habits(raw: str, at: str | None) -> None:
    found = announced([raw], None)
    assert (found.at if found else None) == at


def test_there_are_enough_habits() -> None:
    assert sum(map(len, HABITS.values())) >= 160


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 -- hypothesis wants naive bounds
def test_what_model_writes_is_read_back(moment: datetime) -> None:
    text = instant(moment)
    assert read_date(text, None).at == text
    assert from_instant(read_date(text, None).at) == moment.replace(microsecond=0)


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_value_error(text: str) -> None:
    announced([text], RIGA)
