"""The order of the stages, from a source to a stored article. Every failure becomes an outcome with its reason.

::

    polling   a source that is due ── fetch ── discover ── entries ─────────────────────┐
    backfill  a document that is due ── fetch ── discover ── entries since a day ───────┤
                                                                                       frontier (news.db)
    ingest    an entry that is due ── fetch ── page ── extract ── article ── decide ── store ── Attempt
                                        │                 │                    │         │
                                     fetch/client     extract/              dedupe/    store/   one writer,
                                     (host budget)    (in a process         (pure)              one transaction
                                                      of its own)

    clip      a text file ──────────────────────── clipping ────────────────── decide ── store ── Attempt
    importing a web archive (WARC) ─────── page ── extract ── article ──────── decide ── store ── Attempt

What a stage raises ends as an :class:`Attempt`; only a ``Stop`` (the disk is full, the database is not ours) goes on to
whoever called: ``scraper.boundary`` has the rule.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.backfill import Archives
from scraper.boundary import outcome_of
from scraper.caching import is_usable, renewed
from scraper.dedupe import Candidate, Decision, candidate, normalise, url_key
from scraper.dedupe.announced import dated
from scraper.errors import (
    NOT_ASKED,
    BadURL,
    Forgotten,
    HostPaused,
    HostUnreachable,
    InternalFault,
    NotAClipping,
    PageGone,
    ParserTrouble,
    ScrapeError,
    TryLater,
)
from scraper.extract import parse_clipping
from scraper.extract.sites import Sites
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.robots import Robots
from scraper.ledger import StoredLedger, new_holder
from scraper.model import (
    Article,
    Attempt,
    FetchKind,
    Outcome,
    Page,
    from_instant,
    instant,
)
from scraper.outcomes import EVENTS, article_event, decided, failed, fetched
from scraper.parsing import Parsers
from scraper.polling import Polls
from scraper.profiles import Profiles
from scraper.reader import Reader, Told
from scraper.schedule import next_attempt, next_chance, next_visit, patient
from scraper.settings import Settings, Source
from scraper.store import DueEntry, Store
from scraper.store.archive import Packed, pack
from scraper.store.writer import Writer
from scraper.tools import Tools, utc_now

if TYPE_CHECKING:
    from scraper.importing import Import, Sources
    from scraper.intake import Intake
    from scraper.scouting import Report


@dataclass(frozen=True, slots=True)
class Errand:
    """A page to ingest: its URL, the source that announced it and its place in the frontier, if it has them.

    ``patience`` is how many seconds it may wait for its host's budget; None: a crawl-delay and a bit. ``whole``: it is
    asked for the whole page, whatever is kept of it.
    """

    url: str
    source: Source | None = None
    entry: DueEntry | None = None
    patience: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Ingested:
    """How an ingest ended: the attempt, and the article that it yielded, if it did. ``paused`` is the host that had no
    slot for it, if that was why.
    """

    attempt: Attempt
    article: Article | None = None
    paused: str | None = None


class Pipeline:
    """The stages, joined. ``tools`` are what they work with; ``polls`` is the first of them."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.polls = Polls(tools)
        self.archives = Archives(tools)
        self.reader = tools.reader
        self._writer = tools.writer
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing

    async def look(self, url: str, heard: Callable[[str], None], *, thorough: bool = False) -> Report:
        """What to follow of the site of an address: see :meth:`scraper.scouting.Scout.look`."""
        from scraper.scouting import Scout  # its readers are needed nowhere else

        return await Scout(self._tools).look(url, heard, thorough=thorough)

    async def robots(self, url: str, source: Source | None = None, patience: float | None = None) -> Robots:
        """What robots.txt of a URL's host says to our agent, or to a source's. Raises BadURL, and TryLater where no
        answer came.
        """
        return await self._tools.fetcher.robots(self._tools.request(source, url, FetchKind.PAGE, patience))

    async def ingest(self, errand: Errand) -> Ingested:
        """Fetch a page and store the article that it yields. Raises only Stop."""
        page: Page | None = None
        try:
            page = await self.fetch(errand)
            came_by = [normalise(errand.url), *page.redirects, page.final_url]
            new = _dated(errand, page, await self.reader.candidate(page, came_by, Told.by(errand.source)))
            return await self._store(errand, page, new)
        except Exception as error:  # noqa: BLE001 - the boundary sorts them
            doing = f"ingesting {errand.url}"
            return await self._fail(errand, page, outcome_of(error, doing, "ingesting this page"))

    async def fetch(self, errand: Errand) -> Page:
        """The page itself. Nothing is stored. Raises ScrapeError."""
        request = self._tools.request(errand.source, errand.url, FetchKind.PAGE, errand.patience)
        kept = await self._kept(errand, request)
        self.reader.parsers.warm()
        if kept is None:
            return await self._tools.fetcher.fetch(request)
        asked = replace(request, etag=kept.header("etag"), last_modified=kept.header("last-modified"))
        page = await self._tools.fetcher.fetch(asked)
        if page.from_cache and page.final_url != kept.final_url:  # so it is of another page that the server speaks
            return await self._tools.fetcher.fetch(request)
        return renewed(await self._body(errand, kept), page) if page.from_cache else page

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
            new.article.url, "clipping", Outcome.SAVED, "new", "not stored", self._tools.clock(), size=len(data)
        )
        if self._writer is not None:
            unsaved = attempt

            def work(store: Store) -> Attempt:
                return self._told(store, new, *_save(store, new, None, unsaved))

            attempt = await self._writer.run(work)
        return Ingested(attempt, new.article)

    def importing(self, sources: Sources) -> Import:
        """What takes in the pages of web archives."""
        from scraper.importing import Import  # its readers are needed nowhere else

        return Import(self._tools, sources)

    def intake(self) -> Intake:
        """What takes in the exports of other archives."""
        from scraper.intake import Intake  # the same

        return Intake(self._tools)

    async def refuse(self, name: str, error: ScrapeError) -> Ingested:
        """Write down that a file is no clipping."""
        attempt = failed(name, "clipping", error, self._tools.clock())
        if self._writer is not None:
            await self._writer.run(lambda store: store.attempts.add(attempt))
        return Ingested(attempt)

    async def _kept(self, errand: Errand, request: Request) -> Page | None:
        """The page as it was fetched before, if its server may be asked whether it changed. Raises Forgotten."""
        if self._writer is None:
            return None
        url = normalise(errand.url)
        login = self._tools.fetcher.has_login(request)

        def look(store: Store) -> Page | None:
            if store.tombstones.cover([url_key(url)]):
                raise Forgotten(f"{errand.url} was erased by `scrape forget` and is not fetched again")
            # Only what yielded an article stands in: a consent wall is not believed twice.
            if errand.whole or store.articles.by_keys([url_key(url)]) is None:
                return None
            return store.archive.latest(errand.url, login=login)

        kept = await self._writer.run(look)
        usable = kept is not None and is_usable(kept, self._tools.settings.fetch.audit, self._tools.clock())
        return kept if usable else None

    async def _body(self, errand: Errand, kept: Page) -> Page:
        """The kept page with its body, which is not held while its host is waited for."""
        found = await self._tools.written(
            lambda store: store.archive.latest(errand.url, login=kept.login, with_body=True)
        )
        if found is None or found.fetched_at != kept.fetched_at:
            raise InternalFault(
                f"the kept copy of {errand.url} went away while its server was asked", reason="lost copy"
            )
        return found

    async def _store(self, errand: Errand, page: Page, new: Candidate) -> Ingested:
        attempt = fetched(errand.url, page, errand.source)
        if self._writer is None:
            return Ingested(attempt, new.article)

        packed = await self._packed(errand, page)

        def work(store: Store) -> Attempt:
            done, decision = _save(
                store, new, packed, attempt, lambda done: self._visit(store, errand, done, new.article.published_at)
            )
            if errand.entry is not None:
                store.frontier.finished(errand.entry.id, done, done.next_due, _changed(store, errand.entry, done))
            return self._told(store, new, done, decision)

        return Ingested(await self._writer.run(work), new.article)

    async def _packed(self, errand: Errand, page: Page) -> Page | Packed:
        """A page ready to be kept, where it most likely will be: of one that is looked at again, the bytes are not
        kept unless its article changed.
        """
        seen = errand.entry is not None and errand.entry.changed_at is not None
        return page if page.from_cache or seen else await asyncio.to_thread(pack, page)

    def _told(self, store: Store, new: Candidate, done: Attempt, decision: Decision) -> Attempt:
        """The attempt, once what it did to an article is written down for whoever is to be told."""
        told = self._tools.settings.webhook.told
        if done.article_id is not None and EVENTS.get(done.outcome) in told:
            url = store.articles.addresses(done.article_id)[0]  # a revised one keeps the address it is known by
            store.events.add(article_event(done, replace(new.article, url=url), decision.difference), tell=True)
        return done

    async def _fail(self, errand: Errand, page: Page | None, error: ScrapeError) -> Ingested:
        now = self._tools.clock()
        attempt = failed(errand.url, FetchKind.PAGE, error, now, page)
        attempt = replace(attempt, source=errand.source.name if errand.source else None)
        if errand.entry is not None:
            attempt = replace(attempt, next_due=self._again(errand.entry, attempt.outcome, error, now))
        came = page if page is not None and not page.from_cache and self._writer is not None else None
        packed = await asyncio.to_thread(pack, came) if came is not None else None

        def work(store: Store) -> Attempt:
            noted = attempt
            if isinstance(error, PageGone):
                keys = [url_key(url) for url in (errand.url, *error.urls)]
                noted = replace(attempt, article_id=store.articles.mark_gone(keys, instant(now)))
            if packed is not None and not store.tombstones.cover(_keys(packed.page)):
                store.archive.add(packed, yielded=False)
            store.attempts.add(noted)
            if errand.entry is not None:
                store.frontier.finished(errand.entry.id, noted, attempt.next_due)
            return noted

        if self._writer is not None:
            attempt = await self._writer.run(work)
        return Ingested(attempt, paused=error.host if isinstance(error, HostPaused) else None)

    def _again(self, entry: DueEntry, outcome: Outcome, error: ScrapeError, now: datetime) -> str | None:
        """When an entry that did not work out is tried again."""
        asked = error.retry_after if isinstance(error, TryLater) else None
        # Where the page was not asked for (the host is paused, its robots.txt in trouble), that counts as no attempt.
        attempts = 1 if error.reason in NOT_ASKED else entry.attempts + 1
        if isinstance(error, ParserTrouble) and attempts > 1:
            return None  # a hostile page costs its time every time
        plan = self._tools.settings.schedule
        if isinstance(error, HostUnreachable):
            plan = patient(plan)  # an outage of a day loses nothing
        chance = self._random.random()
        again = next_attempt(outcome, attempts, plan, now, chance, asked=asked)
        if again is not None:
            return again
        if entry.changed_at is not None:  # a page that is gone, or walled, may come back
            return self._next_visit(entry, entry.changed_at)
        first = None if entry.backfilled else from_instant(entry.first_seen_at)
        return next_chance(error.reason, attempts, first, now, chance)

    def _visit(self, store: Store, errand: Errand, done: Attempt, published_at: str | None) -> str | None:
        """When the article of an entry is looked at again, now that an attempt at it went well."""
        entry = errand.entry
        changed = _changed(store, entry, done) if entry is not None else None
        return self._next_visit(entry, changed, published_at) if entry is not None and changed is not None else None

    def _next_visit(self, entry: DueEntry, changed_at: str, published_at: str | None = None) -> str | None:
        # An old article that was looked for is no younger for being found today.
        known = (entry.first_seen_at or changed_at, published_at if entry.backfilled else None)
        first = min(from_instant(at) for at in known if at)
        changed = from_instant(changed_at)
        plan, now = self._tools.settings.schedule, self._tools.clock()
        return next_visit(plan, first, changed, now, self._random.random())


