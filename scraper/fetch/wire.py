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

import httpcore
import httpx

from scraper.errors import ConfigError, UnsafeAddress
from scraper.fetch.guard import check_address, endpoint
from scraper.fetch.options import FetchOptions

# The loop's own executor has 6 threads here, and a dead name server holds each for half a minute.
_RESOLVERS = 32
_KEPT_ALIVE = 20
_REMEMBERED = 1000  # hosts
_REMEMBERED_FOR = 30.0  # seconds
_LOCATION = "article_scraper.location"


class Backend(httpcore.AsyncNetworkBackend):
    """Opens TCP connections to addresses that passed the guard, and to nothing else."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
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
                check_address(address, self._options, host)
            except UnsafeAddress as error:
                refusal = error
            else:
                safe.append((address, port))
        if refusal is not None and not safe:
            raise refusal
        return safe


class Transport(httpx.AsyncHTTPTransport):
    """Httpx's transport over a pool of our own: httpx has no parameter for the network backend."""

    def __init__(self, options: FetchOptions, backend: Backend) -> None:
        context = tls_context(options)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(  # the only way in; httpx is pinned below 0.29
            ssl_context=context,
            # httpcore scans all its connections at every request; how many there are is the host budget's business.
            max_connections=None,
            max_keepalive_connections=_KEPT_ALIVE,
            keepalive_expiry=15.0,
            network_backend=backend,
        )

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
