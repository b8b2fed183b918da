"""The newest articles, copies of one story folded into one. SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FACTS = (
    "articles.id, articles.title, articles.url, articles.kind, articles.language, articles.summary, articles.login,"
    " articles.published_at, coalesce(articles.published_at, articles.first_seen_at) AS at, articles.word_count,"
    " articles.story_id, articles.first_seen_at, sources.name AS source, coalesce(sources.title, articles.publisher)"
    " AS outlet"
)
"""The columns that a line of a list needs; no bodies."""
JOINED = "articles LEFT JOIN sources ON sources.id = articles.source_id"

_COPIES = 50  # of a story, as many as a page can name


@dataclass(frozen=True, slots=True)
class Copies:
    """The articles of a story, the earliest first: `_COPIES` at most of ``total``."""

    rows: Sequence[sqlite3.Row] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a list, with other articles of its story (rows with id, title, url, outlet) and how many it has."""

    row: sqlite3.Row
    also: Sequence[sqlite3.Row] = ()
    others: int = 0


def newest(conn: sqlite3.Connection, until: str, limit: int, source_id: int | None = None) -> list[sqlite3.Row]:
    """The newest articles up to an instant: a date in the future is a mistake, and would stay on top for ever.

    Those without a date stand where they were stored. Either half reads its own index backwards and stops.
    """
    which = "" if source_id is None else "AND source_id = :source"
    sql = f"""
        WITH some AS (
            SELECT id FROM (SELECT id FROM articles WHERE published_at <= :until {which}
                            ORDER BY published_at DESC, id DESC LIMIT :limit)
            UNION ALL
            SELECT id FROM (SELECT id FROM articles WHERE published_at IS NULL {which}
                            ORDER BY {"first_seen_at DESC, " if source_id is None else ""}id DESC LIMIT :limit)
        )
        SELECT {FACTS} FROM some CROSS JOIN articles ON articles.id = some.id
        LEFT JOIN sources ON sources.id = articles.source_id ORDER BY at DESC, articles.id DESC LIMIT :limit
    """
    return conn.execute(sql, {"until": until, "limit": limit, "source": source_id}).fetchall()


def folded(conn: sqlite3.Connection, rows: Iterable[sqlite3.Row], limit: int) -> list[Item]:
    """One item a story, where its newest copy stands: its lead version if the story names one, else its first."""
    rows = list(rows)
    stories = {row["story_id"] for row in rows if row["story_id"] is not None}
    leads = _leads(conn, sorted(stories))
    items, told = [], set()
    for row in rows:
        story = row["story_id"]
        if story is None:
            items.append(Item(row))
        elif story not in told:
            told.add(story)
            items.append(_item(copies(conn, story, leads.get(story)), leads.get(story)))
        if len(items) == limit:
            break
    return items


def _item(known: Copies, lead_id: int | None) -> Item:
    lead = next((copy for copy in known.rows if copy["id"] == lead_id), known.rows[0])
    return Item(lead, [copy for copy in known.rows if copy["id"] != lead["id"]], known.total - 1)


def copies(conn: sqlite3.Connection, story_id: int, article_id: int | None) -> Copies:
    """The articles of a story; that one is among them, however late it came."""
    sql = (
        f"SELECT * FROM (SELECT {FACTS} FROM {JOINED} WHERE articles.story_id = ?"
        " ORDER BY articles.id IS ? DESC, at, articles.id LIMIT ?) ORDER BY at, id"
    )
    rows = conn.execute(sql, (story_id, article_id, _COPIES)).fetchall()
    total = conn.execute("SELECT count(*) FROM articles WHERE story_id = ?", (story_id,)).fetchone()[0]
    return Copies(rows, total)


def columns(conn: sqlite3.Connection, table: str) -> frozenset[str]:
    """The columns of a table of ours: a newer version may have added some."""
    return frozenset(row[1] for row in conn.execute(f"PRAGMA table_info([{table}])"))


def _leads(conn: sqlite3.Connection, stories: Sequence[int]) -> dict[Any, int]:
    """The lead version of each story; none in a database that does not name it."""
    if not stories or "lead_article_id" not in columns(conn, "stories"):
        return {}
    marks = ",".join("?" * len(stories))
    rows = conn.execute(f"SELECT id, lead_article_id FROM stories WHERE id IN ({marks})", stories)
    return {row[0]: row[1] for row in rows if row[1] is not None}
