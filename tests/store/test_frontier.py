from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.model import Date, Entry, Outcome, Page, Zone
from scraper.store import DueEntry, SourceState, Store
from tests.store.samples import NOW, attempt, page, rows, source

T0, T1, T2 = "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"


def sync(store: Store, *names: str, now: str = T0, **changes: object) -> None:
    with store.transaction():
        store.frontier.sync_sources([source(name, **changes) for name in names], now)


def state(store: Store, name: str) -> SourceState:
    found = store.frontier.source(name)
    assert found is not None
    return found


def admit(store: Store, *urls: str, by: str = "herald", now: str = T0) -> int:
    with store.transaction():
        return len(store.frontier.admit([Entry(url) for url in urls], state(store, by).id, now))


def due(store: Store, *busy: str, now: str = T0, limit: int = 100, per_host: int = 100) -> list[str]:
    return [entry.url for entry in store.frontier.due_entries(now, busy, limit, per_host)]


def polled(store: Store, name: str, **columns: object) -> None:
    with store.transaction():
        store.frontier.polled(state(store, name), attempt(detail="fine \ud800"), **columns)


class TestSources:
    """The table follows config/sources.toml."""

    def test_new_sources_are_due_at_once_and_stay_as_they_are(self, store: Store) -> None:
        sync(store, "herald", "times")
        assert [each.name for each in store.frontier.due_sources(T0)] == ["herald", "times"]
        polled(store, "herald", next_due=T2, etag='"a"', last_modified="Mon", failures=3)
        sync(store, "herald", "times", now=T1)
        assert state(store, "herald") == SourceState(1, "herald", '"a"', "Mon", 3, T2)
        assert [each.name for each in store.frontier.due_sources(T1)] == ["times"]
        assert [each.name for each in store.frontier.due_sources(T2)] == ["times", "herald"]

    def test_a_source_that_moved_begins_anew(self, store: Store) -> None:
        sync(store, "herald")
        polled(store, "herald", next_due=T2, etag='"a"', last_modified="Mon")
        sync(store, "herald", now=T1, url="https://herald.example/new")
        assert state(store, "herald") == SourceState(1, "herald", None, None, 0, T1)

    def test_entries_of_a_source_that_is_off_wait_until_it_is_on_again(self, store: Store) -> None:
        sync(store, "herald", "times")
        admit(store, "https://herald.example/1")
        sync(store, "times")
        assert due(store) == []
        sync(store, "herald", "times", enabled=0)
        assert due(store) == []
        assert store.frontier.waiting(T2) == 0
        sync(store, "herald", "times", enabled=1)
        assert due(store) == ["https://herald.example/1"]

    def test_disabled_and_removed_sources_rest_until_they_come_back(self, store: Store, folder: Path) -> None:
        sync(store, "herald", "times", "post")
        polled(store, "herald", next_due=T2)
        sync(store, "herald", enabled=0)
        assert store.frontier.due_sources("9999") == []
        assert rows(folder / "news.db", "SELECT DISTINCT enabled, next_due FROM sources") == [(0, None)]
        assert store.frontier.next_due() is None
        sync(store, "herald", "times", now=T1)
        assert [each.name for each in store.frontier.due_sources(T1)] == ["herald", "times"]
        sync(store)
        assert store.frontier.due_sources("9999") == []

    def test_what_was_never_configured_is_unknown(self, store: Store) -> None:
        assert store.frontier.source("none") is None


