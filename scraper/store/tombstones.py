"""What `scrape forget` leaves of an article, so that it does not come back: the table forgotten of news.db."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence

from sqlite_utils import Database

from scraper.dedupe import site_of


class Tombstones:
    """The table forgotten of news.db. When a tombstone is set, all that news.db says of the article goes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def cover(self, keys: Sequence[str], text: str = "") -> bool:
        """Whether one of these keys was erased, or an article with that content hash at one of their outlets."""
        erased = [_text_key(key, text) for key in keys] if text else []
        one, other = (",".join("?" * len(each)) for each in (keys, erased))
        sql = f"SELECT 1 FROM forgotten WHERE url_key IN ({one}) OR text_key IN ({other}) LIMIT 1"
        return self._db.conn.execute(sql, (*keys, *erased)).fetchone() is not None

    def keys(self) -> Iterator[str]:
        """The keys that were erased."""
        for row in self._db.conn.execute("SELECT url_key FROM forgotten"):
            yield str(row[0])

    def bury(self, article_id: int | None, keys: Sequence[str], marked: Collection[str], now: str) -> None:
        """Erase an article (if there is one) and all that news.db says of it under its keys, and leave tombstones of
        those that are to be marked.
        """
        marks = ",".join("?" * len(keys))
        run = self._db.execute
        found = run("SELECT content_hash FROM articles WHERE id = ? AND body != ''", (article_id,)).fetchone()
        text = None if found is None else str(found[0])
        run(f"DELETE FROM fetches WHERE article_id = ? OR id IN (SELECT fetches.id FROM fetches JOIN entries "
            f"ON entries.url = fetches.url WHERE entries.url_key IN ({marks}))", (article_id, *keys))  # fmt: skip
        run(f"DELETE FROM entries WHERE article_id = ? OR url_key IN ({marks})", (article_id, *keys))
        run("DELETE FROM reparses WHERE article_id = ?", (article_id,))
        run("DELETE FROM revisions WHERE article_id = ?", (article_id,))
        run("DELETE FROM aliases WHERE article_id = ?", (article_id,))
        run("DELETE FROM events WHERE article_id = ?", (article_id,))
        run("DELETE FROM articles WHERE id = ?", (article_id,))
        rows = [{"url_key": key, "forgotten_at": now, "text_key": text and _text_key(key, text)} for key in marked]
        self._db.table("forgotten").insert_all(rows, ignore=True)


def _text_key(key: str, content_hash: str) -> str:
    """By what an erased text is known again at its outlet, and nowhere else: its own hash would tell who has the text
    that it was here.
    """
    return hashlib.sha256(f"{site_of(key)}\0{content_hash}".encode()).hexdigest()
