"""The host budget kept in the table ``hosts``: what lets the daemon and a one-off command share it.

``scraper.fetch.hosts`` decides, ``scraper.store`` keeps; this joins the two, and neither imports the other.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scraper.errors import ScrapeError
from scraper.fetch.hosts import Claim, HostState, Terms, decide_claim, decide_pause, decide_release
from scraper.fetch.robots import RobotsRecord
from scraper.instance import machine
from scraper.model import Page
from scraper.outcomes import robots_attempt
from scraper.store import Store
from scraper.store.writer import Writer

log = logging.getLogger("scraper")


def new_holder() -> str:
    """A name for this process's claims: the machine, the process, and something that no other process has."""
    return f"{machine()}:{os.getpid()}:{secrets.token_hex(4)}"


class StoredLedger:
    """A ``HostLedger`` in the database. Every call is one write transaction, shared with what else is written."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def claim(self, terms: Terms, now: datetime) -> Claim:
        """As ``HostLedger.claim``; a lease whose process has died on this machine is free at once."""

        def work(store: Store) -> Claim:
            row = store.hosts.get(terms.host)
            state = _state(row)
            if state.held_by is not None and state.held_by != terms.holder and is_dead(state.held_by):
                state = replace(state, held_by=None, held_until=None)
            claim = decide_claim(state, terms, now, _neighbours(store, terms, now))
            if claim.wait == 0.0 or claim.crowded:
                store.hosts.put(terms.host, _columns(claim.state))
            return claim

        return await self._writer.run(work)

    async def release(self, terms: Terms, now: datetime, *, well: bool) -> None:
        """As ``HostLedger.release``."""

        def work(store: Store) -> None:
            state = decide_release(_state(store.hosts.get(terms.host)), terms, now, well=well)
            store.hosts.put(terms.host, _columns(state))

        await self._writer.run(work)

    async def pause(self, host: str, until: datetime, reason: str, detail: str) -> None:
        """As ``HostLedger.pause``."""

        def work(store: Store) -> None:
            state = decide_pause(_state(store.hosts.get(host)), until, reason, detail)
            store.hosts.put(host, _columns(state))

        await self._writer.run(work)

    async def robots(self, host: str) -> RobotsRecord | None:
        """As ``HostLedger.robots``."""
        return kept_robots(await self._writer.run(lambda store: store.hosts.get(host)))

    async def save_robots(self, record: RobotsRecord) -> None:
        """As ``HostLedger.save_robots``."""
        columns = {
            "robots_status": record.status,
            "robots_body": record.body,
            "robots_fetched_at": _written(record.fetched_at),
            "robots_etag": record.etag,
            "robots_expires_at": _written(record.expires_at),
        }
        await self._writer.run(lambda store: store.hosts.put(record.host, columns))

    async def note_robots(self, url: str, found: Page | ScrapeError, now: datetime) -> None:
        """As ``HostLedger.note_robots``."""
        attempt = robots_attempt(url, found, now)
        await self._writer.run(lambda store: store.attempts.add(attempt))
        log.info("%s: %s: %s", attempt.outcome, attempt.url, attempt.detail, extra={"attempt": attempt})


def kept_robots(row: Mapping[str, Any]) -> RobotsRecord | None:
    """The copy of robots.txt that a row of ``hosts`` keeps; None where it keeps none."""
    fetched_at = _read(row["robots_fetched_at"])
    if fetched_at is None:
        return None
    return RobotsRecord(
        host=row["host"],
        status=row["robots_status"],
        body=row["robots_body"] or "",
        fetched_at=fetched_at,
        etag=row["robots_etag"],
        expires_at=_read(row["robots_expires_at"]),
    )


def _neighbours(store: Store, terms: Terms, now: datetime) -> list[HostState]:
    """The other hosts at the address of these terms that are asked now, by processes that are alive, or wait for it."""
    if not terms.address:
        return []
    rows = store.hosts.at_address(terms.address, _written(now) or "")
    states = (_state(row) for row in rows if row["host"] != terms.host)
    return [replace(state, held_by=None) if state.held_by and is_dead(state.held_by) else state for state in states]


def is_dead(holder: str) -> bool:
    """Whether a holder was a process of this machine that is gone: killed, it could not give its lease back."""
    where, _, rest = holder.partition(":")
    pid = rest.partition(":")[0]
    if where != machine() or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _state(row: Mapping[str, Any]) -> HostState:
    return HostState(
        host=row["host"],
        next_at=_read(row["next_at"]),
        held_by=row["held_by"],
        held_until=_read(row["held_until"]),
        paused_until=_read(row["paused_until"]),
        pause_reason=row["pause_reason"],
        pause_detail=row["pause_detail"],
        address=row["address"] or "",
        troubles=row["troubles"] or 0,
        wanted_at=_read(row["wanted_at"]),
        wanted_until=_read(row["wanted_until"]),
    )


def _columns(state: HostState) -> dict[str, str | int | None]:
    return {
        "next_at": _written(state.next_at),
        "held_by": state.held_by,
        "held_until": _written(state.held_until),
        "paused_until": _written(state.paused_until),
        "pause_reason": state.pause_reason,
        "pause_detail": state.pause_detail,
        "address": state.address,
        "troubles": state.troubles,
        "wanted_at": _written(state.wanted_at),
        "wanted_until": _written(state.wanted_until),
    }


def _written(moment: datetime | None) -> str | None:
    """With milliseconds: a spacing can be shorter than a second."""
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
