"""What is kept of a host between requests, and what is decided about it: may it be asked now, and if not, when. Pure.

``HostLedger`` is where that is kept: ``scraper.store`` keeps it in SQLite for all processes, around the decisions here.
A claim is a lease: a process that is killed while it holds one blocks the host no longer than the lease lasts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from scraper.errors import ScrapeError
from scraper.fetch.robots import RobotsRecord
from scraper.model import Page

# Storage tells nobody when another process lets go of a host, so we ask again after this many seconds at the latest.
_POLL = 0.5
_SHORTEST_POLL = 0.05
# No rule of ours sets a slot or a lease further ahead than this; what is, was written under a wrong clock.
_FURTHEST = 3600.0
_FURTHEST_SLOT = 600.0
_LONGEST_PAUSE = 32 * 86400.0
# A wish is renewed at each poll; one that was not for so long is nobody's any more.
_WISH_LASTS = 2.0


@dataclass(frozen=True, slots=True)
class HostState:
    """What is kept of one host between requests: its row in the table ``hosts``.

    ``pause_reason`` is a stable word, ``pause_detail`` the same for people, as in "it asked for 600 s at 10:02 (429)".
    ``address`` is where it led when it was last asked, "" where that is not known (a proxy resolves the name).
    ``troubles`` counts its answers 429 and 503 since the last good one. ``wanted_at`` is since when somebody waits for
    a slot because of its address, and ``wanted_until`` until when that is believed.
    """

    host: str
    next_at: datetime | None = None
    held_by: str | None = None
    held_until: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str | None = None
    pause_detail: str | None = None
    address: str = ""
    troubles: int = 0
    wanted_at: datetime | None = None
    wanted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """A slot that is asked for: of which host at which address, by whom, and how.

    ``spacing`` is how many seconds after its beginning (and again after its end) the next may begin, ``lease`` how long
    it may be held; ``per_address`` how many may be held at once at one address, whatever the host names. A holder's
    name must be its own (a process's, not a program's): whoever claims again under the name of a live lease renews it.
    """

    host: str
    address: str
    holder: str
    spacing: float
    lease: float
    per_address: int


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim: 0.0 and the state that holds the lease, or the seconds to wait and the state as it was.

    ``crowded``: it is not the host that is busy but its address.
    """

    wait: float
    state: HostState
    crowded: bool = False


class HostLedger(Protocol):
    """Where the host budget is kept. ``scraper.store`` keeps it in SQLite, for all processes."""

    async def claim(self, terms: Terms, now: datetime) -> Claim:
        """``wait`` 0.0: the slot is the holder's until released; else the seconds to wait before asking again."""
        ...

    async def release(self, terms: Terms, now: datetime, *, well: bool) -> None:
        """Give the slot back; the next one begins ``spacing`` seconds after ``now``. ``well``: the host answered, and
        was in no trouble.
        """
        ...

    async def pause(self, host: str, until: datetime, reason: str, detail: str) -> None:
        """Nobody may claim the host before ``until``; a later end that was set before stays."""
        ...

    async def robots(self, host: str) -> RobotsRecord | None:
        """What is kept of the host's robots.txt."""
        ...

    async def save_robots(self, record: RobotsRecord) -> None:
        """Keep it, in place of what was kept before."""
        ...

    async def note_robots(self, url: str, found: Page | ScrapeError, now: datetime) -> None:
        """Write down how an attempt at a robots.txt ended."""
        ...


