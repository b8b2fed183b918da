"""What ails a daemon, and what keeps it from its work, over a real writer."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.monitor import Phase, Vitals
from scraper.monitor.health import ailment, hindrance
from scraper.store.writer import Writer


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 60))


def test_a_daemon_that_looks_for_work_lives_and_works(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            vitals = Vitals(writer=writer)
            assert hindrance(vitals) == "it is starting"
            vitals.beat("")
            assert (await ailment(vitals), hindrance(vitals)) == ("", "")

    run(work())


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.RELOADING, Phase.ENDING])
def test_what_it_does_between_is_no_ailment(phase: Phase) -> None:
    vitals = Vitals(phase=phase, beat_at=time.monotonic() - 1e6)
    assert asyncio.run(ailment(vitals)) == ""
    assert hindrance(vitals) == f"it is {phase.value}"


def test_a_full_disk_is_no_ailment_but_a_hindrance(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            vitals = Vitals(writer=writer)
            vitals.beat("no room")
            assert (await ailment(vitals), hindrance(vitals)) == ("", "no room")

    run(work())


def test_a_heart_that_stopped(tmp_path: Path) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            vitals = Vitals(Phase.FOLLOWING, writer, usual=35, beat_at=time.monotonic() - 94)
            assert await ailment(vitals) == ""
            vitals.beat_at -= 6
            assert await ailment(vitals) == "it did not look for what is due for 100 s"

    run(work())


def test_a_writer_that_does_not_answer(tmp_path: Path) -> None:
    held = threading.Event()

    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=5) as writer:
            vitals = Vitals(Phase.FOLLOWING, writer)
            stuck = asyncio.create_task(writer.run(lambda _store: held.wait(30)))
            await asyncio.sleep(0.05)
            assert await ailment(vitals, 0.2) == "the database did not answer within 0.2 s"
            held.set()
            await stuck
            assert await ailment(vitals) == ""

    run(work())


@pytest.mark.parametrize(("busy_timeout", "patience"), [(0.2, 5.0), (30.0, 1.5)])
def test_a_database_that_another_process_keeps_locked_is_a_hindrance(
    tmp_path: Path, busy_timeout: float, patience: float
) -> None:
    async def work() -> None:
        async with Writer(tmp_path, busy_timeout=busy_timeout) as writer:
            vitals = Vitals(Phase.FOLLOWING, writer)
            with closing(sqlite3.connect(tmp_path / "news.db", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                assert await ailment(vitals, patience) == ""
                assert ("another process is writing" in hindrance(vitals)) == (busy_timeout < patience)
                other.execute("ROLLBACK")
            await writer.run(lambda _store: None)
            assert hindrance(vitals) == ""

    run(work())
