"""Pure parsers run in processes that can be killed.

The parser under every page is quadratic on hostile trees, in C, where no Python time-out reaches: 200 KB can cost
seconds, 10 MB hours. So bytes from the network are parsed in a process of their own, which is killed when its time is
up and replaced; it is replaced after some thousand pages too, so that nothing can pile up in it.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing import get_context
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from scraper.errors import ParserTrouble, ScrapeError, internal_fault

_Args = ParamSpec("_Args")
_Answer = TypeVar("_Answer")

_TIMEOUT = 20.0  # seconds; the slowest real page of our corpora takes a quarter of one
_TASKS = 2000
_MEMORY = 2 * 2**30


class Parsers:
    """A pool of parser processes, started when the first page comes. ``timeout`` is seconds a call."""

    def __init__(self, workers: int = 1, timeout: float = _TIMEOUT) -> None:
        # A forked child would inherit locks that other threads hold; a spawned one starts clean.
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=_TASKS, initializer=_prepare, context=get_context("spawn")
        )
        self._timeout = timeout

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves it unannotated
        # Joining waits for threads and processes; the event loop must not.
        await asyncio.get_running_loop().run_in_executor(None, self._pool.join)

    def warm(self) -> None:
        """Start a process now, while the network is waited for."""
        self._pool.schedule(_warm, timeout=self._timeout)

    async def run(self, parser: Callable[_Args, _Answer], *args: _Args.args, **kwargs: _Args.kwargs) -> _Answer:
        """What ``parser`` returns or raises, in another process. Raises ParserTrouble if it hangs or dies."""
        future = self._pool.schedule(parser, args=args, kwargs=kwargs, timeout=self._timeout)
        try:
            return cast("_Answer", await asyncio.wrap_future(cast("Future[Any]", future)))
        except TimeoutError as error:
            raise ParserTrouble(
                f"the page could not be parsed within {self._timeout:g} s; the parser was stopped",
                reason="parser time-out",
            ) from error
        except (ProcessExpired, MemoryError) as error:
            raise ParserTrouble("the parser's process died on this page", reason="parser died") from error
        except ScrapeError:
            raise
        except Exception as error:
            raise internal_fault(error, "parsing") from error


def _prepare() -> None:
    """In the new process: Ctrl-C is its parent's business, and memory has an end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        import resource  # absent on Windows; macOS does not hold to RLIMIT_AS

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(
            resource.RLIMIT_AS, (_MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard), hard)
        )


def _warm() -> None:
    import scraper.discover
    import scraper.extract  # noqa: F401 - imported for its own sake: the first page then waits for nothing
