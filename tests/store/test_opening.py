from __future__ import annotations

import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from scraper.errors import DatabaseDamaged, ForeignDatabase, StorageFull, StoreError
from scraper.store import Filters, Store, migrations
from tests.store.samples import BASE, LATER, NOW, article, attempt, finish, rows, run_sql, save, source, start

NEWS = [
    "m001_first_tables", "m002_fetching", "m003_rhythm", "m004_revisits", "m005_backfills", "m006_links", "m007_ttl",
    "m008_events", "m009_at_a_glance", "m010_words", "m011_stories", "m012_revisions", "m013_identity", "m014_reparses",
    "m015_index", "m016_filters", "m017_erased",
]  # fmt: skip
PAGES = ["p001_first_tables", "p002_login", "p003_at_a_glance", "p004_retention", "p006_identity"]
"""Every migration that was ever released, in its order. This only grows."""

OPEN = """
import sys
from scraper.store import Store
sys.stdin.read(1) if len(sys.argv) > 2 else None
with Store(sys.argv[1]) as store:
    print(store.articles.count(), store.archive.count())
"""


def test_migrations_only_append() -> None:
    for kept, pinned in ((migrations.news, NEWS), (migrations.pages, PAGES)):
        assert [migration.name for migration in kept._migrations] == pinned  # noqa: SLF001


def test_migrations_are_applied_once(folder: Path) -> None:
    for _ in range(3):
        Store(folder).close()
    query = "SELECT migration_set, name FROM _sqlite_migrations ORDER BY id"
    assert rows(folder / "news.db", query) == [("news", name) for name in NEWS]
    assert rows(folder / "pages.db", query) == [("pages", name) for name in PAGES]


@pytest.mark.parametrize("round_", [0, *(pytest.param(later, marks=pytest.mark.soak) for later in range(1, 20))])
def test_eight_processes_open_a_fresh_folder_at_once(folder: Path, round_: int) -> None:
    assert finish(*(start(OPEN, folder) for _ in range(8))) == ["0 0\n"] * 8, round_
    assert rows(folder / "news.db", "SELECT count(*) FROM _sqlite_migrations") == [(len(NEWS),)]


@pytest.mark.parametrize("name", ["news.db", "pages.db"])
def test_every_column_that_may_be_null_says_what_that_means(folder: Path, name: str) -> None:
    Store(folder).close()
    for table, sql in rows(folder / name, "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql <> ''"):
        if table.startswith(("_", "sqlite_", "articles_fts")):
            continue
        commented = set(re.findall(r"^\s*(\w+) .*-- (?:NULL: )\S", sql, re.MULTILINE))
        commented |= set(re.findall(r", (\w+) \w+(?: REFERENCES \S+)? /\* NULL: \S", sql))
        columns = rows(folder / name, 'SELECT name, "notnull", pk FROM pragma_table_info(?)', [table])
        assert {column for column, not_null, key in columns if not not_null and not key} == commented, table


@pytest.mark.parametrize(("name", "id_"), [("news.db", 0x4E455753), ("pages.db", 0x50414745)])
def test_files_are_ours_and_in_wal(folder: Path, name: str, id_: int) -> None:
    with Store(folder) as store:
        database = store._news if name == "news.db" else store._pages  # noqa: SLF001 - settings of a connection
        settings = {
            pragma: database.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "application_id")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "application_id": id_
    }  # fmt: skip
    assert (folder / name).read_bytes()[68:72] == id_.to_bytes(4, "big")


def _foreign(path: Path) -> None:
    run_sql(path, "CREATE TABLE notes (text)")


def _newer(path: Path) -> None:
    ours = path.parent / "made"
    Store(ours).close()
    shutil.copy(ours / path.name, path)
    kind = path.stem
    run_sql(path, f"INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('{kind}', 'z999', '')")


def _other(path: Path) -> None:
    """The right program's file under the wrong name."""
    ours = path.parent / "made"
    Store(ours).close()
    shutil.copy(ours / ("pages.db" if path.name == "news.db" else "news.db"), path)


@pytest.mark.parametrize("readonly", [False, True], ids=["writing", "reading"])
@pytest.mark.parametrize("name", ["news.db", "pages.db"])
@pytest.mark.parametrize(
    "make",
    [
        _foreign,
        _newer,
        _other,
        lambda path: path.write_text("Shopping list\n" * 20),
        lambda path: path.write_bytes(b"SQLite format 3\0"),
        lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(200)),
        lambda path: path.mkdir(),
    ],
    ids=["another program's", "newer", "the other one", "text", "truncated header", "zeros", "folder"],
)
def test_other_files_are_refused_untouched(
    folder: Path, make: Callable[[Path], object], name: str, readonly: bool
) -> None:
    if name == "pages.db" or readonly:
        Store(folder).close()
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ForeignDatabase, match=re.escape(str(path))):
        Store(folder, readonly=readonly)
    assert (path.read_bytes() if path.is_file() else None) == before
    if make is not _newer:  # of which the list of migrations is read, and SQLite leaves an empty log beside it
        assert not list(folder.glob(f"{name}-*"))


