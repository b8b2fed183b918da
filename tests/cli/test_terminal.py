"""Terminals, pipes that close, and Ctrl-C."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import HOST
from tests.cli.harness import (
    ESCAPE,
    SEED,
    STORY,
    clipping,
    colours,
    command,
    copy,
    environment,
    follow,
    kept,
    launched,
    rows,
    scrape,
    start,
)
from tests.local_news import LocalNews


def on_a_terminal(home: Path, *words: str, only: str = "", **env: str) -> tuple[int, str, str]:
    """Run under a pseudo-terminal: its exit code, what the terminal showed, and what went past it.

    ``only`` is the one stream that is a terminal, where not all of them are.
    """
    master, slave = pty.openpty()
    stdin, stdout, stderr = (slave if only in {"", name} else subprocess.PIPE for name in ("stdin", "stdout", "stderr"))
    process = subprocess.Popen(
        command(home, *words), env=environment(TERM="xterm-256color", **env), stdin=stdin, stdout=stdout, stderr=stderr
    )
    os.close(slave)
    shown = b"".join(read(master))
    os.close(master)
    out, _ = process.communicate(timeout=60)
    return process.returncode, shown.decode(), (out or b"").decode()


def read(master: int) -> Iterator[bytes]:
    """What comes through until the other side closes; Linux calls that an I/O error."""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return
        if not piece:
            return
        yield piece


@pytest.mark.parametrize("words", [("show", "1"), ("search", "breakwater")], ids=" ".join)
def test_colours_are_for_terminals(filled: Path, words: tuple[str, ...]) -> None:
    code, shown, _ = on_a_terminal(filled, *words)
    assert code == 0
    assert ESCAPE in shown
    if words[0] == "show":
        assert colours(shown)
    code, plain, _ = on_a_terminal(filled, *words, NO_COLOR="1")
    assert code == 0
    assert not colours(plain)
    assert ESCAPE not in scrape(filled, *words).done()


def test_a_terminal_wraps_and_a_pipe_does_not(filled: Path) -> None:
    _, shown, _ = on_a_terminal(filled, "show", "1", COLUMNS="60", NO_COLOR="1")
    assert max(len(line) for line in shown.replace(f"{ESCAPE}[1m", "").splitlines()[:8]) < 80
    assert max(len(line) for line in scrape(filled, "show", "1").done().splitlines()) > 200


def test_what_is_shown_of_a_hit_stands_under_it(filled: Path) -> None:
    _, shown, _ = on_a_terminal(filled, "search", "peacekeepers", COLUMNS="60", NO_COLOR="1")
    lines = re.sub(r"\x1b\[\d*m", "", shown).splitlines()[3:]
    assert len(lines) > 2
    assert [line for line in lines if not line.startswith("  ")] == []


def test_progress_is_for_terminals(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "nordlicht-blatt")
    code, shown, out = on_a_terminal(fresh, "run", "--once", "--json", only="stderr")
    assert code == 0
    assert ESCAPE in shown
    assert set(json.loads(out)) == {"sources", "pages"}
    answer = scrape(fresh, "run", "--once")
    assert (answer.code, answer.err, ESCAPE in answer.out) == (0, "", False)


def test_what_a_page_says_cannot_steer_the_terminal(fresh: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.txt"
    evil.write_text(clipping(1).replace("Report number", "\x1b]0;owned\x07\u202eReport"), encoding="utf-8")
    out = scrape(fresh, "import", evil).done()
    for words in (("show", "1"), ("search",), ("search", "quay"), ("status",)):
        out += scrape(fresh, *words).done()
    assert not set(out) & {ESCAPE, "\x07", "\u202e"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_knows_few_letters(filled: Path, encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    assert "Saltmere?s" in scrape(filled, "show", "1", env=env).done()
    assert "Saltmere\u2019s" in json.loads(scrape(filled, "show", "--json", "1", env=env).done())["body"]
    assert "Saltmere\u2019s" in json.loads(scrape(filled, "export", env=env).done().splitlines()[0])["body"]
    # A program that reads a pipe is no terminal: it gets all letters, as from a file.
    assert "Saltmere\u2019s" in scrape(filled, "export", "--format", "csv", env=env).done()


# --- broken pipes -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose export is larger than any pipe's buffer."""
    folder = tmp_path_factory.mktemp("large")
    home = copy(configured, folder / "home")
    for number in range(40):
        (folder / f"{number}.txt").write_text(
            clipping(number, f"Report {number} of the quay. " * 400), encoding="utf-8"
        )
    scrape(home, "import", "-q", folder).done()
    return home


