"""Articles read again from their pages: the real store, the real parsers, and kills in the middle."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.dedupe import candidate
from scraper.extract import extract_article
from scraper.extract.sites import Hint, Layout, Pick, SiteRules, Sites
from scraper.model import Article, Kind, Page, SourceKind
from scraper.parsing import Parsers
from scraper.reader import Reader
from scraper.reparse import Reparse, Reparser, apply
from scraper.settings import Source
from scraper.store import Filters, Store
from scraper.store.reparses import Found, Selection
from tests.newsroom import parsers, story
from tests.store.samples import article, page, rows, run_sql, source, start

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
THEN = NOW + timedelta(days=9)
HOST = "https://news.example"
TIMES = "SELECT id, url, first_seen_at, fetched_at FROM articles ORDER BY id"


def told(number: int) -> bytes:
    """A page of its own text."""
    return story(f"Breakwater number {number} to be repaired").replace(b"Monday", f"day {number} of it".encode())


def keep(store: Store, url: str, body: bytes, *, at: datetime = NOW, came_by: str = "", **changes: Any) -> int:
    """Store a page with what older rules made of it."""
    made = Page(came_by or url, url, 200, (("content-type", "text/html; charset=utf-8"),), body, at)
    found = replace(extract_article(body, url, now=at), extractor="3", **changes)
    saved = store.save(candidate(found, [came_by or url]), made, "herald", at)
    assert saved.article_id is not None
    return saved.article_id


def fill(folder: Path, count: int = 12) -> None:
    """Every third article has an older title, every fourth no summary or another; the fifth's page is a wall now."""
    with Store(folder) as store:
        with store.transaction():
            store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
        for number in range(count):
            changes: dict[str, Any] = {"title": f"{number} - The Paper"} if number % 3 == 0 else {}
            changes |= {"summary": "Old words."} if number % 4 == 0 else {}
            keep(store, f"{HOST}/{number}", told(number), **changes)


def reread(folder: Path, selection: Selection | None = None, workers: int = 2, **more: Any) -> Reparse:
    async def run() -> Reparse:
        sites = more.get("sites") or Sites()
        async with nullcontext(parsers()) if workers == 2 else Parsers(workers) as pool:
            with Store(folder) as store:
                sources = more.get("sources", {"herald": HERALD})
                reparser = Reparser(store, Reader(pool, sites), sources, workers)
                return await reparser.read(selection or Selection(), more.get("tell", lambda _done, _of: None))

    return asyncio.run(run())


def write(folder: Path, ended: Reparse) -> int:
    with Store(folder) as store:
        return apply(store, ended.ready, THEN, lambda _done, _of: None)


def found(folder: Path, ended: Reparse) -> list[Found]:
    with Store(folder, readonly=True) as store:
        return list(store.reparses.found(ended.ready))


HERALD = Source(name="herald", url=f"{HOST}/feed", kind=SourceKind.FEED)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "storage"
    fill(folder)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "storage"))


def dump(folder: Path) -> list[str]:
    """All that both files hold, as SQL; the time of migrating them is no part of it."""
    lines = []
    for name in ("news.db", "pages.db"):
        with closing(sqlite3.connect(folder / name)) as conn:
            lines += [line for line in conn.iterdump() if "_sqlite_migrations" not in line]
    return lines


def test_what_changes_is_reported_first_and_written_then(folder: Path) -> None:
    before = dump(folder)
    ended = reread(folder)
    assert (ended.selected, len(ended.ready), ended.current, ended.pageless, ended.failed) == (12, 12, 0, 0, {})
    changes = {each.id: tuple(each.new) for each in found(folder, ended)}
    assert {number: names for number, names in changes.items() if names} == {
        1: ("title", "summary"), 4: ("title",), 5: ("summary",), 7: ("title",), 9: ("summary",), 10: ("title",),
    }  # fmt: skip
    assert [line for line in dump(folder) if "reparses" not in line] == [
        line for line in before if "reparses" not in line
    ]
    times = rows(folder / "news.db", TIMES)
    assert write(folder, ended) == 6
    assert rows(folder / "news.db", TIMES) == times
    kept = "SELECT article_id, revision, title, fetched_at, replaced_at, reason FROM revisions ORDER BY id"
    assert rows(folder / "news.db", kept) == [
        (number, 1, f"{number - 1} - The Paper", "2026-11-23T10:00:00Z", "2026-12-02T10:00:00Z", "reparsed")
        for number in (1, 4, 7, 10)
    ]
    for table in ("events", "reparses", "fetches"):
        assert rows(folder / "news.db", f"SELECT count(*) FROM {table}") == [(0,)]
    with Store(folder) as store:
        assert store.get(1).article.title == "Breakwater number 0 to be repaired"
        assert store.get(1).article.extractor.startswith("4.")
        assert store.get(1).revision == 2
        assert [hit.id for hit in store.search('"number 0"')] == [1]


