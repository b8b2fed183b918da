from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from scraper.heartbeat import _Scheduler, heartbeat


def test_it_beats_on_the_event_loop() -> None:
    async def main() -> None:
        loop, beats = asyncio.get_running_loop(), asyncio.Queue[bool]()

        def beat() -> None:
            beats.put_nowait(asyncio.get_running_loop() is loop)

        with heartbeat({beat: 0.02}):
            assert [await beats.get() for _ in range(3)] == [True] * 3

    asyncio.run(asyncio.wait_for(main(), 20))


def test_it_goes_on_when_the_clock_was_set_back() -> None:
    """The next beat is a day ahead then, as far as APScheduler can tell."""

    async def main() -> None:
        beats = asyncio.Queue[None]()
        scheduler = _Scheduler(timezone="UTC")

        async def beat() -> None:
            beats.put_nowait(None)

        job = scheduler.add_job(beat, "interval", seconds=0.02)
        scheduler.start()
        await beats.get()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(days=1))
        for _ in range(3):
            await beats.get()
        scheduler.shutdown(wait=False)

    asyncio.run(asyncio.wait_for(main(), 20))
