"""How a database file is opened: ours or refused, in WAL, migrated; and the one door for SQLite's errors."""

from __future__ import annotations

import os
import re
import sqlite3
import struct
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from sqlite_utils import Database, Migrations

from scraper.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    Exhausted,
    ForeignDatabase,
    StorageFull,
    StoreError,
    unreadable,
)
from scraper.presence import is_there

_SURROGATE = re.compile("[\ud800-\udfff]")
_MAGIC = b"SQLite format 3\0"
_FULL = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")


def open_database(path: Path, application_id: int, migrations: Migrations, busy_timeout: float) -> Database:
    """Open (or make) one of our databases for writing, with every migration applied.

    ``busy_timeout`` is in seconds. Raises ForeignDatabase, without having touched the file, if it is another
    program's, a newer version's or no database; StorageFull where it cannot be written; DatabaseBusy, DatabaseDamaged.
    """
    with translated(path):
        _refuse_foreign(path, application_id, migrations)
        # Autocommit: transactions are begun by Store.transaction, and only there.
        conn = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None)
        try:
            conn.row_factory = sqlite3.Row
            _mark(conn, path, application_id)
            conn.execute("PRAGMA journal_mode = WAL")
            conn.execute("PRAGMA synchronous = FULL")
            conn.execute("PRAGMA foreign_keys = ON")
            # Overwrite what is deleted or replaced: what `scrape forget` erases may have been revised long before.
            conn.execute("PRAGMA secure_delete = ON")
            conn.execute("PRAGMA journal_size_limit = 67108864")
            # 32 MB of log before it is written back: the same pages of the indexes change again and again.
            conn.execute("PRAGMA wal_autocheckpoint = 8000")
            conn.execute("PRAGMA cache_size = -32768")
            database = Database(conn)
            if migrations.pending(database):
                # The lock comes first: two processes that open a new file at once must not both migrate it.
                with immediate(conn, path):
                    migrations.apply(database)
        except BaseException:
            conn.close()
            raise
    return database


def open_readonly(path: Path, application_id: int, migrations: Migrations, busy_timeout: float) -> Database:
    """Open one of our databases for reading alone. Raises as :func:`open_database`, and StoreError if there is none."""
    with translated(path):
        if not is_there(path, StorageFull):
            raise StoreError(
                f"no database at {path}: nothing was stored yet; `scrape fetch URL` or `scrape run` makes it"
            )
        _refuse_foreign(path, application_id, migrations)
        conn = sqlite3.connect(reading_address(path), uri=True, timeout=busy_timeout, isolation_level=None)
        conn.row_factory = sqlite3.Row
        database = Database(conn)
        try:
            pending = migrations.pending(database)
        except BaseException:
            conn.close()
            raise
    if pending:
        conn.close()
        raise StoreError(f"{path}: is of an older version, or was never finished; `scrape run` or `fetch` mends it")
    return database


def connect_reading(path: Path, application_id: int, migrations: Migrations) -> sqlite3.Connection:
    """A plain connection that only reads, to one of our databases of this version or an older one.

    Raises as :func:`open_database`, and StoreError if there is none.
    """
    if not is_there(path, StorageFull):
        raise StoreError(f"no database at {path}: nothing was stored yet")
    with translated(path):
        _refuse_foreign(path, application_id, migrations)
        return sqlite3.connect(reading_address(path), uri=True, isolation_level=None)


def check_sound(path: Path, application_id: int, migrations: Migrations, seconds: float) -> None:
    """Have SQLite look through the pages of a database, if there is one, for so many seconds at most: about a GB each.

    Nothing is changed. Raises DatabaseDamaged, and ForeignDatabase as :func:`open_database`.
    """
    with translated(path):
        _refuse_foreign(path, application_id, migrations)
    if not path.is_file() or not path.stat().st_size:
        return
    with translated(path), closing(sqlite3.connect(reading_address(path), uri=True, check_same_thread=False)) as conn:
        timer = Timer(seconds, conn.interrupt)
        timer.start()
        try:
            found = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_INTERRUPT":
                raise
            found = "ok"  # so far
        finally:
            timer.cancel()
            timer.join()  # before the connection is closed
    if found != "ok":
        what = " ".join(str(found).removeprefix("*** in database main ***").split())
        raise _damaged(path, what)


