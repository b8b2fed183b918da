"""The server: an address of loopback for each case, one port for all, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.fetch.loopback import Script, Site
from tests.hostile.case import Behind, Case

_A_NET = 200  # addresses


def address(number: int) -> str:
    """The address of the case with that number."""
    return f"127.20.{number // _A_NET}.{number % _A_NET + 1}"


def other(home: str) -> str:
    """The other address of the same case."""
    return home.replace("127.20.", "127.21.") if home.startswith("127.20.") else home.replace("127.21.", "127.20.")


def nobody(home: str) -> str:
    """An address where nobody listens."""
    return home.replace("127.20.", "127.22.").replace("127.21.", "127.22.")


class Home(Site):
    """One case's site, which asks for cookies where the case does."""

    def _script(self, path: str) -> Script:
        found: Script | Behind = super()._script(path)
        if not isinstance(found, Behind):
            return found
        return found.inside if found.cookie in self.calls[-1].headers.get("cookie", "") else found.outside


class Fleet:
    """A site for each case."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.port = 0
        self.sites = [Home(pages=case.scripts) for case in cases]
        self._homes = {home: site for number, site in enumerate(self.sites) for home in _homes(number, cases[number])}
        self._up = threading.Event()
        self._end: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def paths(self, number: int) -> tuple[str, ...]:
        """What was asked of a case's site, in its order."""
        return tuple(self.sites[number].paths())

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve until the end of this."""
        thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="hostile server")
        thread.start()
        try:
            if not self._up.wait(30):
                raise TimeoutError("the server did not come up")
            yield
        finally:
            if self._loop is not None and self._end is not None:
                self._loop.call_soon_threadsafe(self._end.set)
            thread.join()

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        first, *others = self._homes
        servers = [await asyncio.start_server(self._answer, first, 0)]
        self.port = servers[0].sockets[0].getsockname()[1]
        servers += [await asyncio.start_server(self._answer, home, self.port) for home in others]
        for site in self.sites:
            site.port = self.port
        self._up.set()
        await self._end.wait()
        for server in servers:
            server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._homes[writer.get_extra_info("sockname")[0]].serve(reader, writer)


def _homes(number: int, case: Case) -> tuple[str, ...]:
    home = address(number)
    return (home, other(home)) if case.two else (home,)
