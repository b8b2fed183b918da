"""What there is, what waits and how fast things go: numbers that are cheap, whatever the size of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from scraper.store.articles import Articles
from scraper.store.frontier import split

DUE = "next_due <= ?1 AND +source_id IN (SELECT id FROM sources WHERE enabled)"
_WAITING = "next_due IS NOT NULL AND +source_id IN (SELECT id FROM sources WHERE enabled)"


@dataclass(frozen=True, slots=True)
class Overview:
    """``new`` and ``revisits`` are the entries that wait, ``due_new`` and ``due_revisits`` those whose turn has come;
    ``oldest_due`` is when that of the new one was that waits longest. ``sources`` counts them by how they are.
    ``last_success`` is when any of them last answered well; None: never yet.
    """

    articles: int
    new: int
    revisits: int
    due_new: int
    due_revisits: int
    oldest_due: str | None
    sources: Mapping[str, int]
    last_success: str | None
    paused: int
    gaps: int


def overview(db: Database, now: str) -> Overview:
    """All of it, at an instant."""
    sources = _row(
        db,
        "SELECT count(*) FILTER (WHERE enabled AND failures = 0) AS answering,"
        " count(*) FILTER (WHERE enabled AND failures > 0) AS failing,"
        " count(*) FILTER (WHERE NOT enabled) AS off, max(last_success_at) AS last FROM sources",
    )
    last_success = sources.pop("last")
    new, revisits, _ = split(db, _WAITING)
    due_new, due_revisits, oldest = split(db, DUE, now)
    return Overview(
        articles=Articles(db).count(),
        new=new,
        revisits=revisits,
        due_new=due_new,
        due_revisits=due_revisits,
        oldest_due=oldest,
        sources=sources,
        last_success=last_success,
        paused=_number(db, "SELECT count(*) FROM hosts WHERE paused_until > ?", now),
        gaps=_number(db, "SELECT count(*) FROM fetches WHERE reason = 'gap'"),
    )


def _row(db: Database, sql: str, *params: Any) -> dict[str, Any]:
    return dict(db.conn.execute(sql, params).fetchone())


def _number(db: Database, sql: str, *params: Any) -> int:
    return int(db.conn.execute(sql, params).fetchone()[0])
