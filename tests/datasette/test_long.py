"""What is longer than a page shows: it says so, and leads on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from scraper.dedupe import candidate
from scraper.model import Article, instant
from scraper.store import Store
from tests.datasette.archive import serving, ship_storage

DAY = datetime(2026, 11, 20, 6, tzinfo=UTC)
CHANGES, COPIES, OTHERS = 129, 60, 520
PRESS = " ".join(f"The ministry opens store {number} to the farmers of the district." for number in range(40))
FLOOD = "\n\n".join(f"Update {number}: the river rose by {number} centimetres." for number in range(5000))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Article 1 was changed often, 2 is a long one, 3 to 62 are copies of one text; the others are older, all of 1
    November or before.
    """
    folder = tmp_path_factory.mktemp("home") / "storage"
    ship_storage(folder)
    live = Article("https://a.example/live", "Live", "It begins.", published_at=instant(DAY))
    long = Article("https://a.example/long", "Long", FLOOD, published_at=instant(DAY))
    with Store(folder) as store, store.transaction():
        for number in range(CHANGES + 1):
            one = replace(live, body=f"{live.body} {number} boats came.")
            store.save(candidate(one), None, None, DAY + timedelta(hours=number))
        for text in (FLOOD, f"{FLOOD}\n\nCorrection: the minister never said so."):
            store.save(candidate(replace(long, body=text)), None, None, DAY)
        for number in range(COPIES):
            at = DAY + timedelta(minutes=number)
            copy = Article(f"https://copy{number}.example/x", "Stores open", PRESS, published_at=instant(at))
            store.save(candidate(copy), None, None, at)
        for number in range(OTHERS):
            day = "2026-11-01" if number else "2026-10-31"
            other = Article(f"https://a.example/{number}", f"Other {number}", f"Text {number}", published_at=day)
            store.save(candidate(other), None, None, DAY)
    with serving(folder) as client:
        yield client


def text_of(site: httpx.Client, path: str) -> str:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def test_an_article_of_many_versions_counts_them_all_and_shows_the_latest(site: httpx.Client) -> None:
    text = text_of(site, "/-/article/1")
    assert f"The text changed {CHANGES} times" in text
    assert f"The present version and the latest 100 of {CHANGES} before it" in text
    assert text.count(">from ") == 100
    assert f'href="/-/article/1/diff/1/{CHANGES + 1}">From the first' in text


def test_any_two_versions_can_be_compared(site: httpx.Client) -> None:
    assert "<del>0</del><ins>129</ins> boats" in text_of(site, f"/-/article/1/diff/1/{CHANGES + 1}")
    assert "version 1 (stored <time" in text_of(site, "/-/article/1/diff/1/2")
    # The oldest of those that the article's page shows took the place of one that it does not.
    oldest = text_of(site, "/-/article/1/diff/30/31")
    assert 'version 30 (stored <time datetime="2026-11-21T11:00:00Z">' in oldest
    assert 'version 31 (stored <time datetime="2026-11-21T12:00:00Z">' in oldest


def test_a_correction_at_the_end_of_a_long_text_is_shown(site: httpx.Client) -> None:
    text = text_of(site, "/-/article/2/diff/1/2")
    assert "Correction: the minister never said so.</ins>" in text
    assert "The texts go on" not in text


def test_a_story_of_many_copies_counts_them_all_and_shows_the_one_that_is_read(site: httpx.Client) -> None:
    assert f"and {COPIES - 5} more</span>" in text_of(site, "/")
    for number in (3, 2 + COPIES):
        text = text_of(site, f"/-/article/{number}")
        assert text.count("(this one)") == 1
        assert re.search(rf'<a href="/news/articles\?story_id=\d+">{COPIES - 50} more</a>', text)


def test_a_list_that_ends_leads_on(site: httpx.Client) -> None:
    assert "These pages end here" not in text_of(site, "/-/search?page=24")
    last = text_of(site, "/-/search?page=25")
    assert "Next page" not in last
    (on,) = re.findall(r'<a href="([^"]+)">on from <time datetime="2026-11-01">', last)
    more = text_of(site, unescape(on))
    assert "Newest first" in more
    assert "Other 519" in more


def test_where_it_cannot_lead_on_it_says_what_does(site: httpx.Client) -> None:
    last = text_of(site, "/-/search?until=2026-11-01&page=25")
    assert "on from" not in last
    assert "A source or a word narrows them" in last
    assert "Other 0<" in text_of(site, "/-/search?until=2026-10-31")
