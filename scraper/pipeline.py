"""The order of the stages, from a source to a stored article. Every failure becomes an outcome with its reason.

::

    poll      a source that is due ── fetch ── discover ── entries ─────────────────────┐
                                                                                       frontier (news.db)
    ingest    an entry that is due ── fetch ── page ── extract ── article ── decide ── store ── Attempt
                                        │                 │                    │         │
                                     fetch/client     extract/              dedupe/    store/   one writer,
                                     (host budget)    (in a process         (pure)              one transaction
                                                      of its own)

    clip      a text file ──────────────────────── clipping ────────────────── decide ── store ── Attempt

What a stage raises is turned into an :class:`Attempt` here and nowhere else; only a ``Stop`` (the disk is full, the
database is not ours) goes on to whoever called.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scraper.dedupe import Candidate, candidate, normalise, url_key
from scraper.errors import (
    BadURL,
    BadUsage,
    Forgotten,
    HostPaused,
    NotAClipping,
    PageGone,
    ParserTrouble,
    ScrapeError,
    Skip,
    Stop,
    TryLater,
    internal_fault,
)
from scraper.extract import extract_article, parse_clipping
from scraper.extract.sites import SiteRules, Sites
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.options import FetchOptions, Manners
from scraper.fetch.pace import MemoryLedger
from scraper.fetch.robots import Robots
from scraper.ledger import StoredLedger, new_holder
from scraper.model import (
    Article,
    Attempt,
    FetchKind,
    Outcome,
    Page,
    instant,
)
from scraper.outcomes import FETCH_KINDS, Poll, Reading, decided, failed, fetched
from scraper.parsing import Parsers
from scraper.reader import Reader
from scraper.schedule import next_attempt, next_poll
from scraper.settings import Settings, Source
from scraper.store import DueEntry, SourceState, Store
from scraper.store.writer import Writer

log = logging.getLogger("scraper")

_NESTED_DEPTH = 5
_NESTED_DOCUMENTS = 50
"""How deep and how wide one poll follows a sitemap index. The newest sitemaps come first."""

HAND_BACK = 60.0
"""Seconds that a fetch waits for its host's budget, beyond the longest crawl-delay, before it is put off."""


