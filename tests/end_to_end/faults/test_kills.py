"""Ends at any moment: kill -9, SIGTERM, a power cut, a kill in the middle of a migration."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from scraper.store import migrations
from scraper.store.opening import open_database
from tests.end_to_end.faults.desk import Desk
from tests.end_to_end.faults.world import World
from tests.end_to_end.harness import wait_for

pytestmark = pytest.mark.faults

LONG = pytest.mark.soak


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=LONG)])
def test_kill_9_at_random_moments(desk: Desk, world: World, kills: int) -> None:
    """From the first instruction on; what is published and corrected meanwhile is stored all the same."""
    desk.configure(schedule={"revisits": ["1s", "2s", "4s", "1h"]})
    chance = random.Random(kills)  # noqa: S311 - the same moments each time
    world.publish(20)
    world.delay = 0.02
    desk.run("run", "--once")
    with desk.watched():
        for _ in range(kills):
            world.publish(4)
            with desk.daemon() as daemon:
                time.sleep(chance.uniform(0.05, 1.5))
                if chance.random() < 0.3:
                    world.correct(chance.choice(list(world.truth)[-4:]))
                children = _children(daemon)
                daemon.kill()
                daemon.wait()
            wait_for(partial(_ended, children), "the end of the parsers")
            desk.check_sound()
        world.delay = 0.0
        with desk.daemon() as daemon:
            desk.wait(len(world.truth), daemon)
            wait_for(lambda: _titles(desk) == world.truth, "all corrections")
            desk.stop(daemon)
    desk.check_whole(revisits=True)
    # What a kill throws away is asked for again: the pages under way, robots.txt and the feeds.
    pages = [asked for asked in world.asked if asked.path.startswith("/2026/")]
    assert len(pages) < 6 * len(world.truth)
    assert desk.complaints() == []


@pytest.mark.parametrize("stops", [2, pytest.param(10, marks=LONG)])
def test_sigterm_at_random_moments(desk: Desk, world: World, stops: int) -> None:
    chance = random.Random(stops)  # noqa: S311 - the same moments each time
    world.publish(8)
    world.delay = 0.05
    desk.run("run", "--once")
    with desk.watched():
        for _ in range(stops):
            world.publish(12)
            with desk.daemon() as daemon:
                time.sleep(chance.uniform(0.0, 1.5))
                desk.stop(daemon)
            assert desk.rows("SELECT host FROM hosts WHERE held_by IS NOT NULL") == []
        with desk.daemon() as daemon:
            desk.wait(len(world.truth), daemon)
            desk.stop(daemon)
    desk.check_whole()
    # What was begun was ended: nothing was fetched twice.
    paths = [asked.path for asked in world.asked if asked.path.startswith("/2026/")]
    assert len(paths) == len(set(paths))
    assert desk.complaints() == []


@pytest.mark.parametrize("cuts", [3, pytest.param(40, marks=LONG)])
def test_a_power_cut_leaves_a_beginning_of_the_truth(desk: Desk, world: World, tmp_path: Path, cuts: int) -> None:
    """The files as they are at one moment, without the shared memory, which is no file of the disk's."""
    chance = random.Random(cuts)  # noqa: S311 - the same moments each time
    before = 0
    with desk.daemon() as daemon:
        world.publish(4)
        desk.wait(1, daemon)
        for cut in range(cuts):
            world.publish(8)
            time.sleep(chance.uniform(0.05, 0.4))
            daemon.send_signal(signal.SIGSTOP)
            image = tmp_path / f"image-{cut}"
            image.mkdir()
            for path in desk.news.parent.glob("*.db*"):
                if not path.name.endswith("-shm"):
                    shutil.copy(path, image)
            daemon.send_signal(signal.SIGCONT)
            desk.check_sound(image)
            with closing(sqlite3.connect(image / "news.db")) as connection:
                (stored,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            assert stored >= before
            before = stored
        desk.wait(len(world.truth), daemon)
        desk.stop(daemon)
    assert before > 0
    desk.check_whole()


@pytest.mark.parametrize(("entries", "kills"), [(60_000, 3), pytest.param(1_000_000, 12, marks=LONG)])
def test_a_migration_that_is_killed_is_done_by_the_next_start(
    desk: Desk, world: World, entries: int, kills: int
) -> None:
    """An archive of the first version, which takes a moment to be brought up to this one."""
    chance = random.Random(kills)  # noqa: S311 - the same moments each time
    _old_archive(desk, entries)
    took = 1.0
    for _ in range(kills):
        with desk.daemon() as daemon:
            time.sleep(0.3 + chance.uniform(0, took))
        assert desk.rows("SELECT count(*) FROM articles") == [(500,)]
        assert desk.rows("PRAGMA integrity_check") == [("ok",)]
    world.publish(8)
    with desk.daemon() as daemon:
        desk.wait(508, daemon)
        desk.stop(daemon)
    assert desk.rows("SELECT count(*) FROM entries WHERE url LIKE '%/old/%'") == [(entries,)]
    assert desk.rows("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH 'lighthouse'")[0][0] >= 500
    applied = [name for (name,) in desk.rows("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert applied == [migration.name for migration in migrations.news._migrations]  # noqa: SLF001 - no public list
    assert desk.complaints() == []


def _old_archive(desk: Desk, entries: int) -> None:
    """news.db as the first version left it, with 500 articles and so many entries of a source that is followed."""
    desk.news.parent.mkdir(parents=True)
    first = migrations.news._migrations[0]  # noqa: SLF001 - no public list
    old = Migrations("news")
    old(name=first.name)(first.fn)
    database: Database = open_database(desk.news, migrations.NEWS_ID, old, 5)
    conn = database.conn
    conn.execute("BEGIN")
    name, url = desk.world.hosts[0].partition(".")[0], desk.world.feed_of(desk.world.hosts[0])
    conn.execute("INSERT INTO sources (name, title, url, kind, enabled) VALUES (?, 'x', ?, 'feed', 1)", (name, url))
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {entries}) SELECT"
    conn.execute(
        "INSERT INTO articles (kind, url, url_key, title, body, body_markdown, word_count, first_seen_at, fetched_at,"
        f" content_hash, extractor) {numbers} 'article', 'http://old.example/' || i, 'old.example/' || i, 'Old ' || i,"
        " 'The lighthouse.', 'The lighthouse.', 2, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', i, '1'"
        " FROM n LIMIT 500"
    )
    conn.execute(
        "INSERT INTO entries (url, url_key, host, source_id, first_seen_at, outcome, reason)"
        f" {numbers} 'http://old.example/old/' || i, 'old.example/old/' || i, 'old.example', 1,"
        " '2026-01-01T00:00:00Z', 'skipped', 'gone' FROM n"
    )
    conn.execute("COMMIT")
    database.close()


def _titles(desk: Desk) -> dict[str, str]:
    return dict(desk.rows("SELECT url, title FROM articles"))


def _children(process: subprocess.Popen[str]) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in listed.stdout.split()]


def _ended(pids: list[int]) -> bool:
    numbers = ",".join(map(str, pids)) or "1"
    listed = subprocess.run(["ps", "-o", "pid=,stat=", "-p", numbers], capture_output=True, text=True, check=False)
    living = [line.split() for line in listed.stdout.splitlines()]
    return not any(int(pid) in pids and not state.startswith("Z") for pid, state in living)
