"""How fast archived pages are read again, and whether it comes out the same every time.

``python -m tests.benchmarks.reparse --corpora DIR [--pages 10000]`` archives pages of the corpora (without DIR: of our
fixtures), each as often as it takes with another text and address, under records that are not what our rules make of
them. Then it reads them again on 1 worker, on 2, and in a run that is killed halfway and gone on with, and prints pages
a second beside those of a bare loop over the extractor, and a hash of all that is stored then.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from scraper.dedupe import candidate
from scraper.errors import ScrapeError
from scraper.extract import extract_article
from scraper.model import Article, Page
from scraper.parsing import Parsers
from scraper.reader import Reader
from scraper.reparse import Reparse, Reparser, apply
from scraper.store import Store
from scraper.store.reparses import Selection
from tests.benchmarks.extraction.corpora import Case, corpora

NOW = datetime(2026, 11, 1, tzinfo=UTC)
THEN = datetime(2026, 11, 26, tzinfo=UTC)
_HEADERS = (("content-type", "text/html"),)
_FLOOR = 400  # pages of the bare loop


def pages(folder: Path | None) -> Iterator[tuple[Page, Article]]:
    """Pages without an end, with the records that their truth makes; each copy has a text of its own."""
    cases = [case for corpus in corpora(folder) for case in corpus.cases if case.truth.bodies and case.truth.title]
    for copy in count():
        for number, case in enumerate(cases):
            url = f"https://copy{copy}.example/{number}"
            page = Page(url, url, 200, _HEADERS, varied(case, copy), NOW)
            yield page, Article(url, f"{case.truth.title} {copy}", f"{case.truth.bodies[0]}\n\n{copy}", extractor="0")


def varied(case: Case, copy: int) -> bytes:
    """The page as another day's would be: another headline, another first paragraph."""
    html = case.html.replace(b"</title>", f" {copy}</title>".encode(), 1)
    return (
        html.replace(b"<p>", f"<p>It was the {copy}. report of that kind. ".encode(), 1) + f"<!-- {copy} -->".encode()
    )


def fill(folder: Path, given: Path | None, number: int) -> None:
    """The archive."""
    with Store(folder) as store:
        found = islice(pages(given), number)
        while batch := list(islice(found, 100)):
            with store.transaction():
                for page, article in batch:
                    store.save(candidate(article), page, None, NOW)


def reread(folder: Path, workers: int, tell: Callable[[int, int], None] = lambda _done, _of: None) -> Reparse:
    """Read every page of the archive."""

    async def run() -> Reparse:
        async with Parsers(workers) as parsers:
            with Store(folder) as store:
                return await Reparser(store, Reader(parsers), {}, workers).read(Selection(), tell)

    return asyncio.run(run())


def write(folder: Path, ended: Reparse) -> int:
    """Write all that was read."""
    with Store(folder) as store:
        return apply(store, ended.ready, THEN, lambda _done, _of: None)


def digest(folder: Path) -> str:
    """Of all that both files hold, but when they were migrated."""
    found = hashlib.sha256()
    for name in ("news.db", "pages.db"):
        with closing(sqlite3.connect(folder / name)) as conn:
            for line in conn.iterdump():
                if "_sqlite_migrations" not in line:
                    found.update(line.encode())
    return found.hexdigest()[:16]


def used() -> float:
    """Seconds of CPU of this process and of those that it has ended."""
    return sum(each.ru_utime + each.ru_stime for each in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def bare(given: Path | None) -> float:
    """Pages a second of the extractor alone, in one process; each costs the CPU that is printed."""
    began, cpu = time.perf_counter(), used()
    for page, _ in islice(pages(given), _FLOOR):
        try:
            extract_article(page.body, page.final_url, now=NOW)
        except ScrapeError:
            continue
    rate = _FLOOR / (time.perf_counter() - began)
    say(f"bare loop in one process: {rate:.1f} pages/s, {(used() - cpu) / _FLOOR * 1000:.1f} ms of CPU a page")
    return rate


def say(line: str) -> None:
    """Print it now: some runs take minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def measure(folder: Path, workers: int, floor: float) -> None:
    """One run over a copy of the archive."""
    began, cpu = time.perf_counter(), used()
    ended = reread(folder, workers)
    took, cpu = time.perf_counter() - began, used() - cpu
    began = time.perf_counter()
    changed = write(folder, ended)
    writing = len(ended.ready) / (time.perf_counter() - began)
    rate = len(ended.ready) / took
    say(
        f"{workers} worker(s): {len(ended.ready):,} pages in {took:.1f} s, {rate:.1f}/s, {rate / floor:.2f} of the bare"
        f" loop, {cpu / len(ended.ready) * 1000:.1f} ms of CPU a page; {changed:,} written at {writing:,.0f}/s;"
        f" {len(ended.failed)} failed; {digest(folder)}"
    )


def measure_killed(folder: Path, number: int) -> None:
    """A run that is killed halfway, and another that goes on."""
    words = [sys.executable, "-m", "tests.benchmarks.reparse", "--kill", str(number // 2), str(folder)]
    killed = subprocess.run(words, check=False).returncode
    with Store(folder, readonly=True) as store:
        (read,) = store._news.conn.execute("SELECT count(*) FROM reparses").fetchone()  # noqa: SLF001 - a look behind it
    ended = reread(folder, 2)
    write(folder, ended)
    say(f"killed ({killed}) with {read:,} read, gone on with: {len(ended.ready):,} pages; {digest(folder)}")


def die(at: int) -> Callable[[int, int], None]:
    """Have kill -9 come after so many pages."""
    return lambda done, _of: os.kill(os.getpid(), signal.SIGKILL) if done >= at else None


def main() -> None:
    """Measure, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--kill", type=int, help=argparse.SUPPRESS)
    parser.add_argument("folder", type=Path, nargs="?", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.kill is not None:
        reread(given.folder, 2, die(given.kill))
        return
    with TemporaryDirectory(prefix="article-scraper-") as name:
        made = Path(name) / "made"
        fill(made, given.corpora, given.pages)
        floor = bare(given.corpora)
        for run in (1, 2, "killed"):
            folder = Path(shutil.copytree(made, Path(name) / "run"))
            if isinstance(run, int):
                measure(folder, run, floor)
            else:
                measure_killed(folder, given.pages)
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
