"""One daemon a home: a lock on a file that dies with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from scraper.errors import AlreadyRunning, StorageFull


@contextmanager
def only_instance(path: Path) -> Iterator[None]:
    """Hold the lock file while inside. Raises AlreadyRunning if another process holds it.

    The lock is the kernel's (flock): kill -9 frees it, and a file left behind by a crash means nothing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="ascii", errors="replace")
    except OSError as error:
        raise StorageFull(f"cannot write {path}: {error.strerror}") from error
    with file:
        try:
            _lock(file)
        except BlockingIOError as error:
            pid = file.read(20).strip() or "unknown"
            raise AlreadyRunning(f"`scrape run` is at work on {path.parent} already (process {pid})") from error
        except OSError as error:
            raise StorageFull(f"cannot lock {path}: {error.strerror}") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _lock(file: TextIO) -> None:
    """Take the lock; a few tries, because :func:`running` holds it for a moment when it looks."""
    for _ in range(5):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def running(path: Path) -> bool:
    """Whether a daemon holds the lock now."""
    return holder(path) is not None


def holder(path: Path) -> int | None:
    """The number of the process that holds the lock now (0: it did not write it yet); None if none does."""
    if not path.is_file():
        return None
    with path.open("r", encoding="ascii", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            said = file.read(20).strip()
            return int(said) if said.isdecimal() else 0
    return None