def test_an_empty_file_becomes_ours(folder: Path) -> None:
    folder.mkdir()
    (folder / "news.db").touch()
    with pytest.raises(StoreError, match="never finished"):
        Store(folder, readonly=True)
    with Store(folder) as store:
        assert store.articles.count() == 0


def test_nothing_to_read_is_said(folder: Path) -> None:
    with pytest.raises(StoreError, match="nothing was stored yet"):
        Store(folder, readonly=True)
    assert not folder.exists()


def test_the_news_alone_is_enough_to_read(folder: Path) -> None:
    with Store(folder) as store:
        save(store, BASE)
    (folder / "pages.db").unlink()
    with Store(folder, readonly=True) as store:
        assert store.get(BASE.url).article == BASE
        assert store.search("ship")
        assert list(store.archive.of(["news.example/2026/11/harbour"])) == []
        assert store.glance(NOW).pages == 0
    assert not (folder / "pages.db").exists()


def test_readers_write_nothing(folder: Path) -> None:
    Store(folder).close()
    with Store(folder, readonly=True) as store, pytest.raises(StoreError):
        save(store, BASE)
    with Store(folder) as store:
        assert store.articles.count() == 0


def test_a_folder_below_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFull):
        Store(tmp_path / "file" / "storage")


def test_a_kill_while_the_file_is_made_leaves_something_to_go_on_with(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as conn:
        conn.execute("PRAGMA application_id = 0x4E455753")  # so far, and then killed
    with Store(folder) as store:
        assert save(store, BASE).article_id == 1


def _filled(folder: Path) -> None:
    with Store(folder) as store:
        with store.transaction():
            store.frontier.sync_sources([source("a"), source("b")], "2026-11-23T10:00:00Z")
        for number in range(30):
            text = f"Ship number {number} came in with its load. " * 40
            save(store, article(url=f"https://news.example/{number}", title=f"Ship {number}", body=text), source="a")
            store.note(attempt(url=f"https://news.example/{number}", article_id=number + 1))
        store.scrub()


def _use(folder: Path) -> None:
    """Read everything, and write something of each kind."""
    with Store(folder, readonly=True) as store:
        store.glance(NOW)
        store.search("ship")
        store.search("", Filters(author="x", language="en", source="a"))
        for stored in store.export():
            list(store.archive.of([stored.url_key]))
    with Store(folder) as store:
        for number in range(0, 40, 3):
            url = f"https://news.example/{number}"
            save(store, article(url=url, title=f"Ship {number}", body="It left again."), at=LATER)
            store.note(attempt(url=url))
        with store.transaction():
            store.frontier.due_sources("2027")
            store.frontier.due_entries("2027", [], 10, 10)
            store.attempts.problems_since("2026")
            store.hosts.get("news.example")
        store.forget("https://news.example/3", NOW)
        store.scrub()


@pytest.mark.parametrize("name", ["news.db", "pages.db"])
@pytest.mark.parametrize("turns", [8, pytest.param(120, marks=pytest.mark.soak)])
@pytest.mark.faults
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, name: str, turns: int) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "storage"
    _filled(whole)
    rng = random.Random(f"2026 {name}")  # noqa: S311 - the same damage every time
    said = 0
    for turn in range(turns):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        data = bytearray((folder / name).read_bytes())
        for _ in range(rng.choice([1, 8, 64])):
            # Behind the header: a file with another header is another program's.
            data[rng.randrange(100, len(data))] = rng.randrange(256)
        if turn % 6 == 5:
            del data[rng.randrange(100, len(data)) :]
        (folder / name).write_bytes(data)
        try:
            _use(folder)
        except StoreError as error:
            said += isinstance(error, DatabaseDamaged)
    assert said > turns / 12


def test_text_that_is_no_utf8_is_damage(folder: Path) -> None:
    with Store(folder) as store:
        save(store, BASE)
    run_sql(folder / "news.db", "UPDATE articles SET summary = CAST(x'ff' AS TEXT)")
    with Store(folder) as store, pytest.raises(DatabaseDamaged, match="UTF-8"):
        store.get(1)


@pytest.mark.parametrize("column", ["authors", "kind", "evidence", "published_zone"])
def test_values_that_mean_nothing_are_damage(folder: Path, column: str) -> None:
    with Store(folder) as store:
        save(store, BASE)
    run_sql(folder / "news.db", f"UPDATE articles SET {column} = 'x['")
    with Store(folder) as store, pytest.raises(DatabaseDamaged):
        store.get(1)


def test_a_page_that_cannot_be_unpacked_is_damage(folder: Path) -> None:
    with Store(folder) as store:
        save(store, BASE)
    run_sql(folder / "pages.db", "UPDATE bodies SET zstd = x'00'")
    with Store(folder) as store, pytest.raises(DatabaseDamaged, match=re.escape("pages.db")):
        list(store.archive.of(["news.example/2026/11/harbour"]))


def test_the_file_in_trouble_is_named(folder: Path) -> None:
    Store(folder).close()
    run_sql(folder / "pages.db", "DROP TABLE bodies")
    with Store(folder) as store, pytest.raises(StoreError, match=re.escape("pages.db")):
        save(store, BASE)
    run_sql(folder / "news.db", "DROP TABLE forgotten")
    with Store(folder) as store, pytest.raises(StoreError, match=re.escape("news.db")):
        save(store, BASE)
