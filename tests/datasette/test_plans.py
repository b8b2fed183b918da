"""No page reads a whole table: each statement of the reader's pages, and how SQLite would carry it out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from reading import health, latest, record, searching
from reading.asked import Asked

from tests.datasette.archive import fill

NOW = datetime.now(UTC)
UNTIL = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
TODAY = NOW.date()
# Small tables, and what stands in for tables: json_each, subqueries, the index itself.
_SMALL = {"sources", "alarms", "some", "json_each", "articles_fts", "pragma_function_list"}
_BOUNDED = ("FROM some", "FROM daily", "articles.story_id = ", "articles.id IN (", "FROM alarms", "articles_fts MATCH")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("home") / "storage"
    fill(folder)
    with closing(sqlite3.connect(folder / "news.db")) as db:
        db.row_factory = sqlite3.Row
        db.create_function("escape_fts", 1, lambda text: f'"{text}"')
        yield db


def feed(conn: sqlite3.Connection, asked: Asked) -> Any:
    return searching.feed(conn, asked, 50, with_login=False)


def folded(conn: sqlite3.Connection) -> Any:
    return latest.folded(conn, latest.newest(conn, UNTIL, 90), 30)


LOOKS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (folded, ()),
    (latest.newest, (UNTIL, 90, 1)),
    (health.sources, (TODAY,)),
    (health.sources, (TODAY, "one")),
    (health.stored_by_day, (TODAY - timedelta(days=30),)),
    (health.stored_by_day, (TODAY - timedelta(days=30), 1)),
    (health.troubles, (TODAY,)),
    (health.troubles, (TODAY, 1)),
    (record.record, (1,)),
    (record.record, (2,)),
    (record.versions, (1, (1, 2))),
    (searching.search, (Asked(),)),
    (searching.search, (Asked(source="one"),)),
    (searching.search, (Asked("talks"),)),
    (searching.search, (Asked("talks", source="one", since="2020-01-01", lang="en", author="ann"),)),
    (feed, (Asked(),)),
    (feed, (Asked(source="one"),)),
    (feed, (Asked("talks"),)),
    (feed, (Asked("nowhere"),)),
    (feed, (Asked(author="nobody"),)),
]


def plans(news: sqlite3.Connection, look: Callable[..., Any], *given: Any) -> list[tuple[str, list[str]]]:
    """The statements that a look takes, each with the steps in which it would be carried out."""
    ran: list[str] = []
    news.set_trace_callback(ran.append)
    try:
        look(news, *given)
    finally:
        news.set_trace_callback(None)
    # Those that name 'main' are the search index's own.
    statements = [sql for sql in ran if re.match(r"\s*(SELECT|WITH)", sql) and "'main'" not in sql]
    assert statements
    return [(sql, [row["detail"] for row in news.execute(f"EXPLAIN QUERY PLAN {sql}")]) for sql in statements]


@pytest.mark.parametrize(("look", "given"), LOOKS)
def test_no_table_that_grows_is_read_from_end_to_end(
    news: sqlite3.Connection, look: Callable[..., Any], given: tuple[Any, ...]
) -> None:
    for sql, plan in plans(news, look, *given):
        # Reading an index in its order, to stop at the limit, is no scan of the table.
        scans = [step for step in plan if step.startswith("SCAN ") and "USING" not in step and "subquery" not in step]
        assert [step for step in scans if step.split()[1] not in _SMALL] == [], sql
        # Sorting is for what a limit has cut down, for a few days of totals, and for what words have found.
        assert not any("ORDER BY" in step for step in plan) or any(word in sql for word in _BOUNDED), (sql, plan)


@pytest.mark.parametrize(
    ("look", "asked", "index"),
    [
        (searching.search, Asked(author="ann"), "COVERING INDEX articles_facts"),
        (searching.search, Asked(lang="en"), "INDEX articles_latest"),
        (feed, Asked(author="ann"), "COVERING INDEX articles_facts"),
        (feed, Asked("talks", author="ann"), "COVERING INDEX articles_facts (id=?)"),
    ],
)
def test_what_is_narrowed_is_looked_up_in_an_index_and_not_in_the_articles(
    news: sqlite3.Connection, look: Callable[..., Any], asked: Asked, index: str
) -> None:
    # Of a million articles the rows are gigabytes, and a rare name is in few of them.
    _, first = plans(news, look, asked)[0]
    assert any(index in step for step in first), first


def test_a_feed_of_nothing_reads_no_articles(news: sqlite3.Connection) -> None:
    (_, only), *more = plans(news, feed, Asked("nowhere"))
    assert any("articles_fts" in step for step in only)
    assert more == []
