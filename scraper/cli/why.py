"""``scrape why``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.printing import plain, print_json
from scraper.home import Home
from scraper.model import instant

if TYPE_CHECKING:
    from scraper.store import Known


@click.command("why")
@click.argument("what", metavar="URL|HOST|SOURCE")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(min=1), help="As many attempts at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def why_command(ctx: click.Context, what: str, limit: int, as_json: bool) -> None:
    """Say what became of an address, a host or a source, and why.

    Reads the database and asks nobody. The exit code is 1 where nothing is on record.

    \b
    Examples:
      scrape why https://example.org/2026/11/story
      scrape why example.org
      scrape why harbour-gazette
    """
    from scraper.settings import load_settings
    from scraper.store import Store

    home: Home = ctx.obj
    with Store(home.check().storage, readonly=True) as store:
        known = store.inquire(what, limit)
    robots = _robots(known, load_settings(home)) if known.kind == "address" else None
    if as_json:
        print_json({**asdict(known), "host": _without_body(known.host), "robots": robots})
    else:
        for line in _lines(known, robots, instant(datetime.now(UTC))):
            click.echo(plain(line))
    if not known:
        ctx.exit(1)


def _robots(known: Known, settings: Any) -> str | None:
    """What the robots.txt that is kept of the host says about an address; None where none is kept."""
    from scraper.fetch.request import Request, request_headers
    from scraper.fetch.robots import Robots, RobotsRecord
    from scraper.model import from_instant

    row = known.host
    if not row or row["robots_fetched_at"] is None:
        return None
    record = RobotsRecord(
        row["host"], row["robots_status"], row["robots_body"] or "", from_instant(row["robots_fetched_at"])
    )
    agent = dict(request_headers(Request(known.what), settings.fetch, own_site=True))["user-agent"]
    return Robots(record, agent).verdict(known.what).reason


def _without_body(host: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in host.items() if name != "robots_body"}


def _lines(known: Known, robots: str | None, now: str) -> Iterator[str]:
    """The answer in plain words: how things stand first, then how they came to."""
    if not known:
        yield f"nothing is on record about {known.what}: no source announced it, and nobody asked for it"
        return
    yield from _standing(known, now)
    yield from _of_host(known, robots, now)
    if known.attempts:
        yield "latest attempts:"
    for row in known.attempts:
        yield f"  {_when(row['at'])}  {_attempt(known, row)}"


def _standing(known: Known, now: str) -> Iterator[str]:
    source, article, entry = known.source, known.article, known.entry
    if source:
        yield f"{source['name']}: {source['url']}"
        yield _source_line(source, now)
        yield f"{known.waiting} of its entries wait to be fetched"
    if known.forgotten_at:
        yield f"forgotten: erased on {_when(known.forgotten_at)}, and not fetched again"
    if article:
        gone = f"; gone since {_when(article['gone_at'])}" if article["gone_at"] else ""
        yield f"stored: #{article['id']} {article['title']}, fetched {_when(article['fetched_at'])}{gone}"
    if entry:
        yield f"announced by {entry['source']}, first seen {_when(entry['first_seen_at'])}"
        if entry["next_due"] is not None:
            late = "due now" if entry["next_due"] <= now else f"due {_when(entry['next_due'])}"
            yield f"waiting: {late}, after {entry['attempts']} attempts"
        elif not article:
            yield f"done: {entry['outcome']} ({entry['reason']}), and not tried again by itself"
    if known.kind == "host":
        yield f"{known.what}: {known.waiting} entries wait to be fetched"


def _source_line(source: Mapping[str, Any], now: str) -> str:
    if not source["enabled"]:
        return "off: it is disabled, or gone from sources.toml"
    due = source["next_due"] or now
    when = "due now" if due <= now else f"due {_when(due)}"
    failed = f", after {source['failures']} failures in a row" if source["failures"] else ""
    return f"followed: {when}{failed}"


def _of_host(known: Known, robots: str | None, now: str) -> Iterator[str]:
    host = known.host
    if not host:
        return
    if host["paused_until"] and host["paused_until"] > now:
        asked = f" ({host['pause_reason']})" if host["pause_reason"] else ""
        yield f"waiting: {host['host']} asked for a pause until {_when(host['paused_until'])}{asked}"
    elif host["next_at"] and host["next_at"] > now:
        yield f"waiting: the next request to {host['host']} may begin {_when(host['next_at'])}"
    if robots is not None:
        yield f"{robots} (fetched {_when(host['robots_fetched_at'])})"
    elif host["robots_fetched_at"]:
        yield f"robots.txt: status {host['robots_status']}, fetched {_when(host['robots_fetched_at'])}"


def _attempt(known: Known, row: Mapping[str, Any]) -> str:
    """One attempt: how it ended and why, then what was measured."""
    where = "" if known.kind == "address" else f"{row['url']}: "
    measured = [
        f"status {row['status']}" if row["status"] else "",
        f"{row['size']:,} bytes" if row["size"] is not None else "",
        f"{row['elapsed_ms']:,} ms" if row["elapsed_ms"] is not None else "",
        f"again {_when(row['next_due'])}" if row["next_due"] else "",
    ]
    told = ", ".join(part for part in measured if part)
    return f"{row['outcome']}: {where}{row['detail']}" + (f" [{told}]" if told else "")


def _when(at: str) -> str:
    """An instant as people read it; the hosts' have milliseconds."""
    return at[:16].replace("T", " ") + " UTC"
