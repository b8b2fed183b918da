"""What keeps this installation from working, and how to mend it.

::

    machine        Python, SQLite, disk, clock, open files, time zones, terminal      pure
    configuration  config/: can it be read, what is missing
    databases      storage/: do they open, are they sound, who works on them
    network        does each source's host answer, and what does its robots.txt let us ask

What cannot be looked at because of an earlier finding is left out: without a configuration there are no sources.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper import __version__
from scraper.config import Config
from scraper.doctor import machine
from scraper.doctor.configuration import configuration
from scraper.doctor.databases import daemon, databases
from scraper.doctor.finding import Finding, Verdict, fault
from scraper.doctor.network import ask, network
from scraper.errors import ConfigError, StoreError
from scraper.fetch.descriptors import hosts_by, raised
from scraper.home import Home, free_room
from scraper.instance import holder
from scraper.settings import Settings, Source, load_settings, named
from scraper.store import condition

__all__ = ["Finding", "Verdict", "examine"]


def examine(
    home: Home, names: Sequence[str], now: datetime, heard: Callable[[str], None], *, offline: bool
) -> Iterator[Finding]:
    """All findings, in the order of looking. ``names`` are the sources whose hosts are asked; without any, all that are
    followed. ``heard`` is told each source that was asked for.

    Raises BadUsage where there is no source of such a name.
    """
    settings, sources, told = _configuration(home)
    # Where sources.toml cannot be read, that is what is to be said, and not that it lacks a name.
    readable = settings is not None and not _is_wrong(told, "sources")
    wanted = [named(sources, name) for name in names] if readable else []
    asked = wanted or [source for source in sources if source.enabled]
    stored = list(_databases(home)) if not _is_wrong(told, "home") else []
    yield from _machine(home, settings or Settings(), now)
    yield from told
    yield from stored
    if settings is None or offline or not asked or _is_wrong(told, "secrets"):
        return
    shared = not any(_is_wrong(stored, name) for name in ("files", "integrity"))
    shared = shared and len(condition.files(home.storage)) == 2 and os.access(home.storage, os.W_OK)
    answers = ask(Config(home, settings, sources), asked, heard, stored=shared)
    yield from network(asyncio.run(answers), settings, now)


def _configuration(home: Home) -> tuple[Settings | None, tuple[Source, ...], list[Finding]]:
    """The settings, the sources, and what is to be said of config/. Without settings there is nothing else."""
    try:
        home.check()
    except ConfigError as error:
        return None, (), [fault("config", "home", error)]
    found = [Finding("config", "home", Verdict.OK, str(home.root))]
    try:
        settings = load_settings(home)
    except ConfigError as error:
        return None, (), [*found, fault("config", "settings", error, "mend that line")]
    found.append(Finding("config", "settings", Verdict.OK, str(home.scraper_toml)))
    more, sources = configuration(home, settings)
    return settings, sources, found + more


def _is_wrong(findings: Sequence[Finding], name: str) -> bool:
    return any(each.name == name and each.verdict is Verdict.WRONG for each in findings)


def _machine(home: Home, settings: Settings, now: datetime) -> Iterator[Finding]:
    yield machine.python(sys.version_info[:3], sys.executable)
    yield machine.sqlite(condition.version(), searches=condition.searches())
    yield machine.disk(home.storage, free_room(home.storage), settings.storage.min_free)
    if os.path.isdir(home.storage):  # noqa: PTH112 - Path.is_dir raises for a locked folder
        yield machine.folder_access(home.storage, writable=os.access(home.storage, os.W_OK))
    yield machine.clock(now, _latest_attempt(home))
    limit = raised()
    yield machine.open_files(limit, hosts_by(limit), settings.fetch.concurrency)
    yield machine.zones(_has_zones())
    yield machine.terminal(getattr(sys.__stdout__, "encoding", None) or "ascii")


def _latest_attempt(home: Home) -> datetime | None:
    """When something was fetched last; None: never, or nobody can tell, which is a finding of its own."""
    try:
        return condition.latest_attempt(home.storage)
    except StoreError:
        return None


def _has_zones() -> bool:
    try:
        ZoneInfo("Europe/Paris")
    except (ZoneInfoNotFoundError, OSError):
        return False
    return True


def _databases(home: Home) -> Iterator[Finding]:
    try:
        yield from databases(home.storage, condition.files(home.storage))
        yield daemon(holder(home.lock), __version__)
    except StoreError as error:
        yield fault("database", "files", error)
