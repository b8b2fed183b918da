"""How fast pages are read while articles are stored: ``python -m tests.benchmarks.reading [--articles N] [--rate R]``.

An archive of made-up news; a process that stores more of it through the real writer at a given rate; a process of eight
clients, each asking for the next page as soon as it has one, over a fixed mix: home, list, article, search and one
facet. First plain Datasette, without our plugin and templates (its own home, row and query pages stand in), then ours.
Prints the 50th and 95th percentile of each page, errors, how many articles a second were stored, and who met a lock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import httpx

from scraper.dedupe import Candidate, candidate
from scraper.errors import ScrapeError
from scraper.model import Attempt, Page
from scraper.outcomes import decided, fetched
from scraper.store import Store
from scraper.store.writer import Writer
from tests.benchmarks.press import Press
from tests.datasette.archive import serving, ship_storage

_CLIENTS = 8
_BATCH = 500  # articles a transaction, while the archive is filled
_WORDS = 3000  # of the vocabulary, from which searches are drawn: common ones and rare ones
_MIX = ("home", "list", "article", "search", "facet")
_OURS = {"home": "/", "list": "/news/articles", "article": "/-/article/{id}", "search": "/-/search?q={words}"}
_PLAIN = {"home": "/", "list": "/news/articles", "article": "/news/articles/{id}", "search": "/news/search?q={words}"}
_FACET = "/news/articles?_facet=source_id"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clients met: milliseconds a page by its name, and answers that were no 200."""

    times: dict[str, list[float]]
    errors: list[str]


def fill(folder: Path, press: Press, count: int) -> None:
    """An archive with so many articles, each with its source and the row of its attempt."""
    with Store(folder) as store:
        with store.transaction():
            row = {"kind": "feed", "enabled": 1, "language": None}
            names = [f"outlet{number}" for number in range(press.outlets)]
            rows = [row | {"name": name, "title": name, "url": f"https://{name}.example/feed"} for name in names]
            store.frontier.sync_sources(rows, "2026-01-01T00:00:00Z")
        for first in range(0, count, _BATCH):
            with store.transaction():
                for number in range(first, min(first + _BATCH, count)):
                    _save(_work(press, number), store)


@dataclass(frozen=True, slots=True)
class Work:
    """A page that is read and waits to be stored. ``page`` is short: readers do not look into pages.db."""

    new: Candidate
    page: Page
    attempt: Attempt


def _work(press: Press, number: int) -> Work:
    article = press.article(number)
    at = datetime.fromisoformat(article.published_at or "") + timedelta(minutes=7)
    page = Page(article.url, article.url, 200, (), article.title.encode(), at)
    attempt = replace(fetched(page.url, page, None), source=f"outlet{number % press.outlets}")
    return Work(candidate(article), page, attempt)


def _save(work: Work, store: Store) -> None:
    saved = store.save(work.new, work.page, work.attempt.source, work.attempt.at)
    store.attempts.add(decided(work.attempt, saved.decision, saved.article_id))


async def write(folder: Path, first: int, rate: float, seconds: float) -> dict[str, float]:
    """Store at that rate for so long, as the daemon's writer does; what became of it."""
    press = Press()
    works = [_work(press, number) for number in range(first, first + int(rate * (seconds + 1)))]
    stored = locked = 0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = time.monotonic()
    async with Writer(folder, busy_timeout=30) as writer:
        pending: set[asyncio.Task[None]] = set()
        while (now := time.monotonic() - began) < seconds:
            due = int(now * rate) - stored
            for work in works[stored : stored + due]:
                pending.add(asyncio.create_task(writer.run(partial(_save, work))))
            stored += due
            await asyncio.sleep(0.02)
            done = {task for task in pending if task.done()}
            locked += sum(isinstance(task.exception(), ScrapeError | sqlite3.Error) for task in done)
            pending -= done
        late = len(pending)
        await asyncio.gather(*pending, return_exceptions=True)
    return {"rate": (stored - late) / seconds, "locked": locked, "cpu": time.process_time()}


async def read(address: str, paths: dict[str, str], articles: int, seconds: float) -> Reading:
    """Eight clients in a closed loop over the mix."""
    press = Press()
    words = press._vocabulary[60:_WORDS]  # noqa: SLF001 - the same words
    met = Reading({name: [] for name in _MIX}, [])
    end = time.monotonic() + seconds

    async def one(number: int, client: httpx.AsyncClient) -> None:
        chance = random.Random(number)  # noqa: S311 - made-up readers
        turn = number
        while time.monotonic() < end:
            name = _MIX[turn % len(_MIX)]
            turn += 1
            asked = "%20".join(chance.sample(words, 2))
            path = {**paths, "facet": _FACET}[name].format(id=chance.randrange(1, articles), words=asked)
            began = time.perf_counter()
            answer = await client.get(path)
            met.times[name].append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200 or "locked" in answer.text:
                met.errors.append(f"{answer.status_code} {path}")

    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
        await asyncio.gather(*(one(number, client) for number in range(_CLIENTS)))
    return met