def test_a_second_run_changes_nothing(folder: Path) -> None:
    write(folder, reread(folder))
    before = dump(folder)
    again = reread(folder)
    assert (list(again.ready), again.current) == ([], 12)
    assert write(folder, again) == 0
    assert dump(folder) == before


def test_it_comes_out_the_same_whatever_the_number_of_workers(filled: Path, tmp_path: Path) -> None:
    read, written = [], []
    for workers in (1, 3):
        folder = Path(shutil.copytree(filled, tmp_path / str(workers) / "storage"))
        ended = reread(folder, workers=workers)
        read.append(dump(folder))
        write(folder, ended)
        written.append(dump(folder))
    assert read[0] == read[1]
    assert written[0] == written[1]


KILLED = """
import os, sys
from pathlib import Path
from scraper import reparse
from tests.test_reparse import Selection, THEN, Store, reread
reparse._BATCH = 2

def dying(at):
    return lambda done, of: os._exit(9) if done >= at else None

if __name__ == "__main__":
    folder, reading, writing = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    ended = reread(folder, tell=dying(reading))
    with Store(folder) as store:
        reparse.apply(store, ended.ready, THEN, dying(writing))
"""


@pytest.mark.faults
def test_a_run_that_is_killed_goes_on_where_it_was(filled: Path, tmp_path: Path) -> None:
    whole = Path(shutil.copytree(filled, tmp_path / "whole" / "storage"))
    write(whole, reread(whole))
    folder = Path(shutil.copytree(filled, tmp_path / "killed" / "storage"))
    script = tmp_path / "killed.py"
    script.write_text(KILLED, encoding="utf-8")
    for reading, writing in ((5, 99), (99, 6)):
        killed = start(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')", folder, reading, writing)
        killed.communicate(timeout=60)
        assert killed.returncode == 9
    done = rows(folder / "news.db", "SELECT count(*) FROM articles WHERE extractor <> '3'")
    assert done == [(6,)]
    read: list[tuple[int, int]] = []
    ended = reread(folder, tell=lambda *at: read.append(at))
    assert (read, ended.current) == ([], 6)  # nothing is read a second time
    write(folder, ended)
    assert dump(folder) == dump(whole)


def test_rules_of_a_site_and_settings_of_a_source_are_followed(folder: Path) -> None:
    write(folder, reread(folder))
    rules = SiteRules(Layout(fields={"section": (Pick("h1"),)}))
    ended = reread(folder, sites=Sites({"news.example": rules}))
    assert {tuple(each.new) for each in found(folder, ended)} == {("section", "evidence")}
    write(folder, ended)
    german = replace_source(timezone="Europe/Berlin", language="de")
    ended = reread(folder, sources={"herald": german}, sites=Sites({"news.example": rules}))
    assert len(ended.ready) == 12
    write(folder, ended)
    assert rows(folder / "news.db", "SELECT DISTINCT section IS NULL, substr(extractor, 11, 1) FROM articles") == [
        (0, "+")
    ]
    assert rows(folder / "news.db", "SELECT DISTINCT reason FROM revisions") == [("reparsed",)]
    assert len(reread(folder, sources={"herald": german}, sites=Sites({"news.example": rules})).ready) == 0


def replace_source(**changes: Any) -> Source:
    return Source(name="herald", url=f"{HOST}/feed", kind=SourceKind.FEED, **changes)


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(ids=(3, 5, 99)), [3, 5]),
        (Selection(Filters(source="herald")), list(range(1, 13))),
        (Selection(Filters(source="times")), []),
        (Selection(rule="title=og:title"), [2]),
        (Selection(rule="og:*"), [2, 3]),
        (Selection(rule="body=og:*"), []),
    ],
)
def test_a_part_can_be_chosen(folder: Path, selection: Selection, ids: list[int]) -> None:
    run_sql(folder / "news.db", "UPDATE articles SET evidence = '{}'")
    run_sql(folder / "news.db", 'UPDATE articles SET evidence = \'{"title": "og:title"}\' WHERE id = 2')
    run_sql(folder / "news.db", 'UPDATE articles SET evidence = \'{"summary": "og:description"}\' WHERE id = 3')
    assert list(reread(folder, selection).ready) == ids


def page_of(store: Store, article_id: int) -> str:
    (standing,) = store.reparses.standings(Selection(ids=(article_id,)))
    return standing.page_fetched_at


