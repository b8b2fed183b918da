"""RSS 0.9x to 2.0, RDF and Atom, read by feedparser after mending. JSON Feeds go to their own module.

An entry's link is, in this order: feedburner's original link, its web page (Atom's ``rel=alternate``), its ``link``, a
``guid`` or ``id`` that is an address. Its date is when it was published, else when it was updated (Dublin Core's
``date`` among them). Entries without a page (a podcast's enclosure alone) are counted as dropped.
Sources: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec,
https://web.resource.org/rss/1.0/modules/syndication/, RFC 4287.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import feedparser

from scraper.discover import jsonfeed
from scraper.discover.dates import announced
from scraper.discover.decoding import decode
from scraper.discover.document import Document
from scraper.discover.links import Base, as_meant
from scraper.discover.listing import at, fold, heading, newest
from scraper.discover.lookback import looked_back
from scraper.discover.paging import following_feed
from scraper.discover.prolog import root
from scraper.discover.repair import bounded, closed, mended, thinned
from scraper.errors import BadURL, NotAFeed
from scraper.model import Date, Entry, Listing

_HTTP = re.compile(r"https?://", re.IGNORECASE)
_RELATIONS = "http://www.iana.org/assignments/relation/"  # RFC 4287, 4.2.7.2
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_SLACK = 100
_DAY = 86_400.0
_PERIODS = {"hourly": 3600.0, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
# What feedparser lets through for hostile input; RuntimeError is sgmllib's and the recursion limit's.
_FOREIGN = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def read(document: Document) -> Listing:
    """The newest entries of a feed, newest first. A feed without entries is an empty listing.

    Raises NotAFeed where it cannot be read, LimitExceeded where it is built to choke a parser, and BadURL where the
    document's own address is none.
    """
    base = Base(document.url)
    text = decode(document.body, document.content_type)
    if text.lstrip()[:1] in {"{", "["}:
        return jsonfeed.read(document, text)
    first = root(text)
    # Twice the limit: doubles fold and linkless entries drop out afterwards.
    thin, gone = thinned(closed(mended(text, first), first), 2 * document.limit + _SLACK)
    parsed = _parse(bounded(thin), base)
    home = _home(parsed["feed"], base)
    entries: list[Entry] = []
    dropped = gone
    for item in parsed["entries"]:
        try:
            entries.append(_entry(item, home, document.zone))
        except BadURL:
            dropped += 1
    folded = fold(entries)
    order = newest([at(entry) for entry in folded])
    listing = Listing(
        entries=tuple(folded[place] for place in order[: document.limit]),
        title=heading(_text(parsed["feed"], "title")),
        language=_text(parsed["feed"], "language") or None,
        dropped=dropped + max(0, len(order) - document.limit),
        ttl=_ttl(parsed["feed"]),
    )
    links = [link for link in _get(parsed["feed"], "links", []) if isinstance(link, dict)]
    generator = _generator(parsed["feed"])
    return looked_back(listing, document, lambda: following_feed(links, generator, base))


def _parse(text: str, base: Base) -> Mapping[str, Any]:
    """Through feedparser: the one door where what it raises becomes ours."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if "xml:base" in text:
        # feedparser follows xml:base, by urljoin; all other links are joined by the WHATWG's rules, here.
        headers["content-location"] = base.href
    # A stream: feedparser opens what looks like a path or a URL.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except _FOREIGN as error:
        raise NotAFeed(f"A feed that cannot be parsed: {type(error).__name__}") from error
    return parsed


def _ttl(feed: Mapping[str, Any]) -> float | None:
    """RSS's ``ttl`` (minutes), else the syndication module's period, shared out by how often it updates in that.

    WordPress writes "once an hour" into every feed, whatever is published: from it that says nothing.
    """
    minutes, often = _text(feed, "ttl"), _text(feed, "sy_updatefrequency") or "1"
    if re.fullmatch(r"[0-9]{1,9}", minutes) and int(minutes):
        return min(int(minutes) * 60.0, _DAY)
    period = _PERIODS.get(_text(feed, "sy_updateperiod").lower())
    if period is None or not re.fullmatch(r"[0-9]{1,9}", often) or not int(often):
        return None
    seconds = min(period / int(often), _DAY)
    return None if seconds == _PERIODS["hourly"] and "wordpress" in _generator(feed).lower() else seconds


def _generator(feed: Mapping[str, Any]) -> str:
    return " ".join(_text(feed, key) for key in ("generator", "generator_uri"))


def _home(feed: Mapping[str, Any], base: Base) -> Base:
    """What links are relative to: the feed's address, or its site's where another host hands out the feed."""
    try:
        site = Base(_text(feed, "link"))
    except BadURL:
        return base
    return base if site.host == base.host else site


def _entry(item: Mapping[str, Any], base: Base, zone: tzinfo | None) -> Entry:
    """One entry. Raises BadURL where it has no link to a page."""
    return Entry(url=_link(item, base), title=heading(_text(item, "title")), published=_published(item, zone))


def _link(item: Mapping[str, Any], base: Base) -> str:
    links = [link for link in _get(item, "links", []) if isinstance(link, dict)]
    enclosures = {_text(link, "href") for link in links if _text(link, "rel") == "enclosure"}
    pages = [link for link in links if _text(link, "rel").lower().removeprefix(_RELATIONS) == "alternate"]
    candidates = [_text(item, "feedburner_origlink")]
    candidates += [_text(link, "href") for link in pages if _text(link, "type") in _PAGE_TYPES]
    name = _text(item, "id")
    candidates += [_text(item, "link"), *(_text(link, "href") for link in pages)]
    candidates += [name] if "guidislink" not in item else []  # rdf:about; of a guid, feedparser knows better
    for candidate in candidates:
        # feedparser offers the guid as a link: it is one only if it is an address, and not the enclosure's.
        if candidate and (candidate != name or _HTTP.match(candidate)) and candidate not in enclosures:
            try:
                return base.absolute(as_meant(candidate))
            except BadURL:
                continue
    raise BadURL("An entry without a link to a page")


def _published(item: Mapping[str, Any], zone: tzinfo | None) -> Date | None:
    return announced([_text(item, name) for name in ("published", "created", "updated")], zone)


def _get(item: Mapping[str, Any], key: str, default: Any) -> Any:
    # FeedParserDict answers `updated` with `published` and a warning; a plain dict's look-up does not.
    return dict.get(item, key, default) if isinstance(item, dict) else default


def _text(item: Mapping[str, Any], key: str) -> str:
    value = _get(item, key, "")
    return value.strip() if isinstance(value, str) else ""
