"""What happened, and who was told: the table events of news.db.

An event is written in the transaction of what it tells (so neither is there without the other), and waits there until
it was delivered: a kill at any moment loses none, and may have one told twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from scraper.model import Event, EventKind, instant
from scraper.store.opening import storable

_WAITING = "delivery = 'waiting'"
_SELECT = "SELECT events.*, sources.name AS source FROM events LEFT JOIN sources ON sources.id = events.source_id"


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that somebody is to be told of. ``tries`` is how many deliveries with it went wrong so far."""

    id: int
    at: str
    kind: EventKind
    source: str | None
    article_id: int | None
    detail: str
    data: dict[str, Any]
    tries: int


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event as its row tells it. ``delivery``: whether it waits, was delivered or given up; None: nobody is told."""

    at: str
    kind: str
    source: str | None
    detail: str
    delivery: str | None


class Events:
    """The table events of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, event: Event, *, tell: bool) -> None:
        """Write down what happened, inside the caller's transaction. ``tell``: it waits to be delivered."""
        self._db.execute(
            "INSERT INTO events (at, kind, source_id, article_id, detail, data, delivery)"
            " VALUES (?, ?, (SELECT id FROM sources WHERE name = ?), ?, ?, ?, ?)",
            (
                instant(event.at),
                event.kind.value,
                event.source,
                event.article_id,
                storable(event.detail),
                storable(json.dumps(dict(event.data), ensure_ascii=False)),
                "waiting" if tell else None,
            ),
        )

    def waiting(self, limit: int) -> list[PendingEvent]:
        """The events that are to be delivered, in the order in which they happened."""
        rows = self._db.conn.execute(f"{_SELECT} WHERE {_WAITING} ORDER BY events.id LIMIT ?", (limit,))
        return [_pending(row) for row in rows]

    def delivered(self, ids: Sequence[int], now: str) -> None:
        """Note that these were delivered; what still waits is not delayed any more."""
        self._end(ids, "delivered", now)
        self._db.execute(f"UPDATE events SET delayed_since = NULL WHERE {_WAITING} AND delayed_since IS NOT NULL")

    def given_up(self, ids: Sequence[int]) -> None:
        """Note that these are not tried any more."""
        self._end(ids, "given up", None)

    def delayed(self, ids: Sequence[int], now: str, before: str) -> int:
        """Note that a delivery of these went wrong. All that waits is delayed by that; what was delayed ``before`` an
        instant is given up. Returns how many those were.
        """
        run = self._db.execute
        run(f"UPDATE events SET tries = tries + 1 WHERE id IN ({_marks(ids)})", tuple(ids))
        run(f"UPDATE events SET delayed_since = ? WHERE {_WAITING} AND delayed_since IS NULL", (now,))
        lost = run(f"UPDATE events SET delivery = 'given up' WHERE {_WAITING} AND delayed_since < ?", (before,))
        return int(lost.rowcount)

    def latest(self, limit: int) -> tuple[PastEvent, ...]:
        """What happened to sources, the latest first: what articles did, their own table says."""
        kinds = "('new', 'revised')"
        rows = self._db.conn.execute(
            f"{_SELECT} WHERE events.kind NOT IN {kinds} ORDER BY events.id DESC LIMIT ?", (limit,)
        )
        return tuple(PastEvent(row["at"], row["kind"], row["source"], row["detail"], row["delivery"]) for row in rows)

    def queued(self) -> tuple[int, int]:
        """How many events wait to be delivered, and how many were given up."""
        row = self._db.conn.execute(
            f"SELECT (SELECT count(*) FROM events WHERE {_WAITING}),"
            " (SELECT count(*) FROM events WHERE delivery = 'given up')"
        ).fetchone()
        return int(row[0]), int(row[1])

    def drop_before(self, before: str, limit: int) -> int:
        """Delete the oldest events of those older than an instant, so many at most; not those that are still to be
        delivered. Returns how many.
        """
        oldest = "SELECT id FROM events WHERE at < ? AND ifnull(delivery, '') <> 'waiting' ORDER BY at LIMIT ?"
        return int(self._db.execute(f"DELETE FROM events WHERE id IN ({oldest})", (before, limit)).rowcount)

    def _end(self, ids: Sequence[int], delivery: str, at: str | None) -> None:
        self._db.execute(
            f"UPDATE events SET delivery = ?, delivered_at = ?, tries = tries + 1 WHERE id IN ({_marks(ids)})",
            (delivery, at, *ids),
        )


def _marks(ids: Sequence[int]) -> str:
    return ",".join("?" * len(ids))


def _pending(row: Any) -> PendingEvent:
    return PendingEvent(
        row["id"],
        row["at"],
        EventKind(row["kind"]),
        row["source"],
        row["article_id"],
        row["detail"],
        json.loads(row["data"]),
        row["tries"],
    )
