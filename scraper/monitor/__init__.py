"""What a daemon can be watched by, on an address that the operator names: /healthz, /readyz and /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scraper.config import Config
from scraper.errors import ConfigError, StoreError
from scraper.fetch.descriptors import watchers
from scraper.model import Attempt, instant
from scraper.monitor.health import Phase, Vitals, ailment, hindrance
from scraper.monitor.server import Limits, Reply, Server, log
from scraper.store import Store
from scraper.store.overview import Overview

if TYPE_CHECKING:
    from scraper.monitor.metrics import Metrics

__all__ = ["Monitor", "Phase", "Vitals"]

_FRESH = 2.0  # seconds for which an answer holds: however many ask, the database is asked once


class Monitor:
    """Counts what a daemon does and answers who watches it, once it is told where to listen."""

    def __init__(self, vitals: Vitals, clock: Callable[[], datetime]) -> None:
        self._vitals = vitals
        self._clock = clock
        self._config: Config | None = None
        self._metrics: Metrics | None = None
        self._server = Server(self._answer, Limits(connections=watchers()))
        self._said = ""  # why it does not listen
        self._kept: dict[str, tuple[float, Reply]] = {}
        self._one = {path: asyncio.Lock() for path in ("/healthz", "/readyz", "/metrics")}

    async def listen(self, config: Config) -> None:
        """Listen where a configuration says; or, if it says nothing, nowhere. Where that fails, it is logged, and
        :meth:`again` tries it: nobody's work is to stop for that, and an address may come up later than we do.
        """
        self._config, self._said = config, ""
        wanted = config.settings.monitor
        if wanted.listen and self._metrics is None:
            from scraper.monitor.metrics import Metrics  # imports prometheus_client: 75 ms

            self._metrics = Metrics()
        await self._try(config)

    async def again(self) -> None:
        """Try once more to listen, where that failed."""
        if self._said and self._config is not None:
            await self._try(self._config)

    async def _try(self, config: Config) -> None:
        wanted = config.settings.monitor
        try:
            await self._server.listen(wanted.listen, wanted.names)
        except ConfigError as error:
            if str(error) != self._said:
                log.error("nobody can watch, which is tried again: %s", error)
            self._said = str(error)
            return
        self._said = ""
        if wanted.listen:
            log.info("http://%s/ has healthz, readyz and metrics", wanted.listen)

    async def close(self) -> None:
        """Listen no more."""
        await self._server.close()

    def note(self, attempt: Attempt, *, poll: bool = False) -> None:
        """Count how an attempt ended; ``poll``: a source was asked what is new."""
        if self._metrics is not None:
            self._metrics.note(attempt)
            if poll:
                self._metrics.polled(attempt)

    def committed(self, seconds: float) -> None:
        """Count a transaction of the writer."""
        if self._metrics is not None:
            self._metrics.committed(seconds)

    async def _answer(self, path: str) -> Reply | None:
        """A page, made anew if the last one is too old; those who ask meanwhile get the same."""
        if path not in self._one:
            return None
        loop = asyncio.get_running_loop()
        async with self._one[path]:
            kept = self._kept.get(path)
            if kept is None or loop.time() - kept[0] > _FRESH:
                kept = self._kept[path] = loop.time(), await self._made(path)
            return kept[1]

    async def _made(self, path: str) -> Reply:
        if path == "/metrics":
            return await self._figures()
        fault = await ailment(self._vitals) if path == "/healthz" else hindrance(self._vitals)
        return Reply.line(fault, 503) if fault else Reply.line("ok")

    async def _figures(self) -> Reply:
        from scraper.monitor.metrics import CONTENT_TYPE, Moment

        if self._metrics is None or self._config is None:
            return Reply.line("nothing is counted", 503)
        try:
            overview = await asyncio.get_running_loop().run_in_executor(None, self._overview)
        except StoreError as error:
            return Reply.line(f"the database cannot be read: {error}", 503)
        home, floor = self._config.home, self._config.settings.storage.min_free
        moment = Moment(self._clock(), not hindrance(self._vitals), home.storage, floor, overview)
        return Reply(self._metrics.written(moment), content_type=CONTENT_TYPE)

    def _overview(self) -> Overview | None:
        """What the database says, read by a connection of its own, which nobody waits for; None: it is not open yet."""
        if self._vitals.phase is Phase.STARTING or self._config is None:
            return None
        with Store(self._config.home.storage, readonly=True) as store:
            return store.overview(instant(self._clock()))
