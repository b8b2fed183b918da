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
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from tempfile import NamedTemporaryFile, gettempdir
from threading import Thread
from types import TracebackType
from typing import IO, Any, ParamSpec, Self, TypeVar, cast

from pebble import ProcessExpired, ProcessPool

from scraper.boundary import internal_fault
from scraper.errors import NO_ROOM, Exhausted, InternalFault, ParserTrouble, ScrapeError

_Args = ParamSpec("_Args")
_Answer = TypeVar("_Answer")

_TIMEOUT = 10.0  # seconds; the slowest real page of our corpora takes a quarter of one
_TASKS = 2000
_START = 3.0  # seconds that a process may take to be up
_MEMORY = 2 * 2**30
_LARGE = 2**22


class Parsers:
    """A pool of parser processes, started when the first page comes. ``timeout`` is seconds a call."""

    def __init__(self, workers: int = 2, timeout: float = _TIMEOUT) -> None:
        self._workers = workers
        self._timeout = timeout
        self._pool = _Pool(workers)
        self._large = asyncio.Semaphore(workers)  # files that wait for a process would only take up room
        self._closed = False
        self._spoilt = False  # half started, when the system gave no more descriptors

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        # Stopping waits for threads and processes; the event loop must not.
        await asyncio.get_running_loop().run_in_executor(None, self._pool.stop)

    def warm(self) -> None:
        """Start the processes now, while the network is waited for; the second time does nothing."""
        if not self._pool.begun:
            self._schedule(_warm, (), {})

    async def run(self, parser: Callable[_Args, _Answer], *args: _Args.args, **kwargs: _Args.kwargs) -> _Answer:
        """What ``parser`` returns or raises, in another process. Raises ParserTrouble if it hangs or dies."""
        async with AsyncExitStack() as files:
            if any(map(_is_large, args)):
                await files.enter_async_context(self._large)
            try:
                given = [await _laid_down(value, files) if _is_large(value) else value for value in args]
            except OSError as error:
                if error.errno in Exhausted.codes:
                    raise Exhausted(f"no file can be opened for a large page: {error.strerror}") from error
                where = f"no room for a large page in {gettempdir()}: {error.strerror}"
                raise InternalFault(where, reason=NO_ROOM) from error
            answer: _Answer = await self._run(_call, (parser, *given), kwargs)
            return answer

    async def _run(self, function: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, Any]) -> Any:
        future = self._schedule(function, args, kwargs)
        try:
            return await asyncio.wrap_future(future)
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

    def _schedule(self, function: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, Any]) -> Future[Any]:
        """Give it to the pool, or to a new one: pebble 5 gives up for good when a process that has nothing to do is
        killed.
        """
        try:
            if self._spoilt or (not self._pool.active and not self._closed):
                Thread(target=self._pool.stop, daemon=True).start()  # stops what is left of it
                self._pool, self._spoilt = _Pool(self._workers), False
            return self._pool.schedule(function, args, kwargs, self._timeout)
        except OSError as error:
            self._spoilt = True
            raise Exhausted(f"no parser can be started: {error.strerror}; {Exhausted.advice}") from error


class _Pool:
    """Pebble's pool, and how many of its processes are up."""

    def __init__(self, workers: int) -> None:
        # A forked child would inherit locks that other threads hold; a spawned one starts clean.
        context = get_context("spawn")
        self._workers = workers
        self._up = context.Semaphore(0)
        self._pool = ProcessPool(
            max_workers=workers, max_tasks=_TASKS, initializer=_prepare, initargs=(self._up,), context=context
        )
        self.begun = False

    @property
    def active(self) -> bool:
        return bool(self._pool.active)

    def schedule(
        self, function: Callable[..., Any], args: tuple[object, ...], kwargs: dict[str, Any], timeout: float
    ) -> Future[Any]:
        self.begun = True
        return cast("Future[Any]", self._pool.schedule(function, args=args, kwargs=kwargs, timeout=timeout))

    def stop(self) -> None:
        """Stop the processes, once they are up: one that is stopped before complains with a traceback of its own."""
        end = time.monotonic() + _START
        for _ in range(self._workers if self.begun else 0):
            self._up.acquire(timeout=max(0.0, end - time.monotonic()))
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble leaves it unannotated
        self._pool.join()


def _is_large(value: object) -> bool:
    return isinstance(value, bytes) and len(value) > _LARGE


async def _laid_down(value: object, files: AsyncExitStack) -> _InFile:
    """A large body as a file, until ``files`` is closed: a message to another process would be one more copy of it."""
    assert isinstance(value, bytes)  # noqa: S101 - _is_large said so
    file = files.enter_context(NamedTemporaryFile(prefix="article-scraper-"))  # noqa: SIM115 - closed by `files`
    await asyncio.get_running_loop().run_in_executor(None, _write, file, value)
    return _InFile(file.name)


def _write(file: IO[bytes], value: bytes) -> None:
    file.write(value)
    file.flush()


@dataclass(frozen=True, slots=True)
class _InFile:
    """Where a body lies that is too large for a message."""

    path: str


def _call(parser: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """In the new process: call the parser, with what lies in files read."""
    return parser(*(Path(value.path).read_bytes() if isinstance(value, _InFile) else value for value in args), **kwargs)


def _prepare(up: Semaphore) -> None:
    """In the new process: Ctrl-C is its parent's business, it ends with its parent, and memory has an end."""
    up.release()
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
    import scraper.dedupe.resemblance
    import scraper.discover
    import scraper.extract  # noqa: F401 - imported for its own sake: the first page then waits for nothing
