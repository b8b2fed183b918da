"""The date that a source gave, where a page names none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scraper.dedupe.announced import dated, still_dated
from scraper.model import Article, Date, Entry, Zone

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = Article("https://news.example/wall", "Breakwater to be repaired", "Text.", evidence={"title": "dom:h1"})
OWN = replace(BASE, published_at="2026-11-20", published_zone=Zone.NONE, evidence={"published_at": "dom:time"})


@pytest.mark.parametrize(
    ("told", "zone", "known"),
    [
        ("2026-11-24T10:00:00Z", "", Zone.GIVEN),
        ("2026-11-24T10:00:00Z", "Europe/Riga", Zone.SOURCE),
        ("2026-11-24", "Europe/Riga", Zone.NONE),
    ],
)
def test_an_article_without_a_date_has_that_of_its_entry(told: str, zone: str, known: Zone) -> None:
    found = dated(BASE, told, zone, NOW)
    assert (found.published_at, found.published_raw, found.published_zone) == (told, told, known)
    assert found.evidence == {"title": "dom:h1", "published_at": "entry:published"}


@pytest.mark.parametrize("told", [None, "", "2026-11-24T12:00:01Z", "2026-11-25"])
def test_no_date_and_one_that_is_yet_to_come_are_none(told: str | None) -> None:
    assert dated(BASE, told, "", NOW) == BASE


def test_the_date_of_the_page_itself_goes_before() -> None:
    assert dated(OWN, "2026-11-24", "", NOW) == OWN
    assert still_dated(OWN, dated(BASE, "2026-11-24", "", NOW)) == OWN


def test_it_stays_when_the_page_is_read_again() -> None:
    old = dated(BASE, "2026-11-24", "", NOW)
    assert still_dated(BASE, old) == old
    assert still_dated(BASE, OWN) == BASE


@pytest.mark.parametrize(
    ("zone", "told"),
    [(Zone.GIVEN, "2026-11-24T10:00:00Z"), (Zone.SOURCE, "2026-11-24T10:00:00Z"), (Zone.ASSUMED, "2026-11-24")],
)
def test_of_an_instant_whose_zone_is_assumed_only_the_day_is_sure(zone: Zone, told: str) -> None:
    assert Entry("https://news.example/wall", None, Date("2026-11-24T10:00:00Z", "", zone)).dated == told
