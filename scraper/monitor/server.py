"""A small HTTP/1.1 server for those who watch a daemon: a few pages, asked for with GET or HEAD.

It must not harm what it is there to watch: no thread, one answer a connection, few connections at once, and little
time and few bytes for each. Who has not said what he wants makes room for those who come later.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from ipaddress import ip_address

import h11

from scraper.errors import ConfigError
from scraper.units import Endpoint

log = logging.getLogger("scraper")

_MOST_HEADERS = 8192  # bytes
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections are open at once; how many seconds a request's headers may take, and an answer until it is
    sent.
    """

    connections: int = 32
    to_ask: float = 5.0
    to_answer: float = 20.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a page answers with."""

    body: bytes
    status: int = 200
    content_type: str = TEXT

    @classmethod
    def line(cls, text: str, status: int = 200) -> Reply:
        """One line of text."""
        return cls(f"{text}\n".encode(), status)


Answer = Callable[[str], Awaitable[Reply | None]]
"""What a path answers with; None: there is no such page."""


class Server:
    """Answers on one address at a time, or on none. ``answer`` makes the pages."""

    def __init__(self, answer: Answer, limits: Limits | None = None) -> None:
        self._answer = answer
        self._limits = limits or Limits()
        self._server: asyncio.Server | None = None
        self._where = Endpoint("")
        self._names: Sequence[str] = ()
        # All that are open, and those of them that did not ask yet, oldest first.
        self._open: set[asyncio.Task[None]] = set()
        self._asking: dict[asyncio.Task[None], None] = {}

    async def listen(self, where: Endpoint, names: Sequence[str] = ()) -> None:
        """Answer there from now on, to whoever calls us by an address, a name without a dot or one of ``names``.

        Raises ConfigError where that cannot be; then the present address stays, unless both have one port.
        """
        self._names = [name.lower() for name in names]
        if self._server is not None and where == self._where:
            return
        if not (where and self._where) or where.port == self._where.port:  # which one holds and the other wants
            await self.close()
        new = await self._bound(where) if where else None
        await self.close()
        self._server, self._where = new, where

    async def _bound(self, where: Endpoint) -> asyncio.Server:
        try:
            return await asyncio.start_server(self._welcome, where.host, where.port, limit=_MOST_HEADERS)
        except OSError as error:
            raise ConfigError(f"monitor.listen: cannot listen on {where}: {_plainly(error)}") from error

    async def close(self) -> None:
        """Listen no more, and hang up."""
        if self._server is None:
            return
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= self._limits.connections:
            oldest = next(iter(self._asking), None)
            if oldest is None:
                writer.transport.abort()
                return
            del self._asking[oldest]
            oldest.cancel()
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer), name="monitor")
        self._open.add(task)
        self._asking[task] = None
        task.add_done_callback(partial(self._gone, writer.transport))

    def _gone(self, transport: asyncio.WriteTransport, task: asyncio.Task[None]) -> None:
        transport.abort()  # here, since a task that is cancelled before its first step does nothing at all
        self._open.discard(task)
        self._asking.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a fault while answering who watches", exc_info=error)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=_MOST_HEADERS)
        try:
            async with asyncio.timeout(self._limits.to_ask):
                asked = await _asked(connection, reader)
            if asked is None:
                return
            task = asyncio.current_task()
            if task is not None:
                self._asking.pop(task, None)
            async with asyncio.timeout(self._limits.to_answer):
                reply = asked if isinstance(asked, Reply) else await self._reply(asked)
                head = isinstance(asked, h11.Request) and asked.method == b"HEAD"
                writer.write(_written(connection, reply, head=head))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (TimeoutError, ConnectionError):
            pass  # whoever asked went away, or is no reader; nothing here hangs on it

    async def _reply(self, request: h11.Request) -> Reply:
        hosts = [value.decode("latin-1") for name, value in request.headers if name == b"host"]
        if not all(_is_ours(host, self._names) for host in hosts):
            return Reply.line("not for that host name; monitor.names in scraper.toml lists those that are", 421)
        if request.method not in {b"GET", b"HEAD"}:
            return Reply.line("only GET and HEAD", 405)
        path = request.target.decode("latin-1").partition("?")[0]
        found = await self._answer(path)
        return found or Reply.line("no such page; there are /healthz, /readyz and /metrics", 404)


async def _asked(connection: h11.Connection, reader: asyncio.StreamReader) -> h11.Request | Reply | None:
    """What is asked for, or what to answer to something that is no request; None: nothing came."""
    while True:
        try:
            event = connection.next_event()
        except h11.RemoteProtocolError as error:
            return Reply.line(f"this is no request: {error}", error.error_status_hint)
        if isinstance(event, h11.Request):
            return event
        if event is not h11.NEED_DATA:  # it hung up
            return None
        connection.receive_data(await reader.read(_MOST_HEADERS))


def _written(connection: h11.Connection, reply: Reply, *, head: bool) -> bytes:
    headers = [
        ("Content-Type", reply.content_type),
        ("Content-Length", str(len(reply.body))),
        ("Connection", "close"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if reply.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", "GET, HEAD"))
    reason = HTTPStatus(reply.status).phrase.encode()
    written = connection.send(h11.Response(status_code=reply.status, headers=headers, reason=reason)) or b""
    return written if head else written + (connection.send(h11.Data(data=reply.body)) or b"")


def _is_ours(host: str, names: Sequence[str]) -> bool:
    """Whether a Host header can only be meant for us.

    A page in somebody's browser may have its own name lead here (DNS rebinding), and would read the answer; it cannot
    do so by an address, nor by a name without a dot, which nobody can register.
    """
    name = host.strip().lower()
    if name.startswith("["):
        return _is_address(name[1:].partition("]")[0])
    name = name.rpartition(":")[0] if ":" in name else name
    name = name.removesuffix(".")
    return "." not in name or _is_address(name) or name in names


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _plainly(error: OSError) -> str:
    """The system's own words; asyncio wraps them in others. Names that do not resolve have negative numbers."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)
