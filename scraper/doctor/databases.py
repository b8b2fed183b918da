"""The files of storage/, and who works on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scraper.doctor.finding import Finding, Verdict, fault
from scraper.errors import StoreError
from scraper.instance import Holder
from scraper.store import Store
from scraper.store.condition import File

_PART = "database"
_SECONDS = 5.0  # for each file to be looked through
_LONG_LOG = 256 * 2**20  # bytes; one that nobody holds up is cut to 64 MiB


def databases(folder: Path, files: Sequence[File]) -> Iterator[Finding]:
    """Whether the databases open and are sound, as far as that shows in some seconds. Nothing is changed."""
    if not files:
        yield Finding(_PART, "files", Verdict.OK, f"none in {folder} yet: what stores first makes them")
        return
    try:
        Store(folder, readonly=True).close()
    except StoreError as error:
        yield fault(_PART, "files", error)
        return
    yield Finding(_PART, "files", Verdict.OK, ", ".join(f"{file.name} {file.size / 1e6:,.1f} MB" for file in files))
    try:
        Store.check(folder, _SECONDS)
    except StoreError as error:
        yield fault(_PART, "integrity", error)
    else:
        said = "SQLite finds nothing wrong at a quick look; `scrape db check` looks closer"
        yield Finding(_PART, "integrity", Verdict.OK, said)
    yield logs(files)


def logs(files: Sequence[File]) -> Finding:
    """The write-ahead logs: one that grows on is held up by somebody who reads for long."""
    said = ", ".join(f"{file.name}-wal {file.log / 1e6:,.1f} MB" for file in files)
    if max((file.log for file in files), default=0) > _LONG_LOG:
        remedy = "end the program that reads for so long (an open sqlite3 shell?), then `scrape db compact`"
        return Finding(_PART, "log", Verdict.WARNING, said, remedy)
    return Finding(_PART, "log", Verdict.OK, said)


def daemon(holder: Holder | None, version: str) -> Finding:
    """Who holds the lock of this home, and whether it is of this version."""
    if holder is None:
        return Finding(_PART, "daemon", Verdict.OK, "not running")
    where = "" if holder.is_here or not holder.machine else f" of {holder.machine}"
    said = f"running since {holder.since or 'just now'}: process {holder.pid or 'unknown'}{where}"
    if holder.version and holder.version != version:
        remedy = "stop it and start it again, so that it is of this version too"
        return Finding(_PART, "daemon", Verdict.WARNING, f"{said}, of version {holder.version}", remedy)
    return Finding(_PART, "daemon", Verdict.OK, said)
