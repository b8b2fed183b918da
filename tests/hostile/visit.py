"""Server and visitor, joined: one visit to all cases, and whether each ended as it must."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.hostile.case import Case
from tests.hostile.cases import CASES
from tests.hostile.server import Fleet
from tests.hostile.visitor import Visit

ROOT = Path(__file__).parents[2]
MOST = 150.0  # MB that the fetching process may hold at any time
_LONGEST = 600.0  # seconds that all of it may take


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a visit to all cases: by their names, and what the visitor said and answered as a process."""

    visits: dict[str, Visit] = field(repr=False)
    stderr: str = field(repr=False)
    code: int
    seconds: float

    @property
    def peak(self) -> Visit:
        """The case that took the most memory of the fetching process."""
        return max(self.visits.values(), key=lambda visit: visit.peak)

    @property
    def parsers(self) -> Visit:
        """The case that took the most memory of a parser's."""
        return max(self.visits.values(), key=lambda visit: visit.parsers)

    @property
    def summary(self) -> str:
        """The count and the peaks, for people."""
        mine, parser = self.peak, self.parsers
        return (
            f"{len(self.visits)} hostile answers in {self.seconds:.0f} s; peak memory of the fetching process"
            f" {mine.peak:.0f} MB ({mine.name}), of a parser {parser.parsers:.0f} MB ({parser.name})"
        )


def visit_all(folder: Path) -> Report:
    """Serve all cases, and have them visited by a process of its own, and the fresh ones by one more each."""
    fleet = Fleet(CASES)
    begun = time.monotonic()
    fresh = [[str(number)] for number, case in enumerate(CASES) if case.fresh]
    with fleet.serving(), ThreadPoolExecutor(2) as together:
        done = list(together.map(lambda number: _visitor(fleet.port, folder, *number), [[], *fresh]))
    visits = [Visit(**json.loads(line)) for each in done for line in each.stdout.splitlines()]
    numbers = {case.name: number for number, case in enumerate(CASES)}
    found = {visit.name: replace(visit, paths=fleet.paths(numbers[visit.name])) for visit in visits}
    said = "".join(each.stderr for each in done)
    return Report(found, said, max(each.returncode for each in done), time.monotonic() - begun)


def _visitor(port: int, folder: Path, *number: str) -> subprocess.CompletedProcess[str]:
    """A visitor that has ended, with a database of its own."""
    database = folder / "-".join(("visitor", *number))
    database.mkdir()
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.hostile.visitor", str(port), str(database), *number],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=_LONGEST,
        check=False,
    )


def verdict(case: Case, seen: Visit | None) -> str | None:
    """What is wrong with how a case ended; None for nothing."""
    if seen is None:
        return "it did not end"
    wrong = [
        (seen.outcome == case.outcome.value, f"{seen.outcome}, not {case.outcome.value}"),
        (seen.reason == case.reason, f"{seen.reason!r}, not {case.reason!r}"),
        (case.says in seen.detail, f"{seen.detail!r} does not say {case.says!r}"),
        (seen.title == case.title or case.title is None, f"the title is {seen.title!r}, not {case.title!r}"),
        (seen.seconds <= case.within, f"{seen.seconds} s, more than {case.within}"),
        (0 < seen.peak < MOST, f"{seen.peak} MB of memory, not under {MOST}"),
        (bool(seen.detail) and "\n" not in seen.detail and "Traceback" not in seen.detail, f"no line: {seen.detail!r}"),
        (bool(seen.paths), "the server was not asked"),
        (not set(case.unasked) & set(seen.paths), f"asked for {seen.paths}"),
    ]
    return "; ".join(text for fine, text in wrong if not fine) or None
