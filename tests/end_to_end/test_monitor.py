"""A daemon at work, watched over HTTP."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
import yaml

from tests.end_to_end.harness import Newsroom, wait_for


@pytest.fixture
def port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def watched(newsroom: Newsroom, port: int, extra: str = "") -> Iterator[subprocess.Popen[str]]:
    newsroom.follow(newsroom.site.outlets.values(), extra=f'{extra}\n[monitor]\nlisten = "127.0.0.1:{port}"\n')
    with newsroom.start("run") as daemon:
        try:
            wait_for(lambda: asked(port, "/healthz") is not None or daemon.poll() is not None, "the monitor")
            yield daemon
        finally:
            if daemon.poll() is None:
                daemon.send_signal(signal.SIGTERM)
            _, errors = daemon.communicate(timeout=20)
            assert "Traceback" not in errors


def asked(port: int, path: str) -> tuple[int, str] | None:
    """What a page answers with; None: nobody listens."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30, trust_env=False)
    except httpx.TransportError:
        return None
    return answer.status_code, answer.text


def figure(port: int, name: str) -> float:
    answer = asked(port, "/metrics")
    assert answer is not None
    assert answer[0] == 200, answer
    return sum(float(line.rpartition(" ")[2]) for line in answer[1].splitlines() if line.startswith(name))


def test_a_daemon_at_work(newsroom: Newsroom, port: int) -> None:
    articles = len(newsroom.site.expected)
    with watched(newsroom, port) as daemon:
        wait_for(lambda: asked(port, "/readyz") == (200, "ok\n"), "it to be ready")
        assert asked(port, "/healthz") == (200, "ok\n")
        wait_for(lambda: figure(port, "scraper_stored_articles") == articles, "all articles")
        wait_for(lambda: figure(port, 'scraper_queue_entries{kind="new"}') == 0, "an empty queue")
        assert figure(port, 'scraper_articles_total{outcome="saved"}') == articles
        assert figure(port, 'scraper_polls_total{outcome="saved"}') == len(newsroom.site.outlets)
        counted = newsroom.rows("SELECT count(*) FROM fetches WHERE kind = 'page'")[0][0]
        assert figure(port, 'scraper_attempts_total{kind="page"') == counted
        assert figure(port, "process_resident_memory_bytes") > 1e6
        assert asked(port, "/") is not None
        daemon.send_signal(signal.SIGHUP)
        wait_for(lambda: asked(port, "/readyz") == (200, "ok\n"), "it to be ready again")
        assert figure(port, 'scraper_articles_total{outcome="saved"}') == articles  # counters outlive a reload
    assert daemon.returncode == 0
    assert asked(port, "/healthz") is None


def test_the_command_line_goes_before_the_file_and_the_containers_check_asks_there(
    newsroom: Newsroom, port: int
) -> None:
    dockerfile = (Path(__file__).parents[2] / "Dockerfile").read_text(encoding="utf-8")
    words = yaml.safe_load(re.findall(r"^ *CMD (.*urllib.*)$", dockerfile, re.MULTILINE)[0])
    check = [sys.executable, "-c", words[-1].replace("9464", str(port))]
    newsroom.follow(newsroom.site.outlets.values(), extra='[monitor]\nlisten = "203.0.113.1:1"\n')
    with newsroom.start("run", "--monitor", f"127.0.0.1:{port}") as daemon:
        wait_for(lambda: asked(port, "/healthz") == (200, "ok\n"), "the monitor")
        assert subprocess.run(check, check=False, timeout=60).returncode == 0
        newsroom.run("reload")
        wait_for(lambda: asked(port, "/readyz") == (200, "ok\n"), "it to be ready again")
        assert subprocess.run(check, check=False, timeout=60).returncode == 0
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=20)
    assert "nobody can watch" not in errors
    assert subprocess.run(check, check=False, timeout=60, capture_output=True).returncode == 1
    for wrong in ("9464", "here", "127.0.0.1:99999", ":9464"):
        refused = newsroom.run("run", "--monitor", wrong, check=False)
        assert (refused.returncode, "--monitor: Expected an address" in refused.stderr) == (2, True)


