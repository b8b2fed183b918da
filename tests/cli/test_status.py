"""``scrape status``: at a glance, again and again, and over what cannot be read."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import sqlite3
import struct
import subprocess
import termios
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.dedupe import candidate
from scraper.home import Home
from scraper.instance import only_instance
from scraper.model import Attempt, Entry, Event, EventKind, Outcome, instant
from scraper.polling import follow as follow_all
from scraper.rhythm import Rhythm
from scraper.settings import load_sources
from scraper.store import Store, Wanted
from scraper.store.alarms import Alarm
from tests.cli.harness import ESCAPE, colours, command, copy, environment, follow, scrape
from tests.local_news import LocalNews
from tests.store.samples import BASE, page, source

KEPT = {"articles", "pages", "waiting", "revisits", "next_due", "sources", "last_day", "problems", "daemon"}


@pytest.fixture(scope="module")
def followed(configured: Path, site: LocalNews, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose sources were followed once. Not to be changed."""
    home = copy(configured, tmp_path_factory.mktemp("followed") / "home")
    scrape(home, "run", "--once")
    assert site.requests
    return home


@pytest.fixture
def busy(followed: Path, tmp_path: Path) -> Path:
    """The same, of the test's own, with a host that is paused and one that is slow."""
    home = copy(followed, tmp_path / "home")
    with closing(sqlite3.connect(home / "storage" / "news.db", isolation_level=None)) as db:
        db.execute(
            "UPDATE hosts SET paused_until = '2999-01-01T00:00:00.000Z', pause_reason = '429',"
            " pause_detail = 'it said \x1b[31mso\n' WHERE host = 'harbour-gazette.example'"
        )
        db.execute("UPDATE hosts SET next_at = '2998-01-01T00:00:00.000Z' WHERE host = 'nordlicht-blatt.example'")
        db.execute("UPDATE sources SET failures = 7 WHERE name = 'vechernie-vesti'")
        db.execute("UPDATE entries SET next_due = '2026-01-01T00:00:00Z' WHERE id <= 2")
    return home


def test_at_a_glance(busy: Path) -> None:
    out = scrape(busy, "status").done()
    assert "hosts that are left alone for a while:" in out
    assert "harbour-gazette.example: paused: 429 until 2999-01-01T00:00:00.000Z: it said" in out
    assert "nordlicht-blatt.example: slow until 2998-01-01T00:00:00.000Z" in out
    assert "last hour: " in out
    assert "a minute" in out
    assert "due now: " in out
    heads = next(line for line in out.splitlines() if line.startswith("source "))
    assert heads.split() == [
        "source",
        "articles",
        "waiting",
        "a",
        "day",
        "asked",
        "due",
        "fails",
        "last",
        "outcome",
    ]
    assert any(" 7 " in line for line in out.splitlines() if line.startswith("vechernie-vesti"))
    assert not set(out) & {ESCAPE, "\r"}


def test_json_keeps_its_keys_and_has_more(busy: Path) -> None:
    status = json.loads(scrape(busy, "status", "--json").done())
    assert set(status) >= KEPT | {"at", "due", "rates", "hosts", "process"}
    assert status["process"] is None
    assert [row["state"] for row in status["hosts"]] == ["paused", "slow"]
    hour, day = status["rates"]["hour"], status["rates"]["day"]
    assert hour == day
    assert set(hour) == {"articles", "attempts", "failed", "answers", "bytes"}
    assert hour["articles"] == status["articles"] > 20
    assert hour["attempts"] >= sum(status["last_day"].values())
    assert hour["bytes"] > 10_000
    assert status["due"]["oldest"] in {None, "2026-01-01T00:00:00Z"}
    assert status["due"]["new"] + status["due"]["revisits"] == 2
    assert all({"next_due", "failures", "entries_a_day"} <= set(row) for row in status["sources"])


