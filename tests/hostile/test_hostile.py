from __future__ import annotations

import fcntl
import os
import pickle
import sys

import pytest

from tests.hostile.case import Case
from tests.hostile.cases import CASES
from tests.hostile.visit import Report, verdict, visit_all

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, and all of 127/8 on loopback"),
]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Report:
    """One visit for all tests; where several workers run them, whoever comes first makes it."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    kept = shared / "hostile.pickle"
    with (shared / "hostile.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(visit_all(tmp_path_factory.mktemp("hostile"))))
    made: Report = pickle.loads(kept.read_bytes())  # noqa: S301 - we wrote it
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    if capture is not None:
        with capture.global_and_fixture_disabled():
            print(f"\n{made.summary}")  # noqa: T201 - the count and the peak are to be seen
    return made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_as_it_must(case: Case, report: Report) -> None:
    fault = verdict(case, report.visits.get(case.name))
    assert fault is None, fault


def test_nothing_is_said_on_the_way(report: Report) -> None:
    assert (report.code, report.stderr) == (0, "")


def test_there_are_a_hundred_cases_at_least() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)
