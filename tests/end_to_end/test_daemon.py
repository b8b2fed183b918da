"""The daemon as a service: signals, one at a time, beside other processes, and kill -9."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.dedupe import clean_url
from scraper.home import Home
from scraper.instance import holder
from scraper.store import Store
from scraper.store.frontier import NEW
from tests.end_to_end.harness import Newsroom, wait_for

STORY = "http://harbour-gazette.example/2026/11/18/night-ferry-returns/"


def test_sigterm_drains_and_what_was_not_reached_is_fetched_later(newsroom: Newsroom) -> None:
    newsroom.site.delay = 0.1
    with newsroom.start("run") as daemon:
        wait_for(lambda: _count(newsroom) >= 3, "the first articles")
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=10)
    assert daemon.returncode == 0, errors
    assert "Traceback" not in errors
    assert _count(newsroom) < len(newsroom.site.expected)
    assert newsroom.rows("SELECT host FROM hosts WHERE held_by IS NOT NULL") == []
    newsroom.site.delay = 0.0
    newsroom.run("run", "--once")
    assert set(newsroom.articles()) == set(newsroom.site.expected)


def test_ctrl_c_twice_gives_up_what_is_under_way(newsroom: Newsroom) -> None:
    newsroom.site.delay = 30.0
    with newsroom.start("run") as daemon:
        wait_for(lambda: newsroom.site.requests or _held(newsroom), "a request under way")
        daemon.send_signal(signal.SIGINT)
        time.sleep(0.3)
        daemon.send_signal(signal.SIGINT)
        _, errors = daemon.communicate(timeout=10)
    assert daemon.returncode == 0, errors
    assert "Traceback" not in errors


@pytest.mark.faults
def test_a_second_daemon_is_refused_and_a_dead_one_is_no_hindrance(newsroom: Newsroom) -> None:
    with newsroom.start("run") as daemon:
        wait_for(lambda: _count(newsroom) >= 1, "the first article")
        for words in (("run",), ("run", "--once")):
            refused = newsroom.run(*words, check=False)
            assert refused.returncode == 2
            assert refused.stderr.count("\n") == 1
            assert f"at work on {newsroom.home / 'storage'} already (process {daemon.pid})" in refused.stderr
        daemon.kill()
        daemon.communicate()
    newsroom.run("run", "--once")
    assert set(newsroom.articles()) == set(newsroom.site.expected)


def test_a_one_off_fetch_shares_the_daemons_host_budget(newsroom: Newsroom) -> None:
    outlet = next(o for o in newsroom.site.outlets.values() if o.domain == "harbour-gazette.example")
    newsroom.follow([outlet], spacing="400ms")
    with newsroom.start("run") as daemon:
        wait_for(lambda: _count(newsroom) >= 1, "the first article")
        newsroom.run("fetch", STORY)
        wait_for(lambda: _count(newsroom) >= 6, "the other articles")
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=10)
    moments = [request.at for request in newsroom.site.requests]
    asked = [request for request in newsroom.site.requests if request.path.startswith("/2026/11/18/night-ferry")]
    assert len(asked) == 2
    assert min(later - earlier for earlier, later in pairwise(moments)) >= 0.38


def test_a_changed_configuration_is_taken_and_a_broken_one_refused(newsroom: Newsroom) -> None:
    first, second = (newsroom.site.outlets[f"{name}.example"] for name in ("harbour-gazette", "nordlicht-blatt"))
    newsroom.follow([first])
    sources = newsroom.home / "config" / "sources.toml"
    with newsroom.start("run") as daemon:
        wait_for(lambda: _count(newsroom) >= 1, "the first article")
        newsroom.follow([first, second])
        assert f"process {daemon.pid} reads config/ anew: 2 sources to follow" in newsroom.run("reload").stdout
        host = "SELECT count(*) FROM articles WHERE url LIKE 'http://nordlicht-blatt.example/%'"
        wait_for(lambda: newsroom.rows(host)[0][0] >= 1, "an article of the second source")
        whole = sources.read_text(encoding="utf-8")
        sources.write_text(whole + "colour = 'red'\n", encoding="utf-8")
        refused = newsroom.run("reload", check=False)
        assert (refused.returncode, "unknown key" in refused.stderr) == (2, True)
        daemon.send_signal(signal.SIGHUP)  # as whoever does not ask first would
        wait_for(lambda: daemon.poll() is None, "the daemon to live on")
        expected = [url for url in newsroom.site.expected if "harbour-gazette" in url or "nordlicht-blatt" in url]
        wait_for(lambda: _count(newsroom) >= len(expected), "all articles of both")
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=20)
    assert daemon.returncode == 0
    assert "taking the configuration anew" in errors
    assert "the old configuration stays: " in errors
    assert "Traceback" not in errors
    assert set(newsroom.articles()) == set(expected)
    done = newsroom.run("reload", check=False)
    sources.write_text(whole, encoding="utf-8")
    assert done.returncode == 2
    assert "no daemon is at work" in newsroom.run("reload", check=False).stderr


def test_an_edit_is_seen_by_itself(newsroom: Newsroom) -> None:
    outlet = newsroom.site.outlets["harbour-gazette.example"]
    newsroom.follow([outlet], extra='[schedule]\nrevisits = ["1s", "3s", "5s", "8s", "12s", "20s"]\ntick = "1s"\n')
    with newsroom.start("run") as daemon:
        wait_for(lambda: _count(newsroom) >= 6, "the articles")
        page = newsroom.site.answer("harbour-gazette.example", STORY.partition(".example")[2])[0].body
        old, new = b"</p>", b" The figures were corrected after publication.</p>"
        newsroom.site.override(STORY, body=page.replace(old, new, 3))
        wait_for(lambda: newsroom.rows("SELECT 1 FROM revisions") != [], "the revision")
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=20)
    article = newsroom.articles()[STORY]
    assert article["revision"] == 2
    assert "The figures were corrected" in article["body"]
    assert len(newsroom.rows("SELECT * FROM revisions")) == 1


def test_a_service_manager_hears_of_it(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as here:
        here.bind(str(tmp_path / "notify"))
        here.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "400000")
        with newsroom.start("run") as daemon:
            heard = [here.recv(200).decode()]
            while heard[-1] != "WATCHDOG=1":
                heard.append(here.recv(200).decode())
            daemon.send_signal(signal.SIGHUP)
            while not heard[-1].startswith("READY=1"):
                heard.append(here.recv(200).decode())
            daemon.send_signal(signal.SIGTERM)
            while heard[-1] != "STOPPING=1":
                heard.append(here.recv(200).decode())
            daemon.communicate(timeout=20)
    assert heard[0] == f"READY=1\nSTATUS=following {len(newsroom.site.outlets)} sources"
    assert [each.partition("=")[0] for each in heard].count("RELOADING") == 1
    assert daemon.returncode == 0


@pytest.mark.faults
def test_kill_9_loses_nothing_and_doubles_nothing(newsroom: Newsroom) -> None:
    newsroom.site.delay = 0.05
    kills = 0
    # Each round gets a little further before it is killed; the moments are spread over fetching and storing.
    for wanted in (0, 1, 4, 8, 13, 19, 25):
        daemon = newsroom.start("run", "--once")
        wait_for(partial(_stored_or_ended, newsroom, wanted, daemon), f"{wanted} articles")
        kills += daemon.poll() is None
        daemon.kill()
        daemon.communicate()
        if (newsroom.home / "storage" / "news.db").exists():
            assert newsroom.rows("PRAGMA integrity_check") == [("ok",)]
    assert kills >= 5
    newsroom.site.delay = 0.0
    newsroom.run("run", "--once")
    assert set(newsroom.articles()) == set(newsroom.site.expected)
    assert newsroom.rows("SELECT count(*) FROM revisions") == [(0,)]
    assert newsroom.rows(f"SELECT count(*) FROM entries WHERE {NEW} AND next_due IS NOT NULL") == [(0,)]
    for database in ("news.db", "pages.db"):
        assert newsroom.rows("PRAGMA integrity_check", database=database) == [("ok",)]
        assert newsroom.rows("PRAGMA foreign_key_check", database=database) == []
    kept = {clean_url(row[0]) for row in newsroom.rows("SELECT final_url FROM pages", database="pages.db")}
    assert set(newsroom.site.expected) <= kept


@pytest.mark.faults
def test_several_processes_write_one_database_without_locked(newsroom: Newsroom) -> None:
    urls = list(newsroom.site.expected)
    with newsroom.start("run", "--once") as daemon:
        fetches = [newsroom.start("fetch", "--json", *urls[index::3]) for index in range(3)]
        for process in (daemon, *fetches):
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
            assert "locked" not in errors
    assert set(newsroom.articles()) == set(newsroom.site.expected)


@pytest.mark.faults
def test_no_process_of_ours_is_left_after_kill_9(newsroom: Newsroom) -> None:
    newsroom.site.delay = 0.2
    daemon = newsroom.start("run")
    wait_for(lambda: _count(newsroom) >= 1, "the first article")
    children = _children(daemon)
    assert children
    daemon.kill()
    daemon.communicate()
    wait_for(lambda: not any(_lives(pid) for pid in children), "the end of the parser processes")


def _count(newsroom: Newsroom) -> int:
    try:
        return int(newsroom.rows("SELECT count(*) FROM articles")[0][0])
    except sqlite3.OperationalError:  # not made yet
        return 0


def _stored_or_ended(newsroom: Newsroom, wanted: int, daemon: subprocess.Popen[str]) -> bool:
    return _count(newsroom) >= wanted or daemon.poll() is not None


def _held(newsroom: Newsroom) -> bool:
    try:
        return bool(newsroom.rows("SELECT 1 FROM hosts WHERE held_by IS NOT NULL"))
    except sqlite3.OperationalError:
        return False


def _children(process: subprocess.Popen[str]) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in listed.stdout.split()]


def _lives(pid: int) -> bool:
    state = _ps("-o", "stat=", "-p", str(pid)).strip()
    return bool(state) and not state.startswith("Z")


def _ps(*words: str) -> str:
    return subprocess.run(["ps", *words], capture_output=True, text=True, check=False).stdout


@pytest.mark.faults
def test_sigterm_drains_although_another_process_holds_the_database(newsroom: Newsroom) -> None:
    newsroom.site.delay = 0.2
    with newsroom.start("run") as daemon:
        wait_for(lambda: _count(newsroom) >= 1, "the first article")
        with sqlite3.connect(newsroom.home / "storage" / "news.db", isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            daemon.send_signal(signal.SIGTERM)
            _, errors = daemon.communicate(timeout=60)  # nine seconds on an idle machine: each write is tried for one
            other.execute("ROLLBACK")
        other.close()
    assert "Traceback" not in errors
    newsroom.site.delay = 0.0
    newsroom.run("run", "--once")
    assert set(newsroom.articles()) == set(newsroom.site.expected)


@pytest.mark.faults
def test_a_reload_waits_for_another_process_that_holds_the_database(newsroom: Newsroom) -> None:
    outlet = newsroom.site.outlets["harbour-gazette.example"]
    newsroom.follow([outlet], extra='[storage]\nbusy_timeout = "100ms"\n[schedule]\ntick = "100ms"\n')
    with newsroom.start("run") as daemon:
        assert daemon.stderr is not None
        wait_for(lambda: _count(newsroom) >= 6, "the articles")
        with closing(sqlite3.connect(newsroom.home / "storage" / "news.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            daemon.send_signal(signal.SIGHUP)
            for wanted in ("taking the configuration anew", "another process is writing", "another process is writing"):
                assert any(wanted in line for line in daemon.stderr), f"it ended before {wanted}"
            other.execute("ROLLBACK")
        assert any("following 1 sources" in line for line in daemon.stderr)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=20)
    assert daemon.returncode == 0


def test_sigterm_while_it_starts_is_obeyed_although_another_process_holds_the_database(newsroom: Newsroom) -> None:
    storage = newsroom.home / "storage"
    Store(storage).close()
    with closing(sqlite3.connect(storage / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with newsroom.start("run") as daemon:
            wait_for(lambda: holder(Home(newsroom.home).lock) is not None, "its start")
            time.sleep(0.3)
            daemon.send_signal(signal.SIGTERM)
            _, errors = daemon.communicate(timeout=10)
    assert (daemon.returncode, errors.count("Traceback")) == (0, 0)


def test_a_renamed_source_takes_over_what_waits(newsroom: Newsroom) -> None:
    newsroom.site.delay = 0.1
    with newsroom.start("run", "--once") as daemon:
        wait_for(lambda: _count(newsroom) >= 2, "the first articles")
        daemon.kill()
        daemon.communicate()
    newsroom.site.delay = 0.0
    sources = newsroom.home / "config" / "sources.toml"
    sources.write_text(sources.read_text(encoding="utf-8").replace('name = "', 'name = "new-'), encoding="utf-8")
    newsroom.run("run", "--once")
    assert set(newsroom.articles()) == set(newsroom.site.expected)
