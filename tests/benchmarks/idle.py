"""CPU of a daemon that waits: ``python -m tests.benchmarks.idle [--seconds 60] [--sources 1000] [--entries 500000]``.

Of so many sources none is due for an hour, and articles in ``--entries`` wait to be looked at again; the heartbeat is
the default one. Its parsers are up, as after any page. Beside it stands the floor: an event loop with APScheduler that
wakes as often and does nothing. Printed is CPU time of the whole tree of processes, in percent of one core.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.model import instant
from scraper.store import Store
from tests.benchmarks.processes import used
from tests.end_to_end.faults.desk import Desk
from tests.end_to_end.faults.world import World

_FLOOR = """
import asyncio
from apscheduler.schedulers.asyncio import AsyncIOScheduler

async def beat(): pass

async def main():
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(beat, "interval", seconds=5)
    scheduler.start()
    await asyncio.Event().wait()

asyncio.run(main())
"""
_SETTLED = 5.0  # seconds


def fill(desk: Desk, sources: int, entries: int) -> None:
    """Configure so many sources more, and let them and their entries be due in an hour and later."""
    names = [f"waiting-{number}" for number in range(sources)]
    with (desk.home / "config" / "sources.toml").open("a", encoding="utf-8") as file:
        for name in names:
            file.write(f'[[source]]\nname = "{name}"\nurl = "http://{name}.example/feed.xml"\nkind = "feed"\n')
    now = datetime.now(UTC)
    with Store(desk.home / "storage") as store, store.transaction():
        rows = [
            {"name": name, "title": name, "url": f"http://{name}.example/feed.xml", "kind": "feed", "enabled": 1}
            for name in names
        ]
        store.frontier.sync_sources([row | {"language": None} for row in rows], instant(now + timedelta(hours=1)))
        store._news.execute(  # noqa: SLF001 - half a million by the front door would take minutes
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) INSERT INTO entries"
            " (url, url_key, host, source_id, first_seen_at, outcome, reason, next_due, changed_at)"
            " SELECT 'http://waiting-' || (i % ?2) || '.example/' || i, 'waiting-' || (i % ?2) || '.example/' || i,"
            " 'waiting-' || (i % ?2) || '.example', 1 + i % ?2, ?3, 'saved', 'new',"
            " strftime('%Y-%m-%dT%H:%M:%SZ', ?3, '+1 hour', '+' || i || ' seconds'), ?3 FROM n WHERE ?1 > 0",
            (entries, sources, instant(now)),
        )


def percent(pid: int, seconds: float) -> float:
    """How much of a core a tree of processes uses from now on."""
    begun, before = time.monotonic(), used(pid).cpu
    time.sleep(seconds)
    return 100 * (used(pid).cpu - before) / (time.monotonic() - begun)


def daemon(sources: int, entries: int, seconds: float) -> float:
    """The percentage of a daemon with so many sources and entries that wait."""
    with tempfile.TemporaryDirectory() as folder, World(hosts=1) as world:
        slow = {"tick": "5s", "interval": "1h", "min_interval": "10m", "max_interval": "24h"}
        desk = Desk(Path(folder) / "home", world, schedule=slow)
        fill(desk, sources, entries)
        world.publish(4)
        with desk.daemon() as process:
            desk.wait(4, process)
            time.sleep(_SETTLED)
            return percent(process.pid, seconds)


def floor(seconds: float) -> float:
    """The percentage of a loop that only wakes."""
    with subprocess.Popen([sys.executable, "-c", _FLOOR]) as process:
        time.sleep(_SETTLED)
        found = percent(process.pid, seconds)
        process.kill()
    return found


def main(arguments: list[str]) -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=500_000)
    options = parser.parse_args(arguments)
    sys.stdout.write(f"floor: {floor(options.seconds):.2f} % of a core\n")
    for entries in dict.fromkeys((0, options.entries)):
        found = daemon(options.sources, entries, options.seconds)
        sys.stdout.write(f"{options.sources:,} sources, {entries:,} entries: {found:.2f} % of a core\n")


if __name__ == "__main__":
    main(sys.argv[1:])
