"""Articles, pages and sources to store, and a way to look at the files behind the store's back."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scraper.dedupe import candidate
from scraper.model import Article, Attempt, Outcome, Page
from scraper.store import Saved, Store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
URL = "https://news.example/2026/11/harbour"
BASE = Article(URL, "Harbour opens", "The first ship came in.", published_at="2026-11-20T10:00:00Z")
ROOT = Path(__file__).resolve().parents[2]


def article(**changes: Any) -> Article:
    return replace(BASE, **changes)


def page(url: str = URL, body: bytes = b"<html>ship</html>", **changes: Any) -> Page:
    return replace(Page(url, url, 200, (("content-type", "text/html"),), body, NOW), **changes)


def attempt(**changes: Any) -> Attempt:
    return replace(Attempt(URL, "page", Outcome.SAVED, "new", "new article", NOW), **changes)


def save(store: Store, which: Article, *came_by: str, at: datetime = NOW, source: str | None = None) -> Saved:
    return store.save(candidate(which, came_by), page(which.url), source, at)


def source(name: str, **changes: Any) -> dict[str, Any]:
    row = {"name": name, "title": name, "url": f"https://{name}.example/feed", "kind": "feed", "language": None}
    return row | {"enabled": 1} | changes


def rows(path: Path, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """What a query answers, through a connection of its own."""
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(sql, tuple(params)).fetchall()


def run_sql(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(sql)


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A fresh interpreter at work on ``code``."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(*processes: subprocess.Popen[str]) -> list[str]:
    """What they printed; all of them must have ended well."""
    printed = []
    for process in processes:
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        printed.append(out)
    return printed
