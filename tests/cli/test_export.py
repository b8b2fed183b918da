"""``scrape export`` in every format, and ``scrape import`` of what has a way back, as a person uses them."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import feedparser
import pyarrow.parquet as pq
import pytest
import yaml

from scraper.__main__ import main
from scraper.cli.export import export_command
from scraper.dedupe import candidate
from scraper.discover import opml
from scraper.errors import MissingExtra
from scraper.formats.sheet import COLUMNS
from scraper.model import Article, Kind, Page
from scraper.store import Store
from scraper.whole import locked, reserved
from tests.cli.harness import ROOT, Answer, clipping, command, copy, environment, rows, scrape, start
from tests.formats.samples import ARTICLE
from tests.store.samples import run_sql
from tests.warc.samples import answer, record

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOURCES = """\
[[source]]
name = "harbour"
url = "https://harbour.example/feed.xml"
kind = "feed"

[[source]]
name = "valley"
url = "https://valley.example/feed.xml"
kind = "feed"

[[source]]
name = "map"
url = "https://valley.example/sitemap.xml"
kind = "sitemap"
"""
Run = Callable[..., Answer]


def fill(home: Path, *which: Article, login: bool = False) -> None:
    with Store(home / "storage") as store, store.transaction():
        for at, article in enumerate(which):
            page = Page(article.url, article.url, 200, (), f"<p>{article.url}</p>".encode(), NOW, login=login)
            store.save(candidate(article), page, None, NOW + timedelta(minutes=at))


def about(number: int, **changes: object) -> Article:
    told = {"url": f"https://harbour.example/2026/11/1{number}/the-report-{number}", "title": f"Report {number}"}
    body = f"What number {number} says of the quay."
    return replace(ARTICLE, **{**told, "body": body, "body_markdown": body, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two articles, a teaser, one that is for subscribers, and one that was forgotten."""
    home = tmp_path_factory.mktemp("kept") / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "scraper.toml").write_text("[storage]\nmin_free = 0\n")
    (home / "config" / "sources.toml").write_text(SOURCES)
    fill(home, about(1), about(2, published_at="2026-11-13", language="de"), about(3, kind=Kind.TEASER))
    fill(home, about(4, title="For subscribers"), login=True)
    fill(home, about(5, title="Forgotten"))
    with Store(home / "storage") as store:
        store.forget("5", NOW)
    return home