def measure(folder: Path, paths: dict[str, str], articles: int, options: argparse.Namespace) -> None:
    """Serve a folder, read and write at once, and print what the readers met."""
    before = _children()
    with serving(folder) as client:
        address = str(client.base_url)
        client.get("/news/articles")
        words = [sys.executable, "-m", "tests.benchmarks.reading", "--folder", str(folder), "--first", str(articles)]
        words += ["--seconds", str(options.seconds)]
        writing = [*words, "--rate", str(options.rate), "--as", "writer"]
        writer = subprocess.Popen(writing, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdout.readline()  # it has its articles ready: making them up is no part of it
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
        readers = [*words, "--address", address, "--paths", json.dumps(paths), "--as", "reader"]
        told = subprocess.run(readers, stdout=subprocess.PIPE, check=True)
        wrote = json.loads(writer.communicate(timeout=120)[0])
    met = json.loads(told.stdout)
    # What the processes took that are no server; on a busy machine, this says more than the clock does.
    server = _children() - before - wrote["cpu"] - met["cpu"]
    every = [one for times in met["times"].values() for one in times]
    for name, times in {**met["times"], "all": every}.items():
        sys.stdout.write(
            f"  {name:8} {len(times):5} pages   p50 {_at(times, 50):6.0f} ms   p95 {_at(times, 95):6.0f} ms\n"
        )
    log = (folder.parent / "datasette.log").read_text(encoding="utf-8")
    sys.stdout.write(
        f"  {len(every) / options.seconds:.1f} pages/s, {1000 * server / len(every):.0f} ms of the server's CPU each;"
        f" {len(met['errors'])} errors {met['errors'][:3]};"
        f" {wrote['rate']:.0f} articles/s stored;"
        f" locked: {log.count('locked')} reading, {wrote['locked']:.0f} writing\n"
    )


def _children() -> float:
    """Seconds of CPU of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _at(times: Sequence[float], percent: int) -> float:
    return quantiles(times, n=100, method="inclusive")[percent - 1]


def main() -> None:
    """Measure both, or be one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=500)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--keep", type=Path, help="the archive's folder; one that is there is used again")
    for name in ("--as", "--folder", "--first", "--address", "--paths"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    options = parser.parse_args()
    role = getattr(options, "as")
    if role == "writer":
        done = write(Path(options.folder), int(options.first), options.rate, options.seconds + 2)
        sys.stdout.write(json.dumps(asyncio.run(done)))
    elif role == "reader":
        met = asyncio.run(read(options.address, json.loads(options.paths), int(options.first), options.seconds))
        sys.stdout.write(json.dumps({"times": met.times, "errors": met.errors, "cpu": time.process_time()}))
    else:
        _compare(options)


def _compare(options: argparse.Namespace) -> None:
    with TemporaryDirectory() as made:
        base = options.keep or Path(made) / "base"
        if not (base / "news.db").exists():
            fill(base, Press(), options.articles)
        for name, paths in (("plain Datasette", _PLAIN), ("with our pages", _OURS)):
            folder = Path(made) / name.split()[0] / "storage"
            ship_storage(folder)
            if paths is _PLAIN:
                shutil.rmtree(folder / "templates")
                (folder / "plugins" / "archive.py").write_text(_ONLY_SEARCH, encoding="utf-8")
            for file in ("news.db", "pages.db"):
                with closing(sqlite3.connect(base / file)) as source, closing(sqlite3.connect(folder / file)) as target:
                    source.backup(target)
                    target.execute("PRAGMA journal_mode = WAL")
            sys.stdout.write(
                f"{name}, {options.articles:,} articles, {_CLIENTS} clients, {options.rate:.0f} articles/s asked for\n"
            )
            measure(folder, paths, options.articles, options)


_ONLY_SEARCH = """
from datasette import hookimpl
from datasette.utils import escape_fts
@hookimpl(trylast=True)
def prepare_connection(conn):
    conn.create_function("escape_fts", 1, lambda text: escape_fts(text or "") or '""')
    conn.create_function("excerpt", 2, lambda text, query: text[:200])
"""


if __name__ == "__main__":
    main()
