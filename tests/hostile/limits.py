"""As much as the limits let through, and a little more: what costs memory. The cheapest come first."""

from __future__ import annotations

import gzip

from tests.hostile.answers import endless, packed, prose, story, stream
from tests.hostile.case import saved, skipped
from tests.hostile.sources import MIB, feed, feed_skips, items, map_skips, rss, sitemap, urlset

PAGE = 10 * MIB
OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nConnection: close\r\n\r\n"


def large(title: str, size: int) -> bytes:
    """A story, and prose after it up to that size."""
    page = story(title).encode()
    return page + prose(size - len(page))


def scripted(title: str, size: int) -> bytes:
    """A story with so much script before it."""
    head = f"<script>{prose(size - 4000).decode()}</script>"
    return story(title, head=head).encode()


def comment(size: int) -> bytes:
    return b"<!--" + prose(MIB) * (size // MIB) + b"-->"


CASES = (
    skipped(
        "a page a byte over the limit",
        packed("", lambda: large("One byte more", PAGE + 1)),
        "too large",
        alone=True,
        fresh=True,
    ),
    feed(
        "a feed of 100,000 entries",
        packed("", lambda: rss(items(100_000))),
        says="1000 new of 1000",
        alone=True,
        fresh=True,
    ),
    feed("a feed of 19 MiB", packed("", lambda: rss(items(2) + comment(19 * MIB).decode())), alone=True, fresh=True),
    feed_skips(
        "a feed without end",
        stream(OPEN, endless(b"<item/>" * 9999)),
        "too large",
        "20,971,520",
        alone=True,
        fresh=True,
    ),
    sitemap(
        "a sitemap as large as the limit",
        packed("", lambda: urlset(9) + b"\n" * (50 * MIB - len(urlset(9)))),
        alone=True,
        fresh=True,
    ),
    sitemap(
        "a sitemap of 40 MiB in a gzip file",
        packed("", lambda: gzip.compress(urlset(9) + comment(40 * MIB))),
        alone=True,
        fresh=True,
    ),
    map_skips(
        "a sitemap without end",
        stream(OPEN, endless(b"<url/>" * 9999)),
        "too large",
        "52,428,800",
        alone=True,
        fresh=True,
    ),
    saved(
        "a page at the limit, most of it script",
        packed("", lambda: scripted("Scripted", PAGE)),
        "Scripted",
        alone=True,
        fresh=True,
    ),
    skipped(
        "a page at the limit, all of it prose",
        packed("", lambda: large("At the limit", PAGE)),
        "too large",
        "longer than 2,000,000 characters",
        alone=True,
        fresh=True,
    ),
)
