from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scraper.errors import AlreadyRunning, StorageFull
from scraper.instance import Holder, holder, machine, only_instance, running

ROOT = Path(__file__).resolve().parents[1]
HOLD = """
import sys
from pathlib import Path
from scraper.instance import only_instance
with only_instance(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "storage" / "daemon.lock"


def hold(lock: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(lock)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_refused_and_told_of_the_first(lock: Path) -> None:
    assert not running(lock)
    process = hold(lock)
    assert running(lock)
    with pytest.raises(AlreadyRunning, match=f"process {process.pid}"), only_instance(lock):
        pass
    process.communicate("\n", timeout=60)
    assert not running(lock)
    with only_instance(lock):
        assert running(lock)
        assert lock.read_text().splitlines()[0] == str(os.getpid())


def test_the_file_says_who_holds_it(lock: Path) -> None:
    assert holder(lock) is None
    with only_instance(lock, "1.2.3"):
        found = holder(lock)
        assert found is not None
        assert (found.pid, found.machine, found.version) == (os.getpid(), machine(), "1.2.3")
        assert found.since.endswith("Z")
        assert found.is_here
        assert Holder.read(found.written()) == found
    assert holder(lock) is None


@pytest.mark.parametrize(
    ("text", "pid"), [("", 0), ("77\n", 77), ("77", 77), ("\ufffd\x00", 0), ("77\nelsewhere/4026\n", 77)]
)
def test_who_did_not_say_where_he_is_is_not_here(text: str, pid: int) -> None:
    assert Holder.read(text).pid == pid
    assert not Holder.read(text).is_here


def test_a_process_of_another_container_is_called_so(lock: Path) -> None:
    with only_instance(lock):
        lock.write_text("1\nbox/4026532000\n2026-11-25T10:00:00Z\n0.1.0\n")
        with pytest.raises(AlreadyRunning, match=r"process 1 of box/4026532000"), only_instance(lock):
            pass


def test_kill_9_frees_it(lock: Path) -> None:
    process = hold(lock)
    process.kill()
    process.communicate(timeout=60)
    assert lock.exists()
    assert not running(lock)
    with only_instance(lock):
        pass


def test_an_error_inside_frees_it(lock: Path) -> None:
    with pytest.raises(RuntimeError), only_instance(lock):
        raise RuntimeError
    assert not running(lock)


def test_looking_does_not_keep_a_daemon_from_starting(lock: Path) -> None:
    lock.parent.mkdir()
    lock.touch()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            running(lock)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(200):
            with only_instance(lock):
                pass
    finally:
        stop.set()
        looking.join()


def test_a_file_with_something_else_in_it_is_only_a_file(lock: Path) -> None:
    lock.parent.mkdir()
    lock.write_bytes(b"\xff\x00" * 1000)
    with only_instance(lock):
        assert lock.read_text() == Holder(os.getpid(), machine(), holder(lock).since).written()  # type: ignore[union-attr]


def test_where_it_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "daemon.lock", tmp_path):
        with pytest.raises(StorageFull), only_instance(path):
            pass
