"""How every attempt ended: the tables fetches (for a time) and daily (its totals, for good) of news.db."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sqlite_utils import Database

from scraper.dedupe import host_of
from scraper.errors import BadURL, Disallowed
from scraper.model import Attempt, instant
from scraper.store.opening import storable

_MANY = 4  # hosts that have the same trouble are told as one

_TOTALS = """
INSERT INTO daily (day, source_id, kind, outcome, reason, attempts, answers, from_cache, size, elapsed_ms)
SELECT substr(?1, 1, 10), (SELECT id FROM sources WHERE name = ?2), ?3, ?4, ?5, 1, ?6 IS NOT NULL, ?7, ifnull(?8, 0),
    ifnull(?6, 0)
WHERE true
ON CONFLICT (day, ifnull(source_id, 0), kind, outcome, reason) DO UPDATE SET attempts = attempts + 1,
    answers = answers + excluded.answers, from_cache = from_cache + excluded.from_cache, size = size + excluded.size,
    elapsed_ms = elapsed_ms + excluded.elapsed_ms
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """What failed or was skipped alike, so many ``times``, with its latest example; ``host`` is None for files. Of many
    ``hosts`` it is the one that has it most.
    """

    host: str | None
    outcome: str
    reason: str
    times: int
    last_at: str
    example: str
    hosts: int = 1


class Attempts:
    """The tables fetches and daily of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, attempt: Attempt) -> None:
        """Write down how an attempt ended, and count it in its day's totals, which stay when the row goes."""
        at = instant(attempt.at)
        elapsed_ms = None if attempt.elapsed is None else round(attempt.elapsed * 1000)
        self._db.execute(
            "INSERT INTO fetches (at, url, host, kind, source_id, status, size, elapsed_ms, from_cache, outcome,"
            " reason, detail, article_id, next_due)"
            " VALUES (?, ?, ?, ?, (SELECT id FROM sources WHERE name = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                at,
                storable(attempt.url),
                _host(attempt.url),
                attempt.kind,
                attempt.source,
                attempt.status,
                attempt.size,
                elapsed_ms,
                int(attempt.from_cache),
                attempt.outcome.value,
                storable(attempt.reason),
                storable(attempt.detail),
                attempt.article_id,
                attempt.next_due,
            ),
        )
        key = (attempt.kind, attempt.outcome.value, storable(attempt.reason))
        cached = int(attempt.from_cache)
        self._db.execute(_TOTALS, (at, attempt.source, *key, elapsed_ms, cached, attempt.size))

    def forget(self, urls: Sequence[str]) -> None:
        """Erase the attempts at these URLs."""
        self._db.execute(f"DELETE FROM fetches WHERE url IN ({','.join('?' * len(urls))})", tuple(urls))

    def latest(self) -> str | None:
        """When the latest attempt on record was made."""
        latest: str | None = self._db.conn.execute("SELECT max(at) FROM fetches").fetchone()[0]
        return latest

    def refused(self, url: str, at: str) -> bool:
        """Whether a page that was fetched at an instant yielded no article, as far as that is remembered."""
        sql = "SELECT 1 FROM fetches WHERE url = ? AND at = ? AND outcome IN ('skipped', 'failed') LIMIT 1"
        return self._db.conn.execute(sql, (storable(url), at)).fetchone() is not None

    def tried(self, url: str) -> bool:
        """Whether an attempt at exactly this URL is on record."""
        return (
            self._db.conn.execute("SELECT 1 FROM fetches WHERE url = ? LIMIT 1", (storable(url),)).fetchone()
            is not None
        )

    def is_on_record(self, attempt: Attempt) -> bool:
        """Whether an attempt of its kind at its URL ended like this before."""
        sql = "SELECT 1 FROM fetches WHERE url = ? AND kind = ? AND outcome = ? AND reason = ? LIMIT 1"
        ended = (storable(attempt.url), attempt.kind, attempt.outcome.value, storable(attempt.reason))
        return self._db.conn.execute(sql, ended).fetchone() is not None

    def counts_since(self, since: str) -> dict[str, int]:
        """How many attempts at pages ended how, since an instant."""
        rows = self._db.conn.execute(
            "SELECT outcome, count(*) FROM fetches WHERE at >= ? AND kind = 'page' GROUP BY outcome ORDER BY outcome",
            (since,),
        )
        return {row[0]: row[1] for row in rows}

    def problems_since(self, since: str) -> tuple[Problem, ...]:
        """What failed or was skipped since an instant, by host and reason, most first, each with its latest example.

        Where many ``hosts`` have the same trouble they are one row, with the example of the one that has it most. What
        robots.txt disallows is no trouble, nor is what archives of others hold.
        """
        rows = self._db.conn.execute(
            "SELECT host, outcome, reason, count(*) AS times, max(at) AS last_at, detail AS example FROM fetches"
            " WHERE at >= ? AND kind NOT IN ('robots', 'import') AND outcome IN ('failed', 'skipped') AND reason <> ?"
            " GROUP BY host, outcome, reason ORDER BY times DESC, host",
            (since, Disallowed.reason),
        )
        same: dict[tuple[str, str], list[Problem]] = {}
        for row in rows:
            same.setdefault((row["outcome"], row["reason"]), []).append(Problem(*row))
        folded = chain.from_iterable(alike if len(alike) < _MANY else [_fold(alike)] for alike in same.values())
        return tuple(sorted(folded, key=lambda problem: (-problem.times, problem.host or "")))

    def drop_before(self, before: str, limit: int) -> int:
        """Delete the oldest rows of those older than an instant, so many at most. Returns how many."""
        oldest = "SELECT id FROM fetches WHERE at < ? ORDER BY at LIMIT ?"
        return int(self._db.execute(f"DELETE FROM fetches WHERE id IN ({oldest})", (before, limit)).rowcount)


def _fold(alike: Sequence[Problem]) -> Problem:
    """One for many hosts that have the same trouble; the first has it most."""
    times, last_at = sum(each.times for each in alike), max(each.last_at for each in alike)
    return replace(alike[0], times=times, last_at=last_at, hosts=len(alike))


def _host(url: str) -> str | None:
    try:
        return host_of(url)
    except BadURL:
        return None
