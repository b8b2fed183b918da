"""The documents tell the truth: what they show is run, their links lead somewhere, the commands they name exist.

Nothing is to be written here for a new document. ``tests/docs/homes.py`` says in which home its commands are run.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
import yaml

from scraper.cli import scrape
from tests.docs import running
from tests.docs.documents import DOCUMENTS, ROOT, Block, anchors, blocks, commands, links, name, prose, read
from tests.docs.homes import HOMES, HOST, Person, template
from tests.docs.reference import WRITTEN
from tests.end_to_end.tls import trusted_server

RUN = ("sh", "console", "sqlite3", "python", "sql")
READ: dict[str, Callable[[str], object]] = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}
SHOWN = ("text", "mermaid", "")
RUNNABLE = [document for document in DOCUMENTS if any(block.language in RUN for block in blocks(read(document)))]
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=name)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home to copy."""
    return template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    """Somebody who has nothing yet, beside the server."""
    with trusted_server(HOST) as server:
        yield Person(tmp_path, server)


@pytest.mark.parametrize("document", RUNNABLE, ids=name)
def test_what_it_shows_is_run(document: Path, person: Person, plain: Path) -> None:
    found = blocks(read(document))
    with ExitStack() as homes:
        for number, block in enumerate(found):
            if block.home or number == 0:
                person.begin(plain)
                homes.enter_context(HOMES[block.home or "plain"](person))
            if block.file:
                (person.home / block.file).write_text(block.text, encoding="utf-8")
            if block.meanwhile == "corrected":
                person.see_it_corrected()
            if not block.not_run:
                run(block, person)


def run(block: Block, person: Person) -> None:
    """Run a block, if it is one to run."""
    cwd = person.home if person.home.exists() else person.folder
    if block.language == "sh" or (block.language == "sqlite3" and shutil.which("sqlite3")):
        for line in block.lines:
            printed = running.shell(line, person.home if person.home.exists() else person.folder, person.folder)
            assert printed or not line.startswith("sqlite") or ".backup" in line, f"{line}: prints nothing"
            person.meet()
    elif block.language == "console" and block.text.startswith("$ make demo"):
        running.session(block, person.folder, person.folder)
    elif block.language == "console":
        running.session(block, cwd, person.folder)
    elif block.language == "python":
        running.python(block, cwd, person.folder)
    elif block.language == "sql":
        with closing(sqlite3.connect(person.database)) as db:
            db.execute(block.text).fetchall()


@every_document
def test_its_blocks_are_in_languages_that_are_run_or_read(document: Path) -> None:
    text = read(document)
    assert not re.search(r"^[ >]+```", text, re.MULTILINE), "an indented block is looked at by nobody"
    for block in blocks(text):
        assert block.language in (*RUN, *READ, *SHOWN), f"line {block.line}"
        assert block.home in ("", *HOMES), f"line {block.line}"
        assert block.meanwhile in ("", "corrected"), f"line {block.line}"
        READ.get(block.language, str)(block.text)


@every_document
def test_its_links_within_the_repository_lead_somewhere(document: Path) -> None:
    for link in links(read(document)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(read(target)), link


@every_document
def test_the_commands_it_names_exist(document: Path) -> None:
    for words in commands(read(document)):
        check(words)


def test_the_commands_that_the_program_and_its_files_name_exist() -> None:
    told = [*ROOT.glob("config/**/*.toml"), *ROOT.glob("storage/*.yaml"), *ROOT.glob("scraper/**/*.py")]
    named = [words for path in told for words in commands(re.sub(r"`{2,}", "", read(path)))]
    assert len(named) > 40
    for words in named:
        check(words)


def check(words: list[str]) -> None:
    """Whether a command is there, with the options that it is called with. Capitals stand for something else."""
    command: click.Command = scrape
    takes_value = False
    for word in words:
        said = word.strip("[]").partition("=")[0]
        if said.startswith("-") and len(said) > 1:
            options = [option for each in said.split("|") for option in _options(command, each)]
            assert len(options) == len(said.split("|")), f"scrape {' '.join(words)}: there is no {said}"
            takes_value = not options[-1].is_flag and not options[-1].count and "=" not in word
        elif isinstance(command, click.Group) and not takes_value and re.fullmatch(r"[a-z][a-z|-]*", said):
            for each in said.split("|"):
                inner = command.get_command(click.Context(command), each)
                assert inner, f"scrape {' '.join(words)}: there is no {each}"
            assert inner
            command = inner
        else:
            takes_value = False


def _options(command: click.Command, flag: str) -> list[click.Option]:
    context = click.Context(command, **command.context_settings)
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    return [each for each in options if flag in (*each.opts, *each.secondary_opts)]


@pytest.mark.parametrize("document", WRITTEN, ids=name)
def test_what_of_it_is_written_by_the_program_is_current(document: Path) -> None:
    assert WRITTEN[document](read(document)) == read(document), "run `make docs`"


@pytest.mark.parametrize(
    "text",
    [
        "`scrape fetsch URL`",
        "`scrape fetch --no-such-thing URL`",
        "`scrape sources ad URL`",
        "`scrape sources add|remov`",
        "`scrape --hom ~/news run`",
        "```sh\nscrape --home ~/news search --since 2026-01-01 --untill 2026-02-01\n```",
        "```console\n$ docker compose exec daemon scrape sources lst\n```",
    ],
)
def test_a_command_that_does_not_exist_is_noticed(text: str) -> None:
    (words,) = commands(text)
    with pytest.raises(AssertionError, match="there is no"):
        check(words)


@every_document
def test_the_modules_and_make_targets_it_names_exist(document: Path) -> None:
    text = read(document)
    code = re.findall(r"`[^`\n]+`", prose(text)) + [line for block in blocks(text) for line in block.lines]
    for line in code:
        for module in re.findall(r"python3? -m ((?:tests|scraper)[\w.]*)", line):
            assert find_spec(module), module
        for target in re.findall(r"(?:^|`|\$ )make ([a-z-]+)", line):
            assert re.search(rf"^{target}:", read(ROOT / "Makefile"), re.MULTILINE), target
