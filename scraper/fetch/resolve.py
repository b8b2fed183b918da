"""Names resolved, and the addresses that they lead to vetted, before anything is connected to.

A check before the request would look up the name a second time, and a hostile name server answers differently then
(DNS rebinding). So what connects asks here, and the address that passed is the one dialled.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from scraper.errors import ConfigError, UnsafeAddress
from scraper.fetch.guard import check_address, endpoint
from scraper.fetch.options import FetchOptions
from scraper.fetch.profile import Proxy

# The loop's own executor has 6 threads here, and a dead name server holds each for half a minute.
_THREADS = 32
_REMEMBERED = 1000  # hosts
_REMEMBERED_FOR = 30.0  # seconds


class Resolver:
    """Where hosts lead, as far as one may go there.

    One that is made for a ``proxy`` lets that pass, wherever it is: the operator chose it by hand.
    """

    def __init__(self, options: FetchOptions, proxy: Proxy | None = None) -> None:
        self._options = options
        self._proxy = (proxy.host, proxy.port) if proxy is not None else None
        self._routes = {name.lower(): _route(name, goal) for name, goal in options.resolve.items()}
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="resolve")
        self._known: dict[tuple[str, int], tuple[float, list[tuple[str, int]]]] = {}

    def close(self) -> None:
        """Let the threads go. One that waits for a dead name server ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def goals(self, host: str, port: int) -> list[tuple[str, int]]:
        """The addresses and ports that a host leads to, at least one, all vetted. They are remembered for some seconds:
        what was vetted for a request is what its connection goes to. Raises UnsafeAddress, and OSError of the DNS.
        """
        route = self._routes.get(endpoint(host, port)) if self._routes else None
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
        found = await loop.run_in_executor(self._threads, _lookup, host.encode("ascii"), port)
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


def _lookup(host: bytes, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for _, _, _, _, sockaddr in found]


def _route(name: str, goal: str) -> tuple[str, int]:
    address, _, port = goal.rpartition(":")
    if not address or not port.isdecimal():
        raise ConfigError(f'fetch.resolve: {name!r} wants "address:port", not {goal!r}')
    return address.strip("[]"), int(port)