class TestThePageThatATextIsFrom:
    """Found among all pages of an article's addresses."""

    LATER = NOW + timedelta(hours=2)
    SEEN = NOW + timedelta(hours=3)

    def test_is_that_of_the_last_edit(self, store: Store) -> None:
        for number, at in enumerate((NOW, self.LATER)):
            keep(store, f"{HOST}/a", told(number), at=at)
        assert page_of(store, 1) == "2026-11-23T12:00:00Z"

    def test_is_not_one_of_a_later_wall(self, store: Store) -> None:
        keep(store, f"{HOST}/a", told(1))
        with store.transaction():
            store.archive.add(page(f"{HOST}/a", b"<title>Before you go on</title>", fetched_at=self.LATER))
            store.archive.add(page(f"{HOST}/a", b"none", fetched_at=NOW, status=404))
        assert page_of(store, 1) == "2026-11-23T10:00:00Z"

    def test_is_the_same_after_it_was_read_again(self, store: Store, folder: Path) -> None:
        keep(store, f"{HOST}/a", told(1), title="Old")
        keep(store, f"{HOST}/a", told(1), at=self.LATER, title="Older")
        store.close()
        write(folder, reread(folder, sources={}))
        with Store(folder) as again:
            assert again.get(1).revision == 3
            assert page_of(again, 1) == "2026-11-23T12:00:00Z"

    def test_is_the_one_before_where_a_304_stood_in_for_it(self, store: Store) -> None:
        keep(store, f"{HOST}/a", told(1), title="Old")
        renewed = replace(page(f"{HOST}/a", told(1), fetched_at=self.LATER), status=304)
        found = extract_article(told(1), f"{HOST}/a")
        assert store.save(candidate(found), renewed, None, self.LATER).decision.outcome == "revised"
        assert page_of(store, 1) == "2026-11-23T10:00:00Z"

    def test_is_a_later_one_that_said_the_same_where_the_first_is_not_kept(self, store: Store, folder: Path) -> None:
        keep(store, f"{HOST}/a", told(1))
        run_sql(folder / "pages.db", "DELETE FROM pages")
        keep(store, f"{HOST}/a", told(1), at=self.LATER)
        with store.transaction():
            store.archive.add(page(f"{HOST}/a", b"<title>A wall</title>", fetched_at=self.SEEN))
        assert page_of(store, 1) == "2026-11-23T12:00:00Z"

    def test_is_found_by_an_alias(self, store: Store) -> None:
        keep(store, f"{HOST}/a", told(1))
        keep(store, f"{HOST}/moved", told(2), at=self.LATER, came_by=f"{HOST}/a", title=told_title(1))
        assert page_of(store, 1) == "2026-11-23T12:00:00Z"

    def test_of_a_clipping_is_none(self, store: Store) -> None:
        store.save(candidate(article(kind=Kind.CLIPPING)), None, None, NOW)
        assert list(store.reparses.standings(Selection())) == []

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return tmp_path / "storage"

    @pytest.fixture
    def store(self, folder: Path) -> Store:
        store = Store(folder)
        with store.transaction():
            store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
        return store


def told_title(number: int) -> str:
    return f"Breakwater number {number} to be repaired"


def one(folder: Path, body: bytes, found_then: Callable[[Article], Article], sites: Sites | None = None) -> Found:
    """What is found in one page of which older rules made something else."""
    with Store(folder) as store:
        url = f"{HOST}/a"
        then = found_then(extract_article(told(1), url))
        store.save(candidate(then), page(url, body), None, NOW)
    write(folder, reread(folder, sites=sites))
    again = reread(folder, sites=sites, tell=lambda _done, _of: pytest.fail("it is read only once"))
    assert len(again.ready) == 1
    (only,) = found(folder, again)
    with Store(folder, readonly=True) as store:
        assert replace(store.get(1).article, extractor=then.extractor) == candidate(then).article
    return only


def test_a_page_that_is_refused_now_keeps_its_article(tmp_path: Path) -> None:
    wall = b"<!doctype html><title>Breakwater</title><p>Nothing to read.</p>"
    only = one(tmp_path / "storage", wall, lambda article: article)
    assert only.verdict == "refused"
    assert only.detail.startswith(("no article: ", "empty page: "))


def test_a_teaser_keeps_the_full_text(tmp_path: Path) -> None:
    paid = Sites({"news.example": SiteRules(Layout(hints=(Hint.parse("teaser", "url:/a$"),)))})
    only = one(tmp_path / "storage", told(1), lambda full: replace(full, body=f"{full.body}\n\nAnd more."), paid)
    assert only.verdict == "teaser"


