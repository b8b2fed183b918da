"""Storage judged: files, their logs, and who works on them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from scraper.doctor.databases import daemon, databases, logs
from scraper.doctor.finding import Verdict
from scraper.instance import Holder, machine
from scraper.store import Store
from scraper.store.condition import File, files, latest_attempt, searches, version

OK, WARNING, WRONG = Verdict
VERDICTS = {"files": OK, "integrity": OK, "log": OK}


def verdicts(folder: Path) -> dict[str, Verdict]:
    return {finding.name: finding.verdict for finding in databases(folder, files(folder))}


def test_sound_files_and_none(tmp_path: Path) -> None:
    assert verdicts(tmp_path) == {"files": OK}
    Store(tmp_path).close()
    assert verdicts(tmp_path) == VERDICTS
    assert [file.name for file in files(tmp_path)] == ["news.db", "pages.db"]
    assert latest_attempt(tmp_path) is None


def test_files_of_another_program_and_damaged_ones(tmp_path: Path) -> None:
    Store(tmp_path).close()
    path = tmp_path / "pages.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    assert verdicts(tmp_path)["files"] is WRONG
    path.unlink()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE mine (a)")
    (foreign,) = databases(tmp_path, files(tmp_path))
    assert (foreign.verdict, bool(foreign.remedy)) == (WRONG, True)


def test_a_log_that_grows_on() -> None:
    long = File("news.db", 10**9, 300 * 2**20)
    assert logs([File("news.db", 1, 0), File("pages.db", 1, 64 * 2**20)]).verdict is OK
    assert (logs([long]).verdict, "news.db-wal 314.6 MB" in logs([long]).detail) == (WARNING, True)


def test_who_holds_the_lock() -> None:
    here = Holder(os.getpid(), machine(), "2026-11-26T03:00:00Z", "1.0")
    assert daemon(None, "1.0").detail == "not running"
    assert (daemon(here, "1.0").verdict, f"process {os.getpid()}" in daemon(here, "1.0").detail) == (OK, True)
    assert daemon(here, "1.1").verdict is WARNING
    assert "elsewhere" in daemon(Holder(7, "elsewhere/1", "", ""), "1.0").detail


def test_this_sqlite_is_fit() -> None:
    assert searches()
    assert version() == sqlite3.sqlite_version
