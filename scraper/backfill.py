"""What a source published before it was followed, or while nobody looked, found and queued, a document at a time.

::

    begin ── the source itself, robots.txt of its sites ──> documents (news.db)
    work     a document that is due ── fetch ── read ── entries since the day ── frontier, after all that is new
                                                   └──> further documents: sitemaps of an index, the next page

Every document is a row that is written before it is fetched, so that a back-fill goes on where it was, whatever ended
the process. Its size is bounded: it stops at so many documents, and goes on when it is begun again.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from scraper.boundary import outcome_of
from scraper.dedupe import host_of, normalise
from scraper.discover import Document, zone_of
from scraper.discover.likeness import Likeness
from scraper.discover.links import Base
from scraper.errors import NOT_ASKED, BadURL, HostPaused, HostUnreachable, ScrapeError, TryLater
from scraper.model import Attempt, Entry, FetchKind, Listing, Outcome, SourceKind, instant
from scraper.outcomes import FETCH_KINDS, failed
from scraper.schedule import next_attempt, patient
from scraper.settings import BackfillOptions, Source
from scraper.store import Backfill, DueDocument, Read, Store, Wanted
from scraper.store.backfills import GAP
from scraper.tools import Tools

_GAP_BUDGET = 20  # documents; what came and went between two polls stands in the youngest
_DISCOURAGED = timedelta(days=1)
_WELL_KNOWN = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
"""Where a sitemap may be that robots.txt does not name."""
_DEPTH = {FetchKind.SITEMAP: 6, FetchKind.FEED: 1000, FetchKind.SECTION: 1000}  # a sitemap is below robots.txt
_PER_DOCUMENT = 50_000  # URLs of a sitemap, by the protocol
_KINDS = {kind: name for name, kind in FETCH_KINDS.items()}


def fill_gap(store: Store, source: Source, since: datetime, options: BackfillOptions, now: datetime) -> None:
    """Begin a back-fill for what came and went since a source was asked before.

    Not where one is under way; and where the last one found nothing (there may be no sitemap), not for a day.
    """
    last = next(iter(store.backfills.of(source.name)), None)
    idle = last is None or (last.ended_at is not None and (last.found or last.ended_at < instant(now - _DISCOURAGED)))
    if options.on_gap and idle:
        wanted = Wanted(source.name, instant(since)[:10], _GAP_BUDGET, options.max_entries, GAP)
        begin(store, source, wanted, now)


def begin(store: Store, source: Source, wanted: Wanted, now: datetime) -> Backfill:
    """Queue the first documents of a back-fill: the source itself, and robots.txt of the sites that it leads to. One
    that stopped at its limit goes on.
    """
    sites = {host_of(source.url): Base(source.url).absolute("/robots.txt")}
    for url in store.backfills.announced(source.name):
        sites.setdefault(host_of(url), Base(url).absolute("/robots.txt"))
    likely = _likeness(store, source)
    robots = [url for url in sites.values() if Base(url).host.removeprefix("www.") in likely.hosts]
    seeds = [(source.url, FETCH_KINDS[source.kind].value), *((url, FetchKind.ROBOTS.value) for url in robots)]
    return store.backfills.begin(wanted, seeds, instant(now))


def _likeness(store: Store, source: Source) -> Likeness:
    return Likeness.of(store.backfills.announced(source.name), source.url)


class Archives:
    """Reads the documents of back-fills. ``tools`` are what it works with."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing

    async def work(self, document: DueDocument, source: Source) -> Attempt:
        """Read a document and queue what it lists. Raises only Stop."""
        try:
            if document.kind == FetchKind.ROBOTS:
                return await self._note(document, source, await self._sitemaps(document, source))
            return await self._note(document, source, await self._read(document, source))
        except Exception as error:  # noqa: BLE001 - the boundary sorts them
            doing = f"looking back at {document.url}"
            return await self._fail(document, source, outcome_of(error, doing, "reading this document"))

    async def _sitemaps(self, document: DueDocument, source: Source) -> Listing:
        """The sitemaps that a site's robots.txt names, or those that it may have all the same."""
        robots = await self._tools.fetcher.robots(self._tools.request(source, document.url, FetchKind.PAGE))
        base = Base(document.url)
        named = [base.absolute(url) for url in robots.sitemaps if _is_link(url, base)]
        return Listing((), nested=tuple(named or (base.absolute(path) for path in _WELL_KNOWN)))

    async def _read(self, document: DueDocument, source: Source) -> Listing:
        kind = FetchKind(document.kind)
        page = await self._tools.fetcher.fetch(self._tools.request(source, document.url, kind))
        backfill = await self._tools.written(lambda store: store.backfills.get(document.backfill_id))
        how = Document(
            body=page.body,
            url=page.final_url,
            content_type=page.header("content-type") or "",
            limit=_PER_DOCUMENT,
            zone=zone_of(source.timezone or None),
            since=backfill.since,
            undated=backfill.undated,
        )
        return await self._tools.reader.archive(_KINDS[kind], how)

    async def _note(self, document: DueDocument, source: Source, listing: Listing) -> Attempt:
        now = self._tools.clock()

        def work(store: Store) -> Attempt:
            if not store.backfills.is_open(document):
                return _attempt(document, source, (0, 0, 0), now)
            backfill = store.backfills.get(document.backfill_id)
            entries = self._like_it(store, document, source, listing)
            admitted = _admit(store, source, backfill, entries, now)
            cut = len(admitted) >= backfill.room
            digest = _digest(listing)
            goes_on = not store.backfills.is_double(document, digest) and (
                backfill.reason != GAP or document.depth == 0 or bool(admitted)
            )
            further = [] if cut else _further(document, listing, goes_on=goes_on)
            # What there was no room for is found when it is read again.
            again = instant(now) if cut else None
            read = Read(None if cut else digest, again, len(admitted), 0 if cut else listing.undated, further)
            store.backfills.read(document, read, instant(now))
            attempt = _attempt(document, source, (len(admitted), len(entries), len(further)), now)
            store.attempts.add(attempt)
            return attempt

        return await self._tools.written(work)

    def _like_it(self, store: Store, document: DueDocument, source: Source, listing: Listing) -> list[Entry]:
        """What a document lists that is the source's."""
        if document.url == source.url and source.kind is not SourceKind.SITEMAP:
            return []  # what it shows at once is for its polls, which learn from it when it publishes
        entries = [entry for entry in listing.entries if source.wants(entry.url) and _is_link(entry.url)]
        if document.kind == FetchKind.SITEMAP and document.url != source.url:  # a sitemap lists all of a site
            likely = _likeness(store, source)
            entries = [entry for entry in entries if likely.fits(entry.url)]
        return entries

    async def _fail(self, document: DueDocument, source: Source, error: ScrapeError) -> Attempt:
        now = self._tools.clock()
        attempt = failed(document.url, document.kind, error, now)
        asked = error.retry_after if isinstance(error, TryLater) else None
        was_asked = error.reason not in NOT_ASKED
        attempts = document.attempts + 1 if was_asked else 1
        plan, chance = self._tools.settings.schedule, self._random.random()
        plan = patient(plan) if isinstance(error, HostUnreachable) else plan
        again = next_attempt(attempt.outcome, attempts, plan, now, chance, asked=asked)
        attempt = replace(attempt, source=source.name, next_due=again)

        def work(store: Store) -> Attempt:
            if store.backfills.is_open(document):
                store.backfills.read(document, Read(next_due=again, asked=was_asked), instant(now))
                host = host_of(document.url)
                if isinstance(error, HostPaused) and error.host == host and again is not None:
                    store.backfills.put_off(host, again)
            store.attempts.add(attempt)
            return attempt

        return await self._tools.written(work)


