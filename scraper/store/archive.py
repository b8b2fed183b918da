"""Every page that was fetched, byte for byte: pages.db. Equal bodies are kept once."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import zstandard
from sqlite_utils import Database

from scraper.dedupe import url_key
from scraper.errors import DatabaseDamaged
from scraper.model import Page, from_instant, instant
from scraper.store.opening import inserted, translated

_LEVEL = 3  # 40 KB a page; higher levels cost more time than they save room


class Archive:
    """The tables pages and bodies of pages.db."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)

    def add(self, page: Page) -> int:
        """Keep a page. Returns its id."""
        with translated(self._path):
            return self._add(page)

    def _add(self, page: Page) -> int:
        body_hash = hashlib.sha256(page.body).hexdigest()
        if self._db.conn.execute("SELECT 1 FROM bodies WHERE hash = ?", (body_hash,)).fetchone() is None:
            row = {"hash": body_hash, "zstd": self._compressor.compress(page.body), "size": len(page.body)}
            inserted(self._db.conn, "bodies", row)
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
            },
        )

    def of(self, keys: Sequence[str]) -> Iterator[Page]:
        """The pages that were fetched under these URL keys, oldest first."""
        with translated(self._path):
            yield from map(self._page, self._rows("pages.*, bodies.zstd, bodies.size", keys))

    def has(self, keys: Sequence[str]) -> bool:
        """Whether a page is kept under one of these URL keys."""
        marks = ",".join("?" * len(keys))
        sql = f"SELECT 1 FROM pages WHERE final_url_key IN ({marks}) LIMIT 1"
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
        except (ValueError, TypeError, LookupError, zstandard.ZstdError) as error:
            raise DatabaseDamaged(f"{self._path}: page {row['id']} cannot be read: {error}") from error


def _page(row: Any) -> Page:
    body = zstandard.ZstdDecompressor().decompress(row["zstd"], max_output_size=row["size"]) if row["size"] else b""
    return Page(
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        body=body,
        fetched_at=from_instant(row["fetched_at"]),
        redirects=tuple(json.loads(row["redirects"])),
        request_headers=tuple((name, value) for name, value in json.loads(row["request_headers"])),
        login=bool(row["login"]),
    )
