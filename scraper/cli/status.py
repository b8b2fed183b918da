"""``scrape status``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.printing import console, plain, print_json, speaks_unicode
from scraper.home import Home
from scraper.model import from_instant, instant

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_COLUMNS = {
    "source": 0, "articles": 60, "waiting": 0, "a day": 100, "asked": 100, "due in": 60, "fails": 60, "last outcome": 0,
}  # fmt: skip
"""Of the table of sources, each with the width of a terminal from which on it is shown."""
_ELASTIC = {"source", "last outcome"}


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
@click.pass_obj
def status_command(home: Home, as_json: bool, every: float | None) -> None:
    """Show sources, queue, rates and problems at a glance.

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
            print_json(status)
        else:
            _print(console(), status)
        return
    try:
        if as_json or not sys.stdout.isatty():
            _repeat(home, every, _line if as_json else lambda status: _print(console(), status))
        else:
            _watch(home, every)
    except KeyboardInterrupt:
        return


def _status(home: Home) -> dict[str, Any]:
    """Everything that there is to show, as plain values. Raises StoreError."""
    from dataclasses import asdict

    from scraper.instance import holder
    from scraper.rhythm import Rhythm
    from scraper.store import Store

    now = datetime.now(UTC)
    hour_ago, day_ago = instant(now - timedelta(hours=1)), instant(now - timedelta(days=1))
    with Store(home.storage, readonly=True) as store:
        status = {**store.status(day_ago), **store.glance(instant(now), hour_ago, day_ago)}
    rhythms = status.pop("rhythms")
    for row in status["sources"]:
        rhythm = Rhythm.loaded(rhythms.get(row["name"]))
        row["entries_a_day"] = round(rhythm.rate * 24, 1) if rhythm.is_known else None
    process = holder(home.lock)
    status["daemon"] = "running" if process is not None else "not running"
    status["process"] = asdict(process) if process is not None else None
    status["at"] = instant(now)
    return status


def _line(status: dict[str, Any]) -> None:
    click.echo(json.dumps(status, ensure_ascii=not speaks_unicode(sys.stdout)))
    sys.stdout.flush()


def _repeat(home: Home, every: float, show: Callable[[dict[str, Any]], None]) -> None:
    """In a pipe. What is wrong from the start is an error; what goes wrong later is said, and may pass."""
    from scraper.errors import StoreError

    status: dict[str, Any] | None = _status(home)
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


def _watch(home: Home, every: float) -> None:
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
                shown = _fitting(out, _status(home))
            except StoreError as error:
                shown = str(error)
            live.update(shown, refresh=True)
            time.sleep(every)


def _fitting(out: Console, status: dict[str, Any]) -> RenderableType:
    """What of the status fits on the screen; the last line says if there is more."""
    from rich.console import Group
    from rich.segment import Segment, Segments

    lines = out.render_lines(Group(*_parts(status, out.width)), out.options, pad=False)
    room = max(2, out.height - 1)
    if len(lines) > room:
        rest = Segment(f"… {len(lines) - room + 1} lines more: scrape status")
        lines = [*lines[: room - 1], [rest]]
    return Segments([segment for line in lines for segment in [*line, Segment.line()]])


def _print(out: Console, status: dict[str, Any]) -> None:
    for part in _parts(status, out.width):
        out.print(part)


def _parts(status: dict[str, Any], width: int) -> Iterator[RenderableType]:
    """From the most to the least important, for a terminal that is so wide."""
    yield f"{status['articles']} articles, {status['pages']} pages kept, {status['waiting']} entries waiting"
    if status["revisits"]:
        yield f"{status['revisits']} articles are to be looked at again"
    if status["backfills"]:
        yield f"{status['backfills']} back-fills are under way: scrape backfill"
    last_day = ", ".join(f"{number} {outcome}" for outcome, number in status["last_day"].items())
    yield f"pages of the last 24 hours: {last_day or 'nothing fetched'}"
    yield from map(_rate, ("last hour", "last 24 hours"), (status["rates"]["hour"], status["rates"]["day"]), (60, 1440))
    yield _daemon(status)
    yield from _sources(status, width)
    yield from _hosts(status)
    if status["problems"]:
        yield "\nproblems of the last 24 hours:"
    for row in status["problems"]:
        what = f"{row['times']} times {row['outcome']}, {row['reason']}"
        yield f"  {row['host'] or 'files'}: {plain(what)}: {plain(row['example'])}"
    yield from _alarms(status)


