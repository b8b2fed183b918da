"""The invented outlets' pages, as far as the first form of the extractor reaches: title, date, authors and text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.extract import extract_article

FOLDERS = sorted(path.parent for path in (Path(__file__).parents[2] / "fixtures" / "articles").glob("*/*/article.json"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_what_a_reader_would_call_the_article(folder: Path) -> None:
    expected = json.loads((folder / "article.json").read_text(encoding="utf-8"))
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    article = extract_article(
        (folder / "page.html").read_bytes(),
        request["url"],
        content_type=request["headers"].get("content-type"),
        zone=request.get("timezone"),
    )
    assert article.title == expected["title"]
    assert article.published_at == expected["published_at"]
    assert article.published_zone == expected["published_zone"]
    assert list(article.authors) == expected.get("authors", [])
    missing = [text for text in expected["body"].split("\n\n") if text not in article.body]
    assert missing == []
