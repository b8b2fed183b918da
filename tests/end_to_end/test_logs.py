"""What the daemon says: one line an attempt, JSON in a pipe, and nothing that a page says can break it."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.run import _Human, _Json
from tests.end_to_end.harness import Newsroom, wait_for

KNOWN = "SELECT count(*) FROM articles"


def logged(errors: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in errors.splitlines()]


def followed(newsroom: Newsroom, *words: str) -> str:
    """What a daemon says on standard error while it follows the whole site."""
    with newsroom.start(*words, "run") as daemon:
        wait_for(lambda: _stored(newsroom) == len(newsroom.site.expected), "all articles")
        wait_for(lambda: newsroom.rows("SELECT count(*) FROM entries WHERE outcome IS NULL")[0][0] == 0, "the rest")
        daemon.send_signal(signal.SIGTERM)
        _, errors = daemon.communicate(timeout=20)
    assert daemon.returncode == 0
    return errors


def _stored(newsroom: Newsroom) -> int:
    with suppress(Exception):  # the database is not there yet
        return int(newsroom.rows(KNOWN)[0][0])
    return 0


def test_every_attempt_is_one_line_of_json(newsroom: Newsroom) -> None:
    lines = logged(followed(newsroom))
    assert all({"at", "level"} <= set(line) and ("message" in line) != ("outcome" in line) for line in lines)
    told = sorted((line["url"], line["kind"], line["outcome"], line["reason"]) for line in lines if "outcome" in line)
    assert told == sorted(newsroom.rows("SELECT url, kind, outcome, reason FROM fetches"))
    assert {line["level"] for line in lines} == {"info"}
    assert {"robots", "sitemap", "feed", "page", "section"} == {line[1] for line in told}


def test_what_a_page_says_stays_on_its_line(newsroom: Newsroom) -> None:
    outlet = newsroom.site.outlets["harbour-gazette.example"]
    evil = "Line one&#10;Line two&#13;&#27;[31mred&#8238;\u2028three\u0085four"
    items = "".join(
        f"<item><title>{evil}</title><link>http://harbour-gazette.example/{path}</link></item>"
        for path in ("a%0Ab", "c&#10;d", "e%1B[31m", "2026/11/18/night-ferry-returns/")
    )
    feed = f"<rss version='2.0'><channel><title>{evil}</title>{items}</channel></rss>".encode()
    newsroom.follow([outlet], extra='[log]\nformat = "human"\nlevel = "debug"\n')
    newsroom.site.override(outlet.source_url, body=feed)
    done = newsroom.run("run", "--once", "--verbose", check=False)
    lines = done.stderr.split("\n")
    assert lines.pop() == ""
    assert all(re.match(r"\d\d:\d\d:\d\d ", line) for line in lines), done.stderr
    assert not set(done.stderr) & set("\x1b\r\u2028\u0085\u202e")
    assert len([line for line in lines if ": http://harbour-gazette.example/" in line]) == len(
        newsroom.rows("SELECT 1 FROM fetches")
    )


def test_a_log_that_is_no_unicode_is_json_all_the_same(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    outlet = newsroom.site.outlets["vechernie-vesti.example"]
    newsroom.follow([outlet])
    newsroom.site.override(outlet.source_url, status=503, headers={"x": "y"}, body="не сейчас".encode())
    sources = newsroom.home / "config" / "sources.toml"
    text = sources.read_text(encoding="utf-8").replace('name = "', 'exclude = ["ещё"]\nname = "')
    sources.write_text(text.replace(outlet.source_url, f"{outlet.source_url}?ё"), encoding="utf-8")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    said = newsroom.run("run", "--once", "--verbose", check=False).stderr
    lines = logged(re.sub(r"Why: scrape .*\n\Z", "", said))
    assert said.isascii()
    assert [line for line in lines if line.get("url", "").endswith("?ё")]


def test_on_a_terminal_it_is_for_people(newsroom: Newsroom) -> None:
    newsroom.follow([newsroom.site.outlets["harbour-gazette.example"]])
    master, slave = pty.openpty()
    with subprocess.Popen(newsroom.words("run"), stderr=slave, stdout=subprocess.DEVNULL) as daemon:
        os.close(slave)
        wait_for(lambda: _stored(newsroom) >= 1, "an article")
        daemon.send_signal(signal.SIGTERM)
        shown = bytearray()
        with suppress(OSError):  # Linux's word for the other side's end
            while piece := os.read(master, 65536):
                shown += piece
        os.close(master)
    assert daemon.returncode == 0
    assert re.search(rb"\d\d:\d\d:\d\d saved: http://harbour-gazette\.example/2026/\S+: new article\r\n", shown)
    assert b'"outcome"' not in shown


def test_under_systemd_lines_carry_their_level(newsroom: Newsroom, tmp_path: Path) -> None:
    settings = newsroom.home / "config" / "scraper.toml"
    newsroom.follow([newsroom.site.outlets["harbour-gazette.example"]])
    settings.write_text(settings.read_text(encoding="utf-8").replace("demo@localhost", ""), encoding="utf-8")
    for name, prefixed in (("journal", True), ("file", False)):
        with (tmp_path / name).open("w+b") as log:
            here = os.fstat(log.fileno())
            stream = f"{here.st_dev}:{here.st_ino}" if prefixed else "1:2"
            words = newsroom.words("run", "--once", "--verbose")
            subprocess.run(words, env={**os.environ, "JOURNAL_STREAM": stream}, stderr=log, check=True)
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        found = {re.match(r"(<\d>)?\{", line)[1] for line in lines}  # type: ignore[index]
        assert found == ({"<4>", "<6>"} if prefixed else {None})


def test_a_password_in_a_sources_address_is_refused_unsaid(newsroom: Newsroom) -> None:
    sources = newsroom.home / "config" / "sources.toml"
    text = sources.read_text(encoding="utf-8").replace("http://harbour", "http://me:hush-7f3a@harbour")
    sources.write_text(text, encoding="utf-8")
    refused = newsroom.run("run", check=False)
    assert refused.returncode == 2
    assert "url: write no user name and no password in it" in refused.stderr
    assert "hush" not in refused.stderr


def test_a_line_of_json_is_one_whatever_it_holds() -> None:
    said = "a\nb\rc\x1bd\u2028e\x85f\u2029g \ud800 ж"
    record = logging.LogRecord("scraper", logging.WARNING, "", 0, said, None, None)
    line = _Json().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == said
    assert "\x1b" not in line
    assert len(_Human().format(record).splitlines()) == 1
