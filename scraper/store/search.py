"""Full-text search over titles and bodies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from scraper.store.opening import storable


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are asked for. ``since`` and ``until`` are days or instants, both included.

    ``public``: only those that it took no login to read.
    """

    source: str | None = None
    since: str | None = None
    until: str | None = None
    language: str | None = None
    author: str | None = None
    public: bool = False

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on the table articles, with its parameters."""
        clauses, params = ["NOT articles.login" if self.public else "1"], []
        for clause, value in (
            ("articles.source_id = (SELECT id FROM sources WHERE name = ?)", self.source),
            ("coalesce(articles.published_at, articles.first_seen_at) >= ?", self.since),
            # '~' sorts behind every instant of the day.
            ("coalesce(articles.published_at, articles.first_seen_at) <= ? || '~'", self.until),
            ("(articles.language = ? OR articles.language LIKE ? || '-%')", self.language),
            ("EXISTS (SELECT 1 FROM json_each(articles.authors) WHERE value LIKE '%' || ? || '%')", self.author),
        ):
            if value:
                clauses.append(clause)
                params.extend([storable(value)] * clause.count("?"))
        return " AND ".join(clauses), params


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that a search found; ``snippet`` marks the words in ``[…]``."""

    id: int
    title: str
    url: str
    source: str | None
    published_at: str | None
    snippet: str


def search(db: Database, query: str, filters: Filters, limit: int) -> list[Hit]:
    """The best matches for ``query``, every word of which must occur; without a query, the latest articles.

    Titles weigh five times as much as bodies. The query is quoted word by word, so no text is a syntax error.
    """
    where, params = filters.sql()
    # FTS5 reads a query up to its first NUL, and quote_fts pairs the quotes of one line only.
    words = db.quote_fts(" ".join(storable(query).replace("\0", " ").split()))
    if not words:
        sql = (
            "SELECT articles.id, articles.title, articles.url, sources.name, articles.published_at, articles.summary"
            f" FROM articles LEFT JOIN sources ON sources.id = articles.source_id WHERE {where}"
            " ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC, articles.id DESC LIMIT ?"
        )
        return _hits(db, sql, [*params, limit])
    sql = (
        "SELECT articles.id, articles.title, articles.url, sources.name, articles.published_at,"
        " snippet(articles_fts, 1, '[', ']', '…', 24)"
        " FROM articles_fts JOIN articles ON articles.id = articles_fts.rowid"
        f" LEFT JOIN sources ON sources.id = articles.source_id WHERE articles_fts MATCH ? AND {where}"
        " ORDER BY bm25(articles_fts, 5.0, 1.0), articles.id DESC LIMIT ?"
    )
    return _hits(db, sql, [words, *params, limit])


def _hits(db: Database, sql: str, params: Sequence[Any]) -> list[Hit]:
    return [
        Hit(row[0], row[1], row[2], source=row[3], published_at=row[4], snippet=row[5] or "")
        for row in db.conn.execute(sql, tuple(params))
    ]
