"""``scrape reparse`` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.harness import STORY, TITLE, rows, scrape
from tests.cli.test_terminal import on_a_terminal
from tests.store.samples import run_sql


@pytest.fixture
def stale(home: Path) -> Path:
    """A home whose fetched article (#1) older rules read; #2 is a clipping."""
    run_sql(home / "storage" / "news.db", "UPDATE articles SET extractor = '3', title = 'Bill', summary = NULL")
    return home


def test_a_report_and_then_its_writing(stale: Path) -> None:
    shown = scrape(stale, "reparse")
    assert shown.code == 0
    assert shown.err == "Nothing of the articles was changed: the same with --apply writes it.\n"
    head, table = shown.out.splitlines()[0], [line.split() for line in shown.out.splitlines()]
    assert head == "1 article: 1 would change, 0 stay the same, 0 are of today's rules, 0 have no page"
    assert ["title", "0", "1", "0", "0"] in table
    assert ["summary", "0", "0", "1", "0"] in table
    assert f"title\n  #1 {STORY}\n    - Bill\n    + {TITLE}\n" in shown.out
    assert rows(stale, "SELECT title, extractor FROM articles WHERE id = 1") == [("Bill", "3")]
    written = scrape(stale, "reparse", "--apply").done()
    assert written == f"{shown.out}1 article changed\n"
    assert rows(stale, "SELECT title FROM articles WHERE id = 1") == [(TITLE,)]
    assert rows(stale, "SELECT article_id, title, reason FROM revisions") == [(1, "Bill", "reparsed")]
    assert scrape(stale, "reparse", "--apply").done().splitlines() == [
        "1 article: 0 would change, 0 stay the same, 1 are of today's rules, 0 have no page",
        "0 articles changed",
    ]


def test_json_gives_every_change(stale: Path) -> None:
    said = json.loads(scrape(stale, "reparse", "--json").done())
    (only,) = said["articles"]
    assert (only["id"], only["url"], only["verdict"]) == (1, STORY, "changed")
    assert only["changes"]["title"] == {"way": "changed", "old": "Bill", "new": TITLE}
    assert only["changes"]["summary"]["way"] == "gained"
    assert said["fields"]["title"] == {"same": 0, "changed": 1, "gained": 0, "lost": 0}
    assert said["fields"]["body"] == {"same": 1, "changed": 0, "gained": 0, "lost": 0}
    assert said["counts"] == {
        "articles": 1, "current": 0, "pageless": 0, "failed": 0,
        "same": 0, "changed": 1, "teaser": 0, "refused": 0, "astray": 0,
    }  # fmt: skip
    assert json.loads(scrape(stale, "reparse", "--json", "--apply").done()) == said
    assert json.loads(scrape(stale, "reparse", "--json").done())["articles"] == []


def test_a_part_can_be_chosen(stale: Path) -> None:
    ((rule,),) = rows(stale, "SELECT evidence ->> 'title' FROM articles WHERE id = 1")
    chosen = scrape(stale, "reparse", "--rule", f"title={rule}", "--id", "#1", "--workers", "1")
    assert (chosen.code, chosen.out.splitlines()[0][:9]) == (0, "1 article")
    none = scrape(stale, "reparse", "--source", "harbour-gazette")  # it was fetched by hand
    assert (none.code, none.out.splitlines()[0][:10]) == (1, "0 articles")
    assert none.err == "no stored article is what was asked for\n"
    assert "no source is called 'x'" in scrape(stale, "reparse", "--source", "x").complaint(2)
    assert "'x' is no article's id" in scrape(stale, "reparse", "--id", "x").complaint(2)


def test_what_would_be_refused_is_kept_and_said(stale: Path) -> None:
    site = stale / "config" / "sites"
    site.mkdir(exist_ok=True)
    (site / "harbour-gazette.example.toml").write_text('[kind]\nhub = "url:/2026/"\n', encoding="utf-8")
    shown = scrape(stale, "reparse", "--apply").done()
    assert f"1 would be refused now, and are kept as they are\n  #1 {STORY}\n    hub: By the rules of its site" in shown
    assert rows(stale, "SELECT title, extractor FROM articles WHERE id = 1") == [("Bill", "3")]


def test_progress_is_for_terminals(stale: Path) -> None:
    code, shown, _ = on_a_terminal(stale, "reparse")
    assert code == 0
    assert "reading pages" in shown
    assert "1 of 1 pages" in shown
    assert "reading pages" not in scrape(stale, "reparse").err


def test_without_anything_stored_it_says_so(fresh: Path) -> None:
    assert scrape(fresh, "reparse").complaint(3).endswith("nothing was stored yet")
    assert not list((fresh / "storage").glob("*.db"))
