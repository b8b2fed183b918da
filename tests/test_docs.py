"""The documents tell the truth: their commands are run, their links lead somewhere, their stops exist."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scraper.cli.finding import add_command
from scraper.cli.opml import export_command, import_command
from scraper.cli.read import search_command
from scraper.cli.reparse import reparse_command
from scraper.dedupe import candidate
from scraper.dedupe.renewal import Verdict
from scraper.delivery import payload
from scraper.fetch.webhook import signed
from scraper.home import Home
from scraper.model import Article, Attempt, Edit, EventKind, Outcome
from scraper.outcomes import article_event
from scraper.settings import (
    ArchiveOptions,
    MonitorOptions,
    Settings,
    SiteFields,
    SiteKinds,
    Source,
    Webhook,
    load_settings,
    parse_sources,
)
from scraper.store import WINDOW, Store
from scraper.store.events import PendingEvent
from scraper.toml import convert
from scraper.units import Endpoint, Size
from tests.dedupe.made_up import written
from tests.end_to_end.harness import wait_for
from tests.end_to_end.tls import trusted_server
from tests.store.samples import article, save

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FETCHING = (ROOT / "docs" / "fetching.md").read_text(encoding="utf-8")
BACKFILL = (ROOT / "docs" / "backfill.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
SEARCHING = (ROOT / "docs" / "searching.md").read_text(encoding="utf-8")
ARCHIVE = (ROOT / "docs" / "archive.md").read_text(encoding="utf-8")
SITES = (ROOT / "docs" / "sites.md").read_text(encoding="utf-8")
REPARSE = (ROOT / "docs" / "reparse.md").read_text(encoding="utf-8")
STORIES = (ROOT / "docs" / "stories.md").read_text(encoding="utf-8")
REVISIONS = (ROOT / "docs" / "revisions.md").read_text(encoding="utf-8")
EVENTS = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/*.md")]
DOCUMENTS += [ROOT / "config" / "README.md", ROOT / "storage" / "README.md"]
HOST = "www.themoscowtimes.com"
ENDLESS = {"run", "serve"}
CLI = [sys.executable, "-m", "scraper"]


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A person's home folder with ~/news set up, in which www.themoscowtimes.com is on this machine."""
    with _set_up(tmp_path_factory.mktemp("person")) as folder:
        yield folder


@contextmanager
def _set_up(folder: Path) -> Iterator[Path]:
    with trusted_server(HOST) as server:
        _shell("scrape init ~/news --contact you@example.org", folder)
        server.trust(
            folder / "news", sources=f'[[source]]\nname = "times"\nurl = "https://{HOST}/rss/top"\nkind = "feed"\n'
        )
        (folder / "news" / "fixtures").symlink_to(ROOT / "fixtures")
        yield folder


@pytest.mark.parametrize("line", [line for line in _blocks(README, "sh")[0].splitlines() if " init " not in line])
def test_the_readmes_first_commands(line: str, person: Path) -> None:
    _shell(line, person)


def test_the_readmes_daily_commands(person: Path) -> None:
    for line in _blocks(README, "sh")[1].splitlines():
        _shell(line, person / "news")


