"""How things stand in a home, as one value: what ``scrape status`` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from scraper.errors import ConfigError, StorageFull
from scraper.home import Home, check_room
from scraper.instance import Holder, holder
from scraper.model import instant
from scraper.rhythm import Rhythm
from scraper.settings import Source, load_settings, load_sources
from scraper.store import Store
from scraper.store.glance import Glance, SourceRow


@dataclass(frozen=True, slots=True)
class SourceStatus(SourceRow):
    """A source, with how often it publishes, as far as that is known, and whether it is ``followed``, ``off``, or
    ``gone``: in sources.toml no longer.
    """

    entries_a_day: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Status:
    """``stored`` is what the databases say, and ``sources`` say more than there. ``config_error`` is what is wrong with
    the configuration, ``no_room`` why the disk has too little room by it for anything to be fetched, ``configured`` how
    many sources it follows (None where it cannot be read), ``unasked`` those that were not asked yet.
    """

    stored: Glance
    sources: tuple[SourceStatus, ...]
    config_error: str | None
    no_room: str | None
    configured: int | None
    unasked: tuple[str, ...]
    daemon: str
    process: Holder | None
    at: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        own = asdict(self)
        return {**own.pop("stored"), **own}


def look(home: Home) -> Status:
    """How things stand now. Raises StoreError."""
    now = datetime.now(UTC)
    with Store(home.storage, readonly=True) as store:
        stored, rhythms = store.glance(now), store.rhythms()
    configured, config_error, no_room = _configured(home)
    asked = {row.name for row in stored.sources if row.last_fetched_at}
    followed = [source.name for source in configured or () if source.enabled]
    process = holder(home.lock)
    return Status(
        stored,
        tuple(_source(row, rhythms.get(row.name), configured) for row in stored.sources),
        config_error,
        no_room,
        configured=None if configured is None else len(followed),
        unasked=tuple(name for name in followed if name not in asked),
        daemon="running" if process is not None else "not running",
        process=process,
        at=instant(now),
    )


def _configured(home: Home) -> tuple[Sequence[Source] | None, str | None, str | None]:
    """The sources of sources.toml, None where it cannot be read; what is wrong with the configuration, if so; and why
    the disk has too little room by it for anything to be fetched, if so.
    """
    try:
        sources = load_sources(home)
    except ConfigError as error:
        return None, str(error), None
    try:
        check_room(home.storage, load_settings(home).storage.min_free)
    except ConfigError as error:
        return sources, str(error), None
    except StorageFull as error:
        return sources, None, str(error)
    return sources, None, None


def _source(row: SourceRow, written: str | None, configured: Sequence[Source] | None) -> SourceStatus:
    rhythm = Rhythm.loaded(written)
    state = "followed" if row.enabled else "off"
    if configured is not None and row.name not in {source.name for source in configured}:
        state = "gone"
    return SourceStatus(
        **asdict(row), entries_a_day=round(rhythm.rate * 24, 1) if rhythm.is_known else None, state=state
    )
