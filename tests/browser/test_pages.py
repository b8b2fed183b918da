"""Datasette's pages over our storage folder, in Debian's chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper import Article, Store
from scraper.dedupe import candidate
from scraper.home import init_home
from scraper.model import instant

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    init_home(home)
    with Store(home / "storage") as store:
        for number in range(30):
            article = Article(
                url=f"http://paper.example/{number}",
                title=f"Bridge opens, part {number}",
                body="The old bridge reopened.\n\n<script>document.title = 'stolen'</script>",
                published_at=instant(NOW),
                language="en",
            )
            store.save(candidate(article), None, None, NOW)
    server = subprocess.Popen(
        [sys.executable, "-m", "datasette", str(home / "storage"), "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        yield next(found[0] for line in server.stderr if (found := re.search(r"http://127.0.0.1:\d+", line)))
    finally:
        server.terminate()
        server.communicate(timeout=20)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "news"),
        ("/news/articles", "Bridge opens, part"),
        ("/news/articles?_search=bridge", "Bridge opens, part"),
        ("/news/articles/1", "The old bridge reopened."),
        ("/news/latest_articles", "Bridge opens, part"),
    ],
)
def test_a_page_renders_and_runs_no_script_of_an_article(address: str, path: str, shown: str, tmp_path: Path) -> None:
    document = _rendered(address + path, tmp_path)
    assert shown in document
    title = re.search(r"<title>(.*?)</title>", document, re.DOTALL)
    assert title is not None
    assert "stolen" not in title[1]


def _rendered(url: str, profile: Path) -> str:
    """The document as chromium has it after its scripts ran."""
    browser = shutil.which("chromium")
    assert browser is not None, "Debian's chromium is not installed; .ci/run installs it"
    words = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        f"--user-data-dir={profile}", "--virtual-time-budget=5000", "--dump-dom", url,
    ]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
