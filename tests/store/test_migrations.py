"""Every older schema, with rows in every table that it had, is brought up to this one; also after a kill."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Migrations

from scraper.errors import StoreError
from scraper.store import Store, migrations
from scraper.store.opening import open_database
from scraper.store.search import index_new
from tests.store.samples import finish, rows, start

SETS = {
    "news.db": (migrations.news, migrations.NEWS_ID),
    "pages.db": (migrations.pages, migrations.PAGES_ID),
}
NAMES = {name: [each.name for each in kept._migrations] for name, (kept, _) in SETS.items()}  # noqa: SLF001 - no public list
ROWS = 3
SAMPLES: dict[str, Any] = {
    "kind": "article",
    "story_id": 1,
    "published_zone": "given",
    "authors": '["Ann Other"]',
    "tags": '["harbour"]',
    "evidence": '{"title": "dom:h1"}',
    "rhythm": None,
    "data": "{}",
    "redirects": "[]",
    "headers": "[]",
    "request_headers": "[]",
    "status": 200,
    "record": None,
    "verdict": "same",
    "title": "The lighthouse of the harbour",
    "body": "The lighthouse was lit again.",
    "title_words": "the lighthouse of the harbour",
    "body_words": "the lighthouse was lit again",
}
"""What a column of that name holds; any other holds something of its type."""


def old_files(folder: Path, news: int, pages: int) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Both files as they were with so many migrations, with rows in every table. Returns all that they hold."""
    folder.mkdir()
    held = {}
    for name, count in (("news.db", news), ("pages.db", pages)):
        kept, application_id = SETS[name]
        old = Migrations(name.removesuffix(".db"))
        for each in kept._migrations[:count]:  # noqa: SLF001 - no public list
            old(name=each.name)(each.fn)
        open_database(folder / name, application_id, old, 5).close()
        with closing(sqlite3.connect(folder / name, isolation_level=None)) as conn:
            for table in tables(conn):
                fill(conn, table)
            if name == "news.db" and news > NAMES[name].index("m015_index"):
                index_new(conn)  # as the store does at the end of a transaction; before, triggers did
        held[name] = contents(folder / name)
    return held


