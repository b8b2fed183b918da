"""How many articles there are in each of some spans of time, by source or by language; answered by an index alone."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sqlite_utils import Database

from scraper.store.search import Filters

_WHEN = "coalesce(articles.published_at, articles.first_seen_at)"
_DAY = 10  # characters


class Per(StrEnum):
    """What is counted by itself."""

    SOURCE = "source"
    LANGUAGE = "lang"


_COLUMNS = {Per.SOURCE: "articles.source_id", Per.LANGUAGE: "articles.language"}


@dataclass(frozen=True, slots=True)
class Count:
    """``place``: of which span. ``name``: a source's or a language's; None: of no source, or in none that was told."""

    place: int
    name: str | None
    articles: int


def counts(db: Database, filters: Filters, per: Per, edges: Sequence[str]) -> list[Count]:
    """All that the filters let through, span by span: each begins at one of the ``edges`` and ends before the next.

    Edges are the beginnings of instants (``2026-11``, ``2026-11-23``, ``2026-11-23T20``); where they are hours, what
    only has a day is not counted.
    """
    where, params = filters.sql()
    if len(edges[0]) > _DAY:
        where += f" AND length({_WHEN}) > {_DAY}"
    column = _COLUMNS[per]
    if filters.author:  # whom one index alone has, and not in the order of time; few articles are one author's
        rows = db.conn.execute(
            f"SELECT {_WHEN}, {column} FROM articles INDEXED BY articles_facts WHERE {where}", params
        )
        found = Counter((bisect(edges, row[0]) - 1, row[1]) for row in rows)
    else:
        # A query for each: to sort a million articles by span takes ten times as long.
        sql = (
            f"SELECT {column}, count(*) FROM articles INDEXED BY articles_latest"
            f" WHERE {_WHEN} >= :begin AND {_WHEN} < :end AND {where} GROUP BY 1"
        )
        spans = enumerate(pairwise(edges))
        found = Counter(
            {
                (place, name): many
                for place, (begin, end) in spans
                for name, many in db.conn.execute(sql, {**params, "begin": begin, "end": end})
            }
        )
    names = dict(db.conn.execute("SELECT id, name FROM sources").fetchall()) if per is Per.SOURCE else {}
    return [
        Count(place, names.get(name, name), many)
        for (place, name), many in sorted(found.items(), key=lambda item: item[0][0])
        if 0 <= place < len(edges) - 1
    ]


def latest_at(db: Database, filters: Filters) -> str | None:
    """When the latest article was published that the filters let through; None: there is none.

    What stands there and is no day of the calendar (rows that others wrote) does not count.
    """
    where, params = filters.sql()
    where += f" AND date({_WHEN}, '+0 days') = substr({_WHEN}, 1, {_DAY}) AND {_WHEN} > '0001'"
    index = "articles_facts" if filters.author else "articles_latest"
    sql = f"SELECT {_WHEN} FROM articles INDEXED BY {index} WHERE {where} ORDER BY {_WHEN} DESC LIMIT 1"
    row = db.conn.execute(sql, params).fetchone()
    return None if row is None else str(row[0])
