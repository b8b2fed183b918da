"""Which pages of pages.db go where the operator wants it bounded by age or size, and what goes first.

``rank`` says it: 0, no article came of the page; 1, an article came of it and of a newer page, at whichever of its
addresses; 2, it is the newest page that its article came of. Lower ranks go first, and of one rank the oldest. The
rows of articles are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper.store.opening import translated

BARREN, OLDER, NEWEST = 0, 1, 2
"""The ranks."""
_ORDER = "ORDER BY rank, fetched_at, id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What one piece of work deleted."""

    pages: int = 0
    bodies: int = 0
    size: int = 0
    """Bytes of the bodies as they were stored."""

    def __add__(self, other: Dropped) -> Dropped:
        return Dropped(self.pages + other.pages, self.bodies + other.bodies, self.size + other.size)


def standing(db: Database, keys: Sequence[str], fetched_at: str, *, yielded: bool) -> int:
    """The rank of a page that is to be kept; the page that it stands in for, under one of these keys of its article, is
    ranked lower.
    """
    if not yielded:
        return BARREN
    # The plus keeps SQLite from the index of ranks, in which nearly all pages are alike.
    alike = f"final_url_key IN ({','.join('?' * len(keys))}) AND +rank = ?"
    newer = db.conn.execute(
        f"SELECT 1 FROM pages WHERE {alike} AND fetched_at > ? LIMIT 1", (*keys, NEWEST, fetched_at)
    )
    if newer.fetchone() is not None:
        return OLDER
    db.conn.execute(f"UPDATE pages SET rank = ? WHERE {alike}", (OLDER, *keys, NEWEST))
    return NEWEST


class Retention:
    """Pages that are deleted, a piece at a time, inside the caller's transactions. Raises StoreError."""

    def __init__(self, db: Database, path: Path) -> None:
        self._db = db
        self._path = path

    def used(self) -> int:
        """Bytes of the file that hold something; the rest of it waits for new pages."""
        with translated(self._path):
            total, free, size = (
                int(self._db.conn.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("page_count", "freelist_count", "page_size")
            )
        return (total - free) * size

    def unjudged(self, limit: int) -> list[Any]:
        """Pages that an earlier version kept, which did not say what came of them: the oldest first."""
        with translated(self._path):
            sql = f"SELECT id, url, url_key, final_url_key, fetched_at FROM pages WHERE rank IS NULL {_ORDER}"
            return self._db.conn.execute(sql, (limit,)).fetchall()

    def judge(self, row: Any, *, yielded: bool) -> None:
        """Rank such a page."""
        with translated(self._path):
            rank = standing(self._db, [row["final_url_key"]], row["fetched_at"], yielded=yielded)
            self._db.conn.execute("UPDATE pages SET rank = ? WHERE id = ?", (rank, row["id"]))

    def drop_before(self, before: str, most: int, limit: int) -> Dropped:
        """Delete pages up to the rank ``most`` that were fetched before an instant, so many at most."""
        dropped = Dropped()
        with translated(self._path):
            for rank in range(most + 1):
                sql = f"SELECT id, body_hash FROM pages WHERE rank = ? AND fetched_at < ? {_ORDER}"
                rows = self._db.conn.execute(sql, (rank, before, limit - dropped.pages)).fetchall()
                dropped += self._drop(rows)
        return dropped

    def drop_beyond(self, size: int, most: int, limit: int) -> Dropped:
        """Delete pages up to the rank ``most`` until the file holds no more than ``size`` bytes, so many at most."""
        dropped = Dropped()
        with translated(self._path):
            sql = f"SELECT id, body_hash FROM pages WHERE rank <= ? {_ORDER}"
            for row in self._db.conn.execute(sql, (most, limit)).fetchall():
                if self.used() <= size:
                    break
                dropped += self._drop([row])
        return dropped

    def _drop(self, rows: Sequence[Any]) -> Dropped:
        bodies = size = 0
        for row in rows:
            self._db.conn.execute("DELETE FROM pages WHERE id = ?", (row["id"],))
            alone = "hash = ?1 AND NOT EXISTS (SELECT 1 FROM pages WHERE body_hash = ?1)"
            found = self._db.conn.execute(
                f"DELETE FROM bodies WHERE {alone} RETURNING length(zstd)", (row["body_hash"],)
            ).fetchall()
            bodies, size = bodies + len(found), size + sum(each[0] for each in found)
        return Dropped(len(rows), bodies, size)
