"""Progress of long work, on a terminal: how far, how fast, and how long still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scraper.cli.printing import console, on_terminal


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


def _far(done: int, of: int, rate: float, unit: str) -> str:
    if unit == "bytes":
        return f"{done / 1e6:,.0f} of {of / 1e6:,.0f} MB, {rate / 1e6:,.0f} MB/s"
    return f"{done:,} of {of:,} {unit}, {rate:,.0f}/s"
