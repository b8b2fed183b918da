from __future__ import annotations

from pathlib import Path

import pytest

from scraper.dedupe import candidate
from scraper.errors import DatabaseBusy, NotStored
from scraper.model import Attempt, Entry, Outcome
from scraper.store import Store
from tests.store.samples import BASE, LATER, NOW, URL, article, attempt, page, rows, save, source


class TestForget:
    """Erased for good."""

    WORDS = ("zanzibarine", "quillwort", "xylophagous", "jabberwock", "mnemonicish")

    def test_nothing_of_it_is_left_in_any_file(self, folder: Path) -> None:
        title, old, body, alias, fault = self.WORDS
        with Store(folder) as store:
            with store.transaction():
                store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
            for number in range(60):  # neighbours on the same pages of the file
                text = f"Neighbour {number} has words of its own. " * 20
                save(store, article(url=f"https://news.example/{number}", title=f"Neighbour {number}", body=text))
            url = f"https://news.example/{alias}"
            for text in (old, body):
                which = article(url=url, title=f"A {title} thing", body=f"The {text} of it. " * 400)
                store.save(candidate(which, [f"{url}?utm_source=x"]), page(url, text.encode() * 5000), "herald", NOW)
            with store.transaction():
                store.frontier.admit(_entries(url, title), 1, "2026-11-23T10:00:00Z")
            for detail in (fault, "again"):
                store.note(_failed(url, detail))
            for number in range(60):
                text = f"Neighbour {number} was revised since then. " * 20
                save(store, article(url=f"https://news.example/{number}", title=f"Neighbour {number}", body=text))
            key = store.get(url).url_key
            assert len(store.forget(f"{url}?utm_source=x", LATER)) == 1
            store.scrub()
            assert store.search(title) == []
            assert store.search(body) == []
            assert list(store.archive.of([key])) == []
            assert store.articles.count() == 60
            with pytest.raises(NotStored):
                store.get(url)
        left = {file.name: file.read_bytes() for file in folder.iterdir()}
        for word in (title, old, body, fault):
            assert [name for name, data in left.items() if word.encode() in data] == [], word
        path = folder / "news.db"
        assert rows(path, "SELECT url_key, forgotten_at FROM forgotten") == [
            (f"news.example/{alias}", "2026-11-23T11:00:00Z")
        ]
        for table in ("revisions", "aliases", "entries", "fetches"):
            assert rows(path, f"SELECT count(*) FROM {table} WHERE article_id = 61") == [(0,)], table
        assert rows(path, "PRAGMA foreign_key_check") == []
        assert rows(path, "PRAGMA integrity_check") == [("ok",)]

    def test_it_does_not_come_back(self, store: Store) -> None:
        save(store, BASE)
        store.forget("1", NOW)
        for which in (BASE, article(url=f"{URL}?utm_source=x"), article(url="https://news.example/new")):
            came_by = [URL] if which.url.endswith("new") else []
            saved = save(store, which, *came_by)
            assert (saved.decision.outcome, saved.article_id) == (Outcome.SKIPPED, None)
        assert store.articles.count() == store.archive.count() == 0
        with store.transaction():
            assert store.frontier.admit(_entries(URL, "x"), _one_source(store), "2026-11-23T10:00:00Z") == []

    def test_it_does_not_come_back_under_another_address_of_its_outlet(self, store: Store) -> None:
        save(store, BASE)
        store.forget("1", NOW)
        again = save(store, article(url="https://www.news.example/s-1?token=a1b2"))
        assert (again.decision.reason, again.article_id) == ("forgotten", None)
        # What another outlet ran, and what this one writes otherwise, nobody asked to have erased.
        assert save(store, article(url="https://other.example/s-1")).article_id is not None
        assert save(store, article(url="https://news.example/s-2", body="Another story. " * 40)).article_id is not None

    def test_what_was_never_stored_can_be_forgotten(self, store: Store, folder: Path) -> None:
        store.note(_failed(URL, "no article"))
        assert store.forget(URL, NOW) == ()
        assert store.forget(URL, LATER) == ()
        assert save(store, BASE).decision.reason == "forgotten"
        assert rows(folder / "news.db", "SELECT count(*) FROM fetches") == [(0,)]

    def test_copies_and_shared_pages_stay(self, store: Store, folder: Path) -> None:
        for number in range(3):
            save(store, article(url=f"https://site{number}.example/"))
        store.forget("https://site0.example/", NOW)
        assert [store.get(number).story_id for number in (2, 3)] == [1, 1]
        assert [each.body for each in store.archive.of(["site1.example"])] == [b"<html>ship</html>"]
        store.forget("2", NOW)
        store.forget("3", NOW)
        assert rows(folder / "news.db", "SELECT count(*) FROM stories") == [(0,)]
        assert rows(folder / "pages.db", "SELECT count(*) FROM bodies") == [(0,)]


def _one_source(store: Store) -> int:
    store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
    state = store.frontier.source("herald")
    assert state is not None
    return state.id


def _entries(url: str, title: str) -> list[Entry]:
    return [Entry(url, title)]


def _failed(url: str, detail: str) -> Attempt:
    return attempt(url=url, outcome=Outcome.FAILED, reason="unreachable", detail=detail)


def test_scrub_says_when_a_reader_keeps_the_log(folder: Path) -> None:
    with Store(folder, busy_timeout=0.1) as store, Store(folder, readonly=True) as reader:
        save(store, BASE)
        save(store, article(url="https://news.example/2", body="Another text."))
        reading = reader.articles.all()
        next(reading)
        store.forget("1", NOW)
        with pytest.raises(DatabaseBusy):
            store.scrub()
        del reading
    with Store(folder) as store:
        store.scrub()
