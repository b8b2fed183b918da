"""A source asked what is new, and what it announces queued.

::

    poll ── ask (only if it changed, where that is believed) ── read, with the sitemaps that it names ── frontier
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.arrivals import arrived
from scraper.backfill import fill_gap
from scraper.boundary import OF_ONE_INPUT, outcome_of
from scraper.caching import fingerprint, freshness, is_audit_due, remembered, validators, way_of_reading
from scraper.discover.listing import joined
from scraper.errors import Exhausted, HostPaused, HostUnreachable, ScrapeError, Skip, TryLater
from scraper.model import (
    Attempt,
    Entry,
    Event,
    EventKind,
    FetchKind,
    Listing,
    Outcome,
    Page,
    from_instant,
    instant,
)
from scraper.outcomes import FETCH_KINDS, Audit, Poll, Reading, failed, nested_attempt
from scraper.rhythm import Rhythm
from scraper.schedule import Standing, next_poll
from scraper.settings import Source
from scraper.store import SourceState, Store
from scraper.tools import Tools

log = logging.getLogger("scraper")

_NESTED_DEPTH = 5
_NESTED_DOCUMENTS = 50
_SILENT = 3
"""How deep and how wide one poll follows a sitemap index. The newest sitemaps come first. After so many
that do not answer, the others wait for the next poll.
"""
_GAP = "gap"
_WINDOW = 5  # entries that a source shows at once, at least, for what it does not show any more to say something


class Polls:
    """Asks sources. ``tools`` are what it works with."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing

    async def poll(self, state: SourceState, source: Source) -> Attempt:
        """Ask a source what is new, and queue it. Raises only Stop."""
        page: Page | None = None
        try:
            page, audit = await self._answer(state, source)
            same = page.from_cache or (state.read_as, state.body_hash) == (self._way(source), fingerprint(page.body))
            reading = None if same else await self.read(source, page)
            fault = reading.fault if reading is not None else None
            poll = Poll(source, page, reading, error=fault, audit=audit)
        except Exception as error:  # noqa: BLE001 - the boundary sorts them
            poll = Poll(source, page, error=outcome_of(error, f"polling {source.url}", "reading this source"))
        return await self._note_poll(state, poll)

    async def _answer(self, state: SourceState, source: Source) -> tuple[Page, Audit]:
        """What a source answers, asked only if it changed; now and then, a 304 is not taken for an answer."""
        now = self._tools.clock()
        etag, last_modified = validators(state, self._way(source), now)
        page = await self.ask(source, etag=etag, last_modified=last_modified)
        if not page.from_cache or not is_audit_due(state, self._tools.settings.fetch.audit, now):
            return page, Audit.NONE
        try:
            return await self.ask(source), Audit.DONE
        except (Skip, TryLater) as error:
            log.info("%s said 304, and could not be asked for the whole answer: %s", source.url, error)
            return page, Audit.FAILED

    async def ask(self, source: Source, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """What a source's URL answers with now. Nothing is stored. Raises ScrapeError."""
        request = self._tools.request(source, source.url, FETCH_KINDS[source.kind])
        return await self._tools.fetcher.fetch(replace(request, etag=etag, last_modified=last_modified))

    def _way(self, source: Source) -> str:
        return way_of_reading(source, self._tools.settings.schedule.max_entries)

    async def read(self, source: Source, page: Page) -> Reading:
        """What a source's answer lists, with what its nested sitemaps list. Raises ScrapeError.

        A nested sitemap that cannot be read costs the others nothing; if there is nothing else, it is the fault of all.
        """
        most = self._tools.settings.schedule.max_entries
        listing = await self._tools.reader.listing(source, page, most)
        if not listing.nested:
            return Reading(listing)
        found, attempts, faults = list[Listing](), list[Attempt](), list[ScrapeError]()
        ends, alike, silent = listing.ends, 0, 0
        waiting, seen = [(url, 1) for url in listing.nested], set[str]()
        while waiting and len(seen) < _NESTED_DOCUMENTS and (len(seen) < ends or _many(found) < most):
            url, depth = waiting.pop(0)
            if url in seen:
                continue
            seen.add(url)
            try:
                page = await self._tools.fetcher.fetch(self._tools.request(source, url, FetchKind.SITEMAP))
                nested = await self._tools.reader.listing(source, page, most)
            except OF_ONE_INPUT as error:
                faults.append(error)
                attempts.append(failed(url, FetchKind.SITEMAP, error, self._tools.clock()))
                silent = silent + 1 if isinstance(error, HostUnreachable) else 0
                if isinstance(error, HostPaused) or silent >= _SILENT:
                    break  # the others are most likely of the same host
                continue
            silent = 0
            attempts.append(nested_attempt(url, page, len(nested.entries)))
            found.append(nested)
            if nested.nested and depth < _NESTED_DEPTH:
                ends = max(ends, len(seen) + len(waiting) + nested.ends)
                waiting += [(deeper, depth + 1) for deeper in nested.nested]
            alike += len(seen) <= ends
        whole = joined(listing, found, alike, most)
        return Reading(whole, tuple(attempts), faults[0] if faults and not whole.entries else None)

    async def _note_poll(self, state: SourceState, poll: Poll) -> Attempt:
        now = self._tools.clock()
        # A host that is paused, or that we had no connection for, was not asked: that says nothing of the source.
        failures = state.failures + 1 if poll.error is not None else 0
        failures = state.failures if isinstance(poll.error, (Exhausted, HostPaused)) else failures
        asked = poll.error.retry_after if isinstance(poll.error, TryLater) else None
        ttl = state.ttl if poll.reading is None else poll.reading.listing.ttl
        if poll.page is not None and poll.error is None:
            asked = min(max(freshness(poll.page), ttl or 0.0), self._tools.settings.schedule.max_fresh)
        schedule, chance, rhythm = self._tools.settings.schedule, self._random.random(), Rhythm.loaded(state.rhythm)

        def work(store: Store) -> tuple[Attempt, list[Attempt]]:
            came = arrived(store, state, poll, now)
            new = len(came.admitted)
            first, *others = poll.attempts(new, len(came.wanted), now)
            columns: dict[str, object] = {"failures": failures, "last_fetched_at": instant(now), "ttl": ttl}
            learned = rhythm
            if poll.error is None:
                learned = rhythm.watched(now, [published(entry) for entry in came.fresh], len(poll.entries))
                columns |= {"last_success_at": instant(now), "rhythm": learned.dumped()}
            due = next_poll(poll.source, schedule, Standing(failures, learned, asked), now, chance)
            columns["next_due"] = due
            first = replace(first, next_due=due)
            if came.fresh:
                columns["last_new_at"] = instant(now)
            columns |= self._remembered(poll, new, now)
            store.frontier.polled(state, first, **columns)
            gap = self._gap(poll, rhythm, now) if new == len(came.wanted) else []
            others += gap
            for attempt in (first, *others):
                store.attempts.add(attempt)
            if gap and rhythm.until is not None:
                fill_gap(store, poll.source, rhythm.until, self._tools.settings.backfill, now)
            told = self._tools.settings.webhook.told
            for attempt in gap:
                event = Event(EventKind.GAP, now, attempt.detail, attempt.source, data={"url": attempt.url})
                store.events.add(event, tell=EventKind.GAP in told)
            return first, others

        first, others = await self._tools.written(work)
        for other in others:  # the first is its caller's
            level = logging.WARNING if other.reason == _GAP else logging.INFO
            log.log(level, "%s: %s: %s", other.outcome, other.url, other.detail, extra={"attempt": other})
        return first

    def _gap(self, poll: Poll, rhythm: Rhythm, now: datetime) -> list[Attempt]:
        """What a source has shown and taken away between two polls, none of which was known, as an attempt that came
        too late.
        """
        if len(poll.entries) < _WINDOW:
            return []
        missed = round(rhythm.missed(now, [published(entry) for entry in poll.entries]))
        if missed < 1 or rhythm.until is None:
            return []
        detail = f"gap: about {missed} entries came and went since {instant(rhythm.until)}, when it was asked before"
        kind = FETCH_KINDS[poll.source.kind]
        return [Attempt(poll.source.url, kind, Outcome.SKIPPED, _GAP, detail, now, source=poll.source.name)]

    def _remembered(self, poll: Poll, new: int, now: datetime) -> dict[str, object]:
        """What a poll changes of what is kept of a source's answer."""
        if poll.audit is Audit.FAILED:  # not at every poll from now on
            return {"whole_at": instant(now - timedelta(seconds=self._tools.settings.fetch.audit / 2))}
        if poll.error is not None or poll.page is None or poll.page.from_cache:
            return {}
        index = poll.reading is not None and bool(poll.reading.listing.nested)
        lied = poll.audit is Audit.DONE and new > 0
        return remembered(poll.page, self._way(poll.source), index=index, lied=lied, now=now)


def follow(store: Store, sources: Sequence[Source], now: datetime) -> None:
    """Have the database know the configured sources, all of them: the others are followed no longer."""
    rows = [
        {
            "name": source.name,
            "title": source.title or source.name,
            "url": source.url,
            "kind": source.kind.value,
            "language": source.language or None,
            "enabled": int(source.enabled),
        }
        for source in sources
    ]
    store.frontier.sync_sources(rows, instant(now))


def _many(found: Sequence[Listing]) -> int:
    return sum(len(listing.entries) for listing in found)


def published(entry: Entry) -> datetime | None:
    """When an entry was published, where the source gives more than a day."""
    if entry.published is None or len(entry.published.at) <= len("2026-11-23"):
        return None
    return from_instant(entry.published.at)
