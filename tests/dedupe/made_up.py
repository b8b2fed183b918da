"""Reports of our own writing, and labelled pairs made of them: what the benchmark makes of real ones."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from tests.benchmarks.dedupe.pairs import Pair, Report, copies, others

_FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "articles"
_WORDS = 150


@cache
def written() -> tuple[Report, ...]:
    """The bodies of our fixtures that are long enough to be cut."""
    found = []
    for path in sorted(_FIXTURES.rglob("article.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        if len(said.get("body", "").split()) >= _WORDS:
            found.append(Report(str(path), path.parts[-3], said["title"], said["body"]))
    return tuple(found)


@cache
def pairs() -> tuple[Pair, ...]:
    """Copies and no copies, the same ones every time."""
    return (*copies(written(), 1), *others(written(), 1, 10, tuning=False))
