"""Whether a daemon lives, and whether it is at its work: what it says of itself as it goes, and what that means."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from enum import StrEnum

from scraper.errors import StoreError
from scraper.store.writer import Writer

_LATE = 60.0  # seconds, beyond what is usual, after which a heartbeat is missed


class Phase(StrEnum):
    """What a daemon is doing."""

    STARTING = "starting"
    FOLLOWING = "following its sources"
    RELOADING = "taking its configuration anew"
    ENDING = "ending"


@dataclass(slots=True)
class Vitals:
    """What a daemon says of itself.

    ``beat_at`` is when it last looked for what is due, on the clock of ``time.monotonic``; it looks every ``usual``
    seconds. ``full`` says why nothing is fetched although all is well otherwise; empty: there is room.
    """

    phase: Phase = Phase.STARTING
    writer: Writer | None = None
    full: str = ""
    usual: float = 0.0
    beat_at: float = field(default_factory=time.monotonic)

    def beat(self, full: str) -> None:
        """It looks for what is due now."""
        self.phase = Phase.FOLLOWING
        self.beat_at = time.monotonic()
        self.full = full


async def ailment(vitals: Vitals, patience: float = 5.0) -> str:
    """Why the daemon must be taken for dead; empty: it lives. That this runs at all shows that the event loop turns.

    ``patience`` is how many seconds its writer's thread may stand still. What another process or a full disk keeps it
    from is no ailment: to be started anew would not help.
    """
    if vitals.phase is not Phase.FOLLOWING or vitals.writer is None:
        return ""  # it opens its databases, or ends what is under way
    silent = time.monotonic() - vitals.beat_at
    if silent > vitals.usual + _LATE:
        return f"it did not look for what is due for {silent:.0f} s"
    try:
        async with asyncio.timeout(patience):
            await vitals.writer.run(lambda _store: None)
    except TimeoutError:
        if time.monotonic() - vitals.writer.beat_at >= patience:
            return f"the database did not answer within {patience:g} s"
    except StoreError:
        pass  # see hindrance
    return ""


def hindrance(vitals: Vitals) -> str:
    """Why the daemon is not at its work; empty: it is."""
    if vitals.phase is not Phase.FOLLOWING:
        return f"it is {vitals.phase}"
    return vitals.full or (vitals.writer.trouble if vitals.writer is not None else "")
