"""Edits become revisions and noise does not: the benchmark on a few of our pages, with floors."""

from __future__ import annotations

import pytest

from scraper.dedupe.notes import is_correction
from tests.benchmarks.edits.edits import CORRECTIONS, EDITS
from tests.benchmarks.edits.noise import NOISE
from tests.benchmarks.edits.pages import served
from tests.benchmarks.edits.run import Bench
from tests.benchmarks.extraction.corpora import fixtures

PAGES = ("harbour-gazette", "criee-aux-encheres", "wattwanderer", "vechernie-vesti")


@pytest.mark.slow
def test_edits_are_seen_and_noise_is_not() -> None:
    cases = [case for case in fixtures("articles") if any(name in case.id for name in PAGES)]
    picked = list({next(name for name in PAGES if name in case.id): case for case in cases}.values())
    bench = Bench(None, seed=2026)
    bench.run(list(served(picked)))
    edits, noise = bench.edits, bench.noise
    told = "\n".join(edits.told + noise.told)
    assert set(edits.tried) == set(EDITS)
    assert set(noise.tried) == {*NOISE, "all"}
    assert edits.share(edits.revised) >= 0.98, told
    assert edits.share(edits.right) >= 0.96, told
    assert noise.share(noise.revised) <= 0.01, told


def test_the_notices_of_the_benchmark_are_recognised() -> None:
    assert [text for texts in CORRECTIONS.values() for text in texts if not is_correction(text)] == []
