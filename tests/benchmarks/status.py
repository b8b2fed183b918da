"""What `scrape status` and /metrics cost over a large archive.

``python -m tests.benchmarks.status [N]`` makes one with N articles, pages, entries and attempts (1,000,000: six GB in a
temporary folder) and prints the seconds of CPU and of the clock of each, the first and the best time.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from scraper.model import instant
from scraper.store import Store

_SOURCES = 200
_DAYS = 90
_REVISITED_DAYS = 30
_NEW = 500
_NOW = datetime.now(UTC)
_TEXT = "Word " * 300
_KINDS = (
    *[("page", "saved", "new")] * 10,
    *[("page", "unchanged", "not modified")] * 4,
    *[("feed", "unchanged", "nothing new")] * 4,
    ("page", "failed", "timeout"),
    ("page", "skipped", "consent wall"),
)


def fill(folder: Path, number: int) -> None:
    """Raw rows, spread over the last days; the search index stays empty."""
    Store(folder).close()
    chance = random.Random(1)  # noqa: S311 - the same archive each time
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("BEGIN")
        _insert(db, "sources", "name title url kind enabled next_due", (_source(each) for each in range(_SOURCES)))
        columns = "kind url url_key title published_at body body_markdown word_count source_id first_seen_at"
        columns += " fetched_at content_hash extractor"
        _insert(db, "articles", columns, (_article(each, number) for each in range(number)))
        columns = "url url_key host source_id first_seen_at next_due changed_at"
        _insert(db, "entries", columns, (_entry(each, number, chance) for each in range(number + _NEW)))
        columns = "at url host source_id status size elapsed_ms detail kind outcome reason"
        _insert(db, "fetches", columns, (_attempt(each, number, chance) for each in range(number)))
        db.execute("COMMIT")
    with closing(sqlite3.connect(folder / "pages.db", isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("BEGIN")
        _insert(db, "bodies", "hash zstd size", ((_hash(each), b"x" * 200, 200) for each in range(number)))
        columns = "url url_key final_url final_url_key status fetched_at body_hash"
        _insert(
            db, "pages", columns, ((*[_url(each)] * 4, 200, _at(each, number), _hash(each)) for each in range(number))
        )
        db.execute("COMMIT")


def _insert(db: sqlite3.Connection, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    names = columns.split()
    db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows)


def _at(each: int, number: int) -> str:
    return instant(_NOW - timedelta(days=_DAYS * max(0, number - each) / number))


def _url(each: int) -> str:
    return f"https://s{each % _SOURCES}.example/2026/11/story-number-{each}-with-a-slug-of-the-usual-length"


def _hash(each: int) -> str:
    return sha256(str(each).encode()).hexdigest()


def _source(each: int) -> tuple[object, ...]:
    return f"s{each}", f"Source {each}", f"https://s{each}.example/feed", "feed", 1, instant(_NOW)


def _article(each: int, number: int) -> tuple[object, ...]:
    url, at = _url(each), _at(each, number)
    source = each % _SOURCES + 1
    return "article", url, url, f"Story {each}", at, _TEXT, _TEXT, 300, source, at, at, _hash(each), "1"


def _page(each: int, number: int) -> tuple[object, ...]:
    return *[_url(each)] * 4, 200, _at(each, number), _hash(each)


def _entry(each: int, number: int, chance: random.Random) -> tuple[object, ...]:
    at, new = _at(each, number), each >= number
    again = instant(_NOW + timedelta(days=7 * chance.random()))
    due = at if new else again if each > number * (1 - _REVISITED_DAYS / _DAYS) else None
    return _url(each), _url(each), f"s{each % _SOURCES}.example", each % _SOURCES + 1, at, due, None if new else at


def _attempt(each: int, number: int, chance: random.Random) -> tuple[object, ...]:
    host = f"s{each % _SOURCES}.example"
    return (
        _at(each, number),
        _url(each),
        host,
        each % _SOURCES + 1,
        200,
        50_000,
        300,
        "a detail",
        *chance.choice(_KINDS),
    )


def measure(name: str, work: Callable[[], object]) -> None:
    """Print what a piece of work costs."""
    took = []
    for _ in range(5):
        began, used = time.perf_counter(), time.process_time()
        work()
        took.append((time.perf_counter() - began, time.process_time() - used))
    (first, first_cpu), (best, best_cpu) = took[0], min(took)
    sys.stdout.write(f"{name:10} first {first:.3f} s ({first_cpu:.3f} CPU), best {best:.3f} s ({best_cpu:.3f} CPU)\n")


def main(number: int) -> None:
    """Make the archive, and measure."""
    with TemporaryDirectory(prefix="article-scraper-") as name:
        folder = Path(name)
        fill(folder, number)
        now = instant(_NOW)

        def status() -> None:
            with Store(folder, readonly=True) as store:
                store.glance(_NOW)

        def overview() -> None:
            with Store(folder, readonly=True) as store:
                store.overview(now)

        measure("status", status)
        measure("/metrics", overview)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
