"""What programs rely on when they read a store, as docs/api.md has it."""

from __future__ import annotations

import re
import tracemalloc
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import BadURL, BadUsage, Forgotten, NotAnArticle, StoreError
from scraper.model import Article, Kind
from scraper.store import Filters, Store, Story
from scraper.store import stories as election
from tests.dedupe.made_up import written
from tests.store.samples import LATER, NOW, article, rows, save, source

REPORTS = [report.body for report in written()]


def paper(number: int) -> str:
    return f"https://paper{number}.example/story"


def test_the_latest_are_those_published_last(store: Store) -> None:
    for number, day in enumerate(("2026-11-20", "2026-11-22", "2026-11-21"), start=1):
        save(store, article(url=paper(number), title=f"Of {day}", published_at=day, summary=f"On {day}"))
    assert [(hit.id, hit.snippet) for hit in store.latest(2)] == [(2, "On 2026-11-22"), (3, "On 2026-11-21")]
    assert [hit.id for hit in store.latest(filters=Filters(until="2026-11-20"))] == [1]


def test_stories_come_the_latest_first_whole_and_as_they_are_asked_for(store: Store) -> None:
    for number, body in enumerate(REPORTS[:3]):
        for copy in range(2):
            at = NOW + timedelta(hours=number)
            save(store, article(url=paper(10 * number + copy), title=f"Story {number}", body=body), at=at)
    found = list(store.stories())
    assert [(story.id, story.title, len(story.copies)) for story in found] == [
        (3, "Story 2", 2),
        (2, "Story 1", 2),
        (1, "Story 0", 2),
    ]
    assert found[0] == store.story("s3")
    assert [story.id for story in store.stories(limit=1)] == [3]
    assert [story.id for story in store.stories(since="2026-11-23T11:00:00Z")] == [3, 2]


def test_a_story_that_ends_while_they_are_read_is_left_out(store: Store, folder: Path) -> None:
    for number, body in enumerate(REPORTS[:3]):
        for copy in range(2):
            save(store, article(url=paper(10 * number + copy), body=body, title=f"{number}"))
    reading = store.stories()
    first = next(reading)
    with Store(folder) as other:
        merged = election.Stories(other._news)  # noqa: SLF001 - what a copy of both would bring about
        with other.transaction():
            merged._merge(2, into=1)  # noqa: SLF001
    rest: list[Story] = list(reading)
    assert (first.id, [(story.id, len(story.copies)) for story in rest]) == (3, [(1, 4)])


def test_articles_are_added_without_a_page_and_are_known_again(store: Store, folder: Path) -> None:
    new = Article("https://news.example/harbour?utm_source=feed", "Harbour opens", "The first ship came in.")
    assert store.add(new, now=NOW) == store.add(new) == 1
    changed = Article("https://news.example/harbour", "Harbour shuts", "The last ship went out at noon.")
    assert store.add(changed, now=LATER) == 1
    stored = store.get(1)
    assert (stored.article.title, stored.article.url, stored.revision) == ("Harbour shuts", changed.url, 2)
    assert [each.title for each in store.revisions(1)] == ["Harbour opens"]
    assert rows(folder / "pages.db", "SELECT count(*) FROM pages") == [(0,)]


def test_what_cannot_be_added_says_so(store: Store) -> None:
    with pytest.raises(BadURL):
        store.add(Article("", "Harbour opens", "The first ship came in."))
    hub = article(kind=Kind.OTHER, evidence={"kind": "hub: a list"})
    with pytest.raises(NotAnArticle, match="a list"):
        store.add(hub)
    store.add(article())
    store.erase(["1"], NOW)
    with pytest.raises(Forgotten, match="scrape forget"):
        store.add(article())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("2026-11-20T14:00:00+05:00", "2026-11-20T09:00:00Z"),
        ("2026-11-20T14:00:00.5Z", "2026-11-20T14:00:00Z"),
        ("2026-11-20", "2026-11-20"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 14, tzinfo=timezone(timedelta(hours=-5))), "2026-11-20T19:00:00Z"),
    ],
)
def test_dates_are_kept_as_text_whose_order_is_that_of_time(store: Store, said: Any, kept: str) -> None:
    found = store.get(store.add(article(published_at=said, modified_at=said))).article
    assert (found.published_at, found.modified_at) == (kept, kept)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"published_at": "last monday"}, "published_at: 'last monday' is no day"),
        ({"published_at": "2026-11-20T14:00:00"}, "published_at: '2026-11-20T14:00:00' is no day, and no instant with"),
        ({"modified_at": "0001-01-01T00:00:00+05:00"}, "modified_at: "),
        ({"modified_at": 1_700_000_000}, "modified_at: '1700000000' is no day"),
        ({"authors": "Ada"}, "authors: Expected `tuple`, got `str`"),
        ({"tags": ("a", 1)}, r"tags\[1\]: Expected `str`, got `int`"),
        ({"kind": "essay"}, "kind: Invalid enum value 'essay'"),
        ({"title": None}, "title: Expected `str`, got `None`"),
        ({"title": " ", "body": "\n"}, "title, body: "),
        ({"word_count": -1}, "word_count: "),
    ],
)
def test_what_cannot_be_stored_as_it_is_is_refused_by_name(
    store: Store, changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(BadUsage, match=complaint):
        store.add(article(**changes))
    assert store.latest() == []


def test_a_kind_may_be_text_and_a_list_stand_for_a_tuple(store: Store) -> None:
    found = store.get(store.add(article(kind="live", authors=["Ada"]))).article
    assert (found.kind, found.authors) == (Kind.LIVE, ("Ada",))


def test_words_are_counted_unless_they_were(store: Store) -> None:
    one, other = article(word_count=0), article(url=paper(2), body="The quay is shut.", word_count=700)
    assert [store.get(store.add(each)).article.word_count for each in (one, other)] == [5, 700]


def test_a_source_that_nobody_knows_is_not_dropped_in_silence(store: Store) -> None:
    with pytest.raises(BadUsage, match="'herald' is none that"):
        store.add(article(), source="herald")
    with store.transaction():
        store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
    assert store.get(store.add(article(), source="herald")).source == "herald"


def test_a_home_in_place_of_its_storage_is_told_where_that_lies(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "scraper.toml").touch()
    for readonly in (True, False):
        with pytest.raises(BadUsage, match=re.escape(f"lie in {tmp_path / 'storage'}")):
            Store(tmp_path, readonly=readonly)
    assert list(tmp_path.iterdir()) == [tmp_path / "config"]


def test_nothing_is_written_through_one_that_only_reads(empty: Path) -> None:
    with Store(empty, readonly=True) as reader, pytest.raises(StoreError, match="was opened readonly"):
        reader.add(article())


def test_all_of_them_in_bounded_memory_and_without_holding_up_the_log(store: Store, folder: Path) -> None:
    body = "All work and no play. " * 2000
    with store.transaction():
        for number in range(250):
            save(store, article(url=paper(number), title=f"{number}", body=f"{number} {body}"))
    tracemalloc.start()
    reading = store.export()
    seen = [next(reading).id]
    with Store(folder) as other:
        other.forget("200", NOW)
        save(other, article(url=paper(999), title="Late"))
        other.scrub()  # raises DatabaseBusy where somebody reads
    seen += [stored.id for stored in reading]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seen == [number for number in range(1, 251) if number != 200]
    assert most < 250 * len(body)  # each is there as body and as Markdown, so half of them would be more
