"""A web server on loopback with scripted answers, and a log of who asked when. Real sockets, no mocks."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scraper.errors import ScrapeError
from scraper.fetch.client import Fetcher, Profile, Request
from scraper.fetch.hosts import HostLedger, MemoryLedger
from scraper.fetch.options import FetchOptions, Manners
from scraper.model import Page
from scraper.units import Duration

T = TypeVar("T")
FAST = Manners(spacing=Duration(0.01))


@dataclass
class Call:
    """One request as it came in; times are the loop's."""

    path: str
    headers: dict[str, str]
    address: str
    begun: float
    ended: float = 0.0


@dataclass
class Reply:
    """An answer. ``length`` None leaves Content-Length out; ``hold`` waits before answering."""

    status: int = 200
    body: bytes = b"<p>hello</p>"
    headers: tuple[tuple[str, str], ...] = ()
    hold: float = 0.0
    length: int | None = -1

    def render(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in self.headers)]
        if self.length is not None:
            lines.append(f"Content-Length: {len(self.body) if self.length < 0 else self.length}")
        lines.append("Connection: close")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Script = Reply | bytes | Raw


@dataclass
class Site:
    """The server. ``pages`` maps a path to its answers: one for each request, the last one for all that follow."""

    port: int = 0
    pages: dict[str, list[Script]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    now: int = 0
    most: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [call.path for call in self.calls]

    def only(self, path: str) -> list[Call]:
        return [call for call in self.calls if call.path == path]

    async def arrived(self, path: str) -> None:
        """Wait until somebody asked for that path."""
        while not self.only(path):
            self.news.clear()
            await self.news.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                await self._answer(reader, writer)
            finally:
                writer.close()
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        loop = asyncio.get_running_loop()
        address = writer.get_extra_info("sockname")[0]
        call = Call(head[0].split()[1], {name.lower(): value for name, value in headers.items()}, address, loop.time())
        self.calls.append(call)
        self.news.set()
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            script = self._script(call.path)
            if isinstance(script, Reply):
                await asyncio.sleep(script.hold)
                writer.write(script.render())
            elif isinstance(script, bytes):
                writer.write(script)
            else:
                await script(reader, writer)
            await writer.drain()
        finally:
            self.now -= 1
            call.ended = loop.time()

    def _script(self, path: str) -> Script:
        scripts = self.pages.get(path)
        if scripts is None:
            return Reply(404, b"")
        return scripts.pop(0) if len(scripts) > 1 else scripts[0]


async def stream_for_ever(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    await writer.drain()
    await asyncio.sleep(0.05)
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST in place of FIN
    writer.transport.abort()


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def endless_pdf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nConnection: close\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(60)


def moved(to: str, status: int = 302) -> Reply:
    return Reply(status, b"", (("Location", to),))


def coded(coding: str, body: bytes) -> Reply:
    return Reply(body=body, headers=(("Content-Encoding", coding), ("Content-Type", "text/html")))


@asynccontextmanager
async def site(
    pages: Mapping[str, Script | list[Script]] | None = None,
    *,
    hosts: tuple[str, ...] = ("127.0.0.1",),
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Site]:
    """Serve these pages on a free port, the same one on every host."""
    made = Site(
        pages={path: script if isinstance(script, list) else [script] for path, script in (pages or {}).items()}
    )
    servers = []
    for host in hosts:
        server = await asyncio.start_server(made.serve, host, made.port, ssl=tls)
        made.port = server.sockets[0].getsockname()[1]
        servers.append(server)
    try:
        yield made
    finally:
        for server in servers:
            server.close()
        current = asyncio.current_task()
        left = [task for task in asyncio.all_tasks() if task is not current and "serve" in repr(task.get_coro())]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for server in servers:  # from Python 3.12.1 on, this waits for every connection to end
            await server.wait_closed()


def options(place: Site | None = None, **changes: Any) -> FetchOptions:
    """Options that let us at loopback, and at the site's port."""
    ports = (place.port,) if place else ()
    settings: dict[str, Any] = {"allow_private": ("127.0.0.0/8",), "ports": ports, "retries": 0, **changes}
    return FetchOptions(**settings)


@asynccontextmanager
async def fetcher(
    settings: FetchOptions, manners: Manners = FAST, ledger: HostLedger | None = None, holder: str = "test"
) -> AsyncIterator[Fetcher]:
    async with Fetcher(settings, manners, ledger or MemoryLedger(), holder=holder) as made:
        yield made


async def fetch(place: Site, path: str = "/", *, manners: Manners = FAST, **changes: Any) -> Page:
    """Fetch one page of the site with a fetcher of its own."""
    async with fetcher(options(place, **changes), manners) as made:
        return await made.fetch(Request(place.url(path)))


def sent(place: Site, headers: dict[str, str]) -> Profile:
    """A profile whose headers go to that server."""
    return Profile(hosts=(f"127.0.0.1:{place.port}",), headers=headers, secure=False)


async def error_of(awaitable: Awaitable[object]) -> ScrapeError:
    """The error that this raises; it must be one of ours."""
    try:
        await awaitable
    except ScrapeError as error:
        return error
    raise AssertionError("nothing was raised")


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(main, 20))
