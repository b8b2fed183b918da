"""RSS 0.9x to 2.0, RDF and Atom, read by feedparser after mending. JSON Feeds go to their own module.

An entry's link is, in this order: feedburner's original link, its web page (Atom's ``rel=alternate``), its ``link``, a
``guid`` or ``id`` that is an address. Its date is when it was published, else when it was updated (Dublin Core's
``date`` among them). Entries without a page (a podcast's enclosure alone) are counted as dropped.
Sources: https://www.rssboard.org/rss-specification, https://web.resource.org/rss/1.0/spec, RFC 4287.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import feedparser

from scraper.discover import jsonfeed
from scraper.discover.dates import announced, guessed
from scraper.discover.decoding import decode
from scraper.discover.document import Document
from scraper.discover.links import Base
from scraper.discover.listing import MAX_TITLE, at, fold, line, newest
from scraper.discover.lookback import looked_back
from scraper.discover.paging import following_feed
from scraper.discover.prolog import root
from scraper.discover.repair import bounded, closed, mended, thinned
from scraper.errors import BadURL, NotAFeed
from scraper.model import Date, Entry, Listing

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_SLACK = 100
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
    entries: list[Entry] = []
    dropped = gone
    for item in parsed["entries"]:
        try:
            entries.append(_entry(item, base, document.zone))
        except BadURL:
            dropped += 1
    folded = fold(entries)
    order = newest([at(entry) for entry in folded])
    listing = Listing(
        entries=tuple(folded[place] for place in order[: document.limit]),
        title=_plain(_text(parsed["feed"], "title")),
        language=_text(parsed["feed"], "language") or None,
        dropped=dropped + max(0, len(order) - document.limit),
    )
    links = [link for link in _get(parsed["feed"], "links", []) if isinstance(link, dict)]
    generator = " ".join(_text(parsed["feed"], key) for key in ("generator", "generator_uri"))
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


def _entry(item: Mapping[str, Any], base: Base, zone: tzinfo | None) -> Entry:
    """One entry. Raises BadURL where it has no link to a page."""
    return Entry(url=_link(item, base), title=_plain(_text(item, "title")), published=_published(item, zone))


def _link(item: Mapping[str, Any], base: Base) -> str:
    links = [link for link in _get(item, "links", []) if isinstance(link, dict)]
    enclosures = {_text(link, "href") for link in links if _text(link, "rel") == "enclosure"}
    pages = [link for link in links if _text(link, "rel") == "alternate"]
    candidates = [_text(item, "feedburner_origlink")]
    candidates += [_text(link, "href") for link in pages if _text(link, "type") in _PAGE_TYPES]
    candidates += [_text(item, "link"), *(_text(link, "href") for link in pages)]
    name = _text(item, "id")
    for candidate in candidates:
        # feedparser offers the guid as a link: it is one only if it is an address, and not the enclosure's.
        if candidate and (candidate != name or _HTTP.match(candidate)) and candidate not in enclosures:
            try:
                return base.absolute(candidate)
            except BadURL:
                continue
    raise BadURL("An entry without a link to a page")


def _published(item: Mapping[str, Any], zone: tzinfo | None) -> Date | None:
    names = ("published", "created", "updated")
    found = announced([_text(item, name) for name in names], zone)
    if found:
        return found
    for name in names:
        parsed = _get(item, f"{name}_parsed", None)
        if parsed:
            try:
                return guessed(_text(item, name), tuple(parsed), zone)
            except ValueError:
                continue
    return None


def _get(item: Mapping[str, Any], key: str, default: Any) -> Any:
    # FeedParserDict answers `updated` with `published` and a warning; a plain dict's look-up does not.
    return dict.get(item, key, default) if isinstance(item, dict) else default


def _text(item: Mapping[str, Any], key: str) -> str:
    value = _get(item, key, "")
    return value.strip() if isinstance(value, str) else ""


def _plain(title: str) -> str | None:
    """A title without markup: feeds write it as text, as HTML, and as HTML escaped twice."""
    title = title[: 8 * MAX_TITLE]
    text = html.unescape(_TAG.sub("", html.unescape(title)) if "<" in title or "&" in title else title)
    return line(text) or None
