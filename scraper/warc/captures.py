"""Records -> captures: an answer with what was asked for and which redirects led to it, as far as the file says.

A request and the metadata of an answer stand before it or right behind it, tied by ``WARC-Concurrent-To``; the answer
waits for one more record, so that both orders are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.errors import PageRefused, ScrapeError, Skip, TryLater
from scraper.fetch.answer import check_start, check_type, public_headers
from scraper.fetch.decode import Bounds
from scraper.model import Page
from scraper.warc.message import Head, body_of, parsed, read_head, restored
from scraper.warc.records import Record, Records

_WEB = ("http://", "https://")
_PAGES = re.compile(r"text/html|application/xhtml\+xml|application/xml|text/xml|$")
_NOTES = 2**16
_CREDENTIALS = re.compile(r"(https?:[/\\]+)[^/\\?#]*@", re.IGNORECASE)
_FIRST_YEAR = 1990  # of the web


@dataclass(frozen=True, slots=True)
class Revisit:
    """What an answer was the same as: by where and when that was asked for, or by its digest as the file spells it."""

    url: str
    at: datetime | None
    digest: str
    not_modified: bool


@dataclass(frozen=True, slots=True)
class Capture:
    """An answer that may be a page. ``digest`` is that of its payload as the file spells it, or "".

    ``revisit``: its body is that of another answer. ``source`` is the name of the source that announced it, or "".
    ``error``: why it cannot be read.
    """

    page: Page
    digest: str = ""
    source: str = ""
    revisit: Revisit | None = None
    error: Skip | TryLater | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no page, and what it is."""

    what: str


@dataclass(frozen=True, slots=True)
class _Notes:
    """A request, or metadata: ``fields`` are its headers or its lines."""

    kind: str
    own: tuple[str, ...]
    of: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """A capture with the ids that tie notes to it."""

    capture: Capture
    own: tuple[str, ...]
    of: tuple[str, ...]


def captures(records: Records, bounds: Bounds) -> Iterator[Capture | Passed]:
    """All of a file's, in its order. Of a record that is no page, what it is."""
    before: list[_Notes] = []
    waiting: _Answer | None = None
    for record in records:
        notes = _notes(record)
        if notes is not None:
            if waiting is not None and _are_tied(waiting, notes):
                waiting = replace(waiting, capture=_noted(waiting.capture, notes))
            else:
                before = [*before[-1:], notes]
            yield Passed(notes.kind)
            continue
        if waiting is not None:
            yield waiting.capture
            waiting = None
        found = _read(record, bounds)
        if isinstance(found, Passed):
            yield found
            continue
        waiting = _Answer(found, record.ids("warc-record-id"), record.ids("warc-concurrent-to"))
        for each in before:
            if _are_tied(waiting, each):
                waiting = replace(waiting, capture=_noted(waiting.capture, each))
        before = []
    if waiting is not None:
        yield waiting.capture


def _are_tied(answer: _Answer, notes: _Notes) -> bool:
    return bool({*answer.own} & {*notes.of} or {*answer.of} & {*notes.own})


def _notes(record: Record) -> _Notes | None:
    if record.kind not in ("request", "metadata") or record.size > _NOTES:
        return None
    data = record.block.read(_NOTES)
    while piece := record.block.read(_NOTES - len(data)):
        data += piece
    lines = data.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").splitlines()
    fields = parsed(lines[1:] if record.kind == "request" else lines)
    of = (*record.ids("warc-concurrent-to"), *record.ids("warc-refers-to"))
    return _Notes(record.kind, record.ids("warc-record-id"), of, fields)


def _noted(capture: Capture, notes: _Notes) -> Capture:
    """The capture with what was asked for, or with the redirects that led to it, and whether a login was needed."""
    page = capture.page
    if notes.kind == "request":
        asked = public_headers((name, value) for name, value in notes.fields if name != "host")
        return replace(capture, page=replace(page, request_headers=asked))
    told = [(name, _address(value)) for name, value in notes.fields if value.lower().startswith(_WEB)]
    redirects = tuple(value for name, value in told if name == "redirectedfrom")
    asked_for = next((value for name, value in told if name == "requestedurl"), page.url)
    login = ("login", "1") in notes.fields
    source = next((value for name, value in notes.fields if name == "source"), "")
    page = replace(page, url=asked_for, redirects=redirects, login=login)
    return replace(capture, page=page, source=source)


def _read(record: Record, bounds: Bounds) -> Capture | Passed:
    kind = record.kind
    if kind not in ("response", "revisit", "resource"):
        return Passed(kind or "nameless")
    url = _address(record.headers.get("warc-target-uri", ""))
    if not url.lower().startswith(_WEB):
        return Passed(f"{kind} of {url.partition(':')[0][:20] or 'nothing'}:")
    if record.headers.get("warc-segment-number", "1") != "1" or "warc-segment-total-length" in record.headers:
        return Passed("segment")
    at = _instant(record.headers.get("warc-date", ""))
    page = Page(url, url, 200, (), b"", at or datetime.fromtimestamp(0, UTC))
    digest = record.headers.get("warc-payload-digest", "")
    try:
        return _of_record(record, replace(page, fetched_at=page.fetched_at), digest, bounds, dated=at is not None)
    except (Skip, TryLater) as error:
        return Capture(page, digest, error=error)


def _of_record(record: Record, page: Page, digest: str, bounds: Bounds, *, dated: bool) -> Capture | Passed:
    url = page.url
    if record.kind == "resource":
        head, rest = Head(200, (("content-type", record.headers.get("content-type", "")),)), b""
    else:
        head, rest = read_head(record.block, url)
    not_modified = head.status == 304 or "server-not-modified" in record.headers.get("warc-profile", "")
    if not (200 <= head.status < 300 or (record.kind == "revisit" and not_modified)):
        return Passed(f"status {head.status // 100}xx")
    kind = head.get("content-type").partition(";")[0].strip().lower()
    if not _PAGES.match(kind):
        return Passed(kind.partition("/")[0][:20])
    if not dated:
        raise PageRefused(f"{url}: its record has no date", reason="bad record")
    page = replace(page, status=head.status, headers=public_headers(restored(head)))
    if record.kind == "revisit":
        return Capture(
            replace(page, status=304 if not_modified else head.status), digest, revisit=_revisit(record, page)
        )
    try:
        check_type(kind, url)
        body = body_of(head, rest, record.block, bounds, url)
        if not kind:
            check_start(body[:64], url)
    except ScrapeError as error:
        if not isinstance(error, (Skip, TryLater)):
            raise
        return Capture(page, digest, error=error)
    return Capture(replace(page, body=body), digest)


def _revisit(record: Record, page: Page) -> Revisit:
    headers = record.headers
    return Revisit(
        url=_address(headers.get("warc-refers-to-target-uri", "")) or page.final_url,
        at=_instant(headers.get("warc-refers-to-date", "")),
        digest=headers.get("warc-payload-digest", ""),
        not_modified="server-not-modified" in headers.get("warc-profile", ""),
    )


def _address(text: str) -> str:
    """An address that a record names, without brackets, and without the name and password that some crawlers keep."""
    return _CREDENTIALS.sub(r"\1", text.strip("<>"), count=1)


def _instant(text: str) -> datetime | None:
    """A WARC-Date, to the second; a day alone is its midnight. None for what is no time at which there were pages."""
    try:
        moment = datetime.fromisoformat(text.strip())
        utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the latter at either end of time
        return None
    return utc.replace(microsecond=0) if utc.year >= _FIRST_YEAR else None
