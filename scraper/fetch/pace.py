"""The host budget: one connection a host, spaced, paused when the host asks for it; over tasks and processes.

::

    Budget.slot(host)
      ├── in this process: a queue a host, first come first served; forgotten when nobody waits
      └── over all processes: HostLedger.claim, which storage carries out in one transaction around decide_claim

A claim is a lease: a process that is killed while it holds one blocks the host no longer than the lease lasts.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from scraper.errors import HostPaused
from scraper.fetch.robots import RobotsRecord

# Storage tells nobody when another process lets go of a host, so we ask again after this many seconds at the latest.
_POLL = 0.5
_SHORTEST_POLL = 0.05
# No rule of ours sets a slot or a lease further ahead than this; what is, was written under a wrong clock.
_FURTHEST = 3600.0
_LONGEST_PAUSE = 8 * 86400.0


@dataclass(frozen=True, slots=True)
class HostState:
    """What is kept of one host between requests: its row in the table ``hosts``."""

    host: str
    next_at: datetime | None = None
    held_by: str | None = None
    held_until: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim: 0.0 and the state that holds the lease, or the seconds to wait and the state as it was."""

    wait: float
    state: HostState


class HostLedger(Protocol):
    """Where the host budget is kept. ``scraper.store`` keeps it in SQLite, for all processes."""

    async def claim(self, host: str, holder: str, now: datetime, spacing: float, lease: float) -> float:
        """0.0: the slot is the holder's until released; else the seconds to wait before asking again."""
        ...

    async def release(self, host: str, holder: str, now: datetime, spacing: float) -> None:
        """Give the slot back; the next one begins ``spacing`` seconds after ``now``."""
        ...

    async def pause(self, host: str, until: datetime, reason: str) -> None:
        """Nobody may claim the host before ``until``; a later end that was set before stays."""
        ...

    async def robots(self, host: str) -> RobotsRecord | None:
        """What is kept of the host's robots.txt."""
        ...

    async def save_robots(self, record: RobotsRecord) -> None:
        """Keep it, in place of what was kept before."""
        ...


def decide_claim(state: HostState, holder: str, now: datetime, spacing: float, lease: float) -> Claim:
    """Decide a claim. Pure: storage calls it inside its transaction and writes the state back when ``wait`` is 0.0.

    A holder's name must be its own (a process's, not a program's): whoever claims again under the name of a live
    lease renews it.
    """
    furthest = max(_FURTHEST, spacing, lease)
    poll = min(_POLL, max(spacing, _SHORTEST_POLL))
    waits = [0.0]
    if state.paused_until is not None:
        waits.append(_sane((state.paused_until - now).total_seconds(), _LONGEST_PAUSE))
    if state.next_at is not None:
        waits.append(_sane((state.next_at - now).total_seconds(), furthest))
    if state.held_until is not None and state.held_by != holder:
        waits.append(min(_sane((state.held_until - now).total_seconds(), furthest), poll))
    wait = max(waits)
    if wait > 0:
        return Claim(wait, state)
    taken = replace(
        state,
        next_at=now + timedelta(seconds=spacing),  # kept even if the holder is killed before it releases
        held_by=holder,
        held_until=now + timedelta(seconds=lease),
        paused_until=None,
        pause_reason=None,
    )
    return Claim(0.0, taken)


def decide_release(state: HostState, holder: str, now: datetime, spacing: float) -> HostState:
    """The state after a release. Pure, like :func:`decide_claim`; a lease that has gone to another holder stays his."""
    if state.held_by != holder:
        return state
    return replace(state, next_at=now + timedelta(seconds=spacing), held_by=None, held_until=None)


def decide_pause(state: HostState, until: datetime, reason: str) -> HostState:
    """The state after a pause was asked for; the later end of two wins. Pure, like :func:`decide_claim`."""
    if state.paused_until is not None and state.paused_until >= until:
        return state
    return replace(state, paused_until=until, pause_reason=reason)


def _sane(seconds: float, furthest: float) -> float:
    return seconds if seconds <= furthest else 0.0


