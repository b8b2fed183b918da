"""The net goes away and comes back; the configuration breaks and is mended."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing
from functools import partial

import pytest

from tests.end_to_end.faults.desk import Desk
from tests.end_to_end.faults.world import Mood, World
from tests.end_to_end.harness import PATIENCE, wait_for

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("mood", [Mood.REFUSING, Mood.SILENT])
@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.soak)])
def test_an_outage_of_every_host_costs_nothing(desk: Desk, world: World, mood: Mood, seconds: float) -> None:
    """It begins while pages are fetched, and goes on past several tries."""
    world.publish(40)
    world.delay = 0.05
    # As by default, the tries that a page has reach far beyond the outage.
    desk.configure(fetch={"read_timeout": "500ms", "timeout": "1s"}, schedule={"max_interval": f"{3 + seconds / 5}s"})
    with desk.daemon() as daemon, desk.watched():
        desk.wait(8, daemon)
        world.publish(20)
        world.mood = mood
        failed = "SELECT 1 FROM fetches WHERE outcome = 'failed' AND kind = 'page'"
        wait_for(lambda: desk.rows(failed) != [], "a failure")
        before, begun = len(world.asked), time.monotonic()
        time.sleep(seconds)
        lasted = time.monotonic() - begun
        # Each host's page and feed wait longer each time; nothing is hammered at. (Who refuses hears nothing of it.)
        assert len(world.asked) - before <= lasted * 4 * len(world.hosts)
        world.delay, world.mood = 0.0, Mood.WELL
        world.publish(4)
        desk.wait(len(world.truth), daemon)
        desk.stop(daemon)
    desk.check_whole()
    assert "Traceback" not in desk.said()


def test_pages_that_are_missing_for_a_while_are_stored_later(desk: Desk, world: World) -> None:
    world.publish(4)
    gone = "SELECT url FROM entries WHERE outcome = 'skipped' AND next_due IS NOT NULL"
    with desk.daemon() as daemon, desk.watched():
        desk.wait(4, daemon)
        world.mood = Mood.MISSING
        world.publish(8)
        wait_for(lambda: len(desk.rows(gone)) == 8, "all new ones to be skipped")
        world.mood = Mood.WELL
        with closing(sqlite3.connect(desk.home / "storage" / "news.db", timeout=PATIENCE)) as news, news:
            news.execute("UPDATE entries SET next_due = first_seen_at WHERE outcome = 'skipped'")  # as in an hour
        desk.wait(12, daemon)
        desk.stop(daemon)
    desk.check_whole()


def test_a_redirect_to_a_host_that_is_paused_holds_nothing_else_up(desk: Desk, world: World) -> None:
    world.publish(12)
    busy, moving = world.hosts[:2]
    theirs, others = ([url for url in world.truth if host in url] for host in (busy, moving))
    world.pauses = {busy: 600}
    world.moved = dict.fromkeys(others[1:], theirs[0])  # the newest, which come first
    with desk.daemon() as daemon, desk.watched():
        desk.wait(7, daemon)  # what is neither there nor leads there
        desk.stop(daemon)
    assert (others[0],) in desk.rows("SELECT url FROM articles")
    waiting = desk.rows("SELECT url FROM entries WHERE changed_at IS NULL AND next_due IS NOT NULL")
    assert sorted(waiting) == sorted((url,) for url in (*theirs, *others[1:]))


def test_a_configuration_that_breaks_is_refused_and_the_mended_one_taken(desk: Desk, world: World) -> None:
    settings = desk.home / "config" / "scraper.toml"
    world.publish(8)
    with desk.daemon() as daemon, desk.watched():
        desk.wait(8, daemon)
        whole = settings.read_text(encoding="utf-8")
        for broken in ("[fetch", "\n[storage]\ncolour = 'red'\n", "\xff\x00", None):
            settings.unlink()
            if broken is not None:
                settings.write_bytes((whole + broken).encode("latin-1"))
            told = len(desk.complaints())
            daemon.send_signal(signal.SIGHUP)
            wait_for(partial(_complained, desk, told), "its refusal")
            world.publish(4)
            desk.wait(len(world.truth), daemon)
        settings.write_text(whole, encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: "taking the configuration anew" in desk.said(), "the mended one")
        world.publish(4)
        desk.wait(len(world.truth), daemon)
        desk.stop(daemon)
    desk.check_whole()
    assert len(desk.complaints()) == 4
    assert all("the old configuration stays: " in complaint for complaint in desk.complaints())


def _complained(desk: Desk, before: int) -> bool:
    return len(desk.complaints()) > before
