"""Pairs of addresses, labelled by hand: what folds by form, what stays apart, and what folds by evidence alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from scraper.dedupe import clean_url, url_key
from scraper.dedupe.variants import form, same_outlet


class Pair(NamedTuple):
    label: str
    reason: str
    one: str
    other: str


def read(path: Path) -> list[Pair]:
    pairs: list[Pair] = []
    label = reason = one = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if line.startswith("== "):
            label, _, reason = line.removeprefix("== ").partition(": ")
        elif not text or text.startswith("#"):
            continue
        elif line.startswith(" "):
            pairs.append(Pair(label, reason, one, text))
        else:
            one = text
    return pairs


PAIRS = read(Path(__file__).with_name("pairs.txt"))


def ids(pair: Pair) -> str:
    return f"{pair.label} {pair.one} {pair.other}"


def of(label: str) -> list[Pair]:
    return [pair for pair in PAIRS if pair.label == label]


def test_there_are_enough() -> None:
    counts = Counter(pair.label for pair in PAIRS)
    assert set(counts) == {"same", "different", "evidence"}
    assert counts["same"] >= 150
    assert counts["different"] >= 100
    assert counts["evidence"] >= 30
    assert len({pair[2:] for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("pair", of("same"), ids=ids)
def test_the_same_by_form(pair: Pair) -> None:
    assert url_key(pair.one) == url_key(pair.other)


@pytest.mark.parametrize("pair", of("different"), ids=ids)
def test_different(pair: Pair) -> None:
    assert url_key(pair.one) != url_key(pair.other)
    if "://" in pair.other:
        assert clean_url(pair.one) != clean_url(pair.other)


@pytest.mark.parametrize("pair", of("evidence"), ids=ids)
def test_the_same_by_evidence_alone(pair: Pair) -> None:
    assert url_key(pair.one) != url_key(pair.other)
    assert form(pair.one) is None
    assert form(pair.other) == pair.reason.lower()
    assert same_outlet(pair.one, pair.other)
