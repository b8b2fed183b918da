"""Back-fills, and the documents that are still to be read for them: the tables backfills and documents of news.db."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Backfill:
    """What is looked for: what a source published since a day.

    ``reason`` is ``asked`` or ``gap``, ``undated`` whether pages of an unknown day are taken. ``budget`` is how many
    requests for documents may still be made and ``room`` how many entries may still be found; ``documents`` is how many
    were read, ``found`` how many new entries they had, and ``passed`` how many were left out because nothing said when
    they were published. ``ended_at`` and ``detail`` are None while it is under way.
    """

    id: int
    source: str
    since: str
    reason: str
    undated: int
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

    ``digest`` is the fingerprint of what it lists (None: it could not be read), ``next_due`` when it is tried again,
    ``found`` and ``passed`` are as in :class:`Backfill`, ``further`` are the documents that it leads to, each a URL and
    the kind of its fetch.
    """

    digest: str | None = None
    next_due: str | None = None
    found: int = 0
    passed: int = 0
    further: Sequence[tuple[str, str]] = ()


class Backfills:
    """The tables backfills and documents of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(self, backfill: Backfill, seeds: Iterable[tuple[str, str]]) -> Backfill:
        """Start one (its ``id`` does not count), or go on with the latest of its source that looks as far back and did
        not come to its end. ``seeds`` are URLs and the kinds of their fetches.
        """
        row = self._db.conn.execute(
            "SELECT id FROM backfills WHERE source_id = (SELECT id FROM sources WHERE name = ?1) AND since = ?2"
            " AND undated = ?3 AND EXISTS (SELECT 1 FROM documents WHERE backfill_id = backfills.id)"
            " ORDER BY id DESC LIMIT 1",
            (backfill.source, backfill.since, backfill.undated),
        ).fetchone()
        if row is not None:
            self._db.execute(
                "UPDATE backfills SET ended_at = NULL, detail = NULL, budget = ?, room = ? WHERE id = ?",
                (backfill.budget, backfill.room, row[0]),
            )
            return self.get(int(row[0]))
        made = self._db.execute(
            "INSERT INTO backfills (source_id, since, reason, undated, started_at, budget, room)"
            " VALUES ((SELECT id FROM sources WHERE name = ?), ?, ?, ?, ?, ?, ?)",
            (*astuple(backfill)[1:6], backfill.budget, backfill.room),
        ).lastrowid
        self._queue(int(made or 0), seeds, 0, backfill.started_at)
        return self.get(int(made or 0))

    def get(self, backfill_id: int) -> Backfill:
        """One of them, which must exist."""
        return self._all("backfills.id = ?", (backfill_id,))[0]

    def latest(self, source: str) -> Backfill | None:
        """The one of a source that began last, or None."""
        return next(iter(self._all("sources.name = ? ORDER BY backfills.id DESC LIMIT 1", (source,))), None)

    def all(self, limit: int = 20) -> list[Backfill]:
        """Those under way, then the latest others."""
        return self._all("1 ORDER BY ended_at IS NOT NULL, backfills.id DESC LIMIT ?", (limit,))

    def under_way(self) -> int:
        """How many are."""
        return int(self._db.conn.execute("SELECT count(*) FROM backfills WHERE ended_at IS NULL").fetchone()[0])

    def due(self, now: str, backfill_id: int | None = None) -> list[DueDocument]:
        """The next document of each back-fill under way whose source is followed; or of one back-fill, whatever its
        source.
        """
        rows = self._db.conn.execute(
            "SELECT documents.id, backfill_id, sources.name, documents.url, documents.kind, depth, attempts,"
            " min(documents.next_due)"
            " FROM documents JOIN backfills ON backfills.id = backfill_id JOIN sources ON sources.id = source_id"
            " WHERE documents.next_due <= ?1 AND ended_at IS NULL"
            " AND (backfill_id = ?2 OR (?2 IS NULL AND sources.enabled)) GROUP BY backfill_id ORDER BY 8, 1",
            (now, backfill_id),
        )
        return [DueDocument(*row[:-1]) for row in rows]

    def is_double(self, document: DueDocument, digest: str) -> bool:
        """Whether another document of the same back-fill listed the very same: some sites' pages have no end."""
        row = self._db.conn.execute(
            "SELECT 1 FROM documents WHERE backfill_id = ? AND digest = ? AND id != ?",
            (document.backfill_id, digest, document.id),
        ).fetchone()
        return row is not None

    def read(self, document: DueDocument, became: Read, now: str) -> None:
        """Note what became of a document, and end its back-fill where that was the last of it, or of its budget."""
        backfill_id = document.backfill_id
        self._db.execute(
            "UPDATE documents SET next_due = ?, digest = ?, attempts = attempts + 1 WHERE id = ?",
            (became.next_due, became.digest, document.id),
        )
        self._db.execute(
            "UPDATE backfills SET documents = documents + ?1, budget = budget - 1, found = found + ?2,"
            " room = room - ?2, passed = passed + ?3 WHERE id = ?4",
            (int(became.next_due is None), became.found, became.passed, backfill_id),
        )
        self._queue(backfill_id, became.further, document.depth + 1, now)
        left = self._db.conn.execute(
            "SELECT count(*) FROM documents WHERE backfill_id = ? AND next_due IS NOT NULL", (backfill_id,)
        ).fetchone()[0]
        if not left:
            self.end(backfill_id, now, "read to the end")
            self._db.execute("DELETE FROM documents WHERE backfill_id = ?", (backfill_id,))
        elif min(self.get(backfill_id).budget, self.get(backfill_id).room) <= 0:
            self.end(backfill_id, now, f"stopped at its limit, with {left} documents left: begin it again to go on")

    def end(self, backfill_id: int, now: str, detail: str) -> None:
        """Begin nothing more of it; what is left of it stays, so that it may go on."""
        self._db.execute(
            "UPDATE backfills SET ended_at = ?, detail = ? WHERE id = ? AND ended_at IS NULL",
            (now, detail, backfill_id),
        )

    def abandon(self, backfill_id: int) -> int:
        """Forget what it found and nobody fetched yet. Returns how many entries that were."""
        unfetched = "DELETE FROM entries WHERE backfill_id = ? AND outcome IS NULL"
        return int(self._db.execute(unfetched, (backfill_id,)).rowcount)

    def announced(self, source: str, limit: int = 500) -> list[str]:
        """The addresses that a source announced by itself, the latest first."""
        rows = self._db.conn.execute(
            "SELECT entries.url FROM entries JOIN sources ON sources.id = source_id"
            " WHERE sources.name = ? AND backfill_id IS NULL ORDER BY entries.first_seen_at DESC LIMIT ?",
            (source, limit),
        )
        return [str(row[0]) for row in rows]

    def _queue(self, backfill_id: int, documents: Iterable[tuple[str, str]], depth: int, now: str) -> None:
        for url, kind in documents:
            self._db.execute(
                "INSERT INTO documents (backfill_id, url, kind, depth, next_due) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (backfill_id, url) DO NOTHING",
                (backfill_id, url, kind, depth, now),
            )

    def _all(self, where: str, params: Sequence[Any]) -> list[Backfill]:
        names = [field.name for field in fields(Backfill)]
        columns = ", ".join("sources.name" if name == "source" else f"backfills.{name}" for name in names)
        rows = self._db.conn.execute(
            f"SELECT {columns} FROM backfills JOIN sources ON sources.id = source_id WHERE {where}", tuple(params)
        )
        return [Backfill(*row) for row in rows]
