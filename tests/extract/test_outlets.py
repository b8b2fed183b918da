"""Every folder in fixtures/articles: the page, and the record or the error that it must give.

Of the invented outlets' pages title, date, authors and text are compared, as far as the first form of the extractor
reaches. A page whose site has a file in config/sites/ must give every field as it is written down.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import ScrapeError
from scraper.extract import extract_article
from scraper.home import Home
from scraper.model import Article, from_instant
from scraper.settings import load_sites

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "fixtures" / "articles").glob("*/*/request.json"))
SITES = load_sites(Home(ROOT))


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def extract(folder: Path) -> Article:
    request = read(folder / "request.json")
    return extract_article(
        (folder / "page.html").read_bytes(),
        request["url"],
        content_type=request["headers"].get("content-type"),
        zone=request.get("timezone"),
        now=from_instant(request["fetched_at"]) if "fetched_at" in request else None,
        site=SITES.of(request["url"]),
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_what_a_reader_would_call_the_article(folder: Path) -> None:
    if (folder / "error.json").exists():
        error = read(folder / "error.json")
        with pytest.raises(ScrapeError) as raised:
            extract(folder)
        assert (type(raised.value).__name__, raised.value.reason) == (error["error"], error["reason"])
        return
    expected, article = read(folder / "article.json"), extract(folder)
    assert article.title == expected["title"]
    assert article.published_at == expected["published_at"]
    assert article.published_zone == expected["published_zone"]
    assert list(article.authors) == expected.get("authors", [])
    missing = [text for text in expected["body"].split("\n\n") if text not in article.body]
    assert missing == []
    if SITES.of(expected["url"]) is not None:
        found = {**asdict(article), "authors": list(article.authors), "tags": list(article.tags)}
        assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("domain", sorted(SITES.rules))
def test_every_site_file_has_fixtures_in_which_it_matters(domain: str) -> None:
    rules = SITES.rules[domain]
    theirs = [folder for folder in FOLDERS if SITES.of(read(folder / "request.json")["url"]) is rules]
    assert theirs, f"config/sites/{domain}.toml has no fixture; make one with `scrape fixture URL`"
    told = [extract(folder) for folder in theirs if (folder / "article.json").exists()]
    assert any(rule.startswith("site:") for article in told for rule in article.evidence.values())
