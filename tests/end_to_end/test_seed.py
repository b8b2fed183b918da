"""The seed: imported, imported again, and then fetched from where it was published, over real TLS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.harness import Newsroom
from tests.end_to_end.tls import SEED, STORY, trusted_server

URL = f"https://www.themoscowtimes.com{STORY}"


@pytest.fixture
def moscow_times(newsroom: Newsroom) -> Iterator[Newsroom]:
    with trusted_server("www.themoscowtimes.com") as server:
        server.trust(newsroom.home)
        yield newsroom


def test_the_story_fetched_from_its_url_is_the_clippings_article(moscow_times: Newsroom) -> None:
    assert "saved #1" in moscow_times.run("import", str(SEED)).stdout
    assert "unchanged #1" in moscow_times.run("import", str(SEED)).stdout
    fetched = moscow_times.run("fetch", f"{URL}?utm_source=telegram")
    assert "revised #1: its page now stands in place of the clipping" in fetched.stdout
    article = moscow_times.json("show", "1")
    assert article["kind"] == "article"
    assert article["published_at"] == "2022-01-19T12:53:00Z"
    assert article["url"] == URL
    assert moscow_times.rows("SELECT kind, revision FROM revisions") == [("clipping", 1)]
    assert "unchanged #1" in moscow_times.run("import", str(SEED)).stdout
    assert moscow_times.json("show", "1") == article
    assert moscow_times.rows("SELECT count(*) FROM articles") == [(1,)]


def test_without_the_authority_the_certificate_is_refused(moscow_times: Newsroom) -> None:
    settings = moscow_times.home / "config" / "scraper.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('ca_file = "config/ca.pem"\n', ""), encoding="utf-8"
    )
    refused = moscow_times.run("fetch", URL, check=False)
    assert refused.returncode == 1
    assert "certificate" in refused.stderr
    assert refused.stderr.count("\n") == 1
