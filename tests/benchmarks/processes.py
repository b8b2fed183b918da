"""What a process and its children use, by /proc: Linux alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Use:
    """Seconds of CPU so far; bytes of memory (shared ones count for each), descriptors, threads and processes now."""

    cpu: float
    memory: int
    descriptors: int
    threads: int
    processes: int


def used(pid: int) -> Use:
    """What the tree of processes below this one uses. One that ends meanwhile is left out."""
    found = [use for each in _tree(pid) if (use := _one(each)) is not None]
    return Use(
        sum(use.cpu for use in found),
        sum(use.memory for use in found),
        sum(use.descriptors for use in found),
        sum(use.threads for use in found),
        len(found),
    )


def _tree(pid: int) -> list[int]:
    try:
        lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except FileNotFoundError:
        return []
    below = [int(child) for line in lists for child in line.split()]
    return [pid, *(each for child in below for each in _tree(child))]


def _one(pid: int) -> Use | None:
    place = Path(f"/proc/{pid}")
    try:
        fields = (place / "stat").read_text().rpartition(")")[2].split()
        descriptors = sum(1 for _ in (place / "fd").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return None
    cpu = (int(fields[11]) + int(fields[12])) / _TICKS
    return Use(cpu, int(fields[21]) * _PAGE, descriptors, int(fields[17]), 1)