def _dated(errand: Errand, page: Page, new: Candidate) -> Candidate:
    """A candidate with the date that its source gave, where its page names none."""
    told = errand.entry.published_at if errand.entry is not None else None
    zone = errand.source.timezone if errand.source is not None else ""
    return replace(new, article=dated(new.article, told, zone, page.fetched_at))


def _keys(page: Page) -> list[str]:
    return [url_key(page.url), url_key(page.final_url)]


def _changed(store: Store, entry: DueEntry, done: Attempt) -> str | None:
    """When the article of an entry last changed; None for one that is another entry's, or on another page.

    A text that was there before is looked at again as soon as a change would be: it may be one.
    """
    if done.reason == "page":
        return None
    if done.outcome in {Outcome.SAVED, Outcome.REVISED} or done.reason == "flapping":
        return instant(done.at)
    if entry.changed_at is not None or done.outcome is not Outcome.UNCHANGED:
        return entry.changed_at
    return None if store.frontier.is_watched(done.article_id, but=entry.id) else instant(done.at)


def _save(
    store: Store,
    new: Candidate,
    page: Page | Packed | None,
    attempt: Attempt,
    due: Callable[[Attempt], str | None] = lambda _: None,
) -> tuple[Attempt, Decision]:
    """Decide, carry out and write down, in the caller's transaction. ``due`` says when it is fetched again."""
    saved = store.save(new, page, attempt.source, attempt.at)
    done = decided(attempt, saved.decision, saved.article_id)
    done = replace(done, next_due=due(done))
    store.attempts.add(done)
    return done, saved.decision


@asynccontextmanager
async def open_pipeline(
    settings: Settings,
    writer: Writer | None,
    clock: Callable[[], datetime] = utc_now,
    *,
    sites: Sites | None = None,
    profiles: Profiles | None = None,
    store: bool = True,
) -> AsyncIterator[Pipeline]:
    """A pipeline with its fetcher and its parsers, closed at the end.

    Without a ``writer`` nothing is stored, and the host budget is this process's own; without ``store``, the writer is
    for the host budget alone. ``sites`` is what is known of single sites; without it all pages are read by the same
    rules. ``profiles`` is how the sites of single sources are asked; without it, paths of secrets are relative to the
    working folder.
    """
    ledger = StoredLedger(writer) if writer is not None else MemoryLedger()
    async with (
        Parsers() as parsers,
        Fetcher(settings.fetch, settings.manners, ledger, clock=clock, holder=new_holder()) as fetcher,
    ):
        asked, reader = profiles or Profiles(Path()), Reader(parsers, sites or Sites())
        yield Pipeline(Tools(settings, clock, fetcher, asked, reader, writer if store else None))
