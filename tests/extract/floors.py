"""How good the extractor is on our own fixtures, and how good it must stay: ``python -m tests.extract.floors``.

``floors.json`` holds the lowest score that each field may have; test_floors fails under it. Without arguments this
prints both. ``--raise`` pins what has become better. ``--lower --reason "…"`` gives way where a score has fallen, and
keeps the reason in the file.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scraper.errors import Skip
from tests.benchmarks.extraction.corpora import Case, fixtures
from tests.benchmarks.extraction.extractors import EXTRACTORS, OURS, Answer, Extract
from tests.benchmarks.extraction.metrics import kept_out
from tests.benchmarks.extraction.scoring import score

SETS = ("articles", "accuracy")
FILE = Path(__file__).with_name("floors.json")
_DIGITS = 10_000  # floors are cut after four digits: the same on every machine


def figures(name: str) -> dict[str, float]:
    """The mean scores over one set of fixtures, and the share of unwanted snippets that stayed out of the bodies."""
    extract = EXTRACTORS[OURS].load()
    found: dict[str, list[float]] = {}
    for case in fixtures(name):
        for field, value in _scores(case, extract).items():
            found.setdefault(field, []).append(value)
    return {field: math.floor(statistics.fmean(values) * _DIGITS) / _DIGITS for field, values in found.items()}


def pinned(file: Path = FILE) -> dict[str, Any]:
    """What the file says."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"lowered": []}
    return content


def raised(floors: dict[str, float], present: dict[str, float]) -> dict[str, float]:
    """The floors with what has become better."""
    return {field: max(value, floors.get(field, 0.0)) for field, value in present.items()}


def fallen(floors: dict[str, float], present: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The fields under their floor: the floor, and the present score. A field that is no longer scored has fallen."""
    scores = {field: (floor, present.get(field, 0.0)) for field, floor in floors.items()}
    return {field: (floor, value) for field, (floor, value) in scores.items() if value < floor}


def _scores(case: Case, extract: Extract) -> dict[str, float]:
    try:
        answer = extract(case.html, case.url)
    except Skip:  # refused as no article: wrong here, every fixture is one
        answer = Answer()
    found = score(case.truth, answer, "word_f1")
    given = {"body": found.body, "title": found.title, "date": found.date, "authors": found.authors}
    scores = {field: value for field, value in given.items() if value is not None}
    if case.truth.authors == ():
        scores["authors"] = float(not answer.authors)
    if case.truth.unwanted:
        scores["without"] = kept_out(answer.body, case.truth.unwanted) if answer.body else 0.0
    return scores


def main(arguments: Sequence[str], file: Path = FILE) -> None:
    """Print, raise or lower."""
    asked = _asked(arguments)
    content = pinned(file)
    for name in SETS:
        floors, present = content.get(name, {}), figures(name)
        for field, value in present.items():
            sys.stdout.write(f"{name:10}{field:10}floor {floors.get(field, 0.0):.4f}  now {value:.4f}\n")
        if asked.lower:
            fell = fallen(floors, present)
            steps = [{"score": f"{name}.{field}", "from": old, "to": new} for field, (old, new) in fell.items()]
            content["lowered"] += [step | {"reason": asked.reason} for step in steps]
            content[name] = floors | {field: new for field, (_, new) in fell.items()}
        if asked.higher:
            content[name] = raised(floors, present)
    if asked.higher or asked.lower:
        file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.extract.floors", description=__doc__)
    direction = parser.add_mutually_exclusive_group()
    direction.add_argument("--raise", dest="higher", action="store_true", help="pin what has become better")
    direction.add_argument("--lower", action="store_true", help="give way where a score has fallen; needs --reason")
    parser.add_argument("--reason", default="", help="why, for those who read the file later")
    asked = parser.parse_args(arguments)
    if asked.lower != bool(asked.reason.strip()):
        parser.error("--lower and --reason go together")
    return asked


if __name__ == "__main__":
    main(sys.argv[1:])
