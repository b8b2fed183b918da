"""What is to be fetched next: sources and the entries that they announced. The schedule is the column next_due."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import host_of, url_key
from scraper.discover.tokens import Earlier
from scraper.errors import NOT_ASKED
from scraper.model import Attempt, Entry, Outcome
from scraper.store.opening import storable

_FOLLOWED = "source_id IN (SELECT id FROM sources WHERE enabled)"
_DUE_FOLLOWED = "+source_id IN (SELECT id FROM sources WHERE enabled)"
"""The same where next_due is looked for: by the plus, SQLite takes that one's index, and does not read all entries."""


_ADMIT = (
    "INSERT INTO entries (url, url_key, host, source_id, title, published_at, first_seen_at, next_due, backfill_id)"
    " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE url_key = ?2)"
    " ON CONFLICT (url_key) DO UPDATE SET source_id = excluded.source_id,"
    " first_seen_at = iif(backfill_id IS NULL, first_seen_at, excluded.first_seen_at),"
    " backfill_id = iif(excluded.backfill_id IS NULL, NULL, backfill_id)"
    f" WHERE next_due IS NOT NULL AND (NOT {_FOLLOWED}"
    " OR (backfill_id IS NOT NULL AND excluded.backfill_id IS NULL AND outcome IS NULL))"
)
NEW = "changed_at IS NULL AND outcome IS NOT 'skipped'"
"""Of entries that wait: those to be fetched at last; the others were fetched already, and are looked at again."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between its polls."""

    id: int
    name: str
    etag: str | None
    last_modified: str | None
    failures: int
    next_due: str | None
    body_hash: str | None = None
    whole_at: str | None = None
    distrusted_at: str | None = None
    rhythm: str | None = None
    read_as: str | None = None
    ttl: float | None = None


@dataclass(frozen=True, slots=True)
class DueEntry:
    """An entry whose turn has come; ``attempts`` counts those that ended since the last good one.

    ``published_at`` is what its source said of that. ``changed_at`` is when the article that came of it was last seen
    to change; None: none came yet. ``backfilled``: a
    back-fill found it.
    """

    id: int
    url: str
    host: str
    source: str
    attempts: int
    changed_at: str | None = None
    first_seen_at: str = ""
    backfilled: bool = False
    published_at: str | None = None


