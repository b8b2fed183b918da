from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import InternalFault, NotAnArticle, ParserTrouble, ServerTrouble
from scraper.parsing import Parsers

ROOT = Path(__file__).resolve().parents[1]
LINUX = pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")

PARENT = """
import asyncio, time
from scraper.parsing import Parsers
from tests.test_parsing import hang, my_pid, spin

async def main():
    async with Parsers(workers=3) as parsers:
        await parsers.run(my_pid)
        asyncio.ensure_future(parsers.run(hang))
        asyncio.ensure_future(parsers.run(spin))
        await asyncio.sleep(1)
        print("ready", flush=True)
        await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


def double(number: int, *, plus: int = 0) -> int:
    return 2 * number + plus


def my_pid() -> int:
    return os.getpid()


def hang() -> None:
    time.sleep(600)


def spin() -> None:
    while True:
        pass


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> None:
    os._exit(0)


def skip() -> None:
    raise NotAnArticle("a consent wall", reason="wall", status=200)


def trouble() -> None:
    raise ServerTrouble("busy", status=503, retry_after=7.5)


def stumble() -> None:
    raise ZeroDivisionError("by zero")


def dig() -> None:
    dig()


class OddError(Exception):
    """Pickles, and cannot be made again from what it pickles."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def stumble_oddly() -> None:
    raise OddError("a", "b")


def hog() -> int:
    return len(bytearray(3 * 2**30))


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 120))


def test_a_parser_answers_from_another_process() -> None:
    async def work() -> None:
        async with Parsers() as parsers:
            parsers.warm()
            assert await parsers.run(double, 4, plus=1) == 9
            assert await asyncio.gather(*(parsers.run(double, number) for number in range(50))) == list(
                range(0, 100, 2)
            )
            assert await parsers.run(my_pid) != os.getpid()

    run(work())


def test_closing_what_was_never_used_is_no_trouble() -> None:
    async def work() -> None:
        async with Parsers():
            pass

    run(work())


@pytest.mark.parametrize(("parser", "reason"), [(hang, "parser time-out"), (spin, "parser time-out")])
def test_a_parser_that_hangs_is_killed_and_the_next_page_goes_on(parser: Any, reason: str) -> None:
    async def work() -> None:
        async with Parsers(workers=1, timeout=1) as parsers:
            pid = await parsers.run(my_pid)
            with pytest.raises(ParserTrouble) as raised:
                await parsers.run(parser)
            assert raised.value.reason == reason
            assert await parsers.run(double, 2) == 4
            assert not _alive(pid)

    run(work())


@pytest.mark.parametrize("parser", [die, stumble_oddly, pytest.param(hog, marks=LINUX)])
def test_a_parser_that_dies_is_said_and_the_next_page_goes_on(parser: Any) -> None:
    async def work() -> None:
        async with Parsers(timeout=30) as parsers:
            for _ in range(2):
                with pytest.raises(ParserTrouble) as raised:
                    await parsers.run(parser)
                assert raised.value.reason == "parser died"
                assert await parsers.run(double, 2) == 4

    run(work())


def test_our_errors_cross_the_border_whole() -> None:
    async def work() -> None:
        async with Parsers() as parsers:
            with pytest.raises(NotAnArticle, match="a consent wall") as skipped:
                await parsers.run(skip)
            assert (skipped.value.reason, skipped.value.status) == ("wall", 200)
            with pytest.raises(ServerTrouble) as troubled:
                await parsers.run(trouble)
            assert (troubled.value.reason, troubled.value.retry_after) == ("server trouble", 7.5)

    run(work())


@pytest.mark.parametrize("parser", [stumble, dig])
def test_any_other_error_is_a_fault_of_ours(parser: Any) -> None:
    async def work() -> None:
        async with Parsers() as parsers:
            with pytest.raises(InternalFault, match="while parsing"):
                await parsers.run(parser)
            assert await parsers.run(double, 2) == 4

    run(work())


def test_an_idle_process_that_is_killed_is_replaced() -> None:
    async def work() -> None:
        async with Parsers() as parsers:
            for _ in range(2):
                os.kill(await parsers.run(my_pid), signal.SIGKILL)
                for _ in range(20):
                    try:
                        assert await parsers.run(double, 2) == 4
                    except ParserTrouble:  # it was asked before its end was seen
                        continue
                    break
                assert await parsers.run(double, 3) == 6

    run(work())


def test_a_task_that_is_cancelled_leaves_the_pool_at_work() -> None:
    async def work() -> None:
        async with Parsers(timeout=60) as parsers:
            await parsers.run(double, 1)
            task = asyncio.create_task(parsers.run(hang))
            await asyncio.sleep(0.3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await parsers.run(double, 2) == 4

    run(work())


def test_processes_are_replaced_after_some_thousand_pages() -> None:
    async def work() -> None:
        async with Parsers(workers=1) as parsers:
            first = await parsers.run(my_pid)
            await asyncio.gather(*(parsers.run(double, number) for number in range(2100)))
            assert await parsers.run(my_pid) != first

    run(work())


@LINUX
def test_nothing_is_left_when_the_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    children = _children(process.pid)
    assert len(children) >= 4  # three parsers, and Python's tracker of resources
    process.kill()
    process.wait()
    process.stdout.close()
    for _ in range(300):
        if not any(map(_alive, children)):
            break
        time.sleep(0.1)
    assert [pid for pid in children if _alive(pid)] == []


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
