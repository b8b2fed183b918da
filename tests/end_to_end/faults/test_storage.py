"""Trouble below the database: no room, no descriptors, another writer, damage."""

from __future__ import annotations

import resource
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.faults.desk import Desk, limited
from tests.end_to_end.faults.world import World
from tests.end_to_end.harness import PATIENCE, wait_for


def test_a_disk_that_fills_up_keeps_what_was_stored(desk: Desk, world: World) -> None:
    """No file may grow any more, as on a full disk; then there is room again."""
    world.publish(120)
    with desk.watched():
        with desk.daemon(preexec_fn=limited(resource.RLIMIT_FSIZE, 600_000)) as daemon:
            wait_for(lambda: "cannot be written" in desk.said() or daemon.poll() is not None, "the end of the room")
            time.sleep(2)
            print(daemon.poll(), desk.complaints(), desk.count(), len(world.asked))
            if daemon.poll() is None:
                desk.stop(daemon)
        desk.check_sound()
        with desk.daemon() as daemon:
            desk.wait(len(world.truth), daemon)
            desk.stop(daemon)
    desk.check_whole()
    print(desk.complaints())


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
    print(desk.complaints())


def test_32_descriptors_are_enough_to_work_slowly(tmp_path: Path) -> None:
    """More hosts than connections: none of them pays for it."""
    with World(hosts=20) as world:
        desk = Desk(tmp_path / "home", world, schedule={"interval": "10s", "max_interval": "10s"})
        world.publish(60)
        with desk.daemon(preexec_fn=limited(resource.RLIMIT_NOFILE, 32)) as daemon, desk.watched():
            desk.wait(60, daemon)
            desk.stop(daemon)
        desk.check_whole()
        (complaint,) = desk.complaints()
        assert "1 instead of 50, as 32 file descriptors are few; raise the limit" in complaint
        assert desk.rows("SELECT * FROM fetches WHERE outcome = 'failed'") == []


def test_too_few_descriptors_are_said(desk: Desk) -> None:
    with desk.daemon(preexec_fn=limited(resource.RLIMIT_NOFILE, 24)) as daemon:
        assert daemon.wait(timeout=PATIENCE) == 2
    assert (
        desk.said()
        == "scrape: 24 file descriptors are too few, 32 the least: raise the limit of open files (`ulimit -n 1024`)\n"
    )
    assert not desk.news.exists()
