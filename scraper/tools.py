"""What the stages of the pipeline work with, in one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from scraper.errors import BadUsage
from scraper.fetch.client import Fetcher, Request
from scraper.model import FetchKind
from scraper.profiles import Profiles
from scraper.reader import Reader
from scraper.settings import Settings, Source
from scraper.store import Store
from scraper.store.writer import Writer

_Answer = TypeVar("_Answer")

HAND_BACK = 60.0
"""Seconds that a fetch waits for its host's budget, beyond the longest crawl-delay, before it is put off."""


def utc_now() -> datetime:
    """The clock of everything that is not handed another one."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Tools:
    """What the stages work with. ``writer`` is None where nothing is to be stored."""

    settings: Settings
    clock: Callable[[], datetime]
    fetcher: Fetcher
    profiles: Profiles
    reader: Reader
    writer: Writer | None

    async def written(self, function: Callable[[Store], _Answer]) -> _Answer:
        """What a function of the store answers, once what it wrote is on disk."""
        if self.writer is None:
            raise BadUsage("a pipeline without a store keeps nothing")
        return await self.writer.run(function)

    def request(self, source: Source | None, url: str, kind: FetchKind, patience: float | None = None) -> Request:
        """What is asked for, in the way that the source's sites are asked. ``patience`` as in ``Errand``."""
        wait = self.settings.manners.max_crawl_delay + HAND_BACK if patience is None else patience
        return Request(url, kind=kind, profile=self.profiles.of(source), max_wait=wait)
