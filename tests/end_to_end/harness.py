"""A home of its own beside a running local news site, and our commands as real processes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests import warm
from tests.local_news import LocalNews, Outlet, write_home

PATIENCE = 60.0  # seconds until a test gives up on something that should happen


class _Command(subprocess.Popen[str]):
    """A process that nobody waits for when the test that started it has failed."""

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.kill()
        super().__exit__(kind, value, trace)


class Commands:
    """``scrape`` processes over one home, and its databases."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "scraper", "--home", str(self.home), *words]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        whole = [*warm.words(), *self.words(*words)[3:]]
        done = subprocess.run(
            whole, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE * 2, check=False
        )
        if check and done.returncode:
            raise AssertionError(f"scrape {' '.join(words)} ended with {done.returncode}: {done.stderr or done.stdout}")
        return done

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command; its standard error comes through a pipe. Where a test fails, it is killed."""
        return _Command(self.words(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    def rows(self, sql: str, *params: object, database: str = "news.db") -> list[tuple[Any, ...]]:
        """What a query answers, read as any other program would."""
        path = self.home / "storage" / database
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=PATIENCE)
        try:
            return connection.execute(sql, params).fetchall()
        finally:
            connection.close()

    def articles(self) -> dict[str, dict[str, Any]]:
        """Every stored article by its URL, as `scrape export` writes it."""
        lines = [json.loads(line) for line in self.run("export").stdout.splitlines()]
        found = {line["url"]: line for line in lines}
        assert len(found) == len(lines), "an article is stored twice"
        return found


class Newsroom(Commands):
    """The same, with the site that they follow."""

    def __init__(self, home: Path, site: LocalNews) -> None:
        super().__init__(home)
        self.site = site
        self.follow(site.outlets.values())

    def follow(self, outlets: Sequence[Outlet] | Any, *, spacing: str = "20ms", extra: str = "") -> None:
        """Write config/ so that it follows these outlets; ``extra`` is TOML to add to its [manners]."""
        write_home(self.home, {outlet.domain: outlet for outlet in outlets}, port=self.site.port, spacing=spacing)
        settings = self.home / "config" / "scraper.toml"
        # One outlet asks for a second between requests; that is tried by itself, and would cost every test ten.
        hurried = 'max_crawl_delay = "50ms"\n'
        settings.write_text(settings.read_text(encoding="utf-8") + hurried + extra, encoding="utf-8")


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Return when ``condition`` holds; fail the test if it never does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
