"""The daemon against a fleet of sites that publish, edit and fail while it runs; at full size in `make soak`."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.model import SourceKind
from tests.fleet import FleetProcess, Manner, Plan, write_home
from tests.fleet.plan import story

WAYS = [SourceKind.FEED, SourceKind.SITEMAP, SourceKind.PAGE]
# A page says the least of itself: what is told of it is the hardest to follow.
FIRST = [SourceKind.PAGE, *(pytest.param(kind, marks=pytest.mark.soak) for kind in WAYS[:2])]


@pytest.mark.faults
@pytest.mark.parametrize("kind", FIRST)
def test_every_article_once_and_every_edit_a_revision(kind: SourceKind, tmp_path: Path) -> None:
    with FleetProcess(Plan(sites=12, articles=8), tmp_path) as fleet:
        write_home(tmp_path / "home", fleet, kind)
        _follow(fleet, tmp_path / "home", patience=90)


@pytest.mark.soak
@pytest.mark.parametrize("kind", WAYS)
def test_the_same_of_two_hundred_sites(kind: SourceKind, tmp_path: Path) -> None:
    manner = Manner(interval="20s", revisits=("20s", "1m", "2m", "5m", "20m", "1h"))
    with FleetProcess(Plan(), tmp_path) as fleet:
        write_home(tmp_path / "home", fleet, kind, manner)
        _follow(fleet, tmp_path / "home", patience=1800)


def _follow(fleet: FleetProcess, home: Path, patience: float) -> None:
    """Run the daemon until all that the fleet has to say is stored, and compare that with the truth."""
    words = [sys.executable, "-m", "scraper", "--home", str(home), "run"]
    news, log = home / "storage" / "news.db", home / "daemon.log"
    with log.open("w", encoding="utf-8") as errors, subprocess.Popen(words, stderr=errors) as daemon:
        deadline = time.monotonic() + patience
        while _stored(news) < fleet.plan.versions and time.monotonic() < deadline and daemon.poll() is None:
            time.sleep(0.2)
        daemon.terminate()
        try:
            assert daemon.wait(20) == 0, log.read_text(encoding="utf-8")[-2000:]
        finally:
            daemon.kill()
    assert "Traceback" not in log.read_text(encoding="utf-8")
    seen = fleet.state()
    assert (seen.foreign, seen.disallowed, seen.kinds.get("other", 0)) == (0, 0, 0)
    assert (seen.articles, seen.served) == (fleet.plan.sites * fleet.plan.articles, fleet.plan.versions)
    assert 0.05 < seen.failed / seen.requests < 0.15
    assert _texts(home) == _truth(fleet.plan)
    for database in ("news.db", "pages.db"):
        assert _rows(home / "storage" / database, "PRAGMA integrity_check") == [("ok",)]
        assert _rows(home / "storage" / database, "PRAGMA foreign_key_check") == []


def _texts(home: Path) -> list[tuple[Any, ...]]:
    """Every text that is stored, an article's earlier ones first: address, revision, title and body."""
    sql = (
        "SELECT url, revision, title, body FROM articles UNION ALL SELECT articles.url, revisions.revision,"
        " revisions.title, revisions.body FROM revisions JOIN articles ON articles.id = article_id ORDER BY 1, 2"
    )
    return _rows(home / "storage" / "news.db", sql)


def _truth(plan: Plan) -> list[tuple[Any, ...]]:
    """The same, as the fleet has it."""
    texts = []
    for article in plan.everything:
        for version in range(article.versions):
            told = story(plan, article, version)
            texts.append((article.url, version + 1, told.title, told.body))
    return sorted(texts)


def _stored(news: Path) -> int:
    """How many texts are stored by now."""
    if not news.exists():
        return 0
    try:
        return int(_rows(news, "SELECT coalesce(sum(revision), 0) FROM articles")[0][0])
    except sqlite3.OperationalError:  # not made yet
        return 0


def _rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
        return connection.execute(sql).fetchall()
