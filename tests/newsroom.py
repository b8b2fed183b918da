"""The real pipeline over a scripted server and a database of its own, at whatever time it is said to be."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scraper.extract.sites import Sites
from scraper.fetch.client import Fetcher
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.options import Manners
from scraper.ledger import StoredLedger, new_holder
from scraper.model import Attempt, SourceKind, instant
from scraper.parsing import Parsers
from scraper.pipeline import Errand, Ingested, Pipeline
from scraper.profiles import Profiles
from scraper.reader import Reader
from scraper.settings import Settings, Source, Webhook
from scraper.store import DueEntry
from scraper.store.writer import Writer
from scraper.tools import Tools, utc_now
from scraper.units import Duration
from tests.fetch.loopback import Site, options

WORDS = "The council of the harbour town voted on Monday to repair the old breakwater before the winter storms return. "


def story(title: str = "Breakwater to be repaired", times: int = 12) -> bytes:
    """A page that is an article."""
    text = "".join(f"<p>{WORDS}It was the {number}. vote on the matter.</p>" for number in range(times))
    head = f"<!doctype html><title>{title} - The Paper</title><meta property='og:title' content='{title}'>"
    return f"{head}<article><h1>{title}</h1>{text}</article>".encode()


def feed(place: Site, *paths: str) -> bytes:
    """An RSS feed that announces these paths of a server."""
    items = "".join(f"<item><title>{path}</title><link>{place.url(path)}</link></item>" for path in paths)
    return f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode()


@dataclass
class Clock:
    """The time, and what it is set ahead by."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Newsroom:
    """A pipeline, its database and its clock."""

    pipeline: Pipeline
    writer: Writer
    folder: Path
    place: Site
    clock: Clock
    kind: SourceKind = SourceKind.FEED

    def source(self, **more: Any) -> Source:
        return Source(name="paper", url=self.place.url("/feed.xml"), kind=self.kind, **more)

    async def poll(self, **more: Any) -> Attempt:
        """Ask the source ``paper``, whatever its schedule says."""
        source = self.source(**more)
        row = {"name": "paper", "title": "Paper", "url": source.url, "kind": source.kind.value, "enabled": 1}

        def state(store: Any) -> Any:
            store.frontier.sync_sources([row | {"language": None}], instant(self.clock()))
            return store.frontier.source("paper")

        return await self.pipeline.polls.poll(await self.writer.run(state), source)

    async def ingest(self, path: str, **more: Any) -> Ingested:
        return await self.pipeline.ingest(Errand(self.place.url(path), **more))

    async def due(self, until: str = "") -> list[DueEntry]:
        """The entries that are due by then; now, if nothing is said."""
        until = until or instant(self.clock())
        return await self.writer.run(lambda store: store.frontier.due_entries(until, [], 9, 9))

    def rows(self, sql: str, database: str = "news.db") -> list[dict[str, Any]]:
        """What a query answers, read as any other program would."""
        with closing(sqlite3.connect(self.folder / database)) as found:
            found.row_factory = sqlite3.Row
            return [dict(row) for row in found.execute(sql)]


@functools.cache
def parsers() -> Parsers:
    """One pool for all tests of a worker: to start one takes longer than most of them do. It ends with the worker."""
    return Parsers()


@asynccontextmanager
async def shared_pipeline(
    settings: Settings,
    writer: Writer | None,
    clock: Callable[[], datetime] = utc_now,
    profiles: Profiles | None = None,
) -> AsyncIterator[Pipeline]:
    """As ``open_pipeline``, but with the parsers of all; how a pipeline starts and ends its own is told end to end."""
    ledger = StoredLedger(writer) if writer is not None else MemoryLedger()
    async with Fetcher(settings.fetch, settings.manners, ledger, clock=clock, holder=new_holder()) as fetcher:
        reader = Reader(parsers(), Sites())
        yield Pipeline(Tools(settings, clock, fetcher, profiles or Profiles(Path()), reader, writer))


@asynccontextmanager
async def newsroom(
    folder: Path,
    place: Site,
    fetch: Mapping[str, Any] | None = None,
    webhook: Webhook | None = None,
    profiles: Profiles | None = None,
) -> AsyncIterator[Newsroom]:
    """One over that folder, with short spacings."""
    manners = Manners(spacing=Duration(0.01), latency_factor=0)
    settings = Settings(fetch=options(place, **(fetch or {})), manners=manners, webhook=webhook or Webhook())
    clock = Clock()
    async with (
        Writer(folder, busy_timeout=10) as writer,
        shared_pipeline(settings, writer, clock, profiles) as pipeline,
    ):
        yield Newsroom(pipeline, writer, folder, place, clock)
