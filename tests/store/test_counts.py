from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.model import Outcome
from scraper.store import Filters, Store
from scraper.store.counts import Count, Per
from tests.dedupe.made_up import written
from tests.store.samples import NOW, article, attempt, save, source

DAYS = ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22")
BODIES = (
    "One ship came in today.",
    "Two trains left the town.",
    "Three cows stood on a hill.",
    "Four cakes were baked.",
)
STORED: tuple[tuple[str | None, str | None, str | None, str], ...] = (
    ("2026-11-19T23:59:59Z", "herald", "en", "Ada Byron"),
    ("2026-11-20", "herald", "en-GB", "Bo Ek"),
    ("2026-11-20T10:00:00Z", "times", "fr", "Ada Byron"),
    (None, None, None, "Cy Dent"),  # stored at NOW
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path) as opened:
        with opened.transaction():
            for name in ("herald", "times"):
                opened._news.table("sources").insert(source(name))  # noqa: SLF001 - as `run` makes them
        for number, (when, paper, language, author) in enumerate(STORED):
            saved = article(
                url=f"https://n.example/{number}", title=f"T{number}", body=BODIES[number], published_at=when,
                language=language, authors=(author,),
            )  # fmt: skip
            save(opened, saved, source=paper)
        yield opened


def test_by_day_and_source(store: Store) -> None:
    assert store.counts(Filters(), Per.SOURCE, DAYS) == [
        Count(0, "herald", 1), Count(1, "herald", 1), Count(1, "times", 1),
    ]  # fmt: skip


def test_by_language(store: Store) -> None:
    assert {(count.place, count.name) for count in store.counts(Filters(), Per.LANGUAGE, DAYS)} == {
        (0, "en"), (1, "en-GB"), (1, "fr"),
    }  # fmt: skip


def test_where_no_date_was_found_the_day_of_storing_counts(store: Store) -> None:
    assert store.counts(Filters(), Per.SOURCE, ("2026-11-23", "2026-11-24")) == [Count(0, None, 1)]


def test_an_hour_has_none_of_which_the_day_alone_is_known(store: Store) -> None:
    hours = ("2026-11-19T22", "2026-11-19T23", "2026-11-20T00", "2026-11-20T11")
    assert store.counts(Filters(), Per.SOURCE, hours) == [Count(1, "herald", 1), Count(2, "times", 1)]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(source="herald"), {(0, "herald"), (1, "herald")}),
        (Filters(language="en"), {(0, "herald"), (1, "herald")}),
        (Filters(author="ada"), {(0, "herald"), (1, "times")}),
        (Filters(author="ada", since="2026-11-20"), {(1, "times")}),
        (Filters(since="2026-11-20", until="2026-11-20"), {(1, "herald"), (1, "times")}),
        (Filters(until="2026-11-20T09:00:00Z"), {(0, "herald"), (1, "herald")}),
    ],
)
def test_the_filters_hold_here_too(store: Store, filters: Filters, found: set[tuple[int, str]]) -> None:
    assert {(count.place, count.name) for count in store.counts(filters, Per.SOURCE, DAYS)} == found


def test_the_latest(store: Store) -> None:
    assert store.latest_at() == "2026-11-23T10:00:00Z"
    assert store.latest_at(Filters(author="Byron")) == "2026-11-20T10:00:00Z"
    assert store.latest_at(Filters(source="herald")) == "2026-11-20"
    assert store.latest_at(Filters(source="nobody")) is None


@pytest.mark.parametrize("wrong", ["soon", "2027-02-31", "2027-13-45T99:00:00Z", "2027-01-19T25:00:00Z"])
def test_what_is_no_day_is_not_the_latest(store: Store, wrong: str) -> None:
    with store._news.atomic():  # noqa: SLF001 - no way of ours stores it
        store._news.execute("UPDATE articles SET published_at = ? WHERE id = 1", (wrong,))  # noqa: SLF001 - the same
    assert store.latest_at() == "2026-11-23T10:00:00Z"


def test_a_million_are_counted_from_an_index(store: Store) -> None:
    asked: list[str] = []
    store._news.conn.set_trace_callback(asked.append)  # noqa: SLF001 - what is really asked
    store.counts(Filters(source="herald", language="en"), Per.SOURCE, DAYS)
    store.latest_at(Filters(source="herald"))
    store.counts(Filters(author="ada"), Per.LANGUAGE, DAYS)
    store._news.conn.set_trace_callback(None)  # noqa: SLF001 - the same
    counted = [sql for sql in asked if "FROM articles" in sql]
    assert len(counted) == 5
    plans = [[row[3] for row in store._news.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in counted]  # noqa: SLF001
    of_articles = [next(step for step in plan if " articles " in step) for plan in plans]
    assert of_articles[:3] == ["SEARCH articles USING INDEX articles_latest (<expr>>? AND <expr><?)"] * 3
    assert of_articles[3] == "SEARCH articles USING INDEX articles_latest (<expr>>?)"
    assert of_articles[4].endswith("USING COVERING INDEX articles_facts")


def test_changes_lately(store: Store) -> None:
    for hour, title in enumerate(("Old", "New", "Newest"), 1):
        changed = article(url="https://n.example/0", title=title, body=BODIES[0], language="en", authors=("Ada Byron",))
        save(store, changed, at=NOW + timedelta(hours=hour))
    assert [(each.id, each.title, each.revision) for each in store.changed(Filters(), 20)] == [
        (1, "Newest", 3),
        (1, "Newest", 2),
        (1, "Newest", 1),
    ]
    assert [each.revision for each in store.changed(Filters(source="herald", author="ada"), 1)] == [3]
    assert store.changed(Filters(source="times"), 20) == []
    assert [each.revision for each in store.changed(Filters(since="2026-11-23T12:00:00Z"), 20)] == [3, 2]
    assert [each.revision for each in store.changed(Filters(until="2026-11-23T12:00:00Z"), 20)] == [2, 1]


def test_stories_lately(store: Store) -> None:
    report = written()[0].body
    for paper in ("herald", "times"):
        save(store, article(url=f"https://{paper}.example/", body=report, language="en"), source=paper)
    (story,) = store.told(Filters(), 20)
    assert (story.articles, story.created_at, story.title) == (2, "2026-11-23T10:00:00Z", "Harbour opens")
    for filters in (Filters(source="herald"), Filters(source="times", language="en"), Filters(until="2026-11-23")):
        assert store.told(filters, 20) == [story]
    for filters in (Filters(language="fr"), Filters(since="2026-11-24"), Filters(until="2026-11-22")):
        assert store.told(filters, 20) == []


def test_failures_lately(store: Store) -> None:
    for day, outcome in ((20, Outcome.FAILED), (21, Outcome.SAVED), (22, Outcome.SKIPPED)):
        at = NOW.replace(day=day)
        store.note(
            attempt(url=f"https://n.example/{day}", outcome=outcome, at=at, source="times" if day == 22 else None)
        )
    assert [row["url"][-2:] for row in store.in_vain(Filters(), 20)] == ["22", "20"]
    assert [row["url"][-2:] for row in store.in_vain(Filters(), 1)] == ["22"]
    assert [row["url"][-2:] for row in store.in_vain(Filters(until="2026-11-20"), 20)] == ["20"]
    assert [row["source"] for row in store.in_vain(Filters(source="times", since="2026-11-21"), 20)] == ["times"]
