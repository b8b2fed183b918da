"""What the program stands on: Python, SQLite, the disk, the clock, open files, time zones, the terminal. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from scraper.doctor.finding import Finding, Verdict
from scraper.errors import Exhausted
from scraper.model import instant

_PART = "machine"
_OLDEST_PYTHON = (3, 11)
_OLDEST_SQLITE = (3, 35)  # the first one with RETURNING
_WRITTEN = datetime.fromisoformat("2026-01-01T00:00:00Z")  # no right clock shows an earlier time
_TOLERATED = timedelta(minutes=1)


def python(version: tuple[int, ...], where: str) -> Finding:
    """The interpreter."""
    said = f"{'.'.join(map(str, version))} at {where}"
    if version < _OLDEST_PYTHON:
        return Finding(_PART, "python", Verdict.WRONG, said, "install the program with Python 3.11 or newer")
    return Finding(_PART, "python", Verdict.OK, said)


def sqlite(version: str, *, searches: bool) -> Finding:
    """SQLite as Python was built with it. ``searches``: whether it has FTS5."""
    if tuple(map(int, version.split(".")[:2])) < _OLDEST_SQLITE:
        remedy = "use a Python that brings SQLite 3.35 or newer"
        return Finding(_PART, "sqlite", Verdict.WRONG, f"{version} is too old", remedy)
    if not searches:
        remedy = "use a Python whose SQLite has FTS5, such as python.org's or your distribution's"
        return Finding(_PART, "sqlite", Verdict.WRONG, f"{version}, without full-text search (FTS5)", remedy)
    return Finding(_PART, "sqlite", Verdict.OK, f"{version}, with full-text search (FTS5)")


def disk(folder: Path, free: int, floor: int) -> Finding:
    """The room that is free, in bytes, beside the setting under which fetching stops."""
    said = f"{free / 1e6:,.0f} MB free at {folder}; fetching stops under {floor / 1e6:,.0f} MB (storage.min_free)"
    if free < floor:
        return Finding(
            _PART, "disk", Verdict.WRONG, said, "make room, or lower storage.min_free in config/scraper.toml"
        )
    if free < 2 * floor:
        remedy = "make room soon; `scrape db compact` gives back what erased rows left"
        return Finding(_PART, "disk", Verdict.WARNING, said, remedy)
    return Finding(_PART, "disk", Verdict.OK, said)


def folder_access(folder: Path, *, writable: bool) -> Finding:
    """Whether the databases can be written where they lie."""
    if not writable:
        remedy = f"let this user write there (chown -R \"$USER\" '{folder}'), or name another home with --home"
        return Finding(_PART, "folder", Verdict.WRONG, f"{folder} cannot be written", remedy)
    return Finding(_PART, "folder", Verdict.OK, f"{folder} can be written")


def clock(now: datetime, latest: datetime | None) -> Finding:
    """The time, beside when this was written and the latest attempt that is on record."""
    remedy = "set the clock, best by NTP: `timedatectl set-ntp true`"
    if now < _WRITTEN:
        return Finding(_PART, "clock", Verdict.WRONG, f"{instant(now)} is long past", remedy)
    if latest is not None and latest > now + _TOLERATED:
        said = f"{instant(now)}, but the latest attempt is of {instant(latest)}: it was ahead, or is behind now"
        return Finding(_PART, "clock", Verdict.WARNING, said, remedy)
    return Finding(_PART, "clock", Verdict.OK, instant(now))


def open_files(limit: int, possible: int, wanted: int) -> Finding:
    """The descriptors that this process may have, how many hosts may be asked at once by that, and how many shall."""
    said = f"{limit} at most, for {possible} hosts at once of the {wanted} of fetch.concurrency"
    if not possible:
        return Finding(_PART, "open files", Verdict.WRONG, said, Exhausted.advice)
    if possible < wanted:
        return Finding(_PART, "open files", Verdict.WARNING, said, Exhausted.advice)
    return Finding(_PART, "open files", Verdict.OK, f"{limit} at most, enough for {wanted} hosts at once")


def zones(found: bool) -> Finding:
    """Whether time zones have their rules."""
    if not found:
        remedy = "install the package tzdata beside this program"
        return Finding(_PART, "time zones", Verdict.WRONG, "no rules are installed", remedy)
    return Finding(_PART, "time zones", Verdict.OK, "their rules are there")


def terminal(encoding: str) -> Finding:
    """The encoding of what is printed: in one that is not Unicode, most of the world's titles are question marks."""
    if not encoding.lower().startswith("utf"):
        remedy = "set a UTF-8 locale: `export LC_ALL=C.UTF-8`"
        return Finding(_PART, "terminal", Verdict.WARNING, f"prints {encoding}, which lacks most letters", remedy)
    return Finding(_PART, "terminal", Verdict.OK, f"prints {encoding}")
