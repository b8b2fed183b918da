from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from scraper.dedupe import Match, candidate
from scraper.errors import NotStored
from scraper.model import Kind, StoredArticle, Zone, instant
from scraper.store import Saved, Store, Story, migrations
from scraper.store import sketches as index
from scraper.store import stories as election
from tests.benchmarks.dedupe.edits import house_style
from tests.benchmarks.dedupe.series import filled, pairs
from tests.dedupe.made_up import written
from tests.store.samples import LATER, NOW, article, rows, save

REPORTS = [report.body for report in written()]
DAY = timedelta(days=1)


def put(store: Store, site: str, body: str, **changes: Any) -> Saved:
    """An article of a site, under a headline of its own."""
    at = changes.pop("at", NOW)
    changes = {"title": f"Headline of {site}", "published_zone": Zone.GIVEN} | changes
    return save(store, article(url=f"https://{site}.example/story", body=body, **changes), at=at)


def edited(body: str, seed: int = 1) -> str:
    return "\n\n".join(house_style(body.split("\n\n"), random.Random(seed), []))  # noqa: S311 - the same every time


def ids(story: Story) -> list[int]:
    return [copy.stored.id for copy in story.copies]


def stories(folder: Path) -> list[tuple[Any, ...]]:
    return rows(
        folder / "news.db", "SELECT id, first_article_id, lead_article_id, merged_into FROM stories ORDER BY id"
    )


def groups(store: Store) -> list[tuple[int, int | None]]:
    return [(stored.id, stored.story_id) for stored in store.export()]


def test_near_copies_form_a_story(store: Store, folder: Path) -> None:
    put(store, "post", REPORTS[0], published_at="2026-11-20T10:00:00Z")
    put(store, "other", REPORTS[1])
    saved = put(store, "times", f"LONDON (Reuters) - {edited(REPORTS[0])}", published_at="2026-11-20T09:00:00Z")
    assert (saved.decision.reason, saved.decision.outcome) == ("near-copy", "saved")
    assert saved.decision.detail.startswith("new article, a near-copy of #1 (")
    story = store.story(1)
    assert (ids(story), story.first, story.lead) == ([3, 1], 3, 3)
    assert story.title == "Headline of times"
    assert groups(store) == [(1, 1), (2, None), (3, 1)]
    like = story.copies[0].likeness
    assert like is not None
    assert (like.other_id, like.how) == (1, Match.NEAR)
    assert 0.9 < like.similarity <= like.contained < 1.0
    assert story.copies[1].likeness is None
    assert store.story("https://www.times.example/story?utm_source=x") == store.story("s1") == story
    assert rows(folder / "news.db", "SELECT article_id, other_id, how FROM resemblances") == [(3, 1, "near")]


def test_exact_copies_say_so(store: Store) -> None:
    put(store, "post", REPORTS[0], title="One headline")
    assert put(store, "times", REPORTS[0], title="One headline").decision.reason == "copy"
    like = store.story(1).copies[1].likeness
    assert like is not None
    assert (like.other_id, like.how, like.similarity, like.contained) == (1, Match.EXACT, 1.0, 1.0)


