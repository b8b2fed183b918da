"""The host budget: one connection a host, spaced, paused when the host asks for it; over tasks and processes.

::

    Budget.slot(terms)
      ├── in this process: a queue a host, first come first served; a gate an address; forgotten when nobody waits
      └── over all processes: HostLedger.claim, which storage carries out in one transaction around decide_claim
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from scraper.errors import HostPaused
from scraper.fetch.hosts import Claim, HostLedger, Terms


class Patience:
    """How long one caller may still wait for host budgets, over all the hosts that its redirects lead to."""

    def __init__(self, seconds: float | None) -> None:
        self.left = seconds

    def covers(self, seconds: float) -> bool:
        """Whether that much more waiting is within what may be waited."""
        return self.left is None or seconds <= self.left

    @asynccontextmanager
    async def spent(self) -> AsyncIterator[None]:
        """Count the time inside as waiting; TimeoutError when it is used up."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        try:
            async with asyncio.timeout(self.left):
                yield
        finally:
            if self.left is not None:
                self.left = max(0.0, self.left - (loop.time() - start))


class Queues:
    """A queue a name, first come first served, for the tasks of this process; forgotten when nobody waits."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, name: str, patience: Patience) -> AsyncIterator[None]:
        """Wait for the turn and hold it. Raises HostPaused where patience ends first."""
        lock = self._locks.setdefault(name, asyncio.Lock())  # asyncio's lock serves its waiters in their order
        self._tasks[name] += 1
        try:
            try:
                async with patience.spent():
                    await lock.acquire()
            except TimeoutError as error:
                message = f"{name} is still busy with earlier requests, and there is no more time to wait"
                raise HostPaused(message, host=name) from error
            try:
                yield
            finally:
                lock.release()
        finally:
            self._tasks[name] -= 1
            if not self._tasks[name]:
                del self._tasks[name], self._locks[name]

    def __len__(self) -> int:
        return len(self._locks)


class Gates:
    """A semaphore a name, that lets so many in; forgotten when nobody is there."""

    def __init__(self, many: int) -> None:
        self._many = many
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[asyncio.Semaphore]:
        """The gate of that name, which is the same for all who have it at the same time."""
        self._users[name] += 1
        try:
            yield self._gates.setdefault(name, asyncio.Semaphore(self._many))
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._gates[name]


@dataclass(slots=True)
class Turn:
    """A slot that is held.

    ``spacing`` is how many seconds after its end the next one may begin: its holder may raise it, having seen how long
    the host takes. ``well`` is for its holder to set: the host answered, and was in no trouble. ``troubles`` counts its
    answers 429 and 503 before this one.
    """

    spacing: float
    troubles: int
    well: bool = False


class Budget:
    """Hands out the slots of all hosts: to one task of this process at a time, and as the ledger allows.

    ``concurrency`` is how many slots may be in use at once, ``per_address`` how many of them at one address, whatever
    the host names are that lead there.
    """

    def __init__(
        self, ledger: HostLedger, clock: Callable[[], datetime], *, concurrency: int, per_address: int
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._gate = asyncio.Semaphore(max(1, concurrency))
        self._gates = Gates(per_address)
        self._queues = Queues()
        self._pauses: dict[str, tuple[datetime, str]] = {}
        self._releasing: set[asyncio.Future[None]] = set()

    @asynccontextmanager
    async def slot(self, terms: Terms, patience: Patience) -> AsyncIterator[Turn]:
        """Hold the host's only slot, and one of those of the address that it leads to. Raises HostPaused where
        patience ends first.

        Never hold two slots at once: two tasks whose redirects cross would wait for each other.
        """
        if (known := self._known_pause(terms.host)) and not patience.covers(known):
            raise self._paused(terms, known)
        async with (
            self._queues.turn(terms.host, patience),
            self._gates.of(terms.address or terms.host) as gate,
            self._claimed(terms, gate, patience) as turn,
        ):
            yield turn

    @property
    def waiting(self) -> int:
        """How many hosts have a request or a queue in this process now."""
        return len(self._queues)

    async def pause(self, host: str, until: datetime, reason: str, detail: str) -> None:
        """Stop asking this host until then, in every process."""
        now = self._clock()
        self._pauses = {name: pause for name, pause in self._pauses.items() if pause[0] > now}
        self._pauses[host] = (until, detail)
        await self._ledger.pause(host, until, reason, detail)

    @asynccontextmanager
    async def _claimed(self, terms: Terms, gate: asyncio.Semaphore, patience: Patience) -> AsyncIterator[Turn]:
        while True:
            # Claiming behind the gates: a lease must not run out while its holder waits for other hosts' slots.
            async with self._through(gate, terms, patience):
                claim = await self._claim(terms)
                if claim.wait <= 0:
                    turn = Turn(terms.spacing, claim.state.troubles)
                    try:
                        yield turn
                    finally:
                        ended = replace(terms, spacing=turn.spacing)
                        await self._ledger.release(ended, self._clock(), well=turn.well)
                    return
            if not patience.covers(claim.wait):
                raise self._paused(terms, claim.wait, claim)
            with suppress(TimeoutError):  # a rounding of the clock; the next turn decides
                async with patience.spent():
                    await asyncio.sleep(max(claim.wait, 0.001))

    @asynccontextmanager
    async def _through(self, gate: asyncio.Semaphore, terms: Terms, patience: Patience) -> AsyncIterator[None]:
        """Pass the gate of the address, and that of all."""
        async with AsyncExitStack() as stack:
            try:
                async with patience.spent():
                    await stack.enter_async_context(gate)
                    await stack.enter_async_context(self._gate)
            except TimeoutError as error:
                message = f"{terms.host} waits for requests to other hosts, and there is no more time to wait"
                raise HostPaused(message, host=terms.host) from error
            yield

    async def _claim(self, terms: Terms) -> Claim:
        """Claim; a claim that is granted when its task is cancelled already is given back."""
        asking = asyncio.ensure_future(self._ledger.claim(terms, self._clock()))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            asking.add_done_callback(partial(self._give_back, terms))
            raise

    def _give_back(self, terms: Terms, asked: asyncio.Future[Claim]) -> None:
        if not asked.cancelled() and asked.exception() is None and asked.result().wait <= 0:
            releasing = asyncio.ensure_future(self._ledger.release(terms, self._clock(), well=False))
            self._releasing.add(releasing)
            releasing.add_done_callback(self._released)

    def _released(self, releasing: asyncio.Future[None]) -> None:
        """One that could not be given back (the database is closing) lapses by itself."""
        self._releasing.discard(releasing)
        if not releasing.cancelled():
            releasing.exception()

    def _known_pause(self, host: str) -> float:
        now = self._clock()
        return max(0.0, (self._pauses.get(host, (now, ""))[0] - now).total_seconds())

    def _paused(self, terms: Terms, wait: float, claim: Claim | None = None) -> HostPaused:
        host, now = terms.host, self._clock()
        until, detail = self._pauses.get(host, (now, ""))
        if claim is not None and claim.state.paused_until is not None and claim.state.paused_until > until:
            until, detail = claim.state.paused_until, claim.state.pause_detail or "is paused"
        if until > now:
            wait = (until - now).total_seconds()
            told = f"{host} {detail}: it is left alone until {_time(until, now)}"
            return HostPaused(told, host=host, retry_after=wait)
        soonest = _time(now + timedelta(seconds=wait), now)
        if claim is not None and claim.crowded:
            busy = f"{terms.per_address} requests are under way at {terms.address}, where {host} leads"
            return HostPaused(f"{busy}, and no more go there at once", host=host, retry_after=wait)
        return HostPaused(f"{host} has no free slot before {soonest}", host=host, retry_after=wait)


def _time(moment: datetime, now: datetime) -> str:
    moment += timedelta(seconds=0.999)  # rounded up: nobody should come back too early
    form = "%H:%M UTC" if moment - now >= timedelta(minutes=2) else "%H:%M:%S UTC"
    return moment.strftime(form if moment.date() == now.date() else f"%Y-%m-%d {form}")