@pytest.fixture
def run(kept: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs `scrape` in this process."""

    def run_(*words: str | Path, home: Path = kept) -> Answer:
        with pytest.raises(SystemExit) as ended:
            main(["--home", str(home), *map(str, words)])
        out, err = capfd.readouterr()
        return Answer(int(ended.value.code or 0), out, err)

    return run_


@pytest.fixture
def other(kept: Path, tmp_path: Path) -> Path:
    """Another home, in which nothing is stored."""
    home = tmp_path / "other"
    (home / "storage").mkdir(parents=True)
    return copy(kept / "config", home / "config").parent


def titles(run: Run, path: Path, *words: str | Path) -> list[str]:
    assert run("export", "-o", path, *words).code == 0
    return [json.loads(line)["title"] for line in path.read_text().splitlines()]


# --- what is exported -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ((), [1, 2, 3]),
        (("--lang", "de"), [2]),
        (("--since", "2026-11-13"), [2]),
        (("--kind", "teaser"), [3]),
        (("--kind", "teaser", "--kind", "article"), [1, 2, 3]),
        (("--query", "quay -3"), [1, 2]),
        (("--limit", "1"), [2]),
        (("--author", "nobody"), []),
    ],
)
def test_the_filters(run: Run, tmp_path: Path, words: tuple[str, ...], wanted: list[int]) -> None:
    assert titles(run, tmp_path / "x.jsonl", *words) == [f"Report {number}" for number in wanted]


def test_what_took_a_login_is_left_out_unless_asked_for_and_what_was_forgotten_never_appears(
    run: Run, tmp_path: Path
) -> None:
    for form in ("jsonl", "csv", "atom", "jsonfeed"):
        assert "subscribers" not in run("export", "--format", form).out
        everything = run("export", "--format", form, "--with-login").out
        assert "subscribers" in everything
        assert "Forgotten" not in everything
    run("export", "--with-login", "-o", tmp_path / "x.parquet")
    assert pq.read_table(tmp_path / "x.parquet")["login"].to_pylist() == [False, False, False, True]


def test_each_format_as_its_readers_see_it(run: Run, tmp_path: Path) -> None:
    for name in ("x.csv", "x.parquet", "x.atom", "x.jsonl"):  # by its name
        answer = run("export", "-o", tmp_path / name)
        assert (answer.code, answer.out, answer.err) == (0, "", f"{tmp_path / name}: 3 articles\n")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        assert [row["title"] for row in csv.DictReader(file)] == ["Report 1", "Report 2", "Report 3"]
    table = pq.read_table(tmp_path / "x.parquet")
    assert [str(day) for day in table["published_on"].to_pylist()] == ["2026-11-12", "2026-11-13", "2026-11-12"]
    feed = feedparser.parse((tmp_path / "x.atom").read_bytes())
    assert (feed.bozo, [entry.title for entry in feed.entries]) == (False, ["Report 2", "Report 3", "Report 1"])
    assert feed.feed.updated == "2026-11-13T00:00:00Z"
    said = json.loads(run("export", "--format", "jsonfeed").out)
    assert [item["_article_scraper"]["kind"] for item in said["items"]] == ["article", "teaser", "article"]


def test_a_feed_keeps_its_name_and_another_one_has_another(run: Run) -> None:
    feeds = [run("export", "--format", "atom", *words).out for words in ((), (), ("--lang", "de"))]
    ids = [ET.fromstring(feed.encode())[1].text for feed in feeds]  # noqa: S314 - ours
    assert feeds[0] == feeds[1]
    assert ids[0] != ids[2]


def test_csv_for_a_spreadsheet(run: Run, other: Path) -> None:
    fill(other, about(1, title="=HYPERLINK(1)"))
    told = {words: run("export", "--format", "csv", *words, home=other).out for words in ((), ("--safe-cells",))}
    assert [next(csv.DictReader(io.StringIO(text)))["title"] for text in told.values()] == [
        "=HYPERLINK(1)", "'=HYPERLINK(1)",
    ]  # fmt: skip


def test_opml_is_what_sources_export_writes(run: Run, tmp_path: Path) -> None:
    told = run("export", "--format", "opml")
    assert (told.out, told.err) == (run("sources", "export").out, "left out: 1 of other kinds than feeds\n")
    run("export", "--source", "valley", "-o", tmp_path / "x.opml")
    (feed,) = opml.read((tmp_path / "x.opml").read_bytes()).feeds
    assert feed.url == "https://valley.example/feed.xml"


def test_parquet_without_pyarrow_says_how_to_get_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("scraper.formats.columns")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = run("export", "--format", "parquet").complaint(2)
    assert said == f"parquet needs pyarrow, which is not installed: {sys.executable} -m pip install pyarrow"
    assert MissingExtra.reason == "missing extra"


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (("--format", "markdown"), "name a folder with -o"),
        (("--format", "markdown", "-o", "file"), "name a folder with -o"),
        (("--format", "csv", "-o", "folder"), "folder is a folder"),
        (("--safe-cells",), "--safe-cells is for csv"),
        (("--format", "warc", "--limit", "3"), "a WARC holds pages"),
        (("--format", "opml", "--lang", "de"), "opml holds the feeds"),
        (("--format", "opml", "--with-login"), "opml holds the feeds"),
        (("--kind", "other"), "--kind"),
        (("-o", "news.xlsx"), "news.xlsx: no format is known by this ending; say with --format"),
        (("-o", "feed.XML"), "feed.XML: no format is known by this ending"),
        (("-o", "news.jsonl.gz"), "news.jsonl.gz: no format"),
    ],
)
def test_what_does_not_go_together(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], wrong: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert wrong in run("export", *words).complaint(2)
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "file"}


def test_a_dash_is_standard_output(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("export",), ("export", "--format", "csv"), ("sources", "export")):
        assert run(*words, "-o", "-").out == run(*words).out != ""
    assert list(tmp_path.iterdir()) == []
    assert run("export", "--format", "jsonfeed", "-o", "feed.xml").code == 0


def test_what_is_damaged_is_left_out_and_said(run: Run, kept: Path, tmp_path: Path) -> None:
    home = copy(kept, tmp_path / "home")
    run_sql(home / "storage" / "news.db", "UPDATE articles SET tags = 'x' WHERE id = 2")
    answer = run("export", "-o", tmp_path / "x.csv", home=home)
    assert (answer.code, answer.err.count("\n")) == (1, 2)
    assert answer.err.startswith("scrape: left out: article 2 cannot be read")
    assert answer.err.endswith(f"{tmp_path / 'x.csv'}: 2 articles; 1 damaged article left out\n")


def test_a_damaged_page_is_left_out_of_a_warc_and_said(run: Run, kept: Path, tmp_path: Path) -> None:
    home = copy(kept, tmp_path / "home")
    run_sql(home / "storage" / "pages.db", "UPDATE bodies SET zstd = x'00' WHERE hash = (SELECT body_hash FROM pages"
            " WHERE id = 2)")  # fmt: skip
    answer = run("export", "-o", tmp_path / "x.warc", home=home)
    assert answer.code == 1
    assert "scrape: left out: " in answer.err
    assert "page 2 cannot be read" in answer.err
    assert answer.err.endswith("x.warc: 2 pages; 1 damaged page left out\n")
    assert (tmp_path / "x.warc").read_bytes().count(b"WARC-Type: response") == 2


# --- files and folders ------------------------------------------------------------------------------------------------


def test_one_export_at_a_time_to_a_file(run: Run, tmp_path: Path) -> None:
    goal = tmp_path / "x.csv"
    with reserved(goal, ".part"):
        assert "another process is writing" in run("export", "-o", goal).complaint(2)
    assert run("export", "-o", goal).code == 0


def test_the_file_of_before_stays_until_the_new_one_is_whole(kept: Path, tmp_path: Path) -> None:
    goal, home = tmp_path / "x.jsonl", copy(kept, tmp_path / "home")
    goal.write_text("before")
    run_sql(home / "storage" / "news.db", "DROP TABLE aliases")  # which is read with the first article
    assert scrape(home, "export", "-o", goal).code == 3
    assert (goal.read_text(), list(tmp_path.glob("x.jsonl.*"))) == ("before", [])


def test_parquet_is_nothing_for_a_terminal_and_goes_into_a_pipe(kept: Path) -> None:
    words = command(kept, "export", "--format", "parquet")
    done = subprocess.run(words, env=environment(), capture_output=True, timeout=60, check=True)
    assert pq.read_table(io.BytesIO(done.stdout)).num_rows == 3


@pytest.fixture
def notes(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    answer = run("export", "--format", "markdown", "-o", folder)
    assert (answer.code, answer.err) == (0, f"{folder}: 3 articles: 3 new\n")
    return folder


def files(folder: Path) -> dict[str, tuple[str, int]]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.name: (path.read_text(), path.stat().st_mtime_ns) for path in found}


def test_a_note_has_everything_on_top(notes: Path) -> None:
    (path,) = notes.glob("2026-11/2026-11-13-report-2-*.md")
    facts, body = path.read_text().split("---\n")[1:]
    read = yaml.safe_load(facts)
    assert (read["title"], read["published_at"], read["authors"]) == ("Report 2", "2026-11-13", ["Ann Lee", "Bo Ox"])
    assert body == "\nWhat number 2 says of the quay.\n"


def test_a_second_run_writes_only_what_changed_under_the_name_that_it_has(
    run: Run, kept: Path, notes: Path, tmp_path: Path
) -> None:
    before = files(notes)
    assert run("export", "--format", "markdown", "-o", notes).err.endswith("3 articles: 3 as they were\n")
    assert files(notes) == before
    home = copy(kept, tmp_path / "home")
    fill(home, about(2, title="Another headline", body="It says something else altogether.", body_markdown=""))
    answer = run("export", "--format", "markdown", "-o", notes, home=home)
    assert answer.err.endswith("3 articles: 1 changed, 2 as they were\n")
    after = files(notes)
    assert set(after) == set(before)
    (changed,) = (name for name in after if after[name] != before[name])
    assert changed.startswith("2026-11-13-report-2-")
    assert 'title: "Another headline"' in after[changed][0]


def test_nothing_is_written_over_or_deleted_that_somebody_wrote(
    run: Run, kept: Path, notes: Path, tmp_path: Path
) -> None:
    own = notes / "2026-11" / "my own.md"
    own.write_text("# Mine\n")
    first, second, third = sorted(notes.glob("2026-11/2026*.md"))
    first.write_text(first.read_text() + "\nMy remark.\n")
    moved = second.rename(notes / second.name)
    answer = run("export", "--format", "markdown", "-o", notes)
    assert answer.err.endswith("1 left alone, as somebody changed them\n")
    assert "My remark." in first.read_text()
    home = copy(kept, tmp_path / "home")
    with Store(home / "storage") as store:
        for number in ("1", "2", "3"):
            store.forget(number, NOW)
    answer = run("export", "--format", "markdown", "-o", notes, home=home)
    assert answer.err.endswith("0 articles: 2 deleted\n")  # as they were erased; the one that was changed stays
    assert sorted(notes.rglob("*.md")) == sorted([own, first])
    assert not moved.exists()
    assert not third.exists()


def test_what_a_killed_run_left_in_a_folder_goes(run: Run, notes: Path) -> None:
    name = next(iter(files(notes)))
    (notes / "2026-11" / f".{name}.part").write_text("half")
    (notes / "2026-11" / ".other.part").write_text("mine")
    run("export", "--format", "markdown", "-o", notes)
    assert [path.name for path in notes.rglob(".*")] == [".other.part"]


def test_one_export_at_a_time_to_a_folder(run: Run, notes: Path) -> None:
    with locked(notes / ".scrape-export.lock", notes):
        assert "another process is writing" in run("export", "--format", "markdown", "-o", notes).complaint(2)


# --- and back ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "markdown"])
def test_what_was_exported_is_imported_and_again_adds_nothing(run: Run, other: Path, tmp_path: Path, form: str) -> None:
    first = run("export", "--with-login").out
    path = tmp_path / ("x.jsonl" if form == "jsonl" else "notes")
    run("export", "--format", form, "--with-login", "-o", path)
    assert run("import", path, home=other).done() == "4 exported articles: 4 saved\n"
    assert run("export", "--with-login", home=other).out == first
    assert run("export", home=other).out.count("\n") == 3
    assert run("import", path, home=other).done() == "4 exported articles: 4 unchanged\n"
    told = json.loads(run("import", "--json", path, home=other).done())
    assert (told["articles"], told["clippings"], told["files"]) == ({"unchanged": 4}, {}, 0)


def test_what_comes_in_by_a_pipe_is_told_by_what_it_is(run: Run, other: Path) -> None:
    exported = run("export").out
    assert scrape(other, "import", "-", text=exported).done() == "3 exported articles: 3 saved\n"
    assert scrape(other, "import", "-q", "-", text=clipping(1)).done() == "1 saved\n"


@pytest.mark.parametrize(
    ("text", "says", "known"),
    [
        ('{"url": "x"', "standard input:1: is no article as `scrape export` writes it", "standard input:1"),
        ("A title alone\n", "standard input:1: ", "standard input"),
    ],
)
def test_what_comes_by_a_pipe_is_called_standard_input(other: Path, text: str, says: str, known: str) -> None:
    told = scrape(other, "import", "-", text=text).complaint(1)
    assert says in told
    assert told.count("standard input") == 1
    assert rows(other, "SELECT url FROM fetches") == [(known,)]
    assert says in scrape(other, "import", "--json", "-", text=text).err


def test_a_clipping_and_an_archive_may_come_by_a_pipe(other: Path) -> None:
    assert scrape(other, "import", "-", text=clipping(1)).done().startswith("standard input: saved #1")
    told = scrape(other, "import", "-", text=record(block=answer()).decode())
    assert told.done().splitlines()[0] == "1 page: 1 skipped"


def test_a_folder_of_all_sorts(run: Run, other: Path, notes: Path) -> None:
    (notes / "README.md").write_text("# What is in here\n")
    (notes / "2026-11" / "more.jsonl").write_text(
        '{"url": "https://a.example/x/y-z", "title": "T", "body": "B"}\n{"x"\n'
    )
    answer = run("import", notes, home=other)
    assert (answer.code, answer.out) == (1, "5 exported articles: 4 saved, 1 skipped\n")
    assert f"{notes / '2026-11' / 'more.jsonl'}:2: is no article as `scrape export` writes it" in answer.err


def test_a_broken_pipe(kept: Path) -> None:
    answer = start(["sh", "-c", '"$@" | head -c 1', "sh", *command(kept, "export", "--format", "atom")])
    assert (answer.out, answer.err) == ("<", "")


# --- the document -----------------------------------------------------------------------------------------------------

DOCUMENT = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")


def test_the_commands_of_the_document(run: Run, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = copy(kept, tmp_path / "news")
    monkeypatch.chdir(home)
    for line in "".join(re.findall(r"^```sh\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)).splitlines():
        command_, _, file = line.partition(" > ")
        _, *words = shlex.split(command_)
        elsewhere = words[0] == "--home"
        answer = run(*words[2 * elsewhere :], home=home / words[1] if elsewhere else home)
        assert answer.code == 0, f"{line}: {answer.err}"
        if file:
            Path(file).write_text(answer.out)
    assert scrape(tmp_path / "other", "export").done() == run("export", home=home).out


def test_every_option_format_and_column_is_explained() -> None:
    flags = {flag for option in export_command.params for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in flags if f"`{flag}" not in DOCUMENT} == set()
    (choice,) = (option.type for option in export_command.params if option.name == "form")
    assert isinstance(choice, click.Choice)
    assert [form for form in choice.choices if f"| `{form}` |" not in DOCUMENT] == []
    told = export_command.help or ""
    assert [form for form in choice.choices if not re.search(rf"^ *{form}  ", told, re.MULTILINE)] == []
    assert [column for column in COLUMNS if f"`{column}`" not in DOCUMENT] == []
