"""A home that follows a world of newspapers, our commands as real processes over it, and the truth beside it."""

from __future__ import annotations

import json
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scraper.dedupe import clean_url
from tests.end_to_end.faults.world import World
from tests.end_to_end.harness import PATIENCE, Commands, wait_for

_ORPHANED = re.compile(r"^Traceback .*\n(?:  .*\n)+EOFError: Ran out of input\n", re.MULTILINE)
"""What a process says that was being started (``multiprocessing.spawn``) when its parent was killed."""

_SETTINGS: Mapping[str, Mapping[str, object]] = {
    "fetch": {
        "contact": "demo@localhost",
        "connect_timeout": "2s",
        "read_timeout": "2s",
        "timeout": "5s",
        "retries": 1,
    },
    "manners": {"spacing": "10ms", "latency_factor": 0, "per_address": 50},
    "schedule": {
        "interval": "1s",
        "adapt": False,
        "min_interval": "1s",
        "max_interval": "3s",
        "tick": "200ms",
        "retry_after": "1s",
        "revisits": [],
    },
    "storage": {"min_free": "1 MB"},
    "log": {"format": "json"},
}
"""Everything as by default, only faster."""


class Desk(Commands):
    """``settings`` are those of scraper.toml that differ from the hurried ones, by table."""

    def __init__(self, home: Path, world: World, **settings: Mapping[str, object]) -> None:
        super().__init__(home)
        self.world = world
        self._logs = 0
        self.news, self.pages = home / "storage" / "news.db", home / "storage" / "pages.db"
        self.configure(**settings)

    def configure(self, **settings: Mapping[str, object]) -> None:
        """Write config/."""
        tables = {name: {**values, **settings.get(name, {})} for name, values in _SETTINGS.items()}
        tables["fetch.resolve"] = {f"{host}:80": f"127.0.0.1:{self.world.port}" for host in self.world.hosts}
        config = self.home / "config"
        config.mkdir(parents=True, exist_ok=True)
        (config / "scraper.toml").write_text("".join(_table(f"[{name}]", each) for name, each in tables.items()))
        sources = (
            {"name": host.partition(".")[0], "url": self.world.feed_of(host), "kind": "feed", "title": host}
            for host in self.world.hosts
        )
        (config / "sources.toml").write_text("".join(_table("[[source]]", source) for source in sources))

    @contextmanager
    def daemon(self, program: str = "", **more: Any) -> Iterator[subprocess.Popen[str]]:
        """``scrape run`` while inside; it is killed at the end, if it still lives. What it says goes to ``said``.

        ``program`` is what Python runs in place of our module.
        """
        self._logs += 1
        with self._log.open("w", encoding="utf-8") as log:
            words = self.words("run")
            if program:
                words[1:3] = ["-c", program]
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, text=True, **more
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def stop(self, daemon: subprocess.Popen[str]) -> None:
        """SIGTERM, and it ends well within ten seconds."""
        wait_for(lambda: "following" in self._log.read_text(encoding="utf-8"), "its beginning")
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=10) == 0, self.said()[-3000:]

    def said(self) -> str:
        """All that daemons of this home logged."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.home.glob("daemon-*.log")))

    @property
    def _log(self) -> Path:
        return self.home / f"daemon-{self._logs:02}.log"

    def complaints(self) -> list[str]:
        """The messages of the log that are no news: warnings and errors. Lines that are no JSON are such too.

        What Python itself says where a process was killed is left out: its tracker of semaphores, and a parser that was
        just being started.
        """
        found = []
        for line in _ORPHANED.sub("", self.said()).splitlines():
            if "resource_tracker" in line or line.startswith("  warnings.warn("):
                continue
            record = json.loads(line) if line.startswith("{") else {"level": "error", "message": line}
            if record["level"] in {"warning", "error"}:
                found.append(str(record.get("message", record.get("detail"))))
        return found

    def count(self) -> int:
        """How many articles are stored now."""
        try:
            return int(self.rows("SELECT count(*) FROM articles")[0][0])
        except sqlite3.OperationalError:  # not made yet
            return 0

    def wait(self, articles: int, daemon: subprocess.Popen[str] | None = None) -> None:
        """Until so many articles are stored; fails the test if the daemon ends before."""

        def there() -> bool:
            assert daemon is None or daemon.poll() is None, self.said()[-3000:]
            return self.count() >= articles

        wait_for(there, f"{articles} articles")

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Another process reads all the while; no article that it saw may go away."""
        words = [sys.executable, "-m", "tests.end_to_end.faults.reader", str(self.news)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
            yield
            told, _ = reader.communicate(timeout=PATIENCE)
        assert reader.returncode == 0
        assert re.fullmatch(r"looked [1-9]\d* times, saw [1-9]\d* articles\n", told), told

    def copied(self, home: Path) -> Desk:
        """Another home with the same content."""
        shutil.copytree(self.home, home)
        return Desk(home, self.world)

    def check_readable(self) -> None:
        """Another program may read both files while they are in use, and finds them sound."""
        for name in ("news.db", "pages.db"):
            assert self.rows("PRAGMA integrity_check", database=name) == [("ok",)], name

    def check_sound(self, folder: Path | None = None) -> None:
        """Both files, and the search index, are what SQLite says is sound; every article has its page."""
        folder = folder or self.home / "storage"
        kept = set[str]()
        for name in ("pages.db", "news.db"):
            with closing(sqlite3.connect(folder / name, timeout=PATIENCE)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], name
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == [], name
                if name == "pages.db":
                    kept |= {clean_url(url) for (url,) in connection.execute("SELECT final_url FROM pages")}
                    continue
                connection.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
                urls = [url for (url,) in connection.execute("SELECT url FROM articles")]
        assert len(set(urls)) == len(urls), "an article is stored twice"
        assert set(urls) <= kept, "an article has no page"
        assert set(urls) <= set(self.world.truth)

    def check_whole(self, *, revisits: bool = False) -> None:
        """Nothing is missing, nothing is there twice, nothing waits for long (``revisits``: than an hour)."""
        self.check_sound()
        assert dict(self.rows("SELECT url, title FROM articles")) == self.world.truth
        assert self.rows("SELECT url, reason FROM entries WHERE article_id IS NULL") == []
        hour, soon = (
            (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ") for seconds in (4000, 10)
        )
        late = "SELECT url, reason, next_due FROM entries WHERE next_due > ?"
        assert self.rows(late, hour if revisits else "") == []
        assert self.rows("SELECT name, next_due FROM sources WHERE next_due IS NULL OR next_due > ?", soon) == []
        held = "SELECT host, next_at, held_until, paused_until FROM hosts WHERE max(ifnull(next_at, ''),"
        assert self.rows(f"{held} ifnull(held_until, ''), ifnull(paused_until, '')) > ?", soon) == []


def _table(head: str, values: Mapping[str, object]) -> str:
    # What JSON writes of these is TOML too.
    return "\n".join([head, *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in values.items()), "", ""])


def limited(which: int, soft: int, hard: int | None = None) -> Callable[[], None]:
    """What a process does before it becomes ours: it takes a limit upon itself."""
    return lambda: resource.setrlimit(which, (soft, soft if hard is None else hard))
