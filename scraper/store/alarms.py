"""What is wrong with sources now (the table alarms of news.db), and what is on record to judge that by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from scraper.dedupe.announced import RULE
from scraper.errors import NOT_ASKED
from scraper.model import EventKind, instant
from scraper.store.opening import storable


def _in(words: Sequence[str]) -> str:
    """Words of our own as the right side of SQL's IN."""
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


_HISTORY = timedelta(days=60)
_RECENT = 20  # entries; all of the last day, where those are more
_SAMPLE = 400  # entries of a stretch of time, at most: as many as say enough
# Always the same ones, and as good as any: a day's entries have numbers that follow each other.
_SHUFFLED = "(id * 2654435761) % 4294967296"
# What a source announced by itself: a back-fill finds what is old.
_ANNOUNCED = "backfill_id IS NULL"
# Neither those that were never fetched, nor those whose host was not asked.
_ENDED = f"{_ANNOUNCED} AND outcome IS NOT NULL AND (article_id IS NOT NULL OR reason NOT IN {_in(NOT_ASKED)})"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong with a source, since when, and how one can tell."""

    kind: EventKind
    since: str
    detail: str


@dataclass(frozen=True, slots=True)
class RaisedAlarm:
    """An alarm as its row tells it, with the name of its source."""

    source: str
    kind: str
    since: str
    detail: str


@dataclass(frozen=True, slots=True)
class Vitals:
    """How a source did lately: instants of its polls, and of its arrivals (polls that brought something new to it).

    ``failing_since`` is when the first poll since its last success went wrong; None: none did. ``arrivals`` counts
    those of 60 days up to the last one, from ``arriving_since`` on; ``longest`` is the longest time between two, in
    seconds.
    """

    id: int
    name: str
    rhythm: str | None
    last_fetched_at: str | None
    last_success_at: str | None
    last_new_at: str | None
    last_detail: str | None
    failing_since: str | None = None
    arrivals: int = 0
    arriving_since: str | None = None
    longest: float = 0.0


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an entry. ``kind`` and what follows are its article's; None: no article of its own came of it."""

    day: str
    stored: bool
    reason: str
    kind: str | None
    words: int
    dated: bool
    authored: bool
    pictured: bool
    summarised: bool


