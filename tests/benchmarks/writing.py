"""How fast articles are stored: ``python -m tests.benchmarks.writing [--articles N] [--runs K]``.

The real write path (the writer's thread, the decision, keys and fingerprints, the search index, the entry, the row of
the attempt, the compressed page) stores made-up articles, as many at a time as the writer takes; then plain ``sqlite3``
puts the very rows that came of it into the same tables with ``executemany``, as many a commit. Prints rows and articles
a second of both, their ratio, and the bytes that an article takes.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scraper.dedupe import Candidate, candidate
from scraper.model import Attempt, Entry, Page, instant
from scraper.outcomes import decided, fetched
from scraper.store import Store
from scraper.store.writer import Writer
from tests.benchmarks.press import Press

_AT_ONCE = 100  # articles a commit, as the writer's batches
_UNDER_WAY = 300  # pages at once, as of a daemon that has many hosts to ask
_FILES = ("news.db", "pages.db")


@dataclass(frozen=True, slots=True)
class Work:
    """A page that is read, and its place in the frontier, as the pipeline hands it to the writer."""

    new: Candidate
    page: Page
    attempt: Attempt
    entry_id: int


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, whole."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


def announce(folder: Path, press: Press, count: int) -> list[Work]:
    """Configure the outlets as sources, and queue every article as an entry."""
    works = []
    with Store(folder) as store, store.transaction():
        row = {"kind": "feed", "enabled": 1, "language": None}
        names = [f"outlet{number}" for number in range(press.outlets)]
        sources = [row | {"name": name, "title": name, "url": f"https://{name}.example/feed"} for name in names]
        store.frontier.sync_sources(sources, "2026-01-01T00:00:00Z")
        for number, article in enumerate(press.articles(count)):
            source = number % press.outlets + 1
            store.frontier.admit([Entry(article.url, article.title)], source, article.published_at or "")
            page = press.page(article)
            attempt = fetched(page.url, page, None)
            attempt = replace(attempt, source=names[number % press.outlets])
            works.append(Work(candidate(article, [page.final_url]), page, attempt, number + 1))
    return works


async def stored(folder: Path, works: Sequence[Work]) -> float:
    """Store everything through the writer; the seconds that it took."""
    turns = asyncio.Semaphore(_UNDER_WAY)

    async def one(work: Work) -> None:
        async with turns:
            await writer.run(partial(_save, work))

    async with Writer(folder, busy_timeout=30) as writer:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(one(work))
        return time.perf_counter() - began


def _save(work: Work, store: Store) -> None:
    """What the pipeline has done in the writer's thread once a page is read."""
    saved = store.save(work.new, work.page, work.attempt.source, work.attempt.at)
    again = instant(work.attempt.at + timedelta(hours=1))
    done = replace(decided(work.attempt, saved.decision, saved.article_id), next_due=again)
    store.attempts.add(done)
    store.frontier.finished(work.entry_id, done, done.next_due, instant(done.at))


def _tables(file: Path) -> list[Rows]:
    """What lies in a database, but for the index (triggers fill it) and SQLite's own tables."""
    with closing(sqlite3.connect(file)) as db:
        names = [
            name
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
            if not name.startswith(("sqlite_", "_sqlite")) and "_fts" not in name and sql
        ]
        found = []
        for name in names:
            cursor = db.execute(f"SELECT * FROM {name}")
            found.append(Rows(name, tuple(column[0] for column in cursor.description), cursor.fetchall()))
        return found


def written(folder: Path, tables: Sequence[list[Rows]], commits: int) -> float:
    """Put the rows of both files into a new pair by ``executemany``, in so many commits; the seconds that it took."""
    Store(folder).close()
    seconds = 0.0
    connections = [sqlite3.connect(folder / name, isolation_level=None) for name in _FILES]
    for db in connections:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA cache_size = -32768")
    began = time.perf_counter()
    for number in range(commits):
        for db, content in reversed(list(zip(connections, tables, strict=True))):
            db.execute("BEGIN IMMEDIATE")
            for each in content:
                marks = ", ".join("?" * len(each.columns))
                share = each.rows[len(each.rows) * number // commits : len(each.rows) * (number + 1) // commits]
                db.executemany(f"INSERT INTO {each.table} ({', '.join(each.columns)}) VALUES ({marks})", share)
            db.execute("COMMIT")
    seconds = time.perf_counter() - began
    for db in connections:
        db.close()
    return seconds


def _sizes(folder: Path) -> list[int]:
    for name in _FILES:
        with closing(sqlite3.connect(folder / name)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [(folder / name).stat().st_size for name in _FILES]


def _run(count: int) -> tuple[float, float, int, list[int]]:
    """Seconds of ours, seconds of executemany, rows, bytes of the files."""
    with TemporaryDirectory() as temporary:
        ours, plain = Path(temporary, "ours"), Path(temporary, "plain")
        works = announce(ours, Press(), count)
        seconds = asyncio.run(stored(ours, works))
        tables = [_tables(ours / name) for name in _FILES]
        rows = sum(len(each.rows) for content in tables for each in content)
        return seconds, written(plain, tables, max(1, count // _AT_ONCE)), rows, _sizes(ours)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5_000, metavar="N")
    parser.add_argument("--runs", type=int, default=3, metavar="K")
    options = parser.parse_args()
    count = options.articles
    sys.stdout.write(f"{count:,} articles, {datetime.now(UTC):%Y-%m-%d}\n")
    ratios = []
    for _ in range(options.runs):
        ours, plain, rows, sizes = _run(count)
        ratios.append(plain / ours)
        sys.stdout.write(
            f"ours {rows / ours:8,.0f} rows/s {count / ours:6,.0f} articles/s   executemany {rows / plain:8,.0f} rows/s"
            f" {count / plain:6,.0f} articles/s   ratio {plain / ours:.2f}\n"
        )
    sys.stdout.write(f"ratio, median of {options.runs}: {median(ratios):.2f}\n")
    sys.stdout.write(f"bytes an article: news.db {sizes[0] / count:,.0f}, pages.db {sizes[1] / count:,.0f}\n")


if __name__ == "__main__":
    main()
