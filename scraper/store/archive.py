"""Every page that was fetched, byte for byte: pages.db. Equal bodies are kept once."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import zstandard
from sqlite_utils import Database

from scraper.dedupe import url_key
from scraper.errors import DatabaseDamaged
from scraper.model import Page, from_instant, instant
from scraper.store.opening import inserted, translated
from scraper.store.retention import standing

Damaged = Callable[[DatabaseDamaged], None]
"""Told of a row that cannot be read; where it returns, the others are read."""

_LEVEL = 3  # 40 KB a page; higher levels cost more time than they save room


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page with its id; ``shared``: another one has the same body. ``source`` is that of its article, or ""."""

    id: int
    page: Page
    shared: bool
    source: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """A page in the form in which it is kept: ``hash`` is its body's SHA-256, ``zstd`` its body compressed."""

    page: Page
    hash: str
    zstd: bytes


def refuse(error: DatabaseDamaged) -> None:
    """Read no further."""
    raise error


def pack(page: Page) -> Packed:
    """Make a page ready to be kept. Both halves of it let other threads run meanwhile: this is for another thread than
    the one that writes, which it would cost as much as all its Python for an article (0.6 ms for 100 KB).
    """
    return Packed(page, hashlib.sha256(page.body).hexdigest(), zstandard.compress(page.body, _LEVEL))


