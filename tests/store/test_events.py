"""Events, alarms and daily totals in news.db."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from scraper.checkup import dismiss
from scraper.errors import NOT_ASKED
from scraper.model import Entry, Event, EventKind, Outcome, instant
from scraper.store import Store, Wanted, migrations
from scraper.store.alarms import Alarm, Fate, RaisedAlarm
from scraper.store.events import PastEvent
from scraper.store.glance import Undelivered
from tests.store.samples import NOW, URL, article, attempt, rows, save, source

DAY = timedelta(days=1)
TOTALS = "SELECT day, source_id, kind, outcome, reason, attempts, answers, from_cache, size, elapsed_ms FROM daily"


def event(**changes: Any) -> Event:
    return replace(Event(EventKind.QUIET, NOW, "nothing new for 3 days", "one"), **changes)


def followed(store: Store, *names: str) -> list[int]:
    with store.transaction():
        store.frontier.sync_sources([source(name) for name in names], instant(NOW))
        return store.alarms.followed()


class TestTotals:
    def test_every_attempt_is_counted_and_stays_so_when_its_row_goes(self, store: Store, folder: Path) -> None:
        followed(store, "one")
        later = NOW + DAY
        for each in (
            attempt(source="one", size=100, elapsed=0.25),
            attempt(source="one", size=50, elapsed=0.5),
            attempt(source="one", size=0, elapsed=0.1, from_cache=True),
            attempt(source="one", outcome=Outcome.FAILED, reason="unreachable"),
            attempt(outcome=Outcome.SKIPPED, reason="robots.txt"),
            attempt(outcome=Outcome.SKIPPED, reason="robots.txt"),
            attempt(source="one", size=7, elapsed=1.0, at=later),
        ):
            store.note(each)
        expected = [
            ("2026-11-23", None, "page", "skipped", "robots.txt", 2, 0, 0, 0, 0),
            ("2026-11-23", 1, "page", "failed", "unreachable", 1, 0, 0, 0, 0),
            ("2026-11-23", 1, "page", "saved", "new", 3, 3, 1, 150, 850),
            ("2026-11-24", 1, "page", "saved", "new", 1, 1, 0, 7, 1000),
        ]
        ordered = f"{TOTALS} ORDER BY day, source_id, outcome"
        assert rows(folder / "news.db", ordered) == expected
        assert store.attempts.drop_before(instant(later), 4) == 4
        assert store.attempts.drop_before(instant(later), 4) == 2
        assert rows(folder / "news.db", "SELECT count(*) FROM fetches") == [(1,)]
        assert rows(folder / "news.db", ordered) == expected
        store.note(attempt(source="one", size=1))  # one that comes late, of a day whose rows are gone
        assert rows(folder / "news.db", f"{TOTALS} WHERE day = '2026-11-23' AND outcome = 'saved'") == [
            ("2026-11-23", 1, "page", "saved", "new", 4, 3, 1, 151, 850)
        ]

    def test_what_there_was_before_is_counted(self, folder: Path) -> None:
        folder.mkdir()
        old = Database(sqlite3.connect(folder / "news.db", isolation_level=None))
        old.execute(f"PRAGMA application_id = {migrations.NEWS_ID}")
        migrations.news.apply(old, stop_before="m008_events")
        for at, size in (("2026-11-22T23:59:59Z", 5), ("2026-11-23T00:00:00Z", None), ("2026-11-23T09:00:00Z", 7)):
            old.execute(
                "INSERT INTO fetches (at, url, kind, size, elapsed_ms, outcome, reason, detail)"
                " VALUES (?, 'u', 'page', ?, 9, 'saved', 'new', 'new')",
                (at, size),
            )
        old.close()
        Store(folder).close()
        assert rows(folder / "news.db", TOTALS) == [
            ("2026-11-22", None, "page", "saved", "new", 1, 1, 0, 5, 9),
            ("2026-11-23", None, "page", "saved", "new", 2, 2, 0, 7, 18),
        ]

    def test_an_attempt_that_is_undone_is_not_counted(self, store: Store, folder: Path) -> None:
        def fail() -> None:
            with store.transaction():
                store.attempts.add(attempt())
                raise RuntimeError("undone")

        with pytest.raises(RuntimeError, match="undone"):
            fail()
        assert rows(folder / "news.db", TOTALS) == []


class TestEvents:
    def test_what_waits_comes_in_the_order_in_which_it_happened(self, store: Store) -> None:
        followed(store, "one")
        store.events.add(event(data={"since": "2026-11-20"}), tell=True)
        store.events.add(event(kind=EventKind.BACK), tell=False)
        store.events.add(event(kind=EventKind.GAP, detail="lone \ud800 surrogate"), tell=True)
        waiting = store.events.waiting(9)
        assert [(each.id, each.kind, each.source) for each in waiting] == [(1, "quiet", "one"), (3, "gap", "one")]
        assert waiting[0].data == {"since": "2026-11-20"}
        assert waiting[1].detail == "lone \ufffd surrogate"
        assert [each.id for each in store.events.waiting(1)] == [1]
        store.events.delivered([1], instant(NOW))
        assert [each.id for each in store.events.waiting(9)] == [3]
        assert store.events.queued() == (1, 0)

    def test_what_was_delayed_for_too_long_is_given_up(self, store: Store) -> None:
        for _ in range(3):
            store.events.add(event(source=None), tell=True)
        assert store.events.delayed([1], instant(NOW), instant(NOW - DAY)) == 0
        store.events.add(event(source=None), tell=True)
        late = NOW + DAY + timedelta(seconds=1)
        assert store.events.delayed([1], instant(late), instant(late - DAY)) == 3  # all that waited since then
        assert [(each.id, each.tries) for each in store.events.waiting(9)] == [(4, 0)]
        assert store.events.queued() == (1, 3)

    def test_a_delivery_that_goes_well_ends_the_delay(self, store: Store) -> None:
        for _ in range(2):
            store.events.add(event(source=None), tell=True)
        store.events.delayed([1], instant(NOW), instant(NOW - DAY))
        store.events.delivered([1], instant(NOW + DAY))
        late = NOW + 9 * DAY
        assert store.events.delayed([2], instant(late), instant(late - DAY)) == 0
        assert store.events.queued() == (1, 0)

    def test_old_ones_are_dropped_in_pieces_and_no_id_is_given_twice(self, store: Store) -> None:
        for number in range(4):
            store.events.add(event(source=None), tell=number == 3)
        after = instant(NOW + DAY)
        assert [store.events.drop_before(after, 2) for _ in range(3)] == [2, 1, 0]
        assert [each.id for each in store.events.waiting(9)] == [4]  # it waits to be delivered
        store.events.delivered([4], after)
        assert store.events.drop_before(after, 2) == 1
        store.events.add(event(source=None), tell=True)
        assert [each.id for each in store.events.waiting(9)] == [5]

    def test_what_is_forgotten_is_told_to_nobody(self, store: Store, folder: Path) -> None:
        saved = save(store, article())
        store.events.add(event(kind=EventKind.NEW, source=None, article_id=saved.article_id), tell=True)
        store.forget(URL, NOW)
        assert store.events.waiting(9) == []
        assert rows(folder / "news.db", "PRAGMA foreign_key_check") == []

    def test_status_tells_what_happened_to_sources(self, store: Store) -> None:
        (source_id,) = followed(store, "one")
        store.events.add(event(), tell=True)
        store.events.add(event(kind=EventKind.NEW, source=None), tell=True)
        store.alarms.put(source_id, Alarm(EventKind.QUIET, instant(NOW), "nothing new"))
        seen = store.glance(NOW)
        assert seen.alarms == (RaisedAlarm("one", "quiet", instant(NOW), "nothing new"),)
        assert seen.events == (PastEvent(instant(NOW), "quiet", "one", "nothing new for 3 days", "waiting"),)
        assert seen.undelivered == Undelivered(waiting=2, given_up=0)


class TestAlarms:
    def test_one_that_stands_is_told_anew_and_keeps_its_beginning(self, store: Store) -> None:
        (source_id,) = followed(store, "one")
        store.alarms.put(source_id, Alarm(EventKind.DRIFT, "2026-11-20T00:00:00Z", "a little"))
        store.alarms.put(source_id, Alarm(EventKind.DRIFT, "2026-11-22T00:00:00Z", "a lot"))
        assert store.alarms.of(source_id) == {EventKind.DRIFT: Alarm(EventKind.DRIFT, "2026-11-20T00:00:00Z", "a lot")}
        store.alarms.end(source_id, EventKind.DRIFT)
        assert store.alarms.of(source_id) == {}

    def test_those_of_sources_that_are_off_end(self, store: Store) -> None:
        one, _ = followed(store, "one", "two")
        store.alarms.put(one, Alarm(EventKind.QUIET, instant(NOW), "nothing new"))
        assert followed(store, "two") != [one]
        (back,) = dismiss(store, NOW, [EventKind.BACK])
        assert (back.kind, back.source) == ("back", "one")
        assert back.detail == f"not followed any more; quiet since {instant(NOW)}"
        assert [(each.kind, each.data["ended"]) for each in store.events.waiting(9)] == [("back", "quiet")]
        assert store.alarms.all() == ()
        assert dismiss(store, NOW, [EventKind.BACK]) == []

    def test_vitals(self, store: Store) -> None:
        (source_id,) = followed(store, "one")
        for hours in (0, 1, 1, 5):
            at = NOW - timedelta(hours=hours)
            entry = Entry(f"https://one.example/{hours}/{store.frontier.waiting('3')}")
            store.frontier.admit([entry], source_id, instant(at))
        state = store.frontier.source("one")
        assert state is not None
        columns = {"last_success_at": instant(NOW - DAY), "last_fetched_at": instant(NOW), "last_new_at": instant(NOW)}
        poll = attempt(kind="feed", url="https://one.example/feed", source="one", reason="unreachable")
        store.frontier.polled(state, poll, **columns)
        ended = ((-25, Outcome.FAILED), (-5, Outcome.FAILED), (-4, Outcome.SKIPPED), (-3, Outcome.SAVED))
        for hours, outcome in ended:
            store.note(replace(poll, at=NOW + timedelta(hours=hours), outcome=outcome))
        for reason in ("gap", *NOT_ASKED):
            store.note(replace(poll, at=NOW - timedelta(hours=10), outcome=Outcome.SKIPPED, reason=reason))
        store.note(attempt(source="one", at=NOW - timedelta(hours=10), outcome=Outcome.FAILED))  # a page's
        found = store.alarms.vitals(source_id, NOW)
        assert found.failing_since == instant(NOW - timedelta(hours=5))
        assert (found.arrivals, found.arriving_since) == (3, instant(NOW - timedelta(hours=5)))
        assert round(found.longest) == 4 * 3600

    def test_what_a_back_fill_finds_says_nothing_of_a_source(self, store: Store) -> None:
        (source_id,) = followed(store, "one")
        wanted = Wanted("one", "2026-08-01", 500, 500)
        backfill = store.backfills.begin(wanted, [("https://one.example/", "page")], instant(NOW))
        found = [Entry(f"https://one.example/{number}") for number in range(50)]
        store.frontier.admit(found, source_id, instant(NOW), backfill.id)
        assert store.alarms.vitals(source_id, NOW).arrivals == 0

    def test_fates(self, store: Store) -> None:
        one, two = followed(store, "one", "two")
        for number in range(30):
            at, url = NOW - timedelta(days=30 - number), f"https://one.example/{number}"
            store.frontier.admit([Entry(url)], one, instant(at))
            (entry,) = store.frontier.due_entries(instant(at), [], 1, 1)
            if number == 29:
                continue  # not fetched yet
            article_id = None
            if number % 2:
                text = article(url=url, title=url, body=url, word_count=number, authors=("Ann",) * (number % 3))
                article_id = save(store, text, at=at, source="one").article_id
            reason = "new" if number % 2 else "host paused" if number == 28 else "consent wall"
            done = attempt(outcome=Outcome.SAVED if number % 2 else Outcome.SKIPPED, reason=reason)
            store.frontier.finished(entry.id, replace(done, article_id=article_id), None)
        newest, before = store.alarms.fates(one, NOW)
        assert (len(newest), len(before)) == (20, 8)  # neither the one that waits, nor the one whose host was not asked
        assert [fate.stored for fate in sorted(newest, key=lambda fate: fate.day)] == [False, True] * 10
        (last,) = [fate for fate in newest if fate.day == instant(NOW - 3 * DAY)[:10]]
        assert last == Fate(last.day, True, "new", "article", 27, True, False, False, False)
        assert {fate.reason for fate in newest} == {"new", "consent wall"}
        assert store.alarms.fates(two, NOW) == ([], [])
