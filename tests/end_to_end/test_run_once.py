"""`scrape run --once` over the whole local news site."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from tests.end_to_end.harness import Newsroom


def test_every_article_is_stored_once_as_expected(newsroom: Newsroom) -> None:
    newsroom.run("run", "--once")
    stored = newsroom.articles()
    assert set(stored) == set(newsroom.site.expected)
    for url, expected in newsroom.site.expected.items():
        found = {name: stored[url][name] for name in ("title", "published_at", "published_zone", "authors", "language")}
        assert found == {name: expected.get(name) for name in found}, url


def test_what_is_no_article_ends_as_an_outcome_with_its_reason(newsroom: Newsroom) -> None:
    newsroom.run("run", "--once")
    outcomes = dict(newsroom.rows("SELECT url, outcome || ', ' || reason FROM entries"))
    specials = {url: kind for outlet in newsroom.site.outlets.values() for kind, url in outlet.special.items()}
    told = {
        kind: {outcome for url, outcome in outcomes.items() if specials.get(url.partition("?")[0]) == kind}
        for kind in ("robots", "missing", "consent", "redirect")
    }
    assert told == {
        "robots": {"skipped, robots.txt"},
        "missing": {"skipped, gone"},
        "consent": {"skipped, consent wall"},
        "redirect": {"duplicate, known article"},
    }


def test_the_second_run_has_nothing_to_do(newsroom: Newsroom) -> None:
    newsroom.run("run", "--once")
    before = newsroom.rows("SELECT id, revision, content_hash FROM articles")
    newsroom.site.forget_requests()
    assert "nothing was due" in newsroom.run("run", "--once").stdout
    assert not newsroom.site.requests
    assert newsroom.rows("SELECT id, revision, content_hash FROM articles") == before


def test_a_poll_that_is_due_again_is_conditional_and_adds_nothing(newsroom: Newsroom) -> None:
    newsroom.run("run", "--once")
    newsroom.site.forget_requests()
    _make_due(newsroom)
    newsroom.run("run", "--once")
    # An index that did not change may list sitemaps that did: that source is asked again in full.
    conditional = [r for r in newsroom.site.requests if r.host != "le-courrier-du-port.example"]
    assert len(conditional) == len(newsroom.site.outlets) - 1
    assert {request.status for request in conditional} == {304}
    assert {row[0] for row in newsroom.rows("SELECT last_outcome FROM sources")} == {"unchanged"}


def test_a_changed_article_keeps_its_old_text(newsroom: Newsroom) -> None:
    url = "http://harbour-gazette.example/2026/11/12/breakwater-repair-bill/"
    newsroom.run("fetch", url)
    page = newsroom.rows("SELECT body_hash FROM pages", database="pages.db")
    assert len(page) == 1
    html = _page(newsroom, url).replace(b"Breakwater repair bill doubles", b"Breakwater repair bill triples")
    newsroom.site.override(url, body=html)
    assert "revised #1: title changed" in newsroom.run("fetch", url).stdout
    assert newsroom.rows("SELECT revision, title FROM articles") == [
        (2, "Breakwater repair bill triples as divers find older damage")
    ]
    assert newsroom.rows("SELECT revision, title FROM revisions") == [
        (1, "Breakwater repair bill doubles as divers find older damage")
    ]
    assert len(newsroom.rows("SELECT id FROM pages", database="pages.db")) == 2


def test_the_syndicated_story_is_two_articles_of_one_story(newsroom: Newsroom) -> None:
    newsroom.run("run", "--once")
    rows = newsroom.rows("SELECT url, story_id FROM articles WHERE story_id IS NOT NULL ORDER BY url")
    assert [url for url, _ in rows] == [
        "http://harbour-gazette.example/2026/11/16/lighthouse-logbooks-weather/",
        "http://old-county-post.example/news/lighthouse-logbooks.html",
    ]
    assert len({story for _, story in rows}) == 1


def test_hosts_are_asked_politely(newsroom: Newsroom) -> None:
    spacing = 0.15
    newsroom.follow(list(newsroom.site.outlets.values())[:4], spacing=f"{spacing}s")
    newsroom.run("run", "--once")
    by_host: dict[str, list[float]] = defaultdict(list)
    for request in newsroom.site.requests:
        by_host[request.host].append(request.at)
    assert len(by_host) == 4
    for host, moments in by_host.items():
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert min(gaps) >= spacing * 0.95, host
    paths = [request.url for request in newsroom.site.requests]
    assert not [path for path in paths if "/print/" in path]
    agents = {request.user_agent for request in newsroom.site.requests}
    assert len(agents) == 1
    assert "demo@localhost" in agents.pop()


def _make_due(newsroom: Newsroom) -> None:
    import sqlite3

    with sqlite3.connect(newsroom.home / "storage" / "news.db") as connection:
        connection.execute("UPDATE sources SET next_due = '2000-01-01T00:00:00Z'")
    connection.close()


def _page(newsroom: Newsroom, url: str) -> bytes:
    import urllib.request

    path = url.removeprefix("http://harbour-gazette.example")
    request = urllib.request.Request(
        f"http://127.0.0.1:{newsroom.site.port}{path}", headers={"Host": "harbour-gazette.example"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own site
        body: bytes = answer.read()
    return body
