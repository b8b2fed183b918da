"""What to do with rows that were written under a clock that was ahead, once it is right again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from scraper.model import from_instant, instant

_TOLERATED = timedelta(minutes=1)
_PAST = {
    "sources": ("last_fetched_at", "last_success_at", "last_new_at", "whole_at", "distrusted_at"),
    "entries": ("first_seen_at", "changed_at"),
    "backfills": ("started_at", "ended_at"),
    "links": ("first_seen_at", "last_seen_at"),
    "fetches": ("at",),
    "events": ("at", "delayed_since", "delivered_at"),
    "alarms": ("since",),
    "articles": ("first_seen_at", "fetched_at", "gone_at"),
    "aliases": ("first_seen_at",),
    "revisions": ("fetched_at", "replaced_at", "seen_again_at"),
    "stories": ("created_at",),
    "resemblances": ("noted_at",),
    "generations": ("begun_at",),
}
"""Columns that tell what has happened, and so cannot be yet to come."""


def take_back(db: Database, pages: Database, now: datetime) -> timedelta:
    """Let what was set under a clock that was ahead be due as much earlier, and nothing have happened after ``now``.

    Returns by how much it was ahead, which the latest attempt tells; nothing, where none is yet to come. Else a
    source, a failed page or a paused host would wait until the time that the wrong clock showed; and what was stored by
    it would be the newest until then, with its page, whatever is fetched. ``pages`` is pages.db: a page keeps the
    second of its article.
    """
    row = db.conn.execute("SELECT max(at) FROM fetches").fetchone()
    ahead = from_instant(row[0]) - now if row[0] is not None else timedelta()
    if ahead <= _TOLERATED:
        return timedelta()
    values = {"now": instant(now), "back": f"-{ahead.total_seconds():.0f} seconds"}
    late = "SELECT {} FROM fetches WHERE at > :now"
    earlier = "next_due = max(:now, strftime('%Y-%m-%dT%H:%M:%SZ', next_due, :back)) WHERE next_due > :now"
    paused = f"paused_until > :now AND host IN ({late.format('host')} AND status IN (429, 503))"
    touched = (
        "first_seen_at > :now OR changed_at > :now"
        f" OR (outcome = 'failed' AND url IN ({late.format('url')}))"
        f" OR host IN (SELECT host FROM hosts WHERE {paused})"
    )
    _fold(db, values)
    for statement in (
        f"UPDATE sources SET {earlier} AND last_fetched_at > :now",
        f"UPDATE entries SET {earlier} AND ({touched})",
        f"UPDATE documents SET {earlier}",
        f"UPDATE hosts SET paused_until = strftime('%Y-%m-%dT%H:%M:%fZ', paused_until, :back) WHERE {paused}",
        *(f"UPDATE {table} SET {name} = :now WHERE {name} > :now" for table, names in _PAST.items() for name in names),
    ):
        db.conn.execute(statement, values)
    pages.conn.execute("UPDATE pages SET fetched_at = :now WHERE fetched_at > :now", values)
    return ahead


def _fold(db: Database, values: dict[str, str]) -> None:
    """Count what was counted for days that are yet to come as today's."""
    sums = ("attempts", "answers", "from_cache", "size", "elapsed_ms")
    db.conn.execute(
        f"INSERT INTO daily (day, source_id, kind, outcome, reason, {', '.join(sums)})"
        " SELECT substr(:now, 1, 10), source_id, kind, outcome, reason,"
        f" {', '.join(f'sum({name})' for name in sums)} FROM daily WHERE day > substr(:now, 1, 10)"
        " GROUP BY source_id, kind, outcome, reason"
        " ON CONFLICT (day, ifnull(source_id, 0), kind, outcome, reason) DO UPDATE SET "
        + ", ".join(f"{name} = {name} + excluded.{name}" for name in sums),
        values,
    )
    db.conn.execute("DELETE FROM daily WHERE day > substr(:now, 1, 10)", values)
