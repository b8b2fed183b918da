from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import DatabaseBusy, ForeignDatabase, NotStored, StoreError
from scraper.store import Saved, Store
from scraper.store.writer import Writer
from tests.store.samples import BASE, article, rows, save


def run(work: Coroutine[Any, Any, None]) -> None:
    """With an end, in case something waits for ever."""
    asyncio.run(asyncio.wait_for(work, 60))


def saving(number: int) -> Any:
    return lambda store: save(store, article(url=f"https://news.example/{number}", body=f"Body {number}"))


def test_many_tasks_get_their_own_answers(folder: Path) -> None:
    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            answers: list[Saved] = await asyncio.gather(*(writer.run(saving(number)) for number in range(250)))
            stored = await writer.run(lambda store: list(store.export()))
        urls = {each.id: each.article.url for each in stored}
        assert [urls[each.article_id or 0] for each in answers] == [
            f"https://news.example/{number}" for number in range(250)
        ]

    run(work())
    assert rows(folder / "news.db", "SELECT count(*) FROM articles") == [(250,)]


def test_a_listener_that_raises_leaves_nobody_waiting(folder: Path) -> None:
    def listener(_seconds: float) -> None:
        raise ZeroDivisionError

    async def work() -> None:
        async with Writer(folder, busy_timeout=5, on_commit=listener) as writer:
            await writer.run(saving(1))  # it is on disk, and that is said
            errors = [await asyncio.gather(writer.run(saving(2)), return_exceptions=True) for _ in range(3)]
            assert isinstance(errors[-1][0], StoreError)

    with pytest.raises(ZeroDivisionError):
        run(work())
    assert rows(folder / "news.db", "SELECT count(*) FROM articles WHERE url LIKE '%/1'") == [(1,)]


def test_an_answer_means_on_disk(folder: Path) -> None:
    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            await writer.run(saving(1))
            assert rows(folder / "news.db", "SELECT count(*) FROM articles") == [(1,)]

    run(work())


@pytest.mark.parametrize(
    ("error", "comes_as"),
    [(ValueError("mine"), ValueError), (StopIteration(), RuntimeError), (NotStored("not"), NotStored)],
)
def test_one_part_that_fails_is_undone_alone(folder: Path, error: Exception, comes_as: type[Exception]) -> None:
    def failing(store: Store) -> None:
        save(store, BASE)
        raise error

    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            answers = await asyncio.gather(
                writer.run(saving(1)), writer.run(failing), writer.run(saving(2)), return_exceptions=True
            )
            assert [type(answer) for answer in answers] == [Saved, comes_as, Saved]
            assert await writer.run(lambda store: store.articles.count()) == 2

    run(work())


def test_what_raises_before_it_wrote_leaves_the_others_as_they_are(folder: Path) -> None:
    runs: list[str] = []

    def counted(name: str, *, fails: bool, writes: bool) -> Any:
        def function(store: Store) -> None:
            runs.append(name)
            if writes:
                save(store, article(url=f"https://news.example/{name}", body=name))
            if fails:
                raise ValueError(name)

        return function

    async def work(*, writes: bool) -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            first = writer.run(counted("first", fails=False, writes=True))
            await asyncio.gather(first, writer.run(counted("last", fails=True, writes=writes)), return_exceptions=True)

    run(work(writes=False))
    assert runs == ["first", "last"]
    run(work(writes=True))  # so that all of it is done again
    assert runs == ["first", "last"] * 3
    stored = rows(folder / "news.db", "SELECT body, revision FROM articles")
    assert stored == [("first", 1)]


def test_a_task_that_no_longer_waits_harms_nobody(folder: Path) -> None:
    async def work() -> None:
        held = threading.Event()
        async with Writer(folder, busy_timeout=5) as writer:
            first = asyncio.create_task(writer.run(lambda _store: held.wait(30)))
            await asyncio.sleep(0.05)
            tasks = [asyncio.create_task(writer.run(saving(number))) for number in range(3)]
            await asyncio.sleep(0.05)
            tasks[1].cancel()
            first.cancel()
            held.set()
            answers = await asyncio.gather(*tasks, return_exceptions=True)
            assert [type(answer) for answer in answers] == [Saved, asyncio.CancelledError, Saved]

    run(work())
    assert rows(folder / "news.db", "SELECT count(*) FROM articles") == [(3,)]


def test_closing_writes_what_waits_and_takes_no_more(folder: Path) -> None:
    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            tasks = [asyncio.create_task(writer.run(saving(number))) for number in range(150)]
            await asyncio.sleep(0)
        assert [type(answer) for answer in await asyncio.gather(*tasks)] == [Saved] * 150
        with pytest.raises(StoreError, match="closing"):
            await writer.run(saving(1))

    run(work())
    assert rows(folder / "news.db", "SELECT count(*) FROM articles") == [(150,)]


def test_an_error_inside_leaves_what_was_written(folder: Path) -> None:
    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            await writer.run(saving(1))
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        run(work())
    assert rows(folder / "news.db", "SELECT count(*) FROM articles") == [(1,)]


def test_trouble_with_the_file_comes_to_the_whole_batch(folder: Path) -> None:
    async def work() -> None:
        async with Writer(folder, busy_timeout=0.05) as writer:
            with closing(sqlite3.connect(folder / "news.db")) as other:
                other.execute("BEGIN IMMEDIATE")
                answers = await asyncio.gather(
                    *(writer.run(saving(number)) for number in range(3)), return_exceptions=True
                )
                assert [type(answer) for answer in answers] == [DatabaseBusy] * 3
                other.rollback()
            assert (await writer.run(saving(1))).article_id == 1

    run(work())


def test_in_a_hurry_it_waits_no_second_for_another_process(folder: Path) -> None:
    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            waits = "PRAGMA busy_timeout"
            assert await writer.run(lambda store: store._news.execute(waits).fetchone()[0]) == 1000  # noqa: SLF001
            writer.hurry()
            assert await writer.run(lambda store: store._news.execute(waits).fetchone()[0]) == 100  # noqa: SLF001

    run(work())


def test_a_fault_of_any_kind_leaves_nobody_waiting(folder: Path) -> None:
    def give_up(_store: Store) -> None:
        raise KeyboardInterrupt

    async def work() -> None:
        async with Writer(folder, busy_timeout=5) as writer:
            answers = await asyncio.gather(
                *(asyncio.create_task(_caught(writer, each)) for each in (give_up, saving(1))), return_exceptions=True
            )
            assert answers == [KeyboardInterrupt, KeyboardInterrupt]
            assert (await writer.run(saving(1))).article_id == 1

    run(work())


async def _caught(writer: Writer, function: Any) -> type[BaseException]:
    try:
        await writer.run(function)
    except BaseException as error:  # noqa: BLE001
        return type(error)
    raise AssertionError("nothing was raised")


def test_a_file_that_is_not_ours_is_said_at_the_start(folder: Path) -> None:
    folder.mkdir()
    (folder / "news.db").write_text("Shopping list\n" * 20)

    async def work() -> None:
        with pytest.raises(ForeignDatabase):
            async with Writer(folder, busy_timeout=5):
                pass

    run(work())