def test_as_json_byte_for_byte(fresh: Path) -> None:
    """The same keys in the same order, and the same values: ``status.json`` holds them but for what the clock says."""
    text = "".join(
        f'[[source]]\nname = "{n}"\nurl = "https://{n}.example/feed"\nkind = "feed"\n' for n in ("new", "old")
    )
    (fresh / "config" / "sources.toml").write_text(text, encoding="utf-8")
    now, then = datetime.now(UTC), datetime(2026, 1, 1, tzinfo=UTC)
    rhythm = Rhythm().watched(then - timedelta(days=9), []).watched(then, [then] * 31)
    with Store(fresh / "storage") as store, store.transaction():
        store.frontier.sync_sources([source("old"), source("other")], instant(now))
        trouble(store, now)
    with closing(sqlite3.connect(fresh / "storage" / "news.db", isolation_level=None)) as db:
        db.execute(
            "UPDATE sources SET last_fetched_at = '2026-02-01T00:00:00Z', last_success_at = '2026-01-01T00:00:00Z',"
            " last_outcome = 'failed', last_detail = 'no answer: \U0001f4f0', failures = 3,"
            " next_due = '2026-02-02T00:00:00Z', rhythm = ? WHERE name = 'old'",
            (rhythm.dumped(),),
        )
        db.execute("UPDATE entries SET next_due = '2026-01-01T00:00:00Z' WHERE url LIKE '%/1'")
        db.execute(
            "UPDATE entries SET next_due = '2999-01-01T00:00:00Z', changed_at = first_seen_at WHERE url LIKE '%/2'"
        )
    with only_instance(fresh / "storage" / "daemon.lock", "9.9.9"):
        out = scrape(fresh, "status", "--json").done()
    status = json.loads(out)
    moving = {
        "<at>": status["at"],
        "<then>": instant(now),
        "<since>": status["process"]["since"],
        "<machine>": status["process"]["machine"],
        '"<pid>"': str(os.getpid()),
        '"<bytes>"': str(status["archive_bytes"]),
    }
    wanted = Path(__file__).with_name("status.json").read_text(encoding="utf-8")
    for word, value in moving.items():
        wanted = wanted.replace(word, value)
    assert out == wanted


def trouble(store: Store, now: datetime) -> None:
    """An archive in which there is something of all that can be told."""
    old = store.frontier.source_id("old")
    assert old is not None
    store.frontier.admit([Entry(f"https://old.example/{n}") for n in range(3)], old, instant(now))
    for number in range(5):
        url = f"https://host{number}.example/"
        store.attempts.add(Attempt(url, "page", Outcome.FAILED, "timeout", f"no answer from {url}", now))
    store.attempts.add(Attempt("notes.txt", "clipping", Outcome.SKIPPED, "not a clipping", "notes.txt:1: no", now))
    store.attempts.add(Attempt("https://old.example/0", "page", Outcome.SAVED, "new", "new", now, status=200, size=9))
    store.alarms.put(old, Alarm(EventKind.QUIET, "2026-03-01T00:00:00Z", "nothing new"))
    store.events.add(Event(EventKind.QUIET, now, "nothing new", "old"), tell=True)
    store.events.add(Event(EventKind.BACK, now, "it is back", "old"), tell=False)
    paused = {"paused_until": "2999-01-01T00:00:00.000Z", "pause_reason": "429", "pause_detail": "too many"}
    store.hosts.put("old.example", paused)
    store.hosts.put("slow.example", {"next_at": "2998-01-01T00:00:00.000Z"})
    store.save(candidate(BASE), page(BASE.url), "old", now)
    store.backfills.begin(Wanted("old", "2026-01-01", 20, 1000), [("https://old.example/feed", "feed")], instant(now))


def test_before_anything_was_asked(fresh: Path) -> None:
    Store(fresh / "storage").close()
    many = len(load_sources(Home(fresh)))
    lines = scrape(fresh, "status").done().splitlines()
    assert lines[1] == f"{many} sources are configured, none was asked yet: scrape run"
    assert lines[-1] == "daemon: not running"


