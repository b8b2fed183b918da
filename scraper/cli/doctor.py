"""``scrape doctor``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from scraper.cli.completing import source_names
from scraper.cli.printing import console, counted, on_terminal, plain, print_json
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.doctor import Finding

_WORDS = {"ok": ("ok", "green"), "warning": ("warning", "yellow"), "wrong": ("WRONG", "bold red")}
_MANY = {"network": "hosts answer", "robots": "sources may be asked"}
_MOST_WELL = 6  # hosts or sources that are told one by one


@click.command("doctor")
@click.argument("names", metavar="[SOURCE]...", nargs=-1, shell_complete=source_names)
@click.option("--offline", is_flag=True, help="Ask nobody on the network.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_context
def doctor_command(ctx: click.Context, names: tuple[str, ...], offline: bool, as_json: bool) -> None:
    """Check machine, configuration, databases and network, and say how to mend them.

    Of each followed source (or those that are named) the host is asked for its robots.txt, politely, and for nothing
    else; a copy that is some minutes old will do. Nothing is changed. The exit code is 1 if something is wrong; a
    warning is not.

    \b
    Examples:
      scrape doctor
      scrape doctor harbour-gazette
      scrape doctor --offline --json
    """
    from scraper.doctor import Verdict, examine
    from scraper.tools import utc_now

    home: Home = ctx.obj
    with _progress() as heard:
        found = list(examine(home, names, utc_now(), heard, offline=offline))
    count = Counter(finding.verdict for finding in found)
    if as_json:
        print_json([asdict(finding) for finding in found])
    else:
        _print(found if names else _short(found))
        warnings = counted(count[Verdict.WARNING], "warning")
        click.echo(f"{counted(len(found), 'check')}: {count[Verdict.WRONG]} wrong, {warnings}")
    if count[Verdict.WRONG]:
        ctx.exit(1)


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What to call with each source that was asked for; shows on a terminal which it was."""
    if not on_terminal():
        yield lambda _name: None
        return
    with console(stderr=True).status("looking") as status:
        yield lambda name: status.update(plain(f"asked for {name}"))


def _short(found: Sequence[Finding]) -> list[Finding]:
    """The findings with many hosts or sources that are well as one."""
    from scraper.doctor import Finding, Verdict

    shown = list[Finding]()
    for part, theirs in groupby(found, key=lambda finding: finding.part):
        each = list(theirs)
        well = [finding for finding in each if finding.verdict is Verdict.OK]
        if part not in _MANY or len(well) <= _MOST_WELL:
            shown += each
            continue
        shown.append(Finding(part, part, Verdict.OK, f"{len(well)} {_MANY[part]}"))
        shown += [finding for finding in each if finding.verdict is not Verdict.OK]
    return shown


def _print(found: Sequence[Finding]) -> None:
    """A line a finding, and below it how to mend it; a terminal wraps beside the verdict."""
    from rich.table import Table
    from rich.text import Text

    out = console()
    for finding in found:
        lines = [f"{finding.name}: {finding.detail}", *([f"mend: {finding.remedy}"] if finding.remedy else [])]
        word, colour = _WORDS[finding.verdict]
        if not out.is_terminal:
            for head, line in zip((word, ""), lines, strict=False):
                click.echo(plain(f"{head:7}  {line}"))
            continue
        table = Table.grid(padding=(0, 2))
        table.add_column(width=7)
        table.add_column(overflow="fold")
        table.add_row(Text(word, style=colour), Text(plain("\n".join(lines))))
        out.print(table)
