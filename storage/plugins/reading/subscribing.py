"""The feeds of any search, any source, and all: what their addresses answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from . import asked as asking
from . import markup, searching, views

try:
    from scraper.formats import feeds
except ImportError:  # a Datasette of its own, without the scraper beside it
    feeds = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from scraper.formats.feeds import Entry, Head

MOST = 100
"""Entries of a feed, at most."""
USUAL = 50
_TYPES = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}


@views.page
async def feed(datasette: Datasette, request: Request) -> Response:
    """A feed; 304 where the reader has it. What it took a login to read is left out, unless ``login=1`` asks for it."""
    if feeds is None:
        raise views.NotHere("Feeds are written by article-scraper, which is not installed beside this Datasette.")
    form = request.url_vars["form"]
    asked = asking.read(request.args)
    if asked.troubles:
        raise views.NotHere(f"There is no such feed: {asked.troubles[0]}.")
    size = request.args.get("size") or ""
    limit = min(int(size), MOST) if size.isascii() and size.isdecimal() and len(size) < 9 else USUAL
    with_login = request.args.get("login") == "1"
    rows = await views.read(datasette, _rows, asked, limit, with_login)
    head = _head(datasette, request, asked)
    etag = await asyncio.to_thread(_etag, rows, head)
    # No Last-Modified: what is forgotten or leaves a search changes a feed and has no date.
    told = {"etag": etag, "cache-control": "no-cache", "x-robots-tag": "noindex"}
    if _is_known(request, etag):
        return Response(b"", status=304, headers=told, content_type=_TYPES[form])
    # Rendering 50 bodies takes a tenth of a second: others are served meanwhile.
    root = datasette.absolute_url(request, datasette.urls.path("/")).rstrip("/")
    body = await asyncio.to_thread(_written, form, head, rows, root)
    return Response(body, headers=told, content_type=_TYPES[form])


def _rows(conn: Any, asked: asking.Asked, limit: int, with_login: bool) -> Any:
    if asked.source and conn.execute("SELECT 1 FROM sources WHERE name = ?", (asked.source,)).fetchone() is None:
        raise views.NotHere(f"No source is called “{asked.source}”.")
    return searching.feed(conn, asked, limit, with_login=with_login)


def _written(form: str, head: Head, rows: Any, root: str) -> bytes:
    entries = [_entry(row, f"{root}/-/article/{row['id']}") for row in rows]
    head = replace(head, updated=max((one.updated for one in entries), default=feeds.EMPTY))
    return b"".join((feeds.atom if form == "atom" else feeds.jsonfeed)(head, entries))


def _entry(row: Mapping[str, Any], local: str) -> Entry:
    """An article of the database, as `searching.feed` reads it."""
    html, cut = markup.body(row["body_markdown"], row["body"])
    return feeds.Entry(
        title=row["title"],
        address=markup.web_address(row["url"]) or local,
        local=local,
        published=feeds.as_instant(row["published_at"]),
        updated=feeds.updated(row["published_at"], row["first_seen_at"], row["revised_at"]),
        authors=_list(row["authors"]),
        tags=_list(row["tags"]),
        language=row["language"],
        summary=row["summary"],
        html=str(html) + ('<p><a href="{}">…</a></p>'.format(local) if cut else ""),  # noqa: UP032 - beside markup
    )


def _list(text: str) -> list[str]:
    try:
        value = json.loads(text)
    except ValueError:  # written by another program: ours stores nothing else
        return []
    return [str(item) for item in value] if isinstance(value, list) else []


def _etag(rows: Sequence[Iterable[object]], head: Head) -> str:
    """Another one as soon as the feed would be another one."""
    digest = hashlib.sha256(repr(head).encode("utf-8", "replace"))
    for row in rows:
        digest.update(repr(tuple(row)).encode("utf-8", "replace"))
    return f'"{digest.hexdigest()[:32]}"'


def _head(datasette: Datasette, request: Request, asked: asking.Asked) -> Head:
    site = views.site_title(datasette)
    what = views.feed_of(asked)
    query = f"?{request.query_string}" if request.query_string else ""
    own = datasette.urls.path(f"/-/feed.{request.url_vars['form']}{query}")
    address = datasette.absolute_url(request, own)
    return feeds.Head(
        title=f"{site}: {what}" if what else site,
        id=address,
        address=address,
        page=datasette.absolute_url(request, datasette.urls.path(f"/-/search{asked.feed()}")),
        site=site,
    )


def _is_known(request: Request, etag: str) -> bool:
    """Whether the reader has this already."""
    match = request.headers.get("if-none-match") or ""
    return match.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in match.split(","))
