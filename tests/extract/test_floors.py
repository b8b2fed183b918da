"""Accuracy over our own fixtures may not fall; ``python -m tests.extract.floors`` raises or lowers what is pinned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.extraction.corpora import FIXTURES, Case, fixtures
from tests.extract import floors


@pytest.mark.parametrize("name", floors.SETS)
def test_no_score_is_under_its_floor(name: str) -> None:
    assert floors.fallen(floors.pinned()[name], floors.figures(name)) == {}


@pytest.mark.parametrize("name", floors.SETS)
def test_every_score_has_a_floor(name: str) -> None:
    assert set(floors.pinned()[name]) == set(floors.figures(name))


def test_every_page_has_its_truth() -> None:
    told = {case.id for case in fixtures("accuracy")}
    assert told == {folder.name for folder in (FIXTURES / "accuracy").iterdir() if folder.is_dir()}
    assert len(told) >= 24


@pytest.mark.parametrize("case", list(fixtures("accuracy")), ids=lambda case: case.id)
def test_a_truth_does_not_contradict_itself(case: Case) -> None:
    assert [snippet for snippet in case.truth.unwanted if any(snippet in body for body in case.truth.bodies)] == []


def test_raising_keeps_what_has_become_worse() -> None:
    assert floors.raised({"body": 0.9, "title": 0.5}, {"body": 0.8, "title": 0.6}) == {"body": 0.9, "title": 0.6}


def test_a_score_that_vanishes_has_fallen() -> None:
    assert floors.fallen({"body": 0.9, "date": 0.5}, {"body": 0.9}) == {"date": (0.5, 0.0)}


def test_lowering_needs_a_reason() -> None:
    with pytest.raises(SystemExit):
        floors.main(["--lower"])
    with pytest.raises(SystemExit):
        floors.main(["--lower", "--reason", " "])


def test_lowering_keeps_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    content = floors.pinned()
    raised = content["accuracy"] | {"body": 1.1}
    file.write_text(json.dumps(content | {"accuracy": raised, "lowered": []}), encoding="utf-8")
    floors.main(["--lower", "--reason", "The fixtures became harder"], file)
    lowered = floors.pinned(file)
    (step,) = (step for step in lowered["lowered"] if step["score"] == "accuracy.body")
    assert (step["from"], step["reason"]) == (1.1, "The fixtures became harder")
    assert step["to"] == lowered["accuracy"]["body"] < 1.1
    floors.main(["--raise"], file)
    assert floors.pinned(file)["accuracy"]["body"] == lowered["accuracy"]["body"]