def tables(conn: sqlite3.Connection) -> list[str]:
    """The tables that a migration made, but no search index, which is filled of itself."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    shadows = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")]
    found = (name for (name,) in conn.execute(f"{sql} ORDER BY name"))
    return [name for name in found if not name.startswith(("_", "sqlite_", *(f"{shadow}_" for shadow in shadows)))]


def fill(conn: sqlite3.Connection, table: str) -> None:
    """Rows that refer to each other by number; every column that may be empty is so in one of them."""
    keys = {column for (column,) in conn.execute(f"SELECT [from] FROM pragma_foreign_key_list('{table}')")}
    for number in range(1, ROWS + 1):
        row = {}
        for _, column, kind, needed, _, key in conn.execute(f"PRAGMA table_info([{table}])").fetchall():
            empty = number == 2 and not needed and not key
            row[column] = None if empty else sample(table, column, kind, number, refers=column in keys)
        marks = ", ".join("?" * len(row))
        conn.execute(f"INSERT INTO [{table}] ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))


def sample(table: str, column: str, kind: str, number: int, *, refers: bool) -> Any:
    if column in {"hash", "body_hash"}:
        return f"{number:064}"
    if refers or column == "id" or kind == "INTEGER":
        return SAMPLES.get(column, number)
    if column in SAMPLES:
        return SAMPLES[column]
    if column.endswith(("url", "url_key")):
        return f"{'' if column.endswith('key') else 'https://'}news.example/{table}/{number}"
    if column.endswith(("_at", "_due", "_until")) or column in {"at", "since"}:
        return f"2026-11-0{number}T10:00:00Z"
    return {"TEXT": f"{column} {number}", "REAL": number / 2, "BLOB": b"x"}[kind]


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(sqlite3.connect(path)) as conn:
        conn.row_factory = sqlite3.Row
        return {name: [dict(row) for row in conn.execute(f"SELECT * FROM [{name}]")] for name in tables(conn)}


def check_current(folder: Path, held: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
    """Everything that was held is there, in a database that is sound."""
    for name, before in held.items():
        after = contents(folder / name)
        for table, were in before.items():
            for row in were:
                if table == "stories" and row["id"] > 1:
                    continue  # of no two articles: m011 takes such for none
                assert any(row.items() <= now.items() for now in after[table]), (table, row)
        assert rows(folder / name, "PRAGMA integrity_check") == [("ok",)]
        assert rows(folder / name, "PRAGMA foreign_key_check") == []
        applied = rows(folder / name, "SELECT name FROM _sqlite_migrations ORDER BY id")
        assert [each for (each,) in applied] == NAMES[name]
    with Store(folder) as store:
        assert {hit.id for hit in store.search("lighthouse")} == {1, 2, 3}
        assert [stored.id for stored in store.export()] == [1, 2, 3]
        with store.transaction():  # raises where index and articles differ
            store._news.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")  # noqa: SLF001


@pytest.mark.parametrize("count", range(1, len(NAMES["news.db"]) + 1), ids=NAMES["news.db"])
def test_news_of_every_age_are_brought_up_with_all_their_rows(tmp_path: Path, count: int) -> None:
    held = old_files(tmp_path / "storage", count, 1)
    assert all(len(rows_) >= ROWS for rows_ in held["news.db"].values())
    with Store(tmp_path / "storage"):
        pass
    check_current(tmp_path / "storage", held)


@pytest.mark.parametrize("count", range(1, len(NAMES["pages.db"]) + 1), ids=NAMES["pages.db"])
def test_pages_of_every_age_are_brought_up_with_all_their_rows(tmp_path: Path, count: int) -> None:
    held = old_files(tmp_path / "storage", 1, count)
    with Store(tmp_path / "storage"):
        pass
    check_current(tmp_path / "storage", held)


def test_an_older_file_is_not_brought_up_by_who_only_reads(tmp_path: Path) -> None:
    old_files(tmp_path / "storage", 1, 1)
    with pytest.raises(StoreError, match="older version"):
        Store(tmp_path / "storage", readonly=True)


KILLED = """
import os, shutil, sqlite3, sys
from pathlib import Path
from scraper.store import Store

seen, last = 0, 0

class Dying(sqlite3.Connection):
    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.set_trace_callback(count)

def count(statement):  # what only reads leaves nothing half done
    global seen
    seen += statement.split()[0].upper() not in ("SELECT", "PRAGMA", "--")
    if seen == last:
        os._exit(9)

connect = sqlite3.connect
code = 9
while code == 9:
    last += 6
    folder = Path(sys.argv[1]).with_name(f"killed-{last}")
    shutil.copytree(sys.argv[1], folder)
    child = os.fork()
    if not child:
        sqlite3.connect = lambda *given, **more: connect(*given, factory=Dying, **more)
        Store(folder)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(last, code)
"""


@pytest.mark.faults
def test_a_kill_in_the_middle_leaves_the_old_schema_whole_and_the_next_start_goes_on(tmp_path: Path) -> None:
    held = old_files(tmp_path / "storage", 1, 1)
    statements, code = finish(start(KILLED, tmp_path / "storage"))[0].split()
    assert (int(statements) > 30, code) == (True, "0")
    for last in range(6, int(statements), 6):
        killed = tmp_path / f"killed-{last}"
        for name in SETS:
            applied = rows(killed / name, "SELECT name FROM _sqlite_migrations ORDER BY id")
            assert [each for (each,) in applied] in (NAMES[name][:1], NAMES[name])  # all of them, or none
            if len(applied) == 1:
                assert contents(killed / name) == held[name]
        Store(killed).close()
        check_current(killed, held)
        shutil.rmtree(killed)
