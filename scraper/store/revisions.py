"""Earlier texts of articles: the table revisions of news.db."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import Difference
from scraper.errors import DatabaseDamaged
from scraper.model import Edit, Kind, Revision

_PAST = 12  # revisions that a new text is compared with: those of a page that changes all the time are many


class Revisions:
    """The table revisions of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, article_id: int) -> tuple[Revision, ...]:
        """The earlier texts of an article, the first one first; none for one that never changed."""
        return tuple(self._read("article_id = ? ORDER BY revision", article_id))

    def latest(self, article_id: int) -> tuple[Revision, ...]:
        """The last few of them, the last one first."""
        return tuple(self._read(f"article_id = ? ORDER BY revision DESC LIMIT {_PAST}", article_id))

    def keep(self, article_id: int, reason: str, difference: Difference, now: str) -> None:
        """Keep the present text of an article, which is about to be replaced."""
        self._db.execute(
            "INSERT INTO revisions (article_id, revision, kind, title, body, body_markdown, content_hash, published_at,"
            " modified_at, authors, fetched_at, replaced_at, reason, change, words_added, words_removed)"
            " SELECT id, revision, kind, title, body, body_markdown, content_hash, published_at, modified_at, authors,"
            " fetched_at, ?, ?, ?, ?, ? FROM articles WHERE id = ?",
            (now, reason, difference.edit.value, difference.words_added, difference.words_removed, article_id),
        )

    def seen_again(self, article_id: int, revision: int | None, now: str) -> None:
        """Note that the page showed the text of a revision again; None: it did not, which ends the row of times."""
        self._db.execute(
            "UPDATE revisions SET seen_again = CASE WHEN revision = ?1 THEN seen_again + 1 ELSE 0 END,"
            " seen_again_at = CASE WHEN revision = ?1 THEN ?2 ELSE seen_again_at END"
            " WHERE article_id = ?3 AND (seen_again > 0 OR revision = ?1)",
            (revision, now, article_id),
        )

    def _read(self, where: str, article_id: int) -> Iterator[Revision]:
        for row in self._db.conn.execute(f"SELECT * FROM revisions WHERE {where}", (article_id,)):
            try:
                yield _revision(row)
            except (ValueError, TypeError) as error:
                raise DatabaseDamaged(
                    f"revision {row['revision']} of article {article_id} cannot be read, so news.db is damaged: {error}"
                ) from error


def _revision(row: Any) -> Revision:
    authors = row["authors"]
    return Revision(
        revision=row["revision"],
        kind=Kind(row["kind"]),
        title=row["title"],
        body=row["body"],
        published_at=row["published_at"],
        modified_at=row["modified_at"],
        authors=None if authors is None else tuple(json.loads(authors)),
        fetched_at=row["fetched_at"],
        replaced_at=row["replaced_at"],
        reason=row["reason"],
        change=Edit(row["change"]),
        words_added=row["words_added"],
        words_removed=row["words_removed"],
        seen_again=row["seen_again"],
        seen_again_at=row["seen_again_at"],
    )
