from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from scraper.errors import DatabaseDamaged
from scraper.model import Kind
from scraper.store import Filters, Selection, Store
from tests.store.samples import LATER, article, run_sql, save


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with Store(tmp_path) as store:
        for at, (day, kind) in enumerate(
            [("2026-11-20", Kind.ARTICLE), ("2026-11-22", Kind.TEASER), ("2026-11-21T09:00:00Z", Kind.LIVE)], 1
        ):
            url, text = f"https://paper{at}.example/2026/the-story-{at}", f"What report {at} says of the quay."
            save(store, article(url=url, title=f"Story {at}", body=text, published_at=day, kind=kind))
    return Store(tmp_path)


@pytest.mark.parametrize(
    ("selection", "ids", "newest"),
    [
        (Selection(), [1, 2, 3], [2, 3, 1]),
        (Selection(limit=2), [2, 3], [2, 3]),
        (Selection(kinds=("teaser", "live")), [2, 3], [2, 3]),
        (Selection(query="report -2"), [1, 3], [3, 1]),
        (Selection(query='"report 3" OR title:1'), [1, 3], [3, 1]),
        (Selection(query="report", limit=1), [2], [2]),
        (Selection(query="'\"\0"), [], []),
        (Selection(Filters(since="2026-11-21")), [2, 3], [2, 3]),
        (Selection(Filters(since="2027-01-01")), [], []),
    ],
)
def test_what_is_chosen(store: Store, selection: Selection, ids: list[int], newest: list[int]) -> None:
    with store:
        assert list(store.select(selection)) == ids
        assert list(store.select(selection, newest=True)) == newest
        assert [stored.id for stored in store.each(store.select(selection))] == ids
        assert (store.updated_at(selection) is None) == (not ids)


def test_when_they_last_changed(store: Store) -> None:
    with store:
        assert store.updated_at(Selection()) == "2026-11-22T00:00:00Z"
        url = "https://paper1.example/2026/the-story-1"
        save(store, article(url=url, title="Story 1", body="Another text by far.", published_at="2026-11-20"), at=LATER)
        assert store.updated_at(Selection()) == store.revised_at(store.get(1)) == "2026-11-23T11:00:00Z"
        assert store.updated_at(Selection(limit=1)) == "2026-11-22T00:00:00Z"
        assert store.revised_at(store.get(2)) is None


def test_one_that_went_away_meanwhile_is_left_out(store: Store) -> None:
    with store:
        assert [stored.id for stored in store.each(array("q", [1, 7, 3]))] == [1, 3]


def test_one_that_cannot_be_read_is_told_and_the_others_are_read(store: Store) -> None:
    run_sql(store.folder / "news.db", "UPDATE articles SET authors = 'x' WHERE id = 2")
    told: list[DatabaseDamaged] = []
    with store:
        assert [stored.id for stored in store.each(store.select(Selection()), told.append)] == [1, 3]
        assert "article 2 cannot be read" in str(told[0])
        with pytest.raises(DatabaseDamaged):
            list(store.each(store.select(Selection())))
