"""``scrape status``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.glance import in_words
from scraper.cli.hints import tell_of_nothing
from scraper.cli.printing import console, print_json, speaks_unicode
from scraper.home import Home

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from scraper.cli.standing import Status


class _Seconds(click.ParamType[float]):
    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """A number of seconds, from a half to a day."""
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0.5 <= seconds <= 86400:
            self.fail(f"{value!r} is no number of seconds from 0.5 to 86400", param, ctx)
        return seconds


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--watch", "-w", "every", type=_Seconds(), is_flag=False, flag_value="2", help="Again and again, until Ctrl-C."
)
@click.option("--all", "everything", is_flag=True, help="Every source, however many there are.")
@click.pass_obj
def status_command(home: Home, as_json: bool, every: float | None, everything: bool) -> None:
    """Show sources, queue, rates and problems at a glance.

    Of more than 30 sources those are shown that fail, are overdue or have an alarm; --all shows all of them, and --json
    always does.

    With --watch it stays on the terminal and is drawn anew every 2 seconds, or as many as are given; in a pipe, each
    is printed after the other (with --json a line each).

    \b
    Examples:
      scrape status
      scrape status --json
      scrape status --watch
      scrape status --watch 60 --json        a line of JSON a minute
    """
    home.check()
    if every is None:
        status = _status(home)
        if as_json:
            print_json(status.as_dict())
        else:
            _print(console(), status, everything)
            if not status.stored.articles and not status.stored.waiting:
                tell_of_nothing(home)
        return
    try:
        if as_json or not sys.stdout.isatty():
            _repeat(home, every, _line if as_json else lambda status: _print(console(), status, everything))
        else:
            _watch(home, every, everything)
    except KeyboardInterrupt:
        return


def _status(home: Home) -> Status:
    from scraper.cli.standing import look  # with the store, which the help needs not

    return look(home)


def _line(status: Status) -> None:
    click.echo(json.dumps(status.as_dict(), ensure_ascii=not speaks_unicode(sys.stdout)))
    sys.stdout.flush()


def _repeat(home: Home, every: float, show: Callable[[Status], None]) -> None:
    """In a pipe. What is wrong from the start is an error; what goes wrong later is said, and may pass."""
    from scraper.errors import StoreError

    status: Status | None = _status(home)
    while True:
        if status is not None:
            show(status)
            sys.stdout.flush()
        time.sleep(every)
        try:
            status = _status(home)
        except StoreError as error:
            status = None
            click.echo(f"scrape: {error}", err=True)


def _watch(home: Home, every: float, everything: bool) -> None:
    """On the whole terminal, which then is as it was before. Trouble that passes is shown in place of the status."""
    from rich.live import Live

    from scraper.errors import StoreError

    out = console()
    _status(home)  # what is wrong from the start is an error, and no screen
    with Live(console=out, screen=out.is_terminal and not out.is_dumb_terminal, auto_refresh=False) as live:
        while True:
            # A terminal may change its size meanwhile.
            out = console()
            try:
                shown = _fitting(out, _status(home), everything)
            except StoreError as error:
                shown = str(error)
            live.update(shown, refresh=True)
            time.sleep(every)


def _fitting(out: Console, status: Status, everything: bool) -> RenderableType:
    """What of the status fits on the screen; the last line says if there is more."""
    from rich.console import Group
    from rich.segment import Segment, Segments

    lines = out.render_lines(Group(*in_words(status, out.width, everything=everything)), out.options, pad=False)
    room = max(2, out.height - 1)
    if len(lines) > room:
        rest = Segment(f"… {len(lines) - room + 1} lines more: scrape status")
        lines = [*lines[: room - 1], [rest]]
    return Segments([segment for line in lines for segment in [*line, Segment.line()]])


def _print(out: Console, status: Status, everything: bool) -> None:
    from rich.console import Group

    out.print(Group(*in_words(status, out.width, everything=everything)))
