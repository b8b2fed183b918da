"""One writer for an event loop: a thread that owns a Store and commits what many tasks ask for together."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from scraper.errors import DatabaseBusy, StoreError
from scraper.store import WINDOW, Store

_Answer = TypeVar("_Answer")
_TRY = 1.0  # seconds that SQLite waits for the lock before we look whether to go on waiting
_LAST_TRY = 0.1  # once there is no more time to wait
_BATCH = 100  # rows a commit: 2,700 a second with the search index, against 270 one by one
_PACE = 0.02  # seconds from one commit to the next while many tasks ask: together they are half as dear as one by one


@dataclass(slots=True)
class _Work:
    run: Callable[[Store], Any]
    answer: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = field(default=None)


class Writer:
    """Runs functions on a Store in its own thread, several in one transaction; an answer means "on disk".

    Each function's part is undone by itself if it raises; the others of its batch go on, and may be run a second time:
    a function is to change nothing but the store. If the transaction as a whole fails (disk full, database locked),
    every one of the batch raises that. ``async with`` opens the store and ends with everything written. ``on_commit``
    is called with the seconds that each transaction took. ``window`` is the store's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        busy_timeout: float,
        on_commit: Callable[[float], None] = lambda _seconds: None,
        window: timedelta = WINDOW,
    ) -> None:
        self._folder = folder
        self._on_commit = on_commit
        self._busy_timeout = busy_timeout
        self._window = window
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._waiting: list[_Work] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._store: Store | None = None
        self._closing = False
        self._hurry = threading.Event()
        self.beat_at = time.monotonic()
        """When its thread last began to try to write, on the clock of ``time.monotonic``."""
        self.trouble = ""
        """Why nothing can be written; empty: the last transaction was."""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            self._store = await loop.run_in_executor(self._thread, self._opened)
        except BaseException:
            self._thread.shutdown()
            raise
        self._task = loop.create_task(self._serve(self._store), name="store writer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._wake.set()
        try:
            if self._task is not None:
                await self._task
        finally:
            if self._store is not None:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._store.close)
            self._thread.shutdown()

    def hurry(self) -> None:
        """Wait no longer for other processes that write: the program is about to end."""
        self._hurry.set()

    async def run(self, function: Callable[[Store], _Answer]) -> _Answer:
        """Run a function on the store; its answer comes once what it wrote is on disk. Raises what it raises."""
        if self._closing or self._task is None or self._task.done():
            raise StoreError("the store is closing")
        work = _Work(function, asyncio.get_running_loop().create_future())
        self._waiting.append(work)
        self._wake.set()
        answer: _Answer = await work.answer
        return answer

    async def _serve(self, store: Store) -> None:
        try:
            await self._serve_all(store)
        finally:  # whatever ended it, nobody waits for an answer that cannot come
            for work in self._waiting:
                if not work.answer.done():
                    work.answer.set_exception(StoreError("the store is closing"))
            self._waiting.clear()

    async def _serve_all(self, store: Store) -> None:
        loop = asyncio.get_running_loop()
        next_at = 0.0
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            if next_at > loop.time() and len(self._waiting) < _BATCH and not self._closing:
                await asyncio.sleep(next_at - loop.time())
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            began = loop.time()
            await loop.run_in_executor(self._thread, self._commit, store, batch)
            took = loop.time() - began
            next_at = loop.time() + _PACE if len(batch) > 1 else 0.0  # one alone waits for nobody
            for work in batch:
                if work.answer.done():  # its task was cancelled meanwhile; what it wrote stays
                    continue
                if work.error is not None:
                    work.answer.set_exception(work.error)
                else:
                    work.answer.set_result(work.result)
            del batch, work  # a page may hang on it, and nothing may come for long
            self._on_commit(took)

    def _opened(self) -> Store:
        """The store, once no other process holds its lock: opening may write, as when it migrates."""
        deadline = time.monotonic() + self._busy_timeout
        while True:
            try:
                return Store(self._folder, busy_timeout=min(_TRY, self._busy_timeout), window=self._window)
            except DatabaseBusy:
                if time.monotonic() >= deadline or self._hurry.is_set():
                    raise

    def _commit(self, store: Store, batch: list[_Work]) -> None:
        """All of a batch in one transaction, begun again until no other process holds the lock."""
        deadline = time.monotonic() + self._busy_timeout
        while True:
            self.beat_at = time.monotonic()
            if self._hurry.is_set():
                store.wait_for_lock(_LAST_TRY)
            try:
                _run_all(store, batch)
            except DatabaseBusy as error:
                if time.monotonic() < deadline and not self._hurry.is_set():
                    continue
                self._failed(batch, error)
            except BaseException as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
                self._failed(batch, error)
            else:
                self.trouble = ""
            return

    def _failed(self, batch: list[_Work], error: BaseException) -> None:
        self.trouble = str(error) if isinstance(error, StoreError) else ""
        _fail(batch, error)


def _fail(batch: list[_Work], error: BaseException) -> None:
    for work in batch:
        work.error = error


class _HalfDone(Exception):
    """A function raised that had written something."""


def _run_all(store: Store, batch: list[_Work]) -> None:
    """All of a batch in one transaction.

    A savepoint for each costs a tenth of what an article costs, and hardly ever is one gone back to. So there are none,
    until a function raises that had written something: then all of it is undone, and done again with them.
    """
    try:
        with store.transaction():
            for work in batch:
                _run(store, work)
    except _HalfDone:
        with store.transaction():
            for work in batch:
                with suppress(_HalfDone), store.transaction():
                    _run(store, work)


def _run(store: Store, work: _Work) -> None:
    """One function; its error goes to whoever asked. Raises _HalfDone where that leaves something to be undone."""
    before, work.result, work.error = store.changes, None, None
    try:
        with store.reading():
            work.result = work.run(store)
    except StoreError:
        raise
    except StopIteration as error:  # which no future takes
        work.error = RuntimeError("the function raised StopIteration")
        work.error.__cause__ = error
    except Exception as error:  # noqa: BLE001 - handed over whole to the task that waits for it
        work.error = error
    if work.error is not None and store.changes != before:
        raise _HalfDone
