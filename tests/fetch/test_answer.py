from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import PageGone, PageRefused, ServerTrouble, WrongType
from scraper.fetch.answer import check_start, check_type, public_headers, refusal, retry_after

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
URL = "https://example.org/a"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, ServerTrouble) for status in (408, 425, 429, 500, 502, 503, 504, 522, 599)),
        *((status, PageGone) for status in (404, 410)),
        *((status, PageRefused) for status in (400, 401, 402, 403, 406, 451, 300, 304, 999)),
    ],
)
def test_statuses(status: int, kind: type[Exception]) -> None:
    error = refusal(status, URL, (), NOW)
    assert type(error) is kind
    assert f"{URL} answered {status}" in str(error)
    assert getattr(error, "status", None) == status


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Mon, 23 Nov 2026 10:05:00 GMT", 300.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 10:05:00 -0000", 300.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Mon, 23 Nov 2026 10:00:00 GMT", 300.0),
        ("Mon, 23 Nov 2026 08:30:00 GMT", 5700.0),
        ("now", 300.0),
        (None, 300.0),
    ],
)
def test_a_date_is_that_of_the_servers_clock(date: str | None, seconds: float) -> None:
    headers = [("retry-after", "Mon, 23 Nov 2026 10:05:00 GMT"), *([("date", date)] if date else [])]
    error = refusal(503, URL, iter(headers), NOW)
    assert isinstance(error, ServerTrouble)
    assert error.retry_after == seconds


@given(st.text() | st.text(alphabet="0123456789 :,-+GMTonJa"))
def test_no_retry_after_breaks_it(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or wait >= 0


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("application/pdf", "a PDF"),
        ("Application/PDF; charset=binary", "a PDF"),
        ("image/png", "an image"),
        ("video/mp4", "a film"),
        ("audio/mpeg", "a sound"),
        ("application/zip", "a ZIP archive"),
        ("application/octet-stream", "a binary file"),
    ],
)
def test_types_that_are_no_page(value: str, what: str) -> None:
    with pytest.raises(WrongType, match=f"^{URL} is {what}, not a web page$"):
        check_type(value, URL)


@pytest.mark.parametrize(
    "value", [None, "", "text/html", "application/xhtml+xml", "text/plain", "application/json", "?"]
)
def test_types_that_may_be_a_page(value: str | None) -> None:
    check_type(value, URL)


@pytest.mark.parametrize(
    "start",
    [b"%PDF-1.7", b"\n%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"PK\x03\x04", b"\x1f\x8b\x08\0",
     b"RIFF1234WEBPVP8", b"\0\0\0\x18ftypmp42"],
)  # fmt: skip
def test_first_bytes_that_are_no_page(start: bytes) -> None:
    with pytest.raises(WrongType):
        check_start(start, URL)


@pytest.mark.parametrize(
    "start", [b"", b"<!doctype html>", b"\xef\xbb\xbf<html>", b"PKK", b"\xff\xfe<\0", b"GIF is a format"]
)
def test_first_bytes_that_may_be_a_page(start: bytes) -> None:
    check_start(start, URL)


def test_secrets_are_dropped() -> None:
    kept = [("ETag", '"1"'), ("X-Author", "me"), ("Last-Modified", "x"), ("Vary", "Cookie"), ("Age", "1")]
    secret = ["Set-Cookie", "Set-Cookie2", "Cookie", "Authorization", "Proxy-Authorization", "WWW-Authenticate",
              "Proxy-Authenticate", "X-CSRF-Token", "X-Api-Key", "X-Amz-Security-Token"]  # fmt: skip
    headers = public_headers([*kept, *((name, "hush") for name in secret)])
    assert headers == tuple((name.lower(), value) for name, value in kept)
