"""What the commands do when all is well."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from scraper.cli import COMMANDS
from scraper.instance import only_instance
from tests.cli.conftest import HOST
from tests.cli.harness import (
    ESCAPE,
    SEED,
    SEED_URL,
    STORY,
    TITLE,
    Answer,
    clipping,
    copy,
    files,
    follow,
    kept,
    rows,
    scrape,
)
from tests.local_news import LocalNews

SEED_TITLE = "Russia-Led Peacekeeping Force Completes Pullout From Unrest-Hit Kazakhstan"
FERRY = f"{HOST}/2026/11/18/night-ferry-returns/"
TRACKED = f"{STORY}?utm_source=newsletter&fbclid=abc"


def documents(text: str) -> list[Any]:
    """The JSON documents that stand one after another in a text."""
    found, rest = [], text.strip()
    while rest:
        document, end = json.JSONDecoder().raw_decode(rest)
        found.append(document)
        rest = rest[end:].lstrip()
    return found


def article_rows(home: Path) -> list[tuple[Any, ...]]:
    return rows(home, "SELECT id, url FROM articles ORDER BY id")


# --- fetch ------------------------------------------------------------------------------------------------------------


def test_fetch_prints_an_article_and_stores_it_once(fresh: Path, site: LocalNews) -> None:
    expected = site.expected[STORY]
    out = scrape(fresh, "fetch", STORY).done()
    lines = out.splitlines()
    assert lines[0] == TITLE
    assert lines[1] == f"{', '.join(expected['authors'])} · Harbour Gazette · 2026-11-12 16:45 UTC"
    assert lines[2] == STORY
    assert all(paragraph in lines for paragraph in expected["body"].split("\n\n"))
    assert lines[-1] == "saved #1: new article"
    assert ESCAPE not in out
    assert rows(fresh, "SELECT url, title, body FROM articles") == [(STORY, TITLE, expected["body"])]
    assert rows(fresh, "SELECT url FROM pages", database="pages") == [(STORY,)]

    again = scrape(fresh, "fetch", "--json", STORY).done()
    assert [(found["outcome"], found["id"]) for found in documents(again)] == [("unchanged", 1)]
    assert article_rows(fresh) == [(1, STORY)]

    tracked = scrape(fresh, "fetch", "--markdown", TRACKED).done()
    assert tracked.startswith(f"# {TITLE}\n\nBy ")
    assert f"<{STORY}>" in tracked
    assert article_rows(fresh) == [(1, STORY)]
    assert rows(fresh, "SELECT url, article_id FROM aliases") == [(TRACKED, 1)]
    outcomes = rows(fresh, "SELECT outcome, article_id FROM fetches WHERE kind = 'page' ORDER BY id")
    assert outcomes == [("saved", 1), ("unchanged", 1), ("duplicate", 1)]


def test_fetch_json_is_one_object_a_url_in_the_order_given(filled: Path, site: LocalNews) -> None:
    gone = site.outlets["harbour-gazette.example"].special["missing"]
    answer = scrape(filled, "fetch", "--no-store", "--json", gone, STORY)
    assert answer.code == 1
    assert len(answer.err.splitlines()) == 1
    missing, found = documents(answer.out)
    assert (missing["requested_url"], missing["outcome"], missing["reason"]) == (gone, "skipped", "gone")
    assert (missing["status"], missing["id"], missing["article"]) == (404, None, None)
    assert found["requested_url"] == STORY
    article = found["article"]
    for field in ("title", "body", "authors", "published_at", "url"):
        assert article[field] == site.expected[STORY][field]
    assert article["evidence"]


def test_no_store_stores_nothing_but_keeps_to_the_host_budget(home: Path, configured: Path, tmp_path: Path) -> None:
    kept = ("articles", "entries", "sources", "aliases", "revisions")
    before = [rows(home, f"SELECT * FROM {table}") for table in kept]
    pages = (home / "storage" / "pages.db").read_bytes()
    assert TITLE in scrape(home, "fetch", "--no-store", STORY).done()
    assert [rows(home, f"SELECT * FROM {table}") for table in kept] == before
    assert (home / "storage" / "pages.db").read_bytes() == pages
    with closing(sqlite3.connect(home / "storage" / "news.db")) as database, database:
        soon = "strftime('%Y-%m-%dT%H:%M:%S.000Z', 'now', '+1 hour')"
        database.execute(f"UPDATE hosts SET paused_until = {soon}, pause_detail = 'asked for it'")
    assert "asked for it" in scrape(home, "fetch", "--no-store", STORY).complaint(1)
    bare = copy(configured, tmp_path / "bare")
    assert "not stored" in scrape(bare, "fetch", "--no-store", STORY).done()
    assert not (bare / "storage").exists()
    # And no home at all: what stops this one is its address, not the want of a home.
    assert "not a public address" in scrape(tmp_path / "no", "fetch", "--no-store", "http://10.1.2.3/").complaint(1)
    assert "or fetch with --no-store" in scrape(tmp_path / "no", "fetch", STORY).complaint(2)
    assert not (tmp_path / "no").exists()


def test_one_failure_among_several_stops_nobody(fresh: Path) -> None:
    answer = scrape(fresh, "fetch", STORY, "http://closed.example/", FERRY, STORY)
    assert "closed.example" in answer.complaint(1)
    assert sorted(url for _, url in article_rows(fresh)) == [STORY, FERRY]
    assert answer.out.count(TITLE) == 2


def test_a_redirect_is_stored_under_where_it_leads(fresh: Path, site: LocalNews) -> None:
    special = site.outlets["harbour-gazette.example"].special
    scrape(fresh, "fetch", special["redirect"]).done()
    assert article_rows(fresh) == [(1, special["redirect_to"])]
    assert rows(fresh, "SELECT url FROM aliases") == [(special["redirect"],)]


# --- import -----------------------------------------------------------------------------------------------------------


def test_import_the_seed_twice(fresh: Path) -> None:
    assert scrape(fresh, "import", SEED).done() == f"{SEED}: saved #1: new article\n1 saved\n"
    title, published_at, zone, kind, credit, body = rows(
        fresh, "SELECT title, published_at, published_zone, kind, credit, body FROM articles WHERE url = ?", SEED_URL
    )[0]
    assert (title, published_at, zone, kind) == (SEED_TITLE, "2022-01-19", "none", "clipping")
    assert credit == "Alexander Avilov / Moskva News Agency"
    assert len(body.split("\n\n")) == 9
    assert "<u>" not in body
    assert "Nazarbayev" not in body
    assert scrape(fresh, "import", "--quiet", SEED).done() == "1 unchanged\n"
    assert article_rows(fresh) == [(1, SEED_URL)]
    assert rows(fresh, "SELECT 1 FROM aliases UNION ALL SELECT 1 FROM revisions") == []


def test_import_folders_and_patterns(fresh: Path, tmp_path: Path) -> None:
    for number, name in enumerate(
        ("old/a.txt", "old/deep/b.txt", "old/notes.md", "2021/c.txt", "2022/d.txt", "e[1].txt")
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(clipping(number), encoding="utf-8")
    out = scrape(fresh, "import", "old", "20*/*.txt", "e[1].txt", cwd=tmp_path).done().splitlines()
    assert [line.partition(":")[0] for line in out[:-1]] == [
        "old/a.txt", "old/deep/b.txt", "2021/c.txt", "2022/d.txt", "e[1].txt",
    ]  # fmt: skip
    assert out[-1] == "5 saved"
    assert scrape(fresh, "import", "-q", str(tmp_path / "**" / "*.txt")).done() == "5 unchanged\n"


# --- search, show, export, status -------------------------------------------------------------------------------------


def test_search(filled: Path) -> None:
    lines = scrape(filled, "search", "peacekeepers", "deployed").done().splitlines()
    assert lines[0] == f"#2 {SEED_TITLE}"
    assert lines[1] == f"  2022-01-19 · {SEED_URL}"
    assert "[peacekeepers]" in lines[2]
    latest = json.loads(scrape(filled, "search", "--json").done())
    assert [hit["id"] for hit in latest] == [1, 2]
    assert [hit["id"] for hit in json.loads(scrape(filled, "search", "--json", "--limit", "1").done())] == [1]
    narrowed = scrape(filled, "search", "--until", "2022-01-19", "--since", "2022-01-19", "--json").done()
    assert [hit["id"] for hit in json.loads(narrowed)] == [2]
    asked = scrape(filled, "search", "--newest", "--json", "peacekeep* -zeppelin").done()
    assert [hit["id"] for hit in json.loads(asked)] == [2]
    assert scrape(filled, "search", "peacekeep*", "-zeppelin").done() == scrape(filled, "search", "peacekeep*").done()
    assert scrape(filled, "search", "peacekeep*", "-deployed").code == 1
    assert scrape(filled, "search", "peacekeep*", "-h").done().startswith("Usage: ")
    assert "has 10,000 characters at most" in scrape(filled, "search", "a" * 10_001).complaint(2)
    nothing = scrape(filled, "search", "zeppelin")
    assert (nothing.code, nothing.out, nothing.err) == (1, "", "nothing found\n")
    assert json.loads(scrape(filled, "search", "--json", "zeppelin").out) == []


def test_an_option_of_all_commands_behind_one_says_where_it_goes(filled: Path) -> None:
    assert scrape(filled, "search", "--home", "x").complaint(2) == "--home goes before the command: scrape --home …"


@pytest.mark.parametrize("words", ['"', "NEAR(a b)", "-title:x*"])
def test_no_words_are_a_syntax_error(filled: Path, words: str) -> None:
    answer = scrape(filled, "search", "--", words)
    assert answer.code in {0, 1}
    assert answer.err in {"", "nothing found\n"}


@pytest.mark.parametrize(
    "which", ["1", "#1", STORY, TRACKED, "harbour-gazette.example/2026/11/12/breakwater-repair-bill"]
)
def test_show(filled: Path, which: str) -> None:
    out = scrape(filled, "show", which).done()
    assert out.splitlines()[0] == TITLE
    assert out.splitlines()[-1].startswith("#1 · article · first seen 20")


def test_show_as_json_and_markdown(filled: Path, site: LocalNews) -> None:
    found = json.loads(scrape(filled, "show", "--json", SEED_URL).done())
    assert (found["id"], found["kind"], found["title"], found["revision"]) == (2, "clipping", SEED_TITLE, 1)
    markdown = scrape(filled, "show", "--markdown", "1").done()
    assert markdown.startswith(f"# {TITLE}\n")
    assert site.expected[STORY]["body"].split("\n\n")[0] in markdown


def test_export(filled: Path, tmp_path: Path) -> None:
    exported = [json.loads(line) for line in scrape(filled, "export").done().splitlines()]
    stored = rows(filled, "SELECT id, url, title, body FROM articles ORDER BY id")
    assert [(row["id"], row["url"], row["title"], row["body"]) for row in exported] == stored
    answer = scrape(filled, "export", "--format", "csv", "-o", tmp_path / "out.csv")
    assert (answer.code, answer.out, answer.err) == (0, "", f"{tmp_path / 'out.csv'}: 2 articles\n")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(int(row["id"]), row["url"], row["title"], row["body"]) for row in read] == stored
    assert read[0]["authors"] == "; ".join(exported[0]["authors"])
    only = scrape(filled, "export", "--format", "csv", "--since", "2026-01-01").done()
    assert [row["id"] for row in csv.DictReader(io.StringIO(only, newline=""))] == ["1"]


def test_status(filled: Path) -> None:
    out = scrape(filled, "status").done()
    assert out.splitlines()[0].startswith("2 articles, ")
    assert "daemon: not running" in out
    status = json.loads(scrape(filled, "status", "--json").done())
    assert (status["articles"], status["daemon"], status["last_day"]["saved"]) == (2, "not running", 1)


def test_a_first_run_for_cron(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "harbour-gazette", "vechernie-vesti")
    answer = scrape(fresh, "run", "--once")
    assert answer.code == 0
    assert answer.out.startswith("sources: 2 saved\npages:   ")
    assert len(article_rows(fresh)) >= 10
    status = json.loads(scrape(fresh, "status", "--json").done())
    assert {row["name"]: row["enabled"] for row in status["sources"]} == {"harbour-gazette": 1, "vechernie-vesti": 1}
    assert "consent wall" in {row["reason"] for row in status["problems"]}


# --- sources ----------------------------------------------------------------------------------------------------------

COMMENTED = """\
# My own list.   Keep off!

