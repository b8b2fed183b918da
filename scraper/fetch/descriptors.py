"""How many files and connections this process may open, and how many hosts may be asked at once by that.

A host that is asked takes a connection, and for a moment up to ``LOOKUPS`` more while names are resolved. What else is
open (both databases, the parsers' pipes, the log, the lock) is ``_OURS``, with a few to spare for a new parser and the
webhook; those who watch the daemon have a share of their own.
"""

from __future__ import annotations

import logging
import resource
from contextlib import suppress

from msgspec.structs import replace

from scraper.errors import ConfigError, Exhausted
from scraper.fetch.options import FetchOptions
from scraper.fetch.resolve import LOOKUPS

log = logging.getLogger("scraper")

_OURS = 30
_MOST_WATCHERS = 32
_LEAST = 32
_ENOUGH = 4096


def fitted(options: FetchOptions) -> FetchOptions:
    """The options with no more hosts at once than descriptors allow; the limit is raised first, as far as it may be.

    Raises ConfigError where there are too few to work at all.
    """
    limit = raised()
    if limit < _LEAST:
        raise ConfigError(f"{limit} file descriptors are too few, {_LEAST} the least: {Exhausted.advice}")
    hosts = hosts_by(limit)
    if hosts >= options.concurrency:
        return options
    log.warning(
        "hosts that are asked at once: %d instead of %d, as %d file descriptors are few; %s",
        *(hosts, options.concurrency, limit, Exhausted.advice),
    )
    return replace(options, concurrency=hosts)


def hosts_by(limit: int) -> int:
    """How many hosts may be asked at once by so many descriptors; 0: they are too few to work at all."""
    return 0 if limit < _LEAST else max(1, (limit - _OURS - _share(limit)) // (1 + LOOKUPS))


def watchers() -> int:
    """How many connections those who watch the daemon may have at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_WATCHERS if soft == resource.RLIM_INFINITY else _share(soft)


def _share(limit: int) -> int:
    return min(_MOST_WATCHERS, max(2, limit // 16))


def raised() -> int:
    """The limit of open files, after it was raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _ENOUGH if soft == resource.RLIM_INFINITY else soft
    with suppress(OSError, ValueError):  # macOS has a limit of its own below what it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
