"""Pages that a web archive (WARC, ARC) holds -> articles, as if they had been fetched when the archive says.

::

    file ── warc ── captures ── extract ── decide ── store     many at once; the order of the file does not matter
                       └ revisits: the body of an earlier capture, from pages.db

Nothing is asked of any host, so the host budget, robots.txt and the address guard have no say; what was forgotten
stays forgotten. Nobody is told of what is old by webhook. A page that is kept already, and of which it is known what
came, is passed over without a row: an import that broke off is begun again as it was.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta

from scraper.boundary import outcome_of
from scraper.dedupe import Candidate, normalise, url_key
from scraper.errors import BadURL, BadUsage, Forgotten, PageRefused, ScrapeError
from scraper.fetch.decode import Bounds
from scraper.inputs import Input
from scraper.model import Attempt, Outcome, Page, instant
from scraper.outcomes import decided, failed
from scraper.reader import Told
from scraper.settings import Source
from scraper.store import Store
from scraper.store.archive import pack
from scraper.tools import Tools
from scraper.warc.captures import Capture, Passed, captures
from scraper.warc.records import Records
from scraper.warc.unpacking import Unpacked

KIND = "import"
"""The kind of attempts at pages of archives."""
DAMAGED = "bad record"
_AT_ONCE = 48  # captures under way: enough to fill transactions and both parsers
_BYTES = 64 * 2**20  # their bodies together
_DIGESTS = 500_000  # payloads that a revisit may refer to by digest alone
_AHEAD = timedelta(days=1)


@dataclass
class Tally:
    """What became of an archive's records so far.

    ``outcomes`` counts pages by outcome, ``known`` those that were there already, ``passed`` records that are no pages
    by what they are, ``damages`` places that could not be read, ``position`` bytes of the file that were read.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    known: int = 0
    damages: int = 0
    position: int = 0

    @property
    def pages(self) -> int:
        """Pages that were dealt with."""
        return self.known + self.outcomes.total()


Heard = Callable[[Attempt | None, Tally], None]
"""Told of every page that was dealt with; without an attempt: it was there already."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Whose pages they are, which tells their language and the zone of their dates: ``given`` by the user for all of
    them, or one of the ``known``, if the archive names it.
    """

    known: Sequence[Source] = ()
    given: Source | None = None

    def of(self, name: str) -> Source | None:
        """The source of a page; None: nobody says."""
        return self.given or next((source for source in self.known if source.name == name), None)


