"""`python -m tests.hostile [WORD]` visits all cases and prints what came of those with the word in their name."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.hostile.cases import CASES
from tests.hostile.visit import verdict, visit_all


def main(word: str) -> int:
    """The number of cases that ended otherwise than they must."""
    with tempfile.TemporaryDirectory() as folder:
        report = visit_all(Path(folder))
    lines, wrong = list[str](), 0
    for case in CASES:
        seen = report.visits.get(case.name)
        fault = verdict(case, seen)
        wrong += fault is not None
        if word in case.name and seen is not None:
            fine = "BAD" if fault else "ok "
            figures = f"{fine} {seen.seconds:6.2f} s {seen.peak:6.1f} MB {seen.parsers:6.1f} MB"
            lines.append(f"{figures}  {case.name}: {seen.outcome}, {seen.reason}: {seen.detail}")
        if fault is not None:
            lines.append(f"    {case.name}: {fault}")
    lines += [report.stderr, report.summary, f"{wrong} ended otherwise than they must." if wrong else "All as it must."]
    sys.stdout.write("\n".join(lines) + "\n")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(" ".join(sys.argv[1:])), 100))