class TestEntries:
    """What waits to be fetched."""

    @pytest.fixture(autouse=True)
    def _sources(self, store: Store) -> None:
        sync(store, "herald", "times")

    def test_an_entry_is_queued_once_whoever_announces_it(self, store: Store) -> None:
        assert admit(store, "https://a.example/1", "https://a.example/1?utm_source=x", "https://a.example/2") == 2
        assert admit(store, "http://www.a.example/1/", "https://a.example/3", by="times") == 1
        assert due(store) == ["https://a.example/1", "https://a.example/2", "https://a.example/3"]

    def test_what_the_source_said_is_kept(self, store: Store, folder: Path) -> None:
        date = Date("2026-11-23T09:00:00Z", "Mon, 23 Nov", Zone.GIVEN)
        entries = [Entry("https://a.example/1", "Half an emoji \ud83d", date), Entry("https://b.example:8443/2")]
        with store.transaction():
            store.frontier.admit(entries, 1, T0)
        assert rows(folder / "news.db", "SELECT url_key, host, title, published_at, next_due FROM entries") == [
            ("a.example/1", "a.example", "Half an emoji \ufffd", "2026-11-23T09:00:00Z", T0),
            ("b.example:8443/2", "b.example:8443", None, None, T0),
        ]

    def test_hosts_take_turns_and_the_longest_waiting_come_first(self, store: Store) -> None:
        admit(store, *(f"https://a.example/{number}" for number in range(3)), now=T1)
        admit(store, "https://b.example/1", "https://b.example/2", now=T0)
        a, b = [f"https://a.example/{number}" for number in range(3)], ["https://b.example/1", "https://b.example/2"]
        assert due(store, now=T1) == [b[0], a[0], b[1], a[1], a[2]]
        assert due(store, now=T1, per_host=1) == [b[0], a[0]]
        assert due(store, now=T1, limit=3) == [b[0], a[0], b[1]]
        assert due(store, "b.example", now=T1) == a
        assert due(store, "a.example", "b.example", now=T1) == []
        assert due(store, now=T0) == b
        assert due(store, now=T1, limit=0) == []
        assert store.frontier.waiting(T0) == 2
        assert store.frontier.next_due() == T0

    def test_a_try_that_ended_counts_and_a_paused_host_does_not(self, store: Store) -> None:
        admit(store, "https://a.example/1")
        tries = [("host paused", T1), ("unreachable", T1), ("host paused", T1), ("server trouble", T2)]
        for reason, again in tries:
            with store.transaction():
                store.frontier.finished(1, attempt(outcome=Outcome.FAILED, reason=reason), again)
        assert store.frontier.due_entries(T1, [], 9, 9) == []
        assert store.frontier.due_entries(T2, [], 9, 9) == [
            DueEntry(1, "https://a.example/1", "a.example", "herald", attempts=2, first_seen_at=T0)
        ]
        with store.transaction():
            store.frontier.finished(1, attempt(), None)
        assert due(store, now="9999") == []
        assert admit(store, "https://a.example/1") == 0

    def test_what_was_skipped_goes_behind_what_is_new(self, store: Store) -> None:
        admit(store, "https://a.example/1", "https://a.example/2", now=T0)
        with store.transaction():
            store.frontier.finished(1, attempt(outcome=Outcome.SKIPPED, reason="gone"), T0)
        assert due(store, now=T1) == ["https://a.example/2", "https://a.example/1"]
        assert store.frontier.queued() == (1, 1)
        with store.transaction():
            store.frontier.finished(2, attempt(outcome=Outcome.FAILED, reason="timeout"), T1)
        assert store.frontier.queued() == (1, 1)


class TestAttempts:
    """The table fetches."""

    def test_every_attempt_is_a_row(self, store: Store, folder: Path) -> None:
        sync(store, "herald")
        store.note(attempt(source="herald", status=200, size=10, elapsed=0.1234, next_due=T1))
        store.note(attempt(url="clip \udcff.txt", kind="clipping", source="none", reason="\ud800", detail="\x00\ud800"))
        columns = "url, host, kind, source_id, status, size, elapsed_ms, outcome, reason, detail, next_due"
        assert rows(folder / "news.db", f"SELECT {columns} FROM fetches") == [
            (attempt().url, "news.example", "page", 1, 200, 10, 123, "saved", "new", "new article", T1),
            ("clip \ufffd.txt", None, "clipping", None, None, None, None, "saved", "\ufffd", "\x00\ufffd", None),
        ]

    def test_counts_and_problems(self, store: Store) -> None:
        for outcome, reason in [
            ("saved", "new"),
            ("failed", "unreachable"),
            ("failed", "unreachable"),
            ("skipped", "gone"),
        ]:
            store.note(attempt(outcome=Outcome(outcome), reason=reason))
        store.note(attempt(kind="feed"))
        assert store.attempts.counts_since(T0) == {"failed": 2, "saved": 1, "skipped": 1}
        assert store.attempts.counts_since(T1) == {}
        problems = store.attempts.problems_since(T0)
        assert [(each.reason, each.times) for each in problems] == [("unreachable", 2), ("gone", 1)]
        with store.transaction():
            assert store.attempts.drop_before(T0, 9) == 0
            assert store.attempts.drop_before(T1, 9) == 5

    def test_one_trouble_of_many_hosts_is_one_problem(self, store: Store) -> None:
        for number in range(4):
            for _ in range(number + 1):
                url = f"https://host{number}.example/"
                store.note(attempt(url=url, outcome=Outcome.FAILED, reason="timeout", detail=f"no answer from {url}"))
        for number in range(3):
            store.note(attempt(url=f"https://host{number}.example/", outcome=Outcome.SKIPPED, reason="gone"))
        store.note(attempt(outcome=Outcome.SKIPPED, reason="robots.txt"))
        problems = store.attempts.problems_since(T0)
        assert [(each.reason, each.times, each.hosts, each.host) for each in problems] == [
            ("timeout", 10, 4, "host3.example"),
            *(("gone", 1, 1, f"host{number}.example") for number in range(3)),
        ]
        assert problems[0].example == "no answer from https://host3.example/"


