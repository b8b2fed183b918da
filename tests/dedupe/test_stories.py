from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from scraper.dedupe.stories import Member, first_of, groups, lead_of
from scraper.model import Kind, Zone

NOON = "2026-11-20T12:00:00Z"
SEEN = "2026-11-22T09:00:00Z"


def member(number: int, at: str | None = NOON, zone: Zone | None = Zone.GIVEN, **changes: Any) -> Member:
    url = f"https://paper{number}.example/story"
    return replace(Member(number, url, Kind.ARTICLE, SEEN, 1000, at, zone), **changes)


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        (member(1), member(2, "2026-11-20T11:59:59Z"), 2),
        (member(1), member(2), 1),  # at once: the one that was stored first
        (member(1), member(2, "2026-11-20", Zone.NONE), 1),  # which may have been in the evening
        (member(1), member(2, "2026-11-18", Zone.NONE), 2),
        (member(1, "2026-11-20", Zone.NONE), member(2, "2026-11-20", Zone.NONE), 1),
        (member(1), member(2, "2026-11-20T05:00:00Z", Zone.ASSUMED), 1),  # which may have been 17:00
        (member(1), member(2, "2026-11-19T23:00:00Z", Zone.ASSUMED), 2),
        (member(1), member(2, None, None), 1),  # out when it was seen
        (member(1), member(2, None, None, first_seen_at="2026-11-20T11:00:00Z"), 2),
        (member(1), member(2, "2026-11-25T00:00:00Z", first_seen_at="2026-11-20T11:00:00Z"), 2),  # a date to come
    ],
)
def test_the_first_publisher_is_the_one_that_was_surely_out_first(one: Member, other: Member, first: int) -> None:
    assert first_of([one, other]) == first_of([other, one]) == first


def test_a_credit_names_the_first_publisher() -> None:
    agency = member(3, url="https://www.reuters.com/world/story")
    paper = member(1, "2026-11-20T08:00:00Z", agency="reuters")
    assert first_of([paper, agency]) == 3
    assert first_of([paper, member(2)]) == 1  # where the agency's own is not known, the earliest
    assert first_of([replace(paper, url="https://reuters.com/x"), replace(agency, agency="reuters")]) == 1


def test_a_canonical_address_on_another_site_names_the_first_publisher() -> None:
    copy = member(1, "2026-11-20T08:00:00Z", canonical_url="https://www.paper2.example/story/?utm_source=x")
    assert first_of([copy, member(2)]) == 2
    assert first_of([copy, member(2, canonical_url="https://paper1.example/story")]) == 1  # each names the other
    assert first_of([replace(copy, canonical_url="nonsense"), member(2)]) == 1


def test_the_lead_is_the_fullest_that_is_no_teaser() -> None:
    brief, full = member(1, length=400), member(2, length=1000)
    assert lead_of([brief, full], 1) == 2
    assert lead_of([brief, replace(full, kind=Kind.TEASER)], 1) == 1
    assert lead_of([replace(brief, kind=Kind.TEASER), replace(full, kind=Kind.TEASER)], 1) == 2


def test_of_about_as_full_ones_the_first_publishers_leads() -> None:
    own, longer, early = member(1, length=960), member(2, length=1000), member(3, "2026-11-20T10:00:00Z", length=970)
    assert lead_of([own, longer, early], 1) == 1
    assert lead_of([longer, early], 1) == 3


def test_what_hangs_together() -> None:
    assert groups([1, 2, 3, 4, 5, 6], [(1, 2), (5, 4), (6, 5), (9, 1)]) == [{4, 5, 6}, {1, 2}, {3}]
    assert groups([], []) == []
