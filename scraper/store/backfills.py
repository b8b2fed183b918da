"""Back-fills, and the documents that are still to be read for them: the tables backfills and documents of news.db."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import host_of
from scraper.model import from_instant, instant

ASKED, GAP = "asked", "gap"
"""Why one is made: somebody asked for it, or a source was seen to have a gap."""
_KEPT = timedelta(days=30)  # for so long one that stopped at its limit may go on


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be looked for: what a source published since a day.

    ``undated``: also pages of which nothing says when. ``budget`` is how many requests for documents may be made,
    ``room`` how many entries may be found.
    """

    source: str
    since: str
    budget: int
    room: int
    reason: str = ASKED
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Backfill:
    """One that was begun: what is wanted, with what is left of ``budget`` and ``room``; ``documents`` is how many were
    read, ``found`` how many new entries they had, and ``passed`` how many were left out because nothing said when they
    were published. ``ended_at`` and ``detail`` are None while it is under way.
    """

    id: int
    source: str
    since: str
    reason: str
    undated: bool
    started_at: str
    ended_at: str | None
    detail: str | None
    budget: int
    room: int
    documents: int
    found: int
    passed: int


@dataclass(frozen=True, slots=True)
class DueDocument:
    """A document whose turn has come: ``kind`` is that of the fetch, ``depth`` counts the documents that led here."""

    id: int
    backfill_id: int
    source: str
    url: str
    kind: str
    depth: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a document.

    ``digest`` is the fingerprint of what it lists (None: it could not be read), ``next_due`` when it is read again,
    ``found`` and ``passed`` are as in :class:`Backfill`, ``further`` are the documents that it leads to, each a URL and
    the kind of its fetch. ``asked``: its server was asked, which costs a try.
    """

    digest: str | None = None
    next_due: str | None = None
    found: int = 0
    passed: int = 0
    further: Sequence[tuple[str, str]] = ()
    asked: bool = True


class Backfills:
    """The tables backfills and documents of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, wanted: Wanted, seeds: Iterable[tuple[str, str]], now: str) -> Backfill:
        """Start one with these documents (URLs and the kinds of their fetches).

        One that was asked for goes on, if one that looks as far back did not come to its end. What is left of earlier
        gaps of the source is dropped: a new one begins with what is youngest.
        """
        self._drop_old(wanted, now)
        row = self._db.conn.execute(
            "SELECT id FROM backfills WHERE source_id = (SELECT id FROM sources WHERE name = ?1) AND since = ?2"
            " AND undated = ?3 AND reason = ?4 AND EXISTS (SELECT 1 FROM documents WHERE backfill_id = backfills.id)"
            " ORDER BY id DESC LIMIT 1",
            (wanted.source, wanted.since, int(wanted.undated), wanted.reason),
        ).fetchone()
        if row is not None:
            self._db.execute(
                "UPDATE backfills SET ended_at = NULL, detail = NULL, budget = ?, room = ? WHERE id = ?",
                (wanted.budget, wanted.room, row[0]),
            )
            return self.get(int(row[0]))
        made = self._db.execute(
            "INSERT INTO backfills (source_id, since, reason, undated, started_at, budget, room)"
            " VALUES ((SELECT id FROM sources WHERE name = ?), ?, ?, ?, ?, ?, ?)",
            (wanted.source, wanted.since, wanted.reason, int(wanted.undated), now, wanted.budget, wanted.room),
        ).lastrowid
        self._queue(int(made or 0), seeds, 0, now)
        return self.get(int(made or 0))

    def get(self, backfill_id: int) -> Backfill:
        """One of them, which must exist."""
        return self._all("backfills.id = ?", (backfill_id,))[0]

    def of(self, source: str) -> list[Backfill]:
        """Those of a source, the latest first."""
        return self._all("sources.name = ? ORDER BY backfills.id DESC", (source,))

    def all(self, limit: int = 20) -> list[Backfill]:
        """Those under way, then the latest others."""
        return self._all("1 ORDER BY ended_at IS NOT NULL, backfills.id DESC LIMIT ?", (limit,))

    def under_way(self) -> int:
        """How many are."""
        return int(self._db.conn.execute("SELECT count(*) FROM backfills WHERE ended_at IS NULL").fetchone()[0])

    def due(self, now: str, backfill_id: int | None = None) -> list[DueDocument]:
        """The next document of each back-fill under way whose source is followed, and was asked before: what it
        announces tells what is like it. Or that of one back-fill, whatever its source.
        """
        one = "backfills.id = ?" if backfill_id is not None else "enabled AND last_fetched_at IS NOT NULL"
        documents = self._db.conn.execute(
            "SELECT documents.id, backfill_id, sources.name, documents.url, documents.kind, depth, attempts"
            " FROM backfills JOIN sources ON sources.id = source_id"
            " JOIN documents ON documents.id = (SELECT id FROM documents WHERE backfill_id = backfills.id"
            " AND next_due <= ? ORDER BY next_due, id LIMIT 1)"
            f" WHERE ended_at IS NULL AND {one} ORDER BY backfills.id",
            (now, backfill_id) if backfill_id is not None else (now,),
        )
        return [DueDocument(*row) for row in documents]

    def is_open(self, document: DueDocument) -> bool:
        """Whether a document is still to be read: another process may have read it, or somebody ended its back-fill."""
        row = self._db.conn.execute(
            "SELECT 1 FROM documents JOIN backfills ON backfills.id = backfill_id"
            " WHERE documents.id = ? AND backfill_id = ? AND next_due IS NOT NULL AND ended_at IS NULL",
            (document.id, document.backfill_id),
        ).fetchone()
        return row is not None

    def is_double(self, document: DueDocument, digest: str) -> bool:
        """Whether another document of the same back-fill listed the very same: some sites' pages have no end."""
        row = self._db.conn.execute(
            "SELECT 1 FROM documents WHERE backfill_id = ? AND digest = ? AND id != ?",
            (document.backfill_id, digest, document.id),
        ).fetchone()
        return row is not None

    def read(self, document: DueDocument, became: Read, now: str) -> None:
        """Note what became of a document, and end its back-fill where that was the last of it, or of its limits."""
        backfill_id = document.backfill_id
        self._db.execute(
            "UPDATE documents SET next_due = ?, digest = ?, attempts = attempts + ? WHERE id = ?",
            (became.next_due, became.digest, int(became.asked), document.id),
        )
        self._db.execute(
            "UPDATE backfills SET documents = documents + ?1, budget = budget - ?2, found = found + ?3,"
            " room = room - ?3, passed = passed + ?4 WHERE id = ?5",
            (int(became.digest is not None), int(became.asked), became.found, became.passed, backfill_id),
        )
        self._queue(backfill_id, became.further, document.depth + 1, now)
        self._conclude(backfill_id, now)

    def put_off(self, host: str, until: str) -> None:
        """Let every document of a host that is due before an instant wait until then."""
        self._db.execute("UPDATE documents SET next_due = ? WHERE host = ? AND next_due < ?", (until, host, until))

    def stop(self, source: str, now: str) -> int:
        """End those of a source, and forget what they found and nobody stored yet. Returns how many that were."""
        mine = "SELECT id FROM backfills WHERE source_id = (SELECT id FROM sources WHERE name = ?)"
        unstored = f"DELETE FROM entries WHERE backfill_id IN ({mine}) AND article_id IS NULL AND next_due IS NOT NULL"
        dropped = int(self._db.execute(unstored, (source,)).rowcount)
        self._db.execute(f"DELETE FROM documents WHERE backfill_id IN ({mine})", (source,))
        ended = (
            f"UPDATE backfills SET ended_at = ?, detail = 'stopped by hand' WHERE ended_at IS NULL AND id IN ({mine})"
        )
        self._db.execute(ended, (now, source))
        return dropped

    def announced(self, source: str, limit: int = 500) -> list[str]:
        """The addresses that a source announced by itself, the latest first."""
        rows = self._db.conn.execute(
            "SELECT url FROM entries WHERE source_id = (SELECT id FROM sources WHERE name = ?)"
            " AND backfill_id IS NULL ORDER BY first_seen_at DESC LIMIT ?",
            (source, limit),
        )
        return [str(row[0]) for row in rows]

    def _conclude(self, backfill_id: int, now: str) -> None:
        left = self._db.conn.execute(
            "SELECT count(*) FROM documents WHERE backfill_id = ? AND next_due IS NOT NULL", (backfill_id,)
        ).fetchone()[0]
        at = self.get(backfill_id)
        if not left:
            self._end(backfill_id, now, "read to the end")
            self._db.execute("DELETE FROM documents WHERE backfill_id = ?", (backfill_id,))
        elif min(at.budget, at.room) <= 0:
            self._end(backfill_id, now, f"stopped at its limit, with {left} documents left: begin it again to go on")

    def _end(self, backfill_id: int, now: str, detail: str) -> None:
        ending = "UPDATE backfills SET ended_at = ?, detail = ? WHERE id = ? AND ended_at IS NULL"
        self._db.execute(ending, (now, detail, backfill_id))

    def _drop_old(self, wanted: Wanted, now: str) -> None:
        """Documents of gaps that this one takes the place of, and of what nobody went on with."""
        before = instant(from_instant(now) - _KEPT)
        self._db.execute(
            "DELETE FROM documents WHERE backfill_id IN (SELECT backfills.id FROM backfills JOIN sources"
            " ON sources.id = source_id WHERE ended_at < ?1 OR (?2 = ?3 AND reason = ?3 AND sources.name = ?4))",
            (before, wanted.reason, GAP, wanted.source),
        )

    def _queue(self, backfill_id: int, documents: Iterable[tuple[str, str]], depth: int, now: str) -> None:
        self._db.conn.executemany(
            "INSERT INTO documents (backfill_id, url, host, kind, depth, next_due) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (backfill_id, url) DO NOTHING",
            [(backfill_id, url, host_of(url), kind, depth, now) for url, kind in documents],
        )

    def _all(self, where: str, params: Sequence[Any]) -> list[Backfill]:
        names = [field.name for field in fields(Backfill)]
        columns = ", ".join("sources.name" if name == "source" else f"backfills.{name}" for name in names)
        rows = self._db.conn.execute(
            f"SELECT {columns} FROM backfills JOIN sources ON sources.id = source_id WHERE {where}", tuple(params)
        )
        found = [Backfill(*row) for row in rows]
        return [replace(backfill, undated=bool(backfill.undated)) for backfill in found]
