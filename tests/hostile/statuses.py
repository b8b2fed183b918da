"""Statuses: what is refused, what is gone, what is tried again, and how long a host is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial

from scraper.model import Outcome
from tests.fetch.loopback import Reply
from tests.hostile.answers import HTML, page, raw, story
from tests.hostile.case import Case, Pace, failed, saved, skipped

PAUSED = "asked for "


def busy(status: int, retry_after: str | None = None) -> Reply:
    return Reply(status, b"", (("Retry-After", retry_after),) if retry_after is not None else ())


def in_an_hour() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)


def paused(name: str, answer: Reply) -> Case:
    """A host that wants to be left alone longer than we wait: the second time it is not even asked."""
    return failed(name, (answer, page("x")), "host paused", PAUSED, times=2)


trouble = partial(failed, reason="server trouble")
again = partial(saved, pace=Pace.STUBBORN)

CASES = (
    # --- refused or gone
    *(
        skipped(f"{status}", Reply(status, story("x").encode(), (HTML,)), "refused", f"answered {status}")
        for status in (400, 401, 403, 407, 451, 600, 999)
    ),
    *(
        skipped(f"{status}", Reply(status, story("x").encode(), (HTML,)), "gone", f"answered {status}")
        for status in (404, 410)
    ),
    *(trouble(f"{status}", Reply(status, b""), says=f"answered {status}") for status in (408, 425, 500, 502, 520)),
    skipped(
        "304 to what was asked without conditions",
        raw("HTTP/1.1 304 X\nETag: x", "")[:30] + b"\r\n\r\n",
        "refused",
        "304",
    ),
    skipped("304 with a page in it", Reply(304, story("x").encode(), (HTML,)), "refused", "304"),
    skipped(
        "206: a part that nobody asked for",
        page("Part", HTML, ("Content-Range", "bytes 5-900/9000"), status=206),
        "refused",
        "206",
    ),
    saved("203: not the origin's own words", page("Second hand", status=203), "Second hand"),
    # --- that may pass
    trouble("429 without Retry-After", busy(429), says="answered 429 Too Many Requests"),
    trouble("503 without Retry-After", busy(503), says="answered 503 Service Unavailable"),
    trouble("429 every time", busy(429, "0"), says="answered 429", pace=Pace.STUBBORN),
    trouble("500 every time", busy(500), says="answered 500", pace=Pace.STUBBORN),
    trouble(
        "503 whose Retry-After is too long to wait for", busy(503, "3600"), says="answered 503", pace=Pace.STUBBORN
    ),
    again("429 without Retry-After, and then the page", (busy(429), page("After 429")), "After 429"),
    again("429 for a second", (busy(429, "1"), page("A second later")), "A second later"),
    again("503 without Retry-After, and then the page", (busy(503), page("After 503")), "After 503"),
    again(
        "503 until a date that is past", (busy(503, "Wed, 21 Oct 2015 07:28:00 GMT"), page("Long past")), "Long past"
    ),
    again("503 until a date of asctime", (busy(503, "Wed Oct 21 07:28:00 2015"), page("By asctime")), "By asctime"),
    again("503, 500, and then the page", (busy(503), busy(500), page("Third time")), "Third time"),
    again("429 whose Retry-After is nonsense", (busy(429, "soon"), page("Soon")), "Soon"),
    again("429 whose Retry-After is below nothing", (busy(429, "-5"), page("Before now")), "Before now"),
    again(
        "429 whose Retry-After is no date",
        (busy(429, "Mon, 99 Foo 99999 99:99:99 +9999999"), page("No date")),
        "No date",
    ),
    again("429 whose Retry-After has 400 digits", (busy(429, "9" * 400), page("Digits")), "Digits"),
    again("429 whose Retry-After has a fraction", (busy(429, "0.5"), page("Half a second")), "Half a second"),
    paused("429 for an hour", busy(429, "3600")),
    paused("429 for thirty years", busy(429, "946080000")),
    paused("503 for an hour", busy(503, "3600")),
    paused("503 until a date", busy(503, in_an_hour())),
    paused("503 until the end of time", busy(503, "Fri, 31 Dec 9999 23:59:59 GMT")),
    Case("a page that is asked twice", page("Twice"), Outcome.UNCHANGED, "known", "nothing changed", times=2),
    Case(
        "a page that is gone the second time", (page("Gone"), Reply(410, b"")), Outcome.SKIPPED, "gone", "410", times=2
    ),
)