class TestArchive:
    """Raw pages, byte for byte."""

    def test_a_page_comes_back_as_it_came(self, store: Store) -> None:
        bodies = [b"", b"\x00", os.urandom(100_000), b"a" * 10**7]
        for number, body in enumerate(bodies):
            kept = page(
                f"https://a.example/{number}",
                body,
                redirects=("https://t.example/x",),
                headers=(("content-type", "text/html"), ("x-a", "\x00é")),
                request_headers=(("user-agent", "article-scraper"),),
                final_url=f"https://b.example/{number}",
            )
            with store.transaction():
                store.archive.add(kept)
            for key in (f"a.example/{number}", f"b.example/{number}"):
                assert list(store.archive.of([key])) == [kept]

    @given(st.binary(max_size=2000))
    @settings(max_examples=40, deadline=None)
    def test_any_body(self, tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
        with Store(tmp_path_factory.getbasetemp() / "bodies") as store, store.transaction():
            store.archive.add(page("https://a.example/", body))
            assert [each.body for each in store.archive.of(["a.example"])][-1] == body

    def test_equal_bodies_are_kept_once(self, store: Store, folder: Path) -> None:
        with store.transaction():
            for number in range(5):
                store.archive.add(page(f"https://a.example/{number}", b"same"))
        assert store.archive.count() == 5
        assert rows(folder / "pages.db", "SELECT count(*) FROM bodies") == [(1,)]

    def test_pages_come_oldest_first(self, store: Store) -> None:
        pages = [page("https://a.example/", b"%d" % hour, fetched_at=NOW.replace(hour=hour)) for hour in (12, 9, 10)]
        with store.transaction():
            for each in pages:
                store.archive.add(each)
        found: list[Page] = list(store.archive.of(["a.example", "none.example"]))
        assert [each.body for each in found] == [b"9", b"10", b"12"]


def test_hosts_keep_what_is_not_written_again(store: Store) -> None:
    assert set(store.hosts.get("a.example").values()) == {"a.example", None}
    with store.transaction():
        store.hosts.put("a.example", {"next_at": T0, "held_by": "x"})
        store.hosts.put("a.example", {"held_by": None})
    row = store.hosts.get("a.example")
    assert (row["next_at"], row["held_by"]) == (T0, None)


def test_a_source_that_is_renamed_keeps_what_is_its_own(store: Store) -> None:
    sync(store, "herald", "post")
    polled(store, "herald", next_due=T2, etag="e", last_fetched_at=T0)
    admit(store, "https://a.example/1")
    known = state(store, "herald")
    renamed = source("herald") | {"name": "the-herald"}
    for rest in ((), (source("post"),)):  # it was off for a while
        with store.transaction():
            store.frontier.sync_sources([*rest], T1)
    with store.transaction():
        store.frontier.sync_sources([renamed, source("post")], T1)
    found = state(store, "the-herald")
    assert (found.id, found.etag, found.next_due) == (known.id, "e", T1)
    assert (store.frontier.source("herald"), due(store)) == (None, ["https://a.example/1"])
    with store.transaction():  # that one is followed still: a second one of the same address is another
        store.frontier.sync_sources([renamed, renamed | {"name": "sport"}, source("post")], T1)
    assert (state(store, "the-herald").id, state(store, "sport").etag) == (known.id, None)


def test_a_source_that_was_never_asked_is_not_taken_for_one_that_is_renamed(store: Store) -> None:
    sync(store, "herald")
    with store.transaction():
        store.frontier.sync_sources([source("herald") | {"name": "the-herald"}], T1)
    assert state(store, "herald").id != state(store, "the-herald").id
