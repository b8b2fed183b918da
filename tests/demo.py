"""``make demo``: the daemon against the local news site over real HTTP, and the seed clipping, in a home of its own.

    python -m tests.demo FOLDER

FOLDER is made anew each time (it is only deleted if an earlier demo made it). Ends with exit code 1 if what was stored
is not what the fixtures expect.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from scraper import Store
from tests.local_news import LocalNews, write_home

ROOT = Path(__file__).resolve().parent.parent
SEED = Path("fixtures/seed/000_a7afc849934ed496.txt")
MARK = ".made-by-make-demo"
PATIENCE = 120.0  # seconds for the whole site; one of its hosts asks for a second between requests


def main(folder: Path) -> int:
    """Run the demo; the exit code."""
    _make_room(folder)
    with LocalNews() as site:
        say(f"A local news site of {len(site.outlets)} made-up outlets answers on http://127.0.0.1:{site.port}/")
        scrape(folder, "init", str(folder), quiet=True)
        write_home(folder, site.outlets, port=site.port)
        with (folder / "config" / "scraper.toml").open("a", encoding="utf-8") as settings:
            settings.write('\n[log]\nformat = "human"\n')
        say("\nThe daemon follows it until nothing waits:")
        _follow(folder)
        expected = site.expected
    scrape(folder, "import", os.path.relpath(ROOT / SEED))
    scrape(folder, "status")
    scrape(folder, "search", "--limit", "5", "harbour")
    scrape(
        folder,
        "show",
        "https://www.themoscowtimes.com/2022/01/19/russia-completes-pullout-from-unrest-hit-kazakhstan-a76083",
    )
    found = faults(folder, expected)
    for fault in found:
        say(f"NOT AS EXPECTED: {fault}")
    if not found:
        say(
            f"\nAll {len(expected)} articles of the site and the clipping are stored once each, as the fixtures expect."
        )
    say(f"Look around:  .venv/bin/scrape --home {folder} search lighthouse")
    say(f"In a browser: .venv/bin/scrape --home {folder} serve")
    return 1 if found else 0


def say(text: str) -> None:
    """Print now: what our commands print comes in between."""
    print(text, flush=True)  # noqa: T201 - a demo talks


def scrape(home: Path, *words: str, quiet: bool = False) -> None:
    """Run one command as a user would, and show it."""
    if not quiet:
        say(f"\n$ scrape --home {home} {' '.join(words)}")
    subprocess.run([sys.executable, "-m", "scraper", "--home", str(home), *words], check=True, capture_output=quiet)


def _make_room(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            sys.exit(f"{folder} was not made by `make demo`; move it away, or name another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Everything here is made up; `make demo` deletes it.\n", encoding="utf-8")


def _follow(home: Path) -> None:
    """``scrape run`` until every source was asked and no entry waits, then SIGTERM."""
    say(f"\n$ scrape --home {home} run")
    with subprocess.Popen([sys.executable, "-m", "scraper", "--home", str(home), "run"]) as daemon:
        try:
            deadline = time.monotonic() + PATIENCE
            while not _idle(home):
                if daemon.poll() is not None or time.monotonic() > deadline:
                    sys.exit("the daemon did not come to the end of the site")
                time.sleep(0.3)
        finally:
            daemon.send_signal(signal.SIGTERM)


def _idle(home: Path) -> bool:
    if not (home / "storage" / "pages.db").exists():
        return False
    with Store(home / "storage", readonly=True) as store:
        seen = store.glance(datetime.now(UTC))
    return bool(seen.sources) and all(source.last_outcome for source in seen.sources) and not seen.waiting


def faults(home: Path, expected: dict[str, dict[str, object]]) -> list[str]:
    """How what is stored differs from the expected records and the seed: title, date, authors and original URL."""
    seed = json.loads((ROOT / SEED).with_suffix(".json").read_text(encoding="utf-8"))
    wanted = {**expected, str(seed["url"]): {"authors": [], **seed}}
    found = []
    with Store(home / "storage", readonly=True) as store:
        stored = [item.article for item in store.export()]
    for url in sorted(set(wanted) | {article.url for article in stored}):
        articles = [article for article in stored if article.url == url]
        if url not in wanted or len(articles) != 1:
            found.append(f"{url}: stored {len(articles)} times, expected {int(url in wanted)}")
            continue
        for field in ("title", "published_at", "authors"):
            was, should = getattr(articles[0], field), wanted[url].get(field)
            if (list(was) if isinstance(was, tuple) else was) != should:
                found.append(f"{url}: {field} is {was!r}, expected {should!r}")
    return found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