class Frontier:
    """The tables sources and entries of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def sync_sources(self, rows: Sequence[Mapping[str, Any]], now: str) -> None:
        """Make the table hold the configured sources (name, title, url, kind, language, enabled).

        A source that is new, or whose URL changed, is due at once; one that is gone or disabled is not due, and its
        articles stay. One that only its name tells from one that is gone is the same, renamed.
        """
        names = [row["name"] for row in rows]
        for row in rows:
            self._rename(row, names)
            old = self._db.conn.execute("SELECT * FROM sources WHERE name = ?", (row["name"],)).fetchone()
            moved = old is None or old["url"] != row["url"]
            waiting = old["next_due"] if old is not None else None
            values = {**row, "next_due": (now if moved else waiting or now) if row["enabled"] else None}
            if moved:
                values |= dict.fromkeys(
                    ("etag", "last_modified", "body_hash", "whole_at", "distrusted_at", "rhythm", "ttl")
                )
            if old is None:
                self._db.table("sources").insert(values)
            elif any(old[column] != value for column, value in values.items()):
                self._db.table("sources").update(old["id"], values)
        self._end_backfills(names, now)
        marks = ",".join("?" * len(names))
        self._db.execute(
            f"UPDATE sources SET enabled = 0, next_due = NULL WHERE name NOT IN ({marks}) AND enabled", tuple(names)
        )

    def _rename(self, row: Mapping[str, Any], names: Sequence[str]) -> None:
        """Give a source its new name: what waits of it, its back-fills and what was learned of it stay its own. One of
        that URL that was never asked is known from an import alone, and is none of ours.
        """
        self._db.execute(
            "UPDATE sources SET name = ?1 WHERE id = (SELECT id FROM sources WHERE url = ?2"
            " AND last_fetched_at IS NOT NULL AND name NOT IN (SELECT value FROM json_each(?3))"
            " ORDER BY last_fetched_at DESC, id LIMIT 1) AND NOT EXISTS (SELECT 1 FROM sources WHERE name = ?1)",
            (row["name"], row["url"], json.dumps(names)),
        )

    def _end_backfills(self, names: Sequence[str], now: str) -> None:
        """Of sources that are not configured any more; those that are off may be on again."""
        marks = ",".join("?" * len(names))
        self._db.execute(
            "UPDATE backfills SET ended_at = ?, detail = 'its source is gone from sources.toml' WHERE ended_at IS NULL"
            f" AND source_id IN (SELECT id FROM sources WHERE name NOT IN ({marks}))",
            (now, *names),
        )

    def source(self, name: str) -> SourceState | None:
        """The state of one source, or None if it was never configured."""
        return next(iter(self._states("name = ?", (name,))), None)

    def source_id(self, name: str) -> int | None:
        """The id of one source, or None if it was never configured."""
        row = self._db.conn.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def due_sources(self, now: str) -> list[SourceState]:
        """The sources whose turn has come, longest overdue first."""
        return self._states("enabled AND next_due <= ? ORDER BY next_due", (now,))

    def polled(self, state: SourceState, attempt: Attempt, **columns: Any) -> None:
        """Note how a poll ended, and when the next one is due (``columns``: etag, last_modified, next_due, …)."""
        values = {"last_outcome": attempt.outcome.value, "last_detail": storable(attempt.detail), **columns}
        self._db.table("sources").update(state.id, values)

    def admit(
        self,
        entries: Iterable[Entry],
        source_id: int,
        now: str,
        backfill_id: int | None = None,
        most: int | None = None,
    ) -> list[Entry]:
        """Queue the entries that were not known, due at once, ``most`` of them at most. Returns those.

        Known are those that were announced before, by any source, and those whose key was forgotten. One that waits
        for a source that is off (renamed, say) becomes this source's; one that a back-fill found and nobody fetched
        yet is new when its source announces it.
        """
        admitted: list[Entry] = []
        for entry in entries:
            if most is not None and len(admitted) >= most:
                break
            before = self._db.conn.total_changes
            self._db.execute(
                _ADMIT,
                (
                    entry.url,
                    url_key(entry.url),
                    host_of(entry.url),
                    source_id,
                    entry.title and storable(entry.title),
                    entry.dated,
                    now,
                    backfill_id,
                ),
            )
            if self._db.conn.total_changes > before:
                admitted.append(entry)
        return admitted

    def announced(self, keys: Collection[str]) -> dict[str, int]:
        """Those of these URL keys that are known, and the source that each is of."""
        sql = "SELECT url_key, source_id FROM entries WHERE url_key IN (SELECT value FROM json_each(?))"
        return {str(row[0]): int(row[1]) for row in self._db.conn.execute(sql, (json.dumps(list(keys)),))}

    def latest(self, source_id: int, most: int = 1000) -> list[Earlier]:
        """The last entries that a source was the first to announce."""
        sql = (
            "SELECT url_key, title, published_at, outcome, article_id FROM entries WHERE source_id = ?"
            " ORDER BY first_seen_at DESC LIMIT ?"
        )
        rows = self._db.conn.execute(sql, (source_id, most))
        return [
            Earlier(row["url_key"], row["title"], row["published_at"], row[3] and Outcome(row[3]), row["article_id"])
            for row in rows
        ]

    def due_entries(self, now: str, busy: Sequence[str], limit: int, per_host: int) -> list[DueEntry]:
        """Up to ``limit`` entries whose turn has come, at most ``per_host`` of a host and none of the ``busy`` ones.

        New ones come first, and of those the longest waiting of each host; then articles to be looked at again and
        pages that were skipped, then what back-fills found. Those of a source that is off wait until it is on again.
        """
        marks = ",".join("?" * len(busy))
        # All that are due are put in order, by what little that takes; whole rows are read of those that are taken.
        rows = self._db.conn.execute(
            "WITH due AS (SELECT id, next_due, urgency,"
            " row_number() OVER (PARTITION BY host ORDER BY urgency, next_due, id) AS place"
            " FROM (SELECT id, host, next_due,"
            " CASE WHEN changed_at IS NOT NULL THEN 1 WHEN backfill_id IS NOT NULL THEN 2"
            " WHEN outcome = 'skipped' THEN 1 ELSE 0 END AS urgency"
            f" FROM entries WHERE next_due <= ? AND {_DUE_FOLLOWED} AND host NOT IN ({marks}))),"
            " taken AS (SELECT * FROM due WHERE place <= ? ORDER BY urgency, place, next_due, id LIMIT ?)"
            " SELECT entries.id, entries.url, entries.host, sources.name, attempts, changed_at, first_seen_at,"
            " backfill_id IS NOT NULL, entries.published_at FROM taken JOIN entries ON entries.id = taken.id"
            " JOIN sources ON sources.id = source_id ORDER BY urgency, place, taken.next_due, taken.id",
            (now, *busy, per_host, limit),
        )
        return [replace(DueEntry(*row), backfilled=bool(row[7])) for row in rows]

    def finished(self, entry_id: int, attempt: Attempt, next_due: str | None, changed_at: str | None = None) -> None:
        """Note how an attempt at an entry ended, when it is fetched again (None: never), and when its article changed.

        Where the page itself was not asked for, that counts as no attempt.
        """
        self._db.execute(
            "UPDATE entries SET outcome = ?1, reason = ?2, article_id = coalesce(?3, article_id), next_due = ?4,"
            " changed_at = coalesce(?6, changed_at), attempts = CASE WHEN ?6 IS NOT NULL THEN 0"
            " ELSE attempts + ?7 END WHERE id = ?5",
            (
                attempt.outcome.value,
                attempt.reason,
                attempt.article_id,
                next_due,
                entry_id,
                changed_at,
                int(attempt.reason not in NOT_ASKED),
            ),
        )

    def is_watched(self, article_id: int | None, but: int) -> bool:
        """Whether an article is looked at again under the address of another entry than one."""
        sql = (
            "SELECT 1 FROM entries WHERE article_id = ? AND id <> ? AND next_due IS NOT NULL AND changed_at IS NOT NULL"
        )
        return self._db.conn.execute(f"{sql} LIMIT 1", (article_id, but)).fetchone() is not None

    def put_off(self, host: str, until: str) -> None:
        """Let every entry of a host that is due before an instant wait until then."""
        self._db.execute("UPDATE entries SET next_due = ? WHERE host = ? AND next_due < ?", (until, host, until))

    def cap(self, sources: str, entries: str) -> None:
        """Let no source (or document of a back-fill) and no entry be due later than these instants."""
        for table, latest in (("sources", sources), ("documents", sources), ("entries", entries)):
            self._db.execute(f"UPDATE {table} SET next_due = ? WHERE next_due > ?", (latest, latest))

    def unstored(self, source_id: int) -> list[str]:
        """The URLs that a source announced and no article came of."""
        rows = self._db.conn.execute("SELECT url FROM entries WHERE source_id = ? AND article_id IS NULL", (source_id,))
        return [str(row["url"]) for row in rows]

    def next_due(self) -> str | None:
        """When the next source or entry is due; None if nothing waits."""
        row = self._db.conn.execute(
            "SELECT min(due) FROM (SELECT min(next_due) AS due FROM entries"
            f" WHERE next_due IS NOT NULL AND {_DUE_FOLLOWED}"
            " UNION ALL SELECT min(next_due) FROM sources WHERE enabled)"
        ).fetchone()
        return None if row[0] is None else str(row[0])

    def queued(self) -> tuple[int, int]:
        """How many entries are still to be fetched, and how many pages are to be looked at again."""
        new, again, _ = split(self._db, f"next_due IS NOT NULL AND {_DUE_FOLLOWED}")
        return new, again

    def waiting(self, until: str) -> int:
        """How many entries are due by ``until``, new or to be looked at again."""
        sql = f"SELECT count(*) FROM entries WHERE next_due <= ? AND {_DUE_FOLLOWED}"
        row = self._db.conn.execute(sql, (until,)).fetchone()
        return int(row[0])

    def _states(self, where: str, params: Sequence[Any]) -> list[SourceState]:
        columns = ", ".join(field.name for field in fields(SourceState))
        rows = self._db.conn.execute(f"SELECT {columns} FROM sources WHERE {where}", tuple(params))
        return [SourceState(*row) for row in rows]


def split(db: Database, where: str, *params: Any) -> tuple[int, int, str | None]:
    """How many entries are new and how many are looked at again, and the earliest turn of the new ones."""
    row = db.conn.execute(
        f"SELECT count(*) FILTER (WHERE {NEW}), count(*), min(next_due) FILTER (WHERE {NEW})"
        # Of the others nothing is read but that index.
        f" FROM entries INDEXED BY entries_next_due WHERE {where}",
        params,
    ).fetchone()
    return int(row[0]), int(row[1]) - int(row[0]), row[2]