def test_a_full_disk_is_told(newsroom: Newsroom, port: int) -> None:
    with watched(newsroom, port, '[storage]\nmin_free = "900 TiB"\n') as daemon:
        wait_for(lambda: "900" in str(asked(port, "/readyz")) or "min_free" in str(asked(port, "/readyz")), "a refusal")
        answer = asked(port, "/readyz")
        assert answer is not None
        assert answer[0] == 503
        assert "storage.min_free; make room" in answer[1]
        assert asked(port, "/healthz") == (200, "ok\n")
        assert figure(port, "scraper_ready") == 0
        assert figure(port, "scraper_disk_free_bytes") < figure(port, "scraper_disk_floor_bytes")
        assert not newsroom.site.requests
    assert daemon.returncode == 0


@pytest.mark.faults
def test_a_database_that_is_locked_is_told_and_still_read(newsroom: Newsroom, port: int) -> None:
    with watched(newsroom, port, '[storage]\nbusy_timeout = "200ms"\n[schedule]\ntick = "200ms"\n') as daemon:
        wait_for(lambda: figure(port, "scraper_stored_articles") >= 1, "the first article")
        with closing(sqlite3.connect(newsroom.home / "storage" / "news.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            wait_for(lambda: "another process is writing" in str(asked(port, "/readyz")), "its trouble")
            assert asked(port, "/healthz") == (200, "ok\n")  # to be started anew would not help
            assert figure(port, "scraper_stored_articles") >= 1
            other.execute("ROLLBACK")
        wait_for(lambda: asked(port, "/readyz") == (200, "ok\n"), "it to be well again")
    assert daemon.returncode == 0


@pytest.mark.faults
def test_hundreds_of_silent_connections_keep_it_from_nothing(newsroom: Newsroom, port: int) -> None:
    with watched(newsroom, port) as daemon:
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(500)]
        for each in silent[::3]:
            each.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
        assert asked(port, "/healthz") == (200, "ok\n")
        expected = set(newsroom.site.expected)
        wait_for(lambda: figure(port, "scraper_stored_articles") == len(expected), "all articles")
        for each in silent:
            each.close()
    assert daemon.returncode == 0
    assert set(newsroom.articles()) == expected


def test_a_port_that_is_taken_is_said_and_tried_again(newsroom: Newsroom, port: int) -> None:
    newsroom.follow([], extra=f'[monitor]\nlisten = "127.0.0.1:{port}"\n[schedule]\ntick = "100ms"\n')
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        assert newsroom.run("run", "--once").returncode == 0  # which nobody watches
        daemon = newsroom.start("run")
        assert daemon.stderr is not None
        said = f"monitor.listen: cannot listen on 127.0.0.1:{port}: Address already in use"
        assert any(said in line for line in daemon.stderr)
    with daemon:
        wait_for(lambda: asked(port, "/healthz") == (200, "ok\n"), "the monitor")
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=20)
    assert (daemon.returncode, said in errors) == (0, False)  # once is enough


def test_a_reload_moves_it(newsroom: Newsroom, port: int) -> None:
    settings = newsroom.home / "config" / "scraper.toml"
    with watched(newsroom, port) as daemon:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            other = int(trial.getsockname()[1])
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace(f":{port}", f":{other}"), encoding="utf-8")
        newsroom.run("reload")
        wait_for(lambda: asked(other, "/healthz") == (200, "ok\n"), "it to listen elsewhere")
        assert asked(port, "/healthz") is None
        settings.write_text(text.replace(f"127.0.0.1:{port}", ""), encoding="utf-8")
        newsroom.run("reload")
        wait_for(lambda: asked(other, "/healthz") is None, "it to listen no more")
        time.sleep(0.2)
        assert daemon.poll() is None
    assert daemon.returncode == 0
