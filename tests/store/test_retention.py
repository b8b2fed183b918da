"""Pages go by age and by size, what is least worth first; articles stay."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from scraper.dedupe import candidate
from scraper.model import Outcome, Page, instant
from scraper.store import Store
from scraper.store.retention import NEWEST, OLDER
from tests.store.samples import NOW, article, attempt, page, rows, run_sql

DAY = timedelta(days=1)


def noise(number: int, size: int = 40_000) -> bytes:
    return random.Random(number).randbytes(size)  # noqa: S311 - what does not compress


def filled(store: Store, days: int = 10) -> None:
    """A day: a refused page, an article of its own, and another version of one article."""
    for day in range(days):
        at = NOW + day * DAY
        with store.transaction():
            store.archive.add(page(f"https://a.example/hub/{day}", noise(3 * day), fetched_at=at), yielded=False)
        for number, url in ((1, f"https://a.example/own/{day}"), (2, "https://a.example/changing")):
            new = candidate(article(url=url, title=f"{number} {day}", body=f"Text {number} {day}"))
            store.save(new, page(url, noise(3 * day + number), fetched_at=at), None, at)


def left(folder: Path) -> list[tuple[str, int]]:
    """Pages by kind, and the day of the oldest."""
    sql = "SELECT substr(url, 19, 3), count(*) FROM pages GROUP BY 1 ORDER BY 1"
    return [(kind, count) for kind, count in rows(folder / "pages.db", sql)]


def test_age_spares_the_newest_page_of_every_article_if_so_configured(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        filled(store)
        assert left(tmp_path) == [("cha", 10), ("hub", 10), ("own", 10)]
        with store.transaction():
            dropped = store.retention.drop_before(instant(NOW + 6 * DAY), OLDER, 100)
        assert (dropped.pages, dropped.bodies, dropped.size >= 12 * 40_000) == (12, 12, True)
        assert left(tmp_path) == [("cha", 4), ("hub", 4), ("own", 10)]
        with store.transaction():
            assert store.retention.drop_before(instant(NOW + 6 * DAY), NEWEST, 4).pages == 4
        assert left(tmp_path) == [("cha", 4), ("hub", 4), ("own", 6)]
        assert store.articles.count() == 11
    assert rows(tmp_path / "pages.db", "PRAGMA foreign_key_check") == []
    assert rows(tmp_path / "pages.db", "SELECT count(*) FROM bodies") == [(14,)]


def test_size_takes_refused_pages_then_older_versions_then_the_oldest(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        filled(store)
        whole = store.retention.used()
        for goal, wanted in (
            (whole - 5 * 40_000, [("cha", 10), ("hub", 5), ("own", 10)]),
            (whole - 14 * 40_000, [("cha", 6), ("own", 10)]),
            (whole - 22 * 40_000, [("cha", 1), ("own", 7)]),
        ):
            with store.transaction():
                store.retention.drop_beyond(goal, NEWEST, 100)
            assert goal - 100_000 < store.retention.used() <= goal
            assert left(tmp_path) == wanted
        with store.transaction():
            assert store.retention.drop_beyond(0, OLDER, 100).pages == 0
        assert store.articles.count() == 11


def test_room_that_pages_left_is_taken_by_new_ones(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        filled(store, 20)
        store.scrub()
        size = (tmp_path / "pages.db").stat().st_size
        with store.transaction():
            store.retention.drop_beyond(store.retention.used() // 2, NEWEST, 100)
        for number in range(20):
            with store.transaction():
                store.archive.add(page(f"https://b.example/{number}", noise(1000 + number)))
        store.scrub()
        assert (tmp_path / "pages.db").stat().st_size <= size


def test_a_body_that_another_page_shares_stays(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        with store.transaction():
            store.archive.add(page("https://a.example/1", b"same"), yielded=False)
            store.archive.add(page("https://a.example/2", b"same"))
        with store.transaction():
            assert store.retention.drop_before("9", OLDER, 9).bodies == 0
        assert [each.body for each in store.archive.of(["a.example/2"])] == [b"same"]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_newest_page_is_known_whichever_came_first(order: tuple[int, int], tmp_path: Path) -> None:
    with Store(tmp_path) as store, store.transaction():
        for day in order:
            store.archive.add(page(body=b"%d" % day, fetched_at=NOW + day * DAY))
        store.archive.add(page(body=b"wall", fetched_at=NOW + 3 * DAY), yielded=False)
    found = rows(tmp_path / "pages.db", "SELECT rank FROM pages ORDER BY fetched_at")
    assert found == [(1,), (2,), (0,)]


def test_ranking_a_page_costs_the_same_however_many_others_there_are(tmp_path: Path) -> None:
    steps = [0]

    def step() -> int:
        steps[0] += 1
        return 0

    def cost(store: Store, url: str) -> int:
        with store.transaction():
            store._pages.conn.set_progress_handler(step, 1)  # noqa: SLF001 - counts what SQLite does, not seconds
            steps[0] = 0
            store.archive.add(page(url, b"same"))
            store._pages.conn.set_progress_handler(None, 0)  # noqa: SLF001
        return steps[0]

    with Store(tmp_path) as store:
        cost(store, "https://a.example/first")
        few = cost(store, "https://a.example/second")
        with store.transaction():
            for number in range(300):
                store.archive.add(page(f"https://b.example/{number}", b"same"))
        assert cost(store, "https://a.example/third") <= few + 10


def test_pages_that_an_earlier_version_kept_are_judged_by_what_came_of_them(tmp_path: Path) -> None:
    stored: list[tuple[Page, bool]] = []
    with Store(tmp_path) as store:
        for day, body in enumerate((b"one", b"two", b"wall")):
            at = NOW + day * DAY
            stored.append((page(body=body, fetched_at=at), body != b"wall"))
            if body == b"wall":
                with store.transaction():
                    store.archive.add(stored[-1][0])
                store.note(attempt(outcome=Outcome.SKIPPED, reason="consent wall", at=at))
            else:
                store.save(candidate(article(body=body.decode())), stored[-1][0], None, at)
        with store.transaction():
            store.archive.add(page("https://a.example/hub", b"hub"))
    run_sql(tmp_path / "pages.db", "DROP INDEX pages_rank")
    run_sql(tmp_path / "pages.db", "ALTER TABLE pages DROP COLUMN rank")
    run_sql(tmp_path / "pages.db", "DELETE FROM _sqlite_migrations WHERE name = 'p004_retention'")
    with Store(tmp_path) as store:
        assert rows(tmp_path / "pages.db", "SELECT DISTINCT rank FROM pages") == [(None,)]
        with store.transaction():
            assert store.retention.drop_before("9", NEWEST, 100).pages == 0
            assert [store.judge_pages(3), store.judge_pages(3), store.judge_pages(3)] == [3, 1, 0]
    found = rows(tmp_path / "pages.db", "SELECT final_url_key, rank FROM pages ORDER BY fetched_at, id")
    assert [rank for _, rank in found] == [1, 0, 2, 0]


def test_a_page_of_an_article_stands_in_for_one_of_its_other_addresses(tmp_path: Path) -> None:
    home = "https://a.example/story"
    with Store(tmp_path) as store:
        for day, text in ((0, "One text"), (1, "Quite another text")):
            url = f"{home}?t={day}"
            new = candidate(article(url=url, canonical_url=home, title="Story", body=text))
            store.save(new, page(url, noise(day), fetched_at=NOW + day * DAY), None, NOW + day * DAY)
        assert store.articles.count() == 1
    assert rows(tmp_path / "pages.db", "SELECT rank FROM pages ORDER BY fetched_at") == [(OLDER,), (NEWEST,)]
