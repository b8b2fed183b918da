"""The host budget of a whole process: of all its threads, event loops and Fetchers, where there is no database."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from threading import Lock
from typing import TypeVar

from scraper.errors import ScrapeError
from scraper.fetch.hosts import Claim, HostState, MemoryLedger, Terms, decide_claim
from scraper.fetch.robots import RobotsRecord
from scraper.model import Page

_MOST = 1000  # hosts; what is kept of one is its robots.txt, of a kB or two
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class ProcessLedger(MemoryLedger):
    """A ledger that several Budgets share, in any thread. It keeps the hosts that were asked last, ``most`` of them."""

    def __init__(self, most: int = _MOST) -> None:
        super().__init__()
        self._most = most
        self._lock = Lock()

    async def claim(self, terms: Terms, now: datetime) -> Claim:
        """As ``HostLedger.claim``, with an eye to the address: no Budget sees what others ask of it."""
        with self._lock:
            neighbours = [each for each in self.states.values() if terms.address and each.address == terms.address]
            state = self._state(terms.host)
            claim = decide_claim(state, terms, now, (each for each in neighbours if each.host != terms.host))
            if claim.wait == 0.0 or claim.crowded:
                self._keep(terms.host, claim.state, now)
            return claim

    async def release(self, terms: Terms, now: datetime, *, well: bool) -> None:
        """As ``HostLedger.release``."""
        with self._lock:
            await super().release(terms, now, well=well)

    async def pause(self, host: str, until: datetime, reason: str, detail: str) -> None:
        """As ``HostLedger.pause``."""
        with self._lock:
            await super().pause(host, until, reason, detail)

    async def save_robots(self, record: RobotsRecord) -> None:
        """As ``HostLedger.save_robots``."""
        with self._lock:
            _latest(self.records, record.host, record)
            while len(self.records) > self._most:
                del self.records[next(iter(self.records))]

    async def note_robots(self, url: str, found: Page | ScrapeError, now: datetime) -> None:
        """Nobody here reads what became of it."""

    def _keep(self, host: str, state: HostState, now: datetime) -> None:
        _latest(self.states, host, state)
        spare = len(self.states) - self._most
        if spare > 0:
            idle = [name for name, each in self.states.items() if _is_idle(each, now)]
            for name in idle[:spare]:
                del self.states[name]


def _latest(values: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Put a value at the end."""
    values.pop(key, None)
    values[key] = value


def _is_idle(state: HostState, now: datetime) -> bool:
    """Whether nothing that is kept of a host bears on when it may be asked."""
    ends = (state.next_at, state.held_until, state.paused_until, state.wanted_until)
    return all(end is None or end <= now for end in ends)