class Archive:
    """The tables pages and bodies of pages.db."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def add(self, page: Page | Packed, *, yielded: bool = True, of: Sequence[str] = ()) -> int:
        """Keep a page. Returns its id. ``yielded``: an article came of it, so that retention spares it; ``of`` are that
        article's URL keys, as far as it was known: older pages of them are spared no more.
        """
        with translated(self._path):
            packed = page if isinstance(page, Packed) else pack(page)
            keys = (url_key(packed.page.final_url), *of)
            at = instant(packed.page.fetched_at)
            return self._add(packed, standing(self._db, keys, at, yielded=yielded))

    def _add(self, packed: Packed, rank: int) -> int:
        page, body_hash = packed.page, packed.hash
        sql = "INSERT INTO bodies (hash, zstd, size) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        self._db.conn.execute(sql, (body_hash, packed.zstd, len(page.body)))
        return inserted(
            self._db.conn,
            "pages",
            {
                "url": page.url,
                "url_key": url_key(page.url),
                "final_url": page.final_url,
                "final_url_key": url_key(page.final_url),
                "redirects": json.dumps(page.redirects),
                "status": page.status,
                "request_headers": json.dumps(page.request_headers),
                "headers": json.dumps(page.headers),
                "fetched_at": instant(page.fetched_at),
                "body_hash": body_hash,
                "login": int(page.login),
                "rank": rank,
            },
        )

    def of(self, keys: Sequence[str]) -> Iterator[Page]:
        """The pages that were fetched under these URL keys, oldest first."""
        with translated(self._path):
            yield from map(self._page, self._rows("pages.*, bodies.zstd, bodies.size", keys))

    def get(self, page_id: int) -> Page | None:
        """One page; None if it is not kept any more."""
        with translated(self._path):
            row = self._db.conn.execute(
                "SELECT pages.*, bodies.zstd, bodies.size FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
                " WHERE pages.id = ?",
                (page_id,),
            ).fetchone()
            return self._page(row) if row is not None else None

    def has(self, keys: Sequence[str]) -> bool:
        """Whether a page that an article came of is kept under one of these URL keys."""
        marks = ",".join("?" * len(keys))
        sql = f"SELECT 1 FROM pages WHERE final_url_key IN ({marks}) AND +rank IS NOT 0 LIMIT 1"
        with translated(self._path):
            return self._db.conn.execute(sql, tuple(keys)).fetchone() is not None

    def latest(self, url: str, *, login: bool, with_body: bool = False) -> Page | None:
        """The last page that exactly this URL answered with, without a redirect and with (or without) a login.

        Its body is left out unless it is asked for.
        """
        body = "bodies.zstd, bodies.size" if with_body else "NULL AS zstd, 0 AS size"
        with translated(self._path):
            row = self._db.conn.execute(
                f"SELECT pages.*, {body} FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
                " WHERE url_key = ?1 AND url = ?2 AND final_url = ?2 AND login = ?3"
                " ORDER BY pages.fetched_at DESC, pages.id DESC LIMIT 1",
                (url_key(url), url, int(login)),
            ).fetchone()
            return self._page(row) if row is not None else None

    def holds(self, page: Page) -> bool:
        """Whether exactly this is kept already."""
        sql = "SELECT body_hash FROM pages WHERE url_key = ? AND fetched_at = ? AND url = ? AND final_url = ?"
        key, at = url_key(page.url), instant(page.fetched_at)
        with translated(self._path):
            found = {row[0] for row in self._db.conn.execute(sql, (key, at, page.url, page.final_url))}
        return bool(found) and hashlib.sha256(page.body).hexdigest() in found

    def seen_at(self, url: str, at: datetime) -> Page | None:
        """The last page that an address answered with up to an instant."""
        with translated(self._path):
            row = self._db.conn.execute(
                "SELECT pages.*, bodies.zstd, bodies.size FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
                " WHERE final_url_key = ? AND final_url = ? AND pages.fetched_at <= ?"
                " ORDER BY pages.fetched_at DESC, pages.id DESC LIMIT 1",
                (url_key(url), url, instant(at)),
            ).fetchone()
            return self._page(row) if row is not None else None

    def body(self, body_hash: str) -> bytes | None:
        """A body by its SHA-256; None, where it is not kept."""
        with translated(self._path):
            row = self._db.conn.execute("SELECT zstd, size FROM bodies WHERE hash = ?", (body_hash,)).fetchone()
        return _unpacked(row) if row is not None else None

    def select(self, since: str, until: str, keys: Iterable[str] | None = None) -> array[int]:
        """The ids of pages that were fetched in a time (empty: any), by id; with ``keys``, those of one of these."""
        # '~' sorts behind every instant of the day.
        when, times = "fetched_at >= ?1 AND fetched_at <= ?2", (since, f"{until}~")
        with translated(self._path):
            if keys is None:
                rows = self._db.conn.execute(f"SELECT id FROM pages WHERE {when} ORDER BY id", times)
                return array("q", (row[0] for row in rows))
            found = {
                row[0]
                for key in keys
                for row in self._db.conn.execute(
                    f"SELECT id FROM pages WHERE (url_key = ?3 OR final_url_key = ?3) AND {when}", (*times, key)
                )
            }
        return array("q", sorted(found))

    def selected(self, ids: Iterable[int], *, public: bool, damaged: Damaged = refuse) -> Iterator[KeptPage]:
        """Pages by their ids, read as they are asked for; what went away meanwhile is left out.

        ``public``: only those that it took no login to fetch. ``damaged`` is told of each that cannot be read.
        """
        sql = (
            "SELECT pages.*, bodies.zstd, bodies.size, (SELECT count(*) FROM (SELECT 1 FROM pages WHERE"
            " body_hash = bodies.hash LIMIT 2)) AS sharers FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
            " WHERE pages.id = ? AND login <= ?"
        )
        for number in ids:
            try:
                with translated(self._path):
                    row = self._db.conn.execute(sql, (number, int(not public))).fetchone()
                    found = KeptPage(number, self._page(row), shared=row["sharers"] > 1) if row is not None else None
            except DatabaseDamaged as error:
                damaged(error)
                continue
            if found is not None:
                yield found

    def last(self, keys: Sequence[str]) -> Page | None:
        """The last good answer that is kept under one of these URL keys, with its body."""
        marks = ",".join("?" * len(keys))
        with translated(self._path):
            row = self._db.conn.execute(
                "SELECT pages.*, bodies.zstd, bodies.size FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
                f" WHERE (url_key IN ({marks}) OR final_url_key IN ({marks})) AND +status = 200"
                " ORDER BY pages.fetched_at DESC, pages.id DESC LIMIT 1",
                (*keys, *keys),
            ).fetchone()
            return self._page(row) if row is not None else None

    def count(self) -> int:
        """How many pages are kept."""
        with translated(self._path):
            return int(self._db.table("pages").count)

    def forget(self, keys: Sequence[str]) -> None:
        """Erase the pages that were fetched under these URL keys, and bodies that no other page shares."""
        with translated(self._path):
            for row in self._rows("pages.id, pages.body_hash", keys).fetchall():
                self._db.execute("DELETE FROM pages WHERE id = ?", (row["id"],))
                self._db.execute(
                    "DELETE FROM bodies WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM pages WHERE body_hash = ?1)",
                    (row["body_hash"],),
                )

    def _rows(self, columns: str, keys: Sequence[str]) -> sqlite3.Cursor:
        """The pages that were fetched under these URL keys, oldest first."""
        marks = ",".join("?" * len(keys))
        return self._db.conn.execute(
            f"SELECT {columns} FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
            f" WHERE url_key IN ({marks}) OR final_url_key IN ({marks}) ORDER BY pages.fetched_at, pages.id",
            (*keys, *keys),
        )

    def _page(self, row: Any) -> Page:
        try:
            return _page(row)
        except (ValueError, TypeError, LookupError, OverflowError, MemoryError, zstandard.ZstdError) as error:
            raise DatabaseDamaged(f"{self._path}: page {row['id']} cannot be read: {error}") from error


def _unpacked(row: Any) -> bytes:
    return zstandard.ZstdDecompressor().decompress(row["zstd"], max_output_size=row["size"]) if row["size"] else b""


def _page(row: Any) -> Page:
    return Page(
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        body=_unpacked(row),
        fetched_at=from_instant(row["fetched_at"]),
        redirects=tuple(json.loads(row["redirects"])),
        request_headers=tuple((name, value) for name, value in json.loads(row["request_headers"])),
        login=bool(row["login"]),
    )
