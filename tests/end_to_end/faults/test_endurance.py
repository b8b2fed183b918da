"""What a daemon uses in the long run: minutes each. ``tests.benchmarks.endurance`` and ``idle`` print the figures."""

from __future__ import annotations

import sys

import pytest

from tests.benchmarks import endurance, idle

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells by /proc what a process uses"),
]


def test_10_000_fetches_and_nothing_grows() -> None:
    found = list(endurance.samples(10_000))
    more = endurance.growth(found)
    assert more.memory < 40e6
    # Connections are kept for a while and let go; parsers are replaced after some thousand pages.
    assert abs(more.descriptors) <= 8
    assert abs(more.threads) <= 2
    assert abs(more.processes) <= 1


@pytest.mark.parametrize("entries", [0, 500_000])
def test_a_daemon_that_waits_uses_less_than_a_hundredth_of_a_core(entries: int) -> None:
    assert idle.daemon(1000, entries, 60) < 1.0
