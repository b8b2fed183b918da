"""``scrape doctor`` on a machine that is well, and on one that is not."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scraper.instance import only_instance
from tests.cli.conftest import HOST
from tests.cli.harness import ROOT, configure, files, follow, rows, scrape
from tests.cli.test_terminal import on_a_terminal
from tests.local_news import LocalNews

ROBOTS = f"{HOST}/robots.txt"
DOCS = (ROOT / "docs" / "doctor.md").read_text(encoding="utf-8")
PARTS = ["machine", "config", "database", "network", "robots"]


def findings(home: Path, *words: str, code: int = 0) -> dict[str, dict[str, Any]]:
    answer = scrape(home, "doctor", "--json", *words)
    assert (answer.code, answer.err) == (code, ""), answer.err or answer.out
    found = json.loads(answer.out)
    assert all(finding["remedy"] for finding in found if finding["verdict"] != "ok")
    return {finding["name"]: finding for finding in found}


def bad(found: dict[str, dict[str, Any]], verdict: str = "wrong") -> list[str]:
    return [name for name, finding in found.items() if finding["verdict"] == verdict]


@pytest.fixture
def paper(fresh: Path, site: LocalNews) -> Iterator[Path]:
    """A home that follows one outlet."""
    follow(fresh, site.outlets, "harbour-gazette")
    site.forget_requests()
    yield fresh
    site.restore(ROBOTS)


def test_all_is_well_and_nothing_but_robots_is_asked_for(paper: Path, site: LocalNews) -> None:
    scrape(paper, "run", "--once").done()
    site.forget_requests()
    found = findings(paper)
    assert list(dict.fromkeys(finding["part"] for finding in found.values())) == PARTS
    assert bad(found) + bad(found, "warning") == []
    assert site.requests == ()  # its robots.txt is minutes old
    kinds = {re.sub(r"^(host|source) .*", r"\1 …", name) for name in found}
    told = set(re.findall(r"^\| \w+ \| `([^`]+)` \|", DOCS, re.MULTILINE))
    assert kinds <= told
    assert told - kinds == {"secrets", "webhook", "storage", "names"}  # which are told only if they are not well
    lines = scrape(paper, "doctor").done().splitlines()
    assert lines[-1] == f"{len(found)} checks: 0 wrong, 0 warnings"
    assert {line.split("  ")[0] for line in lines[:-1]} == {"ok"}


def test_a_home_without_databases_gets_none(paper: Path, site: LocalNews) -> None:
    before = files(paper)
    found = findings(paper)
    assert bad(found) == []
    assert "none in " in found["files"]["detail"]
    assert [request.path for request in site.requests] == ["/robots.txt"]
    assert files(paper) == before


def test_an_old_copy_is_asked_for_again_by_the_budget_of_all(paper: Path, site: LocalNews) -> None:
    scrape(paper, "robots", f"{HOST}/").done()
    kept = "UPDATE hosts SET robots_fetched_at = strftime('%Y-%m-%dT%H:%M:%S.000Z', 'now', '-1 hour')"
    write(paper, kept)
    site.forget_requests()
    assert bad(findings(paper)) == []
    assert [request.path for request in site.requests] == ["/robots.txt"]
    write(paper, kept)
    site.override(ROBOTS, status=503, body=b"")
    assert bad(findings(paper), "warning") == ["host harbour-gazette.example"]
    assert rows(paper, "SELECT count(*) FROM fetches WHERE kind = 'robots' AND outcome = 'failed'") == [(1,)]


def write(home: Path, sql: str) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(home / "storage" / "news.db")) as conn, conn:
        conn.execute(sql)


def test_what_robots_forbids_is_wrong_and_a_long_delay_a_warning(paper: Path, site: LocalNews) -> None:
    site.override(ROBOTS, body=b"User-agent: *\nCrawl-delay: 90\nDisallow: /feed.xml\n")
    found = findings(paper, code=1)
    assert bad(found) == ["source harbour-gazette"]
    assert "line 3, disallows /feed.xml" in found["source harbour-gazette"]["detail"]
    site.override(ROBOTS, body=b"User-agent: *\nCrawl-delay: 90\n")
    assert bad(findings(paper), "warning") == ["source harbour-gazette"]


def test_a_host_that_does_not_answer(paper: Path) -> None:
    text = '[[source]]\nname = "shut"\nurl = "http://closed.example/feed"\nkind = "feed"\n'
    sources = paper / "config" / "sources.toml"
    sources.write_text(sources.read_text(encoding="utf-8") + text, encoding="utf-8")
    assert bad(findings(paper, code=1)) == ["host closed.example"]
    assert bad(findings(paper, "harbour-gazette")) == []
    assert bad(findings(paper, "--offline")) == []
    assert "host closed.example" not in findings(paper, "--offline")


def test_a_full_disk_a_missing_contact_and_an_unread_file(paper: Path) -> None:
    configure(paper, "storage", 'min_free = "900000 GB"')
    path = paper / "config" / "scraper.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("demo@localhost", ""), encoding="utf-8")
    (paper / "config" / "sites").mkdir(exist_ok=True)
    (paper / "config" / "sites" / "paper.example.tml").write_text("drop = 'p'\n", encoding="utf-8")
    found = findings(paper, "--offline", code=1)
    assert (bad(found), bad(found, "warning")) == (["disk"], ["contact", "sites"])
    shown = scrape(paper, "doctor", "--offline").out.splitlines()
    (index,) = [index for index, line in enumerate(shown) if line.startswith("warning  contact: ")]
    assert shown[index + 1] == f"         mend: `scrape init {paper} --contact you@example.org`"


def test_a_damaged_database_is_said_and_the_network_asked_all_the_same(home: Path, site: LocalNews) -> None:
    follow(home, site.outlets, "harbour-gazette")
    path = home / "storage" / "pages.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    damaged = path.read_bytes()
    found = findings(home, code=1)
    assert [found[name]["part"] for name in bad(found)] == ["database"]
    assert found["host harbour-gazette.example"]["verdict"] == "ok"
    assert path.read_bytes() == damaged


def test_a_daemon_of_another_version(home: Path) -> None:
    with only_instance(home / "storage" / "daemon.lock", "9.9.9"):
        found = findings(home, "--offline")
    assert bad(found, "warning") == ["daemon"]
    assert f"process {os.getpid()}" in found["daemon"]["detail"]


def test_no_home_a_broken_one_and_a_name_that_nobody_has(paper: Path, tmp_path: Path) -> None:
    none = findings(tmp_path / "none", code=1)
    assert bad(none) == ["home"]
    assert none["home"]["remedy"].startswith("run `scrape init ")
    assert not (tmp_path / "none").exists()
    assert "no source is called 'nobody'" in scrape(paper, "doctor", "nobody").complaint(2)
    (paper / "config" / "sources.toml").write_text("# none\n", encoding="utf-8")
    assert "no source is called 'nobody'" in scrape(paper, "doctor", "nobody").complaint(2)
    (paper / "config" / "scraper.toml").write_text("[fetch]\nretires = 1\n", encoding="utf-8")
    broken = findings(paper, "harbour-gazette", code=1)
    assert bad(broken) == ["settings"]
    assert broken["settings"]["remedy"] == "did you mean 'retries'?"


def test_many_that_are_well_are_one_line(fresh: Path, site: LocalNews) -> None:
    out = scrape(fresh, "doctor").done()
    hosts = len(site.outlets)
    assert f"ok       network: {hosts} hosts answer\n" in out
    assert f"ok       robots: {hosts} sources may be asked\n" in out
    assert "host " not in out
    assert len(findings(fresh, "harbour-gazette", "old-county-post")) > 4
    assert "host harbour-gazette.example: answers" in scrape(fresh, "doctor", "harbour-gazette").done()


def test_a_narrow_terminal_wraps_beside_the_verdict(paper: Path) -> None:
    code, shown, _ = on_a_terminal(paper, "doctor", "--offline", COLUMNS="40", NO_COLOR="1")
    lines = [line.rstrip() for line in shown.splitlines()]
    assert code == 0
    assert max(map(len, lines)) <= 40
    assert {line[:9] for line in lines if line.startswith("ok")} == {"ok       "}
