"""Reading the pages of stored articles again, by the rules of today.

::

    standings ── those that other rules read ── page ── Reader ── renew ── table reparses ──┬── report
     (store)                                  (archive) (parsers)  (pure)  (a batch each)   └── apply

What was read is on disk, a batch at a time, so a run that is killed goes on where it was. What is reported and written
is read from there by the articles' ids, so it is the same whatever the order in which the parsers answer.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.dedupe.renewal import Renewal, Verdict, renew
from scraper.errors import BadURL, DatabaseDamaged, Skip, TryLater
from scraper.reader import Reader, Told
from scraper.settings import Source
from scraper.store import Store
from scraper.store.reparses import Selection, Standing

_BATCH = 50  # articles a transaction: what a kill has read once more
_AHEAD = 2  # pages for each parser: one that it reads, and one that waits for it

Tell = Callable[[int, int], None]
"""Is told how many articles of how many are done."""


@dataclass(slots=True)
class Reparse:
    """What became of a selection. ``ready`` are the ids of the articles that were read, in their order.

    ``current`` counts those that today's rules have read when they were stored or since, ``pageless`` those of which no
    page is kept; ``failed`` says why a page could not be read, which is tried again by the next run.
    """

    ready: array[int] = field(default_factory=lambda: array("q"))
    current: int = 0
    pageless: int = 0
    failed: dict[int, str] = field(default_factory=dict)

    @property
    def selected(self) -> int:
        """How many articles were looked at."""
        return len(self.ready) + self.current + self.pageless + len(self.failed)


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of one page; no renewal: why it could not be read."""

    standing: Standing
    version: str = ""
    renewal: Renewal | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Reparser:
    """Reads pages again. ``sources`` are the configured ones by name; ``workers`` is how many parsers there are."""

    store: Store
    reader: Reader
    sources: Mapping[str, Source]
    workers: int = 2

    async def read(self, selection: Selection, tell: Tell) -> Reparse:
        """Read every page of a selection that today's rules have not read. Raises StoreError."""
        found, todo = self._look(selection)
        at = 0
        pending: set[asyncio.Task[_Read]] = set()
        done: list[_Read] = []
        try:
            for standing in self._again(todo):
                pending.add(asyncio.create_task(self._one(standing)))
                if len(pending) < _AHEAD * self.workers:
                    continue
                at += await self._some(pending, done)
                tell(at, len(todo))
                if len(done) >= _BATCH:
                    self._keep(done, found)
            while pending:
                at += await self._some(pending, done)
                tell(at, len(todo))
        finally:
            for task in pending:
                task.cancel()
            self._keep(done, found)
        found.ready = array("q", sorted(found.ready))
        return found

    def _look(self, selection: Selection) -> tuple[Reparse, array[int]]:
        """How the articles stand, and which of them are to be read."""
        found, todo = Reparse(), array("q")
        with self.store.reading():
            for standing in self.store.reparses.standings(selection):
                version = self._version(standing)
                if not standing.page_id:
                    found.pageless += 1
                elif standing.extractor == version:
                    found.current += 1
                elif standing.read_by == version:
                    found.ready.append(standing.id)
                else:
                    todo.append(standing.id)
        return found, todo

    def _again(self, todo: Sequence[int]) -> Iterator[Standing]:
        """How these stand now, a few at a time: much memory for a million of them, and an old look at the last."""
        for start in range(0, len(todo), _BATCH):
            with self.store.reading():
                standings = list(self.store.reparses.standings(Selection(ids=tuple(todo[start : start + _BATCH]))))
            yield from standings

    def _told(self, standing: Standing) -> Told:
        return Told.by(self.sources.get(standing.source or ""))

    def _version(self, standing: Standing) -> str:
        return self.reader.version(standing.page_url, self._told(standing))

    async def _some(self, pending: set[asyncio.Task[_Read]], done: list[_Read]) -> int:
        """Wait for a page or more; move what came of them. Returns how many they were."""
        ended, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        pending -= ended
        done += [task.result() for task in ended]
        return len(ended)

    async def _one(self, standing: Standing) -> _Read:
        try:
            page = self.store.archive.get(standing.page_id) if standing.page_id else None
        except DatabaseDamaged as error:  # of one page: the others are read
            return _Read(standing, fault=str(error))
        with self.store.reading():
            old = self.store.articles.by_id(standing.id)
        if page is None or old is None:  # went meanwhile
            return _Read(standing)
        read = _Read(standing, self._version(standing))
        try:
            came_by = [page.url, *page.redirects, page.final_url]
            new = await self.reader.candidate(page, came_by, self._told(standing))
        except (Skip, BadURL) as error:
            return replace(read, renewal=Renewal(Verdict.REFUSED, f"{error.reason}: {error}"))
        except TryLater as error:
            return replace(read, fault=str(error))
        followed = standing.source is None or standing.source in self.sources
        return replace(read, renewal=renew(old, new, followed=followed))

    def _keep(self, done: list[_Read], found: Reparse) -> None:
        """Store what was read, and empty the list."""
        if not done:
            return
        with self.store.transaction():
            for read in done:
                if read.renewal is not None:
                    self.store.reparses.put(read.standing, read.version, read.renewal)
        for read in done:
            if read.renewal is not None:
                found.ready.append(read.standing.id)
            elif read.fault:
                found.failed[read.standing.id] = read.fault
            else:
                found.pageless += 1
        done.clear()


def apply(store: Store, ids: Sequence[int], now: datetime, tell: Tell) -> int:
    """Write what was read of these articles, in the order of the ids. Returns how many of them changed."""
    changed = 0
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        with store.transaction():
            changed += sum(store.renew(article_id, now) for article_id in batch)
        tell(start + len(batch), len(ids))
    return changed
