"""How fast articles are stored: ``python -m tests.benchmarks.writing [--articles N] [--runs K]``.

The real write path (the writer's thread, the decision, keys and fingerprints, the search index, the entry, the row of
the attempt, the compressed page) stores made-up articles, as many at a time as the writer takes; then plain ``sqlite3``
puts the very rows that came of it into the same tables with ``executemany``, in the order in which they came, as many
a commit: once with the search index kept by triggers, as ``sqlite-utils enable-fts --create-triggers`` makes them, and
once with its rows put in by ``executemany`` too, which is as fast as it gets. Prints rows and articles a second of all
and ratios; the same by the processor time of the thread that writes alone, which says more where others use the machine
too; and the bytes that an article takes. What the daemon
does elsewhere (pages are packed in other threads, texts get their fingerprints where pages are parsed, candidates are
made on the event loop) is done before the clock starts, and printed by itself.
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
from scraper.model import Attempt, Entry, instant
from scraper.outcomes import decided, fetched
from scraper.store import Store
from scraper.store.archive import Packed, pack
from scraper.store.writer import Writer
from tests.benchmarks.press import Press

_AT_ONCE = 100  # articles a commit, as the writer's batches
_UNDER_WAY = 300  # pages at once, as of a daemon that has many hosts to ask
_FILES = ("news.db", "pages.db")
_TRIGGER = """CREATE TRIGGER indexed AFTER INSERT ON articles BEGIN INSERT INTO articles_fts (rowid, title, body)
VALUES (new.id, coalesce(new.title_words, new.title), coalesce(new.body_words, new.body)); END"""


@dataclass(frozen=True, slots=True)
class Work:
    """A page that is read, and its place in the frontier, as the pipeline hands it to the writer."""

    new: Candidate
    page: Packed
    attempt: Attempt
    entry_id: int


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of the processor in the thread that wrote."""

    clock: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, whole."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


def announce(folder: Path, press: Press, count: int) -> tuple[list[Work], float]:
    """Configure the outlets as sources, and queue every article as an entry. Returns also the seconds of the processor
    that it took to make candidates and to pack pages.
    """
    works, prepared = [], 0.0
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
            began = time.thread_time()
            new, packed = candidate(article, [page.final_url]), pack(page)
            prepared += time.thread_time() - began
            works.append(Work(new, packed, attempt, number + 1))
    return works, prepared


async def stored(folder: Path, works: Sequence[Work]) -> Took:
    """Store everything through the writer."""
    turns = asyncio.Semaphore(_UNDER_WAY)

    async def one(work: Work) -> None:
        async with turns:
            await writer.run(partial(_save, work))

    async with Writer(folder, busy_timeout=30) as writer:
        cpu = await writer.run(lambda _store: time.thread_time())
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(one(work))
        clock = time.perf_counter() - began
        return Took(clock, await writer.run(lambda _store: time.thread_time()) - cpu)


def _save(work: Work, store: Store) -> None:
    """What the pipeline has done in the writer's thread once a page is read."""
    saved = store.save(work.new, work.page, work.attempt.source, work.attempt.at)
    again = instant(work.attempt.at + timedelta(hours=1))
    done = replace(decided(work.attempt, saved.decision, saved.article_id), next_due=again)
    store.attempts.add(done)
    store.frontier.finished(work.entry_id, done, done.next_due, instant(done.at))


def _tables(file: Path) -> list[Rows]:
    """What lies in a database, but for the index and SQLite's own tables."""
    with closing(sqlite3.connect(file)) as db:
        names = [
            name
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
            if not name.startswith(("sqlite_", "_sqlite")) and "_fts" not in name and sql
        ]
        found = []
        for name in names:
            # In the order in which they came: a sketch's hashes lie anywhere in their table.
            order = " ORDER BY article_id" if name == "sketches" else ""
            cursor = db.execute(f"SELECT * FROM {name}{order}")
            found.append(Rows(name, tuple(column[0] for column in cursor.description), cursor.fetchall()))
        return found


def _indexed(file: Path) -> Rows:
    """The rows of the search index."""
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT id, title, body FROM articles_fts_text ORDER BY id").fetchall()
    return Rows("articles_fts", ("rowid", "title", "body"), rows)


