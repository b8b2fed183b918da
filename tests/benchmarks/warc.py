"""``python -m tests.benchmarks.warc [PAGES] [--corpus FOLDER]``: pages exported as WARC and imported again.

Pages are made up (``tests.benchmarks.press``), or those of a folder (every ``*.html.gz`` below it), over and over with
a mark of their own, until there are so many. Printed are pages a second and the most memory that each command's own
process took, sizes, and how long reading the file takes
beside warcio's reader, which does less: it undoes no coding and ties no request to its answer.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from warcio.archiveiterator import ArchiveIterator

from scraper.dedupe import candidate
from scraper.fetch.decode import Bounds
from scraper.model import Page
from scraper.store import Store
from scraper.warc.captures import Capture, captures
from scraper.warc.records import Records
from scraper.warc.unpacking import Unpacked
from tests.benchmarks.press import Press

_BATCH = 100
_START = datetime(2026, 1, 1, tzinfo=UTC)
_MEASURED = """
import atexit, pathlib, re, sys
status = pathlib.Path("/proc/self/status")  # getrusage would tell of the parent's memory, too
atexit.register(lambda: print("peak", re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1], file=sys.stderr))
from scraper.__main__ import main
sys.argv = ["scrape", *sys.argv[1:]]
main()
"""


def main() -> None:
    """Fill a home, export it, import that into another."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="?", type=int, default=10_000)
    parser.add_argument("--corpus", type=Path)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        first, second, file = Path(folder, "first"), Path(folder, "second"), Path(folder, "pages.warc.gz")
        for home in (first, second):
            (home / "config").mkdir(parents=True)
            (home / "config" / "scraper.toml").write_text("", encoding="utf-8")
        raw = fill(first, options.pages, options.corpus)
        stored = (first / "storage" / "pages.db").stat().st_size
        say(f"{options.pages:,} pages of {raw / options.pages:,.0f} bytes, in pages.db {stored / options.pages:,.0f}")
        exported = run(first, "export", "--format", "warc", "-o", str(file))
        report("export", options.pages, *exported)
        size = file.stat().st_size
        say(f"WARC {size / options.pages:,.0f} bytes a page: {size / stored:.2f} of pages.db")
        read(file, options.pages)
        report("import", options.pages, *run(second, "import", "-q", str(file)))
        again = run(second, "import", "-q", str(file))
        report("import again", options.pages, *again)


def say(text: str) -> None:
    """Print now: this takes minutes."""
    print(text, flush=True)  # noqa: T201 - a benchmark talks


def report(what: str, pages: int, took: tuple[float, float], peak: int) -> None:
    """A line a command."""
    seconds, processor = took
    say(
        f"{what}: {pages / seconds:,.0f} pages/s, {1000 * processor / pages:.1f} ms of a processor a page,"
        f" at most {peak / 1024:,.0f} MiB"
    )


def run(home: Path, *words: str) -> tuple[tuple[float, float], int]:
    """Seconds that a command took, on the clock and of processors (its parsers' too), and the most memory (KiB) that
    its own process did.
    """
    began, before = time.perf_counter(), _processor()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, "--home", str(home), *words], capture_output=True, text=True, check=True
    )
    took = time.perf_counter() - began, _processor() - before
    return took, int(done.stderr.rpartition("peak")[2])


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def fill(home: Path, count: int, corpus: Path | None) -> int:
    """Store so many pages with their articles (of a corpus: pages alone). Returns their bytes."""
    press, size = Press(), 0
    files = sorted(corpus.rglob("*.html.gz")) if corpus is not None else []
    with Store(home / "storage") as store:
        for start in range(0, count, _BATCH):
            with store.transaction():
                for number in range(start, min(start + _BATCH, count)):
                    if corpus is None:
                        article = press.article(number)
                        page = press.page(article)
                        store.save(candidate(article), page, None, page.fetched_at)
                    else:
                        page = _of_corpus(files, number)
                        store.archive.add(page)
                    size += len(page.body)
        store.scrub()
    return size


def _of_corpus(files: list[Path], number: int) -> Page:
    """A page of the corpus, with a mark that makes its bytes its own."""
    body = gzip.decompress(files[number % len(files)].read_bytes()) + f"<!-- {number} -->".encode()
    url = f"https://outlet{number % 97}.example/{number}"
    return Page(url, url, 200, (("content-type", "text/html"),), body, _START + timedelta(seconds=number))


def read(file: Path, pages: int) -> None:
    """The same file through our reader and through warcio's."""
    began = time.perf_counter()
    with file.open("rb") as opened:
        found = captures(Records(Unpacked(opened)), Bounds(10 * 2**20, 100))
        count = sum(isinstance(each, Capture) for each in found)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    with file.open("rb") as opened:
        answers = (each for each in ArchiveIterator(opened) if each.rec_type == "response")
        theirs = sum(bool(each.content_stream().read()) for each in answers)
    peer = time.perf_counter() - began
    if count != pages:
        raise SystemExit(f"{count} pages were read, {theirs} by warcio")
    say(f"reading alone: {pages / ours:,.0f} pages/s, {peer / ours:.2f} of warcio's speed")


if __name__ == "__main__":
    main()
