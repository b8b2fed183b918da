"""One article with all that the archive knows of it. SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .latest import Copies, columns, copies

_MOST = 100  # of revisions, addresses, attempts: the latest


@dataclass(frozen=True, slots=True)
class Record:
    """``row`` is that of articles with ``source`` and ``source_title``. The rest are rows, the latest first; ``copies``
    the earliest first, the article itself among them, if the story has others, and ``ran`` how many there are;
    ``alike`` is how much alike some of them are to this one, from 0 to 1. ``story`` is the story's row, or None.
    ``changes`` is how many revisions there are, ``first`` the number of the first.
    """

    row: sqlite3.Row
    authors: Sequence[str]
    tags: Sequence[str]
    evidence: Mapping[str, str]
    revisions: Sequence[sqlite3.Row]
    changes: int
    first: int | None
    copies: Sequence[sqlite3.Row]
    ran: int
    alike: Mapping[int, float]
    story: Mapping[str, object] | None
    addresses: Sequence[sqlite3.Row]
    attempts: Sequence[sqlite3.Row]


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an article. ``at``: when it was stored; ``until``: when another took its place, or None."""

    number: int
    title: str
    body: str
    at: str
    until: str | None
    change: str


def record(conn: sqlite3.Connection, article_id: int) -> Record | None:
    """The article of that number, or None."""
    row = conn.execute(
        "SELECT articles.*, sources.name AS source, sources.title AS source_title FROM articles"
        " LEFT JOIN sources ON sources.id = articles.source_id WHERE articles.id = ?",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    evidence = _json(row["evidence"])
    story = None
    if row["story_id"] is not None:
        story = conn.execute("SELECT * FROM stories WHERE id = ?", (row["story_id"],)).fetchone()
    changes, first = conn.execute(
        "SELECT count(*), min(revision) FROM revisions WHERE article_id = ?", (article_id,)
    ).fetchone()
    told = Copies() if story is None else copies(conn, row["story_id"], article_id)
    return Record(
        row,
        authors=_list(row["authors"]),
        tags=_list(row["tags"]),
        evidence={name: str(rule) for name, rule in evidence.items()} if isinstance(evidence, dict) else {},
        revisions=_revisions(conn, article_id),
        changes=changes,
        first=first,
        copies=told.rows,
        ran=told.total,
        alike=_alike(conn, article_id) if story is not None else {},
        story=None if story is None else dict(story),
        addresses=_all(conn, "SELECT url, first_seen_at FROM aliases WHERE article_id = ? LIMIT ?", article_id),
        attempts=_all(
            conn,
            "SELECT id, at, url, status, outcome, reason, detail, from_cache FROM fetches WHERE article_id = ?"
            " ORDER BY id DESC LIMIT ?",
            article_id,
        ),
    )


def versions(
    conn: sqlite3.Connection, article_id: int, numbers: Sequence[int]
) -> tuple[sqlite3.Row | None, dict[int, Version]]:
    """The article's row (None: there is none), and its texts by their revision numbers; those that there are."""
    now = conn.execute(
        "SELECT id, revision, title, body, language, first_seen_at FROM articles WHERE id = ?", (article_id,)
    ).fetchone()
    if now is None:
        return None, {}
    wanted = {number for each in numbers for number in (each - 1, each)}
    rows = conn.execute(
        f"SELECT revision, title, body, replaced_at, {_change(conn)} FROM revisions WHERE article_id = ?"
        f" AND revision IN ({','.join(map(str, wanted))})",
        (article_id,),
    )
    earlier = {row["revision"]: row for row in rows}
    found = {}
    for number in numbers:
        at = earlier[number - 1]["replaced_at"] if number - 1 in earlier else now["first_seen_at"]
        if number == now["revision"]:
            found[number] = Version(number, now["title"], now["body"], at, None, "")
        elif number in earlier:
            row = earlier[number]
            found[number] = Version(number, row["title"], row["body"], at, row["replaced_at"], row["change"])
    return now, found


def _revisions(conn: sqlite3.Connection, article_id: int) -> list[sqlite3.Row]:
    """Without their bodies."""
    return _all(
        conn,
        f"SELECT id, revision, kind, title, published_at, fetched_at, replaced_at, reason, {_change(conn)}"
        " FROM revisions WHERE article_id = ? ORDER BY revision DESC LIMIT ?",
        article_id,
    )


def _change(conn: sqlite3.Connection) -> str:
    """The column ``change``: what kind of change ended a version, where the database knows, else its reason."""
    return "change" if "change" in columns(conn, "revisions") else "reason AS change"


def _alike(conn: sqlite3.Connection, article_id: int) -> dict[int, float]:
    """The articles that were found to be like this one, each with how much; none in a database that does not say."""
    if not columns(conn, "resemblances"):
        return {}
    rows = conn.execute(
        "SELECT other_id, similarity FROM resemblances WHERE article_id = ?1"
        " UNION ALL SELECT article_id, similarity FROM resemblances WHERE other_id = ?1",
        (article_id,),
    )
    return dict(map(tuple, rows))


def _all(conn: sqlite3.Connection, sql: str, article_id: int) -> list[sqlite3.Row]:
    return conn.execute(sql, (article_id, _MOST)).fetchall()


def _list(text: str) -> list[str]:
    value = _json(text)
    return [str(item) for item in value] if isinstance(value, list) else []


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:  # written by another program: ours stores nothing else
        return None
