"""A town of made-up outlets: many hosts on one port of loopback, and what they are made of, dated from now on back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.fetch.loopback import Reply

NOW = datetime.now(UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
HEADLINES = (
    "Night ferry returns after eleven years",
    "Breakwater repair bill doubles again",
    "Lighthouse log yields lost weather",
    "Tide gauge logs highest October level",
    "School orchestra plays on after flood",
    "Library of things lends its ladders",
)


@dataclass
class Town:
    """The hosts. ``pages`` is by host and path, as in ``paper.example/feed``; what is not there is 404."""

    pages: Mapping[str, Reply]
    port: int = 0
    asked: list[str] = field(default_factory=list)

    def resolve(self) -> dict[str, str]:
        """What the setting ``fetch.resolve`` takes."""
        hosts = {name.partition("/")[0] for name in self.pages}
        return {f"{host}:80": f"127.0.0.1:{self.port}" for host in hosts}

    def asked_of(self, host: str) -> list[str]:
        """The paths that a host was asked for, robots.txt not among them."""
        found = [name.removeprefix(host) for name in self.asked if name.startswith(f"{host}/")]
        return [path for path in found if path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            name = headers["host"].partition(":")[0] + head[0].split()[1]
            self.asked.append(name)
            host = name.partition("/")[0]
            writer.write((self.pages.get(name) or self.pages.get(f"{host}/*") or Reply(404, b"")).render())
            await writer.drain()
        writer.close()


@asynccontextmanager
async def town(pages: Mapping[str, Reply]) -> AsyncIterator[Town]:
    made = Town(pages)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


def page(*, head: str = "", body: str = "", lang: str = "en", title: str = "The Paper") -> Reply:
    text = f"<!doctype html><html lang={lang}><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{body}"
    return Reply(body=text.encode(), headers=HTML)


def link(href: str, *, kind: str = "rss", title: str = "The Paper", more: str = "") -> str:
    """A feed as the head of a page announces it."""
    return f'<link rel="alternate" type="application/{kind}+xml" title="{title}" href="{href}" {more}>'


def menu(*names: str) -> str:
    return "<nav>" + "".join(f'<a href="/{name}">{name.title()}</a>' for name in names) + "</nav>"


def stories(host: str, count: int = 6, *, section: str = "news", first: int = 0) -> list[tuple[str, str]]:
    """Addresses and headlines of articles."""
    return [
        (f"http://{host}/{section}/story-about-the-harbour-{number}", f"{HEADLINES[number % 6]}, part {number}")
        for number in range(first, first + count)
    ]


def teasers(told: Iterable[tuple[str, str]]) -> str:
    """The same as a page links them."""
    return "".join(f'<article><h2><a href="{url}">{title}</a></h2></article>' for url, title in told)


def rss(
    told: Iterable[tuple[str, str]], *, every: float = 5.0, ago: float = 1.0, title: str = "The Paper", more: str = ""
) -> Reply:
    """An RSS feed; its newest entry came ``ago`` hours ago, and one every so many hours before it."""
    items = "".join(
        f"<item><title>{headline}</title><link>{url}</link><pubDate>"
        f"{format_datetime(NOW - timedelta(hours=ago + every * place))}</pubDate>{more}</item>"
        for place, (url, headline) in enumerate(told)
    )
    return Reply(body=f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode())


def news(told: Iterable[tuple[str, str]], *, ago: float = 1.0) -> Reply:
    """A news sitemap."""
    urls = "".join(
        f"<url><loc>{url}</loc><news:news><news:publication><news:name>The Paper</news:name><news:language>en"
        f"</news:language></news:publication><news:publication_date>{_at(ago + place)}</news:publication_date>"
        f"<news:title>{headline}</news:title></news:news></url>"
        for place, (url, headline) in enumerate(told)
    )
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return Reply(body=f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {space}>{urls}</urlset>'.encode())


def sitemap(told: Iterable[tuple[str, str]], *, ago: float = 1.0, dated: bool = True) -> Reply:
    """A plain sitemap, which says when its pages changed, or not."""
    changed = f"<lastmod>{_at(ago)}</lastmod>" if dated else ""
    urls = "".join(f"<url><loc>{url}</loc>{changed}</url>" for url, _ in told)
    return Reply(body=f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode())


def index(*urls: str) -> Reply:
    """A sitemap index."""
    told = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return Reply(
        body=f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{told}</sitemapindex>'.encode()
    )


def robots(*lines: str) -> Reply:
    return Reply(body="\n".join(["User-agent: *", *lines]).encode(), headers=(("Content-Type", "text/plain"),))


def _at(ago: float) -> str:
    return (NOW - timedelta(hours=ago)).isoformat(timespec="seconds")
