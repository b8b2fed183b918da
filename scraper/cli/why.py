"""``scrape why``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.completing import source_names
from scraper.cli.filters import check_alone, check_order, check_source, limited, of_source, timed
from scraper.cli.printing import console, counted, print_json, print_lines
from scraper.errors import BadUsage
from scraper.home import Home
from scraper.model import instant

if TYPE_CHECKING:
    from scraper.settings import Settings
    from scraper.store import Findings


@click.command("why")
@click.argument("what", metavar="[URL|HOST|SOURCE]", required=False, shell_complete=source_names)
@of_source
@timed("Tried")
@limited(10, "As many attempts at most.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def why_command(ctx: click.Context, /, what: str | None, *, limit: int, as_json: bool, **times: str | None) -> None:
    """Say what became of an address, a host or a source, and why.

    Reads the database and asks nobody. The exit code is 1 where nothing is on record. Without an argument, what failed
    or was skipped is listed, the latest first; --source, --since and --until narrow that.

    \b
    Examples:
      scrape why https://example.org/2026/11/story
      scrape why example.org
      scrape why harbour-gazette
      scrape why --since yesterday
    """
    from scraper.settings import load_settings
    from scraper.store import Filters, Store

    home: Home = ctx.obj
    now = datetime.now(UTC)
    filters = Filters(times["source"], times["since"], times["until"])
    check_order(*filters.times)
    check_alone(what, filters)
    with Store(home.check().storage, readonly=True) as store:
        if what is None:
            check_source(home, store, filters)
            if not _print_latest(store.in_vain(filters, limit), as_json=as_json):
                ctx.exit(1)
            return
        if not what.strip():
            raise BadUsage("name an address, a host or a source")
        findings = store.inquire(what.strip(), now, limit)
    settings = load_settings(home)
    if not findings and (told := _configured(home, what.strip())) is not None:
        print_json({**asdict(findings), "kind": "source"}) if as_json else _print([told])
        return
    if not findings and what.strip().removeprefix("#").isdecimal():
        raise BadUsage(f"a number is an article's: `scrape show {what.strip().removeprefix('#')}`")
    robots = _robots(findings, home, settings) if findings.kind == "address" else None
    if as_json:
        print_json({**asdict(findings), "host": _without_body(findings.host), "robots": robots})
    else:
        waits = tuple(_waits(findings, settings.manners.per_address, instant(now)))
        _print(_lines(findings, robots, waits, instant(now)) if findings else [_nothing(home, findings.what)])
    if not findings:
        ctx.exit(1)


def _nothing(home: Home, what: str) -> str:
    """What there is to say where nothing is on record, with the source that was likely meant."""
    from difflib import get_close_matches

    from scraper.settings import load_sources

    names = [source.name for source in load_sources(home)] if home.has_sources else []
    close = get_close_matches(what, names, n=1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return f"nothing is on record about {what}: no source announced it, and nobody asked for it{meant}"


def _print_latest(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> int:
    """The latest attempts that came to nothing, for people or as JSON. Returns how many they are."""
    if as_json:
        print_json(rows)
    elif rows:
        _print(f"{_when(row['at'])}  {_attempt(row, with_url=True)}" for row in rows)
    else:
        click.echo("nothing failed, and nothing was skipped", err=True)
    return len(rows)


def _print(lines: Iterable[str]) -> None:
    """Lines of which some are set in; on a terminal what they go on in stands further in."""
    out = console()
    for line in lines:
        for part in line.split("\n"):
            text = part.lstrip(" ")
            print_lines(out, text, indent=part[: len(part) - len(text)], hang="    ")


def _configured(home: Home, name: str) -> str | None:
    """What there is to say of a source that is in sources.toml and was never asked; None if there is no such source."""
    from scraper.settings import load_sources

    known_sources = load_sources(home) if home.has_sources else ()
    source = next((known for known in known_sources if known.name == name), None)
    if source is None:
        return None
    state = "followed, and not asked yet: `scrape run` does" if source.enabled else "off: it is disabled"
    return f"{source.name}: {source.url}\n{state}"


def _robots(findings: Findings, home: Home, settings: Settings) -> str | None:
    """What the robots.txt that is kept of the host says about an address; None where none is kept."""
    from scraper.fetch.profile import Profile
    from scraper.fetch.request import user_agent
    from scraper.fetch.robots import Robots
    from scraper.ledger import kept_robots
    from scraper.settings import load_sources

    record = kept_robots(findings.host) if findings.host else None
    if record is None:
        return None
    source = findings.entry.get("source")  # which may go by a name of its own
    known_sources = load_sources(home) if source and home.has_sources else ()
    own = next((known.user_agent for known in known_sources if known.name == source), "")
    return Robots(record, user_agent(Profile(user_agent=own), settings.fetch)).verdict(findings.what).reason


def _without_body(host: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in host.items() if name != "robots_body"}


def _lines(findings: Findings, robots: str | None, waits: Iterable[str], now: str) -> Iterator[str]:
    """The answer in plain words: how things stand first, then how they came to."""
    yield from _standing(findings, now)
    entry = findings.entry
    done = findings.kind == "address" and not (entry and entry["next_due"] and not entry["changed_at"])
    yield from (f"{'the host' if done else 'waiting'}: {why}" for why in waits)
    yield from _of_robots(findings, robots)
    yield from _listed("latest attempts:", findings, findings.attempts)
    yield from _listed("latest attempts at its pages:", findings, findings.pages)


def _listed(title: str, findings: Findings, attempts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if attempts:
        yield title
    for row in attempts:
        yield f"  {_when(row['at'])}  {_attempt(row, with_url=findings.kind != 'address')}"


def _standing(findings: Findings, now: str) -> Iterator[str]:
    article, entry = findings.article, findings.entry
    if findings.source:
        yield from _of_source(findings, now)
    if findings.forgotten_at:
        yield f"forgotten: erased on {_when(findings.forgotten_at)}, and not fetched again"
    if article:
        gone = f"; gone since {_when(article['gone_at'])}" if article["gone_at"] else ""
        yield f"stored: #{article['id']} {article['title']}, fetched {_when(article['fetched_at'])}{gone}"
    if entry:
        yield f"announced by {entry['source']}, first seen {_when(entry['first_seen_at'])}"
        if entry["next_due"] is not None and not entry["enabled"]:
            yield f"waiting: for its source {entry['source']}, which is off"
        elif entry["next_due"] is not None and entry["changed_at"] is not None:
            yield f"to be looked at again {_when(entry['next_due'])}; last changed {_when(entry['changed_at'])}"
        elif entry["next_due"] is not None:
            late = "due now" if entry["next_due"] <= now else f"due {_when(entry['next_due'])}"
            skipped = f"skipped ({entry['reason']}), and tried again" if entry["outcome"] == "skipped" else ""
            yield f"{skipped or 'waiting'}: {late}, after {counted(entry['attempts'], 'attempt')}"
        elif not article:
            yield f"done: {entry['outcome']} ({entry['reason']}), and not tried again by itself"
    if findings.kind == "host":
        yield f"{findings.what}: {_waiting(findings.waiting)} to be fetched"


def _waiting(number: int) -> str:
    return f"{counted(number, 'entry', 'entries')} {'waits' if number == 1 else 'wait'}"


def _of_source(findings: Findings, now: str) -> Iterator[str]:
    source, told = findings.source, {**findings.ledger, "waiting": findings.waiting}
    told["entries"] = "entry" if told["seen"] == 1 else "entries"
    yield f"{source['name']}: {source['url']}"
    yield _source_line(source, now)
    yield "of {seen} {entries} {stored} stored, {skipped} skipped, {failed} failed, {waiting} waiting".format(**told)
    for row in findings.reasons:
        again = f" ({row['waiting']} tried again)" if row["waiting"] else ""
        yield f"  {counted(row['count'], 'entry', 'entries')} {row['outcome']}: {row['reason']}{again}"
    if told["gaps"]:
        gaps = counted(told["gaps"], "gap")
        yield f"{gaps}: entries came and went between two polls; an interval of its own would help"


def _source_line(source: Mapping[str, Any], now: str) -> str:
    if not source["enabled"]:
        return "off: it is disabled, or gone from sources.toml"
    due = source["next_due"] or now
    when = "due now" if due <= now else f"due {_when(due)}"
    failed = f", after {counted(source['failures'], 'failure')} in a row" if source["failures"] else ""
    return f"followed: {when}{failed}"


def _waits(findings: Findings, per_address: int, now: str) -> Iterator[str]:
    """What keeps a host from being asked now."""
    host = findings.host
    if not host:
        return
    name, held = host["host"], _is_held(host, now)
    others = sum(_is_held(other, now) for other in findings.at_address)
    if host["paused_until"] and host["paused_until"] > now:
        yield f"{name} {host['pause_detail'] or 'is paused'}: it is left alone until {_when(host['paused_until'])}"
    elif held:
        yield f"a request to {name} is under way, and it gets one at a time"
    elif host["next_at"] and host["next_at"] > now:
        yield f"the next request to {name} may begin {_when(host['next_at'])}"
    if not held and others >= per_address:
        under_way = f"{counted(others, 'request')} {'is' if others == 1 else 'are'} under way"
        yield f"{under_way} at {host['address']}, where {name} leads too"


def _is_held(host: Mapping[str, Any], now: str) -> bool:
    """Whether a request to a host is under way, by a process that is alive."""
    from scraper.ledger import is_dead

    return bool(host["held_by"]) and host["held_until"] > now and not is_dead(host["held_by"])


def _of_robots(findings: Findings, robots: str | None) -> Iterator[str]:
    host = findings.host
    if robots is not None:
        yield f"{robots} (fetched {_when(host['robots_fetched_at'])})"
    elif host and host["robots_fetched_at"]:
        yield f"robots.txt: status {host['robots_status']}, fetched {_when(host['robots_fetched_at'])}"


def _attempt(row: Mapping[str, Any], *, with_url: bool) -> str:
    """One attempt: how it ended and why, then what was measured."""
    where = f"{row['url']}: " if with_url and row["url"] not in row["detail"] else ""
    measured = [
        f"status {row['status']}" if row["status"] else "",
        f"{row['size']:,} bytes" if row["size"] is not None else "",
        "the kept copy" if row["from_cache"] else "",
        f"{row['elapsed_ms']:,} ms" if row["elapsed_ms"] is not None else "",
        f"again {_when(row['next_due'])}" if row["next_due"] else "",
    ]
    told = ", ".join(part for part in measured if part)
    return f"{row['outcome']}: {where}{row['detail']}" + (f" [{told}]" if told else "")


def _when(at: str) -> str:
    """An instant as people read it; the hosts' have milliseconds."""
    return at[:16].replace("T", " ") + " UTC"