def test_sources_that_are_off_or_gone(busy: Path, site: LocalNews) -> None:
    with closing(sqlite3.connect(busy / "storage" / "news.db", isolation_level=None)) as db:
        db.execute("UPDATE entries SET next_due = NULL")
        one = "(SELECT min(id) FROM entries WHERE source_id = sources.id)"
        db.execute(
            "UPDATE entries SET next_due = '2026-01-01T00:00:00Z', changed_at = NULL"
            f" WHERE id = (SELECT {one} FROM sources WHERE name = 'vechernie-vesti')"
        )
        db.execute("UPDATE sources SET enabled = 0 WHERE name != 'harbour-gazette'")
        db.execute("UPDATE sources SET next_due = '2026-01-01T00:00:00Z' WHERE enabled")
    follow(busy, site.outlets, "harbour-gazette", "nordlicht-blatt")
    out = scrape(busy, "status").done()
    assert out.splitlines()[0].endswith(" kept, 0 entries waiting (1 more for sources that are off or gone)")
    states = {row["name"]: row["state"] for row in json.loads(scrape(busy, "status", "--json").done())["sources"]}
    assert [states.pop(name) for name in ("harbour-gazette", "nordlicht-blatt")] == ["followed", "off"]
    assert set(states.values()) == {"gone"}
    assert "; due for " in out
    table = out[out.index("\nsource ") : out.index("\nproblems")].splitlines()[2:]
    assert [line.split()[0] for line in table] == ["harbour-gazette", "nordlicht-blatt", "vechernie-vesti"]
    assert [line.split()[-1] for line in table[1:]] == ["off", "gone"]


def test_of_many_sources_those_in_trouble(fresh: Path) -> None:
    text = "".join(
        f'[[source]]\nname = "s{n:02}"\nurl = "https://s{n:02}.example/feed"\nkind = "feed"\n' for n in range(33)
    )
    (fresh / "config" / "sources.toml").write_text(text, encoding="utf-8")
    now = datetime.now(UTC)
    with Store(fresh / "storage") as store, store.transaction():
        follow_all(store, load_sources(Home(fresh)), now)
    with closing(sqlite3.connect(fresh / "storage" / "news.db", isolation_level=None)) as db:
        db.execute("UPDATE sources SET last_fetched_at = ?, next_due = '2999-01-01T00:00:00Z'", (instant(now),))
        db.execute("UPDATE sources SET failures = 2, last_success_at = '2026-01-01T00:00:00Z' WHERE name = 's07'")
        db.execute("UPDATE sources SET failures = 2, last_success_at = '2026-02-01T00:00:00Z' WHERE name = 's09'")
        db.execute("UPDATE sources SET next_due = '2026-01-15T00:00:00Z' WHERE name = 's30'")
        db.execute(
            "INSERT INTO alarms (source_id, kind, since, detail)"
            " SELECT id, 'quiet', '2026-03-01T00:00:00Z', 'nothing new' FROM sources WHERE name = 's20'"
        )
    with only_instance(fresh / "storage" / "daemon.lock", "9.9.9"):
        out = scrape(fresh, "status").done()
    assert re.findall(r"^s\d\d", out, re.MULTILINE) == ["s20", "s09", "s30", "s07"]
    assert "\nand 29 that answer or are off: scrape status --all\n" in out
    assert out.index("alarms:\n  s20: quiet since") < out.index("\nsource ")
    assert len(re.findall(r"^s\d\d", scrape(fresh, "status", "--all").done(), re.MULTILINE)) == 33


def test_which_process_is_at_work(filled: Path, home: Path) -> None:
    with only_instance(home / "storage" / "daemon.lock", "9.9.9"):
        assert f"daemon: running, process {os.getpid()} since 20" in scrape(home, "status").done()
        status = json.loads(scrape(home, "status", "--json").done())
    assert (status["daemon"], status["process"]["pid"], status["process"]["version"]) == (
        "running",
        os.getpid(),
        "9.9.9",
    )
    assert "daemon: not running" in scrape(filled, "status").done()