def test_a_part_of_a_report_is_a_copy_and_does_not_lead(store: Store) -> None:
    third = REPORTS[0][: REPORTS[0].index("\n\n", len(REPORTS[0]) // 3)]
    put(store, "post", third)
    put(store, "times", REPORTS[0])
    put(store, "teaser", REPORTS[0] + "\n\nSubscribe to go on reading, " * 20, kind=Kind.TEASER)
    story = store.story(1)
    assert (sorted(ids(story)), story.first, story.lead) == ([1, 2, 3], 1, 2)


def test_templates_are_no_stories(store: Store) -> None:
    for number, (_, one, other) in enumerate(pairs(random.Random(1), 3, tuning=False)):  # noqa: S311 - made-up texts
        for side, body in enumerate((one, other)):
            put(store, f"site{number}-{side}", body)
    assert {story for _, story in groups(store)} == {None}


def test_stories_that_turn_out_to_be_one_are_merged(store: Store, folder: Path) -> None:
    long = "\n\n".join(REPORTS[:2])
    for site, body in (("a", REPORTS[0]), ("b", REPORTS[0]), ("c", REPORTS[1]), ("d", REPORTS[1])):
        put(store, site, body)
    assert [row[0] for row in stories(folder)] == [1, 2]
    put(store, "e", long)
    assert ids(store.story("s1")) == [1, 2, 3, 4, 5]
    assert store.story("s2") == store.story("s1")
    assert stories(folder) == [(1, 1, 5, None), (2, None, None, 1)]
    store.forget("5", NOW)  # what joined them is gone
    assert groups(store) == [(1, 1), (2, 1), (3, 3), (4, 3)]


def test_a_revision_may_leave_and_join(store: Store, folder: Path) -> None:
    put(store, "a", REPORTS[0])
    put(store, "b", REPORTS[0])
    put(store, "c", REPORTS[1])
    put(store, "b", REPORTS[1], at=LATER)
    assert groups(store) == [(1, None), (2, 1), (3, 1)]
    assert rows(folder / "news.db", "SELECT article_id, other_id FROM resemblances") == [(2, 3)]
    with pytest.raises(NotStored, match="no copies of #1 are known"):
        store.story(1)
    with pytest.raises(NotStored, match="no story s2"):
        store.story("s2")
    put(store, "b", edited(REPORTS[1]), at=LATER + DAY)  # an edit of the same report stays
    like = store.story(2).copies[0].likeness
    assert like is not None
    assert (like.other_id, like.how) == (3, Match.NEAR)


def test_what_was_a_copy_of_what_left_stays_a_copy_of_the_others(store: Store) -> None:
    for site in "abcd":
        put(store, site, REPORTS[0])  # each is compared with the first of them alone
    put(store, "a", REPORTS[1], at=LATER)
    assert groups(store) == [(1, None), (2, 1), (3, 1), (4, 1)]
    assert store.story(2).first == 2


class TestForgetting:
    def test_first_and_lead_are_chosen_anew(self, store: Store, folder: Path) -> None:
        put(store, "a", REPORTS[0], published_at="2026-11-20T08:00:00Z", title="Secret headline")
        put(store, "b", REPORTS[0], published_at="2026-11-20T09:00:00Z")
        put(store, "c", edited(REPORTS[0]), published_at="2026-11-20T07:00:00Z")
        assert stories(folder) == [(1, 3, 3, None)]
        store.forget("3", NOW)
        assert stories(folder) == [(1, 1, 1, None)]
        store.forget("1", NOW)
        assert stories(folder) == []
        assert groups(store) == [(2, None)]
        kept = rows(folder / "news.db", "SELECT DISTINCT article_id FROM sketches")
        assert kept == [(2,)]
        assert rows(folder / "news.db", "SELECT count(*) FROM resemblances") == [(0,)]
        store.scrub()
        assert b"Secret headline" not in (folder / "news.db").read_bytes()

    def test_numbers_of_merged_stories_go_with_the_last_copy(self, store: Store, folder: Path) -> None:
        for site, body in (("a", REPORTS[0]), ("b", REPORTS[0]), ("c", REPORTS[1]), ("d", REPORTS[1])):
            put(store, site, body)
        put(store, "e", "\n\n".join(REPORTS[:2]))
        for number in (1, 3, 4, 5):
            store.forget(str(number), NOW)
        assert stories(folder) == []


class TestTheWindow:
    def test_what_is_older_is_not_looked_at(self, store: Store) -> None:
        put(store, "a", REPORTS[0])
        put(store, "b", edited(REPORTS[0]), at=NOW + 15 * DAY)
        put(store, "c", edited(REPORTS[0], 2), at=NOW + 20 * DAY)
        assert groups(store) == [(1, None), (2, 1), (3, 1)]

    def test_it_can_be_nothing(self, folder: Path) -> None:
        with Store(folder, window=timedelta(0)) as store:
            put(store, "a", REPORTS[0])
            put(store, "b", edited(REPORTS[0]))
            put(store, "c", REPORTS[0], title="Headline of a")  # exact copies are found all the same
            assert groups(store) == [(1, 1), (2, None), (3, 1)]
        assert rows(folder / "news.db", "SELECT count(*) FROM sketches") == [(0,)]

    def test_generations_follow_each_other_and_old_ones_go(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "_KEPT", 2)
        for week in range(8):
            put(store, f"site{week}", REPORTS[week], at=NOW + 7 * week * DAY)
        found = rows(folder / "news.db", "SELECT generation, count(DISTINCT article_id) FROM sketches GROUP BY 1")
        assert found == [(1, 2), (2, 2), (3, 2), (4, 2)]
        with store.transaction():
            while store.sketches.drop_old(15) == 15:
                pass
        assert rows(folder / "news.db", "SELECT DISTINCT generation FROM sketches") == [(3,), (4,)]
        assert rows(folder / "news.db", "SELECT id FROM generations") == [(3,), (4,)]

    def test_a_generation_has_room_for_so_many(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(index, "_ROOM", 2)
        monkeypatch.setattr(index, "_KEPT", 2)
        for number in range(5):
            put(store, f"site{number}", REPORTS[number])
        put(store, "copy", edited(REPORTS[1]))  # two generations back
        put(store, "other", edited(REPORTS[3]))
        assert groups(store)[5:] == [(6, None), (7, 1)]

    def test_copies_are_found_in_every_generation_that_is_looked_at(
        self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(index, "_ROOM", 2)
        for number in range(8):
            put(store, f"site{number}", REPORTS[number])
        filters = "SELECT id, length(filter) FROM generations"
        assert rows(folder / "news.db", filters) == [(0, None), (1, 524_288), (2, 524_288), (3, None), (4, None)]
        (kept,) = store._news.execute("SELECT filter FROM generations WHERE id = 1").fetchone()  # noqa: SLF001
        others = range(1, 2**47, 2**34)
        assert len(index._passing(kept, others)) < len(others) / 100  # noqa: SLF001 - what lets all through is no filter
        for number in range(8):
            put(store, f"copy{number}", edited(REPORTS[number]))
        assert [story for _, story in groups(store)] == [1, 2, 3, 4, 5, 6, 7, 8] * 2

    def test_set_phrases_lead_nowhere(self, store: Store, folder: Path) -> None:
        for number in range(40):
            text = filled("[n:1-9]" * 3, random.Random(number)) + f" {number} " + REPORTS[number % 2 + 4]  # noqa: S311
            put(store, f"site{number}", REPORTS[0] + "\n\n" + text * (number % 3))
        uses = "SELECT max(uses) FROM (SELECT count(*) AS uses FROM sketches GROUP BY generation, hash)"
        assert rows(folder / "news.db", uses) == [(32,)]
        assert {story for _, story in groups(store)} == {1}


OLD = """
INSERT INTO stories (id, title, created_at) VALUES (1, 'Two', '2026-11-20T00:00:00Z');
INSERT INTO stories (id, title, created_at) VALUES (2, 'One', '2026-11-20T00:00:00Z');
"""


@pytest.fixture
def old(folder: Path) -> Iterator[sqlite3.Connection]:
    """A database of the version before there were near-copies."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as conn:
        conn.execute(f"PRAGMA application_id = {migrations.NEWS_ID}")
        migrations.news.apply(Database(conn), stop_before="m011_stories")
        conn.executescript(OLD)
        yield conn


def insert(conn: sqlite3.Connection, number: int, body: str, story: int | None = None, **changes: str) -> None:
    new = candidate(article(url=f"https://old{number}.example/", body=body))
    columns = {
        "id": number, "kind": "article", "url": new.article.url, "url_key": new.keys[0], "title": "Old",
        "published_at": "2026-11-20T10:00:00Z", "published_zone": "given", "body": body, "body_markdown": "",
        "word_count": 9, "story_id": story, "first_seen_at": "2026-11-22T00:00:00Z",
        "fetched_at": "2026-11-22T00:00:00Z", "content_hash": new.content_hash, "extractor": "",
    } | changes  # fmt: skip
    marks = ", ".join("?" * len(columns))
    conn.execute(f"INSERT INTO articles ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))


def test_an_old_database_keeps_its_stories(old: sqlite3.Connection, folder: Path) -> None:
    insert(old, 1, REPORTS[0], 1)
    insert(old, 2, REPORTS[0], 1, published_at="2026-11-20T09:00:00Z")
    insert(old, 3, REPORTS[1], 2)  # its copy was forgotten
    with Store(folder) as store:
        assert groups(store) == [(1, 1), (2, 1), (3, None)]
        story = store.story(1)
        assert (ids(story), story.first, story.lead, story.title) == ([2, 1], 2, 2, "Two")
        put(store, "new", edited(REPORTS[0]))
        assert groups(store)[3] == (4, None)  # nothing is known of the old ones' words yet
    assert stories(folder) == [(1, 2, 2, None)]


def test_near_copies_among_what_was_there_before_are_found_bit_by_bit(old: sqlite3.Connection, folder: Path) -> None:
    insert(old, 1, REPORTS[0], first_seen_at=instant(NOW - 20 * DAY))
    insert(old, 2, REPORTS[1])
    insert(old, 3, edited(REPORTS[1]))
    insert(old, 4, REPORTS[2])
    insert(old, 5, "short")
    with Store(folder) as store:
        put(store, "new", edited(REPORTS[2]))
        put(store, "other", REPORTS[3])
        read = []
        while count := store.catch_up(NOW, 2):
            read.append(count)
        assert read == [2, 2]  # the first is too old
        assert groups(store) == [(1, None), (2, 2), (3, 2), (4, 1), (5, None), (6, 1), (7, None)]
        assert store.catch_up(NOW, 2) == 0


def test_a_story_of_a_number_that_is_none(store: Store) -> None:
    for which in ("s1", "s" + "9" * 30, "1", "nowhere.example"):
        with pytest.raises(NotStored):
            store.story(which)


def test_what_is_unchanged_is_not_looked_for_again(store: Store, folder: Path) -> None:
    put(store, "a", REPORTS[0])
    before = rows(folder / "news.db", "SELECT * FROM sketches")
    put(store, "a", REPORTS[0], at=LATER)
    assert rows(folder / "news.db", "SELECT * FROM sketches") == before


def test_a_large_story_has_an_end(store: Store) -> None:
    stored: list[StoredArticle] = []
    for number in range(40):
        put(store, f"site{number}", edited(REPORTS[0], number), published_at=instant(NOW - number * DAY / 24))
    stored = list(store.export())
    assert {one.story_id for one in stored} == {1}
    assert store.story(1).first == 40


def test_of_a_large_story_whose_first_changes_the_rest_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(election, "_VOTERS", 2)
    for number in range(6):
        put(store, f"site{number}", edited(REPORTS[0], number))
    put(store, "site0", REPORTS[1], at=LATER)
    assert groups(store) == [(1, None), *((number, 1) for number in range(2, 7))]
