"""`scrape run --once` over the whole local news site."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from itertools import pairwise

from tests.end_to_end.harness import Newsroom


def test_every_article_is_stored_once_as_expected(visited: Newsroom) -> None:
    stored = visited.articles()
    assert set(stored) == set(visited.site.expected)
    for url, expected in visited.site.expected.items():
        found = {name: stored[url][name] for name in ("title", "published_at", "published_zone", "authors", "language")}
        assert found == {name: expected.get(name) for name in found}, url


def test_what_is_no_article_ends_as_an_outcome_with_its_reason(visited: Newsroom) -> None:
    outcomes = dict(visited.rows("SELECT url, outcome || ', ' || reason FROM entries"))
    specials = {url: kind for outlet in visited.site.outlets.values() for kind, url in outlet.special.items()}
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


def test_the_second_run_has_nothing_to_do(visited: Newsroom) -> None:
    before = visited.rows("SELECT id, revision, content_hash FROM articles")
    visited.site.forget_requests()
    assert "nothing was due" in visited.run("run", "--once").stdout
    assert not visited.site.requests
    assert visited.rows("SELECT id, revision, content_hash FROM articles") == before


def test_a_poll_that_is_due_again_is_conditional_and_adds_nothing(visited: Newsroom) -> None:
    visited.site.forget_requests()
    _make_due(visited)
    visited.run("run", "--once")
    # An index that did not change may list sitemaps that did: that source is asked again in full.
    conditional = [r for r in visited.site.requests if r.host != "le-courrier-du-port.example"]
    assert len(conditional) == len(visited.site.outlets) - 1
    assert {request.status for request in conditional} == {304}
    assert {row[0] for row in visited.rows("SELECT last_outcome FROM sources")} == {"unchanged"}


def test_a_changed_article_keeps_its_old_text(newsroom: Newsroom) -> None:
    url = "http://harbour-gazette.example/2026/11/12/breakwater-repair-bill/"
    newsroom.run("fetch", url)
    page = newsroom.rows("SELECT body_hash FROM pages", database="pages.db")
    assert len(page) == 1
    html = _page(newsroom, url).replace(b"Breakwater repair bill doubles", b"Breakwater repair bill triples")
    newsroom.site.override(url, body=html)
    assert "revised #1: headline changed" in newsroom.run("fetch", url).stdout
    assert newsroom.rows("SELECT revision, title FROM articles") == [
        (2, "Breakwater repair bill triples as divers find older damage")
    ]
    assert newsroom.rows("SELECT revision, title FROM revisions") == [
        (1, "Breakwater repair bill doubles as divers find older damage")
    ]
    assert len(newsroom.rows("SELECT id FROM pages", database="pages.db")) == 2


def test_the_syndicated_story_is_two_articles_of_one_story(visited: Newsroom) -> None:
    rows = visited.rows("SELECT url, story_id FROM articles WHERE story_id IS NOT NULL ORDER BY url")
    assert [url for url, _ in rows] == [
        "http://harbour-gazette.example/2026/11/16/lighthouse-logbooks-weather/",
        "http://old-county-post.example/news/lighthouse-logbooks.html",
    ]
    assert len({story for _, story in rows}) == 1


def test_a_host_that_asks_for_a_pause_is_left_alone_and_the_run_ends(newsroom: Newsroom) -> None:
    index = "http://le-courrier-du-port.example/sitemap.xml"
    part = b"<sitemap><loc>http://le-courrier-du-port.example/part-%d.xml</loc></sitemap>"
    parts = b"".join(part % number for number in range(5))
    newsroom.site.override(index, body=b"<?xml version='1.0'?><sitemapindex>" + parts + b"</sitemapindex>")
    for number in range(5):
        newsroom.site.override(
            f"http://le-courrier-du-port.example/part-{number}.xml", status=503, headers={"retry-after": "3600"}
        )
    done = newsroom.run("run", "--once", check=False)
    assert done.returncode == 1
    asked = [r for r in newsroom.site.requests if r.host == "le-courrier-du-port.example" and r.status == 503]
    assert len(asked) == 1
    due = newsroom.rows("SELECT next_due, last_fetched_at FROM sources WHERE name = 'le-courrier-du-port'")[0]
    assert due[0] > due[1]
    assert len(newsroom.articles()) == len(newsroom.site.expected) - 5


def test_what_a_wrong_clock_put_off_for_years_is_due_within_days(visited: Newsroom) -> None:
    _change(visited, "UPDATE sources SET next_due = '2099-01-01T00:00:00Z'")
    visited.run("run", "--once")
    assert {due[0][:2] for due in visited.rows("SELECT next_due FROM sources")} == {"20"}
    assert max(due[0] for due in visited.rows("SELECT next_due FROM sources")) < "2099"


def test_old_attempts_go_even_without_a_daemon(visited: Newsroom) -> None:
    _change(visited, "UPDATE fetches SET at = '2020-01-01T00:00:00Z' WHERE id > 1")
    visited.run("run", "--once")
    assert visited.rows("SELECT id FROM fetches") == [(1,)]


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
    _change(newsroom, "UPDATE sources SET next_due = '2000-01-01T00:00:00Z'")


def _change(newsroom: Newsroom, sql: str) -> None:
    with sqlite3.connect(newsroom.home / "storage" / "news.db") as connection:
        connection.execute(sql)
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
