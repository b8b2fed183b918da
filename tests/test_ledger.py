from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.fetch.robots import RobotsRecord
from scraper.ledger import StoredLedger, new_holder
from scraper.store.writer import Writer

ROOT = Path(__file__).resolve().parents[1]
HOST = "news.example"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
US = "here:1:aa"

CLAIM = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from scraper.ledger import StoredLedger, new_holder
from scraper.store.writer import Writer

async def main():
    async with Writer(Path(sys.argv[1]), busy_timeout=20) as writer:
        ledger = StoredLedger(writer)
        now = datetime.fromisoformat(sys.argv[2])
        won = [n for n in range(40) if await ledger.claim(f"host{n}.example", new_holder(), now, 1, 60) == 0]
        print(*won, flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


def start(folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CLAIM, str(folder), NOW.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_spacing_leases_and_pauses_are_kept_to_the_millisecond(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert await ledger.claim(HOST, US, NOW, 0.25, 60) == 0
            assert await ledger.claim(HOST, "there:2:bb", at(30), 0.25, 60) > 0
            await ledger.release(HOST, US, at(0.1), 0.25)
            assert await ledger.claim(HOST, "there:2:bb", at(0.3), 0.25, 60) == pytest.approx(0.05)
            assert await ledger.claim(HOST, "there:2:bb", at(0.35), 0.25, 60) == 0
            await ledger.release(HOST, "there:2:bb", at(0.4), 0.25)
            await ledger.pause(HOST, at(100), "429")
            await ledger.pause(HOST, at(50), "503")
            assert await ledger.claim(HOST, US, at(60), 1, 60) == pytest.approx(40)
            assert await ledger.claim("other.example", US, at(60), 1, 60) == 0
            assert await ledger.claim(HOST, US, at(100), 1, 60) == 0

    run(work())


def test_a_lease_that_ran_out_is_free(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert await ledger.claim(HOST, US, NOW, 1, 60) == 0
            assert await ledger.claim(HOST, "there:2:bb", at(60), 1, 60) == 0
            await ledger.release(HOST, US, at(61), 1)  # too late: it is another's now
            assert await ledger.claim(HOST, US, at(62), 1, 60) > 0

    run(work())


def test_two_processes_share_the_slots(tmp_path: Path) -> None:
    processes = [start(tmp_path) for _ in range(2)]
    won = [set(map(int, first_line(process).split())) for process in processes]
    for process in processes:
        process.communicate("\n", timeout=60)
    assert won[0] | won[1] == set(range(40))
    assert not won[0] & won[1]


def test_a_killed_process_blocks_its_hosts_no_longer_than_their_spacing(tmp_path: Path) -> None:
    process = start(tmp_path)
    assert len(first_line(process).split()) == 40

    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert await ledger.claim("host0.example", new_holder(), at(30), 1, 60) > 0
            process.kill()
            process.wait()
            for seconds in (0.2, 0.4, 0.6, 0.8):  # asking does not put it off
                assert await ledger.claim("host0.example", new_holder(), at(seconds), 1, 60) > 0
            assert await ledger.claim("host0.example", new_holder(), at(1), 1, 60) == 0
            assert await ledger.claim("host1.example", new_holder(), at(30), 1, 60) == 0

    run(work())
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "holder",
    [f"{socket.gethostname()}:1:aa", "elsewhere:4194305:aa", f"{socket.gethostname()}:{10**30}:aa", "nonsense", ""],
)
def test_who_may_be_alive_keeps_the_lease(tmp_path: Path, holder: str) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert await ledger.claim(HOST, holder, NOW, 1, 60) == 0
            assert await ledger.claim(HOST, new_holder(), at(30), 1, 60) > 0
            assert await ledger.claim(HOST, new_holder(), at(60), 1, 60) == 0

    run(work())


def test_every_holder_has_its_own_name() -> None:
    assert new_holder() != new_holder()
    assert new_holder().startswith(f"{socket.gethostname()}:{os.getpid()}:")


@pytest.mark.parametrize(
    "record",
    [
        RobotsRecord(HOST, 200, "User-agent: *\nDisallow: /\x00é", NOW, '"etag"', at(3600.25)),
        RobotsRecord(HOST, 0, "", at(0.125)),
        RobotsRecord(HOST, 404, "", NOW),
    ],
)
def test_a_robots_txt_comes_back_as_it_was(tmp_path: Path, record: RobotsRecord) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert await ledger.robots(HOST) is None
            await ledger.claim(HOST, US, NOW, 1, 60)
            assert await ledger.robots(HOST) is None
            await ledger.save_robots(RobotsRecord(HOST, 200, "old", NOW, '"old"', NOW))
            await ledger.save_robots(record)
            assert await ledger.robots(HOST) == record
            assert await ledger.claim(HOST, "there:2:bb", at(30), 1, 60) > 0

    run(work())
