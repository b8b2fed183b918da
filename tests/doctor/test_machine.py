"""The machine judged, by what was seen of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.doctor import machine
from scraper.doctor.finding import Finding, Verdict, fault
from scraper.errors import ConfigError, DatabaseDamaged

OK, WARNING, WRONG = Verdict
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
HERE = Path("/news/storage")
MB = 10**6


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        (machine.python((3, 11, 0), "/usr/bin/python3"), OK),
        (machine.python((3, 10, 12), "/usr/bin/python3"), WRONG),
        (machine.sqlite("3.40.1", searches=True), OK),
        (machine.sqlite("3.40.1", searches=False), WRONG),
        (machine.sqlite("3.34.1", searches=True), WRONG),
        (machine.disk(HERE, 1000 * MB, 500 * MB), OK),
        (machine.disk(HERE, 999 * MB, 500 * MB), WARNING),
        (machine.disk(HERE, 499 * MB, 500 * MB), WRONG),
        (machine.disk(HERE, 0, 0), OK),
        (machine.folder_access(HERE, writable=True), OK),
        (machine.folder_access(HERE, writable=False), WRONG),
        (machine.clock(NOW, None), OK),
        (machine.clock(NOW, datetime(2026, 11, 26, 3, 0, 30, tzinfo=UTC)), OK),
        (machine.clock(NOW, datetime(2026, 11, 27, tzinfo=UTC)), WARNING),
        (machine.clock(datetime(1970, 1, 1, tzinfo=UTC), None), WRONG),
        (machine.open_files(1024, 190, 50), OK),
        (machine.open_files(100, 12, 50), WARNING),
        (machine.open_files(16, 0, 50), WRONG),
        (machine.zones(found=True), OK),
        (machine.zones(found=False), WRONG),
        (machine.terminal("UTF-8"), OK),
        (machine.terminal("ANSI_X3.4-1968"), WARNING),
    ],
    ids=lambda value: value.name if isinstance(value, Finding) else str(value),
)
def test_what_is_not_well_says_how_to_mend_it(finding: Finding, verdict: Verdict) -> None:
    assert (finding.part, finding.verdict) == ("machine", verdict)
    assert finding.detail
    assert bool(finding.remedy) == (verdict is not OK)


def test_an_error_is_parted_into_what_and_what_to_do() -> None:
    damaged = fault("database", "files", DatabaseDamaged("x.db: is damaged (here; there); restore a backup"))
    assert (damaged.detail, damaged.remedy) == ("x.db: is damaged (here; there)", "restore a backup")
    plain = fault("config", "settings", ConfigError("a.toml:3: not TOML"), "mend that line")
    assert (plain.detail, plain.remedy) == ("a.toml:3: not TOML", "mend that line")
