"""What a search finds, and what a feed holds. SQL.

How articles are searched and ranked is said once, by `SEARCH` in scraper/store/search.py, which is Datasette's canned
query `search`, too: its first part, which ranks, is used here. Where that is not importable, the words are ranked by
FTS5 alone. ``escape_fts`` and ``excerpt`` are functions that archive.py gives every connection.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .asked import PAGE, PAGES, Asked
from .latest import FACTS, JOINED

_RANKING: str | None
try:
    from scraper.store.search import RANKING as _RANKING
    from scraper.store.search import Filters
except ImportError:  # a Datasette of its own, without the scraper beside it
    _RANKING = None

BEST = PAGE * PAGES
_SNIPPET = 28  # words


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, each row with ``found``, the place where the words stand.

    ``total`` counts up to `BEST`; None: not counted. ``facets`` are, by name of filter, values with counts
    over these. ``on``: the day of the last row of the last page, where there are articles beyond it.
    """

    rows: Sequence[sqlite3.Row]
    total: int | None
    more: bool
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    on: str = ""


def search(conn: sqlite3.Connection, asked: Asked) -> Found:
    """One page of what is asked for: the best matches, or the newest articles where no words are given."""
    if not asked.q:
        rows = _newest(conn, asked, asked.page * PAGE + 1)[(asked.page - 1) * PAGE :]
        more = len(rows) > PAGE
        on = rows[PAGE - 1]["at"][:10] if more and asked.page == PAGES else ""
        return Found(rows[:PAGE], None, more and not on, on=on)
    ids = _matches(conn, asked)
    shown = ids[(asked.page - 1) * PAGE : asked.page * PAGE]
    return Found(
        _snippets(conn, asked, shown), len(ids), len(ids) > asked.page * PAGE and asked.page < PAGES, _facets(conn, ids)
    )


def feed(conn: sqlite3.Connection, asked: Asked, limit: int, *, with_login: bool) -> list[sqlite3.Row]:
    """The newest of what is asked for, whole, with ``revised_at`` (when the present text took its place, or NULL)."""
    public = "1" if with_login else "NOT articles.login"
    if asked.q:
        where, params = _where(asked)
        sql = (
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(:q) AND EXISTS (SELECT 1 FROM articles"
            f" INDEXED BY articles_facts WHERE articles.id = articles_fts.rowid AND {where} AND {public})"
            " ORDER BY rowid DESC LIMIT :limit"
        )
        ids = [row[0] for row in conn.execute(sql, {**params, "q": asked.q, "limit": limit})]
    else:
        ids = [row["id"] for row in _newest(conn, asked, limit, public)]
    if not ids:  # SQLite reads the whole table to find none of none
        return []
    sql = (
        f"SELECT {FACTS}, body, body_markdown, authors, tags, revision, modified_at, image_url, section,"
        " (SELECT max(replaced_at) FROM revisions WHERE article_id = articles.id) AS revised_at"
        f" FROM {JOINED} WHERE articles.id IN ({','.join(map(str, ids))}) ORDER BY at DESC, articles.id DESC"
    )
    return conn.execute(sql).fetchall()


def _matches(conn: sqlite3.Connection, asked: Asked) -> list[int]:
    """The best matches' numbers, or the ones that were stored last."""
    names = ("q", "source", "since", "until", "lang", "author")
    params = {name: getattr(asked, name) for name in names} | {"sort": asked.sort, "limit": BEST}
    if _RANKING is not None:
        order = "iif(:sort = 'newest', -id, 0), in_title DESC, score, id DESC"
        sql = f"{_RANKING}\nSELECT id FROM best ORDER BY {order}"
    else:
        where, _ = _where(asked)
        join = " JOIN articles ON articles.id = articles_fts.rowid" if asked.narrowed else ""
        order = "articles_fts.rowid" if asked.sort == "newest" else "-bm25(articles_fts, 5.0, 1.0), articles_fts.rowid"
        sql = (
            f"SELECT articles_fts.rowid FROM articles_fts{join} WHERE articles_fts MATCH escape_fts(:q) AND {where}"
            f" ORDER BY {order} DESC LIMIT :limit"
        )
    return [row[0] for row in conn.execute(sql, params)]


def _snippets(conn: sqlite3.Connection, asked: Asked, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Rows in that order. In ``found``, brackets are around what was looked for; those of the text itself are control
    characters (`markup.marked` reads both).
    """
    if conn.execute("SELECT 1 FROM pragma_function_list WHERE name = 'excerpt'").fetchone():
        place = "excerpt(replace(replace(articles.body, '[', char(2)), ']', char(3)), :q)"
        sql = f"SELECT {FACTS}, {place} AS found FROM {JOINED} WHERE articles.id = :id"
    else:
        sql = (
            f"SELECT {FACTS}, snippet(articles_fts, 1, '[', ']', '…', {_SNIPPET}) AS found"
            f" FROM articles_fts CROSS JOIN {JOINED}"
            " WHERE articles_fts MATCH escape_fts(:q) AND articles_fts.rowid = :id AND articles.id = :id"
        )
    found = (conn.execute(sql, {"q": asked.q, "id": number}).fetchone() for number in ids)
    return [row for row in found if row is not None]


def _facets(conn: sqlite3.Connection, ids: Sequence[int]) -> dict[str, list[tuple[str, int]]]:
    if not ids:  # SQLite reads the whole table to find none of none
        return {}
    sql = (
        "SELECT sources.name, articles.language FROM articles LEFT JOIN sources ON sources.id = articles.source_id"
        f" WHERE articles.id IN ({','.join(map(str, ids))})"
    )
    rows = conn.execute(sql).fetchall()
    names = ("source", "lang")
    counts = {name: Counter(row[place] for row in rows if row[place]) for place, name in enumerate(names)}
    return {name: count.most_common(12) for name, count in counts.items() if count}


def _newest(conn: sqlite3.Connection, asked: Asked, limit: int, public: str = "1") -> list[sqlite3.Row]:
    """From an index alone, read backwards until there are enough; an author's from the one that has names."""
    where, params = _where(asked)
    index = "articles_facts" if asked.author else "articles_latest"
    sql = (
        f"WITH some AS MATERIALIZED (SELECT id FROM articles INDEXED BY {index} WHERE {where} AND {public}"
        " ORDER BY coalesce(published_at, first_seen_at) DESC, id DESC LIMIT :limit)"
        f" SELECT {FACTS}, NULL AS found FROM some CROSS JOIN articles ON articles.id = some.id"
        " LEFT JOIN sources ON sources.id = articles.source_id ORDER BY at DESC, articles.id DESC"
    )
    return conn.execute(sql, {**params, "limit": limit}).fetchall()


def _where(asked: Asked) -> tuple[str, dict[str, Any]]:
    """The filters as a condition on articles, those of `scrape search`."""
    if _RANKING is not None:
        where, params = Filters(asked.source, asked.since, asked.until, asked.lang, asked.author).sql()
        return where, dict(params)
    known = {
        "source": "articles.source_id = (SELECT id FROM sources WHERE name = :source)",
        "since": "coalesce(articles.published_at, articles.first_seen_at) >= :since",
        # '~' sorts behind every instant of the day.
        "until": "coalesce(articles.published_at, articles.first_seen_at) <= :until || '~'",
        "lang": "(articles.language = :lang OR articles.language LIKE :lang || '-%')",
        "author": "EXISTS (SELECT 1 FROM json_each(articles.authors) WHERE value LIKE '%' || :author || '%')",
    }
    used = {name: getattr(asked, name) for name in known if getattr(asked, name)}
    return " AND ".join(known[name] for name in used) or "1", used
