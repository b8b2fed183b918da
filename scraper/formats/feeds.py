"""Articles as Atom (RFC 4287) and JSON Feed 1.1.

Written with the standard library: all that a feed library would add is a dependency, and feedgen, the usual one, brings
lxml for it. ElementTree escapes; what XML cannot hold at all is taken out before. An entry is written by itself, so a
feed of any length takes the memory of one.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scraper.formats import html
from scraper.model import StoredArticle

EMPTY = "1970-01-01T00:00:00Z"
"""When a feed was updated that has no entries."""
_ATOM = "http://www.w3.org/2005/Atom"
_KIND = "urn:article-scraper:kind"  # the scheme of the category that says what an article is
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LONGEST = 1_000_000  # characters of a body that is read as Markdown; a longer one stands as plain text


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed says of itself. ``id`` is its own address, or a name that stays; ``address`` is where it is found,
    ``page`` where the same is found as a page: both absolute, or empty for a feed that is a file.
    """

    title: str
    id: str
    site: str
    updated: str = EMPTY
    address: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article. ``address`` is the original one, which stays, and so is its id; ``local`` is where we show it.

    ``published`` and ``updated`` are instants; ``published`` is None where no date was found.
    """

    title: str
    address: str
    published: str | None
    updated: str
    authors: Sequence[str]
    tags: Sequence[str]
    language: str | None
    summary: str | None
    html: str
    local: str = ""
    kind: str = ""
    image: str | None = None


def entry(stored: StoredArticle, revised_at: str | None) -> Entry:
    """A stored article, the present text of which took the place of another at an instant (None: it is the first)."""
    article = stored.article
    text = article.body_markdown or article.body
    return Entry(
        title=article.title,
        address=article.url,
        published=as_instant(article.published_at),
        updated=updated(article.published_at, stored.first_seen_at, revised_at),
        authors=article.authors,
        tags=article.tags,
        language=article.language,
        summary=article.summary,
        html=html.render(text) if len(text) <= _LONGEST else html.paragraphs(article.body),
        kind=article.kind.value,
        image=article.image_url,
    )


def updated(published_at: str | None, first_seen_at: str, revised_at: str | None) -> str:
    """When an article last changed: when its text took another's place, else when it was published or first seen."""
    return max(filter(None, (revised_at, as_instant(published_at))), default=first_seen_at)


def as_instant(text: str | None) -> str | None:
    """A date as feeds want it: they know no bare days, so that one is its midnight in UTC."""
    return f"{text}T00:00:00Z" if text and len(text) == 10 else text or None


def atom(head: Head, entries: Iterable[Entry]) -> Iterator[bytes]:
    """A feed as Atom, piece by piece."""
    feed = ET.Element("feed", xmlns=_ATOM)
    _add(feed, "title", head.title)
    _add(feed, "id", head.id)
    _add(feed, "updated", head.updated)
    if head.address:
        _add(feed, "link", rel="self", type="application/atom+xml", href=head.address)
    if head.page:
        _add(feed, "link", rel="alternate", type="text/html", href=head.page)
    _add(_add(feed, "author"), "name", head.site)
    opened, closing, _ = ET.tostring(feed, encoding="unicode").rpartition("</feed>")
    yield b'<?xml version="1.0" encoding="utf-8"?>\n' + opened.encode()
    for one in entries:
        yield b"\n" + ET.tostring(_atom_entry(one), encoding="unicode").encode()
    yield f"\n{closing}\n".encode()


def _atom_entry(one: Entry) -> ET.Element:
    into = ET.Element("entry")
    if one.language and _LANGUAGE.fullmatch(one.language):
        into.set("xml:lang", one.language)
    _add(into, "title", one.title)
    _add(into, "id", one.address)
    _add(into, "link", rel="alternate", type="text/html", href=one.address)
    if one.local:
        _add(into, "link", rel="related", type="text/html", href=one.local)
    _add(into, "updated", one.updated)
    if one.published:
        _add(into, "published", one.published)
    for name in _said(one.authors):
        _add(_add(into, "author"), "name", name)
    for tag in _said(one.tags):
        _add(into, "category", term=tag)
    if one.kind:
        _add(into, "category", term=one.kind, scheme=_KIND)
    if one.summary:
        _add(into, "summary", one.summary)
    _add(into, "content", one.html, type="html")
    return into


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    clean = {key: _NOT_XML.sub("", value) for key, value in attributes.items()}
    made = ET.SubElement(parent, name, clean)
    made.text = None if text is None else _NOT_XML.sub("", text)
    return made


def jsonfeed(head: Head, entries: Iterable[Entry]) -> Iterator[bytes]:
    """A feed as JSON Feed 1.1, piece by piece."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.page,
        "feed_url": head.address,
        "authors": [{"name": head.site}],
    }
    opened = _json({name: value for name, value in feed.items() if value})
    yield opened[:-1] + b', "items": ['
    for place, one in enumerate(entries):
        yield (b",\n" if place else b"\n") + _json(_item(one))
    yield b"\n]}\n"


def _item(one: Entry) -> dict[str, Any]:
    item = {
        "id": one.address,
        "url": one.address,
        "title": one.title,
        "content_html": one.html,
        "summary": one.summary,
        "image": one.image,
        "date_published": one.published,
        "date_modified": one.updated,
        "authors": [{"name": name} for name in _said(one.authors)],
        "tags": _said(one.tags),
        "language": one.language,
        "_article_scraper": {"kind": one.kind} if one.kind else None,
    }
    # An item has to have a content, be it empty.
    return {name: value for name, value in item.items() if value or name == "content_html"}


def _said(names: Iterable[str]) -> list[str]:
    """Names without those that have nothing to be read in them."""
    return [name for name in names if _NOT_XML.sub("", name).strip()]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
