from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.caching import (
    fingerprint,
    freshness,
    is_audit_due,
    is_usable,
    remembered,
    renewed,
    validators,
    way_of_reading,
)
from scraper.model import Page, SourceKind, instant
from scraper.settings import Source
from scraper.store import SourceState

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = 86400.0
STATE = SourceState(
    1,
    "s",
    etag='"1"',
    last_modified="Mon",
    failures=0,
    next_due=None,
    whole_at=instant(NOW - timedelta(hours=2)),
    read_as="way",
)


def page(*headers: tuple[str, str], status: int = 200, body: bytes = b"new") -> Page:
    return Page("http://a.example/", "http://a.example/", status, headers, body, NOW)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age = 600, s-maxage=9"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=600", "age": "500"}, 100),
        ({"cache-control": "max-age=600", "age": "5000"}, 0),
        ({"cache-control": "max-age=600", "age": "soon"}, 600),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "no-store"}, 0),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=99999999999999"}, 9999999999),
        ({"cache-control": "max-age=60", "expires": "Mon, 23 Nov 2026 11:00:00 GMT"}, 60),
        ({"expires": "Mon, 23 Nov 2026 11:00:00 GMT"}, 3600),
        ({"expires": "Mon, 23 Nov 2026 11:00:00 GMT", "date": "Mon, 23 Nov 2026 10:30:00 GMT"}, 1800),
        ({"expires": "Mon, 23 Nov 2026 09:00:00 GMT"}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "Tue, 99 Foo 2026 99:00:00"}, 0),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: dict[str, str], seconds: float) -> None:
    found = freshness(page(*headers.items()))
    assert found == seconds or (found > 86400 and seconds > 86400)


def test_validators_are_sent_unless_their_304_was_found_wrong() -> None:
    assert validators(STATE, "way", NOW) == ('"1"', "Mon")
    for days, sent in ((1, (None, None)), (29, (None, None)), (31, ('"1"', "Mon"))):
        assert validators(replace(STATE, distrusted_at=instant(NOW - timedelta(days=days))), "way", NOW) == sent


def test_no_validators_are_sent_where_the_source_is_read_in_another_way() -> None:
    assert validators(STATE, "another way", NOW) == (None, None)


def test_an_audit_is_due_a_day_after_the_last_whole_answer() -> None:
    assert not is_audit_due(STATE, DAY, NOW)
    assert is_audit_due(STATE, DAY, NOW + timedelta(hours=22))
    assert is_audit_due(replace(STATE, whole_at=None), DAY, NOW)


def test_what_is_kept_of_a_whole_answer() -> None:
    answer = page(("etag", '"2"'), ("last-modified", "Tue"))
    assert remembered(answer, "way", index=False, lied=False, now=NOW) == {
        "etag": '"2"', "last_modified": "Tue", "body_hash": fingerprint(b"new"), "read_as": "way",
        "whole_at": "2026-11-23T10:00:00Z",
    }  # fmt: skip
    assert remembered(answer, "way", index=True, lied=True, now=NOW) == {
        "etag": None, "last_modified": None, "body_hash": None, "read_as": "way",
        "whole_at": "2026-11-23T10:00:00Z", "distrusted_at": "2026-11-23T10:00:00Z",
    }  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"include": ("/politics/",)}, {"exclude": ("/sport/",)}, {"timezone": "Europe/Paris"}, {"language": "fr"},
        {"user_agent": "Bot/1"}, {"headers": {"X-A": "1"}}, {"cookies": {"a": "1"}}, {"login": "env:A"},
        {"proxy": "http://p:1"}, {"hosts": ("a.example",)}, {"kind": SourceKind.PAGE},
    ],
)  # fmt: skip
def test_a_source_that_is_asked_or_read_otherwise_is_something_new(changed: dict[str, object]) -> None:
    values = {"name": "s", "url": "http://a.example/", "kind": SourceKind.FEED}
    plain, other = Source(**values), Source(**{**values, **changed})  # type: ignore[arg-type]
    assert way_of_reading(plain, 10) == way_of_reading(plain, 10)
    assert len({way_of_reading(plain, 10), way_of_reading(plain, 11), way_of_reading(other, 10)}) == 3


def test_how_a_source_is_read_tells_no_secret() -> None:
    values = {"name": "s", "url": "http://a.example/", "kind": SourceKind.FEED}
    one, other = (
        Source(**values, headers={"X-A": secret}, proxy=f"http://me:{secret}@p:1")  # type: ignore[arg-type]
        for secret in ("hush", "other")
    )
    assert way_of_reading(one, 10) == way_of_reading(other, 10)


@pytest.mark.parametrize(
    ("kept", "usable"),
    [
        (page(("etag", '"1"')), True),
        (page(("last-modified", "Mon")), True),
        (page(), False),
        (page(("etag", '"1"'), status=203), False),
        (replace(page(("etag", '"1"')), fetched_at=NOW - timedelta(hours=25)), False),
        (replace(page(("etag", '"1"')), fetched_at=NOW + timedelta(hours=1)), False),
    ],
)
def test_which_kept_pages_may_stand_in(kept: Page, *, usable: bool) -> None:
    assert is_usable(kept, DAY, NOW) is usable


def test_a_304_renews_the_kept_headers_but_not_what_describes_the_body() -> None:
    kept = page(("content-type", "text/html; charset=x"), ("etag", '"1"'), ("x-a", "old"), body=b"kept")
    answer = page(
        ("content-type", "text/plain"), ("etag", '"1"'), ("x-a", "new"), ("x-a", "newer"), status=304, body=b""
    )
    found = renewed(kept, answer)
    assert (found.body, found.status, found.from_cache) == (b"kept", 304, True)
    assert sorted(found.headers) == [
        ("content-type", "text/html; charset=x"), ("etag", '"1"'), ("x-a", "new"), ("x-a", "newer"),
    ]  # fmt: skip
