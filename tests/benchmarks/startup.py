"""How much work `scrape --help` is: ``python -m tests.benchmarks.startup [RUNS]``.

Prints the median CPU time (user and system) of a process, beside the floor under it: Python that does nothing, and
Python that imports click. Whole processes are measured, from outside.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {
    "python -c pass": ("-c", "pass"),
    'python -c "import click"': ("-c", "import click"),
    "scrape --help": ("-m", "scraper", "--help"),
}


def cpu_time(words: tuple[str, ...]) -> float:
    """Seconds of CPU that one process took."""
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def medians(runs: int) -> dict[str, float]:
    """The median CPU time of each program. They take turns, so that a busy moment hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for words in PROGRAMS.values():  # once for the caches
        cpu_time(words)
    for _ in range(runs):
        for name, words in PROGRAMS.items():
            times[name].append(cpu_time(words))
    return {name: statistics.median(taken) for name, taken in times.items()}


def main(arguments: list[str]) -> None:
    """Measure and print."""
    runs = int(arguments[0]) if arguments else 20
    found = medians(runs)
    floor = found["python -c pass"]
    for name, seconds in found.items():
        sys.stdout.write(f"{name:26}{seconds * 1000:7.1f} ms  {seconds / floor:5.2f} times the floor\n")
    over_click = found["scrape --help"] / found['python -c "import click"']
    sys.stdout.write(f"scrape --help is {over_click:.2f} times importing click; median CPU time of {runs} runs\n")


if __name__ == "__main__":
    main(sys.argv[1:])
