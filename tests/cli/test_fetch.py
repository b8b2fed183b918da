"""`scrape fetch` of lists: where they come from, what is printed of them and when, and Ctrl-C at each stage."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.progress import far, span
from tests.cli.conftest import HOST
from tests.cli.harness import STORY, TITLE, command, copy, environment, launched, rows, scrape
from tests.cli.test_terminal import on_a_terminal
from tests.local_news import LocalNews

FERRY = f"{HOST}/2026/11/18/night-ferry-returns/"
GONE = f"{HOST}/2026/11/10/crab-quota-talks/"
CHINESE = "http://haiwan-ribao.example/content/202611/18/c41207.html"
LIST = f"# to be read\n\n{STORY}\t{TITLE}\n  {FERRY}  \n{CHINESE}"


@pytest.fixture(scope="module")
def mine(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home for tests that fetch, and mind nothing that is stored already."""
    return copy(configured, tmp_path_factory.mktemp("mine") / "home")


@contextmanager
def slow(site: LocalNews, url: str) -> Iterator[None]:
    """A page that does not come for half a minute."""
    site.override(url, body=b"<p>Late.</p>", delay=30)
    site.forget_requests()
    try:
        yield
    finally:
        site.restore(url)


def begun(home: Path, *words: str, **streams: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        launched("--interruptible", words=command(home, *words)),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **streams,
    )


