"""Connections: names resolved, addresses vetted, and only vetted addresses connected to.

A check before the request would look up the name a second time, and a hostile name server answers differently then
(DNS rebinding). So the check stands where the connection is made, and the address that passed is the one dialled.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import unquote_to_bytes

import httpcore
import httpx

from scraper.errors import ConfigError, UnsafeAddress
from scraper.fetch.guard import Target, check_address, endpoint
from scraper.fetch.options import FetchOptions
from scraper.fetch.profile import Proxy

# The loop's own executor has 6 threads here, and a dead name server holds each for half a minute.
_RESOLVERS = 32
_KEPT_ALIVE = 20
_REMEMBERED = 1000  # hosts
_REMEMBERED_FOR = 30.0  # seconds
_LOCATION = "article_scraper.location"
TARGET = "article_scraper.target"
"""The extension of a request that holds its path and query, in ASCII."""


class Backend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to addresses that passed the guard, and to nothing else.

    One that is made for a ``proxy`` opens them to that alone, wherever it is: the operator chose it by hand.
    """

    def __init__(self, options: FetchOptions, proxy: Proxy | None = None) -> None:
        self._options = options
        self._proxy = (proxy.host, proxy.port) if proxy is not None else None
        self._routes = {name.lower(): _route(name, goal) for name, goal in options.resolve.items()}
        self._network = httpcore.AnyIOBackend()
        self._resolvers = ThreadPoolExecutor(_RESOLVERS, thread_name_prefix="resolve")
        self._known: dict[tuple[str, int], tuple[float, list[tuple[str, int]]]] = {}

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers. ``timeout`` is for all of them together, and the DNS."""
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or self._options.connect_timeout)
        try:
            async with asyncio.timeout_at(end):
                goals = await self.goals(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from error
        for left, (address, goal_port) in zip(range(len(goals), 0, -1), goals, strict=True):
            share = max((end - loop.time()) / left, 0.01)  # one dead address does not use up the time of all
            try:
                return await self._network.connect_tcp(address, goal_port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - the same
    ) -> httpcore.AsyncNetworkStream:
        """Never: nothing of ours asks for one."""
        raise UnsafeAddress(f"{path} is not a network address")

    async def sleep(self, seconds: float) -> None:
        """Part of httpcore's interface."""
        await asyncio.sleep(seconds)

    def close(self) -> None:
        """Let the resolver threads go. One that waits for a dead name server ends by itself."""
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    async def goals(self, host: str, port: int) -> list[tuple[str, int]]:
        """The addresses and ports that a host leads to, at least one, all vetted. They are remembered for some seconds:
        what was vetted for a request is what its connection goes to. Raises UnsafeAddress, and OSError of the DNS.
        """
        route = self._routes.get(endpoint(host, port))
        if route is not None:
            return [route]
        now = asyncio.get_running_loop().time()
        known = self._known.get((host, port))
        if known is not None and known[0] > now:
            return known[1]
        found = await self._vetted(host, port)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[host, port] = (now + _REMEMBERED_FOR, found)
        return found

    async def _vetted(self, host: str, port: int) -> list[tuple[str, int]]:
        loop = asyncio.get_running_loop()
        # As bytes: given text, getaddrinfo would apply Python's own IDNA, which knows the rules of 2003.
        found = await loop.run_in_executor(self._resolvers, _lookup, host.encode("ascii"), port)
        refusal = None
        safe = []
        for address in dict.fromkeys(found):
            try:
                if (host, port) != self._proxy:
                    check_address(address, self._options, host)
            except UnsafeAddress as error:
                refusal = error
            else:
                safe.append((address, port))
        if refusal is not None and not safe:
            raise refusal
        return safe


class _AsWritten:
    """A pool that asks for the path as the WHATWG standard writes it: httpx would quote it once more, by rules of its
    own, and httpcore's own way around that would be taken for the target of a proxy's CONNECT too.
    """

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        request.url.target = request.extensions.pop(TARGET)
        response: httpcore.Response = await super().handle_async_request(request)  # type: ignore[misc]
        return response


