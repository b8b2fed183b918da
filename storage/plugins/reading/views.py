"""The pages: what each address answers. They read in Datasette's threads and render its templates."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Request, Response

from . import asked as asking
from . import chart, differences, headers, health, latest, markup, record, searching
from .cache import Cache

_PATIENCE = 4000  # ms that one page may read
_FRESH = 5.0  # seconds that the home page's lists may be old
_LATEST, _CANDIDATES = 30, 90  # stories on the home page, and articles that are folded into them
_SPANS = (30, 90)
_TROUBLED = 12  # sources on the home page: those in trouble, and then others
_BIGGEST = 2**63 - 1

_cache = Cache(_FRESH)


class NotHere(Exception):
    """There is no such thing; in words for the reader."""


class TooSlow(Exception):
    """It took longer than a page may."""


async def read(datasette: Datasette, look: Callable[..., Any], *args: Any) -> Any:
    """What a function finds in news.db, at one instant. Raises TooSlow, and NotHere without that file."""

    def work(conn: sqlite3.Connection) -> Any:
        with sqlite_timelimit(conn, _PATIENCE):
            conn.execute("BEGIN")
            try:
                return look(conn, *args)
            except sqlite3.OperationalError as error:
                if "interrupted" in str(error):
                    raise TooSlow from error
                raise
            finally:
                conn.rollback()

    if "news" not in datasette.databases:
        raise NotHere("There is no news.db in this folder. “scrape init” makes it.")
    return await datasette.get_database("news").execute_fn(work)


def page(view: Callable[[Datasette, Request], Any]) -> Callable[..., Any]:
    """A view with what all have in common: who may see it, and what is answered where there is nothing to see."""

    async def shown(datasette: Datasette, request: Request) -> Response:
        # Raises Forbidden, which Datasette answers: whoever may not see the table sees no page made of it.
        await datasette.ensure_permissions(
            request.actor, [("view-table", ("news", "articles")), ("view-database", "news"), "view-instance"]
        )
        try:
            answer: Response = await view(datasette, request)
        except NotHere as error:
            return await _render(datasette, request, "lost", {"message": str(error)}, 404)
        except TooSlow:
            words = "That took too long. Ask for less: another word, a source, a span of days."
            return await _render(datasette, request, "lost", {"message": words}, 503)
        return answer

    return shown


async def _render(
    datasette: Datasette, request: Request, name: str, context: dict[str, Any], status: int = 200
) -> Response:
    metadata = datasette.metadata() or {}
    common = {"metadata": metadata, "here": name, "site_title": site_title(datasette)}
    html = await datasette.render_template(f"reading/{name}.html", {**common, **context}, request=request)
    return Response.html(html, status=status, headers={"content-security-policy": headers.OURS})


def site_title(datasette: Datasette) -> str:
    """The archive's name."""
    return str((datasette.metadata() or {}).get("title") or "News archive")


def _now() -> datetime:
    return datetime.now(UTC)


def _days(request: Request) -> int:
    given = request.args.get("days")
    return int(given) if given in {str(span) for span in _SPANS} else _SPANS[0]


@page
async def home(datasette: Datasette, request: Request) -> Response:
    """Latest stories, sources, articles a day, troubles."""
    days = _days(request)
    found = await _cache.get(("home", days), lambda: read(datasette, _home, _now(), days))
    return await _render(datasette, request, "home", {**found, "days": days, "spans": _SPANS})


def _home(conn: sqlite3.Connection, now: datetime, days: int) -> dict[str, Any]:
    today = now.date()
    rows = latest.newest(conn, _tomorrow(now), _CANDIDATES)
    sources = health.sources(conn, today)
    return {
        "items": latest.folded(conn, rows, _LATEST),
        "chart": _chart(conn, today, days),
        "sources": sources[:_TROUBLED],
        "sources_total": len(sources),
        "troubles": health.troubles(conn, today),
    }


