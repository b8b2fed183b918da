"""A disk that is full or cannot be written, in earnest: nothing is lost, and afterwards all goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import HOST
from tests.cli.harness import (
    SEED,
    STORY,
    Answer,
    clipping,
    command,
    configure,
    files,
    kept,
    launched,
    rows,
    scrape,
    start,
)

# --- no room ----------------------------------------------------------------------------------------------------------


def test_too_little_room_is_said_before_anything_is_fetched(home: Path) -> None:
    configure(home, "storage", 'min_free = "900 TB"')
    before = kept(home)
    for words in (("fetch", STORY), ("import", str(SEED)), ("run", "--once")):
        line = scrape(home, *words).complaint(3)
        assert "MB free, under the 900000000 MB of storage.min_free" in line
    assert kept(home) == before
    assert "#1" in scrape(home, "search", "breakwater").done()


def clippings(folder: Path, count: int, size: int = 0) -> Path:
    folder.mkdir()
    for number in range(count):
        body = f"Report {number} of the quay. " * (size // 20) if size else ""
        (folder / f"{number:03}.txt").write_text(clipping(number, body), encoding="utf-8")
    return folder


PATHS = ("/2026/11/05/library-of-things/", "/2026/11/18/night-ferry-returns/", "/2026/11/12/breakwater-repair-bill/")


@pytest.mark.parametrize("name", ["fetch", "import", "run"])
def test_a_file_that_cannot_grow(home: Path, tmp_path: Path, name: str) -> None:
    given = {
        "fetch": [f"{HOST}{path}" for path in PATHS],
        "import": [str(clippings(tmp_path / "many", 60, 20_000))],
        "run": ["--once"],
    }
    configure(home, "storage", "min_free = 0")
    before = kept(home)
    words = command(home, name, *given[name])
    line = start(launched("--largest", "20000", words=words)).complaint(3)
    assert str(home / "storage") in line
    assert "is the disk full" in line
    assert kept(home) == before


@pytest.mark.parametrize("size", [0, 4096, 40_000])
def test_a_disk_that_is_full_from_the_start(fresh: Path, size: int) -> None:
    configure(fresh, "storage", "min_free = 0")
    start(launched("--largest", str(size), words=command(fresh, "import", SEED))).complaint(3)
    # What was half made is made whole by the next run.
    assert "saved #1" in scrape(fresh, "import", SEED).done()


def test_the_config_survives_a_full_disk(home: Path) -> None:
    before = files(home / "config")
    for words in (
        ("sources", "add", "https://a.example/", "--kind", "page"),
        ("sources", "remove", "harbour-gazette"),
        ("init", "--contact", "me@example.org"),
    ):
        line = start(launched("--largest", "100", words=command(home, *words))).complaint(3)
        assert "cannot write" in line
        after = files(home / "config")
        assert {name: after.get(name) for name in before} == before
        assert not [name for name in after if name.endswith((".part", ".lock"))]


def test_an_export_to_a_full_disk(filled: Path) -> None:
    assert scrape(filled, "export", "-o", "/dev/full").complaint(3) == "cannot write /dev/full: No space left on device"


def test_standard_output_on_a_full_disk(filled: Path) -> None:
    for words in (("export",), ("show", "1"), ("search",)):
        with Path("/dev/full").open("wb") as full:
            ended = subprocess.run(
                command(filled, *words), stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
            )
        line = Answer(ended.returncode, "", ended.stderr.decode()).complaint(1)
        assert "No space left on device" in line


TMPFS = """
mount -t tmpfs -o size=1m none "$1" && cp "$2"/* "$1" && shift 2 || exit 99
"$@"
code=$?
cp "$KEEP"/* "$BACK"
exit $code
"""


def namespace() -> list[str] | None:
    """The words that give a process mounts of its own, if this machine lets us."""
    for words in (["unshare", "--mount"], ["unshare", "--mount", "--map-root-user"]):
        try:
            tried = subprocess.run([*words, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
        except OSError:
            continue
        if tried.returncode == 0:
            return words
    return None


def test_a_real_disk_that_fills_up(home: Path, tmp_path: Path) -> None:
    apart = namespace()
    if apart is None:
        pytest.skip("nobody may mount anything here; the tests above stand in with a limit on the size of files")
    configure(home, "storage", "min_free = 0")
    before = kept(home)
    before["forgotten"] = []
    many = clippings(tmp_path / "many", 60, 40_000)
    away = tmp_path / "away"
    (home / "storage").rename(away)
    (home / "storage").mkdir()
    back = tmp_path / "back" / "storage"
    back.mkdir(parents=True)
    words = [*apart, "sh", "-c", TMPFS, "sh", str(home / "storage"), str(away)]
    answer = start(
        [*words, *command(home, "import", "-q", many)], env={"KEEP": str(home / "storage"), "BACK": str(back)}
    )
    line = answer.complaint(3)
    assert "is the disk full" in line
    assert kept(back.parent)["articles"][:2] == before["articles"]
    assert kept(back.parent)["pages"] == before["pages"]


# --- no permission ----------------------------------------------------------------------------------------------------


@contextmanager
def locked(*folders: Path) -> Iterator[None]:
    """Nothing in these folders may be written, while inside."""
    modes = [(path, path.stat().st_mode) for folder in folders for path in (folder, *folder.rglob("*"))]
    for path, mode in modes:
        path.chmod(mode & 0o555)
    try:
        yield
    finally:
        for path, mode in modes:
            if path.exists():
                path.chmod(mode)


@contextmanager
def shut(folder: Path) -> Iterator[None]:
    """This folder may not be looked into, while inside."""
    folder.chmod(0)
    try:
        yield
    finally:
        folder.chmod(0o755)


def obeying(home: Path, *words: str | Path) -> Answer:
    return start(launched("--obey-modes", words=command(home, *words)))


def test_the_hardship_is_real(tmp_path: Path) -> None:
    with locked(tmp_path):
        tried = start(launched("--obey-modes", words=[sys.executable, "-c", f"open({str(tmp_path / 'x')!r}, 'w')"]))
    assert "PermissionError" in tried.err


@pytest.mark.faults
def test_a_storage_folder_that_may_only_be_read(home: Path) -> None:
    before = files(home)
    with locked(home / "storage"):
        for words in (("fetch", STORY), ("forget", "--yes", "1"), ("run", "--once"), ("init",)):
            line = obeying(home, *words).complaint(3)
            assert str(home / "storage") in line
            assert files(home / "storage") == {
                name.removeprefix("storage/"): found for name, found in before.items() if name.startswith("storage/")
            }


def test_what_is_stored_can_be_read_where_nothing_can_be_written(home: Path) -> None:
    with locked(home / "storage"):
        for words in (("search", "breakwater"), ("show", "1"), ("status",), ("export",)):
            assert obeying(home, *words).done()


def test_status_says_that_the_disk_has_too_little_room(home: Path) -> None:
    assert json.loads(scrape(home, "status", "--json").done())["no_room"] is None
    configure(home, "storage", 'min_free = "900 TB"')
    assert "nothing is fetched: " in scrape(home, "status").done()
    assert (
        "under the 900000000 MB of storage.min_free" in json.loads(scrape(home, "status", "--json").done())["no_room"]
    )


@pytest.mark.faults
def test_a_config_folder_that_may_only_be_read(home: Path) -> None:
    before = files(home / "config")
    with locked(home / "config"):
        for words in (
            ("sources", "remove", "harbour-gazette"),
            ("sources", "add", "https://a.example/", "--kind", "page"),
        ):
            assert "sources.toml: Permission denied" in obeying(home, *words).complaint(2)
    assert files(home / "config") == before


def test_a_folder_in_which_no_home_can_be_made(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert "Permission denied" in obeying(tmp_path / "home", "init").complaint(3)
        # Without storing anything no folder is needed.
        assert "not a public address" in obeying(
            tmp_path / "home", "fetch", "--no-store", "http://10.0.0.1/"
        ).complaint(1)


def test_a_config_that_may_not_be_read(home: Path) -> None:
    (home / "config" / "scraper.toml").chmod(0)
    assert "scraper.toml: cannot be read: Permission denied" in obeying(home, "fetch", STORY).complaint(2)


def test_a_home_that_may_not_be_entered(home: Path) -> None:
    with shut(home):
        assert "scraper.toml: cannot be read: Permission denied; let this" in obeying(home, "status").complaint(2)
        told = obeying(home, "doctor", "--offline")
    assert (told.code, told.err) == (1, "")
    assert "WRONG    home: " in told.out
    assert "disk: " in told.out


@pytest.mark.faults
def test_a_storage_folder_that_may_not_be_entered(home: Path) -> None:
    with shut(home / "storage"):
        for words in (("search", "x"), ("db", "check"), ("db", "compact"), ("reparse",), ("reload",)):
            line = obeying(home, *words).complaint(3)
            assert "cannot be read: Permission denied; let this user read it" in line
        assert "let this user write there" in obeying(home, "serve").complaint(3)
        told = obeying(home, "doctor", "--offline")
    assert (told.code, told.err) == (1, "")
    for line in ("WRONG    folder: ", "WRONG    storage: ", "WRONG    files: ", "ok       sources: "):
        assert line in told.out


def test_rules_of_sites_that_may_not_be_read_are_not_passed_over(home: Path) -> None:
    (home / "config" / "sites").mkdir(exist_ok=True)
    with shut(home / "config" / "sites"):
        assert "sites: cannot be read: Permission denied" in obeying(home, "fetch", STORY).complaint(2)
        assert "WRONG    sites: " in obeying(home, "doctor", "--offline").out


def test_a_home_above_that_may_not_be_read_is_complained_of(home: Path) -> None:
    with shut(home / "config"):
        answer = start(launched("--obey-modes", words=command(None, "status")), cwd=home / "storage")
    assert str(home / "config" / "scraper.toml") in answer.complaint(2)


def test_a_clipping_that_may_not_be_read(fresh: Path, tmp_path: Path) -> None:
    folder = clippings(tmp_path / "few", 2)
    (folder / "000.txt").chmod(0)
    answer = obeying(fresh, "import", folder)
    assert "000.txt: cannot be read: Permission denied" in answer.complaint(1)
    assert len(rows(fresh, "SELECT 1 FROM articles")) == 1
    folder.chmod(0)
    try:
        answer = obeying(fresh, "import", folder / "001.txt")
        assert "001.txt: cannot be read: Permission denied" in answer.complaint(1)
    finally:
        folder.chmod(0o755)
