"""What is at a glance, and that it is read off indexes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.model import Entry, Outcome, instant
from scraper.store import Store
from tests.store.samples import NOW, article, attempt, rows, save, source

DAY, HOUR = instant(NOW - timedelta(days=1)), instant(NOW - timedelta(hours=1))


def test_an_empty_archive(store: Store) -> None:
    found = store.overview(instant(NOW))
    assert (found.articles, found.new, found.revisits, found.due_new, found.oldest_due) == (0, 0, 0, 0, None)
    assert (found.sources, found.last_success) == ({"answering": 0, "failing": 0, "off": 0}, None)
    seen = store.glance(instant(NOW), HOUR, DAY)
    assert seen["rates"]["day"] == {"articles": 0, "attempts": 0, "failed": 0, "answers": 0, "bytes": 0}
    assert (seen["hosts"], seen["due"]) == ([], {"new": 0, "revisits": 0, "oldest": None})


def test_rates_count_what_is_of_their_time(store: Store) -> None:
    moments = (timedelta(0), timedelta(minutes=50), timedelta(hours=2), timedelta(hours=30))
    with store.transaction():
        for ago in moments:
            store.attempts.add(attempt(at=NOW - ago, size=100, status=200))
        store.attempts.add(attempt(outcome=Outcome.FAILED, reason="timeout"))
        store.attempts.add(attempt(kind="robots", status=200, size=10))
    for number, ago in enumerate(moments):
        save(store, article(url=f"https://news.example/{number}", body=f"Body {number}"), at=NOW - ago)
    rates = store.glance(instant(NOW), HOUR, DAY)["rates"]
    assert rates["hour"] == {"articles": 2, "attempts": 3, "failed": 1, "answers": 3, "bytes": 210}
    assert rates["day"] == {"articles": 3, "attempts": 4, "failed": 1, "answers": 4, "bytes": 310}


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


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({"next_at": instant(NOW)}, None),
        ({"next_at": "2026-11-23T10:00:04.000Z"}, None),
        ({"next_at": "2026-11-23T10:00:06.000Z"}, "slow"),
        ({"paused_until": "2026-11-23T09:59:59.000Z", "pause_reason": "429"}, None),
        ({"paused_until": "2026-11-23T10:30:00.000Z", "pause_reason": "503"}, "paused"),
    ],
)
def test_which_hosts_are_left_alone(store: Store, columns: dict[str, str], state: str | None) -> None:
    with store.transaction():
        store.hosts.put("news.example", columns)
    found = store.glance(instant(NOW), HOUR, DAY)["hosts"]
    assert [row["state"] for row in found] == ([state] if state else [])
    if state == "paused":
        assert (found[0]["until"], found[0]["reason"]) == ("2026-11-23T10:30:00.000Z", "503")


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
