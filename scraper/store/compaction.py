"""Giving back what the databases no longer need."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import DatabaseBusy, StorageFull
from scraper.presence import is_there
from scraper.store import Store
from scraper.store.opening import interruptible, translated

_FILES = ("news.db", "pages.db")


@dataclass(frozen=True, slots=True)
class Compacted:
    """A file with its log: bytes before and after."""

    name: str
    before: int
    after: int


def compact(folder: Path, busy_timeout: float, tell: Callable[[int, int], None]) -> list[Compacted]:
    """Rewrite both files without their gaps, and merge the search index. ``tell`` hears of files done.

    Nobody may write meanwhile. Raises StorageFull where there is no room for it, DatabaseBusy where another process
    writes, or reads for so long that the room is not given back yet.
    """
    sizes = {name: _size(folder / name) for name in _FILES}
    # A file is written to a temporary one, and from there to its log.
    _check_room(folder, 2 * max(sizes.values()))
    Store(folder, busy_timeout=busy_timeout).close()  # makes them what this version expects
    for place, name in enumerate(_FILES):
        _compact(folder / name, busy_timeout)
        tell(place + 1, len(_FILES))
    return [Compacted(name, sizes[name], _size(folder / name)) for name in _FILES]


def _compact(path: Path, busy_timeout: float) -> None:
    with (
        translated(path),
        _temporary_files_in(path.parent),
        closing(sqlite3.connect(path, timeout=busy_timeout, isolation_level=None)) as conn,
        interruptible(conn),
    ):
        conn.execute("PRAGMA secure_delete = ON")
        if path.name == "news.db":
            conn.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
        conn.execute("PRAGMA optimize")
        conn.execute("VACUUM")
        if conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise DatabaseBusy(
                f"{path}: is compacted, but another process is reading it: the room is given back once nobody does"
            )


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Have SQLite put its temporary files where there is room for them: /tmp may be small, or memory."""
    before = os.environ.get("SQLITE_TMPDIR")
    os.environ["SQLITE_TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SQLITE_TMPDIR"]
        else:
            os.environ["SQLITE_TMPDIR"] = before


def _size(path: Path) -> int:
    both = (path, path.with_name(f"{path.name}-wal"))
    return sum(each.stat().st_size for each in both if is_there(each, StorageFull))


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageFull(
            f"{folder} has {free / 1e6:,.0f} MB free; compacting takes {needed / 1e6:,.0f} MB for a while: make room"
        )
