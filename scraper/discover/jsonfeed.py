"""JSON Feed 1.0 and 1.1. Source: https://www.jsonfeed.org/version/1.1/.

An item's link is its ``url``, else its ``external_url``, else an ``id`` that is an address (what the standard asks ids
to be). Its date is ``date_published``, else ``date_modified``.
"""

from __future__ import annotations

import json
import re
from datetime import tzinfo
from typing import Any

from scraper.discover.dates import announced
from scraper.discover.document import Document
from scraper.discover.links import Base, as_meant
from scraper.discover.listing import at, fold, heading, newest
from scraper.discover.lookback import looked_back
from scraper.discover.paging import following_feed
from scraper.errors import BadURL, NotAFeed
from scraper.model import Entry, Listing

_HTTP = re.compile(r"https?://", re.IGNORECASE)


def read(document: Document, text: str) -> Listing:
    """The newest items of a JSON Feed, newest first. Raises NotAFeed."""
    base = Base(document.url)
    feed = _load(text)
    entries: list[Entry] = []
    dropped = 0
    for item in feed["items"]:
        try:
            entries.append(_entry(item if isinstance(item, dict) else {}, base, document.zone))
        except BadURL:
            dropped += 1
    folded = fold(entries)
    order = newest([at(entry) for entry in folded])
    listing = Listing(
        entries=tuple(folded[place] for place in order[: document.limit]),
        title=heading(_text(feed, "title")),
        language=_text(feed, "language") or None,
        dropped=dropped + max(0, len(order) - document.limit),
    )
    links = [{"rel": "next", "href": _text(feed, "next_url")}]
    return looked_back(listing, document, lambda: following_feed(links, "", base))


def _load(text: str) -> dict[str, Any]:
    try:
        feed = json.loads(text, strict=False)  # line breaks inside of texts are common
    except (ValueError, RecursionError) as error:
        raise NotAFeed("A JSON Feed that is not valid JSON (cut short?)") from error
    if not isinstance(feed, dict) or "jsonfeed.org/version" not in _text(feed, "version"):
        raise NotAFeed("JSON, but not a JSON Feed")
    if not isinstance(feed.get("items"), list):
        raise NotAFeed("A JSON Feed without items")
    return feed


def _entry(item: dict[str, Any], base: Base, zone: tzinfo | None) -> Entry:
    name = _text(item, "id")
    for candidate in (_text(item, "url"), _text(item, "external_url"), name if _HTTP.match(name) else ""):
        if candidate:
            published = announced([_text(item, "date_published"), _text(item, "date_modified")], zone)
            url = base.absolute(as_meant(candidate))
            return Entry(url=url, title=heading(_text(item, "title")), published=published)
    raise BadURL("An item without a link")


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    # Lone surrogates come from \ud800 in JSON, and no database takes them.
    return value.encode("utf-8", "replace").decode("utf-8").strip() if isinstance(value, str) else ""
