"""``scrape status``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click

from scraper.cli.printing import console, plain, print_json
from scraper.home import Home
from scraper.model import instant


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def status_command(home: Home, as_json: bool) -> None:
    """Show sources, queue and problems at a glance.

    \b
    Examples:
      scrape status
      scrape status --json
    """
    from scraper.instance import running
    from scraper.store import Store

    day_ago = instant(datetime.now(UTC) - timedelta(days=1))
    with Store(home.check().storage, readonly=True) as store:
        status = store.status(day_ago)
    status["daemon"] = "running" if running(home.lock) else "not running"
    if as_json:
        print_json(status)
    else:
        _print(status)


def _print(status: dict[str, Any]) -> None:
    from rich.table import Table

    out = console()
    out.print(f"{status['articles']} articles, {status['pages']} pages kept, {status['waiting']} entries waiting")
    if status["revisits"]:
        out.print(f"{status['revisits']} articles are to be looked at again")
    if status["backfills"]:
        out.print(f"{status['backfills']} back-fills are under way: scrape backfill")
    last_day = ", ".join(f"{number} {outcome}" for outcome, number in status["last_day"].items())
    out.print(f"last 24 hours: {last_day or 'nothing fetched'}")
    out.print(f"daemon: {status['daemon']}; next due: {status['next_due'] or 'nothing'}")
    if status["sources"]:
        table = Table("source", "articles", "waiting", "asked", "last outcome", box=None, pad_edge=False)
        for row in status["sources"]:
            table.add_row(row["name"], *(plain(str(cell)) for cell in _cells(row)))
        out.print()
        out.print(table)
    if status["problems"]:
        out.print("\nproblems of the last 24 hours:")
    for row in status["problems"]:
        what = f"{row['times']} times {row['outcome']}, {row['reason']}"
        out.print(f"  {row['host'] or 'files'}: {what}: {plain(row['example'])}")
    _print_alarms(status)


def _print_alarms(status: dict[str, Any]) -> None:
    """What is wrong with sources now, what happened to them lately, and what the webhook was not told of."""
    out = console()
    if status["alarms"]:
        out.print("\nalarms:")
    for row in status["alarms"]:
        out.print(f"  {row['source']}: {row['kind']} since {row['since']}: {plain(row['detail'])}")
    if status["events"]:
        out.print("\nlatest events:")
    for row in status["events"]:
        out.print(f"  {row['at']} {row['source']}: {row['kind']}: {plain(row['detail'])}")
    waiting, given_up = status["undelivered"]["waiting"], status["undelivered"]["given_up"]
    if waiting or given_up:
        out.print(f"\nwebhook: {waiting} events wait to be delivered, {given_up} were given up")


def _cells(row: dict[str, Any]) -> tuple[object, ...]:
    outcome = f"{row['last_outcome']}: {row['last_detail']}" if row["last_outcome"] else "never asked"
    return row["articles"], row["waiting"], row["last_fetched_at"] or "", outcome if row["enabled"] else "off"
