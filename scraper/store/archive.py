"""Every page that was fetched, byte for byte: pages.db. Equal bodies are kept once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import zstandard
from sqlite_utils import Database

from scraper.dedupe import url_key
from scraper.model import Page, from_instant, instant
from scraper.store.opening import new_id

_LEVEL = 3  # 40 KB a page; higher levels cost more time than they save room


class Archive:
    """The tables pages and bodies of pages.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, page: Page) -> int:
        """Keep a page. Returns its id."""
        body_hash = hashlib.sha256(page.body).hexdigest()
        if self._db.conn.execute("SELECT 1 FROM bodies WHERE hash = ?", (body_hash,)).fetchone() is None:
            compressed = zstandard.ZstdCompressor(level=_LEVEL).compress(page.body)
            row = {"hash": body_hash, "zstd": compressed, "size": len(page.body)}
            self._db.table("bodies").insert(row)
        inserted = self._db.table("pages").insert(
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
            }
        )
        return new_id(inserted)

    def of(self, keys: Sequence[str]) -> Iterator[Page]:
        """The pages that were fetched under these URL keys, oldest first."""
        marks = ",".join("?" * len(keys))
        rows = self._db.conn.execute(
            f"SELECT pages.*, bodies.zstd, bodies.size FROM pages JOIN bodies ON bodies.hash = pages.body_hash"
            f" WHERE url_key IN ({marks}) OR final_url_key IN ({marks}) ORDER BY pages.fetched_at, pages.id",
            (*keys, *keys),
        )
        return (_page(row) for row in rows)

    def count(self) -> int:
        """How many pages are kept."""
        return int(self._db.table("pages").count)

    def forget(self, keys: Sequence[str]) -> None:
        """Erase the pages that were fetched under these URL keys, and bodies that no other page shares."""
        marks = ",".join("?" * len(keys))
        self._db.execute(f"DELETE FROM pages WHERE url_key IN ({marks}) OR final_url_key IN ({marks})", (*keys, *keys))
        self._db.execute("DELETE FROM bodies WHERE hash NOT IN (SELECT body_hash FROM pages)")


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
    )
