"""Which tests take the processor's time, their processes included: ``python -m pytest -p tests.processor_time …``.

Reads /proc: Linux alone. A fixture's time is that of the first test which asked for it. What the wall clock says
(``--durations``) of tests that wait for each other's processes is mostly chance.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

_TICKS = os.sysconf("SC_CLK_TCK")
_NAME = "processor time"
_SHOWN = 40
_times: dict[str, float] = {}


def spent() -> float:
    """Seconds of processor time of this process and of all below it, with those that have ended and were waited for."""
    mine = os.times()
    return sum(mine[:4]) + sum(_ticks(pid) for pid in _below(os.getpid())) / _TICKS


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # the thread or the process has ended meanwhile
            continue
        for child in children:
            yield int(child)
            yield from _below(int(child))


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[_BEGUN] = spent()
    return (yield)


_BEGUN = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    answer = yield
    item.user_properties.append((_NAME, spent() - item.stash[_BEGUN]))  # the way to the process that reports
    return answer


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "teardown":
        _times[report.nodeid] = sum(float(str(value)) for name, value in report.user_properties if name == _NAME)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section(f"{sum(_times.values()):.1f} s of processor time in {len(_times)} tests")
    for name, seconds in sorted(_times.items(), key=lambda each: -each[1])[:_SHOWN]:
        terminalreporter.write_line(f"{seconds:7.2f} s  {name}")
