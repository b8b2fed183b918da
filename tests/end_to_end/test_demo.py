"""`make demo`'s own script, twice; then Datasette over what it stored."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.demo import MARK
from tests.end_to_end.harness import wait_for
from tests.local_news import load_outlets

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a demo leaves, where an earlier one had left something."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    (folder / "storage").mkdir(parents=True)
    (folder / MARK).touch()
    (folder / "storage" / "news.db").write_bytes(b"of an earlier demo")
    done = _demo(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder.parent / "said").write_text(done.stdout, encoding="utf-8")
    return folder


def test_it_stores_what_the_fixtures_expect_and_shows_how_to_look(demo: Path) -> None:
    said = (demo.parent / "said").read_text(encoding="utf-8")
    count = sum(len(outlet.articles) for outlet in load_outlets().values())
    assert f"All {count} articles of the site and the clipping are stored once each" in said
    assert "serve" in said


def test_it_deletes_no_folder_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert _demo(tmp_path).returncode != 0
    assert (tmp_path / "thesis.txt").exists()


def test_datasette_answers_over_http(demo: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "datasette", str(demo / "storage"), "--port", "0"], stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        address = next(found[0] for line in server.stderr if (found := re.search(r"http://127.0.0.1:\d+", line)))
        wait_for(lambda: _get(address + "/"), "Datasette")
        assert "news" in _get(address + "/")
        assert "Lighthouse" in _get(address + "/news/articles?_search=lighthouse")
        rows = json.loads(_get(address + "/news/articles.json?_shape=array&_size=100"))
        assert len(rows) == 1 + sum(len(outlet.articles) for outlet in load_outlets().values())
        metadata = yaml.safe_load((demo / "storage" / "metadata.yaml").read_text(encoding="utf-8"))
        queries = metadata["databases"]["news"]["queries"]
        assert len(queries) >= 5
        for name in queries:
            assert json.loads(_get(f"{address}/news/{name}.json?_shape=objects&q=harbour"))["rows"] is not None
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _demo(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "tests.demo", str(folder)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own server
        text: str = answer.read().decode()
    return text
