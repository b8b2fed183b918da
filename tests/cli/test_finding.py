"""``scrape sources add`` of a site: what is found is shown, and written beside what is there."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.settings import parse_sources
from tests.cli.harness import command, environment, scrape
from tests.local_news import LocalNews, write_home
from tests.town import link, news, page, rss, stories

HOST = "harbour-gazette.example"
FRONT = f"http://{HOST}/"
FEED = f"http://{HOST}/feed.xml"
NEWS = f"http://{HOST}/news-sitemap.xml"
SHELL = '<div id="root"></div><script src="/app.js"></script>'
MINE = """\
# My own list.   Keep off!

[[source]]   # the good one
name = "county"
url = "http://old-county-post.example/news.html"
kind = 'page'       # not "feed"
"""


@pytest.fixture(scope="module")
def lively() -> Iterator[LocalNews]:
    """The local news with an outlet that published an hour ago, whenever that is."""
    with LocalNews() as site:
        site.override(FEED, body=rss(stories(HOST, 10), title="Harbour\x1b[31m Gazette").body)
        site.override(NEWS, body=news(stories(HOST, 10)).body)
        site.override("http://nordlicht-blatt.example/", body=page(body=SHELL).body)
        for name in ("feed", "rss", "rss.xml", "feed.xml", "atom.xml"):
            site.override(f"http://nordlicht-blatt.example/{name}", status=404, body=b"")
        for name in ("sitemap", "news-sitemap", "sitemap-news", "sitemap_index"):
            site.override(f"http://nordlicht-blatt.example/{name}.xml", status=404, body=b"")
        yield site


@pytest.fixture
def place(lively: LocalNews, tmp_path: Path) -> Path:
    write_home(tmp_path, lively.outlets, port=lively.port, spacing="10ms")
    (tmp_path / "config" / "sources.toml").write_text(MINE, encoding="utf-8")
    return tmp_path


def text_of(home: Path) -> str:
    return (home / "config" / "sources.toml").read_text(encoding="utf-8")


def test_a_site_is_added_by_its_address(place: Path, lively: LocalNews) -> None:
    lively.forget_requests()
    answer = scrape(place, "sources", "add", FRONT)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == f"{HOST}: a feed at {FEED}"
    assert lines[1] == "  Harbour[31m Gazette, en"  # nothing that steers a terminal
    assert lines[2] == "  announced by the page, the one feed"
    assert lines[3].startswith("  10 entries, the newest of ")
    assert " a day: to be asked every " in lines[3]
    assert [line[-len(title) :] for line, (_, title) in zip(lines[4:7], stories(HOST, 3), strict=True)] == [
        title for _, title in stories(HOST, 3)
    ]
    assert answer.err == ""  # what comes next is for a terminal: see test_hints.py
    text = text_of(place)
    assert text.startswith(MINE)
    _, added = parse_sources(text, place)
    assert (added.name, added.url, added.kind, added.language) == (HOST, FEED, "feed", "en")
    assert added.title == "Harbour[31m Gazette"
    assert added.interval is None  # its rhythm is learned
    assert [request.path for request in lively.requests] == ["/robots.txt", "/", "/feed.xml"]
    assert scrape(place, "sources", "remove", HOST).done() == f"{HOST}: removed\n"
    assert text_of(place).rstrip() == MINE.rstrip()


def test_a_dry_run_adds_nothing(place: Path) -> None:
    for flag in ("--dry-run", "--find"):
        out = scrape(place, "sources", "add", FRONT, flag).done()
        assert out.splitlines()[0] == f"{HOST}: a feed at {FEED} (not added)"
        assert "Not added:\n" in out
        assert f"  page {FRONT}: 6 links; the feed says more\n" in out
    assert text_of(place) == MINE


def test_what_is_found_as_json(place: Path) -> None:
    told = json.loads(scrape(place, "sources", "add", FRONT, "--json", "--dry-run").done())
    assert (told["url"], told["added"], told["asked"], told["notes"]) == (FRONT, False, 2, [])
    feed, front = told["found"]
    assert (feed["url"], feed["kind"], feed["origin"], feed["chosen"]) == (FEED, "feed", "head", True)
    assert (feed["name"], feed["followed"], feed["entries"], feed["articles"]) == (HOST, None, 10, 1.0)
    assert feed["interval"] >= 600
    assert 3 < feed["per_day"] < 7
    assert [one["title"] for one in feed["sample"]] == [title for _, title in stories(HOST, 3)]
    assert all(one["published_at"].endswith("Z") for one in feed["sample"])
    assert (front["kind"], front["name"], front["why"]) == ("page", None, "the feed says more")
    added = scrape(place, "sources", "add", FRONT, "--json")
    assert json.loads(added.out)["added"] is True
    again = json.loads(scrape(place, "sources", "add", FRONT, "--json").done())
    assert (again["added"], again["found"][0]["followed"], again["found"][0]["name"]) == (False, HOST, None)


def test_all_that_is_useful(place: Path, lively: LocalNews) -> None:
    lively.override(FEED, body=rss(stories(HOST, 10), every=0.1).body)
    try:
        out = scrape(place, "sources", "add", FRONT, "--all", "--name", "gazette", "--timezone", "Europe/London").out
    finally:
        lively.override(FEED, body=rss(stories(HOST, 10), title="Harbour\x1b[31m Gazette").body)
    assert f"gazette: a feed at {FEED}\n" in out
    assert f"gazette-sitemap: a sitemap at {NEWS}\n" in out
    assert "  named in robots.txt, beside the feed, which reaches back only 4 h\n" in out
    _, *added = parse_sources(text_of(place), place)
    assert [(source.name, source.kind, source.timezone) for source in added] == [
        ("gazette", "feed", "Europe/London"),
        ("gazette-sitemap", "sitemap", "Europe/London"),
    ]


def test_what_is_followed_is_not_added_twice(place: Path) -> None:
    scrape(place, "sources", "add", FEED)
    before = text_of(place)
    out = scrape(place, "sources", "add", FRONT).done()
    assert out.startswith(f"{FEED} is followed already, as {HOST!r}\n")
    assert text_of(place) == before
    for words in ((FEED,), (FEED.replace("http:", "https:"),), (FEED, "--kind", "feed")):
        assert scrape(place, "sources", "add", *words).done() == f"{words[0]} is followed already, as {HOST!r}\n"
    told = json.loads(scrape(place, "sources", "add", FEED, "--json").done())
    assert (told["added"], told["followed"]) == (False, HOST)
    for url in (FEED, FRONT):
        answer = scrape(place, "sources", "add", url, "--name", "other")
        assert (answer.code, answer.err) == (
            0, "--name other is not used: it can be changed in config/sources.toml\n"
        )  # fmt: skip
    # The page of a site that is followed may have a feed.
    assert scrape(place, "sources", "add", "http://old-county-post.example/news.html", "--find").code == 0
    assert text_of(place) == before


def test_what_stood_in_the_way_is_told(place: Path) -> None:
    out = scrape(place, "sources", "add", f"{FRONT}print/breakwater-repair-bill/", "--find").done()
    assert out.startswith(f"{HOST}: a sitemap at {NEWS} (not added)\n")
    assert f"Note: robots.txt of {HOST}, line 2, disallows /print/ for our agent\n" in out


def test_nothing_to_follow(place: Path) -> None:
    url = "http://nordlicht-blatt.example/"
    line = scrape(place, "sources", "add", url).complaint(1)
    assert line == (
        f"nothing to follow was found at {url} ({url}: The page is filled in by scripts and shows no text without "
        "them); 10 addresses were asked; name a feed that you know of, or add the page itself with --kind page"
    )
    told = scrape(place, "sources", "add", url, "--json")
    assert told.code == 1
    assert not any(one["chosen"] for one in json.loads(told.out)["found"])
    assert text_of(place) == MINE
    assert scrape(place, "sources", "add", url, "--kind", "page").out == f"nordlicht-blatt.example: a page at {url}\n"


def test_what_can_be_known_before_is_said_before(place: Path, lively: LocalNews) -> None:
    lively.forget_requests()
    assert "twice" in scrape(place, "sources", "add", FRONT, "--name", "county").complaint(2)
    assert "not a URL" in scrape(place, "sources", "add", HOST).complaint(2)
    assert lively.requests == ()
    assert "404" in scrape(place, "sources", "add", f"{FRONT}nothing").complaint(1)
    assert text_of(place) == MINE


def test_the_first_source_of_a_home(place: Path) -> None:
    (place / "config" / "sources.toml").unlink()
    assert scrape(place, "sources", "add", FRONT).code == 0
    assert text_of(place).startswith("[[source]]\n")


def test_progress_is_shown_on_a_terminal(place: Path) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        command(place, "sources", "add", FRONT, "--find"),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
        check=True,
    )
    os.close(theirs)
    seen = os.read(ours, 65536).decode()
    os.close(ours)
    assert seen.splitlines() == [f"asking {FRONT}", f"asking {FEED}"]
    assert b"asking" not in done.stdout


def test_a_page_that_announces_what_would_break_the_file(place: Path, lively: LocalNews) -> None:
    evil = 'x"]\n[[source]]\nname = "evil'
    front = page(head=link("/feed.xml"), lang="x&quot;y", title=evil)
    lively.override("http://sahifat-almina.example/", body=front.body)
    feed = rss(stories("sahifat-almina.example", 10), title=evil)
    lively.override("http://sahifat-almina.example/feed.xml", body=feed.body)
    assert scrape(place, "sources", "add", "http://sahifat-almina.example/").code == 0
    _, added = parse_sources(text_of(place), place)
    assert (added.name, added.language) == ("sahifat-almina.example", "")
    assert added.title == 'x"] [[source]] name = "evil'
