"""How sources do, what was stored day by day, and what failed and why. SQL.

Numbers come from the table daily, which stays small, whatever lies in fetches.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = 7  # days, today not among them, of which the mean is taken
_LOOK_BACK = 2000  # attempts, among which examples are looked for
_TROUBLED = ("failing", "quiet", "drift")
_STORED = "kind NOT IN ('section', 'feed', 'sitemap', 'robots') AND outcome = 'saved'"


@dataclass(frozen=True, slots=True)
class Source:
    """A source: its row, its alarms, its articles a day. ``state`` is failing, quiet, drift, new, off or well."""

    row: sqlite3.Row
    alarms: Sequence[sqlite3.Row]
    a_day: float
    state: str


def sources(conn: sqlite3.Connection, today: date, name: str | None = None) -> list[Source]:
    """All sources (or the one of a name), those in trouble first, then by name."""
    where, params = ("", ()) if name is None else (" WHERE name = ?", (name,))
    rows = conn.execute(f"SELECT * FROM sources{where} ORDER BY name", params).fetchall()
    alarms: dict[int, list[sqlite3.Row]] = {}
    for alarm in conn.execute("SELECT * FROM alarms ORDER BY since"):
        alarms.setdefault(alarm["source_id"], []).append(alarm)
    since = (today - timedelta(days=_WEEK)).isoformat()
    one, only = ("", ()) if name is None or not rows else (" AND source_id = ?", (rows[0]["id"],))
    counted = conn.execute(
        f"SELECT source_id, sum(attempts) FROM daily WHERE day >= ? AND day < ? AND {_STORED}{one} GROUP BY source_id",
        (since, today.isoformat(), *only),
    )
    stored = dict(map(tuple, counted))
    found = [
        Source(row, alarms.get(row["id"], ()), stored.get(row["id"], 0) / _WEEK, _state(row, alarms.get(row["id"], ())))
        for row in rows
    ]
    return sorted(found, key=lambda source: _ORDER.index(source.state))


_ORDER = (*_TROUBLED, "new", "well", "off")


def _state(row: sqlite3.Row, alarms: Sequence[sqlite3.Row]) -> str:
    if not row["enabled"]:
        return "off"
    raised = {alarm["kind"] for alarm in alarms}
    if row["failures"]:
        raised.add("failing")
    asked = "new" if row["last_fetched_at"] is None else "well"
    return next((kind for kind in _TROUBLED if kind in raised), asked)


def stored_by_day(conn: sqlite3.Connection, since: date, source_id: int | None = None) -> dict[str, int]:
    """How many articles were stored on each day, by the day of storing."""
    which, params = ("", ()) if source_id is None else (" AND source_id = ?", (source_id,))
    rows = conn.execute(
        f"SELECT day, sum(attempts) FROM daily WHERE day >= ? AND {_STORED}{which} GROUP BY day",
        (since.isoformat(), *params),
    )
    return dict(map(tuple, rows))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Attempts that failed or were skipped for one reason. ``latest``: one of them; None: none is among the newest."""

    outcome: str
    reason: str
    times: int
    latest: sqlite3.Row | None


def troubles(conn: sqlite3.Connection, today: date, source_id: int | None = None) -> list[Trouble]:
    """What failed or was skipped today and yesterday, the commonest first."""
    which, params = ("", ()) if source_id is None else (" AND source_id = ?", (source_id,))
    examples: dict[tuple[str, str], sqlite3.Row] = {}
    newest = (
        "SELECT id, at, url, host, outcome, reason, detail FROM fetches"
        f" WHERE at >= ?{which} ORDER BY at DESC LIMIT {_LOOK_BACK}"
    )
    since = (today - timedelta(days=1)).isoformat()
    for row in conn.execute(newest, (since, *params)):
        if row["outcome"] in ("failed", "skipped"):
            examples.setdefault((row["outcome"], row["reason"]), row)
    rows = conn.execute(
        "SELECT outcome, reason, sum(attempts) AS times FROM daily WHERE day >= ? AND kind <> 'robots'"
        f" AND outcome IN ('failed', 'skipped'){which} GROUP BY outcome, reason ORDER BY times DESC, reason",
        (since, *params),
    )
    return [Trouble(*key, row["times"], examples.get(key)) for row in rows for key in [(row["outcome"], row["reason"])]]