def _tomorrow(now: datetime) -> str:
    return (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _chart(conn: sqlite3.Connection, today: date, days: int, source_id: int | None = None) -> chart.Chart:
    return chart.chart(health.stored_by_day(conn, today - timedelta(days=days - 1), source_id), today, days)


@page
async def sources(datasette: Datasette, request: Request) -> Response:
    """All sources and how they do."""
    found = await read(datasette, health.sources, _now().date())
    return await _render(datasette, request, "sources", {"sources": found})


@page
async def source(datasette: Datasette, request: Request) -> Response:
    """One source."""
    name, days = unquote(request.url_vars["name"]), _days(request)
    found = await read(datasette, _source, name, _now(), days)
    return await _render(datasette, request, "source", {**found, "days": days, "spans": _SPANS})


def _source(conn: sqlite3.Connection, name: str, now: datetime, days: int) -> dict[str, Any]:
    today = now.date()
    found = health.sources(conn, today, name)
    if not found:
        raise NotHere(f"No source is called “{name}”.")
    number = found[0].row["id"]
    rows = latest.newest(conn, _tomorrow(now), _CANDIDATES, number)
    return {
        "one": found[0],
        "chart": _chart(conn, today, days, number),
        "items": [latest.Item(row) for row in rows[:_LATEST]],
        "troubles": health.troubles(conn, today, number),
        "feed_query": f"?source={quote(name)}",
    }


@page
async def search(datasette: Datasette, request: Request) -> Response:
    """What a search finds; without words, the latest articles."""
    asked = asking.read(request.args)
    found = await read(datasette, searching.search, asked)
    names = await _cache.get("names", lambda: read(datasette, _names))
    titles = {row["name"]: row["title"] for row in names}
    context = {"asked": asked, "found": found, "names": names, "titles": titles, "feed_query": asked.feed()}
    return await _render(datasette, request, "search", context)


def _names(conn: sqlite3.Connection) -> list[sqlite3.Row]:
    return conn.execute("SELECT name, title FROM sources ORDER BY title LIMIT 2000").fetchall()


def _number(text: str, what: str) -> int:
    # Of thousands of digits, Python makes no number.
    if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= _BIGGEST:
        return int(text)
    raise NotHere(f"“{unquote(text)[:50]}” is no number of {what}.")


@page
async def article(datasette: Datasette, request: Request) -> Response:
    """One article, to be read."""
    number = _number(request.url_vars["id"], "an article")
    found = await read(datasette, record.record, number)
    if found is None:
        raise NotHere(f"There is no article {number}. It may have been erased with “scrape forget”.")
    # Markdown takes milliseconds, of a hostile text seconds: others are served meanwhile.
    html, cut = await asyncio.to_thread(markup.body, found.row["body_markdown"], found.row["body"])
    return await _render(datasette, request, "article", {"record": found, "row": found.row, "body": html, "cut": cut})


@page
async def difference(datasette: Datasette, request: Request) -> Response:
    """Two texts of an article, word by word."""
    number = _number(request.url_vars["id"], "an article")
    old, new = (_number(request.url_vars[name], "a version") for name in ("old", "new"))
    row, texts = await read(datasette, record.versions, number, (old, new))
    if row is None:
        raise NotHere(f"There is no article {number}.")
    for wanted in (old, new):
        if wanted not in texts:
            raise NotHere(f"Article {number} has no version {wanted}; it has 1 to {row['revision']}.")
    before, after = texts[old], texts[new]
    title, _ = differences.between(before.title, after.title)
    body, cut = await asyncio.to_thread(differences.between, before.body, after.body)
    told = {
        "row": row,
        "before": before,
        "after": after,
        "title": title,
        "body": body,
        "cut": cut,
        "can_tell": differences.CAN_TELL,
    }
    return await _render(datasette, request, "diff", told)


def feed_of(asked: asking.Asked) -> str:
    """What a feed is of, in words for its title; "" for all."""
    return " · ".join(filter(None, (asked.q, *(f"{name}: {value}" for name, value in _narrowed(asked)))))


def _narrowed(asked: asking.Asked) -> list[tuple[str, str]]:
    names = ("source", "since", "until", "lang", "author")
    return [(name, value) for name in names if (value := getattr(asked, name))]
