"""What can be told of SQLite and of the files without looking through them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scraper.errors import StorageFull
from scraper.model import from_instant
from scraper.presence import is_there
from scraper.store import migrations
from scraper.store.opening import connect_reading, translated


@dataclass(frozen=True, slots=True)
class File:
    """A database file: its size and that of its write-ahead log, in bytes."""

    name: str
    size: int
    log: int


def version() -> str:
    """SQLite's."""
    return sqlite3.sqlite_version


def searches() -> bool:
    """Whether this SQLite has FTS5."""
    with closing(sqlite3.connect(":memory:")) as conn:
        try:
            conn.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        except sqlite3.OperationalError:
            return False
    return True


def files(folder: Path) -> tuple[File, ...]:
    """The databases that there are. Raises StoreError."""
    return tuple(
        File(path.name, path.stat().st_size, _size(path.with_name(f"{path.name}-wal")))
        for path in (folder / "news.db", folder / "pages.db")
        if is_there(path, StorageFull)
    )


def latest_attempt(folder: Path) -> datetime | None:
    """When something was fetched last; None: never yet. Raises StoreError."""
    path = folder / "news.db"
    with closing(connect_reading(path, migrations.NEWS_ID, migrations.news)) as conn, translated(path):
        (at,) = conn.execute("SELECT max(at) FROM fetches").fetchone()
    return None if at is None else from_instant(at)


def _size(path: Path) -> int:
    return path.stat().st_size if is_there(path, StorageFull) else 0
