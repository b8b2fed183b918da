"""``scrape backfill``: what a source published before, asked for by a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.harness import rows, scrape
from tests.local_news import LocalNews, write_home

NAME, HOST = "harbour-gazette", "http://harbour-gazette.example"
OLDER = [f"{HOST}/2026/10/{day}/a-story-of-that-day" for day in (11, 12, 13)]


@pytest.fixture(scope="module")
def site() -> Iterator[LocalNews]:
    """The local news, with a sitemap of three stories that no feed shows."""
    lines = "".join(f"<url><loc>{url}</loc></url>" for url in OLDER)
    with LocalNews() as running:
        running.override(f"{HOST}/robots.txt", body=f"Sitemap: {HOST}/older.xml".encode())
        running.override(f"{HOST}/older.xml", body=f"<urlset>{lines}</urlset>".encode())
        yield running


@pytest.fixture
def home(site: LocalNews, tmp_path: Path) -> Path:
    """A home that follows one outlet."""
    domain = HOST.partition("//")[2]
    write_home(tmp_path, {domain: site.outlets[domain]}, port=site.port, spacing="5ms")
    return tmp_path


def name_of(home: Path) -> str:
    return str(json.loads(scrape(home, "sources", "list", "--json").done())[0]["name"])


def test_it_finds_what_the_feed_does_not_show(home: Path) -> None:
    name = name_of(home)
    found = scrape(home, "backfill", name, "--since", "2026-10-12")
    assert found.out.startswith(f"{name} since 2026-10-12: read to the end; ")
    assert (found.code, found.err) == (0, "")  # what comes next is for a terminal: see test_hints.py
    queued = [url for (url,) in rows(home, "SELECT url FROM entries WHERE backfill_id = 1 ORDER BY url")]
    assert queued == OLDER[1:]
    (listed,) = json.loads(scrape(home, "backfill", "--json").done())
    assert (listed["source"], listed["since"], listed["found"]) == (name, "2026-10-12", len(queued))
    assert name in scrape(home, "backfill").done()

    stopped = scrape(home, "backfill", name, "--stop").done()
    assert stopped == f"{name}: stopped; 2 articles that were found are not fetched\n"
    assert rows(home, "SELECT count(*) FROM entries WHERE backfill_id = 1") == [(0,)]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nobody", "--since", "2026-10-12"], "no source is called 'nobody'"),
        (["--since", "2026-10-12"], "say of which source"),
        (["NAME"], "say since when, as in --since 2026-11-01"),
        (["NAME", "--since", "yesterday"], "'yesterday' is no date"),
        (["NAME", "--since", "2999-01-01"], "2999-01-01 is yet to come"),
        (["NAME", "--stop"], "there is no back-fill of "),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, words: list[str], message: str) -> None:
    name = name_of(home)
    done = scrape(home, "backfill", *(name if word == "NAME" else word for word in words))
    assert (done.code, message in done.err) == (2, True)


def test_none_was_made_yet(home: Path) -> None:
    scrape(home, "backfill", name_of(home), "--stop")  # makes the database
    done = scrape(home, "backfill")
    assert (done.code, done.out, done.err) == (0, "", "no back-fill was made yet\n")
