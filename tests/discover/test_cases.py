"""Every folder in fixtures/feeds: the input, and the listing or the error that it must give."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from scraper.discover import discover
from scraper.errors import ScrapeError
from scraper.model import SourceKind

FEEDS = Path(__file__).parents[2] / "fixtures" / "feeds"
CASES = sorted(folder.name for folder in FEEDS.iterdir() if folder.is_dir())


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 48


def outcome(folder: Path) -> tuple[str, object]:
    request = json.loads((folder / "request.json").read_text())
    try:
        listing = discover(
            SourceKind(request["kind"]),
            (folder / request["input"]).read_bytes(),
            request["url"],
            content_type=request.get("content_type"),
            limit=request.get("limit", 1000),
            zone=request.get("zone"),
        )
    except ScrapeError as error:
        return "error.json", {"error": type(error).__name__, "message": str(error)}
    found = asdict(listing)
    for tried_elsewhere in ("undated", "following", "doubtful", "ttl", "ends"):
        del found[tried_elsewhere]
    return "listing.json", json.loads(json.dumps(found))


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    name, found = outcome(FEEDS / case)
    assert (FEEDS / case / name).exists(), found
    assert found == json.loads((FEEDS / case / name).read_text())
