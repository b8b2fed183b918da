from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scraper.caching import fingerprint, freshness, is_audit_due, is_usable, remembered, renewed, validators
from scraper.model import Page, SourceKind, instant
from scraper.settings import Source
from scraper.store import SourceState

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = 86400.0
STATE = SourceState(
    1, "s", etag='"1"', last_modified="Mon", failures=0, next_due=None, whole_at=instant(NOW - timedelta(hours=2))
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
    assert validators(STATE, NOW) == ('"1"', "Mon")
    for days, sent in ((1, (None, None)), (29, (None, None)), (31, ('"1"', "Mon"))):
        assert validators(replace(STATE, distrusted_at=instant(NOW - timedelta(days=days))), NOW) == sent


def test_an_audit_is_due_a_day_after_the_last_whole_answer() -> None:
    assert not is_audit_due(STATE, DAY, NOW)
    assert is_audit_due(STATE, DAY, NOW + timedelta(hours=22))
    assert is_audit_due(replace(STATE, whole_at=None), DAY, NOW)


def test_what_is_kept_of_a_whole_answer() -> None:
    answer = page(("etag", '"2"'), ("last-modified", "Tue"))
    kept = remembered(answer, "hash", index=False, lied=False, now=NOW)
    assert kept == {"etag": '"2"', "last_modified": "Tue", "body_hash": "hash", "whole_at": "2026-11-23T10:00:00Z"}
    assert remembered(answer, "hash", index=True, lied=True, now=NOW) == {
        "etag": None, "last_modified": None, "body_hash": None, "whole_at": "2026-11-23T10:00:00Z",
        "distrusted_at": "2026-11-23T10:00:00Z",
    }  # fmt: skip


def test_the_same_bytes_read_in_another_way_are_something_new() -> None:
    source = Source(name="s", url="http://a.example/", kind=SourceKind.FEED)
    narrower = Source(name="s", url="http://a.example/", kind=SourceKind.FEED, include=("/politics/",))
    assert fingerprint(source, b"x", 10) == fingerprint(source, b"x", 10)
    others = [fingerprint(source, b"y", 10), fingerprint(source, b"x", 11), fingerprint(narrower, b"x", 10)]
    assert len({fingerprint(source, b"x", 10), *others}) == 4


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