def reading_address(path: Path) -> str:
    """The address to read a file by.

    In a folder that cannot be written (a copy on a read-only disk) WAL's shared-memory file cannot be made; with no
    log beside it the file is all there is, and is read as one that nobody changes.
    """
    alone = not os.access(path.parent, os.W_OK) and not path.with_name(path.name + "-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if alone else "")


@contextmanager
def interruptible(*connections: sqlite3.Connection) -> Iterator[None]:
    """Let Ctrl-C end a long statement: Python hears of it only where SQLite calls it."""
    for conn in connections:
        conn.set_progress_handler(lambda: 0, 100_000)
    try:
        yield
    except sqlite3.OperationalError as error:
        # Python's own complaint about text that is not UTF-8 has no code.
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from error
        raise
    finally:
        for conn in connections:
            conn.set_progress_handler(None, 0)


def open_empty(migrations: Migrations) -> Database:
    """A database in memory with nothing in it, for reading where there is no file."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.row_factory = sqlite3.Row
    database = Database(conn)
    migrations.apply(database)
    return database


def storable(text: str) -> str:
    """Text as UTF-8 can hold it: lone surrogates, which JSON can spell and arguments can hold, become U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def inserted(conn: sqlite3.Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row of plain values, and return its integer key.

    sqlite-utils asks for the names of all tables and views first, and for the table's columns, at every row.
    """
    marks = ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
    key = conn.execute(sql, tuple(row.values())).lastrowid
    if key is None:
        raise TypeError(f"{table} has no integer key")
    return key


@contextmanager
def immediate(conn: sqlite3.Connection, path: Path) -> Iterator[None]:
    """A write transaction that takes its lock at once.

    A plain BEGIN that reads and then writes fails at once when another process has written in between, whatever the
    busy time-out (301 of 600 tries from two processes).
    """
    with translated(path):
        conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        with translated(path):
            conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


@contextmanager
def part(conn: sqlite3.Connection) -> Iterator[None]:
    """A part of a transaction that is undone by itself if it fails.

    By one name, also within each other, so that SQLite has the statements ready: sqlite-utils draws a name each time,
    and a statement that is new each time also drives out of the cache those that are used again.
    """
    conn.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if conn.in_transaction:  # what ended all of it took the savepoint along
            conn.execute("ROLLBACK TO part")
            conn.execute("RELEASE part")
        raise
    conn.execute("RELEASE part")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """The one door at which SQLite's errors become ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _translate(path, error) from error
    except UnicodeDecodeError as error:
        # sqlite3 raises this, which is no sqlite3.Error, for text that a damaged page holds.
        raise DatabaseDamaged(f"{path}: holds text that is not UTF-8; the file is damaged: {error.reason}") from error


def _translate(path: Path, error: sqlite3.Error) -> StoreError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy(f"{path}: another process is writing to it and did not finish in time; try again")
    if name.startswith("SQLITE_NOTADB"):
        return ForeignDatabase(f"{path}: is no SQLite database; move it away, or name another home with --home")
    # Python's own complaint about text that is not UTF-8 has no code.
    if name.startswith("SQLITE_CORRUPT") or (not name and "decode" in str(error)):
        return _damaged(path, str(error))
    if name.startswith("SQLITE_CANTOPEN") and _are_descriptors_out():
        return DatabaseBusy(f"{path}: this process may open no more files; {Exhausted.advice}", reason=Exhausted.reason)
    if name.startswith(_FULL):
        return StorageFull(f"{path}: cannot be written ({error}); is the disk full, or the folder read-only?")
    return StoreError(f"{path}: {error}")


def _are_descriptors_out() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in Exhausted.codes
    return False


def _damaged(path: Path, what: str) -> DatabaseDamaged:
    return DatabaseDamaged(f"{path}: is damaged ({what}); restore a backup, or save what `sqlite3 .recover` finds")


def _refuse_foreign(path: Path, application_id: int, migrations: Migrations) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return
    except IsADirectoryError as error:
        raise ForeignDatabase(f"{path}: is a folder, not a database") from error
    except OSError as error:
        raise StorageFull(unreadable(path, error)) from error
    if not head:
        return
    if len(head) < 100 or not head.startswith(_MAGIC):
        raise ForeignDatabase(f"{path}: is no SQLite database; move it away, or name another home with --home")
    found = struct.unpack(">I", head[68:72])[0]
    if found != application_id:
        raise ForeignDatabase(
            f"{path}: is a database of another program; move it away, or name another home with --home"
        )
    _refuse_newer(path, migrations)


def _refuse_newer(path: Path, migrations: Migrations) -> None:
    with closing(sqlite3.connect(reading_address(path), uri=True)) as conn:
        known = {migration.name for migration in migrations._migrations}  # noqa: SLF001 - it has no public list
        try:
            applied = {migration.name for migration in migrations.applied(Database(conn))}
        except LookupError as error:
            raise DatabaseDamaged(f"{path}: has lost the column {error} of its list of migrations") from error
    if applied - known:
        raise ForeignDatabase(f"{path}: was written by a newer version of this program; upgrade article-scraper")


def _mark(conn: sqlite3.Connection, path: Path, application_id: int) -> None:
    """Write our id into a new file's header while it is still in rollback mode.

    In WAL mode the id would stay in the -wal file until a checkpoint, and a kill would leave a file of nobody's.
    """
    if conn.execute("PRAGMA application_id").fetchone()[0] == application_id:
        return
    with immediate(conn, path):
        conn.execute(f"PRAGMA application_id = {application_id}")
