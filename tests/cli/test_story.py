from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scraper.home import Home
from scraper.model import Zone
from scraper.store import Store
from tests.cli.harness import scrape
from tests.dedupe.made_up import written
from tests.store.samples import article, save

REPORT = written()[0].body
LOCAL = f"{REPORT.replace('115 metres', '120 metres')}\n\nThe council of Oxley will talk about it on Monday."


@pytest.fixture
def told(fresh: Path) -> Path:
    """A home with a report (#1), a copy of it that another paper added to (#2), and something else (#3)."""
    with Store(Home(fresh).storage) as store:
        one = {"published_zone": Zone.GIVEN, "published_at": "2026-11-20T10:00:00Z", "title": "Bill doubles"}
        save(store, article(url="https://a.example/1", body=REPORT, publisher="Gazette", **one))
        one |= {"published_at": "2026-11-20T11:00:00Z", "title": "Oxley pays\x1b[31m more"}
        save(store, article(url="https://b.example/2", body=LOCAL, publisher="Oxley Post", **one))
        save(store, article(url="https://c.example/3", body=written()[1].body))
    return fresh


def test_who_ran_it_and_what_they_changed(told: Path) -> None:
    out = scrape(told, "story", "#2").done()
    assert out.splitlines()[:2] == ["Bill doubles", "story s1 · 2 articles"]
    assert "#1 · 2026-11-20 10:00 UTC · Gazette · first · lead\n  https://a.example/1\n" in out
    assert "#2 · 2026-11-20 11:00 UTC · Oxley Post\n  https://b.example/2\n  Oxley pays[31m more\n" in out
    assert re.search(r"near-copy of #1: 9\d% of all words shared, (9\d|100)% of the shorter\n", out)
    assert "[-115-]{+120+} metres" in out
    assert "The council of Oxley will talk about it on Monday.+}" in out
    assert "\x1b" not in out
    assert len(out) < 1000


def test_a_number_an_address_and_an_id_lead_to_it(told: Path) -> None:
    out = scrape(told, "story", "1").done()
    for which in ("s1", "#1", "2", "https://www.b.example/2?utm_source=x"):
        assert scrape(told, "story", which).done() == out


def test_whole(told: Path) -> None:
    out = scrape(told, "story", "1", "--full").done()
    assert LOCAL.split("\n\n", maxsplit=1)[0] in out
    assert "[-115-]{+120+} metres" in out


def test_for_machines(told: Path) -> None:
    said = json.loads(scrape(told, "story", "1", "--json").done())
    assert (said["id"], said["first_article_id"], said["lead_article_id"]) == (1, 1, 1)
    first, second = said["articles"]
    assert (first["article"]["id"], first["copy_of"], first["differences"]) == (1, None, [])
    assert (second["article"]["id"], second["copy_of"], second["how"]) == (2, 1, "near")
    assert 0.9 < second["similarity"] <= second["contained"] <= 1
    kept = [each["text"] for each in second["differences"] if each["kind"] != "removed"]
    assert "".join(kept) == LOCAL


@pytest.mark.parametrize(
    ("which", "line"),
    [
        ("3", "no copies of #3 are known"),
        ("9", "no article 9 is stored"),
        ("s9", "there is no story s9"),
        ("https://nowhere.example/", "no article https://nowhere.example/ is stored"),
    ],
)
def test_where_there_is_none(told: Path, which: str, line: str) -> None:
    assert line in scrape(told, "story", which).complaint(1)
