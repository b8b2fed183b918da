"""Progress of long work, on a terminal: how far, how fast, and how long still."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size

from scraper.cli.printing import console, on_terminal

_OFTEN = 0.2  # seconds from one line to the next


@contextmanager
def progress(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A function to be told how much of how much is done; without a terminal it keeps silent.

    ``unit`` is what is counted, in the plural; "bytes" are shown as megabytes.
    """
    if not on_terminal():
        yield lambda _done, _of: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[far]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, far="")
        began = time.monotonic()

        def tell(done: int, of: int) -> None:
            rate = done / max(time.monotonic() - began, 0.001)
            bar.update(task, completed=done, total=of, far=_far(done, of, rate, unit))

        yield tell


class Line:
    """One line at the bottom of a terminal that is written over, and gives way to what is printed above it.

    Only for a terminal that can go back to the beginning of a line; elsewhere it keeps silent.
    """

    def __init__(self) -> None:
        self._seen = on_terminal() and os.environ.get("TERM") != "dumb"
        self._began = time.monotonic()
        self._shown_at = 0.0
        self._there = False

    def show(self, done: int, of: int | None, failed: int) -> None:
        """How far it is; not more than some times a second."""
        now = time.monotonic()
        if not self._seen or (self._there and now - self._shown_at < _OFTEN):
            return
        text = far(done, of, now - self._began, failed, get_terminal_size().columns - 1)
        self._write(f"\r\x1b[K{text}")
        self._shown_at, self._there = now, True

    def clear(self) -> None:
        """Leave the line to something else."""
        if self._there:
            self._write("\r\x1b[K")
            self._there = False

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def far(done: int, of: int | None, seconds: float, failed: int, width: int) -> str:
    """``12 of 300 URLs, 3.1/s, 1 min 33 s left, 2 failed``: as much of it as such a width has room for.

    ``of`` is None as long as nobody knows how many there are.
    """
    rate = done / seconds if seconds > 0 else 0.0
    parts = [f"{done:,} of {of:,} URLs" if of is not None else f"{done:,} URLs so far"]
    if done and rate:
        parts.append(f"{rate:,.1f}/s" if rate >= 0.1 else f"{rate * 60:,.1f}/min")
        if of is not None:
            parts.append(f"{span((of - done) / rate)} left")
    if failed:
        parts.append(f"{failed:,} failed")
    while len(parts) > 1 and len(", ".join(parts)) > width:
        parts.pop()
    return ", ".join(parts)[:width]


def span(seconds: float) -> str:
    """``45 s``, ``1 min 33 s``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = round(seconds)
    for size, unit, smaller, least in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // smaller
            return f"{whole // size} {unit}" + (f" {rest} {least}" if rest else "")
    return f"{whole} s"


def _far(done: int, of: int, rate: float, unit: str) -> str:
    if unit == "bytes":
        return f"{done / 1e6:,.0f} of {of / 1e6:,.0f} MB, {rate / 1e6:,.0f} MB/s"
    return f"{done:,} of {of:,} {unit}, {rate:,.0f}/s"
