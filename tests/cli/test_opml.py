"""``scrape sources import`` and ``export``: lists of feeds come in beside what is there, and go out whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.settings import parse_sources
from tests.cli.harness import scrape

MINE = """\
# Mine.

[[source]]
name = "gazette"   # the good one
title = "Gazette & Co. <daily>"
url = "http://harbour-gazette.example/feed.xml"
kind = "feed"
language = "en"

[[source]]
name = "county"
url = "http://old-county-post.example/news.html"
kind = "page"

[[source]]
name = "paper.example"
url = "https://paper.example/everything"
kind = "feed"
"""
LIST = """\
<opml version="2.0"><head/><body>
<outline text="World"><outline text="The Paper" type="rss" xmlUrl="https://paper.example/feed"
  htmlUrl="https://www.paper.example/"/>
  <outline text="Sport" type="rss" xmlUrl="https://feeds.paper.example/sport" htmlUrl="https://paper.example/sport"/></outline>
<outline text="Known" type="rss" xmlUrl="https://www.harbour-gazette.example/feed.xml"/>
<outline text="Zeitung" type="rss" xmlUrl="https://zeitung.example/rss" language="de_AT"/>
<outline text="no address" type="rss" xmlUrl="mailto:x@example.org"/>
</body></opml>
"""


@pytest.fixture
def place(fresh: Path) -> Path:
    (fresh / "config" / "sources.toml").write_text(MINE, encoding="utf-8")
    return fresh


def test_a_list_comes_in(place: Path, tmp_path: Path) -> None:
    path = place / "config" / "sources.toml"
    file = tmp_path / "feeds.opml"
    file.write_text(LIST, encoding="utf-8")
    summary = "3 {}, 1 followed already or there twice, 1 without an address that can be asked\n"
    lines = [
        "paper.example-2: a feed at https://paper.example/feed",
        "paper.example-3: a feed at https://feeds.paper.example/sport",
        "zeitung.example: a feed at https://zeitung.example/rss",
    ]
    summary += "scrape: skipped: mailto:x@example.org\n"
    dry = scrape(place, "sources", "import", "--dry-run", file)
    assert (dry.code, dry.out.splitlines(), dry.err) == (1, lines, summary.format("would be added"))
    told = json.loads(scrape(place, "sources", "import", "--dry-run", "--json", file).out)
    assert (told["added"], told["doubles"], told["skipped"]) == (False, 1, ["mailto:x@example.org"])
    assert [source["name"] for source in told["sources"]] == [line.partition(":")[0] for line in lines]
    assert path.read_text(encoding="utf-8") == MINE
    done = scrape(place, "sources", "import", "-", text=LIST)
    assert (done.code, done.out.splitlines(), done.err) == (1, lines, summary.format("added"))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(MINE)
    assert text.count("# World\n") == 1
    added = parse_sources(text, path)[3:]
    assert [(one.name, one.title, one.kind, one.language) for one in added] == [
        ("paper.example-2", "The Paper", "feed", ""),
        ("paper.example-3", "Sport", "feed", ""),
        ("zeitung.example", "Zeitung", "feed", "de-AT"),
    ]
    again = scrape(place, "sources", "import", file)
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith("0 added, 4 followed already or there twice")
    assert path.read_text(encoding="utf-8") == text


def test_what_goes_out_comes_in_again(place: Path, tmp_path: Path) -> None:
    path = place / "config" / "sources.toml"
    scrape(place, "sources", "import", "-", text=LIST)
    before = [one for one in parse_sources(path.read_text(encoding="utf-8"), path) if one.kind == "feed"]
    written = scrape(place, "sources", "export")
    assert (written.code, written.err) == (0, "left out: 1 of other kinds than feeds\n")
    assert scrape(place, "sources", "export", "--opml", "-o", tmp_path / "out.opml").out == ""
    assert (tmp_path / "out.opml").read_text(encoding="utf-8") == written.out
    path.unlink()
    assert scrape(place, "sources", "import", "-", text=written.out).err == "5 added\n"
    after = parse_sources(path.read_text(encoding="utf-8"), path)
    assert [(one.url, one.title, one.language) for one in after] == [
        (one.url, one.title or one.name, one.language) for one in before
    ]


BAD = {
    "no list": ("<rss version='2.0'/>", "not OPML: its root is <rss>"),
    "broken": ("<opml><body><outline text='a'></body></opml>", "line 1: not OPML that can be read"),
    "empty": ("", "not OPML: there is no markup"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_list_is_one_clear_line(place: Path, case: str) -> None:
    text, says = BAD[case]
    assert says in scrape(place, "sources", "import", "-", text=text).complaint(2)
    assert (place / "config" / "sources.toml").read_text(encoding="utf-8") == MINE


def test_a_missing_list(place: Path) -> None:
    assert "nowhere.opml" in scrape(place, "sources", "import", "nowhere.opml").complaint(2)
