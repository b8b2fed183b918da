"""Names resolved, and the addresses that they lead to vetted, before anything is connected to.

A check before the request would look up the name a second time, and a hostile name server answers differently then
(DNS rebinding). So what connects asks here, and the address that passed is the one dialled.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address
from threading import Thread

from scraper.errors import ConfigError, UnsafeAddress
from scraper.fetch.guard import check_address, endpoint
from scraper.fetch.options import FetchOptions
from scraper.fetch.profile import Proxy

# A dead name server holds a thread for half a minute. An executor's threads would hold up the program's end too.
_THREADS = 200
LOOKUPS = 4
"""Names that are looked up at once, for each host that may be asked at once: each takes a descriptor for a moment."""
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
        self._free = asyncio.Semaphore(min(_THREADS, LOOKUPS * options.concurrency))
        self._known: dict[tuple[str, int], tuple[float, list[tuple[str, int]]]] = {}

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
        if _is_address(host):
            found = [host]
        else:
            await self._free.acquire()
            found = await looked_up(host, port, self._free.release)
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


async def looked_up(host: str, port: int, settled: Callable[[], object] = lambda: None) -> list[str]:
    """What the DNS says, asked in a thread of its own, which goes on by itself if nobody waits for it any more.

    ``settled`` is called when that ends. Raises OSError.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | BaseException) -> None:
        settled()
        if answer.done():
            return
        if isinstance(found, BaseException):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def ask() -> None:
        found: list[str] | BaseException
        try:
            # As bytes: given text, getaddrinfo would apply Python's own IDNA, which knows the rules of 2003.
            found = _lookup(host.encode("ascii"), port)
        except (OSError, UnicodeError) as error:
            found = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found)

    Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    return await answer


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _lookup(host: bytes, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for _, _, _, _, sockaddr in found]


def _route(name: str, goal: str) -> tuple[str, int]:
    address, _, port = goal.rpartition(":")
    if not address or not port.isdecimal():
        raise ConfigError(f'fetch.resolve: {name!r} wants "address:port", not {goal!r}')
    return address.strip("[]"), int(port)
