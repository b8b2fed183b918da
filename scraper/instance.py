"""One daemon a home: a lock on a file that dies with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from scraper.errors import AlreadyRunning, StorageFull, unreadable, unwritable
from scraper.model import instant

_MOST = 1000  # characters of a lock file that are read


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the lock: its number (0: it did not write it yet), where that means something, since when
    it does, and the version of the program.
    """

    pid: int = 0
    machine: str = ""
    since: str = ""
    version: str = ""

    @property
    def is_here(self) -> bool:
        """Whether its number means that process here, too."""
        return self.pid > 0 and self.machine == machine()

    def written(self) -> str:
        """As the lock file says it, a line each."""
        return f"{self.pid}\n{self.machine}\n{self.since}\n{self.version}\n"

    @classmethod
    def read(cls, text: str) -> Holder:
        """The reverse of :meth:`written`."""
        pid, where, since, version = [*text.split("\n"), "", "", "", ""][:4]
        return cls(int(pid) if pid.isdecimal() else 0, where, since, version)


def machine() -> str:
    """Where this process's number means something: the machine, and on Linux the container on it."""
    with suppress(OSError):
        return f"{socket.gethostname()}/{Path('/proc/self/ns/pid').stat().st_ino}"
    return socket.gethostname()


@contextmanager
def only_instance(path: Path, version: str = "") -> Iterator[None]:
    """Hold the lock file while inside, and say in it who does. Raises AlreadyRunning if another process holds it.

    The lock is the kernel's (flock): kill -9 frees it, and a file left behind by a crash means nothing.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8", errors="replace")
    except OSError as error:
        raise StorageFull(unwritable(path, error)) from error
    with file:
        try:
            _lock(file)
        except BlockingIOError as error:
            other = Holder.read(file.read(_MOST))
            where = "" if other.is_here or not other.machine else f" of {other.machine}"
            message = f"`scrape run` is at work on {path.parent} already (process {other.pid or 'unknown'}{where})"
            raise AlreadyRunning(message) from error
        except OSError as error:
            raise StorageFull(f"cannot lock {path}: {error.strerror}") from error
        file.truncate(0)
        file.write(Holder(os.getpid(), machine(), instant(datetime.now(UTC)), version).written())
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


def holder(path: Path) -> Holder | None:
    """The process that holds the lock now; None if none does. Raises StorageFull where that cannot be seen."""
    try:
        file = path.open("r", encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageFull(unreadable(path, error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Holder.read(file.read(_MOST))
    return None