def written(folder: Path, tables: Sequence[list[Rows]], commits: int, *, trigger: bool) -> Took:
    """Put the rows of both files into a new pair by ``executemany``, in so many commits."""
    Store(folder).close()
    connections = [sqlite3.connect(folder / name, isolation_level=None) for name in _FILES]
    for db in connections:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA cache_size = -32768")
    for db, content in zip(connections, tables, strict=True):
        for each in content:  # a new file has rows of its own
            db.execute(f"DELETE FROM {each.table}")
    if trigger:
        connections[0].execute(_TRIGGER)
    began, cpu = time.perf_counter(), time.thread_time()
    for number in range(commits):
        for db, content in reversed(list(zip(connections, tables, strict=True))):
            db.execute("BEGIN IMMEDIATE")
            for each in content:
                marks = ", ".join("?" * len(each.columns))
                share = each.rows[len(each.rows) * number // commits : len(each.rows) * (number + 1) // commits]
                db.executemany(f"INSERT INTO {each.table} ({', '.join(each.columns)}) VALUES ({marks})", share)
            db.execute("COMMIT")
    took = Took(time.perf_counter() - began, time.thread_time() - cpu)
    for db in connections:
        db.close()
    return took


def _sizes(folder: Path) -> list[int]:
    for name in _FILES:
        with closing(sqlite3.connect(folder / name)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [(folder / name).stat().st_size for name in _FILES]


@dataclass(frozen=True, slots=True)
class Result:
    """One run: what ours took and each way of executemany, how many rows there were, and the bytes of the files."""

    ours: Took
    plain: dict[str, Took]
    prepared: float
    rows: int
    sizes: list[int]


def _run(count: int) -> Result:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        works, prepared = announce(folder / "ours", Press(), count)
        took = asyncio.run(stored(folder / "ours", works))
        tables = [_tables(folder / "ours" / name) for name in _FILES]
        rows = sum(len(each.rows) for content in tables for each in content)
        commits = max(1, count // _AT_ONCE)
        plain = {"with a trigger": written(folder / "triggered", tables, commits, trigger=True)}
        tables[0].append(_indexed(folder / "ours" / "news.db"))
        plain["and the index's rows"] = written(folder / "plain", tables, commits, trigger=False)
        return Result(took, plain, prepared, rows, _sizes(folder / "ours"))


def _say(run: Result, count: int) -> None:
    elsewhere = f"elsewhere, before: {run.prepared / count * 1e3:.3f} ms"
    sys.stdout.write(f"{'ours':32} {_speed(run.ours, run, count)}; {elsewhere}\n")
    for name, took in run.plain.items():
        ratios = f"ratio {took.clock / run.ours.clock:.2f}; of processor time {took.cpu / run.ours.cpu:.2f}"
        sys.stdout.write(f"{f'executemany {name}':32} {_speed(took, run, count)}; {ratios}\n")


def _speed(took: Took, run: Result, count: int) -> str:
    return (
        f"{run.rows / took.clock:8,.0f} rows/s {count / took.clock:6,.0f} articles/s,"
        f" {took.cpu / count * 1e3:.3f} ms of the processor an article"
    )


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5_000, metavar="N")
    parser.add_argument("--runs", type=int, default=3, metavar="K")
    options = parser.parse_args()
    count = options.articles
    sys.stdout.write(f"{count:,} articles, {datetime.now(UTC):%Y-%m-%d}\n")
    runs = []
    for _ in range(options.runs):
        runs.append(_run(count))
        _say(runs[-1], count)
    for name in runs[0].plain:
        clock = median(run.plain[name].clock / run.ours.clock for run in runs)
        cpu = median(run.plain[name].cpu / run.ours.cpu for run in runs)
        sys.stdout.write(f"executemany {name}, median of {options.runs}: {clock:.2f}; of processor time: {cpu:.2f}\n")
    news, pages = runs[-1].sizes
    sys.stdout.write(f"bytes an article: news.db {news / count:,.0f}, pages.db {pages / count:,.0f}\n")


if __name__ == "__main__":
    main()
