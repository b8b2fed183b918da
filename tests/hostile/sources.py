"""Feeds and sitemaps, polled: what is conditional, what is no feed, and what would grow without a bound."""

from __future__ import annotations

import gzip
from functools import partial
from typing import Any

from scraper.model import Outcome, SourceKind
from tests.fetch.loopback import Reply
from tests.hostile import case
from tests.hostile.answers import coded, moved, packed, story
from tests.hostile.case import FEED, SITEMAP, Answers, Case

XML = ("Content-Type", "application/xml")
ETAG = ("ETag", '"1"')
MIB = 2**20

feed_fails = partial(case.failed, path=FEED, kind=SourceKind.FEED)
feed_skips = partial(case.skipped, path=FEED, kind=SourceKind.FEED)
map_skips = partial(case.skipped, path=SITEMAP, kind=SourceKind.SITEMAP)


def rss(items: str = "", head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def items(many: int) -> str:
    return "".join(f"<item><title>Story {n}</title><link>/story/{n}</link></item>" for n in range(many))


def urlset(many: int) -> bytes:
    return b"<urlset>" + b"".join(b"<url><loc>/story/%d</loc></url>" % number for number in range(many)) + b"</urlset>"


def index(*urls: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


def feed(name: str, page: Answers, reason: str = "new entries", says: str = "", **more: Any) -> Case:
    outcome = Outcome.SAVED if reason == "new entries" else Outcome.UNCHANGED
    return Case(name, page, outcome, reason, says, **{"path": FEED, "kind": SourceKind.FEED, **more})


sitemap = partial(feed, path=SITEMAP, kind=SourceKind.SITEMAP)


FULL = Reply(200, rss(items(3)), (XML, ETAG))
LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {after} '{f'&{before};' * 10}'>" for before, after in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>"  # fmt: skip

CASES = (
    feed("a feed", FULL, says="3 new of 3 entries"),
    feed("a feed that did not change", (FULL, Reply(304, b"", (ETAG,), length=None)), "not modified", times=2),
    feed(
        "a feed of which 304 names the length of 200",
        (FULL, Reply(304, b"", (ETAG,), length=999)),
        "not modified",
        times=2,
    ),
    feed("a feed that was sent again", (FULL, FULL), "same bytes", times=2),
    feed_skips("304 to the first question after a feed", Reply(304, b"", (ETAG,), length=None), "refused", "304"),
    feed("a feed whose 304 has a body", (FULL, b"HTTP/1.1 304 X\r\n\r\n" + rss()), "not modified", times=2),
    feed("a feed in gzip, typed as HTML", coded("gzip", gzip.compress(rss(items(5)))), says="5 new of 5 entries"),
    feed("a feed behind a redirect", moved("/real.xml"), others={"/real.xml": FULL}),
    feed("a feed of nothing", Reply(200, rss(), (XML,)), "nothing new"),
    feed(
        "a feed of a billion laughs",
        Reply(200, rss(items(2) + "<item><link>/x</link><title>&j;</title></item>", LAUGHS), (XML,)),
        says="3 new",
    ),
    feed_skips(
        "a feed that is a bomb", packed("gzip", lambda: gzip.compress(bytes(64 * MIB))), "unpacks too far", alone=True
    ),
    feed_skips("a feed that is a page", Reply(200, story("x").encode(), (XML,)), "not a feed"),
    feed_skips("a feed that is empty", Reply(200, b"", (XML,)), "not a feed"),
    feed_skips("a feed that is JSON", Reply(200, b'{"a": [1]}', (XML,)), "not a feed"),
    feed_skips("a feed that is a PDF", Reply(200, b"%PDF-1.7\n", (XML,)), "not a feed", "a PDF"),
    feed_skips("a feed that is gone", Reply(410, b""), "gone"),
    feed_skips("a feed at a private place", moved("http://10.0.0.1/feed"), "unsafe address"),
    feed_fails("a feed cut short by its server", Reply(200, rss(items(9)), (XML,), length=9999), "truncated"),
    # --- sitemaps
    sitemap("a sitemap", Reply(200, urlset(9), (XML,)), says="9 new of 9 entries"),
    sitemap(
        "a sitemap in a gzip file", Reply(200, gzip.compress(urlset(9)), (("Content-Type", "application/x-gzip"),))
    ),
    map_skips(
        "a sitemap in a gzip file that is a bomb",
        packed("", lambda: gzip.compress(urlset(1) + bytes(64 * MIB))),
        "too large",
        alone=True,
    ),
    map_skips(
        "an index of what may not be asked", Reply(200, index("http://10.0.0.1/a.xml"), (XML,)), "unsafe address"
    ),
    map_skips("an index of what is gone", Reply(200, index("/a.xml", "/b.xml"), (XML,)), "gone"),
    sitemap("an index of itself", Reply(200, index(SITEMAP), (XML,)), "nothing new"),
    # --- pages that announce
    case.skipped(
        "a section that is a PDF",
        Reply(200, b"%PDF-1.7\n", (("Content-Type", "text/html"),)),
        "wrong type",
        path="/news",
        kind=SourceKind.PAGE,
    ),
)
