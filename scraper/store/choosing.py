"""Which articles an export holds: their numbers, known before the first of them is read."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from scraper.errors import DatabaseDamaged
from scraper.model import StoredArticle
from scraper.query import parse
from scraper.store.archive import Damaged
from scraper.store.articles import Articles
from scraper.store.opening import storable, translated
from scraper.store.search import Filters

_AT = "coalesce(published_at, first_seen_at)"


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked for: articles that the filters let through and in which a search (``query``) finds its words.

    ``kinds``: of one of these. ``limit``: so many, the latest.
    """

    filters: Filters = field(default_factory=Filters)
    query: str = ""
    kinds: tuple[str, ...] = ()
    limit: int | None = None

    def sql(self) -> tuple[str, dict[str, str | int]]:
        """A condition on the table articles, with its parameters."""
        where, params = self.filters.sql()
        named: dict[str, str | int] = {**params, **{f"kind{at}": kind for at, kind in enumerate(self.kinds)}}
        if self.kinds:
            where += f" AND kind IN ({', '.join(f':kind{at}' for at in range(len(self.kinds)))})"
        if self.query.strip():
            where += " AND articles.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH escape_fts(:q))"
            named["q"] = storable(self.query).replace("\0", " ")
        return where, named


def chosen(db: Database, selection: Selection, *, newest: bool) -> array[int]:
    """The numbers of the articles, from the first to the last stored, or from the latest to the oldest (``newest``)."""
    if selection.query.strip() and not parse(storable(selection.query)).expression:
        return array("q")
    where, params = selection.sql()
    order = f"{_AT} DESC, id DESC" if newest or selection.limit is not None else "id"
    params["limit"] = -1 if selection.limit is None else selection.limit
    rows = db.conn.execute(f"SELECT id FROM articles WHERE {where} ORDER BY {order} LIMIT :limit", params)
    ids = array("q", (row[0] for row in rows))
    return ids if newest or selection.limit is None else array("q", sorted(ids))


def last_updated(db: Database, selection: Selection) -> str | None:
    """When one of them last changed: was published, or had its text replaced; None where there are none."""
    if selection.query.strip() and not parse(storable(selection.query)).expression:
        return None
    where, params = selection.sql()
    params["limit"] = -1 if selection.limit is None else selection.limit
    published = "iif(length(published_at) = 10, published_at || 'T00:00:00Z', published_at)"
    revised = "(SELECT max(replaced_at) FROM revisions WHERE article_id = articles.id)"
    row = db.conn.execute(
        f"SELECT max(at) FROM (SELECT coalesce(max({revised}, {published}), {revised}, {published}, first_seen_at)"
        f" AS at FROM articles WHERE {where} ORDER BY {_AT} DESC, id DESC LIMIT :limit)",
        params,
    ).fetchone()
    return None if row[0] is None else str(row[0])


def each(articles: Articles, ids: array[int], damaged: Damaged, path: Path) -> Iterator[StoredArticle]:
    """Articles by their numbers, read as they are asked for; what went away meanwhile is left out, and ``damaged`` is
    told of each that cannot be read. No transaction is held open: who is slow to read keeps nobody's log from being
    emptied.
    """
    for number in ids:
        try:
            with translated(path):
                found = articles.by_id(number)
        except DatabaseDamaged as error:
            damaged(error)
            continue
        if found is not None:
            yield found
