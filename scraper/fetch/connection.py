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
_WINDOW = 2**16
# Headers larger than that are no page's.
_MOST_HEADERS = 100 * 2**10
# Interim answers (1xx) before the real one; a flood of them would else go on until the deadline.
_MOST_INTERIM = 32
# Chunks of a byte each cost a thousand times the CPU of their bytes. So many are let pass, and then only such that are
# of some size at the average.
_FREE_CHUNKS = 2000
_LEAST_CHUNK = 32
# What is left of an answer that nobody reads is taken from what came already, up to this: the connection is kept then.
_DRAINED = 2**16


class Line(asyncio.Protocol):
    """What came and was not read yet."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.received = 0
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
        self.received += len(data)
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
            return self.taken()
        if self._fault is not None:
            raise httpx.ReadError(str(self._fault)) from self._fault
        return b""

    def taken(self) -> bytes:
        """The bytes that came already; none if there are none."""
        data = bytes(self._came)
        self._came.clear()
        if self._paused and self.transport is not None:
            self._paused = False
            self.transport.resume_reading()
        return data

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
        self._answered = 0

    @property
    def is_silent(self) -> bool:
        """Whether not one byte came since the last thing was asked for."""
        return self._line.received == self._answered

    @property
    def is_idle(self) -> bool:
        """Whether the next thing may be asked for, and nothing came in between."""
        return self._http.our_state is h11.IDLE and self._line.is_quiet

    async def ask(self, method: bytes, target: bytes, headers: list[tuple[bytes, bytes]]) -> Head:
        """Ask for something, and wait for the beginning of the answer. Raises httpx's errors."""
        self.asked += 1
        self._answered = self._line.received
        try:
            request = h11.Request(method=method, target=target, headers=headers)
            self._send(self._http.send(request), self._http.send(h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from error
        for _ in range(_MOST_INTERIM):
            event = await self._next()
            if isinstance(event, h11.Response):
                # h11 bounds a head that is not whole yet; one that came in one piece may be larger.
                if sum(len(name) + len(value) for name, value in event.headers) > _MOST_HEADERS:
                    raise httpx.RemoteProtocolError("its headers are too large")
                return Head(event.status_code, event.reason, list(event.headers))
            if not isinstance(event, h11.InformationalResponse):
                break
        raise httpx.RemoteProtocolError("too many interim answers")

    async def body(self) -> AsyncIterator[bytes]:
        """The body as it comes, what came together in one piece. Raises httpx's errors."""
        chunks = size = 0
        ended = False
        while not ended:
            piece = bytearray()
            event: h11.Event | None = await self._next()
            while isinstance(event, h11.Data):
                piece += event.data
                chunks += 1
                event = self._at_hand()
            size += len(piece)
            ended = isinstance(event, (h11.EndOfMessage, h11.ConnectionClosed))
            if piece:
                yield bytes(piece)
            if chunks > _FREE_CHUNKS and size < chunks * _LEAST_CHUNK:
                raise httpx.RemoteProtocolError("its body comes in chunks of a few bytes")

    def finish(self) -> bool:
        """Make ready for the next request; False where the connection is not good for one."""
        try:
            self._drain()
        except httpx.RemoteProtocolError:
            return False
        done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        if not done or self._http.trailing_data[0] or not self._line.is_quiet:
            return False
        self._http.start_next_cycle()
        return True

    async def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on, with that host, behind what was just asked for (CONNECT). Raises OSError."""
        if self._line.transport is None or not self._line.is_quiet or self._http.trailing_data[0]:
            raise httpx.RemoteProtocolError("the proxy went on talking")
        loop = asyncio.get_running_loop()
        self._line.transport = await loop.start_tls(self._line.transport, self._line, context, server_hostname=host)
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
        while (event := self._at_hand()) is None:
            data = await self._line.read(self._timeout)
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise httpx.RemoteProtocolError("it hung up without sending a response")
            self._receive(data)
        return event

    def _at_hand(self) -> h11.Event | None:
        """The next event, if what came already makes one."""
        try:
            event = self._http.next_event()
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error
        if event is h11.PAUSED:
            raise httpx.RemoteProtocolError("it went on talking after its answer")
        return None if event is h11.NEED_DATA else cast("h11.Event", event)

    def _receive(self, data: bytes) -> None:
        try:
            self._http.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from error

    def _drain(self) -> None:
        """Take what is left of the answer, if it came already: the connection is good for another then."""
        left = _DRAINED
        while self._http.their_state is h11.SEND_BODY and left > 0:
            event = self._at_hand()
            if event is None:
                data = self._line.taken()
                if not data:
                    return
                self._receive(data)
            elif isinstance(event, h11.Data):
                left -= len(event.data)
