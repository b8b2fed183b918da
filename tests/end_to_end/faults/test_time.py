"""The clock is set forward and back; the process is stopped for a while, as by a laptop that sleeps."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.config import Config
from scraper.daemon import Daemon
from scraper.home import Home
from scraper.model import instant
from tests.end_to_end.faults.desk import Desk
from tests.end_to_end.faults.world import World
from tests.end_to_end.harness import PATIENCE, wait_for

pytestmark = pytest.mark.faults

DAY = 86400
_LIBRARIES = [
    path
    for pattern in ("lib/*/faketime/libfaketime.so.1", "lib/faketime/libfaketime.1.dylib")
    for root in (Path("/usr"), Path("/usr/local"), Path("/opt/homebrew"))
    for path in root.glob(pattern)
]


# The parsers need no clock, and libfaketime breaks time.sleep from Python 3.11 on, which pebble's threads call.
_PROGRAM = """
import os, sys, threading, time
del os.environ["LD_PRELOAD"]
time.sleep = lambda seconds: threading.Event().wait(seconds)
from scraper.__main__ import main
main(sys.argv[1:])
"""


class Clock:
    """The wall clock of processes that run with ``environment``; the monotonic one goes on as it does."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set_ahead(0)
        self.environment = {
            **os.environ,
            "LD_PRELOAD": str(_LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set_ahead(self, seconds: int) -> None:
        """Against the real time."""
        self._file.write_text(f"{seconds:+d}\n")


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    if not _LIBRARIES:
        pytest.skip("libfaketime is not installed; .ci/run installs it")
    return Clock(tmp_path / "clock")


@pytest.mark.parametrize("steps", [(DAY, 0), pytest.param((DAY, 0, -DAY, 0, -DAY, DAY), marks=pytest.mark.soak)])
def test_a_clock_that_is_set_a_day_forward_and_back(
    desk: Desk, world: World, clock: Clock, steps: tuple[int, ...]
) -> None:
    desk.configure(schedule={"revisits": ["1h", "6h"]})
    world.publish(12)
    with desk.daemon(_PROGRAM, env=clock.environment) as daemon, desk.watched():
        desk.wait(12, daemon)
        before_that = 0
        for ahead in (*steps, 0):
            begun, before, back = time.monotonic(), len(world.asked), _set_back(desk)
            clock.set_ahead(ahead)
            if ahead < before_that:
                wait_for(partial(_noticed, desk, back), "the daemon to see it")
            # The file is read once a second: what is stored by then says nothing, and a step back would be none.
            wait_for(partial(_dates_by, desk, ahead), "the daemon to date by it")
            before_that = ahead
            world.publish(8)
            desk.wait(len(world.truth), daemon)
            # A day's polls are one: no source is asked more often than the time that really passed lets it.
            polls = sum(asked.path == "/feed.xml" for asked in world.asked[before:])
            assert polls <= len(world.hosts) * (2 + (time.monotonic() - begun))
        desk.stop(daemon)
    desk.check_whole(revisits=True)
    assert _set_back(desk) == sum(later < earlier for earlier, later in pairwise((*steps, 0)))
    assert "Traceback" not in desk.said()


def test_what_was_paused_under_a_wrong_clock_is_not_paused_for_a_day(desk: Desk, world: World) -> None:
    """The same in this process, where the clock is an argument: a host asks for ten minutes' pause on the wrong day."""
    ahead = timedelta(days=1)

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    async def main() -> None:
        nonlocal ahead
        daemon = Daemon(Config.load(Home(desk.home)), clock=clock)
        running = asyncio.ensure_future(daemon.run())
        host = world.hosts[0]
        world.pauses[host] = 600
        world.publish(4)
        await _until(lambda: running.done() or (_refused(desk) and desk.count() == 3))
        ahead = timedelta()
        del world.pauses[host]
        world.publish(4)
        await _until(lambda: running.done() or desk.count() == 6)
        soon = instant(datetime.now(UTC) + timedelta(seconds=601))
        assert instant(datetime.now(UTC)) < _paused(desk)[host] < soon  # obeyed, and no longer
        with closing(sqlite3.connect(desk.news, isolation_level=None)) as conn:
            assert conn.execute("SELECT max(next_due) < ? FROM entries", (soon,)).fetchone() == (1,)
            assert conn.execute("SELECT max(next_due) < ? FROM sources", (soon,)).fetchone() == (1,)
            conn.execute("UPDATE hosts SET paused_until = NULL")
            conn.execute("UPDATE entries SET next_due = first_seen_at WHERE next_due IS NOT NULL")
            conn.execute("UPDATE sources SET next_due = last_fetched_at")
        ahead = timedelta(minutes=15)  # past the pauses that the process remembers itself
        await _until(lambda: running.done() or desk.count() == 8)
        daemon.stop()
        await running

    asyncio.run(asyncio.wait_for(main(), PATIENCE))
    desk.check_sound()
    assert dict(desk.rows("SELECT url, title FROM articles")) == world.truth


@pytest.mark.parametrize("seconds", [3, pytest.param(180, marks=pytest.mark.soak)])
def test_a_process_that_is_stopped_for_a_while_catches_up_once(desk: Desk, world: World, seconds: float) -> None:
    world.publish(40)
    world.delay = 0.1
    with desk.daemon() as daemon, desk.watched():
        desk.wait(8, daemon)
        daemon.send_signal(signal.SIGSTOP)
        world.publish(8)
        time.sleep(0.2)  # what is under way is answered
        before = len(world.asked)
        if seconds > 20:  # the leases have run out: another process may ask meanwhile
            time.sleep(seconds - 10)
            done = desk.run("fetch", next(reversed(world.truth)), check=False)
            # One that was stopped in the middle of writing keeps the lock.
            assert done.returncode == 0 or "another process is writing to it" in done.stderr
            time.sleep(10)
        else:
            time.sleep(seconds)
            assert len(world.asked) == before
        daemon.send_signal(signal.SIGCONT)
        desk.wait(len(world.truth), daemon)
        desk.stop(daemon)
    desk.check_whole()
    assert set(world.most_at_once.values()) == {1}
    for host in world.hosts:
        polls = [asked.at for asked in world.asked if (asked.host, asked.path) == (host, "/feed.xml")]
        assert min(later - earlier for earlier, later in pairwise(polls)) > 0.2
    paths = [asked.url for asked in world.asked if asked.path.startswith("/2026/")]
    assert len(paths) <= len(set(paths)) + 1 + len(world.hosts)  # what was under way may have timed out


def _set_back(desk: Desk) -> int:
    return sum("the clock was set back by" in complaint for complaint in desk.complaints())


def _noticed(desk: Desk, before: int) -> bool:
    return _set_back(desk) > before


def _dates_by(desk: Desk, ahead: int) -> bool:
    """Whether a source was last asked at a time by the clock that is so many seconds ahead, or behind."""
    hour, now = timedelta(hours=1), datetime.now(UTC) + timedelta(seconds=ahead)
    question = "SELECT 1 FROM sources WHERE last_fetched_at BETWEEN ? AND ?"
    return desk.rows(question, instant(now - hour), instant(now + hour)) != []


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - it is a database that is looked at
        await asyncio.sleep(0.05)


def _refused(desk: Desk) -> bool:
    try:
        return desk.rows("SELECT 1 FROM fetches WHERE status = 429") != []
    except sqlite3.OperationalError:  # not made yet
        return False


def _paused(desk: Desk) -> dict[str, str]:
    return dict(desk.rows("SELECT host, paused_until FROM hosts WHERE paused_until IS NOT NULL"))