# --- --watch ----------------------------------------------------------------------------------------------------------


def watch(home: Path, columns: int, rows: int, *words: str, **env: str) -> tuple[int, str]:
    """What a terminal of that size shows of ``status --watch`` until Ctrl-C, after it was drawn three times."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        command(home, "status", "--watch", "0.5", *words),
        env=environment(TERM="xterm-256color", **env), stdin=slave, stdout=slave, stderr=slave,
    )  # fmt: skip
    os.close(slave)
    shown, told = bytearray(), False
    deadline = time.monotonic() + 60
    with suppress(OSError):  # Linux's word for the other side's end
        while piece := os.read(master, 65536):
            shown += piece
            assert time.monotonic() < deadline
            if shown.count(b"articles, ") >= 3 and not told:
                told = True
                process.send_signal(signal.SIGINT)
    os.close(master)
    return process.wait(timeout=60), shown.decode()


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_it_stays_on_the_terminal(busy: Path, columns: int) -> None:
    code, shown = watch(busy, columns, 20)
    assert code == 0
    assert shown.startswith(f"{ESCAPE}[?1049h")
    assert shown.rstrip().endswith(f"{ESCAPE}[?1049l")
    frame = shown.split(f"{ESCAPE}[H")[2]
    lines = frame.replace("\r", "").split("\n")
    assert len(lines) <= 20
    plain = ["".join(part.partition("m")[2] for part in f"m{line}".split(ESCAPE)) for line in lines]
    assert max(map(len, plain)) <= columns
    assert "lines more: scrape status" in frame
    assert "last outcome" in frame.replace(f"{ESCAPE}[0m", "")


def test_without_colours(busy: Path) -> None:
    code, shown = watch(busy, 80, 30, NO_COLOR="1")
    assert (code, colours(shown)) == (0, [])


def test_in_a_pipe_one_after_the_other(home: Path) -> None:
    with subprocess.Popen(
        command(home, "status", "-w", "0.5", "--json"), env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert [line["articles"] for line in lines] == [2, 2, 2]
    assert len({line["at"] for line in lines}) >= 2
    with subprocess.Popen(
        command(home, "status", "-w", "0.5"), env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("2 articles, ")
        process.stdout.close()  # whoever read it went away
    assert process.returncode == 141


def test_what_cannot_be_watched_is_one_line(fresh: Path, tmp_path: Path) -> None:
    assert "nothing was stored yet" in scrape(fresh, "status", "--watch").complaint(3)
    assert "no configuration" in scrape(tmp_path / "none", "status", "--watch").complaint(2)
    for wrong in ("0", "soon", "nan", "inf", "1e9"):
        assert "is no number of seconds" in scrape(fresh, "status", "--watch", wrong).complaint(2)


def test_a_database_of_an_older_version_says_what_mends_it(home: Path) -> None:
    with closing(sqlite3.connect(home / "storage" / "news.db", isolation_level=None)) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    assert "older version" in scrape(home, "status").complaint(3)


def test_it_does_not_wait_for_who_writes(home: Path) -> None:
    with closing(sqlite3.connect(home / "storage" / "news.db", isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        out: list[Any] = []
        asking = threading.Thread(target=lambda: out.append(scrape(home, "status").done()))
        asking.start()
        asking.join(60)
        db.execute("ROLLBACK")
    assert out[0].startswith("2 articles, ")


def test_a_configuration_that_cannot_be_read_is_told(fresh: Path) -> None:
    Store(fresh / "storage").close()
    assert json.loads(scrape(fresh, "status", "--json").done())["config_error"] is None
    settings = fresh / "config" / "scraper.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\nnonsense = [\n", encoding="utf-8")
    assert "scraper.toml" in json.loads(scrape(fresh, "status", "--json").done())["config_error"]
    assert "configuration: " in scrape(fresh, "status").done()