class _Direct(_AsWritten, httpcore.AsyncConnectionPool):
    pass


class _Proxied(_AsWritten, httpcore.AsyncHTTPProxy):
    pass


class Transport(httpx.AsyncHTTPTransport):
    """Httpx's transport over a pool of our own: httpx has no parameter for the network backend."""

    def __init__(self, options: FetchOptions, backend: Backend, proxy: Proxy | None = None) -> None:
        context = tls_context(options)
        super().__init__(verify=context, trust_env=False)
        settings: dict[str, Any] = {
            "ssl_context": context,
            # httpcore scans all its connections at every request; how many there are is the host budget's business.
            "max_connections": None,
            "max_keepalive_connections": _KEPT_ALIVE,
            "keepalive_expiry": 15.0,
            "network_backend": backend,
        }
        if proxy is not None:
            settings["proxy_url"] = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/")
            if proxy.user or proxy.password:
                settings["proxy_auth"] = (unquote_to_bytes(proxy.user), unquote_to_bytes(proxy.password))
            if proxy.scheme == "https":
                settings["proxy_ssl_context"] = tls_context(options)
        # The only way in; httpx is pinned below 0.29.
        self._pool = _Proxied(**settings) if proxy is not None else _Direct(**settings)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its Location put where httpx does not look: it reads it even where it follows nothing, and raises
        for what the WHATWG standard takes (``http:story``). :func:`answered_headers` has it back.
        """
        response = await super().handle_async_request(request)
        response.extensions[_LOCATION] = response.headers.get("location")
        response.headers.pop("location", None)
        return response

    @property
    def connections(self) -> int:
        """How many connections are open: in use, or kept for the next request."""
        return len(self._pool.connections)


@dataclass(frozen=True, slots=True)
class Way:
    """A way into the net: straight, or by one proxy."""

    backend: Backend
    transport: Transport
    client: httpx.AsyncClient
    proxy: Proxy | None

    @classmethod
    def by(cls, proxy: Proxy | None, options: FetchOptions) -> Way:
        """A way whose client is to be closed, and then its backend."""
        backend = Backend(options, proxy)
        transport = Transport(options, backend, proxy)
        client = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(options.read_timeout, connect=options.connect_timeout, pool=options.timeout),
            # A proxy from the environment would be vetted in place of the target, and fetch private addresses for
            # us; a .netrc would send passwords that nobody configured here.
            trust_env=False,
            # Every hop is vetted, asks robots.txt and claims its own host's slot, so we follow by hand.
            follow_redirects=False,
            # One client serves all sources: cookies are each trip's own.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        return cls(backend, transport, client, proxy)

    def name(self, target: Target) -> str:
        """The host as messages name it, with the proxy that stands before it."""
        return f"{target.host} by the proxy {self.proxy}" if self.proxy is not None else target.host


def answered_headers(response: httpx.Response) -> tuple[tuple[str, str], ...]:
    """All headers of an answer that came by our transport, with lower-case names."""
    location = response.extensions.get(_LOCATION)
    moved = (("location", location),) if location is not None else ()
    return (*response.headers.multi_items(), *moved)


def tls_context(options: FetchOptions) -> ssl.SSLContext:
    """The system's trusted certificates, and those of ``ca_file``."""
    context = ssl.create_default_context()
    if options.ca_file:
        try:
            context.load_verify_locations(cafile=options.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise ConfigError(f"fetch.ca_file: {options.ca_file} cannot be read as certificates: {error}") from error
    return context


def _lookup(host: bytes, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for _, _, _, _, sockaddr in found]


def _route(name: str, goal: str) -> tuple[str, int]:
    address, _, port = goal.rpartition(":")
    if not address or not port.isdecimal():
        raise ConfigError(f'fetch.resolve: {name!r} wants "address:port", not {goal!r}')
    return address.strip("[]"), int(port)