class Import:
    """Archive files, each read front to back."""

    def __init__(self, tools: Tools, sources: Sources) -> None:
        self._tools = tools
        self._sources = sources
        self._heard: Heard = lambda _attempt, _tally: None
        self._tasks: set[asyncio.Task[None]] = set()
        self._size = 0
        self._digests: OrderedDict[str, str] = OrderedDict()
        self.tally = Tally()

    async def run(self, given: Input, heard: Heard) -> Tally:
        """Take in all pages of a file. Raises BadUsage where it cannot be read, and Stop."""
        self._heard, self.tally = heard, Tally()
        options = self._tools.settings.fetch
        try:
            file = given.path.open("rb")
        except OSError as error:
            raise BadUsage(f"{given.name}: cannot be read: {error.strerror}") from error
        with closing(file):
            unpacked = Unpacked(file)
            records = Records(unpacked)
            found = captures(records, Bounds(options.page_limit, options.max_ratio))
            try:
                while (capture := await asyncio.to_thread(self._next, found)) is not None:
                    self.tally.position, self.tally.damages = unpacked.position, records.damages
                    await self._begin(capture)
                await self._ended()
            except OSError as error:
                raise BadUsage(f"{given.name}: cannot be read: {error.strerror}") from error
            finally:
                await self._given_up()
        self.tally.position, self.tally.damages = unpacked.position, records.damages
        return self.tally

    def _next(self, found: Iterator[Capture | Passed]) -> Capture | None:
        for each in found:
            if isinstance(each, Capture):
                return each
            self.tally.passed[each.what] += 1
        return None

    async def _begin(self, capture: Capture) -> None:
        """Deal with a capture beside the others, once there is room for it."""
        if capture.revisit is not None:
            await self._ended()  # what it refers to may be under way
        size = len(capture.page.body)
        while self._tasks and (len(self._tasks) >= _AT_ONCE or self._size + size > _BYTES):
            await self._some_ended(asyncio.FIRST_COMPLETED)
        self._size += size
        task = asyncio.get_running_loop().create_task(self._deal(capture))
        self._tasks.add(task)

    async def _given_up(self) -> None:
        """Cancel what is under way, and wait until it has ended: the next file begins anew."""
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._size = 0

    async def _ended(self) -> None:
        while self._tasks:
            await self._some_ended(asyncio.ALL_COMPLETED)

    async def _some_ended(self, when: str) -> None:
        done, self._tasks = await asyncio.wait(self._tasks, return_when=when)
        for task in done:
            task.result()

    async def _deal(self, capture: Capture) -> None:
        page = capture.page
        try:
            attempt = await self._take(capture)
        finally:
            self._size -= len(page.body)
        if attempt is None:
            self.tally.known += 1
        else:
            self.tally.outcomes[attempt.outcome.value] += 1
            self.tally.reasons[attempt.reason] += 1
        self._heard(attempt, self.tally)

    async def _take(self, capture: Capture) -> Attempt | None:
        """How a capture ended; None: it was there already. Raises only Stop."""
        page, source = capture.page, self._sources.of(capture.source)
        attempt: Attempt | None
        try:
            self._check(capture)
            if capture.revisit is not None:
                page = await self._resolved(capture)
            if await self._tools.written(lambda store: _is_known(store, page)):
                self._remember(capture.digest, page)
                return None
            came_by = [normalise(page.url), *map(normalise, page.redirects), page.final_url]
            new = await self._tools.reader.candidate(page, came_by, Told.by(source))
            attempt = await self._store(page, source, new)
        except Exception as error:  # noqa: BLE001 - the boundary sorts them
            doing = f"importing {page.url}"
            attempt = await self._fail(page, source, outcome_of(error, doing, "importing this page"))
        if attempt is not None and attempt.reason != DAMAGED:
            self._remember(capture.digest, page)
        return attempt

    def _check(self, capture: Capture) -> None:
        page = capture.page
        if capture.error is not None:
            raise capture.error
        for url in (page.url, page.final_url, *page.redirects):
            normalise(url)
        if page.fetched_at > self._tools.clock() + _AHEAD:
            raise PageRefused(
                f"{page.url}: its record is of a time to come, {instant(page.fetched_at)}", reason=DAMAGED
            )

    async def _resolved(self, capture: Capture) -> Page:
        """The page of a revisit, with the body that it refers to. Raises PageRefused where that is not here."""
        page, revisit = capture.page, capture.revisit
        assert revisit is not None  # noqa: S101 - whoever calls looked
        body_hash = self._digests.get(revisit.digest) if revisit.digest else None

        def look(store: Store) -> bytes | None:
            if body_hash is not None and (body := store.archive.body(body_hash)) is not None:
                return body
            earlier = store.archive.seen_at(revisit.url, revisit.at or page.fetched_at)
            return earlier.body if earlier is not None else None

        body = await self._tools.written(look)
        if body is None:
            raise PageRefused(f"{page.url}: the answer that it repeats is not in the archive", reason="lost payload")
        return replace(page, body=body)

    def _remember(self, digest: str, page: Page) -> None:
        if digest and page.body:
            self._digests[digest] = hashlib.sha256(page.body).hexdigest()
            if len(self._digests) > _DIGESTS:
                self._digests.popitem(last=False)

    async def _store(self, page: Page, source: Source | None, new: Candidate) -> Attempt | None:
        """How the article of a page ended; None: that it is not to be stored is on record already."""
        name = source.name if source is not None else None
        attempt = replace(self._attempt(page, Outcome.SAVED, "new", "not stored"), source=name)
        packed = page if page.from_cache else await asyncio.to_thread(pack, page)

        def work(store: Store) -> Attempt | None:
            saved = store.save(new, packed, name, page.fetched_at, past=True)
            done = decided(attempt, saved.decision, saved.article_id)
            if saved.article_id is None and store.attempts.is_on_record(done):
                return None
            store.attempts.add(done)
            return done

        return await self._tools.written(work)

    async def _fail(self, page: Page, source: Source | None, error: ScrapeError) -> Attempt | None:
        """Write down that no article came of a page; None: that is on record already."""
        ended = failed(page.url, KIND, error, self._tools.clock())
        attempt = self._attempt(page, ended.outcome, ended.reason, ended.detail)
        attempt = replace(attempt, source=source.name if source is not None else None)
        if isinstance(error, BadURL):  # there is no key to keep the body under
            page = replace(page, body=b"")
        packed = await asyncio.to_thread(pack, page)

        def work(store: Store) -> Attempt | None:
            new = bool(page.body) and not page.from_cache and not _is_forgotten(store, page)
            if new and not store.archive.holds(page):
                store.archive.add(packed, yielded=False)
            elif store.attempts.is_on_record(attempt):
                return None
            store.attempts.add(attempt)
            return attempt

        return await self._tools.written(work)

    def _attempt(self, page: Page, outcome: Outcome, reason: str, detail: str) -> Attempt:
        """``at`` is now: when the page was fetched stands in pages.db, and a time that is long past in no row of
        fetches, which go after a time.
        """
        status = page.status if page.body else None
        size = len(page.body) or None
        return Attempt(page.url, KIND, outcome, reason, detail, self._tools.clock(), None, status, size)


def _is_known(store: Store, page: Page) -> bool:
    """Whether a page is here already, and it is on record what came of it."""
    if _is_forgotten(store, page):
        raise Forgotten(f"{page.url} was erased by `scrape forget` and is not stored again")
    if not page.from_cache and not store.archive.holds(page):
        return False
    found = store.articles.by_keys([url_key(page.final_url), url_key(page.url)])
    if found is None:
        return not page.from_cache and store.attempts.tried(page.url)
    # A kill between the two commits leaves a page that no article knows of.
    return instant(page.fetched_at) <= found.fetched_at


def _is_forgotten(store: Store, page: Page) -> bool:
    return store.tombstones.cover([url_key(page.url), url_key(page.final_url)])
