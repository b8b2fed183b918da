"""Newspapers on one port of loopback that publish, correct, refuse and fall silent on demand, and know the truth."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Self

_WORDS = [
    "harbour",
    "council",
    "breakwater",
    "ferry",
    "winter",
    "storm",
    "repair",
    "budget",
    "vote",
    "mayor",
    "fishing",
    "crew",
    "night",
    "lantern",
    "school",
    "teacher",
    "library",
    "bridge",
    "river",
    "flood",
    "market",
    "baker",
    "orchard",
    "tram",
    "station",
    "timetable",
    "museum",
    "painting",
    "choir",
    "rehearsal",
    "strike",
    "union",
    "wage",
    "rent",
    "tenant",
    "landlord",
    "court",
    "verdict",
    "witness",
    "island",
    "lighthouse",
    "keeper",
    "archive",
    "letter",
    "valley",
    "mill",
    "dam",
]
_SHOWN = 500  # entries that a feed shows


class Mood(Enum):
    """How the newspapers answer: as they should, by refusing the connection, not at all, or with 404 for every page."""

    WELL = "well"
    REFUSING = "refusing"
    SILENT = "silent"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request; times are on the monotonic clock."""

    host: str
    path: str
    at: float

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


class World:
    """``hosts`` newspapers. ``truth`` is every article's title by its URL; ``sentences`` is how long the texts are.

    ``delay`` seconds pass before each answer; hosts in ``pauses`` answer that they want to be left alone for so many
    seconds, where they are asked for a page; the URLs of ``moved`` lead to others. What is said here holds for requests
    from now on, from any thread.
    """

    def __init__(self, hosts: int = 4, sentences: int = 24) -> None:
        self.hosts = [f"paper-{number}.example" for number in range(hosts)]
        self.truth: dict[str, str] = {}
        self.delay = 0.0
        self.pauses: dict[str, int] = {}
        self.moved: dict[str, str] = {}
        self.port = 0
        self.most_at_once: Counter[str] = Counter()
        self._sentences = sentences
        self._asked: list[Asked] = []
        self._now: Counter[str] = Counter()
        self._feeds: dict[str, list[str]] = {host: [] for host in self.hosts}
        self._mood = Mood.WELL
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.mood = Mood.WELL
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def publish(self, many: int) -> None:
        """So many new articles, spread over the newspapers."""
        for number in range(len(self.truth), len(self.truth) + many):
            host = self.hosts[number % len(self.hosts)]
            path = f"/2026/11/story-{number}.html"
            self._feeds[host].append(path)
            self.truth[f"http://{host}{path}"] = f"Story number {number} of the {_words(str(number), 3)}"

    def correct(self, url: str) -> None:
        """Change an article's headline."""
        self.truth[url] += ", corrected"

    @property
    def asked(self) -> list[Asked]:
        """Every request so far."""
        return list(self._asked)

    @property
    def mood(self) -> Mood:
        """How they answer."""
        return self._mood

    @mood.setter
    def mood(self, mood: Mood) -> None:
        self._mood = mood
        asyncio.run_coroutine_threadsafe(self._turn(), self._loop).result(10)

    def feed_of(self, host: str) -> str:
        return f"http://{host}/feed.xml"

    async def _turn(self) -> None:
        """Listen or do not, as the mood is; connections from before are cut where that is not well."""
        if self._mood is not Mood.WELL:
            await self._close()
        if self._mood is not Mood.REFUSING and self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=512)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        for line in list(self._lines):
            line.close()
        while self._lines:  # noqa: ASYNC110 - a short poll, and only here
            await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while not writer.is_closing():
                    await self._answer(reader, writer)
        finally:
            self._lines.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        path = head[0].split()[1]
        host = next(line.partition(": ")[2] for line in head if line.lower().startswith("host: "))
        self._asked.append(Asked(host, path, time.monotonic()))
        self._now[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self._now[host])
        try:
            while self._mood is Mood.SILENT and not writer.is_closing():  # noqa: ASYNC110 - the same
                await asyncio.sleep(0.05)
            await asyncio.sleep(self.delay)
            status, kind, body = self._page(host, path)
            more = [f"Retry-After: {self.pauses[host]}"] if status == 429 else []
            more += [f"Location: {body.decode()}"] if status == 301 else []
            lines = [f"HTTP/1.1 {status} X", *more, f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", ""]
            writer.write("\r\n".join(lines).encode() + body)
            await writer.drain()
        finally:
            self._now[host] -= 1

    def _page(self, host: str, path: str) -> tuple[int, str, bytes]:
        url = f"http://{host}{path}"
        if url in self.moved:
            return 301, "text/plain", self.moved[url].encode()
        if host in self.pauses and path.startswith("/2026/"):
            return 429, "text/plain", b"not now"
        if path == "/feed.xml" and host in self._feeds:
            return 200, "application/rss+xml", _feed(host, self._feeds[host][-_SHOWN:], self.truth).encode()
        if url in self.truth and self._mood is not Mood.MISSING:
            return 200, "text/html; charset=utf-8", _story(url, self.truth[url], self._sentences).encode()
        return 404, "text/plain", b"no such page"


def _feed(host: str, paths: list[str], truth: dict[str, str]) -> str:
    links = [f"http://{host}{path}" for path in reversed(paths)]
    items = "".join(f"<item><title>{truth[link]}</title><link>{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>"


def _story(url: str, title: str, sentences: int) -> str:
    told = [f"{_words(f'{url} {number}', 11).capitalize()}." for number in range(sentences)]
    text = "".join(f"<p>{' '.join(told[start : start + 3])}</p>" for start in range(0, sentences, 3))
    meta = f"<meta property='og:title' content='{title}'><meta property='og:type' content='article'>"
    day = "<meta property='article:published_time' content='2026-11-20T10:00:00Z'>"
    head = f"<!doctype html><html lang='en'><title>{title}</title>{meta}{day}"
    return f"{head}<body><article><h1>{title}</h1>{text}</article></body></html>"


def _words(seed: str, many: int) -> str:
    return " ".join(random.Random(seed).choices(_WORDS, k=many))  # noqa: S311 - the same text each time
