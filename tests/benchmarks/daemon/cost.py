"""What a command costs, its children included: wall time, CPU time and memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall and of CPU time (user and system), and the most MiB that all processes held together.

    Memory that processes share counts for each of them.
    """

    wall: float
    cpu: float
    memory: float


def measured(words: Sequence[str], log: Path, *, more: Mapping[str, str] | None = None, well: int = 0) -> Cost:
    """Run a command to its end, with ``more`` in its environment; what it says goes to a file. Raises SystemExit, with
    the end of that, where its exit code is neither 0 nor ``well``.
    """
    with log.open("wb") as out:
        begun = time.monotonic()
        process = subprocess.Popen(words, stdout=out, stderr=out, env={**os.environ, **(more or {})})
        memory = _Memory(process.pid)
        memory.start()
        # Of its children, those that it has waited for are counted.
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        most = memory.stop()
    if process.returncode not in {0, well}:
        raise SystemExit(f"{words[0]} ended with {process.returncode}: {log.read_text(errors='replace')[-2000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, most)


class _Memory(threading.Thread):
    """Looks at a process and all below it, now and then."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self._most = 0.0

    def run(self) -> None:
        while not self._ended.wait(_EVERY):
            self._most = max(self._most, resident(self._pid))

    def stop(self) -> float:
        """The most MiB at any look."""
        self._ended.set()
        self.join()
        return self._most


def resident(pid: int) -> float:
    """MiB that a process and all below it hold now."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=False).stdout
    rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
    family = {pid}
    for child, parent, _ in sorted(rows):
        if parent in family:
            family.add(child)
    return sum(size for child, _, size in rows if child in family) / 1024
