"""What is at a glance, and that it is read off indexes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from scraper.model import Entry, instant
from scraper.store import Store
from tests.store.samples import NOW, rows, source


def test_an_empty_archive(store: Store) -> None:
    found = store.overview(instant(NOW))
    assert (found.articles, found.new, found.revisits, found.due_new, found.oldest_due) == (0, 0, 0, 0, None)
    assert (found.sources, found.last_success) == ({"answering": 0, "failing": 0, "off": 0}, None)


def test_what_waits_for_a_source_that_is_off_does_not_count(store: Store) -> None:
    with store.transaction():
        store.frontier.sync_sources([source("one")], instant(NOW))
        one = store.frontier.source("one")
        assert one is not None
        store.frontier.admit([Entry("https://one.example/1")], one.id, instant(NOW))
    assert store.overview(instant(NOW)).due_new == 1
    with store.transaction():
        store.frontier.sync_sources([source("one", enabled=0)], instant(NOW))
    found = store.overview(instant(NOW))
    assert (found.new, found.due_new, found.oldest_due, found.sources["off"]) == (0, 0, None, 1)


def test_what_waits_and_gaps_are_counted_in_indexes_alone(folder: Path) -> None:
    Store(folder).close()
    followed = "+source_id IN (SELECT id FROM sources WHERE enabled)"
    plans = {
        f"SELECT count(*) FILTER (WHERE changed_at IS NULL) FROM entries WHERE next_due IS NOT NULL AND {followed}":
            "USING COVERING INDEX entries_next_due",
        f"SELECT count(*), min(next_due) FROM entries WHERE next_due <= '2026' AND {followed}":
            "USING COVERING INDEX entries_next_due",
        "SELECT count(*) FROM fetches WHERE reason = 'gap'": "INDEX fetches_gap",
    }  # fmt: skip
    with closing(sqlite3.connect(folder / "news.db")) as db:
        for sql, wanted in plans.items():
            plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
            assert wanted in plan, plan


def test_the_index_is_replaced_and_the_queue_is_the_same(folder: Path) -> None:
    with Store(folder) as store, store.transaction():
        store.frontier.sync_sources([source("one")], instant(NOW))
        one = store.frontier.source("one")
        assert one is not None
        store.frontier.admit([Entry(f"https://one.example/{n}") for n in range(5)], one.id, instant(NOW))
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as db:  # as the version before left it
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm009_at_a_glance'")
        db.execute("DROP INDEX fetches_gap")
        db.execute("DROP INDEX entries_next_due")
        db.execute("CREATE INDEX entries_next_due ON entries(next_due) WHERE next_due IS NOT NULL")
    with Store(folder) as store:
        assert len(store.frontier.due_entries(instant(NOW), [], 9, 9)) == 5
    (sql,) = rows(folder / "news.db", "SELECT sql FROM sqlite_master WHERE name = 'entries_next_due'")
    assert "changed_at" in sql[0]
