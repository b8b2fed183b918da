"""The daemon: what is due is fetched, host by host, until somebody says stop.

::

    heartbeat (APScheduler) ──wakes──> pump ──starts──> one task a due source   ── Pipeline.polls.poll
                                        ^               one task a host         ── Pipeline.ingest, entry by entry
                                        │               one task a back-fill    ── Pipeline.archives.work
                                        └── a task that ends wakes it too

The schedule itself is the column ``next_due``; nothing here remembers it, so nothing is lost when this process is.
Entries that were not reached when it stops are still due.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from scraper import __version__
from scraper.config import Config
from scraper.delivery import telling
from scraper.errors import ConfigError, DatabaseBusy, StorageFull
from scraper.heartbeat import heartbeat
from scraper.home import check_room
from scraper.housekeeping import keep_house
from scraper.instance import only_instance
from scraper.model import Attempt, instant
from scraper.monitor import Monitor, Phase, Vitals
from scraper.notify import notify, watchdog
from scraper.pipeline import Errand, Pipeline, open_pipeline
from scraper.polling import follow
from scraper.profiles import Profiles
from scraper.settings import Source
from scraper.store import DueDocument, DueEntry, SourceState, Store
from scraper.store.writer import Writer
from scraper.tools import utc_now

log = logging.getLogger("scraper")

_HOST = "host "
_PER_HOST = 20  # entries that one host's task takes on at a time
_DRAIN = 8.0  # seconds that work under way has to end in after a stop; with clean-up under 10
_HOUSEKEEPING = 3600  # seconds
_CHECK = 3.0  # seconds for each database to be looked through before anything is written to it
_FULL = 12  # heartbeats until it is tried again whether there is room on the disk
_STEP = timedelta(minutes=1)  # by which the clock may be set back and nobody minds


@dataclass(slots=True)
class Tally:
    """What a run did so far, by outcome: pages, polls, documents of back-fills; and what waits."""

    pages: Counter[str] = field(default_factory=Counter)
    polls: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    waiting: int = 0


class Daemon:
    """Works through what is due: once, or for as long as it is not stopped.

    ``on_attempt`` is called with every attempt as it ends, and with the tally so far.
    """

    def __init__(
        self,
        config: Config,
        on_attempt: Callable[[Attempt, Tally], None] = lambda _attempt, _tally: None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._config = config
        self._sources: dict[str, Source] = {}
        self._reloaded: tuple[Config, Profiles] | None = None
        self._present: tuple[Config, Profiles] | None = None
        self._on_attempt = on_attempt
        self._clock = clock
        self._stopping = asyncio.Event()
        self._hurry = asyncio.Event()
        self._wake = asyncio.Event()
        self._polled: set[int] = set()
        self._tried: set[int] = set()
        self._full_until = 0.0
        self._latest = clock()
        self._vitals = Vitals()
        self._monitor = Monitor(self._vitals, clock)
        self._opening: Writer | None = None
        self._once = False
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._fault: BaseException | None = None
        self.tally = Tally()

    async def run(self, *, once: bool = False) -> Tally:
        """Run until :meth:`stop` (or, ``once``: until nothing is due). Returns what was done.

        Raises AlreadyRunning, StoreError (``once``, of a disk that is full too: what was under way is finished first).
        """
        self._once = once
        profiles = self._config.profiles()
        self._config.hook()
        with only_instance(self._config.home.lock, __version__), self._signals():
            try:
                await asyncio.to_thread(Store.check, self._config.home.storage, _CHECK)
                following: tuple[Config, Profiles] | None = self._config, profiles
                while following is not None and not self._stopping.is_set():
                    self._config, profiles = self._reloaded or following  # one may have come meanwhile
                    following = await self._serve(profiles)
            except DatabaseBusy:
                if self._opening is None or not self._stopping.is_set():
                    raise
            finally:
                await self._monitor.close()
        if self._fault is not None:
            raise self._fault
        return self.tally

    async def _serve(self, profiles: Profiles) -> tuple[Config, Profiles] | None:
        """Work by the present configuration: to the end (None), or until there is another one."""
        config, self._reloaded, self._present = self._config, None, (self._config, profiles)
        goal = config.hook()
        self._sources = {source.name: source for source in config.sources}
        if not self._once:
            await self._monitor.listen(config)
        patience = config.settings.storage.busy_timeout
        window = timedelta(seconds=config.settings.dedupe.window)
        self._opening = Writer(
            config.home.storage, busy_timeout=patience, on_commit=self._monitor.committed, window=window
        )
        async with (
            self._opening as writer,
            open_pipeline(config.settings, writer, self._clock, sites=config.sites, profiles=profiles) as pipeline,
        ):
            if not await self._is_in_line(writer):
                return None
            self._opening = None
            self._start("housekeeping", partial(self._keep_house, writer))
            for source in config.sources:
                if source.enabled and (proxy := profiles.of(source).proxy) is not None:
                    log.info("%s is asked by the proxy %s, which alone knows where names lead", source.name, proxy)
            log.info("following %d sources of %s", config.followed, config.home.sources_toml)
            notify("READY=1", f"STATUS=following {config.followed} sources")
            self._vitals.writer, self._vitals.usual = writer, patience + config.settings.schedule.tick
            async with telling(goal, config.settings, writer, self._clock) as courier:
                with heartbeat(self._jobs(writer)):
                    try:
                        await self._work(writer, pipeline)
                    finally:
                        await self._drain(writer)
                if self._once:
                    await self._unless_stopped(courier.finish())
        return self._reloaded

    async def _is_in_line(self, writer: Writer) -> bool:
        """Have the database follow the configuration, however long it cannot be written. False: stop was said first."""
        while not self._stopping.is_set():
            try:
                await writer.run(self._sync)
            except (DatabaseBusy, StorageFull) as error:
                if self._once:
                    raise
                self._hold(error)
                notify("WATCHDOG=1")  # no heartbeat says so yet
                await self._unless_stopped(asyncio.sleep(self._config.settings.schedule.tick))
            else:
                return True
        return False

    def reload(self) -> None:
        """Take the configuration anew, once what is under way has ended. One that is broken is refused, and the old one
        stays.
        """
        try:
            config = Config.load(self._config.home, self._config.watched_at)
            config.hook()
            self._reloaded = config, config.profiles()
        except ConfigError as error:
            log.error("the old configuration stays: %s", error)  # noqa: TRY400 - the message says it all
            return
        log.info("taking the configuration anew")
        self._vitals.phase = Phase.RELOADING
        notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        self._wake.set()

    @property
    def _is_ending(self) -> bool:
        """Whether nothing more is to be begun: by this configuration, or at all."""
        return self._stopping.is_set() or self._reloaded is not None

    def stop(self) -> None:
        """Begin no more work; :meth:`run` returns when what is under way has ended. The second time: give it up."""
        if self._stopping.is_set():
            self._hurry.set()
        notify("STOPPING=1")
        self._vitals.phase = Phase.ENDING
        self._stopping.set()
        if self._opening is not None:  # nothing is under way yet that would be worth to wait for
            self._opening.hurry()
        self._wake.set()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        # Who closes the terminal that it runs on wants it to end; to a service, SIGHUP says to read its configuration.
        closing = self._once or sys.stdin is None or sys.stdin.isatty()
        handlers = dict.fromkeys((signal.SIGTERM, signal.SIGINT), self.stop)
        handlers[signal.SIGHUP] = self.stop if closing else self.reload
        handlers[signal.SIGUSR1] = (lambda: None) if self._once else self.reload  # `scrape reload`
        for number, handler in handlers.items():
            loop.add_signal_handler(number, handler)
        try:
            yield
        finally:
            for number in handlers:
                loop.remove_signal_handler(number)

    def _jobs(self, writer: Writer) -> dict[Callable[[], object], float]:
        """What the heartbeat does, and every how many seconds."""
        jobs: dict[Callable[[], object], float] = {self._wake.set: self._config.settings.schedule.tick}
        jobs[partial(self._start, "housekeeping", partial(self._keep_house, writer))] = _HOUSEKEEPING
        if not self._once:
            jobs[partial(self._start, "monitor", self._monitor.again)] = self._config.settings.schedule.tick
        if (alive := watchdog()) is not None:  # on the event loop, so that it stops when that stands still
            jobs[partial(notify, "WATCHDOG=1")] = alive
        return jobs

    async def _keep_house(self, writer: Writer) -> None:
        try:
            await keep_house(self._config.settings, writer, self._clock(), lambda: self._is_ending)
        except (DatabaseBusy, StorageFull) as error:
            log.warning("housekeeping waits an hour: %s", error)

    def _sync(self, store: Store) -> None:
        now = self._latest = self._clock()
        if ahead := store.set_clock(now):
            log.warning("the clock was ahead by %s: what was set by it is due as much earlier", ahead)
        follow(store, self._config.sources, now)
        # What was set under a wrong clock that nothing tells of would else wait for years.
        plan = self._config.settings.schedule
        sources = 2 * plan.max_interval
        entries = max(sources, 1.2 * max(plan.revisits, default=0.0))
        store.frontier.cap(instant(now + timedelta(seconds=sources)), instant(now + timedelta(seconds=entries)))

    async def _work(self, writer: Writer, pipeline: Pipeline) -> None:
        while not self._is_ending:
            self._wake.clear()
            if self._is_set_back():
                break
            if self._has_room():
                await self._pump(writer, pipeline)
            if self._once and not self._tasks:
                return
            await self._wake.wait()

    def _is_set_back(self) -> bool:
        """Whether the clock was set back: then all begins anew, as for a new configuration. What was remembered until a
        later time would be remembered until the wrong one.
        """
        now = self._clock()
        if now >= self._latest - _STEP:
            self._latest = max(now, self._latest)
            return False
        log.warning("the clock was set back by %s", self._latest - now)
        self._vitals.phase = Phase.RELOADING
        self._reloaded = self._present
        return True

    async def _pump(self, writer: Writer, pipeline: Pipeline) -> None:
        """Start a task for every due source and every host with due entries that has none yet.

        In a run that is to end, sources and entries that had their turn are left alone.
        """
        now = instant(self._clock())
        busy = [name.removeprefix(_HOST) for name in self._tasks if name.startswith(_HOST)]
        free = max(0, self._config.settings.fetch.concurrency - len(busy))

        def look(store: Store) -> tuple[list[SourceState], list[DueDocument], list[DueEntry], int]:
            entries = store.frontier.due_entries(now, busy, free * _PER_HOST, _PER_HOST)
            return store.frontier.due_sources(now), store.backfills.due(now), entries, store.frontier.waiting(now)

        try:
            sources, documents, entries, self.tally.waiting = await writer.run(look)
        except (DatabaseBusy, StorageFull) as error:
            if self._once:
                raise
            self._hold(error)
            return
        self._begin_lists(pipeline, sources, documents)
        by_host: dict[str, list[DueEntry]] = {}
        for entry in entries:
            if not (self._once and entry.id in self._tried):
                by_host.setdefault(entry.host, []).append(entry)
        for host, theirs in list(by_host.items())[:free]:
            self._start(_HOST + host, partial(self._work_through, pipeline, theirs))

    def _begin_lists(
        self, pipeline: Pipeline, sources: Sequence[SourceState], documents: Sequence[DueDocument]
    ) -> None:
        for state in sources:
            source = self._sources.get(state.name)
            if source is not None and not (self._once and state.id in self._polled):
                self._start(f"source {state.name}", partial(self._poll, pipeline, state, source))
        for document in documents:
            if (source := self._sources.get(document.source)) is not None:
                self._start(f"back-fill {document.backfill_id}", partial(self._look_back, pipeline, document, source))

    def _start(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        if name in self._tasks:
            return
        task = asyncio.get_running_loop().create_task(work(), name=name)
        self._tasks[name] = task
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task.get_name()]
        error = None if task.cancelled() else task.exception()
        if isinstance(error, (DatabaseBusy, StorageFull)) and not self._once:
            self._hold(error)  # what it worked on is still due
        else:
            if error is not None:
                self._fault = self._fault or error
                self.stop()
            self._wake.set()

    def _hold(self, error: DatabaseBusy | StorageFull) -> None:
        """Say why nothing can be written now. The next beat tries again; after a disk that is full, a later one."""
        loop = asyncio.get_running_loop()
        if isinstance(error, DatabaseBusy):
            log.warning("waiting: %s", error)
        elif loop.time() >= self._full_until:
            pause = _FULL * self._config.settings.schedule.tick
            log.error("fetching stops, and is tried again in %.0f s: %s", pause, error)
            self._full_until = loop.time() + pause

    async def _poll(self, pipeline: Pipeline, state: SourceState, source: Source) -> None:
        if self._once:
            self._polled.add(state.id)
        self._report(await pipeline.polls.poll(state, source), self.tally.polls)

    async def _look_back(self, pipeline: Pipeline, document: DueDocument, source: Source) -> None:
        self._report(await pipeline.archives.work(document, source), self.tally.documents)

    async def _work_through(self, pipeline: Pipeline, entries: Sequence[DueEntry]) -> None:
        """One host's entries, one after the other."""
        for entry in entries:
            if self._is_ending:
                return
            if self._once:
                self._tried.add(entry.id)
            done = await pipeline.ingest(Errand(entry.url, self._sources.get(entry.source), entry))
            self._report(done.attempt, self.tally.pages)
            self.tally.waiting = max(0, self.tally.waiting - 1)
            # Where a redirect led to another host that is paused, that entry alone waits.
            if done.paused == entry.host and done.attempt.next_due is not None:
                await pipeline.put_off(entry.host, done.attempt.next_due)
                return

    def _report(self, attempt: Attempt, counts: Counter[str]) -> None:
        counts[attempt.outcome.value] += 1
        log.info("%s: %s: %s", attempt.outcome, attempt.url, attempt.detail, extra={"attempt": attempt})
        self._monitor.note(attempt, poll=counts is self.tally.polls)
        self._on_attempt(attempt, self.tally)

    def _has_room(self) -> bool:
        """Whether the disk has room. Says so when it has not; in a run that is to end, raises StorageFull."""
        if asyncio.get_running_loop().time() < self._full_until:
            self._vitals.beat(self._vitals.full or "the disk was full a moment ago")
            return False
        full = ""
        try:
            check_room(self._config.home.storage, self._config.settings.storage.min_free)
        except StorageFull as error:
            if self._once:
                raise
            full = str(error)
            if not self._vitals.full:
                log.error("fetching stops: %s", error)  # noqa: TRY400 - the message says it all
        self._vitals.beat(full)
        return not full

    async def _unless_stopped(self, work: Coroutine[None, None, object]) -> None:
        """Do this to its end, or until somebody says stop."""
        loop = asyncio.get_running_loop()
        tasks = {loop.create_task(work), loop.create_task(_wait(self._stopping))}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        for task in tasks:
            if not task.cancelled():
                task.result()

    async def _drain(self, writer: Writer) -> None:
        """Let what is under way end; what does not end in time is given up, and is still due."""
        tasks = list(self._tasks.values())
        loop = asyncio.get_running_loop()
        hurry = loop.create_task(_wait(self._hurry))
        ended = loop.create_task(_all(tasks))
        await asyncio.wait({ended, hurry}, timeout=_DRAIN, return_when=asyncio.FIRST_COMPLETED)
        writer.hurry()
        for task in (hurry, *tasks):
            task.cancel()
        await ended


async def _all(tasks: Sequence[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
