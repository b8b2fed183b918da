"""The daemon's heartbeat: a few coarse jobs on APScheduler. What is due is the database's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

_GRACE = 86400  # seconds that it may be late after sleep and still beat, once


class _Scheduler(AsyncIOScheduler):  # type: ignore[misc] # it ships no types
    """APScheduler counts by the wall clock: set back by a day, it would be silent for a day."""

    def wakeup(self) -> None:
        """APScheduler's, called by a timer of the event loop, which no wall clock moves."""
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if getattr(job, "next_run_time", now) - now > job.trigger.interval:
                job.modify(next_run_time=now)
        super().wakeup()


@contextmanager
def heartbeat(jobs: Mapping[Callable[[], object], float]) -> Iterator[None]:
    """Call each of these every so many seconds, on the event loop. Late beats after sleep fold into one."""
    scheduler = _Scheduler(
        job_defaults={"coalesce": True, "misfire_grace_time": _GRACE, "max_instances": 1}, timezone="UTC"
    )
    for job, seconds in jobs.items():
        scheduler.add_job(_call, "interval", seconds=seconds, args=[job])
    scheduler.start()
    try:
        yield
    finally:
        # The daemon drains its tasks elsewhere; waiting here would cancel them (APScheduler 3.11).
        scheduler.shutdown(wait=False)


async def _call(job: Callable[[], object]) -> None:
    """What is no coroutine, APScheduler would call in a thread."""
    job()
