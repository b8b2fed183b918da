"""Atom (RFC 4287) and JSON Feed 1.1. Pure.

Written with the standard library: all that a feed library would add is a dependency, and feedgen, the usual one, brings
lxml for it. ElementTree escapes; what XML cannot hold at all is taken out before.
"""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import markup

MOST = 100
"""Entries of a feed, at most."""
USUAL = 50

_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ET.register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself. ``address`` is its own, ``page`` that of the same as a page; both absolute."""

    title: str
    address: str
    page: str
    site: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. ``address`` is the original one, which stays, and so is its id; ``local`` is where we show it.

    ``published`` and ``updated`` are instants; ``published`` is None where no date was found.
    """

    title: str
    address: str
    local: str
    published: str | None
    updated: str
    stored: str
    authors: Sequence[str]
    tags: Sequence[str]
    language: str | None
    summary: str | None
    html: str


def entry(row: Mapping[str, Any], local: str) -> Entry:
    """An article of the database, as `searching.feed` reads it."""
    published = _instant(row["published_at"])
    html, cut = markup.body(row["body_markdown"], row["body"])
    return Entry(
        title=row["title"],
        address=markup.web_address(row["url"]) or local,
        local=local,
        published=published,
        updated=max(filter(None, (row["revised_at"], published)), default=row["first_seen_at"]),
        stored=row["revised_at"] or row["first_seen_at"],
        authors=_list(row["authors"]),
        tags=_list(row["tags"]),
        language=row["language"],
        summary=row["summary"],
        html=str(html) + ('<p><a href="{}">…</a></p>'.format(local) if cut else ""),  # noqa: UP032 - beside markup
    )


def etag(rows: Sequence[Mapping[str, Any]], head: Head) -> str:
    """Another one as soon as the feed would be another one."""
    names = ("id", "revision", "title", "published_at", "revised_at", "url", "summary", "login")
    said = [[row[name] for name in names] for row in rows]
    return f'"{hashlib.sha256(json.dumps([head.title, head.address, said]).encode()).hexdigest()[:32]}"'


def atom(head: Head, entries: Sequence[Entry]) -> bytes:
    """A feed as Atom."""
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", head.title)
    _add(feed, "id", head.address)
    _add(feed, "updated", max((one.updated for one in entries), default="1970-01-01T00:00:00Z"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=head.address)
    _add(feed, "link", rel="alternate", type="text/html", href=head.page)
    _add(_add(feed, "author"), "name", head.site)
    for one in entries:
        _add_entry(feed, one)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: ET.Element, one: Entry) -> None:
    into = _add(feed, "entry")
    if one.language and re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", one.language):
        into.set("{http://www.w3.org/XML/1998/namespace}lang", one.language)
    _add(into, "title", one.title)
    _add(into, "id", one.address)
    _add(into, "link", rel="alternate", type="text/html", href=one.address)
    _add(into, "link", rel="related", type="text/html", href=one.local)
    _add(into, "updated", one.updated)
    if one.published:
        _add(into, "published", one.published)
    for name in one.authors:
        _add(_add(into, "author"), "name", name)
    for tag in one.tags:
        _add(into, "category", term=tag)
    if one.summary:
        _add(into, "summary", one.summary)
    _add(into, "content", one.html, type="html")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    made = ET.SubElement(parent, f"{{{_ATOM}}}{name}", clean)
    made.text = None if text is None else _NOT_XML.sub("", text)
    return made


def jsonfeed(head: Head, entries: Sequence[Entry]) -> bytes:
    """A feed as JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.address,
        "authors": [{"name": head.site}],
        "items": [_item(one) for one in entries],
    }
    return json.dumps(feed, ensure_ascii=False).encode("utf-8", "replace")


def _item(one: Entry) -> dict[str, Any]:
    item = {
        "id": one.address,
        "url": one.address,
        "title": one.title,
        "content_html": one.html,
        "summary": one.summary,
        "date_published": one.published,
        "date_modified": one.updated,
        "authors": [{"name": name} for name in one.authors],
        "tags": list(one.tags),
        "language": one.language,
    }
    return {name: value for name, value in item.items() if value}


def _instant(text: str | None) -> str | None:
    return f"{text}T00:00:00Z" if text and len(text) == 10 else text or None


def _list(text: str) -> list[str]:
    try:
        value = json.loads(text)
    except ValueError:  # written by another program: ours stores nothing else
        return []
    return [str(item) for item in value] if isinstance(value, list) else []
