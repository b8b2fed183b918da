from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from scraper.home import init_home
from tests.cli.harness import launched
from tests.datasette.archive import PATIENCE, wait_until_it_answers


def command(home: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "scraper", "--home", str(home), "serve", *words]


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(home, *words), capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    init_home(tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_a_new_home_until_it_is_told_to_stop(home: Path, number: signal.Signals) -> None:
    # A module of this name in the working folder must not be taken for Datasette.
    working_folder = home.parent / "elsewhere"
    working_folder.mkdir()
    (working_folder / "datasette.py").write_text("raise SystemExit('the wrong datasette')\n")
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    log = home.parent / "serve.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command(home, "--port", "0"), stdout=output, stderr=output, cwd=working_folder, env=environ
        ) as it,
    ):
        try:
            url = announced(log, it)
            with httpx.Client(base_url=url, trust_env=False, timeout=PATIENCE) as client:
                wait_until_it_answers(client, it, log)
                assert client.get("/").status_code == 200
                assert client.get("/news/latest_articles.json").status_code == 200
        finally:
            it.send_signal(number)
            ended = it.wait(PATIENCE)
    assert ended in (0, -number)  # Datasette's own: uvicorn hands the signal on once it has shut down
    assert "Traceback" not in log.read_text(encoding="utf-8")
    assert sorted(path.name for path in (home / "storage").glob("*.db")) == ["news.db", "pages.db"]


def test_ctrl_c_before_it_listens_ends_as_everywhere(home: Path) -> None:
    begun = home / "begun"
    stall = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(60)\n"
    (home / "storage" / "plugins" / "stall.py").write_text(stall)
    words = launched("--interruptible", words=command(home, "--port", "0"))
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as it:
        end = time.monotonic() + PATIENCE
        while not begun.exists() and time.monotonic() < end and it.poll() is None:
            time.sleep(0.05)
        it.send_signal(signal.SIGINT)
        _, said = it.communicate(timeout=PATIENCE)
    assert (it.returncode, said.splitlines()[-1]) == (130, "scrape: interrupted")
    assert "Traceback" not in said
    assert "Aborted" not in said


def announced(log: Path, it: subprocess.Popen[bytes]) -> str:
    """The address that it prints first, on stderr."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and it.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+/", log.read_text(encoding="utf-8"))
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


def test_a_port_in_use_is_one_line_and_exit_code_2(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run(home, "--port", str(port))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == (
        f"scrape: port {port} is in use; name another one with --port, or --port 0 for any free one\n"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a" * 70 + ".example", "x..y"])
def test_a_host_that_cannot_be_listened_on_is_one_line(home: Path, host: str) -> None:
    ended = run(home, "--host", host)
    assert ended.returncode == 2
    assert ended.stderr.startswith("scrape: ")
    assert ended.stderr.count("\n") == 1


def test_without_a_home_it_says_how_to_set_one_up(tmp_path: Path) -> None:
    ended = run(tmp_path / "nowhere")
    assert ended.returncode == 2
    assert "scrape init" in ended.stderr
    assert not (tmp_path / "nowhere").exists()
