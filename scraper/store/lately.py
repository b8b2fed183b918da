"""What happened lately, the latest first: changes of articles, new stories, attempts that came to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from scraper.store.search import Filters

_END = "~"  # behind every instant of a day


@dataclass(frozen=True, slots=True)
class Changed:
    """A revision that was replaced, and the article as it is now. ``change`` as in :class:`scraper.model.Edit`."""

    id: int
    title: str
    url: str
    source: str | None
    revision: int
    change: str
    replaced_at: str
    words_added: int | None
    words_removed: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A story, its lead's address, and how many articles it has."""

    id: int
    title: str
    url: str
    articles: int
    created_at: str


def changed(db: Database, filters: Filters, limit: int) -> list[Changed]:
    """The latest changes of the articles that the filters let through; their times are those of the change."""
    where, params = _timeless(filters).sql()
    sql = (
        "SELECT articles.id, articles.title, articles.url, sources.name AS source, revisions.revision,"
        " revisions.change, revisions.replaced_at, revisions.words_added, revisions.words_removed"
        " FROM revisions JOIN articles ON articles.id = revisions.article_id"
        f" LEFT JOIN sources ON sources.id = articles.source_id WHERE {where} ORDER BY revisions.id DESC"
    )
    return [Changed(**row) for row in _between(db.conn.execute(sql, params), "replaced_at", filters, limit)]


def told(db: Database, filters: Filters, limit: int) -> list[Told]:
    """The latest stories with an article that the filters let through; their times are those of the second copy."""
    where, params = _timeless(filters).sql()
    sql = (
        "SELECT stories.id, stories.title, coalesce(leads.url, '') AS url, stories.created_at,"
        " (SELECT count(*) FROM articles WHERE story_id = stories.id) AS articles"
        " FROM stories LEFT JOIN articles AS leads ON leads.id = stories.lead_article_id"
        " WHERE stories.merged_into IS NULL"
        f" AND EXISTS (SELECT 1 FROM articles WHERE articles.story_id = stories.id AND {where})"
        " ORDER BY stories.id DESC"
    )
    return [Told(**row) for row in _between(db.conn.execute(sql, params), "created_at", filters, limit)]


def in_vain(db: Database, filters: Filters, limit: int) -> list[dict[str, Any]]:
    """The latest attempts at pages, documents and sources that failed or were skipped: rows of fetches."""
    source = "source_id = (SELECT id FROM sources WHERE name = :source) AND" if filters.source else ""
    since, until = filters.times
    rows = db.conn.execute(
        "SELECT fetches.*, sources.name AS source FROM fetches LEFT JOIN sources ON sources.id = source_id"
        f" WHERE {source} outcome IN ('failed', 'skipped') AND at >= :since AND at <= :until"
        " ORDER BY at DESC, fetches.id DESC LIMIT :limit",
        {"source": filters.source, "since": since, "until": until + _END, "limit": limit},
    )
    return [dict(row) for row in rows]


def _timeless(filters: Filters) -> Filters:
    return Filters(filters.source, language=filters.language, author=filters.author)


def _between(rows: Any, column: str, filters: Filters, limit: int) -> Iterator[Mapping[str, Any]]:
    """Of rows that are the latest first, those of the time that is asked for: what is older is not read."""
    since, until = filters.times
    found = 0
    for row in rows:
        if row[column] < since or found == limit:
            return
        if row[column] <= until + _END:
            found += 1
            yield dict(row)
