"""Files that appear whole, and one writer at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from scraper.errors import BadUsage
from scraper.whole import replacing, reserved

HOLD = """
import sys
from pathlib import Path
from typing import BinaryIO
from scraper.whole import reserved
with reserved(Path(sys.argv[1]), ".part") as part:
    part.write_text("half")
    print("held", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def holding(goal: Path) -> subprocess.Popen[str]:
    """Another process in the midst of writing a file."""
    words = [sys.executable, "-c", HOLD, str(goal)]
    other = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_a_file_takes_its_name_once_it_is_whole_and_keeps_its_permissions(tmp_path: Path) -> None:
    goal = tmp_path / "x"
    goal.write_text("old")
    goal.chmod(0o640)
    with replacing(goal) as file:
        file.write(b"new")
        assert goal.read_text() == "old"
    assert (goal.read_text(), goal.stat().st_mode & 0o777) == ("new", 0o640)
    assert names(tmp_path) == ["x"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_what_breaks_off_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    goal = tmp_path / "x"
    goal.write_text("old")
    with pytest.raises(error), replacing(goal) as file:
        _break_off(file, error)
    assert (goal.read_text(), names(tmp_path)) == ("old", ["x"])


def _break_off(file: BinaryIO, error: type[BaseException]) -> None:
    file.write(b"half")
    raise error


def test_two_never_share_a_part(tmp_path: Path) -> None:
    goal = tmp_path / "x"
    with holding(goal) as other:
        with pytest.raises(BadUsage, match="another process is writing"), replacing(goal):
            pass
        assert (tmp_path / "x.part").read_text() == "half"
        with replacing(tmp_path / "y") as file:
            file.write(b"beside it")
    assert other.returncode == 0
    assert names(tmp_path) == ["y"]


def test_what_a_killed_one_left_is_in_nobodys_way(tmp_path: Path) -> None:
    goal = tmp_path / "x"
    with holding(goal) as other:
        other.kill()
    assert names(tmp_path) == ["x.part", "x.part.lock"]
    with replacing(goal) as file:
        file.write(b"whole")
    assert (goal.read_text(), names(tmp_path)) == ("whole", ["x"])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), reserved(tmp_path / "no" / "x", ".part"):
        pass
