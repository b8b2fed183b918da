from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from scraper.errors import DatabaseBusy, StoreError
from scraper.store import Store
from tests.store.samples import BASE, article, finish, rows, run_sql, save, start

WRITE = """
import sys
from tests.store.samples import article, save
from scraper.store import Store
with Store(sys.argv[1]) as store:
    for number in range(50):
        url = f"https://site{sys.argv[2]}.example/{number}"
        save(store, article(url=url, title=f"Of {sys.argv[2]}", body=f"{number} {sys.argv[2]}"))
        # The same one from everybody: read, then written.
        save(store, article(url="https://all.example/", body=f"{number} {sys.argv[2]}"))
print("done")
"""

KILLED = """
import os, signal, sys
from tests.store.samples import article, page, save
from scraper.store import Store
with Store(sys.argv[1]) as store:
    for number in range(10):
        save(store, article(url=f"https://news.example/{number}", body=str(number)))
    with store.transaction():
        save(store, article(url="https://news.example/lost", body="lost"))
        os.kill(os.getpid(), signal.SIGKILL)
"""

FULL = """
import resource, sys
from pathlib import Path
from tests.store.samples import article, save
from scraper.errors import StorageFull
from scraper.store import Store
with Store(sys.argv[1]) as store:
    save(store, article())
    # No file may grow past this: what a full disk does, without one.
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    stored = 1
    try:
        for number in range(100):
            save(store, article(url=f"https://news.example/{number}", body=f"{number} " * 5000))
            stored += 1
    except StorageFull as error:
        print(stored, store.articles.count())
"""


@pytest.mark.faults
def test_four_processes_write_at_once_and_lose_nothing(folder: Path) -> None:
    Store(folder).close()
    assert finish(*(start(WRITE, folder, number) for number in range(4))) == ["done\n"] * 4
    counted = rows(folder / "news.db", "SELECT title, count(*) FROM articles GROUP BY title ORDER BY title")
    assert counted == [(BASE.title, 1), *((f"Of {number}", 50) for number in range(4))]
    assert rows(folder / "pages.db", "SELECT count(*) FROM pages") == [(400,)]
    revisions = rows(folder / "news.db", "SELECT revision FROM articles WHERE url = 'https://all.example/'")
    assert rows(folder / "news.db", "SELECT count(*) + 1 FROM revisions") == revisions
    assert rows(folder / "news.db", "PRAGMA integrity_check") == [("ok",)]


def test_kill_9_loses_only_what_was_not_committed(folder: Path) -> None:
    process = start(KILLED, folder)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == -9
    with Store(folder) as store:
        assert store.articles.count() == store.archive.count() == 10
        assert save(store, article(url="https://news.example/lost", body="lost")).article_id == 11


def test_a_full_disk_is_said_and_what_was_stored_stays(folder: Path) -> None:
    stored, counted = finish(start(FULL, folder))[0].split()
    assert stored == counted
    with Store(folder) as store:
        assert store.articles.count() == int(counted)
        for each in store.export():
            assert list(store.archive.of([each.url_key])), each.article.url
        assert save(store, article(url="https://news.example/after", body="after")).article_id


def test_pages_commit_before_the_news(folder: Path) -> None:
    with Store(folder) as store:
        save(store, BASE)
    # A deferred constraint is looked at when the transaction is committed, and not before.
    run_sql(folder / "news.db", "CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    run_sql(folder / "news.db", "CREATE TABLE child (id INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
    with Store(folder) as store:
        with pytest.raises(StoreError, match=r"news\.db"):
            _save_what_news_refuses(store)
        assert (store.articles.count(), store.archive.count()) == (1, 2)
        assert save(store, article(url="https://news.example/2", body="Another.")).article_id == 2
        assert (store.articles.count(), store.archive.count()) == (2, 3)


def _save_what_news_refuses(store: Store) -> None:
    with store.transaction():
        save(store, article(url="https://news.example/2", body="Another."))
        store._news.execute("INSERT INTO child VALUES (1)")  # noqa: SLF001 - so that its commit fails


def test_an_article_is_never_without_its_page(folder: Path) -> None:
    with Store(folder) as store:
        save(store, BASE)
    trigger = "CREATE TRIGGER no BEFORE INSERT ON pages BEGIN SELECT RAISE(ABORT, 'no page'); END"
    run_sql(folder / "pages.db", trigger)
    with Store(folder) as store:
        with pytest.raises(StoreError, match="no page"):
            save(store, article(url="https://news.example/2", body="Another."))
        assert (store.articles.count(), store.archive.count()) == (1, 1)


def test_a_part_that_fails_undoes_itself_alone(store: Store) -> None:
    with store.transaction():
        save(store, article(url="https://news.example/1", body="one"))
        with suppress(RuntimeError), store.transaction():
            save(store, article(url="https://news.example/2", body="two"))
            with store.transaction():
                save(store, article(url="https://news.example/3", body="three"))
            raise RuntimeError
        save(store, article(url="https://news.example/4", body="four"))
    assert [each.article.body for each in store.export()] == ["one", "four"]
    assert store.archive.count() == 2


def test_a_whole_that_fails_undoes_everything(store: Store) -> None:
    with suppress(RuntimeError), store.transaction():
        with store.transaction():
            save(store, BASE)
        raise RuntimeError
    assert store.articles.count() == store.archive.count() == 0
    assert save(store, BASE).article_id == 1


@pytest.mark.parametrize("name", ["news.db", "pages.db"])
def test_a_writer_that_does_not_end_is_said(folder: Path, name: str) -> None:
    with Store(folder, busy_timeout=0.05) as store, closing(sqlite3.connect(folder / name)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match=name):
            save(store, BASE)
        assert store.articles.count() == 0
        other.rollback()
        assert save(store, BASE).article_id == 1
