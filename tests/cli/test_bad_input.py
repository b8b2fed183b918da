"""Whatever a person types or a server answers: one clear line, the right exit code, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import HOST
from tests.cli.harness import (
    SEED,
    STORY,
    Answer,
    Kept,
    clipping,
    command,
    configure,
    environment,
    files,
    kept,
    rows,
    scrape,
)
from tests.local_news import LocalNews

FAILING = {
    "http://closed.example/story": ("connection refused", "failed", "connection refused"),
    "http://nowhere.invalid/story": ("nowhere.invalid", "failed", None),
    f"{HOST}/2026/11/10/crab-quota-talks/": ("answered 404", "skipped", "gone"),
    f"{HOST}/trouble": ("answered 500", "failed", "server trouble"),
    f"{HOST}/paper.pdf": ("is a PDF", "skipped", "wrong type"),
    f"{HOST}/disguised": ("PDF", "skipped", "wrong type"),
    f"{HOST}/empty": ("empty", "skipped", None),
    f"{HOST}/bare": ("", "skipped", None),
    f"{HOST}/2026/11/04/marina-plan-vote/": ("consent", "skipped", "consent wall"),
    f"{HOST}/print/breakwater-repair-bill/": ("robots.txt", "skipped", "robots.txt"),
    "story": ("not a URL", "skipped", "not a url"),
    "": ("not a URL", "skipped", "not a url"),
    "file:///etc/hostname": ("only http:// and https://", "skipped", "not a url"),
    "http://127.0.0.1/story": ("not a public address", "skipped", "unsafe address"),
    "http://[::1]/story": ("not a public address", "skipped", "unsafe address"),
    "http://169.254.169.254/latest/meta-data/": ("not a public address", "skipped", "unsafe address"),
    f"{HOST}:22/story": ("port 22", "skipped", "unsafe address"),
}


@dataclass(frozen=True)
class Failures:
    """One run of ``fetch`` over all of them and a page that works, and what was stored before and after."""

    answer: Answer
    before: Kept
    after: Kept
    noted: dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def failures(filled: Path, site: LocalNews) -> Failures:
    before = kept(filled)
    site.forget_requests()
    answer = scrape(filled, "fetch", *FAILING)
    noted = rows(filled, "SELECT url, outcome, reason FROM fetches ORDER BY id")
    return Failures(answer, before, kept(filled), {url: (outcome, reason) for url, outcome, reason in noted})


def test_pages_that_yield_nothing_lose_nothing(failures: Failures) -> None:
    assert failures.answer.code == 1
    assert failures.answer.out == ""
    assert len(failures.answer.err.splitlines()) == len(FAILING)
    assert failures.after == failures.before


@pytest.mark.parametrize("url", FAILING)
def test_a_page_that_yields_nothing(failures: Failures, url: str) -> None:
    says, outcome, reason = FAILING[url]
    line = failures.answer.err.splitlines()[list(FAILING).index(url)]
    assert line.startswith(f"scrape: {outcome}: ")
    assert says in line
    assert url in line
    assert failures.noted[url][0] == outcome
    assert reason is None or failures.noted[url][1] == reason


def test_one_page_that_yields_nothing_is_one_line(filled: Path) -> None:
    before = kept(filled)
    answer = scrape(filled, "fetch", "http://closed.example/story")
    assert "cannot reach closed.example: connection refused" in answer.complaint(1)
    assert answer.out == ""
    assert kept(filled) == before


def test_trouble_is_tried_again_before_it_is_given_up(failures: Failures, site: LocalNews) -> None:
    assert failures.noted[f"{HOST}/trouble"] == ("failed", "server trouble")
    assert len([request for request in site.requests if request.url == f"{HOST}/trouble"]) == 4


def test_a_url_that_is_no_text(filled: Path) -> None:
    before = kept(filled)
    line = scrape(filled, "fetch", b"http://harbour-gazette.example/\xff", STORY).complaint(2)
    assert "not UTF-8" in line
    assert kept(filled) == before


USAGE: dict[str, tuple[tuple[str | bytes, ...], str]] = {
    "unknown command": (("fetchh", STORY), "fetchh"),
    "unknown option": (("fetch", "--jsom", STORY), "--jsom"),
    "unknown sub-command": (("sources", "lst"), "lst"),
    "no number": (("search", "--limit", "abc", "ferry"), "abc"),
    "number out of bounds": (("search", "--limit", "0"), "0"),
    "option without value": (("search", "--since"), "--since"),
    "no date": (("search", "--since", "the other day"), "the other day"),
    "no such day": (("export", "--until", "2026-02-30"), "2026-02-30"),
    "unknown format": (("export", "--format", "xml"), "xml"),
    "fetch nothing": (("fetch",), "URL"),
    "import nothing": (("import",), "FILE"),
    "show nothing": (("show",), "ID|URL"),
    "forget nothing": (("forget",), "--source"),
    "forget both": (("forget", "1", "--source", "harbour-gazette"), "--source"),
    "forget what is no id and no URL": (("forget", "--yes", "1", "12x"), "12x"),
    "forget an unknown source": (("forget", "--yes", "--source", "nobody"), "nobody"),
    "remove an unknown source": (("sources", "remove", "nobody"), "nobody"),
    "check an unknown source": (("sources", "check", "nobody"), "nobody"),
    "add no URL": (("sources", "add", "feed"), "feed"),
    "add under a taken name": (("sources", "add", f"{HOST}/x", "--kind", "page", "--name", "nordlicht-blatt"), "twice"),
    "add under no name": (("sources", "add", f"{HOST}/x", "--kind", "page", "--name", "A B"), "A B"),
    "add with no interval": (("sources", "add", f"{HOST}/x", "--kind", "page", "--interval", "soon"), "soon"),
    "add with no time zone": (("sources", "add", f"{HOST}/x", "--kind", "page", "--timezone", "Mars"), "Mars"),
    "contact that is none": (("init", "--contact", "me"), "'me'"),
    "add in no language": (("sources", "add", f"{HOST}/x", "--lang", "klingon"), "--lang: 'klingon'"),
    "add every now and then": (("sources", "add", f"{HOST}/x", "--interval", "5x"), "--interval: Expected a duration"),
    "add under two words": (("sources", "add", f"{HOST}/x", "--name", "Past Times"), "--name: 'Past Times'"),
    "add in a zone of its own": (("sources", "add", f"{HOST}/x", "--timezone", "X"), "--timezone: 'X'"),
    "add a host": (("sources", "add", "wordpress.example"), "did you mean https://wordpress.example/?"),
    "fetch words": (("fetch", "foo"), "not a URL"),
    "search an unknown source": (("search", "--source", "nope"), "no source is called 'nope'"),
    "export an unknown source": (("export", "--source", "nope"), "no source is called 'nope'"),
    "export into nowhere": (("export", "-o", "nowhere/x.csv"), "cannot write nowhere/x.csv"),
    "a summary of what has no end": (("run", "--json"), "--json goes with --once"),
    "every attempt of what has no end": (("run", "-v"), "--verbose goes with --once"),
    "why a number": (("why", "7"), "scrape show 7"),
    "contact of two words": (("init", "--contact", "me and you"), "me and you"),
    "words that are no text": (("search", b"\xff"), "not UTF-8"),
    "a folder without .txt": (("import", "EMPTY"), "no .txt"),
    "a pattern without match": (("import", "EMPTY/*.txt"), "nothing matches"),
}  # fmt: skip


@pytest.mark.parametrize("case", USAGE)
def test_bad_usage(filled: Path, tmp_path: Path, case: str) -> None:
    (tmp_path / "EMPTY").mkdir()
    words, says = USAGE[case]
    before, config = kept(filled), files(filled / "config")
    answer = scrape(filled, *words, cwd=tmp_path)
    assert says in answer.complaint(2)
    assert answer.out == ""
    assert kept(filled) == before
    assert files(filled / "config") == config


UNKNOWN = ("99", "#99", "0", "https://nobody.example/story", "not-a-thing")


@pytest.mark.parametrize("which", UNKNOWN)
def test_show_what_is_not_stored(filled: Path, which: str) -> None:
    assert which.removeprefix("#") in scrape(filled, "show", which).complaint(1)


@pytest.mark.parametrize("which", ["99", "0"])
def test_forget_an_id_that_is_not_stored(filled: Path, which: str) -> None:
    before = kept(filled)
    assert which in scrape(filled, "forget", "--yes", "1", which).complaint(1)
    assert kept(filled) == before


@pytest.mark.parametrize("command_name", ["show", "forget"])
def test_an_id_that_no_database_can_hold(filled: Path, command_name: str) -> None:
    before = kept(filled)
    words = ("forget", "--yes") if command_name == "forget" else ("show",)
    assert "no article 999" in scrape(filled, *words, "9" * 30).complaint(1)
    assert kept(filled) == before


# --- import -----------------------------------------------------------------------------------------------------------


def unreadable(folder: Path) -> dict[str, tuple[str, str]]:
    """Names of what cannot be imported, with the words that say why."""
    (folder / "folder.d").mkdir()
    (folder / "story.txt").write_text("Just a title\n\nand a text.\n", encoding="utf-8")
    (folder / "none.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (folder / "no date.txt").write_text(clipping(1).replace("January 2, 2022", "one day"), encoding="utf-8")
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(11 * 2**20)
    return {
        "story.txt": ("story.txt:3", "Original url:"),
        "none.txt": ("none.txt:1", "empty"),
        "picture.txt": ("picture.txt:", ""),
        "no date.txt": ("no date.txt:3", "one day"),
        "huge.txt": ("huge.txt", "10 MiB"),
        "gone.txt": ("gone.txt", "No such file"),
        "x" * 300: ("xxx", "name too long"),
        "/dev/zero": ("/dev/zero", "10 MiB"),
    }


def test_what_is_no_clipping_is_refused_and_the_rest_goes_on(fresh: Path, tmp_path: Path) -> None:
    bad = unreadable(tmp_path)
    answer = scrape(fresh, "import", *bad, SEED, cwd=tmp_path)
    assert answer.code == 1
    lines = answer.err.splitlines()
    assert len(lines) == len(bad)
    for line, words in zip(lines, bad.values(), strict=True):
        assert line.startswith("scrape: skipped: ")
        assert all(word in line for word in words), line
    assert answer.out.splitlines()[-1] == f"1 saved, {len(bad)} skipped"
    assert len(rows(fresh, "SELECT 1 FROM articles")) == 1


def test_import_one_file_that_is_no_clipping(filled: Path, tmp_path: Path) -> None:
    before = kept(filled)
    (tmp_path / "story.txt").write_text("Just a title\n", encoding="utf-8")
    answer = scrape(filled, "import", "story.txt", cwd=tmp_path)
    assert "story.txt:1" in answer.complaint(1)
    assert answer.out == "1 skipped\n"
    assert kept(filled) == before


def test_a_file_name_that_is_no_text(fresh: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"old\xff.txt")
    (tmp_path / name).write_bytes(SEED.read_bytes())
    answer = scrape(fresh, "import", os.fsencode(name), cwd=tmp_path)
    assert answer.code == 0
    assert answer.err == ""
    assert "saved #1" in answer.out


# --- config -----------------------------------------------------------------------------------------------------------


CONFIG = {
    "broken": ("[fetch\n", "scraper.toml:1: not TOML"),
    "unknown key": ("[fetch]\nretires = 3\n", "scraper.toml:2: fetch.retires: unknown key; did you mean 'retries'?"),
    "unknown table": ("[fetcher]\n", "scraper.toml:1: fetcher: unknown key; did you mean 'fetch'?"),
    "wrong type": ('[storage]\n\nmin_free = "much"\n', "scraper.toml:3: storage.min_free: Expected a size"),
    "wrong choice": ('[log]\nlevel = "loud"\n', "scraper.toml:2: log.level: Invalid enum value"),
    "no network": ('[fetch]\nallow_private = ["home"]\n', "fetch.allow_private"),
    "no UTF-8": ("[fetch]\ncontact = 'm\xe9'\n", "scraper.toml:2: not UTF-8"),
    "no such file": ('[fetch]\nca_file = "ca.pem"\n', "scraper.toml:2: fetch.ca_file: no such file"),
}


@pytest.mark.parametrize("case", CONFIG)
def test_a_wrong_scraper_toml(home: Path, case: str) -> None:
    text, says = CONFIG[case]
    before = files(home)
    (home / "config" / "scraper.toml").write_bytes(text.encode("latin-1"))
    # An address that is judged by its network, so that all of the file's words count.
    assert says in scrape(home, "fetch", "http://127.0.0.1/").complaint(2)
    del before["config/scraper.toml"]
    after = files(home)
    del after["config/scraper.toml"]
    assert after == before


SOURCES = {
    "broken": ("[[source]\n", "sources.toml:1: not TOML"),
    "no kind": ('[[source]]\nname = "a"\nurl = "https://a.example/"\n', "sources.toml:1: source[1]: the key 'kind'"),
    "wrong kind": ('[[source]]\nname = "a"\nurl = "https://a.example/"\nkind = "rss"\n', "use one of: feed, sitemap"),
    "no URL": ('[[source]]\nname = "a"\nurl = "a.example"\nkind = "feed"\n', "is no http(s) address"),
    "pattern": ('[[source]]\nname = "a"\nurl = "https://a/"\nkind = "feed"\ninclude = ["("]\n', "regular expression"),
}


@pytest.mark.parametrize("case", SOURCES)
def test_a_wrong_sources_toml(home: Path, case: str) -> None:
    text, says = SOURCES[case]
    path = home / "config" / "sources.toml"
    path.write_text(text, encoding="utf-8")
    before = kept(home)
    adding, running = ("sources", "add", f"{HOST}/x", "--kind", "page"), ("run", "--once")
    for words in (("sources", "list"), *((adding, running) if case == "broken" else ())):
        assert says in scrape(home, *words).complaint(2)
    assert path.read_text(encoding="utf-8") == text
    assert kept(home) == before


NEED_CONFIG = (
    ("fetch", STORY), ("import", str(SEED)), ("run", "--once"), ("sources", "check"),
    ("sources", "add", "https://a.example/"), ("search",), ("show", "1"), ("export",), ("status",),
    ("forget", "-y", "1"), ("serve",),
)  # fmt: skip


@pytest.mark.parametrize("words", NEED_CONFIG, ids=" ".join)
def test_without_a_config_nothing_is_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = tmp_path / "nowhere"
    line = scrape(home, *words).complaint(2)
    assert f"scrape init {home}" in line
    assert not home.exists()


def test_without_a_database_there_is_nothing_to_read(fresh: Path) -> None:
    for words in (("search",), ("show", "1"), ("export",), ("status",)):
        assert "nothing was stored yet" in scrape(fresh, *words).complaint(3)
    assert not (fresh / "storage").exists()


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("mine", encoding="utf-8")
    assert "is a file" in scrape(None, "init", tmp_path / "home").complaint(2)
    assert "no configuration" in scrape(tmp_path / "home", "status").complaint(2)
    assert (tmp_path / "home").read_text(encoding="utf-8") == "mine"


def test_a_working_folder_that_is_gone(tmp_path: Path) -> None:
    lost = tmp_path / "lost"
    lost.mkdir()
    script = 'cd "$1" && rmdir "$1" && shift && exec "$@"'
    ended = subprocess.run(
        ["sh", "-c", script, "sh", lost, *command(None, "status")],
        env=environment(), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert "working folder" in Answer(ended.returncode, ended.stdout.decode(), ended.stderr.decode()).complaint(2)


# --- --debug ----------------------------------------------------------------------------------------------------------


def test_debug_gives_the_traceback(filled: Path) -> None:
    answer = scrape(filled, "--debug", "show", "99")
    assert answer.code == 1
    lines = answer.err.splitlines()
    assert lines[0] == "scrape: no article 99 is stored"
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == "scraper.errors.NotStored: no article 99 is stored"


# --- other people's databases -----------------------------------------------------------------------------------------


TOUCHING = {
    "fetch": ("fetch", STORY),
    "import": ("import", str(SEED)),
    "search": ("search", "ferry"),
    "status": ("status",),
    "forget": ("forget", "--yes", "1"),
    "init": ("init",),
    "run": ("run", "--once"),
    "serve": ("serve", "--port", "0"),
}


def text_file(path: Path) -> None:
    path.write_text("My notes about the news, far more than a hundred characters of them.\n" * 9, encoding="utf-8")


def short_text_file(path: Path) -> None:
    path.write_text("notes", encoding="utf-8")


def another_program(path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript("CREATE TABLE recipes (title TEXT); INSERT INTO recipes VALUES ('Soup');")


def newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'm999_of_tomorrow', '2036')",
            (path.stem,),
        )
        conn.commit()
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


NOT_OURS = {
    text_file: "is no SQLite database",
    short_text_file: "is no SQLite database",
    another_program: "is a database of another program",
    newer_version: "newer version",
}


@pytest.mark.parametrize("database", ["news.db", "pages.db"])
@pytest.mark.parametrize("make", NOT_OURS, ids=lambda make: str(make.__name__))
def test_a_database_that_is_not_ours_is_left_alone(home: Path, make: object, database: str) -> None:
    path = home / "storage" / database
    assert callable(make)
    make(path)
    before = path.read_bytes()
    # All commands come to the same two doors, for writing and for reading; once, all of them are tried.
    names = TOUCHING if (make, database) == (text_file, "news.db") else ("init", "search")
    for name in names:
        line = scrape(home, *TOUCHING[name]).complaint(3)
        assert str(path) in line
        assert NOT_OURS[make] in line
        assert path.read_bytes() == before
    if make is not newer_version:  # which is opened for reading, and then has SQLite's files beside it
        assert [file.name for file in path.parent.glob(f"{database}*")] == [database]


def test_a_database_that_is_a_folder(home: Path) -> None:
    path = home / "storage" / "news.db"
    path.unlink()
    path.mkdir()
    for name in ("init", "search"):
        assert str(path) in scrape(home, *TOUCHING[name]).complaint(3)


def test_a_damaged_database(home: Path) -> None:
    path = home / "storage" / "news.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    damaged = path.read_bytes()
    for name in ("fetch", "search", "status"):
        line = scrape(home, *TOUCHING[name]).complaint(3)
        assert str(path) in line
        assert "damaged" in line
    assert path.read_bytes() == damaged


# --- a locked database ------------------------------------------------------------------------------------------------


LOCKED = {
    "fetch": ("fetch", STORY, "http://nordlicht-blatt.example/", f"{HOST}/feed.xml"),
    "import": ("import", str(SEED)),
    "forget": ("forget", "--yes", "1"),
    "run": ("run", "--once"),
    "sources check": ("sources", "check"),
}


def test_a_locked_database(home: Path) -> None:
    configure(home, "storage", 'busy_timeout = "300ms"')
    before = kept(home)
    path = home / "storage" / "news.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for words in LOCKED.values():
            line = scrape(home, *words).complaint(3)
            assert f"{path}: another process is writing" in line
        # Readers wait for nobody.
        assert "#1" in scrape(home, "search", "breakwater").done()
        other.execute("ROLLBACK")
    assert kept(home) == before
    scrape(home, "import", SEED).done()