class Alarms:
    """The table alarms of news.db, and the questions whose answers raise one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, source_id: int) -> dict[EventKind, Alarm]:
        """What is wrong with a source."""
        rows = self._db.conn.execute("SELECT kind, since, detail FROM alarms WHERE source_id = ?", (source_id,))
        found = [Alarm(EventKind(row["kind"]), row["since"], row["detail"]) for row in rows]
        return {alarm.kind: alarm for alarm in found}

    def put(self, source_id: int, alarm: Alarm) -> None:
        """Raise an alarm, or tell anew how one stands."""
        self._db.execute(
            "INSERT INTO alarms (source_id, kind, since, detail) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (source_id, kind) DO UPDATE SET detail = excluded.detail",
            (source_id, alarm.kind.value, alarm.since, storable(alarm.detail)),
        )

    def end(self, source_id: int, kind: EventKind) -> None:
        """Take an alarm back."""
        self._db.execute("DELETE FROM alarms WHERE source_id = ? AND kind = ?", (source_id, kind.value))

    def end_unfollowed(self) -> list[tuple[str, Alarm]]:
        """Take back all alarms of sources that are not followed any more. Returns those, with the names of sources."""
        rows = self._db.conn.execute(
            "SELECT name, alarms.kind, since, detail FROM alarms JOIN sources ON sources.id = source_id"
            " WHERE NOT enabled ORDER BY name, alarms.kind"
        )
        found = [(row["name"], Alarm(EventKind(row["kind"]), row["since"], row["detail"])) for row in rows]
        self._db.execute("DELETE FROM alarms WHERE source_id NOT IN (SELECT id FROM sources WHERE enabled)")
        return found

    def all(self) -> tuple[RaisedAlarm, ...]:
        """All alarms, by source."""
        rows = self._db.conn.execute(
            "SELECT sources.name, alarms.kind, since, detail FROM alarms"
            " JOIN sources ON sources.id = alarms.source_id ORDER BY sources.name, alarms.kind"
        )
        return tuple(RaisedAlarm(*row) for row in rows)

    def followed(self) -> list[int]:
        """The sources that are followed."""
        return [int(row[0]) for row in self._db.conn.execute("SELECT id FROM sources WHERE enabled ORDER BY id")]

    def vitals(self, source_id: int, now: datetime) -> Vitals:
        """How a source did lately."""
        source = self._db.conn.execute(
            "SELECT id, name, rhythm, last_fetched_at, last_success_at, last_new_at, last_detail FROM sources"
            " WHERE id = ?",
            (source_id,),
        ).fetchone()
        failing = self._db.conn.execute(
            "SELECT min(at) FROM fetches JOIN sources ON sources.id = source_id WHERE source_id = ?"
            f" AND fetches.kind <> 'page' AND fetches.url = sources.url AND reason NOT IN {_in(('gap', *NOT_ASKED))}"
            " AND outcome IN ('failed', 'skipped') AND at > ifnull(last_success_at, '')",
            (source_id,),
        ).fetchone()
        arrivals = self._db.conn.execute(
            "SELECT count(*), min(at), max(gap) FROM (SELECT at,"
            " (julianday(at) - julianday(lag(at) OVER (ORDER BY at))) * 86400 AS gap FROM (SELECT"
            f" first_seen_at AS at FROM entries WHERE source_id = ?1 AND first_seen_at >= ?2 AND {_ANNOUNCED}"
            # What another source announced before, it showed for the first time as well.
            " UNION SELECT links.first_seen_at FROM links JOIN entries ON entries.url_key = links.url_key"
            " WHERE links.source_id = ?1 AND links.first_seen_at >= ?2 AND entries.source_id <> ?1))",
            (source_id, instant(now - _HISTORY)),
        ).fetchone()
        return Vitals(
            **dict(source),
            failing_since=failing[0],
            arrivals=arrivals[0],
            arriving_since=arrivals[1],
            longest=arrivals[2] or 0.0,
        )

    def fates(self, source_id: int, now: datetime) -> tuple[list[Fate], list[Fate]]:
        """What became of a source's entries: of the newest, and (a sample) of those of the 60 days before them."""
        newest = self._db.conn.execute(
            f"SELECT first_seen_at FROM entries WHERE source_id = ? AND {_ENDED} ORDER BY first_seen_at DESC"
            " LIMIT 1 OFFSET ?",
            (source_id, _RECENT - 1),
        ).fetchone()
        if newest is None:
            return [], []
        border = min(newest[0], instant(now - timedelta(days=1)))
        start = instant(datetime.fromisoformat(border) - _HISTORY)
        end = instant(now + timedelta(seconds=1))
        return self._between(source_id, (border, end)), self._between(source_id, (start, border))

    def _between(self, source_id: int, span: Sequence[str]) -> list[Fate]:
        rows = self._db.conn.execute(
            "SELECT substr(some.first_seen_at, 1, 10), some.article_id IS NOT NULL, some.reason, articles.kind,"
            " ifnull(word_count, 0), published_at IS NOT NULL"
            # What the source said tells nothing of its pages.
            f" AND json_extract(evidence, '$.published_at') IS NOT '{RULE}', authors <> '[]', image_url IS NOT NULL,"
            " summary IS NOT NULL FROM (SELECT id, source_id, first_seen_at, article_id, reason FROM entries"
            f" WHERE source_id = ? AND first_seen_at >= ? AND first_seen_at < ? AND {_ENDED}"
            f" ORDER BY {_SHUFFLED} LIMIT {_SAMPLE}) AS some"
            " LEFT JOIN articles ON articles.id = some.article_id AND articles.source_id = some.source_id",
            (source_id, *span),
        )
        return [Fate(row[0], bool(row[1]), *row[2:5], *map(bool, row[5:])) for row in rows]
