"""``scrape why`` and ``scrape robots``: what became of something, and what is allowed."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import HOST
from tests.cli.harness import STORY, TITLE, follow, rows, scrape
from tests.local_news import LocalNews


def test_why_an_address_was_stored_or_was_not(fresh: Path) -> None:
    scrape(fresh, "fetch", STORY, f"{HOST}/print/story")
    stored = scrape(fresh, "why", f"{STORY}?utm_source=x").done().splitlines()
    assert stored[0].startswith(f"stored: #1 {TITLE}, fetched 20")
    assert any(line.startswith("robots.txt of harbour-gazette.example") for line in stored)
    scrape(fresh, "fetch", STORY)
    latest = scrape(fresh, "why", STORY).done().splitlines()
    attempts = latest[latest.index("latest attempts:") + 1 :]
    assert ["unchanged: " in attempts[0], "saved: new article [status 200, " in attempts[1]] == [True, True]

    refused = scrape(fresh, "why", f"{HOST}/print/story").done()
    assert "skipped: robots.txt of harbour-gazette.example, line " in refused
    told = json.loads(scrape(fresh, "why", "--json", f"{HOST}/print/story").done())
    assert (told["kind"], told["attempts"][0]["outcome"]) == ("address", "skipped")
    assert "disallows /print/ for our agent" in told["robots"]


def test_why_a_host_waits(fresh: Path) -> None:
    scrape(fresh, "fetch", STORY).done()
    with closing(sqlite3.connect(fresh / "storage" / "news.db")) as database, database:
        database.execute(
            "UPDATE hosts SET paused_until = '2999-01-01T10:12:00.000Z', pause_reason = '429',"
            " pause_detail = 'asked for 600 s at 10:02 (429)'"
        )
    out = scrape(fresh, "why", "harbour-gazette.example").done()
    told = "asked for 600 s at 10:02 (429): it is left alone until 2999-01-01 10:12 UTC"
    assert f"waiting: harbour-gazette.example {told}" in out
    assert f"saved: {STORY}: new article" in out


def test_why_a_page_waits_for_others_at_its_address(fresh: Path) -> None:
    scrape(fresh, "fetch", STORY).done()
    with closing(sqlite3.connect(fresh / "storage" / "news.db")) as database, database:
        address = database.execute("SELECT address FROM hosts").fetchone()[0]
        for number in range(4):
            database.execute(
                "INSERT INTO hosts (host, address, held_by, held_until) VALUES (?, ?, 'there:1:a', ?)",
                (f"host{number}.example", address, "2999-01-01T00:00:00.000Z"),
            )
    told = f"waiting: 4 requests are under way at {address}, where harbour-gazette.example leads too"
    assert told in scrape(fresh, "why", "harbour-gazette.example").done().splitlines()
    assert told.replace("waiting:", "the host:") in scrape(fresh, "why", STORY).done().splitlines()  # it is fetched
    busy = scrape(fresh, "why", "host0.example").done()
    assert "waiting: a request to host0.example is under way, and it gets one at a time" in busy


def test_why_a_source_is_followed(fresh: Path) -> None:
    scrape(fresh, "run", "--once")
    name = rows(fresh, "SELECT name FROM sources ORDER BY name LIMIT 1")[0][0]
    lines = scrape(fresh, "why", name).done().splitlines()
    assert lines[0].startswith(f"{name}: http")
    assert lines[1].startswith("followed: ")
    assert re.fullmatch(r"of \d+ entries \d+ stored, \d+ skipped, \d+ failed, \d+ waiting", lines[2])
    entry = rows(fresh, "SELECT url FROM entries ORDER BY id LIMIT 1")[0][0]
    assert "announced by " in scrape(fresh, "why", entry).done()


def test_why_a_source_yields_nothing(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "vechernie-vesti")
    scrape(fresh, "run", "--once")
    name, host = "vechernie-vesti.example", "vechernie-vesti"
    with closing(sqlite3.connect(fresh / "storage" / "news.db")) as database, database:
        database.execute("UPDATE sources SET name = ?, failures = 1", (name,))  # as `sources add` names them
        database.execute(
            "UPDATE entries SET article_id = NULL, outcome = 'skipped', reason = 'paywall', next_due = NULL"
        )
        database.execute("UPDATE entries SET reason = 'consent wall' WHERE id = (SELECT min(id) FROM entries)")
    ((many,),) = rows(fresh, "SELECT count(*) FROM entries")
    lines = scrape(fresh, "why", name).done().splitlines()
    assert lines[1].endswith(", after 1 failure in a row")
    assert lines[2:5] == [
        f"of {many} entries 0 stored, {many} skipped, 0 failed, 0 waiting",
        f"  {many - 1} entries skipped: paywall",
        "  1 entry skipped: consent wall",
    ]
    polls, pages = lines.index("latest attempts:"), lines.index("latest attempts at its pages:")
    assert all(f"http://{host}." in line for line in lines[pages + 1 :])
    assert pages - polls == 2
    assert len(lines) - pages > 2
    told = json.loads(scrape(fresh, "why", "--json", name).done())
    assert told["reasons"][1] == {"outcome": "skipped", "reason": "consent wall", "count": 1, "waiting": 0}
    assert {row["kind"] for row in told["pages"]} == {"page"}


def test_why_a_page_that_was_refused_is_tried_again(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "vechernie-vesti")
    scrape(fresh, "run", "--once")
    due = "UPDATE entries SET article_id = NULL, changed_at = NULL, outcome = 'skipped', reason = 'bot check',"
    with closing(sqlite3.connect(fresh / "storage" / "news.db")) as database, database:
        database.execute("UPDATE entries SET next_due = NULL WHERE changed_at IS NULL")
        database.execute(f"{due} attempts = 1, next_due = '2999-01-01T10:12:00Z' WHERE id = 1")
        ended = database.execute(
            "SELECT count(*) FROM entries WHERE next_due IS NULL AND article_id IS NULL"
        ).fetchone()[0]
        many, url = database.execute("SELECT count(*), min(url) FILTER (WHERE id = 1) FROM entries").fetchone()
        source = database.execute("SELECT name FROM sources").fetchone()[0]
    lines = scrape(fresh, "why", source).done().splitlines()
    assert lines[2].startswith(f"of {many} entries ")
    assert lines[2].endswith(f" {ended} skipped, 0 failed, 1 waiting")
    assert "  1 entry skipped: bot check (1 tried again)" in lines
    told = "skipped (bot check), and tried again: due 2999-01-01 10:12 UTC, after 1 attempt"
    assert told in scrape(fresh, "why", url).done().splitlines()
    status = json.loads(scrape(fresh, "status", "--json").done())
    assert (status["waiting"], [row["waiting"] for row in status["sources"]]) == (0, [0])  # it is no news
    assert status["revisits"] == rows(fresh, "SELECT count(*) FROM entries WHERE next_due IS NOT NULL")[0][0]


def test_why_of_what_nobody_knows(home: Path) -> None:
    for what in ("https://nowhere.example/x", "nowhere.example"):
        answer = scrape(home, "why", what)
        assert (answer.code, answer.err) == (1, "")
        assert answer.out.startswith(f"nothing is on record about {what}: ")
    scrape(home, "forget", "--yes", "1").done()
    assert "forgotten: erased on 20" in scrape(home, "why", STORY).done()
    assert scrape(home, "why", "harbour-gazette").done().splitlines()[1].startswith("followed, and not asked yet")
    assert scrape(home, "why", " ").complaint(2) == "name an address, a host or a source"


def test_robots_shows_the_rule_that_decides(fresh: Path) -> None:
    refused = scrape(fresh, "robots", f"{HOST}/print/story")
    assert refused.code == 1
    lines = refused.out.splitlines()
    assert lines[0].startswith("not allowed: robots.txt of harbour-gazette.example, line ")
    assert "disallows /print/ for our agent" in lines[0]
    assert any(line.startswith(">") and line.endswith("Disallow: /print/") for line in lines)
    assert rows(fresh, "SELECT host, robots_status FROM hosts ORDER BY host DESC") == [
        ("http://harbour-gazette.example", 200),
        ("harbour-gazette.example", None),
    ]

    allowed = json.loads(scrape(fresh, "robots", "--json", STORY).done())
    assert (allowed["allowed"], allowed["group"], allowed["status"]) == (True, "*", 200)
    assert allowed["agent"] == "article-scraper"
    assert {rule["pattern"] for rule in allowed["rules"]} >= {"/print/"}


def test_robots_of_an_address_that_the_guard_refuses(fresh: Path) -> None:
    assert "is not a public address" in scrape(fresh, "robots", "http://localhost/story").complaint(1)


def test_robots_of_a_host_that_does_not_answer(fresh: Path) -> None:
    assert "closed.example" in scrape(fresh, "robots", "http://closed.example/").complaint(1)