def _further(document: DueDocument, listing: Listing, *, goes_on: bool) -> list[tuple[str, str]]:
    """The documents that one leads to."""
    if document.depth + 1 >= _DEPTH.get(FetchKind(document.kind), 2):
        return []
    following = [(listing.following, document.kind)] if listing.following is not None and goes_on else []
    return following + [(url, FetchKind.SITEMAP.value) for url in listing.nested]


def _attempt(document: DueDocument, source: Source, counts: tuple[int, int, int], now: datetime) -> Attempt:
    new, wanted, further = counts
    detail = f"back-fill: {new} new of {wanted} entries" + (f", {further} documents to read" if further else "")
    outcome = Outcome.SAVED if new or further else Outcome.UNCHANGED
    return Attempt(document.url, document.kind, outcome, "back-fill", detail, now, source=source.name)


def _digest(listing: Listing) -> str:
    """A fingerprint of what a document lists."""
    lines: list[str] = [*_urls(listing.entries), *listing.nested]
    return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()


def _urls(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.url for entry in entries]


def _is_link(url: str, base: Base | None = None) -> bool:
    try:
        normalise(base.absolute(url) if base is not None else url)
    except BadURL:
        return False
    return True


def _admit(store: Store, source: Source, backfill: Backfill, entries: list[Entry], now: datetime) -> list[Entry]:
    """Queue what was found. What a gap hid was announced, and is as new as the rest."""
    state = store.frontier.source(source.name)
    if state is None:
        return []
    found_by = backfill.id if backfill.reason != GAP else None
    return store.frontier.admit(entries, state.id, instant(now), found_by, max(0, backfill.room))
