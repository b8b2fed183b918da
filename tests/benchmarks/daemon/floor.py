"""As little as a scraper can do for a feed's articles: ask, undo gzip, parse once, insert in batches.

No robots.txt, no rules, no state. It is what is left when nothing is decided: the floor that all else stands on.
``python -m tests.benchmarks.daemon.floor DATABASE HOST…``, and the fleet as its proxy in ``$http_proxy``.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
import zlib
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

_AT_ONCE = 64
_TRIES = 6
_BATCH = 100
_LINK = re.compile(rb"<link>([^<?]+)")


class Host:
    """One site, on one connection."""

    def __init__(self, name: str, rows: list[tuple[str, str, str]]) -> None:
        self._name = name
        self._rows = rows
        self._proxy = urlsplit(os.environ["http_proxy"])
        self._writer: asyncio.StreamWriter | None = None

    async def read(self) -> None:
        """Its feed, then each article of its own."""
        feed = await self._get(f"http://{self._name}/feed.xml")
        for link in dict.fromkeys(_LINK.findall(feed)):
            url = link.decode()
            if url.startswith(f"http://{self._name}/") and "/intern/" not in url and not url.endswith(".example/"):
                tree = LexborHTMLParser(await self._get(url))
                title = tree.css_first("title")
                body = "\n\n".join(node.text() for node in tree.css("p"))
                self._rows.append((url, title.text() if title else "", body))
        if self._writer is not None:
            self._writer.close()

    async def _get(self, url: str) -> bytes:
        for _ in range(_TRIES):
            try:
                return await self._ask(url)
            except (OSError, EOFError):
                if self._writer is not None:
                    self._writer.close()
                self._writer = None
        raise SystemExit(f"{url} failed {_TRIES} times")

    async def _ask(self, url: str) -> bytes:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._proxy.hostname, self._proxy.port)
        self._writer.write(f"GET {url} HTTP/1.1\r\nHost: {self._name}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        body = await self._reader.readexactly(int(headers["content-length"]))
        if " 200 " not in lines[0]:
            await asyncio.sleep(float(headers.get("retry-after", "0")))
            raise OSError(lines[0])
        return zlib.decompress(body, 31) if headers.get("content-encoding") == "gzip" else body


async def crawl(database: str, hosts: list[str]) -> None:
    """All hosts, some at once."""
    gate, rows = asyncio.Semaphore(_AT_ONCE), list[tuple[str, str, str]]()
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, body TEXT)")

    def commit() -> None:
        with connection:
            connection.executemany("INSERT OR REPLACE INTO articles VALUES (?, ?, ?)", rows)
        rows.clear()

    async def one(name: str) -> None:
        async with gate:
            await Host(name, rows).read()
        if len(rows) >= _BATCH:
            commit()

    await asyncio.gather(*(one(name) for name in hosts))
    commit()
    connection.close()


if __name__ == "__main__":
    asyncio.run(crawl(sys.argv[1], sys.argv[2:]))
