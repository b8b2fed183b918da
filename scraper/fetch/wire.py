"""The way into the net: httpx's client over a transport of our own, which connects to vetted addresses alone."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import unquote_to_bytes

import httpx

from scraper.errors import ConfigError
from scraper.fetch.connection import Connection, Head, Line
from scraper.fetch.door import UNRESOLVED
from scraper.fetch.guard import Target, networks
from scraper.fetch.options import FetchOptions
from scraper.fetch.profile import Proxy
from scraper.fetch.resolve import Resolver

_KEPT_ALIVE = 20
_KEPT_FOR = 15.0  # seconds
TARGET = "article_scraper.target"
"""The extension of a request that holds its :class:`Target`."""
_NOT_FOR_HTTPX = frozenset({b"location", b"set-cookie"})
_HIDDEN = "article_scraper.hidden"


class Transport(httpx.AsyncBaseTransport):
    """What httpx sends its requests through. How many there are at once is the host budget's business."""

    def __init__(self, options: FetchOptions, resolver: Resolver, proxy: Proxy | None = None) -> None:
        self._options = options
        self._resolver = resolver
        self._context = tls_context(options)
        self._proxy = proxy
        self._idle: OrderedDict[Connection, tuple[str, asyncio.TimerHandle]] = OrderedDict()
        self._busy: set[Connection] = set()
        self._closed = False

    @property
    def connections(self) -> int:
        """How many connections are open: in use, or kept for the next request."""
        return len(self._idle) + len(self._busy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer. What httpx would read although nobody asked it to is put where it does not look, and
        :func:`answered` has it: it raises for Locations that the WHATWG standard takes (``http:story``), and hands
        every cookie to a parser that prints tracebacks.
        """
        target: Target = request.extensions[TARGET]
        connection, head = await self._asked(target, request)
        hidden = tuple((name.decode(), _text(value)) for name, value in head.headers if name in _NOT_FOR_HTTPX)
        return httpx.Response(
            head.status,
            headers=[(name, value) for name, value in head.headers if name not in _NOT_FOR_HTTPX],
            stream=_Body(self, target, connection),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": head.reason, _HIDDEN: hidden},
        )

    async def aclose(self) -> None:
        """Hang up everywhere, and keep nothing that is opened from now on."""
        self._closed = True
        for connection, (_, timer) in self._idle.items():
            timer.cancel()
            connection.close()
        for connection in self._busy:
            connection.close()
        self._idle.clear()
        self._busy.clear()

    async def _asked(self, target: Target, request: httpx.Request) -> tuple[Connection, Head]:
        headers = request.headers.raw
        path = target.path.encode("ascii")
        if self._proxy is not None and target.scheme == "http":
            path = target.url.encode("ascii")
            headers = [*headers, *_credentials(self._proxy)]
        while True:
            connection = self._kept(target.origin)
            if connection is None:
                self._let_go(self._options.concurrency - len(self._busy) - 1)
                connection = await self._opened(target)
            if self._closed:
                connection.close()
                raise httpx.ConnectError("the transport is closed")
            self._busy.add(connection)
            try:
                return connection, await connection.ask(b"GET", path, headers)
            except (httpx.ReadError, httpx.RemoteProtocolError):
                self._drop(connection)
                if connection.asked == 1 or not connection.is_silent:
                    raise
                # It was kept, and the server had hung up meanwhile: that says nothing of this request.
            except BaseException:
                self._drop(connection)
                raise

    def _kept(self, origin: str) -> Connection | None:
        for connection, (theirs, timer) in self._idle.items():
            if theirs == origin:
                del self._idle[connection]
                timer.cancel()
                if connection.is_idle:
                    return connection
                connection.close()
                return None
        return None

    def give_back(self, target: Target, connection: Connection) -> None:
        """Keep a connection for the next request, or hang up."""
        if self._closed or not connection.finish():
            self._drop(connection)
            return
        self._busy.discard(connection)
        timer = asyncio.get_running_loop().call_later(_KEPT_FOR, self._expire, connection)
        self._idle[connection] = target.origin, timer
        self._let_go(_KEPT_ALIVE)

    def _let_go(self, most: int) -> None:
        """Hang up where it was quiet for longest, until no more are kept than that."""
        while len(self._idle) > max(0, most):
            oldest, (_, timer) = self._idle.popitem(last=False)
            timer.cancel()
            oldest.close()

    def _expire(self, connection: Connection) -> None:
        if self._idle.pop(connection, None) is not None:
            connection.close()

    def _drop(self, connection: Connection) -> None:
        self._busy.discard(connection)
        connection.close()

    async def _opened(self, target: Target) -> Connection:
        if self._proxy is None:
            return await self._connected(target.host, target.port, secure=target.scheme == "https")
        connection = await self._connected(self._proxy.host, self._proxy.port, secure=self._proxy.scheme == "https")
        if target.scheme == "http":
            return connection
        try:
            await self._tunnel(connection, self._proxy, target)
        except BaseException:
            connection.close()
            raise
        return connection

    async def _tunnel(self, connection: Connection, proxy: Proxy, target: Target) -> None:
        """Have the proxy connect through to the target, and speak TLS with that."""
        goal = target.endpoint.encode("ascii")
        head = await connection.ask(b"CONNECT", goal, [(b"host", goal), *_credentials(proxy)])
        if not 200 <= head.status < 300:
            raise httpx.ProxyError(f"{head.status} {head.reason.decode('ascii', 'ignore')}")
        try:
            async with asyncio.timeout(self._options.connect_timeout):
                await connection.encrypt(self._context, _name(target.host))
        except TimeoutError as error:
            raise httpx.ConnectTimeout(f"{target.host} did not speak TLS in time") from error

    async def _connected(self, host: str, port: int, *, secure: bool) -> Connection:
        """Connect to the first address that answers; the time to connect is for all of them together, and the DNS."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._options.connect_timeout
        try:
            async with asyncio.timeout_at(end):
                goals = await self._resolver.goals(host, port)
        except TimeoutError as error:
            raise httpx.ConnectTimeout(UNRESOLVED) from error
        context, name = (self._context, _name(host)) if secure else (None, None)
        for left, goal in zip(range(len(goals), 0, -1), goals, strict=True):
            share = max((end - loop.time()) / left, 0.01)  # one dead address does not use up the time of all
            try:
                async with asyncio.timeout(share):
                    _, line = await loop.create_connection(Line, *goal, ssl=context, server_hostname=name)
            except TimeoutError as error:
                if left == 1:
                    raise httpx.ConnectTimeout(f"{host} did not answer in time") from error
            except OSError as error:
                if left == 1:
                    raise httpx.ConnectError(str(error)) from error
            else:
                return Connection(line, self._options.read_timeout)
        raise httpx.ConnectError(f"{host} has no address")


@dataclass(slots=True)
class _Body(httpx.AsyncByteStream):
    """One answer's body, whose end (or abandonment) gives its connection back."""

    transport: Transport
    target: Target
    connection: Connection | None = field(repr=False)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.connection is not None:
            async for piece in self.connection.body():
                yield piece

    async def aclose(self) -> None:
        """Httpx's."""
        connection, self.connection = self.connection, None
        if connection is not None:
            self.transport.give_back(self.target, connection)


@dataclass(frozen=True, slots=True)
class Way:
    """A way into the net: straight, or by one proxy."""

    resolver: Resolver
    transport: Transport
    client: httpx.AsyncClient
    proxy: Proxy | None

    @classmethod
    def by(cls, proxy: Proxy | None, options: FetchOptions) -> Way:
        """A way whose client is to be closed."""
        resolver = Resolver(options, proxy)
        transport = Transport(options, resolver, proxy)
        client = httpx.AsyncClient(
            transport=transport,
            # A proxy from the environment would be vetted in place of the target, and fetch private addresses for
            # us; a .netrc would send passwords that nobody configured here.
            trust_env=False,
            # Every hop is vetted, asks robots.txt and claims its own host's slot, so we follow by hand.
            follow_redirects=False,
            # One client serves all sources: cookies are each trip's own.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        return cls(resolver, transport, client, proxy)

    def name(self, target: Target) -> str:
        """The host as messages name it, with the proxy that stands before it."""
        return f"{target.host} by the proxy {self.proxy}" if self.proxy is not None else target.host


def _name(host: str) -> str:
    """A host as certificates name it: without the dot that ends an absolute name."""
    return host.rstrip(".")


def _text(value: bytes) -> str:
    """A header's value as browsers read it."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def answered(response: httpx.Response) -> tuple[tuple[str, str], ...]:
    """All headers of an answer that came by our transport, with lower-case names."""
    hidden: tuple[tuple[str, str], ...] = response.extensions[_HIDDEN]
    return (*response.headers.multi_items(), *hidden)


def tls_context(options: FetchOptions) -> ssl.SSLContext:
    """The system's trusted certificates, and those of ``ca_file``."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if options.ca_file:
        try:
            context.load_verify_locations(cafile=options.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise ConfigError(f"fetch.ca_file: {options.ca_file} cannot be read as certificates: {error}") from error
    return context


def check_options(options: FetchOptions) -> None:
    """Read now what is else read at the first request. Raises ConfigError."""
    tls_context(options)
    Resolver(options)
    networks(options.allow_private)


def _credentials(proxy: Proxy) -> list[tuple[bytes, bytes]]:
    if not proxy.user and not proxy.password:
        return []
    pair = unquote_to_bytes(proxy.user) + b":" + unquote_to_bytes(proxy.password)
    return [(b"proxy-authorization", b"Basic " + base64.b64encode(pair))]
