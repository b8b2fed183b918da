"""What is done every hour: old rows and pages are dropped, near-copies of old articles found, and sources judged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from scraper.checkup import check_up, dismiss
from scraper.model import Event, EventKind, instant
from scraper.settings import ArchiveOptions, Settings
from scraper.store import Store
from scraper.store.retention import NEWEST, OLDER, Dropped
from scraper.store.writer import Writer

log = logging.getLogger("scraper")

_READ = 50  # articles that one transaction looks for near-copies of
_PIECE = 2000  # rows that one transaction deletes, so that others who write do not wait for long
_PAGES = 100  # pages that one transaction deletes: some 4 MB, which SQLite also overwrites
_TRUSTED = timedelta(days=1)  # past the latest attempt: by so much, a clock is not taken to be ahead


async def keep_house(settings: Settings, writer: Writer, now: datetime, is_ending: Callable[[], bool]) -> None:
    """Drop what is old, a piece at a time; then judge the sources, one at a time. Raises StoreError."""
    plausible = await writer.run(partial(_is_plausible, now=now))
    if plausible:
        before = instant(now - timedelta(seconds=settings.storage.keep_fetches))
        for drop in (_drop_attempts, _drop_events, _drop_links, _drop_sketches):
            dropped = _PIECE
            while dropped == _PIECE and not is_ending():
                dropped = await writer.run(partial(drop, before=before))
    await _bound_archive(settings.archive, writer, now if plausible else None, is_ending)
    read = _READ
    while read == _READ and not is_ending():
        read = await writer.run(partial(_catch_up, now=now))
    told = settings.webhook.told
    _tell(await writer.run(partial(dismiss, now=now, told=told)))
    for source_id in await writer.run(lambda store: store.alarms.followed()):
        if is_ending():
            return
        _tell(await writer.run(partial(check_up, source_id=source_id, now=now, told=told)))


async def _bound_archive(
    options: ArchiveOptions, writer: Writer, now: datetime | None, is_ending: Callable[[], bool]
) -> None:
    """Drop pages by age, where the time is known, then by size, a piece at a time."""
    most = OLDER if options.keep_newest else NEWEST
    drops: list[Callable[[Store], Dropped]] = []
    if options.keep_days and now is not None:
        before = instant(now - timedelta(days=options.keep_days))
        drops.append(lambda store: store.retention.drop_before(before, most, _PAGES))
    if options.max_size:
        drops.append(lambda store: store.retention.drop_beyond(options.max_size, most, _PAGES))
    if not drops:
        return
    while not is_ending() and await writer.run(lambda store: store.judge_pages(_PAGES)) == _PAGES:
        pass
    total = Dropped()
    for drop in drops:
        dropped = Dropped(pages=_PAGES)
        while dropped.pages == _PAGES and not is_ending():
            dropped = await writer.run(drop)
            total += dropped
    if total.pages:
        log.info("archive: %d pages dropped, %.1f MB of bodies", total.pages, total.size / 1e6)
    used = await writer.run(lambda store: store.retention.used())
    if options.max_size and used > options.max_size and not is_ending():
        log.warning("archive: pages.db holds %.1f MB, and what may go is gone (archive.keep_newest)", used / 1e6)


def _tell(events: Sequence[Event]) -> None:
    for event in events:
        level = logging.INFO if event.kind is EventKind.BACK else logging.WARNING
        log.log(level, "%s: %s: %s", event.source, event.kind, event.detail)


def _is_plausible(store: Store, now: datetime) -> bool:
    """Whether the clock agrees with what is on record: one that is ahead would have all of it dropped. After a rest, it
    does so once something was fetched.
    """
    latest = store.attempts.latest()
    return latest is not None and instant(now - _TRUSTED) <= latest


def _drop_attempts(store: Store, before: str) -> int:
    return store.attempts.drop_before(before, _PIECE)


def _drop_events(store: Store, before: str) -> int:
    return store.events.drop_before(before, _PIECE)


def _drop_links(store: Store, before: str) -> int:
    return store.links.drop_before(before, _PIECE)


def _drop_sketches(store: Store, before: str) -> int:  # noqa: ARG001 - they go by generation
    return store.sketches.drop_old(_PIECE)


def _catch_up(store: Store, now: datetime) -> int:
    return store.catch_up(now, _READ)
