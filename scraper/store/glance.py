"""What `scrape status` shows of a storage folder: what there is, what waits, how fast things go and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from scraper.store.alarms import RaisedAlarm
from scraper.store.attempts import Problem
from scraper.store.events import PastEvent
from scraper.store.frontier import NEW, split
from scraper.store.overview import DUE

_SLOW = 5.0 / 86400  # days; a host whose next request has to wait for longer than that is slow
_MOST_HOSTS = 20


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source, with how many articles it gave and how many of its entries wait for the first time."""

    name: str
    kind: str
    url: str
    enabled: int
    last_fetched_at: str | None
    last_success_at: str | None
    last_outcome: str | None
    last_detail: str | None
    failures: int
    next_due: str | None
    articles: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many events wait to be delivered, and how many were given up."""

    waiting: int
    given_up: int


@dataclass(frozen=True, slots=True)
class Due:
    """How many entries' turn has come; ``oldest`` is when that of the new one was that waits longest."""

    new: int
    revisits: int
    oldest: str | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Of a stretch of time: new articles, attempts at pages and polls, those that failed, answers that came, bytes."""

    articles: int
    attempts: int
    failed: int
    answers: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Those of the last hour and of the last day."""

    hour: Rate
    day: Rate


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A host that is ``paused``, for a reason, or so ``slow`` that its next request has to wait for long."""

    host: str
    state: str
    until: str
    reason: str | None
    detail: str | None
    troubles: int


@dataclass(frozen=True, slots=True)
class Glance:
    """All of it, in the order of `scrape status --json`. ``waiting`` and ``revisits`` are entries, ``last_day`` counts
    attempts at pages by outcome, ``next_due`` is when a source or an entry is due: None if nothing waits.
    """

    articles: int
    pages: int
    archive_bytes: int
    waiting: int
    revisits: int
    backfills: int
    next_due: str | None
    sources: tuple[SourceRow, ...]
    last_day: Mapping[str, int]
    problems: tuple[Problem, ...]
    alarms: tuple[RaisedAlarm, ...]
    events: tuple[PastEvent, ...]
    undelivered: Undelivered
    due: Due
    rates: Rates
    hosts: tuple[LeftAlone, ...]


def sources(db: Database) -> tuple[SourceRow, ...]:
    """Every source, by name."""
    rows = db.conn.execute(
        "SELECT sources.name, sources.kind, sources.url, sources.enabled, sources.last_fetched_at,"
        " sources.last_success_at, sources.last_outcome, sources.last_detail, sources.failures, sources.next_due,"
        " (SELECT count(*) FROM articles WHERE source_id = sources.id) AS articles,"
        " (SELECT count(*) FROM entries WHERE source_id = sources.id AND next_due IS NOT NULL"
        f" AND {NEW}) AS waiting"
        " FROM sources ORDER BY sources.name"
    )
    return tuple(SourceRow(*row) for row in rows)


def due(db: Database, now: str) -> Due:
    """The entries that could be fetched at once."""
    return Due(*split(db, DUE, now))


def rate(db: Database, since: str) -> Rate:
    """How fast things went since an instant."""
    (articles,) = db.conn.execute("SELECT count(*) FROM articles WHERE first_seen_at >= ?", (since,)).fetchone()
    attempts = db.conn.execute(
        "SELECT count(*) FILTER (WHERE kind <> 'robots') AS attempts,"
        " count(*) FILTER (WHERE kind <> 'robots' AND outcome = 'failed') AS failed,"
        " count(status) AS answers, coalesce(sum(size), 0) AS bytes FROM fetches WHERE at >= ? AND kind <> 'import'",
        (since,),
    ).fetchone()
    return Rate(articles, *attempts)


def left_alone(db: Database, now: str) -> tuple[LeftAlone, ...]:
    """The hosts that are paused, or whose next request has to wait for long, the longest first."""
    rows = db.conn.execute(
        "SELECT host, CASE WHEN paused_until > ?1 THEN 'paused' ELSE 'slow' END AS state,"
        " max(coalesce(paused_until, ''), coalesce(next_at, '')) AS until,"
        " CASE WHEN paused_until > ?1 THEN pause_reason END AS reason,"
        " CASE WHEN paused_until > ?1 THEN pause_detail END AS detail, troubles FROM hosts"
        " WHERE paused_until > ?1 OR julianday(next_at) > julianday(?1) + ?2 ORDER BY until DESC LIMIT ?3",
        (now, _SLOW, _MOST_HOSTS),
    )
    return tuple(LeftAlone(*row) for row in rows)


def rhythms(db: Database) -> dict[str, str | None]:
    """How often each source publishes, as ``scraper.rhythm`` wrote it."""
    return dict(db.conn.execute("SELECT name, rhythm FROM sources").fetchall())
