"""What was written under a clock that was ahead does not wait for the time that it showed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scraper.dedupe import candidate
from scraper.model import Entry, Outcome, instant
from scraper.store import Store
from scraper.store.reparses import Selection
from tests.store.samples import NOW, article, attempt, page, rows, source

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
AHEAD = NOW + DAY


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder)


def _entry(store: Store, name: str, *, first: str, due: str, **columns: object) -> None:
    (found,) = store.frontier.admit([Entry(f"https://{name}.example/1")], 1, first)
    store._news.table("entries").update(  # noqa: SLF001 - a state that takes many steps to reach
        store._news.execute("SELECT id FROM entries WHERE url = ?", (found.url,)).fetchone()[0],  # noqa: SLF001
        {"next_due": due, **columns},
    )


def test_what_was_set_ahead_is_due_as_much_earlier(store: Store) -> None:
    with store.transaction():
        store.frontier.sync_sources([source("a"), source("b")], instant(NOW - HOUR))
        store._news.execute(  # noqa: SLF001 - as a poll leaves it
            "UPDATE sources SET last_fetched_at = ?, next_due = ? WHERE name = 'a'",
            (instant(AHEAD), instant(AHEAD + HOUR)),
        )
        store._news.execute(  # noqa: SLF001 - the same, under the right clock
            "UPDATE sources SET last_fetched_at = ?, next_due = ? WHERE name = 'b'",
            (instant(NOW - HOUR), instant(NOW + 6 * HOUR)),
        )
        _entry(store, "new", first=instant(AHEAD), due=instant(AHEAD))
        _entry(store, "failed", first=instant(NOW - HOUR), due=instant(AHEAD + HOUR), outcome="failed")
        _entry(store, "right", first=instant(NOW - HOUR), due=instant(NOW + 2 * DAY), outcome="failed")
        _entry(store, "paused", first=instant(NOW - HOUR), due=instant(AHEAD + 2 * HOUR))
        for host, status, at in (("failed", None, AHEAD), ("paused", 429, AHEAD), ("old", 503, NOW - HOUR)):
            url = f"https://{host}.example/1"
            store.attempts.add(attempt(url=url, outcome=Outcome.FAILED, status=status, at=at))
        for host in ("paused", "old"):
            store.hosts.put(f"{host}.example", {"paused_until": instant(AHEAD + 2 * HOUR)})
    assert store.set_clock(NOW) == DAY
    news = store.folder / "news.db"
    due = dict(rows(news, "SELECT name, next_due FROM sources UNION SELECT host, next_due FROM entries"))
    assert due == {
        "a": instant(NOW + HOUR),
        "b": instant(NOW + 6 * HOUR),
        "new.example": instant(NOW),
        "failed.example": instant(NOW + HOUR),
        "right.example": instant(NOW + 2 * DAY),
        "paused.example": instant(NOW + 2 * HOUR),
    }
    paused = dict(rows(news, "SELECT host, substr(paused_until, 1, 19) || 'Z' FROM hosts"))
    assert paused == {"paused.example": instant(NOW + 2 * HOUR), "old.example": instant(AHEAD + 2 * HOUR)}
    assert rows(news, "SELECT max(at) FROM fetches") == [(instant(NOW),)]
    assert rows(news, "SELECT max(first_seen_at), max(changed_at) FROM entries") == [(instant(NOW), None)]
    counted = "SELECT day, sum(attempts) FROM daily GROUP BY day"
    assert rows(news, counted) == [(instant(NOW)[:10], 3)]
    assert store.set_clock(NOW) == timedelta()  # once is enough


@pytest.mark.parametrize("at", [None, NOW - DAY, NOW + timedelta(seconds=30)])
def test_a_clock_that_is_right_changes_nothing(store: Store, at: object) -> None:
    with store.transaction():
        store.frontier.sync_sources([source("a")], instant(NOW + DAY))
        if at is not None:
            store.attempts.add(attempt(at=at))
    assert store.set_clock(NOW) == timedelta()
    assert rows(store.folder / "news.db", "SELECT next_due FROM sources") == [(instant(NOW + DAY),)]


def test_what_was_stored_under_a_clock_that_was_ahead_is_not_the_newest_for_ever(store: Store) -> None:
    told = (f"The {which} ship came in, as the whole town had hoped." for which in ("first", "second", "third"))
    old, new, last = (article(body=body) for body in told)
    for which, at in ((old, AHEAD), (new, AHEAD + HOUR)):
        store.save(candidate(which), page(body=which.body.encode(), fetched_at=at), None, at)
    store.note(attempt(at=AHEAD + HOUR))
    assert store.set_clock(NOW) == DAY + HOUR
    stored = store.get(1)
    assert (stored.first_seen_at, stored.fetched_at) == (instant(NOW), instant(NOW))
    (standing,) = store.reparses.standings(Selection())
    assert store.archive.get(standing.page_id) == page(body=new.body.encode(), fetched_at=NOW)  # still that of its text
    later = NOW + HOUR
    store.save(candidate(last), page(body=last.body.encode(), fetched_at=later), None, later)
    times = "SELECT fetched_at, replaced_at FROM revisions ORDER BY revision"
    assert rows(store.folder / "news.db", times) == [(instant(NOW), instant(NOW)), (instant(NOW), instant(later))]
    kept = rows(store.folder / "pages.db", "SELECT fetched_at, rank FROM pages ORDER BY id")
    assert kept == [(instant(NOW), 1), (instant(NOW), 1), (instant(later), 2)]