def test_the_commands_of_fetching(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        for line in "".join(_blocks(FETCHING, "sh")).splitlines():
            _shell(line, tmp_path / "news")


def test_the_commands_of_looking_back(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        for line in "".join(_blocks(BACKFILL, "sh")).splitlines():
            _shell(line, tmp_path / "news")


def test_the_commands_of_finding_sources(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        for line in "".join(_blocks(SOURCES, "sh")).splitlines():
            _shell(line, tmp_path / "news")


def test_the_commands_and_settings_of_stories(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        with Store(tmp_path / "news" / "storage") as store:
            for paper in ("one", "two"):
                save(store, article(url=f"https://{paper}.example/", title=paper, body=written()[0].body))
        for line in "".join(_blocks(STORIES, "sh")).splitlines():
            _shell(line, tmp_path / "news")
    (said,) = _blocks(STORIES, "toml")
    assert convert(said, ROOT / "docs" / "stories.md", Settings).dedupe == Settings().dedupe
    assert Settings().dedupe.window == WINDOW.total_seconds()


def test_the_options_of_finding_sources_are_explained() -> None:
    options = {option for command in (add_command, import_command, export_command) for option in command.params}
    flags = {flag for option in options for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in flags if f"`{flag}" not in SOURCES} == set()


def test_the_commands_of_operating(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        _shell("scrape run --once", tmp_path / "news")
        for line in "".join(_blocks(OPERATING, "sh")).splitlines():
            _shell(line, tmp_path / "news")


def test_the_commands_of_the_archive(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        _shell("scrape run --once", tmp_path / "news")
        for line in "".join(_blocks(ARCHIVE, "sh")).splitlines():
            _shell(line, tmp_path / "news")


def test_the_settings_of_the_archive_are_all_told() -> None:
    (text,) = _blocks(ARCHIVE, "toml")
    said = convert(text, ROOT / "docs" / "archive.md", Settings).archive
    assert said == ArchiveOptions(keep_days=365, max_size=Size(20 * 10**9))
    assert [key for key in ArchiveOptions.__struct_fields__ if f"| `{key}` |" not in ARCHIVE] == []


def test_the_commands_of_reading_again(tmp_path: Path) -> None:
    with _set_up(tmp_path):
        _shell("scrape run --once", tmp_path / "news")
        with closing(sqlite3.connect(tmp_path / "news" / "storage" / "news.db")) as conn:
            told = '{"published_at": "meta:date", "title": "jsonld:headline"}'
            conn.execute("UPDATE articles SET extractor = '3', evidence = ?, source_id = 1", (told,))
            conn.commit()
        for line in "".join(_blocks(REPARSE, "sh")).splitlines():
            _shell(line, tmp_path / "news")
        with closing(sqlite3.connect(tmp_path / "news" / "storage" / "news.db")) as conn:
            assert conn.execute("SELECT count(*) FROM articles WHERE extractor = '3'").fetchone() == (0,)


def test_reading_again_is_explained() -> None:
    options = {flag for option in reparse_command.params for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in options if f"`{flag}" not in REPARSE} == set()
    assert [verdict for verdict in Verdict if f"| `{verdict}` |" not in REPARSE] == []


def test_the_examples_of_operating_are_right(tmp_path: Path) -> None:
    (settings,) = _blocks(OPERATING, "toml")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "scraper.toml").write_text(settings.replace("# names", "names"), encoding="utf-8")
    assert load_settings(Home(tmp_path)).monitor == MonitorOptions(
        listen=Endpoint("127.0.0.1:9464"), names=("news.example.org",)
    )
    (line,) = _blocks(OPERATING, "json")
    assert set(json.loads(line)) == {"level", *(field.name for field in fields(Attempt))}
    _, rules = (yaml.safe_load(block) for block in _blocks(OPERATING, "yaml"))
    named = {name for rule in rules["groups"][0]["rules"] for name in re.findall(r"scraper_\w+", rule["expr"])}
    assert named <= set(re.findall(r"^\| `(scraper_\w+)", OPERATING, re.MULTILINE))


def test_the_example_of_a_sources_own_ways_names_every_key() -> None:
    (text,) = _blocks(FETCHING, "toml")
    (source,) = parse_sources(text, ROOT / "docs" / "fetching.md")
    said = {name for name in Source.__struct_fields__ if getattr(source, name) not in ("", (), {}, None, False)}
    elsewhere = {"title", "enabled", "interval", "timezone", "include", "exclude"}  # explained in sources.toml
    assert said | elsewhere == set(Source.__struct_fields__)


def test_the_commands_of_events(tmp_path: Path) -> None:
    _shell("scrape init ~/news", tmp_path)
    _shell(f"scrape import {ROOT}/fixtures/seed/", tmp_path / "news")
    for line in "".join(_blocks(EVENTS, "sh")).splitlines():
        _shell(line, tmp_path / "news")


def test_the_commands_of_searching(tmp_path: Path) -> None:
    _shell("scrape init ~/news", tmp_path)
    _shell(f"scrape import {ROOT}/fixtures/seed/", tmp_path / "news")
    for line in "".join(_blocks(SEARCHING, "sh")).splitlines():
        _shell(line, tmp_path / "news")


def test_the_options_of_searching_are_explained() -> None:
    flags = {flag for option in search_command.params for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in flags if f"`{flag}" not in SEARCHING} == {"--json"}


def test_the_commands_of_revisions(tmp_path: Path) -> None:
    _shell("scrape init ~/news", tmp_path)
    with Store(tmp_path / "news" / "storage") as store:
        for number, title in enumerate(("Harbour opens", "Harbour to open", "Harbour shut")):
            new = candidate(Article("https://news.example/harbour", title, "The first ship came in."))
            store.save(new, None, None, datetime(2026, 11, 23, number, tzinfo=UTC))
    for line in "".join(_blocks(REVISIONS, "sh")).splitlines():
        _shell(line, tmp_path / "news")
    assert [kind for kind in Edit if f"| `{kind}` |" not in REVISIONS] == []


def test_the_webhook_that_events_describes_can_be_set_up_and_every_key_is_named() -> None:
    (text,) = _blocks(EVENTS, "toml")
    said = convert(text, ROOT / "docs" / "events.md", Settings).webhook
    assert said.told == ("quiet", "failing", "drift", "back")
    assert [key for key in Webhook.__struct_fields__ if f"{key} = " not in text] == []
    assert [kind for kind in EventKind if f"| `{kind}` |" not in EVENTS] == []


def test_the_payload_that_events_shows_has_the_fields_of_a_real_one() -> None:
    (text,) = _blocks(EVENTS, "json")
    event = PendingEvent(17, "2026-11-25T12:00:00Z", EventKind.NEW, "one", 36, "…", {}, 0)
    shown, real = json.loads(text)["events"], json.loads(payload([event]))["events"]
    assert [list(each) for each in shown] == [list(real[0])] * 2
    assert [key for key in real[0] if f"| `{key}` |" not in EVENTS] == []
    attempt = Attempt("https://a.example/", "page", Outcome.SAVED, "new", "new article", datetime.now(UTC))
    told = article_event(attempt, Article("https://a.example/", "Title", "Body"))
    assert list(shown[0]["data"]) == list(told.data)


def test_the_signature_check_of_events_takes_ours_and_nothing_else() -> None:
    (code,) = _blocks(EVENTS, "python")
    scope: dict[str, Any] = {}
    exec(code, scope)  # noqa: S102 - the recipe itself
    body, secret = b'{"events": [{"id": 1}]}', "open sesame"
    headers = signed(body, "1-1", datetime.now(UTC), secret.encode())
    assert scope["events_of"](headers, body, secret) == [{"id": 1}]
    stale = signed(body, "1-1", datetime.now(UTC) - timedelta(hours=1), secret.encode())
    for wrong in ((headers, body + b" ", secret), (headers, body, "another"), (stale, body, secret)):
        with pytest.raises(PermissionError):
            scope["events_of"](*wrong)


def test_the_readmes_session_is_real(tmp_path: Path) -> None:
    (session,) = _blocks(README, "console")
    # `$ scrape …` within the demo's own output is what the demo prints, not what a reader types.
    steps = re.split(r"^\$ (make demo|\.venv/bin/scrape .*)\n", session, flags=re.MULTILINE)[1:]
    assert len(steps) == 6
    for command, shown in zip(steps[::2], steps[1::2], strict=True):
        words = [sys.executable, "-m", "tests.demo", "demo"]
        if command != "make demo":
            words = [*CLI, *shlex.split(command)[1:]]
        done = subprocess.run(
            words, cwd=tmp_path, env=_environment(tmp_path), capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stderr
        pattern = ".*?".join(re.escape(part) for part in shown.split("…"))
        assert re.fullmatch(pattern, done.stdout, re.DOTALL), done.stdout


def test_the_worked_example_of_a_sites_rules(tmp_path: Path) -> None:
    (rules,) = _blocks(SITES, "toml")
    name = "kestrel-valley-times.example"
    assert rules == (ROOT / "config" / "sites" / f"{name}.toml").read_text(encoding="utf-8")
    expected = ROOT / "fixtures" / "articles" / name / "otters-weir"
    home = tmp_path / "news"
    _shell("scrape init ~/news", tmp_path)
    (home / "config" / "sites" / f"{name}.toml").unlink()
    (home / "weir.html").write_bytes((expected / "page.html").read_bytes())
    first, again = _blocks(SITES, "sh")[0].splitlines()
    written = home / "fixtures" / "articles" / name / "otters-weir" / "article.json"
    _shell(first, home)
    assert json.loads(written.read_text()) != json.loads((expected / "article.json").read_text())
    (home / "config" / "sites" / f"{name}.toml").write_text(rules)
    _shell(again, home)
    assert json.loads(written.read_text()) == json.loads((expected / "article.json").read_text())


def test_every_key_of_a_sites_rules_is_explained() -> None:
    keys = {*SiteFields.__struct_fields__, *SiteKinds.__struct_fields__, "drop", "until"}
    assert [key for key in sorted(keys) if f"`{key}`" not in SITES] == []


@pytest.mark.parametrize("block", [block for text in (README, SITES) for block in _blocks(text, "python")])
def test_python_examples_run(block: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_make_targets_exist() -> None:
    named = {
        target
        for path in DOCUMENTS
        for target in re.findall(r"(?:^|`|\$ )make ([a-z-]+)", path.read_text(), re.MULTILINE)
    }
    assert {"demo", "test", "soak", "lock"} <= named
    makefile = (ROOT / "Makefile").read_text()
    assert [target for target in sorted(named) if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", text):
        assert (document.parent / target).exists(), target


def test_every_stop_of_the_flow_exists() -> None:
    stops = re.findall(r"`(scraper/[\w/]+\.py):([\w.]+)`", README)
    assert len(stops) >= 10
    for file, name in stops:
        names = _names(ast.parse((ROOT / file).read_text(encoding="utf-8")))
        assert name in names, f"{file}:{name}"


def _names(tree: ast.Module) -> set[str]:
    """Functions, classes, methods and imported names of a module."""
    names = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = (ast.FunctionDef, ast.AsyncFunctionDef)
            names |= {f"{node.name}.{method.name}" for method in node.body if isinstance(method, inner)}
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def _environment(person: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPE")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**kept, "HOME": str(person), "PATH": path, "PYTHONPATH": str(ROOT)}


def _shell(line: str, cwd: Path) -> None:
    """Run a documented line as a shell would; what runs for ever is stopped once it is at work."""
    command = line.split("#", maxsplit=1)[0]
    words = shlex.split(command)
    person = cwd.parent if cwd.name == "news" else cwd
    endless = bool(ENDLESS & set(words)) and "--once" not in words
    if not endless:
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=cwd,
            env=_environment(person),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stderr or done.stdout}"
        return
    expanded = [word.replace("~", str(person)) for word in words[1:]]
    if "serve" in words:
        expanded += ["--port", "0"]
    with subprocess.Popen([*CLI, *expanded], cwd=cwd, env=_environment(person), stderr=subprocess.PIPE) as process:
        os.set_blocking(process.stderr.fileno(), False)  # type: ignore[union-attr]
        try:
            wait_for(lambda: process.stderr and process.stderr.read(), f"a sign of life of {line}")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) in (0, -signal.SIGTERM)
        finally:
            process.kill()
