"""When something is due again. Pure: the clock and chance are arguments."""

from __future__ import annotations

from datetime import datetime, timedelta

from scraper.model import Outcome, instant
from scraper.settings import Schedule, Source


def next_poll(
    source: Source, schedule: Schedule, failures: int, now: datetime, chance: float, *, asked: float | None = None
) -> str:
    """When a source is asked again, ``failures`` polls having failed in a row.

    ``chance`` is a number in [0, 1) drawn for this call: it spreads sources that failed together. Failures slow a
    source down to ``max_interval`` and never stop it. ``asked`` is how many seconds the server asked us to stay away
    (or said that its answer stays fresh); it too has its end at ``max_interval``.
    """
    interval = float(source.interval or schedule.interval)
    interval = min(max(interval, schedule.min_interval), schedule.max_interval)
    if failures:
        interval = min(interval * 2 ** min(failures, 20), schedule.max_interval)
        interval *= 0.75 + 0.5 * chance
    return _later(interval, asked, schedule, now)


def next_attempt(
    outcome: Outcome, attempts: int, schedule: Schedule, now: datetime, chance: float, *, asked: float | None = None
) -> str | None:
    """When an entry is tried again after ``attempts`` tries, or None: it is done, or has had its tries.

    ``chance`` and ``asked`` as in :func:`next_poll`.
    """
    if outcome is not Outcome.FAILED or attempts >= schedule.max_attempts:
        return None
    wait = min(schedule.retry_after * 2 ** min(attempts - 1, 20), schedule.max_interval) * (0.75 + 0.5 * chance)
    return _later(wait, asked, schedule, now)


def _later(wait: float, asked: float | None, schedule: Schedule, now: datetime) -> str:
    # A Retry-After may name any number, or the year 9999: nobody is stayed away from for good.
    return instant(now + timedelta(seconds=max(wait, min(asked or 0.0, schedule.max_interval))))
