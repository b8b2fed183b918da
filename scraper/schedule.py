"""When something is due again. Pure: the clock and chance are arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from scraper.errors import PASSING
from scraper.model import Outcome, instant
from scraper.rhythm import Rhythm
from scraper.settings import Schedule, Source


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source stands after a poll: polls that failed in a row, when it publishes, and for how many seconds its
    server asked us to stay away (or said that its answer stays fresh).
    """

    failures: int = 0
    rhythm: Rhythm = field(default_factory=Rhythm)
    asked: float | None = None


def next_poll(source: Source, schedule: Schedule, standing: Standing, now: datetime, chance: float) -> str:
    """When a source is asked again.

    One with an ``interval`` of its own is asked at that; all others when their rhythm says so. ``chance`` is a number
    in [0, 1) drawn for this call: it spreads sources that failed together. Failures slow a source down to
    ``max_interval`` and never stop it; what the server asked for has its end there too.
    """
    interval = _interval(source, schedule, standing.rhythm, now)
    interval = min(max(interval, schedule.min_interval), schedule.max_interval)
    if standing.failures:
        interval = min(interval * 2 ** min(standing.failures, 20), schedule.max_interval)
        interval *= 0.75 + 0.5 * chance
    return _later(interval, standing.asked, schedule, now)


def _interval(source: Source, schedule: Schedule, rhythm: Rhythm, now: datetime) -> float:
    if source.interval is not None:
        return source.interval
    if not schedule.adapt or not rhythm.is_known:
        return schedule.interval
    return rhythm.wait(now, schedule.poll_worth, schedule.max_interval)


_PATIENCE = 8


def patient(schedule: Schedule) -> Schedule:
    """The same with more tries: what waits for a host that does not answer is given up after about a week."""
    return msgspec.structs.replace(schedule, max_attempts=schedule.max_attempts + _PATIENCE)


def next_attempt(
    outcome: Outcome, attempts: int, schedule: Schedule, now: datetime, chance: float, *, asked: float | None = None
) -> str | None:
    """When an entry is tried again after ``attempts`` tries, or None: it is done, or has had its tries.

    ``chance`` as in :func:`next_poll`; ``asked`` is how many seconds the server asked us to stay away.
    """
    if outcome is not Outcome.FAILED or attempts >= schedule.max_attempts:
        return None
    wait = min(schedule.retry_after * 2 ** min(attempts - 1, 20), schedule.max_interval) * (0.75 + 0.5 * chance)
    return _later(wait, asked, schedule, now)


_LATER = (3600.0, 6 * 3600.0, 86400.0, 3 * 86400.0)
_ONCE_LATER = 86400.0


def next_chance(reason: str, attempts: int, first_at: datetime | None, now: datetime, chance: float) -> str | None:
    """When an entry that has had its tries, or is skipped, is tried all the same, or None: it is done.

    Only for a ``reason`` that may pass: a bot check of an hour, a 404 while a cache catches up, must not lose what was
    announced meanwhile. The rungs count from ``first_at``, when it was announced; what is tried for the first time
    after the last of them, and what a back-fill found (None), has one chance more, a day later. ``chance`` as in
    :func:`next_visit`.
    """
    if reason not in PASSING:
        return None
    begun = now if first_at is None else min(first_at, now)  # ahead of us, it was written under a wrong clock
    for rung in () if first_at is None else _LATER:
        if begun + timedelta(seconds=rung) > now:
            return instant(begun + timedelta(seconds=rung * (1 + 0.1 * chance)))
    return instant(now + timedelta(seconds=_ONCE_LATER * (1 + 0.1 * chance))) if attempts <= 1 else None


def next_visit(
    schedule: Schedule, first_at: datetime, changed_at: datetime, now: datetime, chance: float
) -> str | None:
    """When an article's page is looked at again that was first seen and last seen to change then; None: never.

    The rungs of ``schedule.revisits`` count from the last change; those that passed while nobody looked are one visit.
    A page that is different each time (a counter, a clock) is no news: the older it is when it changes, the higher the
    rung that it begins at, and after twice the last rung nobody looks any more. ``chance`` as in :func:`next_poll`: it
    spreads what was stored together, by a tenth of its rung.
    """
    age = (changed_at - first_at).total_seconds()
    last = max(schedule.revisits, default=0.0)
    if (now - first_at).total_seconds() > 2 * last:
        return None
    for rung in sorted(schedule.revisits):
        if rung >= min(age / 8, last) and changed_at + timedelta(seconds=rung) > now:
            return instant(changed_at + timedelta(seconds=rung * (1 + 0.1 * chance)))
    return None


def _later(wait: float, asked: float | None, schedule: Schedule, now: datetime) -> str:
    # A Retry-After may name any number, or the year 9999: nobody is stayed away from for good.
    return instant(now + timedelta(seconds=max(wait, min(asked or 0.0, schedule.max_interval))))
