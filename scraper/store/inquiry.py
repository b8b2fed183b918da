"""What is on record about an address, a host or a source: what ``scrape why`` reads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import host_of, normalise, url_key
from scraper.errors import BadURL
from scraper.store.hosts import Hosts

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Findings:
    """Rows of the database, each a mapping of its columns; those that say nothing are empty.

    ``kind`` is what was asked about: source, address or host. ``attempts`` are the latest first, each with the name of
    its source. ``host`` is the row of the host budget, ``at_address`` are those of the other hosts that are asked now
    where it leads, or wait for it; ``waiting`` is how many entries of the host, or of the source, are still to be
    fetched. ``ledger`` is what became of a source's entries: seen, stored, skipped, failed, and gaps between its polls.
    ``reasons`` are why some of them yielded no article (outcome, reason, count, and how many of those are ``waiting``
    to be tried again), the commonest first; ``pages`` are the
    latest attempts at them.
    """

    kind: str
    what: str
    source: Row = field(default_factory=dict)
    article: Row = field(default_factory=dict)
    entry: Row = field(default_factory=dict)
    host: Row = field(default_factory=dict)
    attempts: Sequence[Row] = ()
    waiting: int = 0
    ledger: Row = field(default_factory=dict)
    reasons: Sequence[Row] = ()
    pages: Sequence[Row] = ()
    at_address: Sequence[Row] = ()
    forgotten_at: str | None = None

    def __bool__(self) -> bool:
        host = any(value is not None for name, value in self.host.items() if name != "host")
        known = self.source or self.article or self.entry or self.attempts or self.forgotten_at
        return bool(known or (host and self.kind == "host"))


def inquire(db: Database, hosts: Hosts, what: str, limit: int, now: str) -> Findings:
    """Everything on record about ``what``: the name of a source, else an address with its scheme, else a host."""
    found = _found(db, hosts, what, limit)
    address = found.host.get("address")
    if not address:
        return found
    others = [row for row in hosts.at_address(address, now) if row["host"] != found.host["host"]]
    return replace(found, at_address=others)


def _found(db: Database, hosts: Hosts, what: str, limit: int) -> Findings:
    source = _one(db, "SELECT * FROM sources WHERE name = ?", what)
    if source:
        return _source(db, hosts, source, limit)
    if "/" in what.rstrip("/"):
        return _address(db, hosts, what if "://" in what else f"https://{what}", limit)
    name = _name(what.rstrip("/"))
    waiting = _count(
        db, "SELECT count(*) FROM entries WHERE host = ? AND next_due IS NOT NULL AND changed_at IS NULL", name
    )
    return Findings(
        "host", name, host=hosts.get(name), attempts=_attempts(db, "host = ?", (name,), limit), waiting=waiting
    )


def _source(db: Database, hosts: Hosts, source: Row, limit: int) -> Findings:
    waiting = _count(
        db,
        "SELECT count(*) FROM entries WHERE source_id = ? AND next_due IS NOT NULL AND changed_at IS NULL",
        source["id"],
    )
    # Of the sitemaps that an index names, those that went wrong: the others would hide the polls.
    asked = "source_id = ? AND fetches.kind NOT IN ('page', 'import')"
    own = f"{asked} AND (fetches.url = ? OR outcome IN ('failed', 'skipped'))"
    attempts = _attempts(db, own, (source["id"], source["url"]), limit)
    return Findings(
        "source",
        source["name"],
        source,
        ledger=_ledger(db, source["id"]),
        reasons=_reasons(db, source["id"]),
        pages=_attempts(db, "source_id = ? AND fetches.kind = 'page'", (source["id"],), limit),
        host=_host(hosts, source["url"]),
        attempts=attempts,
        waiting=waiting,
    )


def _ledger(db: Database, source_id: int) -> Row:
    """What became of everything that a source announced."""
    return _one(
        db,
        "SELECT count(*) AS seen, count(article_id) AS stored,"
        " count(*) FILTER (WHERE article_id IS NULL AND outcome = 'skipped' AND next_due IS NULL) AS skipped,"
        " count(*) FILTER (WHERE article_id IS NULL AND outcome = 'failed' AND next_due IS NULL) AS failed,"
        " (SELECT count(*) FROM fetches WHERE source_id = ?1 AND reason = 'gap') AS gaps"
        " FROM entries WHERE source_id = ?1",
        source_id,
    )


def _reasons(db: Database, source_id: int) -> list[Row]:
    """Why entries of a source yielded no article, so far."""
    rows = db.conn.execute(
        "SELECT outcome, reason, count(*) AS count, count(next_due) AS waiting FROM entries"
        " WHERE source_id = ? AND article_id IS NULL"
        " AND outcome IN ('skipped', 'failed') GROUP BY outcome, reason ORDER BY count DESC, reason",
        (source_id,),
    )
    return [dict(row) for row in rows]


def _address(db: Database, hosts: Hosts, url: str, limit: int) -> Findings:
    """Raises BadURL."""
    key, urls = url_key(url), [url, normalise(url)]
    article = _one(
        db,
        "SELECT id, url, title, fetched_at, revision, gone_at FROM articles"
        " WHERE url_key = ? OR id IN (SELECT article_id FROM aliases WHERE url_key = ?)",
        key,
        key,
    )
    entry = _one(
        db,
        "SELECT entries.*, sources.name AS source, sources.enabled FROM entries"
        " JOIN sources ON sources.id = source_id WHERE url_key = ? OR article_id = ? ORDER BY url_key = ? DESC",
        key,
        article.get("id"),
        key,
    )
    urls += [str(row["url"]) for row in (article, entry) if row]
    marks = ",".join("?" * len(urls))
    return Findings(
        "address",
        url,
        article=article,
        entry=entry,
        host=_host(hosts, url),
        attempts=_attempts(db, f"fetches.url IN ({marks}) OR article_id = ?", [*urls, article.get("id")], limit),
        forgotten_at=_one(db, "SELECT forgotten_at FROM forgotten WHERE url_key = ?", key).get("forgotten_at"),
    )


def _name(host: str) -> str:
    """A host as the table names it: as URLs do."""
    try:
        return host_of(f"http://{host}")
    except BadURL:
        return host.lower()


def _host(hosts: Hosts, url: str) -> Row:
    try:
        return hosts.of(url)
    except BadURL:
        return {}


def _attempts(db: Database, where: str, params: Sequence[Any], limit: int) -> list[Row]:
    rows = db.conn.execute(
        "SELECT fetches.*, sources.name AS source FROM fetches LEFT JOIN sources ON sources.id = source_id"
        f" WHERE {where} ORDER BY at DESC, fetches.id DESC LIMIT ?",
        (*params, limit),
    )
    return [dict(row) for row in rows]


def _one(db: Database, sql: str, *params: Any) -> Row:
    row = db.conn.execute(sql, params).fetchone()
    return dict(row) if row is not None else {}


def _count(db: Database, sql: str, *params: Any) -> int:
    return int(db.conn.execute(sql, params).fetchone()[0])