def utc_now() -> datetime:
    """The clock of everything that is not handed another one."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Errand:
    """A page to ingest: its URL, the source that announced it and its place in the frontier, if it has them.

    ``patience`` is how many seconds it may wait for its host's budget; None: a crawl-delay and a bit.
    """

    url: str
    source: Source | None = None
    entry: DueEntry | None = None
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Ingested:
    """How an ingest ended: the attempt, and the article that it yielded, if it did."""

    attempt: Attempt
    article: Article | None = None


class Pipeline:
    """The stages, joined. ``writer`` is None where nothing is to be stored; ``reader`` reads what was fetched."""

    def __init__(
        self,
        settings: Settings,
        fetcher: Fetcher,
        reader: Reader,
        writer: Writer | None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self.reader = reader
        self._writer = writer
        self._clock = clock
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing

    async def robots(self, url: str, patience: float | None = None) -> Robots:
        """What robots.txt of a URL's host says to our agent. Raises BadURL, and TryLater where no answer came."""
        return await self._fetcher.robots(Request(url, max_wait=patience))

    async def poll(self, state: SourceState, source: Source) -> Attempt:
        """Ask a source what is new, and queue it. Raises only Stop."""
        page: Page | None = None
        try:
            page = await self.ask(source, etag=state.etag, last_modified=state.last_modified)
            poll = Poll(source, page, None if page.status == 304 else await self.read(source, page))
        except (BadURL, Skip, TryLater) as error:
            poll = Poll(source, page, error=error)
        except Stop:
            raise
        except Exception as error:
            log.exception("a fault while polling %s", source.url)
            poll = Poll(source, page, error=internal_fault(error, "reading this source"))
        return await self._note_poll(state, poll)

    async def ingest(self, errand: Errand) -> Ingested:
        """Fetch a page and store the article that it yields. Raises only Stop."""
        page: Page | None = None
        try:
            page = await self.fetch(errand)
            article = await self._extract(page, errand.source)
            return await self._store(errand, page, article)
        except (BadURL, Skip, TryLater) as error:
            return await self._fail(errand, page, error)
        except Stop:
            raise
        except Exception as error:
            log.exception("a fault while ingesting %s", errand.url)
            return await self._fail(errand, page, internal_fault(error, "ingesting this page"))

    async def fetch(self, errand: Errand) -> Page:
        """The page itself. Nothing is stored. Raises ScrapeError."""
        await self._refuse_forgotten(errand.url)
        self.reader.parsers.warm()
        return await self._fetcher.fetch(self._request(errand.source, errand.url, FetchKind.PAGE, errand.patience))

    async def put_off(self, host: str, until: str) -> None:
        """Let all that waits of a host wait until then: it is paused."""
        if self._writer is not None:
            await self._writer.run(lambda store: store.frontier.put_off(host, until))

    async def clip(self, name: str, data: bytes) -> Ingested:
        """Store a clipping. ``name`` is the file's, for messages."""
        try:
            new = candidate(parse_clipping(data, name))
        except (NotAClipping, BadURL) as error:
            return await self.refuse(name, error)
        attempt = Attempt(
            new.article.url, "clipping", Outcome.SAVED, "new", "not stored", self._clock(), size=len(data)
        )
        if self._writer is not None:
            attempt = await self._writer.run(lambda store: _save(store, new, None, attempt))
        return Ingested(attempt, new.article)

    async def refuse(self, name: str, error: ScrapeError) -> Ingested:
        """Write down that a file is no clipping."""
        attempt = failed(name, "clipping", error, self._clock())
        if self._writer is not None:
            await self._writer.run(lambda store: store.attempts.add(attempt))
        return Ingested(attempt)

    async def ask(self, source: Source, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """What a source's URL answers with now. Nothing is stored. Raises ScrapeError."""
        request = self._request(source, source.url, FETCH_KINDS[source.kind])
        return await self._fetcher.fetch(replace(request, etag=etag, last_modified=last_modified))

    def _request(self, source: Source | None, url: str, kind: FetchKind, patience: float | None = None) -> Request:
        agent = source.user_agent if source is not None else ""
        wait = self._settings.manners.max_crawl_delay + HAND_BACK if patience is None else patience
        return Request(url, kind=kind, user_agent=agent or None, max_wait=wait)

    async def read(self, source: Source, page: Page) -> Reading:
        """What a source's answer lists, with what its nested sitemaps list. Raises ScrapeError.

        A nested sitemap that cannot be read costs the others nothing, unless there is nothing else.
        """
        most = self._settings.schedule.max_entries
        listing = await self.reader.listing(source, page, most)
        entries, faults = list(listing.entries), list[tuple[str, ScrapeError]]()
        waiting, seen = [(url, 1) for url in listing.nested], set[str]()
        while waiting and len(seen) < _NESTED_DOCUMENTS and len(entries) < most:
            url, depth = waiting.pop(0)
            if url in seen:
                continue
            seen.add(url)
            try:
                page = await self._fetcher.fetch(self._request(source, url, FetchKind.SITEMAP))
                nested = await self.reader.listing(source, page, most)
            except HostPaused as error:
                faults.append((url, error))
                break  # the others are most likely of the same host
            except (BadURL, Skip, TryLater) as error:
                faults.append((url, error))
                continue
            entries += nested.entries
            if depth < _NESTED_DEPTH:
                waiting += [(deeper, depth + 1) for deeper in nested.nested]
        if faults and not entries:
            raise faults[0][1]
        return Reading(replace(listing, entries=tuple(entries[:most])), tuple(faults))

    async def _note_poll(self, state: SourceState, poll: Poll) -> Attempt:
        now = self._clock()
        # A host that is paused was not asked: that says nothing of the source.
        failures = state.failures + 1 if poll.error is not None else 0
        failures = state.failures if isinstance(poll.error, HostPaused) else failures
        asked = poll.error.retry_after if isinstance(poll.error, TryLater) else None
        due = next_poll(poll.source, self._settings.schedule, failures, now, self._random.random(), asked=asked)
        wanted = [entry for entry in poll.entries if poll.source.wants(entry.url) and _is_url(entry.url)]

        def work(store: Store) -> Attempt:
            new = store.frontier.admit(wanted, state.id, instant(now))
            first, *others = poll.attempts(new, len(wanted), now)
            first = replace(first, next_due=due)
            columns: dict[str, object] = {"next_due": due, "failures": failures, "last_fetched_at": instant(now)}
            if poll.error is None:
                columns["last_success_at"] = instant(now)
            if new:
                columns["last_new_at"] = instant(now)
            if poll.reading is not None and poll.page is not None:
                columns |= _validators(poll.page, poll.reading)
            store.frontier.polled(state, first, **columns)
            for attempt in (first, *others):
                store.attempts.add(attempt)
            return first

        return await self._writing().run(work)

    def _writing(self) -> Writer:
        if self._writer is None:
            raise BadUsage("a pipeline without a store polls no sources")
        return self._writer

    async def _refuse_forgotten(self, url: str) -> None:
        key = url_key(normalise(url))
        if self._writer is not None and await self._writer.run(lambda store: store.articles.is_forgotten([key])):
            raise Forgotten(f"{url} was erased by `scrape forget` and is not fetched again")

    async def _extract(self, page: Page, source: Source | None) -> Article:
        article = await self.reader.article(page, zone=source.timezone if source is not None else "")
        if article.language is None and source is not None and source.language:
            article = replace(
                article, language=source.language, evidence={**article.evidence, "language": "config:source"}
            )
        return article

    async def _store(self, errand: Errand, page: Page, article: Article) -> Ingested:
        new = candidate(article, [normalise(errand.url), *page.redirects, page.final_url])
        attempt = fetched(errand.url, page, errand.source)
        if self._writer is None:
            return Ingested(attempt, new.article)

        def work(store: Store) -> Attempt:
            done = _save(store, new, page, attempt)
            if errand.entry is not None:
                store.frontier.finished(errand.entry.id, done, None)
            return done

        return Ingested(await self._writer.run(work), new.article)

    async def _fail(self, errand: Errand, page: Page | None, error: ScrapeError) -> Ingested:
        now = self._clock()
        attempt = failed(errand.url, FetchKind.PAGE, error, now, page)
        attempt = replace(attempt, source=errand.source.name if errand.source else None)
        if errand.entry is not None:
            attempt = replace(attempt, next_due=self._again(errand.entry, attempt.outcome, error, now))

        def work(store: Store) -> Attempt:
            noted = attempt
            if isinstance(error, PageGone):
                noted = replace(attempt, article_id=store.articles.mark_gone([url_key(errand.url)], instant(now)))
            if page is not None and not store.articles.is_forgotten([url_key(page.url), url_key(page.final_url)]):
                store.archive.add(page)
            store.attempts.add(noted)
            if errand.entry is not None:
                store.frontier.finished(errand.entry.id, noted, attempt.next_due)
            return noted

        if self._writer is not None:
            attempt = await self._writer.run(work)
        return Ingested(attempt)

    def _again(self, entry: DueEntry, outcome: Outcome, error: ScrapeError, now: datetime) -> str | None:
        """When an entry that did not work out is tried again."""
        asked = error.retry_after if isinstance(error, TryLater) else None
        # A host that is paused was not asked: that counts as no attempt.
        attempts = 1 if isinstance(error, HostPaused) else entry.attempts + 1
        if isinstance(error, ParserTrouble) and attempts > 1:
            return None  # a hostile page costs its time every time
        return next_attempt(outcome, attempts, self._settings.schedule, now, self._random.random(), asked=asked)


def _save(store: Store, new: Candidate, page: Page | None, attempt: Attempt) -> Attempt:
    """Decide, carry out and write down, in the caller's transaction."""
    saved = store.save(new, page, attempt.source, attempt.at)
    done = decided(attempt, saved.decision, saved.article_id)
    store.attempts.add(done)
    return done


def _validators(page: Page, reading: Reading) -> dict[str, object]:
    """What to make the next poll conditional on. An index that did not change may list sitemaps that did."""
    conditional = not reading.listing.nested
    return {
        "etag": page.header("etag") if conditional else None,
        "last_modified": page.header("last-modified") if conditional else None,
    }


def _is_url(url: str) -> bool:
    try:
        normalise(url)
    except BadURL:
        return False
    return True


@asynccontextmanager
async def open_pipeline(
    settings: Settings, writer: Writer | None, clock: Callable[[], datetime] = utc_now, *, sites: Sites | None = None
) -> AsyncIterator[Pipeline]:
    """A pipeline with its fetcher and its parsers, closed at the end.

    Without a ``writer`` nothing is stored, and the host budget is this process's own. ``sites`` is what is known of
    single sites; without it all pages are read by the same rules.
    """
    ledger = StoredLedger(writer) if writer is not None else MemoryLedger()
    async with (
        Parsers() as parsers,
        Fetcher(settings.fetch, settings.manners, ledger, holder=new_holder()) as fetcher,
    ):
        yield Pipeline(settings, fetcher, Reader(parsers, sites or Sites()), writer, clock)


def fetch_article(
    url: str,
    *,
    options: FetchOptions | None = None,
    manners: Manners | None = None,
    site: SiteRules | None = None,
) -> Article:
    """Fetch one page and extract its article, without a database.

    robots.txt and the limits of ``options`` hold here too; ``site`` is as for ``extract_article``. Raises
    a ScrapeError: Skip where the page is no article or may not be fetched, TryLater where another try may work. Not to
    be called from a running event loop::

        from scraper import fetch_article

        article = fetch_article("https://www.themoscowtimes.com/")
    """
    import asyncio  # here alone: the module itself needs no loop

    async def run() -> Article:
        fetcher = Fetcher(options or FetchOptions(), manners or Manners(), MemoryLedger(), holder=new_holder())
        async with fetcher:
            page = await fetcher.fetch(Request(url))
        article = extract_article(
            page.body, page.final_url, content_type=page.header("content-type"), now=page.fetched_at, site=site
        )
        return candidate(article, [page.final_url]).article

    return asyncio.run(run())
