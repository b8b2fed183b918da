"""Every command has examples in its help, and each of them is a command that there is."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from scraper.cli import COMMANDS, scrape
from tests.cli.test_commands import all_commands

FILE_IS_MISSING = "No such file or directory"
JOINS = {"|", "||", "&&", ";"}


def examples(command: click.Command) -> list[str]:
    """The lines below ``Examples:`` that are commands, without what is said of them."""
    _, found, rest = (command.help or "").partition("Examples:\n")
    assert found, f"{command.name} has no examples"
    block = rest.split("\n\n")[0]
    lines = [line.strip() for line in block.splitlines()]
    return [re.sub(r"\s{2,}\S.*", "", line) for line in lines if "scrape " in line]


def calls(line: str) -> list[list[str]]:
    """The words of each ``scrape`` in a line of a shell."""
    if inner := re.fullmatch(r'eval "\$\((.*)\)"', line):
        line = inner[1]
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    found, words, to_file = list[list[str]](), list[str](), False
    for word in lexer:
        if word in JOINS:
            found.append(words)
            words = []
        elif not to_file and word not in {">", ">>", "<"}:
            words.append(word)
        to_file = word in {">", ">>", "<"}
    return [words[1:] for words in (*found, words) if words[:1] == ["scrape"]]


def parse(words: list[str]) -> None:
    """Read a command line as the program would, without running it. Raises click.UsageError."""
    command: click.Command = scrape
    name: str | None = "scrape"
    parent: click.Context | None = None
    while isinstance(command, click.Group):
        parent = click.Context(command, parent=parent, info_name=name)
        _, rest, _ = command.make_parser(parent).parse_args(list(words))
        name, found, words = command.resolve_command(parent, rest)
        assert found is not None
        command = found
    command.make_context(name, list(words), parent=parent)


def complaint(words: list[str]) -> str:
    """What the program says of a command line before it runs it; "" where it would run it."""
    try:
        parse(words)
    except click.UsageError as error:
        return error.format_message()
    return ""


@pytest.mark.parametrize("name", ["", *all_commands()])
def test_every_command_has_two_examples_that_can_be_typed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = all_commands()[name] if name else scrape
    lines = examples(command)
    assert len(lines) >= 2
    for line in lines:
        found = calls(line)
        assert found, line
        said = [complaint(words) for words in found]
        assert [each for each in said if each and FILE_IS_MISSING not in each] == [], line
    if name:
        whole = [words for line in lines for words in calls(line)]
        assert any(words[: len(name.split())] == name.split() for words in whole)


def test_an_example_that_could_not_be_typed_would_be_found() -> None:
    assert calls("scrape a b > c | scrape d && e") == [["a", "b"], ["d"]]
    for wrong in (["run", "--onse"], ["sources", "ad"], ["show"], ["search", "--limit", "x"]):
        assert complaint(wrong)


def test_every_command_stands_under_a_heading() -> None:
    shown = scrape.get_help(click.Context(scrape, info_name="scrape"))
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", shown, re.MULTILINE)] == []
    assert re.findall(r"^(\w[\w ]*):$", shown, re.MULTILINE)[1:] == ["Begin", "Follow", "Take in", "Read", "Keep"]
