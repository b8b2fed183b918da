"""What newer rules make of the pages of stored articles: the table reparses of news.db, and writing what stands there.

The page that gave an article its present text is found by its time: a page and what came of it are stored under the
same second. Where a 304 stood in for the page, or the page of that second is not kept any more, it is the latest one
before; where there is none, the first one after, by which the article was seen to be as it was.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from scraper.dedupe.renewal import RENEWED, REPARSED, Renewal, Verdict
from scraper.model import Kind
from scraper.store.articles import Articles
from scraper.store.opening import storable, translated
from scraper.store.search import Filters

_CHUNK = 500  # rows a query: no reader's snapshot is held for longer


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are read again: all that have a page, or fewer.

    ``rule`` is a name in the evidence, for any field (``jsonld:headline``) or for one (``title=jsonld:*``).
    """

    filters: Filters = field(default_factory=Filters)
    rule: str = ""
    ids: tuple[int, ...] = ()

    def sql(self) -> tuple[str, dict[str, str]]:
        """A condition on the table articles, with its parameters."""
        where, params = self.filters.sql()
        if self.rule:
            name, _, rule = self.rule.rpartition("=")
            where += " AND EXISTS (SELECT 1 FROM json_each(articles.evidence) WHERE value GLOB :rule"
            where += " AND key = :field)" if name else ")"
            params = {**params, "rule": storable(rule), "field": storable(name)}
        if self.ids:
            where += f" AND articles.id IN ({','.join(map(str, self.ids))})"
        return where, params


@dataclass(frozen=True, slots=True)
class Standing:
    """How an article stands: what read it, and what was read of it since, if its text did not change meanwhile.

    ``page_id`` is the page that its text is from, ``page_url`` where that came from; 0: none is kept.
    """

    id: int
    source: str | None
    extractor: str
    revision: int
    read_by: str | None
    page_id: int = 0
    page_url: str = ""
    page_fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a page that was read again says, beside what is stored: columns of articles, and those that change."""

    id: int
    url: str
    extractor: str
    verdict: Verdict
    detail: str
    page_fetched_at: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]


class Reparses:
    """The table reparses of news.db."""

    def __init__(self, news: Database, pages: Database, pages_path: Path) -> None:
        self._news = news
        self._pages = pages
        self._pages_path = pages_path
        self._articles = Articles(news)

    def standings(self, selection: Selection) -> Iterator[Standing]:
        """How the articles of a selection stand, by id. Clippings have no page, and are none of them."""
        where, params = selection.sql()
        sql = (
            "SELECT articles.id, articles.url_key, articles.extractor, articles.revision, articles.fetched_at,"
            " sources.name AS source, reparses.extractor AS read_by, coalesce((SELECT max(replaced_at) FROM revisions"
            f" WHERE article_id = articles.id AND reason <> '{REPARSED}'), articles.first_seen_at) AS text_at"
            " FROM articles LEFT JOIN sources ON sources.id = articles.source_id LEFT JOIN reparses"
            " ON reparses.article_id = articles.id AND reparses.revision = articles.revision"
            f" WHERE articles.id > :last AND articles.kind <> '{Kind.CLIPPING}' AND {where}"
            f" ORDER BY articles.id LIMIT {_CHUNK}"
        )
        last = 0
        while rows := self._news.conn.execute(sql, {**params, "last": last}).fetchall():
            for row in rows:
                page = self._page_of(row)
                last = row["id"]
                standing = (row["id"], row["source"], row["extractor"], row["revision"], row["read_by"])
                yield Standing(*standing, *(page or ()))

    def put(self, standing: Standing, extractor: str, renewal: Renewal) -> None:
        """Keep what an article's page says now, in place of what was read of it before."""
        record = None
        if renewal.new is not None:
            record = json.dumps(self._articles.columns(renewal.new, renewal.names), ensure_ascii=False)
        self._news.conn.execute(
            "INSERT OR REPLACE INTO reparses"
            " (article_id, revision, extractor, page_fetched_at, verdict, detail, record)"
            " SELECT id, revision, ?, ?, ?, ?, ? FROM articles WHERE id = ? AND revision = ?",
            (extractor, standing.page_fetched_at, renewal.verdict.value, storable(renewal.detail), record,
             standing.id, standing.revision),
        )  # fmt: skip

    def found(self, ids: Sequence[int]) -> Iterator[Found]:
        """What was read of these articles, in the order of the ids."""
        for article_id in ids:
            row = self._row(article_id)
            if row is not None:
                yield self._found(row)

    def apply(self, article_id: int, now: str) -> Collection[str]:
        """Write what was read of an article, inside the caller's transaction. Returns the columns that changed.

        What is refused stays noted, so that it is not read again.
        """
        row = self._row(article_id)
        if row is None or row["verdict"] not in (Verdict.SAME, Verdict.CHANGED):
            return ()
        new = json.loads(row["record"]) if row["record"] else {}
        self._articles.renew(article_id, {**new, "extractor": row["read_by"]}, now)
        self._news.conn.execute("DELETE FROM reparses WHERE article_id = ?", (article_id,))
        return tuple(new)

    def _row(self, article_id: int) -> Any:
        """What was read of an article, with the article, unless that has changed since."""
        return self._news.conn.execute(
            "SELECT articles.*, reparses.extractor AS read_by, reparses.page_fetched_at, verdict, detail, record"
            " FROM reparses JOIN articles ON articles.id = article_id AND articles.revision = reparses.revision"
            " WHERE article_id = ?",
            (article_id,),
        ).fetchone()

    def _found(self, row: Any) -> Found:
        record = json.loads(row["record"]) if row["record"] else {}
        new = {name: record[name] for name in RENEWED if name in record}
        verdict = Verdict(row["verdict"])
        names = (row["id"], row["url"], row["read_by"], verdict, row["detail"], row["page_fetched_at"])
        return Found(*names, old={name: row[name] for name in new}, new=new)

    def _page_of(self, row: Any) -> tuple[int, str, str] | None:
        """The page that an article's text is from: its id, where it came from and when."""
        aliases = self._news.conn.execute("SELECT url_key FROM aliases WHERE article_id = ?", (row["id"],))
        # Pages are kept under the plain key, without the number that a migration put behind it where two had one.
        keys = sorted({row["url_key"].removesuffix(f"#{row['id']}"), *(alias["url_key"] for alias in aliases)})
        marks = ",".join("?" * len(keys))
        sql = (
            "SELECT id, final_url, fetched_at FROM pages WHERE +status = 200"
            f" AND (url_key IN ({marks}) OR final_url_key IN ({marks})) AND "
        )
        text_at = row["text_at"]
        with translated(self._pages_path):
            run = self._pages.conn.execute
            # Each + keeps SQLite to the indexes of keys: all pages have the status 200.
            before = "+fetched_at <= ? ORDER BY fetched_at DESC, id DESC LIMIT 1"
            after = "+fetched_at > ? AND +fetched_at <= ? ORDER BY fetched_at, id LIMIT 1"
            found = run(sql + before, (*keys, *keys, text_at)).fetchone()
            found = found or run(sql + after, (*keys, *keys, text_at, row["fetched_at"])).fetchone()
        return (found["id"], found["final_url"], found["fetched_at"]) if found is not None else None
