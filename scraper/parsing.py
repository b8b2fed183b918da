"""Pure parsers run in processes that can be killed.

The parser under every page is quadratic on hostile trees, in C, where no Python time-out reaches: 200 KB can cost
seconds, 10 MB hours. So bytes from the network are parsed in a process of their own, which is killed when its time is
up and replaced; it is replaced after some thousand pages too, so that nothing can pile up in it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from scraper.errors import ParserTrouble, ScrapeError, internal_fault

_Args = ParamSpec("_Args")
_Answer = TypeVar("_Answer")

_TIMEOUT = 10.0  # seconds; the slowest real page of our corpora takes a quarter of one
_TASKS = 2000
_START = 3.0  # seconds that a process may take to be up
_MEMORY = 2 * 2**30


class Parsers:
    """A pool of parser processes, started when the first page comes. ``timeout`` is seconds a call."""

    def __init__(self, workers: int = 2, timeout: float = _TIMEOUT) -> None:
        self._workers = workers
        self._timeout = timeout
        self._pool = _pool(workers)
        self._closed = False
        self._warming: Future[Any] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        if self._warming is not None:
            # A process that is stopped before it is up complains of it with a traceback of its own.
            warming = asyncio.wrap_future(self._warming)
            await asyncio.wait([warming], timeout=_START)
            if warming.done() and not warming.cancelled():
                warming.exception()
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves it unannotated
        # Joining waits for threads and processes; the event loop must not.
        await asyncio.get_running_loop().run_in_executor(None, self._pool.join)

    def warm(self) -> None:
        """Start a process now, while the network is waited for; the second time does nothing."""
        if self._warming is None:
            self._warming = cast("Future[Any]", self._living_pool().schedule(_warm, timeout=self._timeout))

    async def run(self, parser: Callable[_Args, _Answer], *args: _Args.args, **kwargs: _Args.kwargs) -> _Answer:
        """What ``parser`` returns or raises, in another process. Raises ParserTrouble if it hangs or dies."""
        future = self._living_pool().schedule(parser, args=args, kwargs=kwargs, timeout=self._timeout)
        try:
            return cast("_Answer", await asyncio.wrap_future(cast("Future[Any]", future)))
        except TimeoutError as error:
            raise ParserTrouble(
                f"the page could not be parsed within {self._timeout:g} s; the parser was stopped",
                reason="parser time-out",
            ) from error
        except (ProcessExpired, BrokenProcessPool, MemoryError) as error:
            raise ParserTrouble("the parser's process died on this page", reason="parser died") from error
        except ScrapeError:
            raise
        except Exception as error:
            raise internal_fault(error, "parsing") from error

    def _living_pool(self) -> ProcessPool:
        """The pool, or a new one: pebble 5 gives up for good when a process that has nothing to do is killed."""
        if not self._pool.active and not self._closed:
            Thread(target=self._pool.join, daemon=True).start()  # stops what is left of it
            self._pool = _pool(self._workers)
        return self._pool


def _pool(workers: int) -> ProcessPool:
    # A forked child would inherit locks that other threads hold; a spawned one starts clean.
    return ProcessPool(max_workers=workers, max_tasks=_TASKS, initializer=_prepare, context=get_context("spawn"))


def _prepare() -> None:
    """In the new process: Ctrl-C is its parent's business, it ends with its parent, and memory has an end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        import resource  # absent on Windows; macOS does not hold to RLIMIT_AS

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(
            resource.RLIMIT_AS, (_MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard), hard)
        )


def _end_with_parent() -> None:
    """A parent that is killed stops nobody; what it left would wait, or parse a hostile page, for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _warm() -> None:
    import scraper.discover
    import scraper.extract  # noqa: F401 - imported for its own sake: the first page then waits for nothing
