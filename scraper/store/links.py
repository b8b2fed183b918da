"""The doubtful links of section pages, and since when they are there: the table links of news.db."""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database


class Links:
    """The table links of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def since(self, source_id: int) -> str | None:
        """Since when the links of a source are watched; None: never yet."""
        sql = "SELECT min(first_seen_at) FROM links WHERE source_id = ?"
        first = self._db.conn.execute(sql, (source_id,)).fetchone()[0]
        return None if first is None else str(first)

    def seen(self, source_id: int, keys: Collection[str], now: str) -> set[str]:
        """Note that these links (as keys) are there now. Returns those that were there before."""
        known = {row[0] for row in self._db.conn.execute("SELECT url_key FROM links WHERE source_id = ?", (source_id,))}
        self._db.conn.executemany(
            "INSERT INTO links (source_id, url_key, first_seen_at, last_seen_at) VALUES (?1, ?2, ?3, ?3)"
            " ON CONFLICT (source_id, url_key) DO UPDATE SET last_seen_at = excluded.last_seen_at",
            [(source_id, key, now) for key in keys],
        )
        return known & set(keys)

    def drop_before(self, before: str) -> None:
        """Forget the links that were last seen before an instant."""
        self._db.execute("DELETE FROM links WHERE last_seen_at < ?", (before,))
