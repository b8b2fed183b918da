"""When an earlier answer spares a new one: conditional requests, and when the answer to them is not believed. Pure.

Some servers answer 304 for ever. So now and then (``fetch.audit``) a source that answers 304 is asked for the whole
answer at once, and where that announces what the 304 had denied, its 304 answers are not believed for a month.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scraper.fetch.request import version
from scraper.model import Page, from_instant, instant
from scraper.settings import Source
from scraper.store import SourceState

_DISTRUST_LASTS = timedelta(days=30)
# RFC 9111, 3.2: what a 304 says of its own (empty) body says nothing of the kept one.
_OF_THE_BODY = re.compile(r"content-(encoding|type|range|length)")


def validators(state: SourceState, read_as: str, now: datetime) -> tuple[str | None, str | None]:
    """The ETag and the Last-Modified to ask a source with; neither where its 304 answers are not believed, or where it
    is read in another way than the last time, and so may bring something new without a change.
    """
    if state.read_as != read_as:
        return None, None
    if state.distrusted_at is not None and now - from_instant(state.distrusted_at) < _DISTRUST_LASTS:
        return None, None
    return state.etag, state.last_modified


def is_audit_due(state: SourceState, every: float, now: datetime) -> bool:
    """Whether a source that answers 304 is to be asked for the whole answer all the same."""
    return state.whole_at is None or (now - from_instant(state.whole_at)).total_seconds() >= every


def way_of_reading(source: Source, most: int) -> str:
    """Equal where the same answer would bring the same: how a source is asked (but no secret) and how it is read."""
    asked = (source.user_agent, source.language, source.hosts, sorted(source.headers), sorted(source.cookies))
    secret = (source.login, source.proxy.rpartition("@")[2])  # where they are, but not what they are
    read = (source.kind, source.include, source.exclude, source.timezone, most, version())
    return hashlib.sha256(repr((asked, secret, read)).encode()).hexdigest()


def fingerprint(body: bytes) -> str:
    """Equal for the same bytes."""
    return hashlib.sha256(body).hexdigest()


def remembered(page: Page, read_as: str, *, index: bool, lied: bool, now: datetime) -> dict[str, object]:
    """What to keep of a source's whole answer: columns of ``sources``. ``read_as`` is how it was read.

    ``index``: it lists sitemaps, which may change where it does not. ``lied``: a 304 had denied what it announces.
    """
    return {
        "etag": None if index else page.header("etag"),
        "last_modified": None if index else page.header("last-modified"),
        "body_hash": None if index else fingerprint(page.body),
        "read_as": read_as,
        "whole_at": instant(now),
        **({"distrusted_at": instant(now)} if lied else {}),
    }


def is_usable(kept: Page, believed: float, now: datetime) -> bool:
    """Whether a page that was kept may stand in for the answer, if the server says that it did not change."""
    age = (now - kept.fetched_at).total_seconds()
    named = kept.header("etag") is not None or kept.header("last-modified") is not None
    return kept.status == 200 and named and 0 <= age < believed


def renewed(kept: Page, answer: Page) -> Page:
    """The kept page as a 304 answer renews it: its body, and its headers as the answer corrects them."""
    fresh = {name for name, _ in answer.headers if not _OF_THE_BODY.fullmatch(name)}
    headers = (
        *((name, value) for name, value in kept.headers if name not in fresh),
        *((name, value) for name, value in answer.headers if name in fresh),
    )
    return Page(
        url=answer.url,
        final_url=answer.final_url,
        status=answer.status,
        headers=headers,
        body=kept.body,
        fetched_at=answer.fetched_at,
        elapsed=answer.elapsed,
        redirects=answer.redirects,
        request_headers=answer.request_headers,
        login=answer.login,
    )


def freshness(page: Page) -> float:
    """For how many seconds an answer says of itself that it stays fresh (RFC 9111, 4.2); 0: it does not say so.

    ``s-maxage`` is for caches that many share, and ours is no such cache.
    """
    control = (page.header("cache-control") or "").lower()
    if re.search(r"\bno-(?:cache|store)\b", control):
        return 0.0
    age = _seconds(page.header("age") or "0") or 0.0
    if (found := re.search(r'(?<![\w-])max-age\s*=\s*"?(\d{1,10})', control)) is not None:
        return max(0.0, float(found[1]) - age)
    expires, date = _moment(page.header("expires")), _moment(page.header("date"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (date or page.fetched_at)).total_seconds() - age)


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,10}", text.strip()) else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):  # the parser trips over odd input in many ways
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
