"""Full-text search over titles and bodies, and lists of the latest.

The one statement that searches is also Datasette's canned query `search`, and what feeds of searches ask; it takes two
functions of Python, which :func:`teach` makes known to a connection here, and storage/plugins/archive.py there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlite_utils import Database

from scraper.excerpt import excerpt
from scraper.model import day_or_instant
from scraper.query import parse
from scraper.store.opening import storable

_DAY = "coalesce(articles.published_at, articles.first_seen_at)"
_CONDITIONS = {
    "source": "articles.source_id = (select id from sources where name = :source)",
    "since": f"{_DAY} >= :since",
    # '~' sorts behind every instant of the day.
    "until": f"{_DAY} <= :until || '~'",
    "lang": "(lower(articles.language) = lower(:lang)"
    " or lower(substr(articles.language, 1, length(:lang) + 1)) = lower(:lang) || '-')",
    # What is in the text of the list may be in the midst of two names.
    "author": "(instr(lower(articles.authors), lower(:author)) and exists"
    " (select 1 from json_each(articles.authors) where instr(lower(value), lower(:author))))",
}
"""What each filter asks of a row of articles."""

_ASKED = " || ".join(f"coalesce(:{name}, '')" for name in _CONDITIONS)


def _ranking(*, public: bool) -> str:
    """The best matches, as a table of that name: ``id``, ``score``, ``in_title``. ``public``: of what took no login."""
    unasked = "" if public else f"{_ASKED} = '' or "
    allowed = "\n      ".join(
        [
            f"({unasked}exists (",
            "select 1 from articles indexed by articles_facts where articles.id = articles_fts.rowid",
            *(f"and (coalesce(:{name}, '') = '' or {condition})" for name, condition in _CONDITIONS.items()),
            *(["and not articles.login"] if public else []),
            "))",
        ]
    )
    return f"""\
-- The newest thousand matches are ranked. Where there are more, the newest with all of it in the title come before.
with wanted(rows) as (
  select min(max(cast(coalesce(nullif(:limit, ''), 100) as integer), 0), 100000)
), newest as materialized (
  select rowid as id, bm25(articles_fts, 5.0, 1.0) as score, 0 as in_title from articles_fts
  where articles_fts match escape_fts(:q)
    and {allowed}
  order by rowid desc limit (select max(rows, 1000) from wanted)
), titled as materialized (
  select rowid as id, 0.0 as score, 1 as in_title from articles_fts
  where articles_fts match '(' || escape_fts(:q) || ') AND title : (' || escape_fts(:q) || ')'
    and :sort <> 'newest' and (select count(*) from newest) = (select max(rows, 1000) from wanted)
    and {allowed}
  order by rowid desc limit (select rows from wanted)
), best as materialized (
  select id, min(iif(in_title, -id, score)) as score, max(in_title) as in_title
  from (select * from newest union all select * from titled)
  group by id
  order by iif(:sort = 'newest', -id, 0), in_title desc, score, id desc
  limit (select rows from wanted)
)"""


_SHOWN = f"""
select articles.id as article_id, articles.published_at as published, articles.title,
  excerpt(articles.body, :q) as found, articles.url, coalesce(sources.name, '') as source
