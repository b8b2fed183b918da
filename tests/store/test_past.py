"""Pages that an archive hands over in any order make the history that they would have made in theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scraper.dedupe import candidate
from scraper.dedupe.past import Place, Version, place
from scraper.dedupe.renewal import renew
from scraper.model import Article, Kind, instant
from scraper.store import Store
from scraper.store.reparses import Selection
from tests.store.samples import NOW, article, page, rows

Sighting = tuple[int, str]
"""The day on which a text was fetched, and the text."""


def history(sightings: Sequence[Sighting]) -> list[Any]:
    """What is stored once these were handed over, one after the other."""
    with TemporaryDirectory() as folder:
        with Store(folder) as store, store.transaction():
            for day, text in sightings:
                new = candidate(article(title=f"Title {text}", body=f"Body {text}"))
                at = NOW + timedelta(days=day)
                store.save(new, page(body=text.encode(), fetched_at=at), None, at, past=True)
        news = Path(folder, "news.db")
        return [
            rows(news, "SELECT revision, title, fetched_at, replaced_at FROM revisions ORDER BY revision"),
            rows(news, "SELECT revision, title, first_seen_at, fetched_at FROM articles"),
            rows(Path(folder, "pages.db"), "SELECT fetched_at, rank FROM pages ORDER BY fetched_at"),
        ]


@settings(max_examples=20, deadline=None)  # each makes databases
@given(st.lists(st.sampled_from("ABC"), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_every_order_makes_the_same_history(texts: list[str], chance: Any) -> None:
    apart = [text for text, before in zip(texts, ["", *texts], strict=False) if text != before]
    # When a text was seen between its first and its last time is not kept: who came back twice may be told as once.
    assume(max(Counter(apart).values()) < 3)
    told = list(enumerate(apart))
    shuffled = told.copy()
    chance.shuffle(shuffled)
    assert history(shuffled) == history(told)


@settings(max_examples=20, deadline=None)  # each makes databases
@given(st.permutations([(0, "A"), (1, "A"), (2, "B"), (3, "B"), (4, "A"), (5, "C")]))
def test_texts_that_are_seen_again_are_no_versions_of_their_own(order: list[Sighting]) -> None:
    past, present, _ = history(order)
    assert [title for _, title, _, _ in past] == ["Title A", "Title B", "Title A"]
    assert present == [(4, "Title C", instant(NOW), instant(NOW + timedelta(days=5)))]
    assert [until >= at for _, _, at, until in past] == [True] * 3


def test_a_teaser_that_is_older_than_the_text_says_nothing_new(tmp_path: Path) -> None:
    whole, teaser = article(body="All of it."), replace(article(body="The beginning"), kind=Kind.TEASER)
    with Store(tmp_path) as store:
        for which, day in ((whole, 3), (teaser, 4), (whole, 1), (teaser, 2)):
            at = NOW + timedelta(days=day)
            store.save(candidate(which), page(body=which.body.encode(), fetched_at=at), None, at, past=True)
    assert rows(tmp_path / "news.db", "SELECT kind, body, revision, fetched_at FROM articles") == [
        ("article", "All of it.", 1, instant(NOW + timedelta(days=4)))
    ]
    assert rows(tmp_path / "pages.db", "SELECT count(*) FROM pages") == [(4,)]


def test_a_text_stands_in_for_a_newer_teaser(tmp_path: Path) -> None:
    whole, teaser = article(body="All of it."), replace(article(body="The beginning"), kind=Kind.TEASER)
    with Store(tmp_path) as store:
        for which, day in ((teaser, 2), (whole, 1)):
            at = NOW + timedelta(days=day)
            store.save(candidate(which), page(body=which.body.encode(), fetched_at=at), None, at, past=True)
    found = rows(tmp_path / "news.db", "SELECT kind, body, first_seen_at, fetched_at FROM articles")
    assert found == [("article", "All of it.", instant(NOW + timedelta(days=1)), instant(NOW + timedelta(days=2)))]


def version(number: int, text: str, since: int, seen: int) -> Version:
    return Version(number, Kind.ARTICLE, text, f"2026-01-{since:02}", f"2026-01-{seen:02}")


def test_places() -> None:
    known = [version(1, "A", 2, 2), version(2, "B", 4, 8)]
    for text, day, wanted in (
        ("A", 1, Place()),
        ("C", 1, Place(1)),
        ("A", 3, Place(seen=1)),
        ("B", 3, Place(ended=1)),
        ("C", 3, Place(2, ended=1)),
        ("B", 5, Place(seen=2)),
        ("C", 5, Place(2, splits=True)),
    ):
        assert place(known, Kind.ARTICLE, text, f"2026-01-{day:02}") == wanted, (text, day)
    assert place(known, Kind.TEASER, "T", "2026-01-03") == Place()
    assert place(known, Kind.TEASER, "T", "2026-01-01") == Place(1)


def seen(store: Store, which: Article, day: int, rules: str = "1") -> None:
    """An archive hands over what an article's page was on a day."""
    at, body = NOW + timedelta(days=day), f"{which.body} on {day}".encode()
    store.save(candidate(replace(which, extractor=rules)), page(body=body, fetched_at=at), None, at, past=True)


def test_what_newer_rules_read_of_the_same_page_is_no_version_before_them(tmp_path: Path) -> None:
    old, new = article(body="What the old rules read."), article(body="What the old rules read, and more.")
    with Store(tmp_path) as store, store.transaction():
        seen(store, old, 1)
        seen(store, old, 9)
        (standing,) = store.reparses.standings(Selection(ids=(1,)))
        reread = candidate(replace(new, extractor="2"))
        store.reparses.put(standing, "2", renew(store.get(1), reread, followed=True))
        assert store.renew(1, NOW + timedelta(days=20))
        for day in (5, 7, 3):
            seen(store, new, day, "2")
        assert [revision.reason for revision in store.articles.revisions.all(1)] == ["reparsed"]
        seen(store, article(body="Another text."), 4, "2")  # amid it
        seen(store, article(body="The first text."), 0, "2")
    found = rows(tmp_path / "news.db", "SELECT revision, reason, body FROM revisions ORDER BY revision")
    assert found == [
        (1, "changed", "The first text."),
        (2, "reparsed", old.body),
        (3, "changed", new.body),
        (4, "changed", "Another text."),
    ]
    assert rows(tmp_path / "news.db", "SELECT revision, body FROM articles") == [(5, new.body)]


def test_both_parts_of_a_version_that_another_splits_have_its_authors(tmp_path: Path) -> None:
    signed, other = article(authors=("Ann",)), article(body="Quite another text.", authors=("Bob",))
    with Store(tmp_path) as store, store.transaction():
        for which, day in ((signed, 1), (signed, 9), (other, 5)):
            seen(store, which, day)
    found = rows(tmp_path / "news.db", "SELECT authors FROM revisions ORDER BY revision")
    assert found == [('["Ann"]',), ('["Bob"]',)]


def test_a_page_that_was_there_before_its_end_is_still_gone(tmp_path: Path) -> None:
    key, end = "news.example/2026/11/harbour", instant(NOW + timedelta(days=10))
    with Store(tmp_path) as store, store.transaction():
        seen(store, article(), 1)
        store.articles.mark_gone([key], end)
        seen(store, article(), 5)
        assert (store.get(1).gone_at, store.get(1).fetched_at) == (end, instant(NOW + timedelta(days=5)))
        seen(store, article(), 11)
        assert store.get(1).gone_at is None