class MemoryLedger:
    """A ledger of one process, for tests and for fetching without a database."""

    def __init__(self) -> None:
        self.states: dict[str, HostState] = {}
        self.records: dict[str, RobotsRecord] = {}

    async def claim(self, host: str, holder: str, now: datetime, spacing: float, lease: float) -> float:
        """As :meth:`HostLedger.claim`."""
        claim = decide_claim(self._state(host), holder, now, spacing, lease)
        self.states[host] = claim.state
        return claim.wait

    async def release(self, host: str, holder: str, now: datetime, spacing: float) -> None:
        """As :meth:`HostLedger.release`."""
        self.states[host] = decide_release(self._state(host), holder, now, spacing)

    async def pause(self, host: str, until: datetime, reason: str) -> None:
        """As :meth:`HostLedger.pause`."""
        self.states[host] = decide_pause(self._state(host), until, reason)

    async def robots(self, host: str) -> RobotsRecord | None:
        """As :meth:`HostLedger.robots`."""
        return self.records.get(host)

    async def save_robots(self, record: RobotsRecord) -> None:
        """As :meth:`HostLedger.save_robots`."""
        self.records[record.host] = record

    def _state(self, host: str) -> HostState:
        return self.states.get(host) or HostState(host)


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
                raise HostPaused(message) from error
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

    def __len__(self) -> int:
        return len(self._gates)


@dataclass(slots=True)
class Turn:
    """A slot that is held. ``spacing`` is how many seconds after its end the next one may begin: its holder may raise
    it, having seen how long the host takes.
    """

    spacing: float


class Budget:
    """Hands out the slots of all hosts: to one task of this process at a time, and as the ledger allows.

    ``lease`` is how long a slot may be held, in seconds; ``concurrency`` how many slots may be in use at once,
    ``per_address`` how many of them at one address, whatever the host names are that lead there.
    """

    def __init__(
        self,
        ledger: HostLedger,
        holder: str,
        clock: Callable[[], datetime],
        *,
        lease: float,
        concurrency: int,
        per_address: int,
    ) -> None:
        self._ledger = ledger
        self._holder = holder
        self._clock = clock
        self._lease = lease
        self._gate = asyncio.Semaphore(max(1, concurrency))
        self._gates = Gates(per_address)
        self._queues = Queues()
        self._pauses: dict[str, tuple[datetime, str]] = {}

    @asynccontextmanager
    async def slot(self, host: str, address: str, spacing: float, patience: Patience) -> AsyncIterator[Turn]:
        """Hold the host's only slot, and one of those of the address that it leads to. Raises HostPaused where
        patience ends first.

        Never hold two slots at once: two tasks whose redirects cross would wait for each other.
        """
        if (known := self._known_pause(host)) and not patience.covers(known):
            raise self._paused(host, known)
        async with (
            self._queues.turn(host, patience),
            self._gates.of(address) as gate,
            self._claimed(host, gate, spacing, patience) as turn,
        ):
            yield turn

    @property
    def waiting(self) -> int:
        """How many hosts have a request or a queue in this process now."""
        return len(self._queues)

    async def pause(self, host: str, until: datetime, reason: str) -> None:
        """Stop asking this host until then, in every process."""
        now = self._clock()
        self._pauses = {name: pause for name, pause in self._pauses.items() if pause[0] > now}
        self._pauses[host] = (until, reason)
        await self._ledger.pause(host, until, reason)

    @asynccontextmanager
    async def _claimed(
        self, host: str, gate: asyncio.Semaphore, spacing: float, patience: Patience
    ) -> AsyncIterator[Turn]:
        turn = Turn(spacing)
        while True:
            # Claiming behind the gates: a lease must not run out while its holder waits for other hosts' slots.
            async with gate, self._gate:
                wait = await self._ledger.claim(host, self._holder, self._clock(), spacing, self._lease)
                if wait <= 0:
                    try:
                        yield turn
                    finally:
                        await self._ledger.release(host, self._holder, self._clock(), turn.spacing)
                    return
            if not patience.covers(wait):
                raise self._paused(host, wait)
            with suppress(TimeoutError):  # a rounding of the clock; the next turn decides
                async with patience.spent():
                    await asyncio.sleep(max(wait, 0.001))

    def _known_pause(self, host: str) -> float:
        now = self._clock()
        return max(0.0, (self._pauses.get(host, (now, ""))[0] - now).total_seconds())

    def _paused(self, host: str, wait: float) -> HostPaused:
        now = self._clock()
        until, reason = self._pauses.get(host, (now, ""))
        if until > now:
            wait = (until - now).total_seconds()
            return HostPaused(f"{host} asked for a pause until {_time(until, now)} ({reason})", retry_after=wait)
        soonest = _time(now + timedelta(seconds=wait), now)
        return HostPaused(f"{host} has no free slot before {soonest}", retry_after=wait)


def _time(moment: datetime, now: datetime) -> str:
    moment += timedelta(seconds=0.999)  # rounded up: nobody should come back too early
    form = "%H:%M UTC" if moment - now >= timedelta(minutes=2) else "%H:%M:%S UTC"
    return moment.strftime(form if moment.date() == now.date() else f"%Y-%m-%d {form}")
