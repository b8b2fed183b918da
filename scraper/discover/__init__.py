"""What a source answered with -> the entries that it announces. Pure: bytes in, a :class:`Listing` out.

::

    body --gunzip--> bytes --sniff--> kind
      feed     decode -> prolog off, mended -> feedparser -> entries      feeds, jsonfeed
      sitemap  decode -> prolog off, mended -> expat      -> entries      sitemaps (or lines of text)
      page     decode -> selectolax         -> links      -> entries      sections, shapes
    entries --folded by URL, newest first, cut to the limit--> Listing    listing

Importing this package is cheap: feedparser, selectolax and charset-normalizer are loaded by the reader that needs them.
"""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.discover.document import Document
from scraper.discover.gzipped import gunzip
from scraper.discover.sniffing import sniff
from scraper.errors import BadUsage, NotAFeed, WrongType
from scraper.model import Listing, SourceKind

__all__ = ["Document", "discover", "read", "sniff", "zone_of"]

_CALLED = {SourceKind.FEED: "a feed", SourceKind.SITEMAP: "a sitemap", SourceKind.PAGE: "a web page"}


def discover(
    kind: SourceKind,
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    limit: int = 1000,
    zone: str | None = None,
) -> Listing:
    """The entries that a source's answer announces: the newest ``limit`` of them, or a page's first.

    ``url`` is where the answer came from (after redirects): links are relative to it. ``content_type`` is the header
    as it was sent; only its charset is believed. ``zone`` is the source's configured time zone (``Europe/Riga``), for
    dates that name none. A body may be a gzip file. A source of the kind ``sitemap`` may answer with a feed, as
    sitemaps.org allows.

    Raises NotAFeed (no feed or sitemap, or one that cannot be read), WrongType (no web page, where ``kind`` is
    ``page``), LimitExceeded (a gzip file over its limits), BadURL and BadUsage (``url`` or ``zone`` cannot be used).
    """
    return read(kind, Document(body, url, content_type or "", limit, zone_of(zone)))


def read(kind: SourceKind, document: Document) -> Listing:
    """As :func:`discover`, of a document that says itself how it is to be read."""
    document = replace(document, body=gunzip(document.body))
    found = _found(kind, document.body, document.content_type)
    if found is SourceKind.PAGE:
        from scraper.discover import sections  # selectolax, only where a page is read

        return sections.read(document)
    if found is SourceKind.SITEMAP:
        from scraper.discover import sitemaps

        return sitemaps.read(document)
    from scraper.discover import feeds  # feedparser costs 60 ms

    return feeds.read(document)


def _found(kind: SourceKind, body: bytes, content_type: str | None) -> SourceKind:
    """What the bytes are, where that is something that a source of this kind may answer with."""
    try:
        found = sniff(body, content_type)
    except NotAFeed as error:
        if kind is SourceKind.PAGE:
            raise WrongType(f"Expected a web page; {error}") from error
        raise
    if found is kind or (kind is SourceKind.SITEMAP and found is SourceKind.FEED):
        return found
    message = f"Expected {_CALLED[kind]}, but this is {_CALLED[found]}"
    if kind is SourceKind.PAGE:
        raise WrongType(message)
    raise NotAFeed(message)


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of that IANA name. Raises BadUsage."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadUsage(f"No such time zone: {name!r}") from error