def interrupted(process: subprocess.Popen[bytes]) -> str:
    """What it still printed; it says that it was interrupted, and nothing else."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"scrape: interrupted\n")
    return out.decode()


def until_asked(site: LocalNews, url: str) -> None:
    deadline = time.monotonic() + 60
    while not any(request.url == url for request in site.requests):
        assert time.monotonic() < deadline, "it never asked"
        time.sleep(0.02)


def stored(home: Path) -> set[str]:
    return {url for (url,) in rows(home, "SELECT url FROM articles")}


def test_a_list_from_a_file_from_a_pipe_and_from_words(mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(LIST, encoding="utf-8")
    from_file = scrape(mine, "fetch", "--from", path, "--fields", "outcome,url").done()
    assert sorted(from_file.splitlines()) == sorted(f"saved\t{url}" for url in (STORY, FERRY, CHINESE))
    piped = scrape(mine, "fetch", "--jsonl", text=f"{LIST}\n{GONE}\n")
    assert piped.code == 1
    assert len(piped.err.splitlines()) == 1
    said = {line["requested_url"]: line for line in map(json.loads, piped.out.splitlines())}
    assert {url: line["outcome"] for url, line in said.items()} == {
        STORY: "unchanged", FERRY: "unchanged", CHINESE: "unchanged", GONE: "skipped",
    }  # fmt: skip
    assert said[STORY]["article"]["title"] == TITLE
    both = scrape(mine, "fetch", STORY, "-", "--text", text=FERRY).done()
    assert both.startswith((f"{TITLE}\n\nThe cost", "Night ferry"))
    assert both.count("\n---\n") == 1


@pytest.mark.parametrize(
    ("words", "text", "says"),
    [((), "# nothing\n\n", "no URL was given"), (("--from", "/nowhere"), "", "cannot be read"),
     ((), "# nothing\nstory\n", "'story' is not an absolute")],
)  # fmt: skip
def test_a_list_without_a_url(mine: Path, words: tuple[str, ...], text: str, says: str) -> None:
    assert says in scrape(mine, "fetch", "--no-store", *words, text=text).complaint(2)


def test_words_keep_their_order_and_what_failed_has_a_row_if_it_is_asked_for(mine: Path) -> None:
    answer = scrape(mine, "fetch", GONE, STORY, "--fields", "requested_url,outcome,title")
    first, second = (line.split("\t") for line in answer.out.splitlines())
    assert first == [GONE, "skipped", ""]
    assert (second[0], second[2]) == (STORY, TITLE)
    assert answer.code == 1


def test_what_failed_has_no_row_of_an_articles_fields(mine: Path) -> None:
    answer = scrape(mine, "fetch", "--no-store", GONE, "--fields", "title")
    assert (answer.code, answer.out) == (1, "")


def test_a_row_is_there_as_soon_as_its_page_is(mine: Path, site: LocalNews) -> None:
    with slow(site, f"{HOST}/slow-list"):
        process = begun(mine, "fetch", "--fields", "url", stdin=subprocess.PIPE)
        assert process.stdin is not None
        assert process.stdout is not None
        for url in (f"{HOST}/slow-list", STORY, CHINESE):
            process.stdin.write(f"{url}\n".encode())
        process.stdin.flush()  # and it stays open: more may come
        assert {process.stdout.readline().decode().strip() for _ in range(1)} <= {CHINESE, STORY}
        interrupted(process)


def test_ctrl_c_while_it_waits_for_a_list(mine: Path, site: LocalNews) -> None:
    site.forget_requests()
    process = begun(mine, "fetch", "--from", "/dev/stdin", "--no-store", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(f"{STORY}\n".encode())
    process.stdin.flush()
    until_asked(site, STORY)
    interrupted(process)


def test_ctrl_c_between_two_pages_keeps_and_shows_the_first(fresh: Path, site: LocalNews) -> None:
    with slow(site, f"{HOST}/slow-second"):
        process = begun(fresh, "fetch", "--jsonl", CHINESE, f"{HOST}/slow-second", STORY)
        assert process.stdout is not None
        first = process.stdout.readline()
        until_asked(site, f"{HOST}/slow-second")
        interrupted(process)
    assert json.loads(first)["outcome"] == "saved"
    assert CHINESE in stored(fresh)
    again = scrape(fresh, "fetch", "--fields", "outcome", CHINESE, STORY).done().splitlines()
    assert again[0] == "unchanged"


def test_sigterm_ends_it_as_ctrl_c_does(fresh: Path, site: LocalNews) -> None:
    """Nothing is left of its parsers, and nothing is said of them."""
    with slow(site, f"{HOST}/slow-second"):
        process = begun(fresh, "fetch", "--jsonl", CHINESE, f"{HOST}/slow-second")
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (143, b"scrape: terminated\n")
    assert CHINESE in stored(fresh)


def test_ctrl_c_while_it_stores(fresh: Path, site: LocalNews) -> None:
    """Another process holds the database: what is to be written is written once that lets go, or not at all."""
    scrape(fresh, "fetch", CHINESE).done()
    site.forget_requests()
    with closing(sqlite3.connect(fresh / "storage" / "news.db", isolation_level=None, timeout=60)) as other:
        process = begun(fresh, "fetch", STORY)
        until_asked(site, STORY)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(0.5)  # it may have come to the writing, or not: nothing is lost either way
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        other.execute("ROLLBACK")
        _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    assert (process.returncode, err) in {(130, b"scrape: interrupted\n"), (0, b"")}
    assert rows(fresh, "PRAGMA integrity_check") == [("ok",)]
    pages = rows(fresh, "SELECT url FROM pages WHERE url = ?", STORY, database="pages")
    assert STORY not in stored(fresh) or pages == [(STORY,)]
    scrape(fresh, "fetch", STORY).done()
    assert stored(fresh) == {CHINESE, STORY}


def test_a_reader_that_goes_away_ends_it(mine: Path, tmp_path: Path, site: LocalNews) -> None:
    path = tmp_path / "list"
    path.write_text(LIST)
    with slow(site, f"{HOST}/slow-third"):
        process = begun(mine, "fetch", "--from", str(path), "--jsonl")
        assert process.stdout is not None
        process.stdout.close()
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_progress_is_for_terminals_and_leaves_the_output_alone(mine: Path, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text(LIST)
    code, shown, out = on_a_terminal(mine, "fetch", "--from", str(path), "--jsonl", only="stderr")
    assert code == 0
    assert [json.loads(line)["outcome"] for line in out.splitlines()] == ["unchanged"] * 3
    assert "\r\x1b[K" in shown
    assert " of 3 URLs" in shown
    assert shown.endswith("3 pages: 3 unchanged\r\n")


def test_how_far_it_is() -> None:
    assert far(0, None, 0.0, 0, 80) == "0 URLs so far"
    assert far(12, None, 4.0, 0, 80) == "12 URLs so far, 3.0/s"
    assert far(12, 300, 4.0, 2, 80) == "12 of 300 URLs, 3.0/s, 1 min 36 s left, 2 failed"
    assert far(1, 3000, 60.0, 0, 80) == "1 of 3,000 URLs, 1.0/min, 2 d 1 h left"
    assert far(12, 300, 4.0, 2, 39) == "12 of 300 URLs, 3.0/s, 1 min 36 s left"
    assert far(12, 300, 4.0, 2, 10) == "12 of 300 "
    assert [span(seconds) for seconds in (0, 59.4, 60, 3600, 7500, 90000)] == [
        "0 s", "59 s", "1 min", "1 h", "2 h 5 min", "1 d 1 h",
    ]  # fmt: skip