def test_the_page_of_another_story_keeps_the_article(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    with Store(folder) as store:
        keep_signpost(store)
    ended = reread(folder)
    assert [each.verdict for each in found(folder, ended)] == ["astray"]
    assert write(folder, ended) == 0


def keep_signpost(store: Store) -> None:
    """/latest led to the article, whose page is not kept, and to another before."""
    url, signpost = f"{HOST}/a", f"{HOST}/latest"
    store.save(candidate(extract_article(told(1), url), [signpost]), None, None, NOW)
    before = page(signpost, told(2), final_url=f"{HOST}/b", fetched_at=NOW - timedelta(hours=1))
    with store.transaction():
        store.archive.add(before)


def test_an_article_that_changed_meanwhile_is_left_to_the_next_run(folder: Path) -> None:
    ended = reread(folder)
    with Store(folder) as store:
        keep(store, f"{HOST}/0", told(99), at=NOW + timedelta(hours=1))
    assert write(folder, ended) == 5
    assert rows(folder / "news.db", "SELECT title, extractor FROM articles WHERE id = 1") == [(told_title(99), "3")]
    again = reread(folder)
    assert (list(again.ready), again.current) == ([1], 11)


@pytest.mark.faults
def test_a_page_that_no_parser_can_bear_is_tried_again(folder: Path) -> None:
    with Store(folder) as store:
        slow = story("A long one", times=3_000)
        keep(store, f"{HOST}/1", slow)

    async def run() -> Reparse:
        async with Parsers(1, timeout=0.001) as parsers:
            with Store(folder) as store:
                return await Reparser(store, Reader(parsers), {"herald": HERALD}, 1).read(
                    Selection(ids=(2,)), lambda _done, _of: None
                )

    ended = asyncio.run(run())
    assert set(ended.failed) == {2}
    assert "could not be parsed" in ended.failed[2]
    assert list(reread(folder, Selection(ids=(2,))).ready) == [2]


def test_a_page_that_is_damaged_costs_no_other_article(folder: Path) -> None:
    cut = "UPDATE bodies SET zstd = substr(zstd, 1, 60) WHERE hash = (SELECT body_hash FROM pages WHERE id = 2)"
    run_sql(folder / "pages.db", cut)
    ended = reread(folder)
    assert set(ended.failed) == {2}
    assert "page 2 cannot be read" in ended.failed[2]
    assert len(ended.ready) == 11


def test_the_page_of_an_article_is_found_by_its_keys(folder: Path) -> None:
    asked: list[str] = []
    with Store(folder) as store:
        conn = store.reparses._pages.conn  # noqa: SLF001 - what it asks is nowhere else
        conn.set_trace_callback(asked.append)
        assert len(list(store.reparses.standings(Selection(ids=(1,))))) == 1
        conn.set_trace_callback(None)
        (sql,) = [each for each in asked if "FROM pages" in each]
        plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("pages_url_key" in step for step in plan), plan
    assert not any("pages_status" in step for step in plan), plan


def test_the_forgotten_stay_forgotten(folder: Path) -> None:
    ended = reread(folder)
    with Store(folder) as store:
        store.erase(["1"], NOW)
    write(folder, ended)
    assert rows(folder / "news.db", "SELECT count(*) FROM articles") == [(11,)]


def keep_as(store: Store, url: str, html: bytes, **changes: Any) -> None:
    """Store a page with a text that older rules made of it."""
    found = replace(extract_article(html, url, now=NOW), extractor="3", **changes)
    made = Page(url, url, 200, (("content-type", "text/html; charset=utf-8"),), html, NOW)
    store.save(candidate(found, [url]), made, None, NOW)


def test_a_text_that_is_read_anew_is_grouped_anew(tmp_path: Path) -> None:
    ship = told(0)
    with Store(tmp_path) as store:
        keep_as(store, f"{HOST}/a", ship)
        keep_as(store, "https://post.example/b", ship, title="Another headline", body="A wall. Log in.")
        keep_as(store, "https://times.example/c", ship, body="A wall. Log in.")
        assert [stored.story_id for stored in store.export()] == [None, None, None]
    assert write(tmp_path, reread(tmp_path)) == 2
    with Store(tmp_path) as store:
        assert [stored.story_id for stored in store.export()] == [1, 1, 1]
        assert {copy.stored.id for copy in store.story(1).copies} == {1, 2, 3}
    hashes = "SELECT article_id FROM sketches GROUP BY article_id ORDER BY article_id"
    assert rows(tmp_path / "news.db", hashes) == [(1,), (2,), (3,)]


def test_a_text_that_is_read_as_another_leaves_its_story(tmp_path: Path) -> None:
    wrong = extract_article(told(0), HOST, now=NOW).body
    words = " ".join(f"Ferry {number} was sold to buyer {number} of the port." for number in range(60))
    right = f"<!doctype html><title>Ferry</title><article><h1>Ferry</h1><p>{words}</p></article>".encode()
    with Store(tmp_path) as store:
        keep_as(store, f"{HOST}/a", told(0))
        keep_as(store, "https://mail.example/d", right, body=wrong)
        assert [stored.story_id for stored in store.export()] == [1, 1]
    assert write(tmp_path, reread(tmp_path)) == 1
    with Store(tmp_path) as store:
        assert [stored.story_id for stored in store.export()] == [None, None]
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM stories") == [(0,)]