[[source]]   # the good one
name = "gazette"
url = "http://harbour-gazette.example/feed.xml"
kind = 'feed'       # not "page"

# The other one:
[[source]]
name = "county"
url = "http://old-county-post.example/news.html"
kind = "page"
enabled = false
"""


def test_sources(fresh: Path) -> None:
    path = fresh / "config" / "sources.toml"
    path.write_text(COMMENTED, encoding="utf-8")
    path.chmod(0o640)
    out = scrape(fresh, "sources", "list").done().splitlines()
    assert [line.split()[0] for line in out] == ["name", "gazette", "county"]
    added = scrape(
        fresh, "sources", "add", "http://vechernie-vesti.example/rss.xml", "--interval", "1h", "--lang", "ru"
    )
    assert added.code == 0
    head, title, _, facts, *sample = added.out.splitlines()
    assert head == "vechernie-vesti.example: a feed at http://vechernie-vesti.example/rss.xml"
    assert title == "  Вечерние вести, ru"
    assert facts.startswith("  9 entries, the newest of 2026-11-18 11:05; ")
    assert facts.endswith(": to be asked every 1h")
    assert sample[0] == "    2026-11-18 11:05  Трамвай вернётся на Каменный мост к Новому году"
    assert len(sample) == 3
    kind = ("--kind", "page", "--name", "front", "--timezone", "Europe/Paris")
    assert scrape(fresh, "sources", "add", "http://nordlicht-blatt.example/", *kind).code == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith(COMMENTED)
    listed = json.loads(scrape(fresh, "sources", "list", "--json").done())
    assert [(row["name"], row["kind"], row["enabled"]) for row in listed] == [
        ("gazette", "feed", True),
        ("county", "page", False),
        ("vechernie-vesti.example", "feed", True),
        ("front", "page", True),
    ]
    with only_instance(fresh / "storage" / "daemon.lock", "9.9.9"):
        gone = scrape(fresh, "sources", "remove", "county", "front")
    assert (gone.code, gone.out, gone.err) == (0, "county: removed\nfront: removed\n", "")
    text = path.read_text(encoding="utf-8")
    for comment in ("# My own list.   Keep off!", "# the good one", '# not "page"'):
        assert comment in text
    assert "old-county-post" not in text
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in path.parent.iterdir() if file.name.endswith((".part", ".lock"))] == []


def test_sources_that_are_added_and_removed_at_once(fresh: Path) -> None:
    """Six shells at once: what each said that it did is in the file."""

    def run(words: tuple[str, ...]) -> Answer:
        return scrape(fresh, "sources", *words)

    add = [("add", f"http://x{n}.example/feed", "--name", f"n{n}", "--kind", "feed") for n in range(6)]
    assert run(add[0]).code == 0
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(run, [*add[1:], ("remove", "n0")]))
    assert [each.code for each in done] == [0] * 6, [each.err for each in done]
    names = {each["name"] for each in json.loads(run(("list", "--json")).out)}
    assert names >= {"n1", "n2", "n3", "n4", "n5"}
    assert "n0" not in names
    assert [path.name for path in (fresh / "config").iterdir() if "lock" in path.name or "part" in path.name] == []


def test_sources_check(fresh: Path) -> None:
    path = fresh / "config" / "sources.toml"
    path.write_text(
        COMMENTED.replace('name = "gazette"', 'interval = "1m"\nname = "gazette"')
        + '\n[[source]]\nname = "lost"\nurl = "http://closed.example/rss"\nkind = "feed"\n',
        encoding="utf-8",
    )
    answer = scrape(fresh, "sources", "check")
    assert (answer.code, answer.err) == (1, "")
    lines = answer.out.splitlines()
    assert lines[0].startswith("ok   gazette: ")
    assert lines[0].endswith("; asked every 600 s, not 60 s (schedule.min_interval)")
    assert lines[1].startswith("ok   county (off): ")
    assert lines[2] == "FAIL lost: cannot reach closed.example: connection refused"
    checked = json.loads(scrape(fresh, "sources", "check", "--json", "gazette").done())
    assert [(row["name"], row["ok"]) for row in checked] == [("gazette", True)]
    assert checked[0]["entries"] > 5
    assert rows(fresh, "SELECT 1 FROM articles") == []
    assert rows(fresh, "SELECT 1 FROM entries") == []


def test_sources_check_says_how_much_is_listed_beyond_what_counts(fresh: Path) -> None:
    settings = fresh / "config" / "scraper.toml"
    text = settings.read_text(encoding="utf-8")
    assert "[schedule]" not in text.replace("# [schedule]", "")
    settings.write_text(f"{text}\n[schedule]\nmax_entries = 2\n", encoding="utf-8")
    shown = scrape(fresh, "sources", "check", "harbour-gazette").done()
    assert re.fullmatch(r"ok   harbour-gazette: 2 entries \([1-9][0-9]* more are listed\), the newest of \S+\n", shown)


# --- forget -----------------------------------------------------------------------------------------------------------


def test_forget_leaves_no_trace(fresh: Path, site: LocalNews) -> None:
    home = fresh
    body = site.expected[STORY]["body"]
    traces = [TITLE, *body.split("\n\n")]
    scrape(home, "fetch", STORY).done()
    scrape(home, "import", SEED).done()
    scrape(home, "fetch", TRACKED).done()
    assert scrape(home, "forget", "--yes", TRACKED).done() == "1 erased\n"
    for path in (home / "storage").iterdir():
        data = path.read_bytes()
        for trace in traces:
            assert trace.encode() not in data, path
            for piece in trace.split(". "):
                assert piece.encode() not in data, path
    for table, column in (("articles", "url"), ("aliases", "url"), ("fetches", "url"), ("revisions", "title")):
        assert rows(home, f"SELECT 1 FROM {table} WHERE {column} LIKE '%breakwater%'") == []
    assert rows(home, "SELECT 1 FROM articles_fts WHERE articles_fts MATCH 'breakwater'") == []
    assert rows(home, "SELECT 1 FROM pages WHERE url LIKE '%breakwater%'", database="pages") == []
    assert rows(home, "SELECT count(*) FROM bodies", database="pages") == [(0,)]
    assert rows(home, "SELECT count(*) FROM articles") == [(1,)]

    answer = scrape(home, "fetch", STORY)
    assert "was erased by `scrape forget` and is not fetched again" in answer.complaint(1)
    assert rows(home, "SELECT count(*) FROM articles") == [(1,)]
    assert "2" not in scrape(home, "search", "breakwater").out
    assert "no article" in scrape(home, "show", STORY).complaint(1)


def test_forget_asks_first(home: Path) -> None:
    before = kept(home)
    answer = scrape(home, "forget", "1", "#2", text="n\n")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "Erase 2 articles for good? [y/N]: nothing was erased\n"
    # A script without --yes has nobody to ask.
    nobody = scrape(home, "forget", "1")
    assert (nobody.code, nobody.err.splitlines()[-1]) == (
        2, "scrape: there is nobody to ask, so nothing was erased: --yes says that it shall be"
    )  # fmt: skip
    assert kept(home) == before
    assert scrape(home, "forget", "1", "#2", text="y\n").code == 0
    assert article_rows(home) == []


def test_forget_a_clipping_and_a_url_that_never_came(home: Path) -> None:
    never = f"{HOST}/never"
    assert scrape(home, "forget", "-y", SEED_URL, never).done() == "1 erased, 1 only marked\n"
    assert "erased by `scrape forget`" in scrape(home, "fetch", never).complaint(1)
    answer = scrape(home, "import", "-q", SEED)
    assert "erased" in answer.complaint(1)
    assert article_rows(home) == [(1, STORY)]


def test_forget_as_json(home: Path) -> None:
    words = ("forget", "--json", "1", f"{HOST}/never")
    refused = scrape(home, *words, text="n\n")
    assert (refused.code, refused.out) == (1, "")
    assert json.loads(scrape(home, *words, "--yes").done()) == {"erased": 1, "marked": 1}
    assert json.loads(scrape(home, *words[:2], "-y", "2").done()) == {"erased": 1, "marked": 0}


def test_forget_a_source(fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "harbour-gazette")
    assert scrape(fresh, "run", "--once").code == 0
    scrape(fresh, "import", SEED).done()
    count = len(article_rows(fresh)) - 1
    assert count >= 6
    assert scrape(fresh, "forget", "--source", "harbour-gazette", "--yes").done() == f"{count} erased, 3 only marked\n"
    assert [url for _, url in article_rows(fresh)] == [SEED_URL]
    assert "erased" in scrape(fresh, "fetch", STORY).complaint(1)


# --- init -------------------------------------------------------------------------------------------------------------


def test_init_twice(tmp_path: Path) -> None:
    home = tmp_path / "my news"
    answer = scrape(None, "init", home, "--contact", "me@example.org")
    assert answer.code == 0
    assert answer.out.startswith(f"{home}: ")
    assert answer.err == ""  # what comes next is for a terminal: see test_hints.py
    assert 'contact = "me@example.org"' in (home / "config" / "scraper.toml").read_text(encoding="utf-8")
    assert (home / "storage" / "metadata.yaml").is_file()
    mine = (home / "config" / "sources.toml").read_text(encoding="utf-8") + "# mine\n"
    (home / "config" / "sources.toml").write_text(mine, encoding="utf-8")
    scrape(home, "import", SEED).done()
    before = files(home)
    again = scrape(None, "init", home)
    assert (again.code, again.out) == (0, f"{home}: already set up\n")
    assert files(home) == before


def test_init_where_the_home_option_says(tmp_path: Path) -> None:
    assert scrape(tmp_path / "a", "init").code == 0
    assert (tmp_path / "a" / "storage" / "news.db").is_file()
    by_environment = scrape(None, "init", env={"SCRAPE_HOME": str(tmp_path / "b")})
    assert by_environment.code == 0
    assert (tmp_path / "b" / "config" / "scraper.toml").is_file()
    inside = tmp_path / "b" / "config"
    assert scrape(None, "status", cwd=inside).done().startswith("0 articles")


def test_contact_keeps_the_comments(tmp_path: Path) -> None:
    scrape(None, "init", tmp_path)
    path = tmp_path / "config" / "scraper.toml"
    before = path.read_text(encoding="utf-8")
    assert scrape(None, "init", tmp_path, "--contact", "https://example.org/bot").code == 0
    after = path.read_text(encoding="utf-8")
    assert after == before.replace('contact = ""', 'contact = "https://example.org/bot"')
    again = scrape(None, "init", tmp_path, "--contact", "me@example.org")  # as compose.yaml does at each start
    assert again.code == 0
    assert f"contact: https://example.org/bot (as it was; edit {path})" in again.out
    assert path.read_text(encoding="utf-8") == after
    path.write_text("[fetch\n", encoding="utf-8")
    broken = scrape(None, "init", tmp_path, "--contact", "me@example.org")
    assert (broken.code, "contact: not written: " in broken.err) == (0, True)


# --- help -------------------------------------------------------------------------------------------------------------


def all_commands() -> dict[str, click.Command]:
    found = {}
    for name, (module, _) in COMMANDS.items():
        command = getattr(import_module(f"scraper.cli.{module}"), f"{name}_command")
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": inner for sub, inner in command.commands.items()}
    return found


def test_the_table_of_commands_agrees_with_the_commands() -> None:
    for name, (module, line) in COMMANDS.items():
        command = getattr(import_module(f"scraper.cli.{module}"), f"{name}_command")
        assert command.name == name
        assert command.get_short_help_str(200) == line


@pytest.mark.parametrize("name", ["", *all_commands()])
def test_help(name: str, tmp_path: Path) -> None:
    answer = scrape(tmp_path / "nowhere", *name.split(), "--help", cwd=tmp_path)
    out = answer.done()
    assert out.startswith(f"Usage: scrape {name}".rstrip())
    head, found, examples = out.partition("  Examples:\n")
    assert found, "no examples"
    assert len(head.splitlines()) > 2
    lines = [line for line in examples.partition("\n\n")[0].splitlines() if line.startswith("    scrape ")]
    assert len(lines) >= 2
    assert max(map(len, out.splitlines())) <= 80
    assert not list(tmp_path.iterdir())


def test_every_option_of_every_command_is_explained() -> None:
    for name, command in all_commands().items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help or parameter.name == "form", f"{name} {parameter.name}"
