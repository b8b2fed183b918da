"""Databases whose keys were folded by the release before: opened, and found again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from scraper.dedupe import url_key
from scraper.model import How
from scraper.store import Store, migrations, soundness
from scraper.store.opening import open_database
from scraper.store.reparses import Selection
from tests.store.samples import BASE, LATER, NOW, article, rows, save

AT = "2026-11-01T10:00:00Z"
SITE = "https://news.example"
EMPTY = hashlib.sha256(b"").hexdigest()
ADD_LINK = "INSERT INTO links (source_id, url_key, first_seen_at, last_seen_at) VALUES (1, ?, ?, ?)"


@contextmanager
def before(folder: Path) -> Iterator[sqlite3.Connection]:
    """news.db and pages.db as they were, pages.db attached as ``pages``."""
    folder.mkdir(parents=True)
    for kept, application, first_new in (
        (migrations.news, migrations.NEWS_ID, "m010"),
        (migrations.pages, migrations.PAGES_ID, "p004"),
    ):
        old = Migrations("news" if kept is migrations.news else "pages")
        for migration in kept._migrations:  # noqa: SLF001 - no public list
            if migration.name < first_new:
                old(name=migration.name)(migration.fn)
        name = "news.db" if kept is migrations.news else "pages.db"
        open_database(folder / name, application, old, 5).conn.close()
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as conn:
        conn.execute("ATTACH ? AS archive", (str(folder / "pages.db"),))
        conn.execute("INSERT INTO sources (name, title, url, kind, enabled) VALUES ('a', 'A', 'https://a', 'feed', 1)")
        yield conn


def add_article(conn: sqlite3.Connection, url: str, key: str, title: str = "Harbour opens") -> None:
    conn.execute(
        "INSERT INTO articles (kind, url, url_key, title, body, body_markdown, word_count, first_seen_at, fetched_at,"
        " content_hash, extractor) VALUES ('article', ?, ?, ?, 'The first ship came in.', '', 5, ?, ?, 'x', '4')",
        (url, key, title, AT, AT),
    )


def add_entry(conn: sqlite3.Connection, url: str, key: str, due: str | None, article_id: int | None = None) -> None:
    conn.execute(
        "INSERT INTO entries (url, url_key, host, source_id, first_seen_at, next_due, article_id)"
        " VALUES (?, ?, 'news.example', 1, ?, ?, ?)",
        (url, key, AT, due, article_id),
    )


def test_every_key_is_written_anew(tmp_path: Path) -> None:
    folder, url, old = (
        tmp_path / "storage",
        f"{SITE}/a,7.html?ref=rss&srsltid=x&id=7",
        "news.example/a%2C7.html?id=7&ref=rss",
    )
    new = "news.example/a,7.html?id=7"
    with before(folder) as conn:
        add_article(conn, url, old)
        conn.execute("INSERT INTO aliases VALUES (?, ?, 1, ?)", (f"{url}&sid=1", f"{old}&sid=1", AT))
        add_entry(conn, url, old, None, 1)
        conn.execute(
            "INSERT INTO links (source_id, url_key, first_seen_at, last_seen_at) VALUES (1, ?, ?, ?)", (old, AT, AT)
        )
        conn.execute("INSERT INTO forgotten VALUES ('news.example/gone?ref=rss', ?)", (AT,))
        conn.execute("INSERT INTO archive.bodies VALUES ('h', x'', 0)")
        conn.execute(
            "INSERT INTO archive.pages (url, url_key, final_url, final_url_key, status, fetched_at, body_hash)"
            " VALUES (?, ?, ?, ?, 200, ?, 'h')",
            (url, old, url, old, AT),
        )
    with Store(folder) as store:
        assert store.get(f"{SITE}/a%2c7.html?id=7").id == 1
        assert store.tombstones.cover([url_key(f"{SITE}/gone")])
        assert len(list(store.archive.of([new]))) == 1
        assert store.get(1).how == {f"{url}&sid=1": How.UNKNOWN}
    for table in ("articles", "entries", "links"):
        assert rows(folder / "news.db", f"SELECT url_key FROM {table}") == [(new,)], table
    assert rows(folder / "news.db", "SELECT url_key, how FROM aliases") == [(f"{new}&sid=1", None)]
    assert rows(folder / "pages.db", "SELECT url_key, final_url_key FROM pages") == [(new, new)]


def test_of_two_articles_with_one_key_the_earlier_has_it_and_neither_goes(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    with before(folder) as conn:
        add_article(conn, f"{SITE}/a?ref=rss", "news.example/a?ref=rss", "As it came by feed")
        add_article(conn, f"{SITE}/a", "news.example/a", "As it came by hand")
        add_article(conn, f"{SITE}/a?source=twitter", "news.example/a?source=twitter", "As it was shared")
        add_article(conn, f"{SITE}/b", "news.example/b")
        for number, query in enumerate(("?ref=rss", "", "?source=twitter"), 1):
            add_entry(conn, f"{SITE}/a{query}", f"news.example/a{query}", None if number == 1 else AT, number)
    with Store(folder) as store:
        assert store.get(f"{SITE}/a").id == 1
        assert [each.article.title for each in store.export()][1:3] == ["As it came by hand", "As it was shared"]
        again = save(
            store, article(url=f"{SITE}/a", title="As it came by feed", body="The second ship came in."), at=LATER
        )
        assert (again.article_id, again.decision.outcome) == (1, "revised")
    keys = "SELECT url_key FROM articles ORDER BY id"
    assert [key for (key,) in rows(folder / "news.db", keys)] == [
        "news.example/a", "news.example/a#2", "news.example/a#3", "news.example/b",
    ]  # fmt: skip
    # The entry that is still to be fetched keeps its turn; the others are not fetched beside it.
    assert rows(folder / "news.db", "SELECT url_key, next_due FROM entries ORDER BY id") == [
        ("news.example/a#1", None), ("news.example/a", AT), ("news.example/a#3", None),
    ]  # fmt: skip


@pytest.mark.parametrize("which", ["1", "2", f"{SITE}/a", f"{SITE}/a?ref=rss"])
def test_articles_with_one_key_are_read_again_each_checked_and_forgotten_together(tmp_path: Path, which: str) -> None:
    folder = tmp_path / "storage"
    with before(folder) as conn:
        for number, query in enumerate(("?ref=rss", "", "?id=7"), 1):
            url, key, at = f"{SITE}/a{query}", f"news.example/a{query}", AT.replace("10:", f"1{number}:")
            add_article(conn, url, key)
            conn.execute("UPDATE articles SET first_seen_at = ?1, fetched_at = ?1 WHERE id = ?2", (at, number))
            conn.execute("INSERT OR IGNORE INTO archive.bodies VALUES (?, x'', 0)", (EMPTY,))
            conn.execute(
                "INSERT INTO archive.pages (url, url_key, final_url, final_url_key, status, fetched_at, body_hash)"
                " VALUES (?1, ?2, ?1, ?2, 200, ?3, ?4)",
                (url, key, at, EMPTY),
            )
    with Store(folder) as store:
        read = store.reparses.standings(Selection())
        assert [(each.page_id, each.page_url) for each in read] == [
            (1, f"{SITE}/a?ref=rss"), (2, f"{SITE}/a"), (3, f"{SITE}/a?id=7"),
        ]  # fmt: skip
        assert sorted(store.articles.keys("id = 2", {})) == ["news.example/a"]
        found = soundness.check(folder, deep=False, tell=lambda _what: None)
        assert [each.what for each in found if "key" in each.what] == []
        assert store.erase([which, "2", "1"], LATER) == 2
        assert [each.id for each in store.export()] == [3]
    assert rows(folder / "pages.db", "SELECT id FROM pages") == [(3,)]


def test_keys_that_change_places(tmp_path: Path) -> None:
    """One row's new key is the old one of another that changes too."""
    folder = tmp_path / "storage"
    with before(folder) as conn:
        add_article(conn, f"{SITE}/a?id=7", "news.example/b")
        add_article(conn, f"{SITE}/b", "news.example/a?id=7")
    Store(folder).close()
    keys = "SELECT url_key FROM articles ORDER BY id"
    assert rows(folder / "news.db", keys) == [("news.example/a?id=7",), ("news.example/b",)]


