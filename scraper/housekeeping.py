"""What is done every hour: old rows are dropped, and every source is judged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from scraper.checkup import check_up
from scraper.model import EventKind, instant
from scraper.settings import Settings
from scraper.store import Store
from scraper.store.writer import Writer

log = logging.getLogger("scraper")

_PIECE = 2000  # rows that one transaction deletes, so that others who write do not wait for long


async def keep_house(settings: Settings, writer: Writer, now: datetime, is_ending: Callable[[], bool]) -> None:
    """Drop what is old, a piece at a time; then judge the sources, one at a time. Raises StoreError."""
    before = instant(now - timedelta(seconds=settings.storage.keep_fetches))
    for drop in (_drop_attempts, _drop_events):
        dropped = _PIECE
        while dropped == _PIECE and not is_ending():
            dropped = await writer.run(partial(drop, before=before))
    await writer.run(lambda store: store.links.drop_before(before))
    for source_id in await writer.run(_followed):
        if is_ending():
            return
        judge = partial(check_up, source_id=source_id, now=now, told=settings.webhook.told)
        for event in await writer.run(judge):
            level = logging.INFO if event.kind is EventKind.BACK else logging.WARNING
            log.log(level, "%s: %s: %s", event.source, event.kind, event.detail)


def _drop_attempts(store: Store, before: str) -> int:
    return store.attempts.drop_before(before, _PIECE)


def _drop_events(store: Store, before: str) -> int:
    return store.events.drop_before(before, _PIECE)


def _followed(store: Store) -> list[int]:
    store.alarms.end_unfollowed()
    return store.alarms.followed()
