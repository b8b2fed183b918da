"""What can be done next, said by a command that did its part: on a terminal alone, as a line that can be copied."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from shutil import get_terminal_size

import click

from scraper.cli.printing import plain
from scraper.cli.wrapping import wrapped
from scraper.home import Home


def command_line(home: Home, words: str) -> str:
    """How a command is written that is to work on this home: with --home where it would not be found otherwise."""
    named = "" if home.is_usual else f" --home {short(home.root)}"
    return f"scrape{named} {words}"


def short(path: Path) -> str:
    """A path as it may be copied into a shell: with ``~`` for the person's own folder."""
    try:
        below = path.relative_to(Path.home())
    except (ValueError, RuntimeError):  # it is elsewhere, or nobody knows where the person's own folder is
        return shlex.quote(str(path))
    return "~" if below == Path() else f"~/{shlex.quote(str(below))}"


def tell(line: str) -> None:
    """Say a line to a person, on standard error; nothing where what is printed goes elsewhere."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        click.echo(plain(line), err=True)


def tell_of_nothing(home: Home) -> None:
    """Say how an archive that holds nothing is filled."""
    steps = ("sources add URL", "follow an outlet"), ("run --once", "fetch what is due"), ("fetch URL", "one article")
    tell_next(home, *steps, lead="Nothing is stored yet. Next:")


def tell_next(home: Home, *steps: tuple[str, str], lead: str = "Next:") -> None:
    """Say which commands may follow. A step is the words behind ``scrape``, and what they are for."""
    from rich.cells import cell_len

    lines = [command_line(home, words) for words, _ in steps]
    widest = max(map(len, lines), default=0)
    columns = get_terminal_size().columns
    for index, (line, (_, purpose)) in enumerate(zip(lines, steps, strict=True)):
        head = lead if index == 0 else " " * len(lead)
        whole = f"{head} {line:{widest}}  # {purpose}" if purpose else f"{head} {line}"
        if cell_len(whole) <= columns:
            tell(whole)
            continue
        tell(f"{head} {line}")
        for part in wrapped(purpose, columns, indent=f"{' ' * len(lead)}   # "):
            tell(part)
