"""A copy of both databases as they were at one moment, while others write.

Each file is copied within one reading transaction, so a writer neither waits nor makes the copy begin anew. That of
news.db is begun first: pages.db is written first, so every article of the copy has its page there.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import BadUsage, DatabaseDamaged, StorageFull
from scraper.presence import is_there
from scraper.store import migrations
from scraper.store.opening import connect_reading, interruptible, translated
from scraper.whole import reserved

_STEP = 1024  # pages of the file: some 4 MB between two words of progress


@dataclass(frozen=True, slots=True)
class Target:
    """Where the copies go."""

    news: Path
    pages: Path

    @classmethod
    def named(cls, where: Path) -> Target:
        """A folder; or a file, ``x.db``, with ``x-pages.db`` beside it."""
        if where.suffix == ".db" and not where.is_dir():
            return cls(where, where.with_name(f"{where.stem}-pages.db"))
        return cls(where / "news.db", where / "pages.db")


def back_up(folder: Path, target: Target, tell: Callable[[int, int], None]) -> dict[Path, int]:
    """Copy both databases of a storage folder. Returns the copies with their sizes in bytes.

    A copy is checked, and only then gets its name. ``tell`` hears how many bytes of how many are copied. Raises
    BadUsage where a file is in the way, StorageFull, and StoreError where there is nothing to copy.
    """
    for path in (target.news, target.pages):
        if os.path.lexists(path):
            raise BadUsage(f"{path} is there already; name another place for the copy")
    with ExitStack() as open_files:
        news = open_files.enter_context(_snapshot(folder / "news.db"))
        kept = folder / "pages.db"
        pages = open_files.enter_context(_snapshot(kept)) if is_there(kept, StorageFull) else None
        # pages.db gets its name first: where news.db stands, the copy is whole.
        copies = [(pages, target.pages)] if pages is not None else []
        copies.append((news, target.news))
        sizes = {path: _size(conn) for conn, path in copies}
        _check_room(target.news.parent, sum(sizes.values()))
        parts = {path: open_files.enter_context(_reserved(path)) for _, path in copies}
        begun = 0
        for conn, path in copies:
            _copy(conn, parts[path], lambda done: tell(begun + done, sum(sizes.values())))  # noqa: B023 - called at once
            begun += sizes[path]
        for part in parts.values():
            _check(part)
        for path, part in parts.items():
            _name(part, path)
    return sizes


@contextmanager
def _reserved(path: Path) -> Iterator[Path]:
    """Where a copy is made that is to be called so."""
    try:
        with reserved(path, ".partial") as part:
            yield part
    except OSError as error:
        raise StorageFull(f"cannot write {path}: {error.strerror}") from error


@contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees a file as it is now, whatever is written meanwhile."""
    ours = (migrations.NEWS_ID, migrations.news) if path.name == "news.db" else (migrations.PAGES_ID, migrations.pages)
    with closing(connect_reading(path, *ours)) as conn:
        with translated(path):
            conn.execute("BEGIN")
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the transaction begins with the first read
        yield conn


def _size(conn: sqlite3.Connection) -> int:
    pages, size = (conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def _check_room(folder: Path, size: int) -> None:
    """Make the folder, and see that the copies have room there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StorageFull(f"cannot write {folder}: {error.strerror}") from error
    if free < size:
        raise StorageFull(
            f"{folder} has {free / 1e6:,.0f} MB free, and the copies take {size / 1e6:,.0f} MB; make room"
        )


def _copy(source: sqlite3.Connection, partial: Path, tell: Callable[[int], None]) -> None:
    size = source.execute("PRAGMA page_size").fetchone()[0]
    with translated(partial), closing(sqlite3.connect(partial, isolation_level=None)) as conn:
        # It is synced once, at the end; one that is not whole is thrown away.
        conn.execute("PRAGMA journal_mode = OFF")
        conn.execute("PRAGMA synchronous = OFF")
        source.backup(conn, pages=_STEP, progress=lambda _status, left, of: tell((of - left) * size))
    _sync(partial)


def _check(partial: Path) -> None:
    with (
        translated(partial),
        closing(sqlite3.connect(f"{partial.absolute().as_uri()}?immutable=1", uri=True)) as conn,
        interruptible(conn),
    ):
        found = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        what = " ".join(str(found).removeprefix("*** in database main ***").split())
        raise DatabaseDamaged(f"the copy is damaged, and so may be what it is of; run `scrape db check` ({what})")


def _name(partial: Path, path: Path) -> None:
    """Give a copy its name, unless a file has that by now."""
    try:
        os.link(partial, path)
    except FileExistsError as error:
        raise BadUsage(f"{path} is there already; name another place for the copy") from error
    except OSError:  # a disk that knows no links
        partial.rename(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
