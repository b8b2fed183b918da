"""One connection of HTTP/1.1: h11 decides what the bytes mean, asyncio brings them. Its errors are httpx's.

httpcore, which httpx would use, costs three times as much CPU: its pool scans all connections at every request, and
every wait is a scope of anyio's (``python -m tests.benchmarks.fetch`` compares).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

import h11
import httpx

# What a server may send before we have read it; TCP holds the rest back.
_WINDOW = 2**18
# Headers larger than that are no page's.
_MOST_HEADERS = 100 * 2**10
# Interim answers (1xx) before the real one; a flood of them would else go on until the deadline.
_MOST_INTERIM = 32


class Line(asyncio.Protocol):
    """What came and was not read yet."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._ended = False
        self._fault: Exception | None = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asyncio's."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP and TLS are
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Asyncio's."""
        self._came += data
        if len(self._came) > _WINDOW and not self._paused and self.transport is not None:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Asyncio's."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio's."""
        self._ended = True
        self._fault = exc
        self._wake()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing came that nobody asked for, and the other side has not hung up."""
        return not (self._came or self._ended or self.transport is None or self.transport.is_closing())

    async def read(self, timeout: float) -> bytes:  # noqa: ASYNC109 - httpx tells a read's time-out from others
        """The bytes that came, at least one; none at the end. Raises httpx.ReadTimeout and httpx.ReadError."""
        if not self._came and not self._ended:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(timeout):
                    await self._waiter
            except TimeoutError as error:
                raise httpx.ReadTimeout("nothing came") from error
            finally:
                self._waiter = None
        if self._came:
            data = bytes(self._came)
            self._came.clear()
            if self._paused and self.transport is not None:
                self._paused = False
                self.transport.resume_reading()
            return data
        if self._fault is not None:
            raise httpx.ReadError(str(self._fault)) from self._fault
        return b""

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


@dataclass(frozen=True, slots=True)
class Head:
    """How an answer begins. Headers have lower-case names."""

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]


class Connection:
    """A connection that is open, asked for one thing after another. ``timeout`` is for each read, in seconds."""

    def __init__(self, line: Line, timeout: float) -> None:
        self._line = line
        self._timeout = timeout
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
        self.asked = 0

    @property
    def is_idle(self) -> bool:
        """Whether the next thing may be asked for, and nothing came in between."""
        return self._http.our_state is h11.IDLE and self._line.is_quiet

    async def ask(self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]) -> Head:
        """Ask for something, and wait for the beginning of the answer. Raises httpx's errors."""
        self.asked += 1
        try:
            request = h11.Request(method=method, target=target, headers=headers)
            self._send(self._http.send(request), self._http.send(h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        for _ in range(_MOST_INTERIM):
            event = await self._next()
            if isinstance(event, h11.Response):
                return Head(event.status_code, event.reason, list(event.headers))
            if not isinstance(event, h11.InformationalResponse):
                break
        raise httpx.RemoteProtocolError("too many interim answers")

    async def body(self) -> AsyncIterator[bytes]:
        """The body, as it comes. Raises httpx's errors."""
        while True:
            event = await self._next()
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed)):
                return

    def finish(self) -> bool:
        """Make ready for the next request; False where the connection is not good for one."""
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if not done or self._http.trailing_data[0] or not self._line.is_quiet:
            return False
        self._http.start_next_cycle()
        return True

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on, with that host, behind what was just asked for (CONNECT). Raises OSError."""
        if self._line.transport is None or not self._line.is_quiet:
            raise httpx.RemoteProtocolError("the proxy went on talking")
        loop = asyncio.get_running_loop()
        self._line.transport = await loop.start_tls(
            self._line.transport, self._line, context, server_hostname=host, ssl_handshake_timeout=self._timeout
        )
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
        self.asked = 0

    def close(self) -> None:
        """Hang up, at once: what is still to come is not wanted."""
        if self._line.transport is not None:
            self._line.transport.abort()

    def _send(self, *pieces: bytes | None) -> None:
        if self._line.transport is not None:
            self._line.transport.write(b"".join(piece for piece in pieces if piece))

    async def _next(self) -> h11.Event:
        while True:
            try:
                event = self._http.next_event()
                if event is h11.PAUSED:
                    raise httpx.RemoteProtocolError("it went on talking after its answer")
                if event is not h11.NEED_DATA:
                    return cast("h11.Event", event)
                data = await self._line.read(self._timeout)
                if not data and self._http.their_state is h11.SEND_RESPONSE:
                    raise httpx.RemoteProtocolError("it hung up without sending a response")
                self._http.receive_data(data)
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(str(error)) from error