def _alarms(status: dict[str, Any]) -> Iterator[str]:
    """What is wrong with sources now, what happened to them lately, and what the webhook was not told of."""
    if status["alarms"]:
        yield "\nalarms:"
    for row in status["alarms"]:
        yield f"  {row['source']}: {row['kind']} since {row['since']}: {plain(row['detail'])}"
    if status["events"]:
        yield "\nlatest events:"
    for row in status["events"]:
        yield f"  {row['at']} {row['source']}: {row['kind']}: {plain(row['detail'])}"
    waiting, given_up = status["undelivered"]["waiting"], status["undelivered"]["given_up"]
    if waiting or given_up:
        yield f"\nwebhook: {waiting} events wait to be delivered, {given_up} were given up"


def _rate(when: str, counts: dict[str, int], minutes: int) -> str:
    """``last hour: 41 new articles; 160 attempts (2.7 a minute), 3 % failed; 2.4 requests a minute, 9.1 MB``."""
    attempts = counts["attempts"]
    failed = f", {counts['failed'] / attempts:.0%} failed" if attempts else ""
    return (
        f"{when}: {counts['articles']} new articles; {attempts} attempts ({attempts / minutes:.1f} a minute){failed};"
        f" {counts['answers'] / minutes:.1f} answers a minute, {counts['bytes'] / 1e6:.1f} MB"
    )


def _daemon(status: dict[str, Any]) -> str:
    process, due = status["process"], status["due"]
    parts = [status["daemon"]]
    if process is not None and process["pid"]:
        parts = [f"running, process {process['pid']} since {process['since']} (version {process['version']})"]
    if due["new"] or due["revisits"]:
        late = f", the oldest for {_span(status['at'], due['oldest'])}" if due["oldest"] else ""
        parts.append(f"due now: {due['new']} new{late}, {due['revisits']} to be looked at again")
    else:
        parts.append(f"next due: {status['next_due'] or 'nothing'}")
    return f"daemon: {'; '.join(parts)}"


def _sources(status: dict[str, Any], width: int) -> Iterator[RenderableType]:
    """A line a source; where there is little room, the least important columns are left out."""
    from rich.table import Table
    from rich.text import Text

    if not status["sources"]:
        return
    shown = [name for name, least in _COLUMNS.items() if width >= least]
    table = Table(*shown, box=None, pad_edge=False)
    for column in table.columns:
        column.no_wrap = column.header not in _ELASTIC  # which is to say that it keeps its width
    for row in status["sources"]:
        cells = _cells(row, status["at"])
        table.add_row(*(Text(plain(str(cells[name])), no_wrap=True, overflow="ellipsis") for name in shown))
    yield ""
    yield table


def _cells(row: dict[str, Any], now: str) -> dict[str, object]:
    """What each column says of a source."""
    outcome = f"{row['last_outcome']}: {row['last_detail']}" if row["last_outcome"] else "never asked"
    return {
        "source": row["name"],
        "articles": row["articles"],
        "waiting": row["waiting"],
        "a day": "?" if row["entries_a_day"] is None else f"{row['entries_a_day']:g}",
        "asked": f"{_span(now, row['last_fetched_at'])} ago" if row["last_fetched_at"] else "",
        "due in": _span(row["next_due"], now) if row["next_due"] else "",
        "fails": row["failures"] or "",
        "last outcome": outcome if row["enabled"] else "off",
    }


def _hosts(status: dict[str, Any]) -> Iterator[str]:
    if status["hosts"]:
        yield "\nhosts that are left alone for a while:"
    for row in status["hosts"]:
        why = f"{row['state']}: {row['reason']}" if row["reason"] else row["state"]
        detail = f": {plain(row['detail'])}" if row["detail"] else ""
        yield f"  {row['host']}: {plain(why)} until {row['until']}{detail}"


def _span(later: str, earlier: str) -> str:
    """The time between two instants, as people say it: ``40 s``, ``12 min``, ``3 h``, ``5 d``."""
    seconds = max(0.0, (from_instant(later) - from_instant(earlier)).total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
