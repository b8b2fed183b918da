"""A small archive with something in every table, and Datasette running over it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import yaml

from scraper.dedupe import candidate
from scraper.dedupe.renewal import Renewal, Verdict
from scraper.model import Article, Attempt, Entry, Event, EventKind, Outcome, Page, instant
from scraper.store import Store, Wanted
from scraper.store.alarms import Alarm
from scraper.store.reparses import Selection

ROOT = Path(__file__).resolve().parents[2]
STORAGE = ROOT / "storage"
PATIENCE = 60.0
"""Seconds that a process may take to answer or to end; only a broken one takes that long."""

_SHIPPED = ("README.md", "metadata.yaml", "settings.json", "plugins", "templates", "static")


def load_metadata() -> dict[str, Any]:
    metadata: dict[str, Any] = yaml.safe_load((STORAGE / "metadata.yaml").read_text(encoding="utf-8"))
    return metadata


def ship_storage(folder: Path) -> None:
    """Copy Datasette's configuration, but no database that may lie beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _SHIPPED:
        if (STORAGE / name).is_dir():
            shutil.copytree(STORAGE / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(STORAGE / name, folder / name)


def fill(folder: Path) -> None:
    """Articles of two outlets, one of them copied and one revised; attempts, a queue, a back-fill, a paused host, a
    tombstone.
    """
    now = datetime.now(UTC)
    talks = Article(
        url="https://one.example/news/talks?utm_source=feed",
        title="Peace talks resume in Geneva",
        body="Delegates met again on Monday.\n\nA <b>spokesman</b> said the talks went “well”.",
        body_markdown="Delegates met **again** on Monday.",
        published_at=instant(now - timedelta(hours=2)),
        authors=("Ann Other", "Zoë Öst"),
        tags=("peace",),
        word_count=12,
        paywalled=False,
        evidence={"title": "jsonld"},
    )
    rain = (
        "Rain came late. Farmers around the lake say that the maize stood dry for seven weeks, and that the millet"
        " which they had sown in May never came up at all. The ministry of agriculture wants to open its stores in"
        " January, sooner than in any year since the long drought, and to sell seed at half of its price."
    )
    harvest = Article(url="https://two.example/harvest", title="A poor harvest", body=rain, word_count=66)
    with Store(folder) as store:
        with store.transaction():
            rows = [
                {"name": name, "title": name.title(), "url": f"https://{name}.example/feed", "kind": "feed"}
                | {"language": None, "enabled": 1}
                for name in ("one", "two")
            ]
            store.frontier.sync_sources(rows, instant(now))
            one = store.frontier.source("one")
            assert one is not None
            store.frontier.admit([Entry("https://one.example/next", "Next")], one.id, instant(now))
            looking = Wanted("one", "2026-11-01", 500, 20_000)
            store.backfills.begin(looking, [("https://one.example/sitemap.xml", "sitemap")], instant(now))
            store.links.seen(one.id, ["one.example/about-us"], instant(now))
            store.hosts.put("one.example", {"paused_until": "2999-01-01T00:00:00.000Z", "pause_reason": "429"})
            store.hosts.put("two.example", {"robots_status": 200, "robots_body": "User-agent: *\nDisallow: /private"})
        page = Page(talks.url, talks.url, 200, (("content-type", "text/html"),), b"<html>talks</html>", now)
        saved = store.save(candidate(talks), page, "one", now)
        store.save(candidate(replace(talks, title="Peace talks resume in Geneva after a week")), None, "one", now)
        store.save(candidate(replace(harvest, url="https://three.example/copy")), None, None, now)
        store.save(candidate(harvest), None, "two", now)
        chinese = Article(
            url="https://three.example/tanpan", title="和平谈判重启", body="各方在日内瓦恢复会谈。", word_count=11
        )
        store.save(candidate(chinese), None, None, now - timedelta(hours=1))
        for outcome, reason, status, size in (
            (Outcome.SAVED, "new", 200, 18),
            (Outcome.FAILED, "server trouble", 503, 0),
            (Outcome.SKIPPED, "robots.txt", None, None),
        ):
            attempt = Attempt(talks.url, "page", outcome, reason, f"ended: {reason}", now, "one", status, size, 0.25)
            store.note(replace(attempt, article_id=saved.article_id))
        with store.transaction():
            quiet = Event(EventKind.QUIET, now, "nothing new for 3 days", "two", data={"since": instant(now)})
            store.events.add(quiet, tell=True)
            store.alarms.put(one.id, Alarm(EventKind.QUIET, instant(now), quiet.detail))
        with store.transaction():
            (standing,) = store.reparses.standings(Selection(ids=(1,)))
            store.reparses.put(standing, "5", Renewal(Verdict.REFUSED, "hub: lists articles and is none itself"))
        store.forget("https://two.example/secret", now)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[httpx.Client]:
    """Datasette as a process of its own, started by hand as storage/README.md says; stopped at the end."""
    port = free_port()
    command = [sys.executable, "-P", "-m", "datasette", str(folder), "--port", str(port)]
    with (folder.parent / "datasette.log").open("w+b") as log, subprocess.Popen(command, stdout=log, stderr=log) as it:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE) as client:
                wait_until_it_answers(client, it, Path(log.name))
                yield client
        finally:
            it.terminate()
            it.wait(PATIENCE)


def wait_until_it_answers(client: httpx.Client, it: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if it.poll() is not None:
            break
        try:
            client.get("/-/versions.json")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no answer (exit code {it.poll()}):\n{log.read_text(encoding='utf-8')}")
