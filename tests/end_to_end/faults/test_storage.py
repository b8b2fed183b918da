"""Trouble below the database: no room, no descriptors, another writer, damage."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.faults.desk import Desk, limited
from tests.end_to_end.faults.world import World
from tests.end_to_end.harness import PATIENCE, wait_for

pytestmark = pytest.mark.faults

NO_END = resource.RLIM_INFINITY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lifts the limits of another process")
def test_files_that_may_not_grow_are_waited_for(desk: Desk, world: World) -> None:
    """As on a full disk, writing fails past some size; then there is room again, and the same daemon goes on."""
    world.publish(160)
    full = limited(resource.RLIMIT_FSIZE, 2_000_000, NO_END)
    with desk.daemon(preexec_fn=full) as daemon, desk.watched():
        wait_for(lambda: "cannot be written" in desk.said(), "the end of the room")
        stored, asked = desk.count(), len(world.asked)
        time.sleep(3)
        assert daemon.poll() is None
        assert 0 < stored <= desk.count() < 160
        # One try or two are due in that time; each asks a host for what it cannot keep, at most.
        assert len(world.asked) - asked <= 2 * 2 * len(world.hosts)
        desk.check_readable()
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (NO_END, NO_END))
        desk.wait(160, daemon)
        desk.stop(daemon)
    desk.check_whole()
    assert set(map(_kind, desk.complaints())) == {"fetching stops, and is tried again in 2 s"}


def test_a_run_that_is_to_end_says_that_the_disk_is_full(desk: Desk, world: World) -> None:
    world.publish(160)
    words = desk.words("run", "--once")
    limit = limited(resource.RLIMIT_FSIZE, 2_000_000, NO_END)
    done = subprocess.run(words, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr
    assert "is the disk full" in done.stderr
    desk.check_sound()
    assert 0 < desk.count() < 160
    desk.run("run", "--once")
    desk.check_whole()


@pytest.mark.soak
def test_a_disk_that_is_full(tmp_path: Path, world: World) -> None:
    with _small_disk(tmp_path / "disk", "6m") as disk:
        desk = Desk(disk, world, storage={"min_free": "10 KB"})
        world.publish(400)
        with desk.watched():
            with desk.daemon() as daemon:
                wait_for(lambda: "fetching stops" in desk.said(), "the end of the room")
                time.sleep(10)
                assert daemon.poll() is None
                stored = desk.count()
                _remount(disk, "100m")
                desk.wait(400, daemon)
                desk.stop(daemon)
            assert 0 < stored < 400
        desk.check_whole()


def test_fetching_stops_before_the_disk_is_full(desk: Desk, world: World) -> None:
    world.publish(8)
    free = shutil.disk_usage(desk.home).free
    with desk.daemon() as daemon:
        desk.wait(8, daemon)
        desk.configure(storage={"min_free": f"{free // 10**6 * 2} MB"})
        desk.run("reload")
        wait_for(lambda: "fetching stops" in desk.said(), "the guard")
        asked = len(world.asked)
        world.publish(8)
        time.sleep(2)
        assert len(world.asked) == asked
        desk.configure()
        desk.run("reload")
        desk.wait(16, daemon)
        desk.stop(daemon)
    desk.check_whole()
    (complaint,) = desk.complaints()
    assert "MB of storage.min_free; make room" in complaint


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.soak)])
def test_another_writer_is_waited_for(desk: Desk, world: World, seconds: float) -> None:
    """Longer than ``busy_timeout``, in the middle of fetching."""
    desk.configure(storage={"busy_timeout": "1s"})
    world.publish(40)
    world.delay = 0.02
    with desk.daemon() as daemon, desk.watched():
        desk.wait(8, daemon)
        with closing(sqlite3.connect(desk.news, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            begun = len(world.asked)
            time.sleep(seconds)
            asked = len(world.asked) - begun
            other.execute("ROLLBACK")
        desk.wait(len(world.truth), daemon)
        desk.stop(daemon)
    desk.check_whole()
    # No slot can be claimed while the database is locked: nobody is asked for what could not be kept.
    assert asked <= 2 * len(world.hosts)
    assert {_kind(complaint) for complaint in desk.complaints()} <= {"waiting", "housekeeping waits an hour"}
    assert any("another process is writing to it" in complaint for complaint in desk.complaints())


def test_32_descriptors_are_enough_to_work_slowly(tmp_path: Path) -> None:
    """More hosts than connections: none of them pays for it."""
    with World(hosts=20) as world:
        desk = Desk(tmp_path / "home", world, schedule={"interval": "10s", "max_interval": "10s"})
        world.publish(40)
        with desk.daemon(preexec_fn=limited(resource.RLIMIT_NOFILE, 32)) as daemon, desk.watched():
            desk.wait(40, daemon)
            desk.stop(daemon)
        desk.check_whole()
        (complaint,) = desk.complaints()
        assert "1 instead of 50, as 32 file descriptors are few; raise the limit" in complaint
        assert desk.rows("SELECT * FROM fetches WHERE outcome = 'failed'") == []


def test_too_few_descriptors_are_said(desk: Desk) -> None:
    with desk.daemon(preexec_fn=limited(resource.RLIMIT_NOFILE, 24)) as daemon:
        assert daemon.wait(timeout=PATIENCE) == 2
    assert desk.said().startswith("scrape: 24 file descriptors are too few, 32 the least: raise the limit")
    assert desk.said().count("\n") == 1
    assert not desk.news.exists()


def _header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(100))


def _middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 4096 // 2 * 4096)
        file.write(os.urandom(4096))


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def _text(path: Path) -> None:
    path.write_text("Shopping list\n" * 1000, encoding="utf-8")


def _other(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A home with 60 articles."""
    with World() as world:
        desk = Desk(tmp_path_factory.mktemp("archive") / "home", world)
        world.publish(60)
        desk.run("run", "--once")
        yield desk


