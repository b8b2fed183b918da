"""Feeds and dates read wholly right, beside feedparser alone: ``python -m tests.benchmarks.feeds [--list]``.

The feeds are those of tests/discover/feedset and fixtures/feeds, the dates those of tests/discover/habits.py, each in
a feed of its own. A feed is read right if its addresses, titles and dates are all what a careful person reads there,
and nothing else. feedparser is given the same bytes, the Content-Type and the address that they came from; its links
go through our normaliser, its titles lose their markup, and a midnight is taken for a day. ``--list`` names what each
reads wrongly. The last line compares CPU time over all the feeds, in this run.
"""

from __future__ import annotations

import argparse
import calendar
import html
import io
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import feedparser

from scraper.discover import discover
from scraper.discover.links import Base
from scraper.errors import BadURL, ScrapeError
from scraper.model import SourceKind, instant
from tests.discover.feedset import CASES
from tests.discover.feedset.case import Case, Told, rss
from tests.discover.habits import HABITS

FEEDS = Path(__file__).resolve().parents[2] / "fixtures" / "feeds"
RUNS = 5

Entries = frozenset[Told]
Read = Callable[[Case], Entries]
_CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def ours(case: Case) -> Entries:
    """What we read in a feed."""
    try:
        listing = discover(SourceKind.FEED, case.body, case.url, content_type=case.content_type)
    except ScrapeError:
        return frozenset()
    return frozenset(
        (entry.url, entry.title, entry.published.at if entry.published else None) for entry in listing.entries
    )


def feedparsers(case: Case) -> Entries:
    """What feedparser reads in it, put in our terms."""
    headers = {"content-type": case.content_type, "content-location": case.url}
    try:
        parsed = feedparser.parse(io.BytesIO(case.body), response_headers=headers)
    except _CRASHES:
        return frozenset()
    days = {url: at for url, _, at in case.entries or () if at and len(at) == len("2026-11-23")}
    found: dict[str, Told] = {}
    for entry in parsed.entries:
        try:
            url = Base(case.url).absolute(entry.get("link") or "")
        except BadURL:
            continue
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        at = _instant(moment) if moment else None
        if url in days and at == f"{days[url]}T00:00:00Z":
            at = days[url]
        found.setdefault(url, (url, _title(entry), at))
    return frozenset(found.values())


def _instant(moment: time.struct_time) -> str | None:
    try:
        return instant(datetime.fromtimestamp(calendar.timegm(moment), UTC))
    except (OverflowError, ValueError):
        return f"year {moment.tm_year}"


def _title(entry: feedparser.FeedParserDict) -> str | None:
    title = entry.get("title") or ""
    if entry.get("title_detail", {}).get("type") != "text/plain":
        title = html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", title))
    return " ".join(title.split()) or None


def folders() -> Iterator[tuple[str, Case]]:
    """The feeds of fixtures/feeds that are read without options, which feedparser has not."""
    for path in sorted(FEEDS.glob("*/request.json")):
        request = json.loads(path.read_text(encoding="utf-8"))
        if request["kind"] != "feed" or {"limit", "zone"} & set(request):
            continue
        listing = path.with_name("listing.json")
        told = json.loads(listing.read_text(encoding="utf-8"))["entries"] if listing.exists() else []
        entries = tuple((one["url"], one["title"], (one["published"] or {}).get("at")) for one in told)
        body = path.with_name(request["input"]).read_bytes()
        yield path.parent.name, Case(body, entries, request.get("content_type") or "", request["url"])


def habit(raw: str, at: str | None) -> Case:
    """A feed of one entry with this date."""
    url = "https://news.example/1"
    return rss(f"<item><title>1</title><link>{url}</link><pubDate>{escape(raw)}</pubDate></item>", ((url, "1", at),))


def table(name: str, groups: dict[str, dict[str, Case]]) -> Iterator[str]:
    """Rows of how many of each group both read right, the worst for feedparser first, and their sum."""
    rows = {
        group: (len(cases), *(sum(_right(case, read) for case in cases.values()) for read in (ours, feedparsers)))
        for group, cases in groups.items()
    }
    yield f"{name:28}{'of':>5}{'ours':>7}{'feedparser':>12}\n"
    for group, (of, us, them) in sorted(rows.items(), key=lambda row: row[1][2] / row[1][0]):
        yield f"{group:28}{of:5}{us:7}{them:12}\n"
    total = [sum(column) for column in zip(*rows.values(), strict=True)]
    yield f"{'all':28}{total[0]:5}{total[1]:7}{total[2]:12}\n"


def _right(case: Case, read: Read) -> bool:
    return read(case) == frozenset(case.entries or ())


def faults(dates: dict[str, dict[str, Case]]) -> str:
    """Of the dates that are not read right, how many are wrong and how many are just not read."""
    counts: Counter[str] = Counter()
    for name, read in (("ours", ours), ("feedparser", feedparsers)):
        for cases in dates.values():
            for case in cases.values():
                found = {at for _, _, at in read(case)}
                if not _right(case, read):
                    counts[f"{name} {'not read' if found <= {None} else 'wrong'}"] += 1
    told = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items()))
    return f"dates that are wrong, or not read: {told or 'none'}\n"


def seconds(cases: list[Case], read: Read) -> float:
    """CPU time for reading all of them once."""
    begun = time.process_time()
    for case in cases:
        read(case)
    return time.process_time() - begun


def main(arguments: list[str]) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.feeds", description=__doc__)
    parser.add_argument("--list", action="store_true", help="name what each reads wrongly")
    options = parser.parse_args(arguments)
    feeds = {**CASES, "whole feeds": dict(folders())}
    dates = {group: {raw: habit(raw, at) for raw, at in habits.items()} for group, habits in HABITS.items()}
    sys.stdout.writelines([*table("feeds", feeds), "\n", *table("dates", dates), faults(dates)])
    if options.list:
        for name, read in (("ours", ours), ("feedparser", feedparsers)):
            for group, cases in (feeds | dates).items():
                wrong = [title for title, case in cases.items() if not _right(case, read)]
                sys.stdout.writelines(f"{name}: {group}: {title!r}\n" for title in wrong)
    every = [case for cases in feeds.values() for case in cases.values()]
    us, them = (min(seconds(every, read) for _ in range(RUNS)) for read in (ours, feedparsers))
    sys.stdout.write(
        f"CPU time for {len(every)} feeds: "
        f"ours {us * 1000:.0f} ms, feedparser {them * 1000:.0f} ms, {us / them:.2f} of it\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
