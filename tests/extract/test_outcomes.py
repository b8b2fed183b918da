"""What the pages in fixtures/outcomes are taken for: the half that the rules were tuned on, and the one they never saw.

``python -m tests.benchmarks.outcomes`` prints the matrices behind the floors.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.outcomes import (
    HALVES,
    RIGHT,
    accuracy,
    articles_kept,
    cases,
    fixtures,
    others_refused,
    outcome,
)

# Pages of the tuned half that are taken for something else, and why that is let be.
KNOWN_MISSES: dict[str, str] = {}

# What each half reached, rounded down: all pages right, articles stored, others refused. The held-out figures come
# from runs that print counts alone; its pages are not looked at, and the rules are not fitted to them. (They were .75
# and .88 with the first body rules: one cut-off teaser and two other pages more now pass as articles.)
FLOORS = {"tuned": (1.0, 1.0, 1.0), "held-out": (0.72, 1.0, 0.84)}

TUNED = [pytest.param(expected, folder, id=f"{expected}/{folder.name}") for expected, folder in cases("tuned")]


@pytest.mark.parametrize(("expected", "folder"), TUNED)
def test_a_tuned_page_is_taken_for_what_it_is(expected: str, folder: Path) -> None:
    found = outcome(folder)
    assert (found in RIGHT[expected]) != (folder.name in KNOWN_MISSES), f"taken for {found}"


@pytest.mark.parametrize("half", HALVES)
def test_each_half_keeps_its_floors(half: str) -> None:
    pairs = fixtures(half)
    reached = (accuracy(pairs), articles_kept(pairs), others_refused(pairs))
    assert all(share >= floor for share, floor in zip(reached, FLOORS[half], strict=True)), reached


@pytest.mark.parametrize("half", HALVES)
def test_every_outcome_has_pages(half: str) -> None:
    assert {expected for expected, _ in cases(half)} == RIGHT.keys()
