"""The doubtful links of section pages and sitemaps, and since when they are there: the table links of news.db."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlite_utils import Database

MOST = 5000
"""Links that are kept of one source: what changes with every poll, as a session's number does, would grow for ever."""

_PIECE = 10_000


class Links:
    """The table links of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def since(self, source_id: int) -> str | None:
        """Since when the links of a source are watched; None: never yet."""
        sql = "SELECT min(first_seen_at) FROM links WHERE source_id = ?"
        first = self._db.conn.execute(sql, (source_id,)).fetchone()[0]
        return None if first is None else str(first)

    def known(self, source_id: int, keys: Collection[str]) -> set[str]:
        """Those of these links (as keys) that were there before."""
        sql = "SELECT url_key FROM links WHERE source_id = ? AND url_key IN (SELECT value FROM json_each(?))"
        return {str(row[0]) for row in self._db.conn.execute(sql, (source_id, json.dumps(list(keys))))}

    def seen(self, source_id: int, keys: Collection[str], now: str) -> set[str]:
        """Note that these links (as keys) are there now. Returns those that were there before.

        Of a source's links the longest unseen are forgotten where there are more than ``MOST``.
        """
        known = self.known(source_id, keys)
        self._db.conn.executemany(
            "INSERT INTO links (source_id, url_key, first_seen_at, last_seen_at) VALUES (?1, ?2, ?3, ?3)"
            " ON CONFLICT (source_id, url_key) DO UPDATE SET last_seen_at = excluded.last_seen_at",
            [(source_id, key, now) for key in keys],
        )
        if len(known) < len(keys):
            self._keep_most(source_id)
        return known

    def drop_before(self, before: str, limit: int = _PIECE) -> int:
        """Forget links that were last seen before an instant, the longest unseen first, so many at most. Returns how
        many.
        """
        oldest = "SELECT id FROM links WHERE last_seen_at < ? ORDER BY last_seen_at LIMIT ?"
        return int(self._db.execute(f"DELETE FROM links WHERE id IN ({oldest})", (before, limit)).rowcount)

    def _keep_most(self, source_id: int) -> None:
        unseen = "SELECT id FROM links WHERE source_id = ? ORDER BY last_seen_at DESC, id LIMIT -1 OFFSET ?"
        self._db.conn.execute(f"DELETE FROM links WHERE id IN ({unseen})", (source_id, MOST))
