"""Events told to the operator's webhook, in their order, each at least once.

::

    events that wait (news.db) ── a batch ── POST ── taken: delivered
                 ^                            └── not: wait, longer each time ──┐
                 └──────────────────────────────────────────────────────────────┘ given up after webhook.retry_for

What was taken and could not be noted (the disk is full) is remembered, and noted before anything else is posted. After
a kill, it is posted again, under the same ids.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from scraper.errors import ScrapeError, Skip, StoreError, TryLater
from scraper.fetch.webhook import Hook, Poster
from scraper.model import instant
from scraper.profiles import secret
from scraper.settings import Settings, Webhook
from scraper.store import Store
from scraper.store.events import PendingEvent
from scraper.store.writer import Writer

log = logging.getLogger("scraper")

_FIRST_WAIT, _LONGEST_WAIT = 10.0, 3600.0  # seconds
# A body that its receiver does not like will not be liked later: fewer events go at once, until the one at fault is
# found.
_UNLIKED = frozenset({400, 413, 422})
_UNLIKED_TRIES = 5


def hook(settings: Settings, root: Path) -> Hook | None:
    """The webhook of a home, its secrets read; None where none is configured. Raises ConfigError."""
    said = settings.webhook
    if not said.url:
        return None
    url, key = secret(said.url, "webhook.url", root), secret(said.secret, "webhook.secret", root)
    return Hook.at(url, key, said.timeout, settings.fetch)


def payload(events: Sequence[PendingEvent]) -> bytes:
    """What is posted: docs/events.md describes it."""
    told = [
        {
            "id": event.id,
            "at": event.at,
            "kind": event.kind.value,
            "source": event.source,
            "article_id": event.article_id,
            "detail": event.detail,
            "data": event.data,
        }
        for event in events
    ]
    return json.dumps({"events": told}, ensure_ascii=False).encode()


def wait_after(failures: int, asked: float | None, chance: float) -> float:
    """Seconds until the next try, after so many in a row that went wrong. ``chance`` (0 to 1) spreads them."""
    wait = min(_FIRST_WAIT * 2.0 ** min(failures - 1, 20), _LONGEST_WAIT)
    return max(wait * (0.5 + chance / 2), min(asked or 0.0, _LONGEST_WAIT))


class Courier:
    """Delivers what waits, by ``poster``; without one, nothing. ``clock`` is what deliveries are dated by."""

    def __init__(self, webhook: Webhook, writer: Writer, poster: Poster | None, clock: Callable[[], datetime]) -> None:
        self._webhook = webhook
        self._writer = writer
        self._poster = poster
        self._clock = clock
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing
        self._lock = asyncio.Lock()
        self._failures = 0
        self._taken: list[int] = []  # ids, of which it is not noted yet
        self._unliked = (0, 0)  # an event, and how often it was refused by itself
        self._size = webhook.batch

    async def run(self, tick: float) -> None:
        """Deliver until cancelled; look every ``tick`` seconds. Whatever goes wrong stops nothing else."""
        while True:
            try:
                wait = await self.deliver()
            except Exception:
                log.exception("a fault of this program while telling the webhook; please report it")
                wait = _LONGEST_WAIT
            await asyncio.sleep(wait or tick)

    async def finish(self) -> None:
        """Deliver what still waits, unless the last delivery went wrong: the program is to end, and not to wait."""
        async with self._lock:  # one that is under way
            pass
        if not self._failures:
            await self.deliver()

    async def deliver(self) -> float:
        """Deliver all that waits, until a delivery goes wrong. Returns the seconds to wait before the next try; 0.0 if
        nothing waits.
        """
        if self._poster is None:
            return 0.0
        try:
            async with self._lock:
                await self._note()
                while batch := await self._writer.run(lambda store: store.events.waiting(self._size)):
                    if (wait := await self._post(self._poster, batch)) > 0:
                        return wait
        except StoreError as error:
            log.warning("the webhook waits: %s", error)
            self._failures += 1
            return wait_after(self._failures, None, self._random.random())
        return 0.0

    async def _post(self, poster: Poster, batch: Sequence[PendingEvent]) -> float:
        """Post a batch, and note what became of it. Returns how long to wait; 0.0: go on."""
        ids, now = [event.id for event in batch], self._clock()
        try:
            await poster.post(payload(batch), f"{ids[0]}-{ids[-1]}", now)
        except (TryLater, Skip) as error:
            return await self._failed(batch, error, now)
        self._taken = ids
        await self._note()
        self._failures = 0
        self._size = min(2 * self._size, self._webhook.batch)
        return 0.0

    async def _note(self) -> None:
        """Note what was taken. Raises StoreError; then it is still to be noted."""
        if ids := self._taken:
            await self._writer.run(lambda store: store.events.delivered(ids, instant(self._clock())))
            self._taken = []

    async def _failed(self, batch: Sequence[PendingEvent], error: ScrapeError, now: datetime) -> float:
        ids = [event.id for event in batch]
        unliked = isinstance(error, Skip) and error.status in _UNLIKED
        if unliked and len(ids) == 1:
            event, times = self._unliked
            self._unliked = (ids[0], times + 1 if event == ids[0] else 1)
        hopeless = unliked and len(ids) == 1 and self._unliked[1] >= _UNLIKED_TRIES
        before = instant(now - timedelta(seconds=self._webhook.retry_for))

        def note(store: Store) -> int:
            if hopeless:
                store.events.given_up(ids)
            return store.events.delayed([] if hopeless else ids, instant(now), before) + hopeless

        lost = await self._writer.run(note)
        self._failures += 1
        self._size = max(1, len(ids) // 2) if unliked else self._size
        asked = error.retry_after if isinstance(error, TryLater) else None
        wait = wait_after(self._failures, asked, self._random.random())
        log.warning("the webhook was not told of %d events, next try in %.0f s: %s", len(ids), wait, error)
        if lost:
            log.error("the webhook will not be told of %d events: they were tried for too long", lost)
        return wait


@asynccontextmanager
async def telling(
    hook: Hook | None, settings: Settings, writer: Writer, clock: Callable[[], datetime]
) -> AsyncIterator[Courier]:
    """A courier at work in the background, if there is a hook to tell."""
    if hook is None:
        yield Courier(settings.webhook, writer, None, clock)
        return
    async with Poster(hook, settings.fetch) as poster:
        courier = Courier(settings.webhook, writer, poster, clock)
        task = asyncio.get_running_loop().create_task(courier.run(settings.schedule.tick), name="courier")
        try:
            yield courier
        finally:
            task.cancel()
            await asyncio.wait({task})
