"""Files that appear under their name once they are whole: what is not is beside them, and one process's alone."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from scraper.errors import BadUsage

_TRIES = 10
_LOOK = 0.02  # seconds


@contextmanager
def reserved(goal: Path, suffix: str) -> Iterator[Path]:
    """The name beside ``goal`` under which this process alone may write; what has that name in the end is deleted.

    What a process that was killed left there is written over. Raises BadUsage where another one writes there now, and
    OSError.
    """
    part = goal.with_name(f"{goal.name}{suffix}")
    # A file of its own: what locks a database is seen by flock on some systems, and the other way round.
    with locked(part.with_name(f"{part.name}.lock"), goal):
        try:
            part.unlink(missing_ok=True)
            yield part
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def replacing(goal: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes its name, and the place of what had it, if nothing is raised.

    Raises as :func:`reserved`.
    """
    with reserved(goal, ".part") as part:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if goal.exists():
            shutil.copymode(goal, part)
        part.replace(goal)


@contextmanager
def locked(path: Path, goal: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold a lock on a file while ``goal`` is written; the kernel frees it however this process ends.

    ``wait``: for so many seconds, where another process has it. Raises as :func:`reserved`.
    """
    descriptor = _lock(path, goal, time.monotonic() + wait)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _lock(path: Path, goal: Path, deadline: float) -> int:
    tries = 0
    while tries < _TRIES or time.monotonic() < deadline:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.exists(path) and os.path.samestat(os.stat(path), os.fstat(descriptor)):  # noqa: PTH110, PTH116
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            if time.monotonic() >= deadline:
                break
            time.sleep(_LOOK)
            continue
        except OSError:
            os.close(descriptor)
            raise
        os.close(descriptor)  # of one that was just let go of
        tries += 1
    raise BadUsage(f"another process is writing {goal}: wait for it, or name another place")