from best join articles on articles.id = best.id left join sources on sources.id = articles.source_id
order by iif(:sort = 'newest', {_DAY}, '') desc,
  best.in_title desc, best.score, best.id desc"""

RANKING = _ranking(public=False)
"""What ranks, for a statement that shows the rows of ``best`` in a way of its own."""

SEARCH = RANKING + _SHOWN
_PUBLIC = _ranking(public=True) + _SHOWN


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles are asked for. ``since`` and ``until`` are days or instants, both included: what
    :func:`scraper.model.day_or_instant` takes. BadUsage for anything else, as the text would be compared as it is.

    ``public``: only those that it took no login to read.
    """

    source: str | None = None
    since: str | date | None = None
    until: str | date | None = None
    language: str | None = None
    author: str | None = None
    public: bool = False

    def __post_init__(self) -> None:
        for name, said in (("since", self.since), ("until", self.until)):
            if said:
                object.__setattr__(self, name, day_or_instant(name, said))

    @property
    def times(self) -> tuple[str, str]:
        """``since`` and ``until`` as the database writes them; empty where they are not asked."""
        return str(self.since or ""), str(self.until or "")

    def params(self) -> dict[str, str]:
        """What is asked, under the names that SQL has for it; what is not asked is empty."""
        asked = {"source": self.source, "lang": self.language, "author": self.author}
        times = dict(zip(("since", "until"), self.times, strict=True))
        return {**{name: storable(value or "") for name, value in asked.items()}, **times}

    @property
    def of_articles(self) -> bool:
        """Whether they ask for more than a time: for what only an article has."""
        return any((self.source, self.language, self.author))

    def sql(self) -> tuple[str, dict[str, str]]:
        """A condition on the table articles, with its parameters."""
        params = {name: value for name, value in self.params().items() if value}
        clauses = ["NOT articles.login" if self.public else "1", *(_CONDITIONS[name] for name in params)]
        return " AND ".join(clauses), params


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that a search found; ``snippet`` marks the words in ``[…]``."""

    id: int
    title: str
    url: str
    source: str | None
    published_at: str | None
    snippet: str


def teach(conn: sqlite3.Connection) -> None:
    """Make the functions known that SQL here calls."""
    conn.create_function("escape_fts", 1, lambda text: parse(str(text or "")).expression or '""', deterministic=True)
    conn.create_function("excerpt", 2, lambda text, query: excerpt(text or "", str(query or "")), deterministic=True)


def index_new(conn: sqlite3.Connection) -> None:
    """Index the articles that are not yet, at the end of the transaction that stored them: they are the last ones."""
    conn.execute(
        "INSERT INTO articles_fts (rowid, title, body) SELECT id, title, body FROM articles_fts_text"
        " WHERE id > (SELECT coalesce(max(id), 0) FROM articles_fts_docsize)"
    )


def search(db: Database, query: str, filters: Filters, limit: int, *, newest: bool) -> list[Hit]:
    """The best (or the newest) matches for a query, as :mod:`scraper.query` reads it; without one, the latest."""
    text = storable(query).replace("\0", " ").strip()
    if not text:
        return _latest(db, filters, limit)
    if not parse(text).expression:
        return []
    asked = {"q": text, "limit": limit, "sort": "newest" if newest else ""}
    return _hits(db, _PUBLIC if filters.public else SEARCH, {**filters.params(), **asked})


def _latest(db: Database, filters: Filters, limit: int) -> list[Hit]:
    where, params = filters.sql()
    # An author's are as soon found in the one index that has names: the whole of it is read, 120 MB a million.
    index = "articles_facts" if filters.author else "articles_latest"
    sql = (
        f"WITH latest AS MATERIALIZED (SELECT id FROM articles INDEXED BY {index} WHERE {where}"
        " ORDER BY coalesce(published_at, first_seen_at) DESC, id DESC LIMIT :limit)"
        " SELECT articles.id AS article_id, articles.published_at AS published, articles.title,"
        " articles.summary AS found, articles.url, sources.name AS source"
        " FROM latest JOIN articles ON articles.id = latest.id LEFT JOIN sources ON sources.id = articles.source_id"
        " ORDER BY coalesce(articles.published_at, articles.first_seen_at) DESC, articles.id DESC"
    )
    return _hits(db, sql, {**params, "limit": limit})


def _hits(db: Database, sql: str, params: Mapping[str, Any]) -> list[Hit]:
    return [
        Hit(
            row["article_id"],
            row["title"],
            row["url"],
            source=row["source"] or None,
            published_at=row["published"],
            snippet=row["found"] or "",
        )
        for row in db.conn.execute(sql, params)
    ]
