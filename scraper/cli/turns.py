"""Whose turn it is, of many URLs: a few of each host at once, so that a list sorted by host does not wait for one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

_Result = TypeVar("_Result")
_BEAT = 0.5  # seconds
_AHEAD = 20_000  # URLs that are looked at before their turn: some megabytes


@dataclass(frozen=True, slots=True)
class Numbered:
    """A URL, and how many were before it."""

    number: int
    url: str


@dataclass(slots=True)
class _Host:
    """What waits of a host, how many of it are under way, and how many turns it stands in line for."""

    waiting: deque[Numbered] = field(default_factory=deque)
    under_way: int = 0
    in_line: int = 0


class Turns:
    """``at_once`` are under way together at most, and ``a_host`` of the same host."""

    def __init__(self, at_once: int, a_host: int = 2) -> None:
        self._at_once = at_once
        self._a_host = a_host
        self._hosts: dict[str, _Host] = {}
        self._line: deque[str] = deque()
        self._waiting = 0
        self._under_way = 0
        self.known = 0
        self.are_all_known = False

    @property
    def is_full(self) -> bool:
        """Whether so many wait that no more should be added for now."""
        return self._waiting >= _AHEAD

    def add(self, url: str) -> None:
        """One more."""
        name = _host(url)
        self._hosts.setdefault(name, _Host()).waiting.append(Numbered(self.known, url))
        self.known += 1
        self._waiting += 1
        self._stand_in_line(name)

    def heard(self, urls: list[str] | None) -> bool:
        """Some more; None: these were all. Returns whether there may be more."""
        for url in urls or ():
            self.add(url)
        self.are_all_known = urls is None
        return urls is not None

    def take(self) -> Numbered | None:
        """The next one, which is under way then; None: nobody's turn has come."""
        if not self._line or self._under_way >= self._at_once:
            return None
        host = self._hosts[self._line.popleft()]
        host.in_line -= 1
        host.under_way += 1
        self._under_way += 1
        self._waiting -= 1
        return host.waiting.popleft()

    def end(self, url: str) -> None:
        """One that was under way is no longer."""
        name = _host(url)
        host = self._hosts[name]
        host.under_way -= 1
        self._under_way -= 1
        self._stand_in_line(name)
        if not host.waiting and not host.under_way:
            del self._hosts[name]

    def _stand_in_line(self, name: str) -> None:
        host = self._hosts[name]
        if host.in_line < min(len(host.waiting), self._a_host - host.under_way):
            host.in_line += 1
            self._line.append(name)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:  # what is no URL is told so, whatever its turn
        return ""


async def in_turns(
    turns: Turns, urls: AsyncIterator[list[str]], work: Callable[[str], Awaitable[_Result]]
) -> AsyncGenerator[tuple[int, _Result | None]]:
    """Work on all URLs; yields each one's number with its result as it is done.

    Where nothing is done for a while there is a result of None, for whoever wants to say how far it is. To close it
    ends what is under way. Raises what the work raises.
    """

    async def some() -> list[str] | None:
        return await anext(urls, None)

    async def one(taken: Numbered) -> _Result:
        return await work(taken.url)

    under_way: dict[asyncio.Task[_Result], Numbered] = {}
    reading: asyncio.Task[list[str] | None] | None = asyncio.create_task(some())
    try:
        while True:
            while (taken := turns.take()) is not None:
                under_way[asyncio.create_task(one(taken))] = taken
            if reading is None and not under_way:
                return
            waiting = {*under_way, *((reading,) if reading is not None and not turns.is_full else ())}
            done, _ = await asyncio.wait(waiting, timeout=_BEAT, return_when=asyncio.FIRST_COMPLETED)
            if reading is not None and reading in done:
                reading = asyncio.create_task(some()) if turns.heard(reading.result()) else None
            ended = sorted((under_way[task].number, task) for task in done if task in under_way)
            for number, task in ended:
                turns.end(under_way.pop(task).url)
                yield number, task.result()
            if not ended:
                yield 0, None
    finally:
        left = [*under_way, *((reading,) if reading is not None else ())]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