def decide_claim(state: HostState, terms: Terms, now: datetime, neighbours: Iterable[HostState] = ()) -> Claim:
    """Decide a claim. Pure: storage calls it inside its transaction, and writes the state back where it changed.

    ``neighbours`` are other hosts at the address of ``terms``. Of those that wait for it too, whoever wished first goes
    first: a process that asks for many of them would else leave no slot to another one.
    """
    furthest = max(_FURTHEST, terms.lease)
    poll = min(_POLL, max(terms.spacing, _SHORTEST_POLL))
    waits = [0.0]
    if state.paused_until is not None:
        waits.append(_sane((state.paused_until - now).total_seconds(), _LONGEST_PAUSE))
    if state.next_at is not None:
        waits.append(_sane((state.next_at - now).total_seconds(), max(_FURTHEST_SLOT, terms.spacing)))
    if state.held_until is not None and state.held_by != terms.holder:
        waits.append(min(_sane((state.held_until - now).total_seconds(), furthest), poll))
    wait = max(waits)
    if wait > 0:
        return Claim(wait, state)
    wished = state.wanted_at if _is_live(state.wanted_until, now, _WISH_LASTS) else None
    since = wished or now
    if terms.address and sum(_goes_first(other, since, now) for other in neighbours) >= terms.per_address:
        wish = now + timedelta(seconds=_WISH_LASTS)
        return Claim(poll, replace(state, address=terms.address, wanted_at=since, wanted_until=wish), crowded=True)
    taken = replace(
        state,
        next_at=now + timedelta(seconds=terms.spacing),  # kept even if the holder is killed before it releases
        held_by=terms.holder,
        held_until=now + timedelta(seconds=terms.lease),
        paused_until=None,
        pause_reason=None,
        pause_detail=None,
        address=terms.address,
        wanted_at=None,
        wanted_until=None,
    )
    return Claim(0.0, taken)


def _goes_first(other: HostState, since: datetime, now: datetime) -> bool:
    """Whether another host at the same address is asked now, or waits for longer than since then."""
    if other.held_by is not None and _is_live(other.held_until, now, _FURTHEST):
        return True
    wishes = other.wanted_at is not None and _is_live(other.wanted_until, now, _WISH_LASTS)
    return wishes and other.wanted_at is not None and other.wanted_at < since


def _is_live(until: datetime | None, now: datetime, furthest: float) -> bool:
    """Whether an instant is yet to come, and was not written under a wrong clock."""
    return until is not None and 0 < (until - now).total_seconds() <= furthest


def decide_release(state: HostState, terms: Terms, now: datetime, *, well: bool) -> HostState:
    """The state after a release. Pure, like :func:`decide_claim`; a lease that has gone to another holder stays his."""
    if state.held_by != terms.holder:
        return state
    return replace(
        state,
        next_at=now + timedelta(seconds=terms.spacing),
        held_by=None,
        held_until=None,
        troubles=0 if well else state.troubles,
    )


def decide_pause(state: HostState, until: datetime, reason: str, detail: str) -> HostState:
    """The state after a pause was asked for; the later end of two wins. Pure, like :func:`decide_claim`."""
    troubled = replace(state, troubles=state.troubles + 1)
    if state.paused_until is not None and state.paused_until >= until:
        return troubled
    return replace(troubled, paused_until=until, pause_reason=reason, pause_detail=detail)


def _sane(seconds: float, furthest: float) -> float:
    return seconds if seconds <= furthest else 0.0


class MemoryLedger:
    """A ledger of one process, for tests and for fetching without a database.

    How many go to one address at once is seen to by the Budget of a process already.
    """

    def __init__(self) -> None:
        self.states: dict[str, HostState] = {}
        self.records: dict[str, RobotsRecord] = {}
        self.noted: list[tuple[str, Page | ScrapeError]] = []

    async def claim(self, terms: Terms, now: datetime) -> Claim:
        """As :meth:`HostLedger.claim`."""
        claim = decide_claim(self._state(terms.host), terms, now)
        self.states[terms.host] = claim.state
        return claim

    async def release(self, terms: Terms, now: datetime, *, well: bool) -> None:
        """As :meth:`HostLedger.release`."""
        self.states[terms.host] = decide_release(self._state(terms.host), terms, now, well=well)

    async def pause(self, host: str, until: datetime, reason: str, detail: str) -> None:
        """As :meth:`HostLedger.pause`."""
        self.states[host] = decide_pause(self._state(host), until, reason, detail)

    async def robots(self, host: str) -> RobotsRecord | None:
        """As :meth:`HostLedger.robots`."""
        return self.records.get(host)

    async def save_robots(self, record: RobotsRecord) -> None:
        """As :meth:`HostLedger.save_robots`."""
        self.records[record.host] = record

    async def note_robots(self, url: str, found: Page | ScrapeError, now: datetime) -> None:  # noqa: ARG002 - the protocol's
        """As :meth:`HostLedger.note_robots`."""
        self.noted.append((url, found))

    def _state(self, host: str) -> HostState:
        return self.states.get(host) or HostState(host)