def test_links_and_tombstones_that_become_one(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    with before(folder) as conn:
        conn.execute(ADD_LINK, ("news.example/a?ref=rss", "2026-11-02T00:00:00Z", "2026-11-05T00:00:00Z"))
        conn.execute(ADD_LINK, ("news.example/a", "2026-11-01T00:00:00Z", "2026-11-03T00:00:00Z"))
        for key, at in (("news.example/g", "2026-11-02"), ("news.example/g?ref=rss", "2026-11-01")):
            conn.execute("INSERT INTO forgotten VALUES (?, ?)", (key, at))
    Store(folder).close()
    assert rows(folder / "news.db", "SELECT url_key, first_seen_at, last_seen_at FROM links") == [
        ("news.example/a", "2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z")
    ]
    assert rows(folder / "news.db", "SELECT * FROM forgotten") == [("news.example/g", "2026-11-01", None)]


def test_what_is_no_address_keeps_its_key(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    with before(folder) as conn:
        add_article(conn, "mailto:new", "mailto:old")
        conn.execute("INSERT INTO forgotten VALUES ('..', ?)", (AT,))
    Store(folder).close()
    assert rows(folder / "news.db", "SELECT url_key FROM articles") == [("mailto:old",)]
    assert rows(folder / "news.db", "SELECT url_key FROM forgotten") == [("..",)]


def test_it_is_done_once_and_nothing_that_is_right_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    with Store(folder) as store:
        save(store, BASE, f"{BASE.url}?utm_source=x", at=NOW)
    before_ = rows(folder / "news.db", "SELECT id, url, url_key FROM articles")
    for _ in range(2):
        Store(folder).close()
    assert rows(folder / "news.db", "SELECT id, url, url_key FROM articles") == before_
