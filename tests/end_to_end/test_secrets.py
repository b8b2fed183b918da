"""What the operator keeps secret reaches the site that it is for, and no log, database, output or export."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.end_to_end.harness import Newsroom

HUSH = "hush-7f3a"
KEYS = f"""headers = {{ "X-Key" = "env:PAPER_KEY" }}
cookies = {{ consent = "{HUSH}-consent" }}
login = "env:PAPER_LOGIN"
jar = true
"""


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPER_KEY", f"{HUSH}-key")
    monkeypatch.setenv("PAPER_LOGIN", f"session={HUSH}-session")


@pytest.mark.usefixtures("environment")
def test_secrets_reach_their_site_and_nobody_else(newsroom: Newsroom) -> None:
    outlet = newsroom.site.outlets["harbour-gazette.example"]
    newsroom.follow([outlet], extra='[log]\nlevel = "debug"\n')
    sources = newsroom.home / "config" / "sources.toml"
    sources.write_text(sources.read_text(encoding="utf-8").rstrip() + "\n" + KEYS, encoding="utf-8")
    newsroom.site.forget_requests()

    said = [newsroom.run("run", "--once", "--verbose", check=False)]
    asked = [request for request in newsroom.site.requests if not request.path.startswith("/robots.txt")]
    assert len(asked) > 3
    for request in asked:
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert headers["x-key"] == f"{HUSH}-key"
        assert f"session={HUSH}-session" in headers["cookie"]
    assert not [request for request in newsroom.site.requests if request not in asked and HUSH in str(request)]

    story = newsroom.rows("SELECT url FROM articles ORDER BY id LIMIT 1")[0][0]
    assert newsroom.rows("SELECT DISTINCT login FROM articles") == [(1,)]
    commands = (["status"], ["why", story], ["why", outlet.name], ["sources", "check"], ["fetch", "--json", story])
    said += [newsroom.run(*words, check=False) for words in commands]
    fetched = json.loads(newsroom.run("fetch", "--json", "--source", outlet.name, "--no-cache", story).stdout)
    assert fetched["outcome"] == "unchanged"
    assert newsroom.run("export").stdout.count("\n") <= 1  # what anybody may fetch, as was done just now
    said.append(newsroom.run("export", "--with-login"))
    assert said[-1].stdout.count("\n") == newsroom.rows("SELECT count(*) FROM articles")[0][0]

    archive = newsroom.home / "storage" / "pages.warc"
    newsroom.run("export", "--format", "warc", "--with-login", "-o", str(archive))
    assert archive.read_bytes().count(b"\r\nlogin: 1\r\n") > 3

    written = b"".join(path.read_bytes() for path in (newsroom.home / "storage").iterdir() if path.is_file())
    assert HUSH.encode() not in written
    assert not [done.args for done in said if HUSH in done.stdout + done.stderr]


def test_a_daemon_without_its_secrets_says_what_is_missing(newsroom: Newsroom) -> None:
    sources = newsroom.home / "config" / "sources.toml"
    sources.write_text(sources.read_text(encoding="utf-8").rstrip() + "\n" + KEYS, encoding="utf-8")
    assert "PAPER_KEY" not in os.environ
    done: subprocess.CompletedProcess[str] = newsroom.run("run", "--once", check=False)
    assert done.returncode == 2
    assert "headers.X-Key: the environment variable PAPER_KEY is not set" in done.stderr
    assert "Traceback" not in done.stderr