@pytest.mark.parametrize(
    "words", [("export",), ("export", "--format", "csv"), ("search", "--limit", "100"), ("--help",)], ids=" ".join
)
def test_a_reader_that_goes_away(large: Path, words: tuple[str, ...]) -> None:
    for lines in (0, 1):
        process = subprocess.Popen(
            command(large, *words), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        first = [process.stdout.readline() for _ in range(lines)]
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        assert (process.wait(60), err) in {(141, b""), (0, b"")}
        assert all(first)
        if words[0] == "export":
            assert process.returncode == 141


@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        (">&-", ("status",), 0),
        (">&-", ("export",), 0),
        (">&-", ("search", "no-such-word"), 1),
        ("<&- >&- 2>&-", ("status",), 0),
    ],
)
def test_a_stream_that_was_closed_is_no_fault(filled: Path, closed: str, words: tuple[str, ...], code: int) -> None:
    answer = start(["sh", "-c", f'"$@" {closed}', "sh", *command(filled, *words)])
    assert (answer.code, answer.out) == (code, "")
    assert "Traceback" not in answer.err
    assert "Warning" not in answer.err


# --- Ctrl-C -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [("fetch", f"{HOST}/slow", STORY), ("run", "--once"), ("sources", "check")], ids=" ".join
)
def test_ctrl_c(home: Path, site: LocalNews, words: tuple[str, ...]) -> None:
    slow = f"{HOST}/slow" if words[0] == "fetch" else f"{HOST}/feed.xml"
    in_order = words[0] == "run"  # which finishes what is under way, within 10 seconds
    site.override(slow, body=b"<p>Late.</p>", delay=2 if in_order else 30)
    before = kept(home)
    site.forget_requests()
    try:
        process = subprocess.Popen(
            launched("--interruptible", words=command(home, *words)),
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + 30
        while not any(request.url == slow for request in site.requests):
            assert time.monotonic() < deadline, "it never asked"
            time.sleep(0.02)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        took = time.monotonic() - begun
    finally:
        site.restore(slow)
    assert b"Traceback" not in err
    if in_order:
        assert process.returncode == 1  # what came late is no feed
        assert took < 12
    else:
        assert err.decode() == "scrape: interrupted\n"
        assert process.returncode == 130
        assert took < 6
    # The fetch may have come to its other page, which touches that article.
    assert kept(home)["articles"][1] == before["articles"][1]
    assert "#2" in scrape(home, "search", "peacekeepers").done()


def test_after_ctrl_c_nothing_stands_in_the_way(home: Path, site: LocalNews) -> None:
    """A lease that an interrupted process held does not block the next one."""
    slow = f"{HOST}/slow-too"
    site.override(slow, body=b"<p>Late.</p>", delay=30)
    site.forget_requests()
    process = subprocess.Popen(
        launched("--interruptible", words=command(home, "fetch", slow)), env=environment(), stderr=subprocess.PIPE
    )
    while not any(request.url == slow for request in site.requests):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    site.restore(slow)
    begun = time.monotonic()
    scrape(home, "fetch", STORY).done()
    assert time.monotonic() - begun < 15
    assert rows(home, "SELECT 1 FROM hosts WHERE held_by IS NOT NULL") == []
    scrape(home, "import", SEED).done()