@pytest.mark.parametrize("log", [False, True], ids=["closed", "with a log"])
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_header, "is no SQLite database; move it away"),
        (_middle, "is damaged ("),
        (_cut, "is damaged ("),
        (_text, "is no SQLite database; move it away"),
        (_other, "is a database of another program; move it away"),
    ],
)
def test_a_damaged_database_is_refused_untouched(
    archive: Desk, tmp_path: Path, damage: Callable[[Path], object], said: str, log: bool
) -> None:
    """``log``: what was written last is in the log alone, as after a kill; by turns it is one file and the other."""
    desk = archive.copied(tmp_path / "home")
    path = desk.pages if log else desk.news
    if log:
        _leave_log(path)
    damage(path)
    before, asked = _files(desk), len(archive.world.asked)
    done = desk.run("run", "--once", check=False)
    assert done.returncode == 3
    assert done.stderr.startswith(f"scrape: {path}: {said}")
    assert done.stderr.count("\n") == 1
    assert _files(desk) == before
    assert len(archive.world.asked) == asked


def _leave_log(path: Path) -> None:
    """Write something, and end as by a kill: what was written is in the log alone."""
    code = (
        "import os, sqlite3, sys; conn = sqlite3.connect(sys.argv[1]); conn.execute('CREATE TABLE x (y)');"
        " conn.execute('DROP TABLE x'); conn.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    assert path.with_name(f"{path.name}-wal").stat().st_size


def _files(desk: Desk) -> dict[str, bytes]:
    """What lies in storage/, but for empty logs and the shared memory, which readers make too."""
    paths = [path for path in desk.news.parent.glob("*.db*") if not path.name.endswith("-shm")]
    return {path.name: data for path in paths if (data := path.read_bytes())}


def _kind(complaint: str) -> str:
    return complaint.partition(": ")[0]


@contextmanager
def _small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of that size."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", folder], check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _remount(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", folder], check=True)
