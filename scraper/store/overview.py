"""What there is, what waits and how fast things go: numbers that are cheap, whatever the size of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from scraper.store.articles import Articles
from scraper.store.frontier import NEW, split

_DUE = "next_due <= ?1 AND +source_id IN (SELECT id FROM sources WHERE enabled)"
_WAITING = "next_due IS NOT NULL AND +source_id IN (SELECT id FROM sources WHERE enabled)"
_SLOW = 5.0 / 86400  # days; a host whose next request has to wait for longer than that is slow
_MOST_HOSTS = 20


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
    due_new, due_revisits, oldest = split(db, _DUE, now)
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


def glance(db: Database, now: str, hour_ago: str, day_ago: str) -> dict[str, Any]:
    """``due``, ``rates``, ``hosts`` and ``rhythms`` as plain values."""
    due_new, due_revisits, oldest = split(db, _DUE, now)
    return {
        "due": {"new": due_new, "revisits": due_revisits, "oldest": oldest},
        "rates": {"hour": _rates(db, hour_ago), "day": _rates(db, day_ago)},
        "hosts": _left_alone(db, now),
        "rhythms": dict(db.conn.execute("SELECT name, rhythm FROM sources").fetchall()),
    }


def sources(db: Database) -> list[dict[str, Any]]:
    """Every source as a row, with how many articles it gave and how many of its entries wait for the first time."""
    rows = db.query(
        "SELECT sources.name, sources.kind, sources.url, sources.enabled, sources.last_fetched_at,"
        " sources.last_success_at, sources.last_outcome, sources.last_detail, sources.failures, sources.next_due,"
        " (SELECT count(*) FROM articles WHERE source_id = sources.id) AS articles,"
        " (SELECT count(*) FROM entries WHERE source_id = sources.id AND next_due IS NOT NULL"
        f" AND {NEW}) AS waiting"
        " FROM sources ORDER BY sources.name"
    )
    return list(rows)


def _rates(db: Database, since: str) -> dict[str, int]:
    """Since an instant: new articles, attempts at pages and polls, those that failed, answers that came, bytes."""
    row = _row(
        db,
        "SELECT count(*) FILTER (WHERE kind <> 'robots') AS attempts,"
        " count(*) FILTER (WHERE kind <> 'robots' AND outcome = 'failed') AS failed,"
        " count(status) AS answers, coalesce(sum(size), 0) AS bytes FROM fetches WHERE at >= ? AND kind <> 'import'",
        since,
    )
    return {"articles": _number(db, "SELECT count(*) FROM articles WHERE first_seen_at >= ?", since), **row}


def _left_alone(db: Database, now: str) -> list[dict[str, Any]]:
    """The hosts that are paused, or whose next request has to wait for long, the longest first."""
    rows = db.conn.execute(
        "SELECT host, CASE WHEN paused_until > ?1 THEN 'paused' ELSE 'slow' END AS state,"
        " max(coalesce(paused_until, ''), coalesce(next_at, '')) AS until,"
        " CASE WHEN paused_until > ?1 THEN pause_reason END AS reason,"
        " CASE WHEN paused_until > ?1 THEN pause_detail END AS detail, troubles FROM hosts"
        " WHERE paused_until > ?1 OR julianday(next_at) > julianday(?1) + ?2 ORDER BY until DESC LIMIT ?3",
        (now, _SLOW, _MOST_HOSTS),
    )
    return [dict(row) for row in rows]


def _row(db: Database, sql: str, *params: Any) -> dict[str, Any]:
    return dict(db.conn.execute(sql, params).fetchone())


def _number(db: Database, sql: str, *params: Any) -> int:
    return int(db.conn.execute(sql, params).fetchone()[0])
