from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.fetch.hosts import Terms
from scraper.fetch.robots import RobotsRecord
from scraper.ledger import StoredLedger, new_holder
from scraper.store.writer import Writer

ROOT = Path(__file__).resolve().parents[1]
HOST = "news.example"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
US = "here:1:aa"
MACHINE = new_holder().partition(":")[0]

CLAIM = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from scraper.fetch.hosts import Terms
from scraper.ledger import StoredLedger, new_holder
from scraper.store.writer import Writer

async def main():
    async with Writer(Path(sys.argv[1]), busy_timeout=20) as writer:
        ledger = StoredLedger(writer)
        now = datetime.fromisoformat(sys.argv[2])
        asked = [Terms(f"host{n}.example", "", new_holder(), 1, 60, 4) for n in range(40)]
        won = [n for n, terms in enumerate(asked) if (await ledger.claim(terms, now)).wait == 0]
        print(*won, flush=True)
        sys.stdin.readline()

asyncio.run(main())
"""


def terms(host: str, holder: str, spacing: float, address: str = "") -> Terms:
    return Terms(host, address, holder, spacing, 60, 4)


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
            assert (await ledger.claim(terms(HOST, US, 0.25), NOW)).wait == 0
            assert (await ledger.claim(terms(HOST, "there:2:bb", 0.25), at(30))).wait > 0
            await ledger.release(terms(HOST, US, 0.25), at(0.1), well=True)
            assert (await ledger.claim(terms(HOST, "there:2:bb", 0.25), at(0.3))).wait == pytest.approx(0.05)
            assert (await ledger.claim(terms(HOST, "there:2:bb", 0.25), at(0.35))).wait == 0
            await ledger.release(terms(HOST, "there:2:bb", 0.25), at(0.4), well=True)
            await ledger.pause(HOST, at(100), "429", "asked")
            await ledger.pause(HOST, at(50), "503", "asked")
            assert (await ledger.claim(terms(HOST, US, 1), at(60))).wait == pytest.approx(40)
            assert (await ledger.claim(terms("other.example", US, 1), at(60))).wait == 0
            assert (await ledger.claim(terms(HOST, US, 1), at(100))).wait == 0

    run(work())


def test_four_requests_at_once_go_to_one_address_over_all_processes(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            dead = f"{MACHINE}:4194304:aa"  # no process has that number
            for number, holder in enumerate((dead, "there:2:bb", US, US, US)):
                claim = await ledger.claim(terms(f"host{number}.example", holder, 1, "192.0.2.1"), NOW)
                assert claim.wait == 0
            fifth = terms("fifth.example", "there:2:bb", 1, "192.0.2.1")
            claim = await ledger.claim(fifth, at(1))
            assert claim.crowded
            assert 0 < claim.wait <= 0.5
            row = await writer.run(lambda store: store.hosts.get("fifth.example"))
            assert (row["address"], row["held_by"]) == ("192.0.2.1", None)
            assert (await ledger.claim(terms("elsewhere.example", US, 1, "192.0.2.2"), at(1))).wait == 0
            await ledger.release(terms("host1.example", "there:2:bb", 1, "192.0.2.1"), at(2), well=True)
            assert (await ledger.claim(fifth, at(2))).wait == 0

    run(work())


def test_a_lease_that_ran_out_is_free(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert (await ledger.claim(terms(HOST, US, 1), NOW)).wait == 0
            assert (await ledger.claim(terms(HOST, "there:2:bb", 1), at(60))).wait == 0
            await ledger.release(terms(HOST, US, 1), at(61), well=True)  # too late: it is another's now
            assert (await ledger.claim(terms(HOST, US, 1), at(62))).wait > 0

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
            assert (await ledger.claim(terms("host0.example", new_holder(), 1), at(30))).wait > 0
            process.kill()
            process.wait()
            for seconds in (0.2, 0.4, 0.6, 0.8):  # asking does not put it off
                assert (await ledger.claim(terms("host0.example", new_holder(), 1), at(seconds))).wait > 0
            assert (await ledger.claim(terms("host0.example", new_holder(), 1), at(1))).wait == 0
            assert (await ledger.claim(terms("host1.example", new_holder(), 1), at(30))).wait == 0

    run(work())
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "holder",
    [f"{MACHINE}:1:aa", "elsewhere:4194305:aa", f"{MACHINE}:{10**30}:aa", "nonsense", ""],
)
def test_who_may_be_alive_keeps_the_lease(tmp_path: Path, holder: str) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            ledger = StoredLedger(writer)
            assert (await ledger.claim(terms(HOST, holder, 1), NOW)).wait == 0
            assert (await ledger.claim(terms(HOST, new_holder(), 1), at(30))).wait > 0
            assert (await ledger.claim(terms(HOST, new_holder(), 1), at(60))).wait == 0

    run(work())


def test_every_holder_has_its_own_name() -> None:
    assert new_holder() != new_holder()
    assert new_holder().startswith(f"{MACHINE}:{os.getpid()}:")


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
            await ledger.claim(terms(HOST, US, 1), NOW)
            assert await ledger.robots(HOST) is None
            await ledger.save_robots(RobotsRecord(HOST, 200, "old", NOW, '"old"', NOW))
            await ledger.save_robots(record)
            assert await ledger.robots(HOST) == record
            assert (await ledger.claim(terms(HOST, "there:2:bb", 1), at(30))).wait > 0

    run(work())
