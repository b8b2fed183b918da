"""``scrape stats``: how many articles there are of each day, as a chart."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

import click

from scraper.cli import chart
from scraper.cli.filters import check_source, filtered, limited
from scraper.cli.printing import console, counted, plain, print_json, speaks_unicode
from scraper.cli.tally import By, Tally, languages, tally, window
from scraper.home import Home

if TYPE_CHECKING:
    from rich.text import Text

    from scraper.store import Filters

_NAMELESS = {"source": "of no source", "lang": "not told"}
_LABELS = {By.HOUR: slice(5, 13), By.DAY: slice(5, 10), By.WEEK: slice(5, 10), By.MONTH: slice(0, 7)}
"""What of a span's name stands under the chart."""


@click.command("stats")
@filtered
@limited(20, "As many sources or languages at most; the others are added up.")
@click.option("--by", type=click.Choice([by.value for by in By]), default="day", show_default=True, help="Each span.")
@click.option(
    "--per",
    type=click.Choice(["source", "lang"]),
    default="source",
    show_default=True,
    help="What has a line of its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every number.")
@click.pass_context
def stats_command(ctx: click.Context, /, *, filters: Filters, limit: int, by: str, per: str, as_json: bool) -> None:
    """Show how many articles there are of each day, by source or by language.

    Counted is when an article was published, in UTC; where no date was found, when it was stored. Without --since it is
    the last 30 days (48 hours, 26 weeks, 24 months), or as many up to the latest article, if that is older. By hour,
    those of which only the day is known are left out. The exit code is 1 if there is none.

    \b
    Examples:
      scrape stats --since 2w
      scrape stats --by month --per lang --source moscow-times
    """
    counted_by = By(by)
    found = _count(ctx.obj, filters, counted_by, per, limit)
    if as_json:
        print_json(_as_json(found, per))
    elif found.rows:
        _print(found, per)
    if not found.rows:
        if not as_json:
            click.echo(f"no article from {found.spans[0]} to {found.spans[-1]}", err=True)
        ctx.exit(1)


def _count(home: Home, filters: Filters, by: By, per: str, limit: int) -> Tally:
    from scraper.store import Store
    from scraper.store.counts import Per

    with Store(home.check().storage, readonly=True) as store:
        check_source(home, store, filters)
        latest = store.latest_at(filters)
        edges = window(by, *filters.times, latest, datetime.now(UTC))
        counts = store.counts(filters, Per(per), edges)
    counts = languages(counts) if per == "lang" else counts
    return tally(by, edges[:-1], counts, limit)


def _as_json(found: Tally, per: str) -> dict[str, Any]:
    return {
        "by": found.by,
        "per": per,
        "spans": found.spans,
        "total": sum(found.all),
        "articles": found.all,
        "rows": [{"name": row.name, "total": row.total, "articles": row.articles} for row in found.rows],
    }


def _print(found: Tally, per: str) -> None:
    out = console()
    width = out.width if out.is_terminal else get_terminal_size().columns
    signs = chart.UNICODE if _draws_unicode() else chart.ASCII
    out.print(_headline(found, width), style="bold")
    out.print()
    labels = [span[_LABELS[found.by]].replace("T", " ") + "h" * (found.by is By.HOUR) for span in found.spans]
    for line in chart.columns(found.all, labels, width, signs):
        out.print(line, style="cyan", soft_wrap=True)
    out.print()
    for row in _rows(found, per, width, signs):
        out.print(row, soft_wrap=True)


def _draws_unicode() -> bool:
    """Whether blocks can be drawn: the C locale's terminals know ASCII, whatever Python makes of it."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    return speaks_unicode(sys.stdout) and locale not in {"C", "POSIX"}


def _headline(found: Tally, width: int) -> str:
    total = sum(found.all)
    span = found.spans[0] if len(found.spans) == 1 else f"{found.spans[0]} to {found.spans[-1]}"
    text = f"{counted(total, 'article')}, {span}"
    most = max(found.all)
    more = (
        f"; {total / len(found.spans):,.1f} a {found.by}, most of all {most:,} ({found.spans[found.all.index(most)]})"
    )
    return text + more if len(text + more) <= width else text


def _rows(found: Tally, per: str, width: int, signs: chart.Signs) -> Iterator[Text]:
    """A line for each name; a name that leaves too little room has a line to itself."""
    from rich.cells import cell_len, set_cell_size
    from rich.text import Text

    names = [_NAMELESS[per] if row.name is None else plain(row.name) for row in found.rows]
    head = "articles"
    number = max(len(head), *(len(f"{row.total:,}") for row in found.rows))
    longest = max(len(per), *map(cell_len, names))
    apart = longest > width // 2
    left = 2 if apart else longest + 2
    room = max(1, width - left - number - 2)
    drawn = len(chart.merged(found.all, room))
    each = chart.together(len(found.spans), room)
    most = max(max(chart.merged(row.articles, room)) for row in found.rows)
    what = f"each {found.by}" if each == 1 else f"{each} {found.by}s"
    yield Text(f"{per if not apart else '':<{left}}{what[:drawn]:<{drawn}}  {head:>{number}}", style="dim")
    for name, row in zip(names, found.rows, strict=True):
        line = Text()
        if apart:
            yield Text(name)
            line.append("  ")
        else:
            line.append(set_cell_size(name, left))
        line.append(chart.spark(chart.merged(row.articles, room), most, signs).ljust(drawn), style="green")
        line.append(f"  {row.total:>{number},}")
        yield line
