"""A fleet of hosts, asked for feeds and pages by two fetchers that share one database, one after the other and at once.

What is judged is the log of the server: when each request came, and what it carried.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from scraper.errors import Disallowed, ScrapeError
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.options import Manners
from scraper.ledger import StoredLedger, new_holder
from scraper.model import FetchKind, Page
from scraper.store.writer import Writer
from scraper.units import Duration
from tests.fetch.loopback import Call, Reply, Script, Site, fetcher, options, run, site

SPACING = 0.12
SLACK = 0.02  # of two clocks, and of a request on its way
HOSTS = tuple(f"127.0.0.{number}" for number in range(2, 10))
PAUSED, TROUBLED = HOSTS[0], HOSTS[1]
ROBOTS = b"User-agent: *\nDisallow: /print/\nAllow: /\n"
FEED = b"<rss><channel><title>x</title></channel></rss>"


def answers() -> dict[str, Script | list[Script]]:
    """The same on every host, but for what comes once: a 429 with a second's pause, and an error that passes."""
    unchanged = Reply(304, b"", (("ETag", '"1"'),), length=None)
    feed = Reply(200, FEED, (("ETag", '"1"'), ("Content-Type", "application/rss+xml")))
    return {
        "/robots.txt": Reply(200, ROBOTS, (("Content-Type", "text/plain"),)),
        "/feed.xml": [*([feed] * len(HOSTS)), unchanged],
        "/story": [*([Reply(headers=(("ETag", '"1"'),))] * len(HOSTS)), unchanged],
        "/busy": [Reply(429, b"", (("Retry-After", "1"),)), Reply()],
        "/flaky": [Reply(500, b""), Reply(500, b""), Reply()],
        **{f"/{number}": Reply(hold=0.01 * number) for number in range(4)},
    }


async def visit(made: Fetcher, place: Site, etags: dict[str, str]) -> list[Page | ScrapeError | BaseException]:
    """All hosts at once: their feeds, some pages, what is disallowed, what is busy and what is flaky."""
    asked = []
    for host in HOSTS:
        for path, kind in (("/feed.xml", FetchKind.FEED), ("/story", FetchKind.PAGE)):
            asked.append(Request(place.url(path, host), kind, etag=etags.get(place.url(path, host))))
        asked += [Request(place.url(f"/{number}", host)) for number in range(4)]
        asked.append(Request(place.url("/print/1", host)))
    asked += [Request(place.url("/busy", PAUSED)), Request(place.url("/flaky", TROUBLED))]
    found = await asyncio.gather(*(made.fetch(request) for request in asked), return_exceptions=True)
    for request, page in zip(asked, found, strict=True):
        if isinstance(page, Page) and page.header("etag"):
            etags[request.url] = page.header("etag") or ""
    return found


def by_host(place: Site) -> dict[str, list[Call]]:
    """What each host was asked, in the order of its coming."""
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in sorted(place.calls, key=lambda call: call.begun):
        calls[call.address].append(call)
    return calls


def test_no_host_is_asked_too_often_or_for_what_it_forbids(tmp_path: Path) -> None:
    manners = Manners(spacing=Duration(SPACING))
    etags: dict[str, str] = {}

    async def main() -> None:
        async with site(answers(), hosts=HOSTS) as place:
            settings = options(place, retries=3)
            for _ in range(2):  # the second is a restart: nothing is known but what the database has
                async with Writer(tmp_path, busy_timeout=10) as writer:
                    ledger = StoredLedger(writer)
                    async with (
                        fetcher(settings, manners, ledger, new_holder()) as one,
                        fetcher(settings, manners, ledger, new_holder()) as other,
                    ):
                        found = await visit(one, place, etags)
                        also = await asyncio.gather(
                            *(made.fetch(Request(place.url("/0", host))) for made in (one, other) for host in HOSTS)
                        )
                refused = [error for error in found if isinstance(error, BaseException)]
                assert {type(error) for error in refused} == {Disallowed}
                assert len(refused) == len(HOSTS)
                assert {page.status for page in also} == {200}
            judge(place)

    run(main())


def judge(place: Site) -> None:
    """Every promise, by the log."""
    calls = by_host(place)
    assert set(calls) == set(HOSTS)
    for host, asked in calls.items():
        assert [call.path for call in asked].count("/robots.txt") == 1  # kept in the database over the restart
        assert asked[0].path == "/robots.txt"
        for before, after in pairwise(asked):
            assert after.begun >= before.ended + SPACING - SLACK, (host, before.path, after.path)
        for path in ("/feed.xml", "/story"):
            again = [call for call in asked if call.path == path]
            assert [call.headers.get("if-none-match") for call in again] == [None, '"1"']
    assert not [call for call in place.calls if call.path.startswith("/print/")]
    busy = calls[PAUSED]
    paused = next(at for at, call in enumerate(busy) if call.path == "/busy")
    assert busy[paused + 1].begun >= busy[paused].ended + 1 - SLACK
    assert [call.path for call in calls[TROUBLED]].count("/flaky") == 4  # two errors, and an answer each time
