"""How that looks which ``scrape sources add`` found: for people, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.printing import console, plain, print_lines
from scraper.discover.links import Base
from scraper.discover.offers import Origin
from scraper.model import SourceKind, from_instant, instant
from scraper.tools import utc_now

if TYPE_CHECKING:
    from rich.console import Console

    from scraper.discover.fitness import Judged
    from scraper.scouting import Report

_MOST_LEFT = 6  # lines about what was found and not added
_HOW = {
    Origin.GIVEN: "",
    Origin.HEAD: "announced by the page",
    Origin.LINK: "linked by the page",
    Origin.MENU: "linked in the menu",
    Origin.ROBOTS: "named in robots.txt",
    Origin.INDEX: "named in a sitemap index",
    Origin.USUAL: "at a usual path",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be added: a finding, and what to call it. ``followed`` is the source that it is already, ``interval``
    what the operator said of how often it is to be asked.
    """

    judged: Judged
    name: str
    title: str
    language: str
    followed: str = ""
    interval: str = ""


def print_proposals(report: Report, proposals: Sequence[Proposal], *, dry_run: bool) -> None:
    """What is added, with a sample of its entries, and in a line each what is not, and what stood in the way."""
    out = console()
    for each in proposals:
        one = each.judged.finding
        if each.followed:
            head = f"{one.url} is followed already, as {each.followed!r}"
        else:
            head = f"{each.name}: a {one.kind.value} at {one.url}{' (not added)' if dry_run else ''}"
        for line in (head, *(f"  {told}" for told in _told(each))):
            _print(out, line)
    for note in report.notes if proposals else ():
        _print(out, f"Note: {note}")
    shown = {id(each.judged) for each in proposals}
    left = [judged for judged in report.judged if id(judged) not in shown]
    lines = [*_left(left), *_missing(left)]
    if not lines or not (proposals or dry_run):
        return
    click.echo("Not added:")
    most = len(lines) if dry_run else _MOST_LEFT
    for line in lines[:most]:
        _print(out, f"  {line}")
    if len(lines) > most:
        click.echo(f"  … and {len(lines) - most} more: --dry-run lists all")


def _print(out: Console, line: str) -> None:
    """A line that may be long, set in as it is."""
    text = line.lstrip(" ")
    print_lines(out, text, indent=" " * (len(line) - len(text)), hang="  ")


def _told(proposal: Proposal) -> list[str]:
    """A finding in a few lines: what it calls itself, how it was found, how much, how often, and a sample."""
    judged = proposal.judged
    one = judged.finding
    newest, count = one.newest(utc_now()), _count(judged)
    what = f"an index of {one.nested} sitemaps, one of them with {count}" if one.nested else count
    facts = [what, f"the newest of {_date(newest)}" if newest else "without dates"]
    rate = f"about {_number(one.per_day)} a day" if one.per_day is not None else "how many a day is not known yet"
    lines = [
        ", ".join(part for part in (proposal.title, proposal.language) if part),
        ", ".join(part for part in (_HOW[one.offer.origin], judged.why) if part),
        f"{', '.join(facts)}; {rate}: to be asked every {proposal.interval or _span(one.interval)}",
    ]
    for entry in one.sample():
        date = f"{_date(entry.published.at)}  " if entry.published else ""
        lines.append(f"  {date}{entry.title or entry.url}")
    return [line for line in lines if line]


def _left(left: Sequence[Judged]) -> list[str]:
    """What was found and is not added, but for what is not there at all."""
    lines = []
    for judged in left:
        one = judged.finding
        if one.offer.origin is Origin.USUAL and one.fault:
            continue
        count = f"{_count(judged)}; " if one.listing.entries else ""
        why = judged.why.removeprefix(f"{one.offer.url} ")  # as in "… answered 404 Not Found"
        lines.append(f"{one.kind.value} {one.url}: {count}{why}{' (--all adds it)' if judged.useful else ''}")
    return lines


def _missing(left: Sequence[Judged]) -> list[str]:
    usual = [one.finding for one in left if one.finding.offer.origin is Origin.USUAL and one.finding.fault]
    paths = [Base(one.offer.url).path for one in usual]
    return [f"nothing to be read at {', '.join(paths)}"] if paths else []


def give_up(report: Report) -> None:
    """Say in one line that nothing was found, and how to go on."""
    notes = list(report.notes[:2])
    unfit = (one for one in report.judged if one.finding.listing.entries and not one.finding.offer.narrow)
    notes += [f"the {one.finding.kind.value} {one.finding.url}: {one.why}" for one in islice(unfit, 2)]
    shown = f" ({'; '.join(notes)})" if notes else ""
    asked = f"{report.asked} addresses were asked; " if report.asked > 1 else ""
    go_on = "name a feed that you know of, or add the page itself with --kind page"
    click.echo(plain(f"scrape: nothing to follow was found at {report.url}{shown}; {asked}{go_on}"), err=True)


def report_dict(report: Report, proposals: Sequence[Proposal], *, added: bool) -> dict[str, Any]:
    """All that was found, as JSON knows it: ``name`` where it is (or would be) added, ``followed`` where it is."""
    by_id = {id(each.judged): each for each in proposals}
    found = []
    for judged in report.judged:
        each = by_id.get(id(judged))
        name = each.name if each and not each.followed else None
        found.append(_dict(judged) | {"name": name, "followed": (each.followed or None) if each else None})
    return {
        "url": report.url,
        "title": report.site.title or None,
        "language": report.site.language or None,
        "added": added,
        "asked": report.asked,
        "notes": list(report.notes),
        "found": found,
    }


def _dict(judged: Judged) -> dict[str, Any]:
    one = judged.finding
    return {
        "url": one.url,
        "kind": one.kind.value,
        "origin": one.offer.origin.value,
        "chosen": judged.chosen,
        "useful": judged.useful,
        "why": judged.why,
        "title": one.listing.title or one.offer.title or None,
        "language": one.listing.language or one.offer.language or None,
        "entries": len(one.listing.entries),
        "sitemaps": one.nested,
        "newest": one.newest(utc_now()) or None,
        "per_day": None if one.per_day is None else round(one.per_day, 2),
        "interval": round(one.interval) or None,
        "articles": round(one.articles, 2),
        "sample": [
            {"url": entry.url, "title": entry.title, "published_at": entry.published.at if entry.published else None}
            for entry in one.sample()
        ],
    }


def _count(judged: Judged) -> str:
    """How much it lists: ``1 entry``, ``12 links``."""
    one = judged.finding
    count = len(one.listing.entries)
    many, single = ("links", "link") if one.kind is SourceKind.PAGE else ("entries", "entry")
    return f"{count} {single if count == 1 else many}"


def _date(at: str) -> str:
    return at if len(at) == len("2026-11-23") else instant(from_instant(at))[:16].replace("T", " ")


def _number(per_day: float) -> str:
    return f"{per_day:.0f}" if per_day >= 3 else f"{per_day:.1f}"


def _span(seconds: float) -> str:
    """A time as people say it: ``25 min``, ``3.5 h``, ``1 day``."""
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 23.5 * 3600 else f"{seconds / 86400:.0f} day"
