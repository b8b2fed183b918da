"""``scrape fixture``: pages of the local news kept as fixtures, fetched over HTTP or read from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import HOST
from tests.cli.harness import ROOT, STORY, TITLE, files, scrape
from tests.local_news import LocalNews

PLACE = Path("fixtures", "articles", "harbour-gazette.example")
NAME = "breakwater-repair-bill"
PAGE = ROOT / PLACE / NAME / "page.html"


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_fetched_page_is_kept_with_what_is_made_of_it(fresh: Path, site: LocalNews) -> None:
    answer = scrape(fresh, "fixture", STORY)
    folder = fresh / PLACE / NAME
    assert (answer.code, answer.out) == (0, f"{folder}: {TITLE}\n")
    assert "correct" in answer.err
    assert {path.name for path in folder.iterdir()} == {"page.html", "request.json", "article.json"}
    assert (folder / "page.html").read_bytes() == PAGE.read_bytes()
    request = read(folder / "request.json")
    assert request.pop("fetched_at").endswith("Z")
    assert request == read(PAGE.with_name("request.json"))
    article = read(folder / "article.json")
    for field in ("url", "title", "published_at", "published_zone", "authors", "body"):
        assert article[field] == site.expected[STORY][field]
    assert {"evidence", "extractor"}.isdisjoint(article)
    assert not (fresh / "storage").exists()


def test_what_was_corrected_is_not_written_over(fresh: Path) -> None:
    scrape(fresh, "fixture", "--json", STORY).done()
    before = files(fresh / PLACE)
    assert "--force" in scrape(fresh, "fixture", STORY).complaint(2)
    assert files(fresh / PLACE) == before
    again = json.loads(scrape(fresh, "fixture", "--json", "--force", STORY).done())
    assert (again["folder"], again["url"]) == (str(fresh / PLACE / NAME), STORY)
    assert again["article"] == read(fresh / PLACE / NAME / "article.json")


def test_a_page_that_is_refused_is_a_fixture_too(fresh: Path, site: LocalNews, tmp_path: Path) -> None:
    url = site.outlets["harbour-gazette.example"].special["consent"]
    found = json.loads(scrape(fresh, "fixture", "--json", "--into", tmp_path / "kept", url).done())
    (folder,) = (tmp_path / "kept" / "harbour-gazette.example").iterdir()
    assert {path.name for path in folder.iterdir()} == {"page.html", "request.json", "error.json"}
    assert found["error"] == read(folder / "error.json")
    assert (found["error"]["error"], found["error"]["reason"]) == ("NotAnArticle", "consent wall")
    assert "refused: consent wall: " in scrape(fresh, "fixture", url).out


@pytest.mark.parametrize("path", ["missing", "trouble"])
def test_what_cannot_be_fetched_is_no_fixture(path: str, fresh: Path, site: LocalNews) -> None:
    special = site.outlets["harbour-gazette.example"].special
    assert scrape(fresh, "fixture", special.get(path, f"{HOST}/{path}")).complaint(1)
    assert not (fresh / "fixtures").exists()


def test_cookies_stay_out(fresh: Path, site: LocalNews) -> None:
    url = f"{HOST}/2026/12/01/secret/"
    site.override(url, body=PAGE.read_bytes(), headers={"set-cookie": "session=s3cr3t", "x-token": "s3cr3t"})
    scrape(fresh, "fixture", "--json", url).done()
    assert all(b"s3cr3t" not in content for content, _ in files(fresh / PLACE).values())


def test_a_file_needs_an_address_and_may_have_it_beside_it(fresh: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.html"
    saved.write_bytes(PAGE.read_bytes())
    assert "--url" in scrape(fresh, "fixture", saved).complaint(2)
    assert "cannot be read as a file" in scrape(fresh, "fixture", tmp_path / "none.html").complaint(2)
    for address in ("nonsense", "http://you:s3cr3t@harbour-gazette.example/"):
        assert scrape(fresh, "fixture", saved, "--url", address).complaint(2)
    assert "--url is for a file" in scrape(fresh, "fixture", STORY, "--url", STORY).complaint(2)
    assert not (fresh / "fixtures").exists()

    scrape(
        fresh, "fixture", "--json", saved, "--url", f"{HOST}/a/Süß_1.html?id=7", "--timezone", "Europe/Berlin"
    ).done()
    folder = fresh / PLACE / "süß-1-id-7"
    assert read(folder / "request.json")["timezone"] == "Europe/Berlin"
    first = files(folder)
    scrape(fresh, "fixture", "--json", "--force", folder / "page.html").done()
    assert {name: content for name, (content, _) in files(folder).items()} == {
        name: content for name, (content, _) in first.items()
    }


def test_a_sites_rules_are_read_and_a_bad_one_stops_every_command_that_reads_pages(fresh: Path) -> None:
    rules = fresh / "config" / "sites" / "harbour-gazette.example.toml"
    rules.parent.mkdir()
    rules.write_text('[fields]\nsection = "p.site-title"\n')
    found = json.loads(scrape(fresh, "fixture", "--json", STORY).done())
    assert found["article"]["section"] == "Harbour Gazette"
    stored = json.loads(scrape(fresh, "fetch", "--json", STORY).done())
    assert stored["article"]["evidence"]["section"] == "site:section"

    rules.write_text('[fields]\nsection = "p["\n')
    for words in (["fixture", STORY], ["fetch", STORY], ["fetch", "--no-store", STORY], ["run", "--once"]):
        complaint = scrape(fresh, *words).complaint(2)
        assert f"{rules}:2: fields.section: 'p[' is no CSS selector" in complaint


def test_without_a_home_a_folder_must_be_named(tmp_path: Path) -> None:
    words = ("fixture", PAGE, "--url", STORY)
    assert "--into" in scrape(tmp_path / "none", *words).complaint(2)
    scrape(tmp_path / "none", *words, "--json", "--into", tmp_path / "kept").done()
    assert (tmp_path / "kept" / "harbour-gazette.example" / NAME / "article.json").is_file()
    (tmp_path / "file").touch()
    assert "cannot write" in scrape(None, *words, "--into", tmp_path / "file").complaint(3)
