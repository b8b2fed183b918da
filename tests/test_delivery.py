"""Events on their way to a webhook: their order, what goes wrong, and that none is lost."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scraper.delivery import Courier, telling, wait_after
from scraper.delivery import hook as hook_of
from scraper.errors import ConfigError
from scraper.fetch.options import FetchOptions
from scraper.fetch.webhook import Hook, Poster
from scraper.model import Event, EventKind
from scraper.settings import Schedule, Settings, Webhook
from scraper.store.writer import Writer
from scraper.units import Period
from tests.fetch.loopback import run
from tests.newsroom import Clock
from tests.receiver import Delivery, Receiver, Said


@dataclass
class Office:
    """A courier, its database and its clock."""

    courier: Courier
    writer: Writer
    clock: Clock

    async def happens(self, many: int, kind: EventKind = EventKind.QUIET) -> None:
        event = Event(kind, self.clock(), "nothing new", data={"since": "2026-11-20"})

        def work(store: Any) -> None:
            for _ in range(many):
                store.events.add(event, tell=True)

        await self.writer.run(work)

    async def waiting(self) -> list[int]:
        return [event.id for event in await self.writer.run(lambda store: store.events.waiting(999))]

    async def queued(self) -> tuple[int, int]:
        return await self.writer.run(lambda store: store.events.queued())


@asynccontextmanager
async def office(folder: Path, receiver: Receiver, patience: float = 10, **said: Any) -> AsyncIterator[Office]:
    webhook, clock, options = Webhook(url=receiver.url, **said), Clock(), FetchOptions()
    hook = Hook.at(webhook.url, "open sesame", webhook.timeout, options)
    async with Writer(folder, busy_timeout=patience) as writer, Poster(hook, options) as poster:
        yield Office(Courier(webhook, writer, poster, clock), writer, clock)


def test_all_that_waits_is_told_in_order_and_in_batches(tmp_path: Path) -> None:
    async def main() -> None:
        with Receiver() as receiver:
            async with office(tmp_path, receiver, batch=4) as desk:
                assert await desk.courier.deliver() == 0
                await desk.happens(10)
                assert await desk.courier.deliver() == 0
                assert await desk.queued() == (0, 0)
        assert receiver.ids == list(range(1, 11))
        assert [delivery.headers["webhook-id"] for delivery in receiver.deliveries] == ["1-4", "5-8", "9-10"]
        (first, *_) = receiver.deliveries[0].events
        assert first == {
            "id": 1,
            "at": first["at"],
            "kind": "quiet",
            "source": None,
            "article_id": None,
            "detail": "nothing new",
            "data": {"since": "2026-11-20"},
        }

    run(main())


def test_what_goes_wrong_waits_longer_each_time_and_keeps_its_order(tmp_path: Path) -> None:
    answers = iter([503, 500, 404, 302, 204])

    async def main() -> None:
        with Receiver(lambda _: Said(next(answers))) as receiver:
            async with office(tmp_path, receiver) as desk:
                await desk.happens(2)
                waits = [await desk.courier.deliver() for _ in range(3)]
                await desk.happens(1)
                waits += [await desk.courier.deliver() for _ in range(2)]
                assert await desk.waiting() == []
        for wait, longest in zip(waits, (10, 20, 40, 80, 0), strict=True):
            assert longest / 2 <= wait <= longest
        assert [delivery.ids for delivery in receiver.deliveries] == [[1, 2], [1, 2], [1, 2], [1, 2, 3], [1, 2, 3]]

    run(main())


def test_a_receiver_that_is_away_or_hangs_loses_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = taken.getsockname()[1]
        receiver = Receiver(port=port, hanging=True)
        async with office(tmp_path, receiver, timeout=Period(0.3)) as desk:
            await desk.happens(1)
            assert await desk.courier.deliver() > 0  # nobody is there
            with receiver:
                assert await desk.courier.deliver() > 0
            receiver.hanging = False
            with receiver:
                assert await desk.courier.deliver() == 0
        assert [delivery.ids for delivery in receiver.deliveries] == [[1], [1]]

    run(main())


def test_what_was_tried_for_too_long_is_given_up_and_what_came_later_is_not(tmp_path: Path) -> None:
    said = [500]

    async def main() -> None:
        with Receiver(lambda _: Said(said[0])) as receiver:
            async with office(tmp_path, receiver) as desk:
                await desk.happens(2)
                desk.clock.ahead = timedelta(days=9)  # nobody tried: that is no fault of theirs
                await desk.courier.deliver()
                assert await desk.queued() == (2, 0)
                desk.clock.ahead += timedelta(days=2)
                await desk.happens(1)
                await desk.courier.deliver()
                assert await desk.queued() == (3, 0)
                desk.clock.ahead += timedelta(days=1, hours=1)
                await desk.courier.deliver()
                assert await desk.queued() == (1, 2)
                said[0] = 200
                assert await desk.courier.deliver() == 0
                assert await desk.queued() == (0, 2)
        assert receiver.deliveries[-1].ids == [3]

    run(main())


def test_one_that_its_receiver_does_not_like_does_not_keep_the_others(tmp_path: Path) -> None:
    def answer(delivery: Delivery) -> Said:
        return Said(400 if 6 in delivery.ids else 200)

    async def main() -> None:
        with Receiver(answer) as receiver:
            async with office(tmp_path, receiver, batch=8) as desk:
                await desk.happens(20)
                rounds = 0
                while await desk.courier.deliver():
                    rounds += 1
                assert await desk.queued() == (0, 1)
                assert rounds <= 10
            taken = [number for delivery in receiver.deliveries if 6 not in delivery.ids for number in delivery.ids]
        assert taken == [number for number in range(1, 21) if number != 6]

    run(main())


def test_outages_do_not_count_for_what_is_not_liked(tmp_path: Path) -> None:
    answers = iter([503] * 9 + [400] * 4 + [204])

    async def main() -> None:
        with Receiver(lambda _: Said(next(answers))) as receiver:
            async with office(tmp_path, receiver) as desk:
                await desk.happens(1)
                assert all([await desk.courier.deliver() for _ in range(13)])
                assert await desk.courier.deliver() == 0
                assert await desk.queued() == (0, 0)

    run(main())


def test_what_was_taken_and_cannot_be_noted_is_not_posted_again(tmp_path: Path) -> None:
    def answer(_: Delivery) -> Said:
        other.execute("BEGIN IMMEDIATE")
        return Said()

    async def main() -> None:
        with Receiver(answer) as receiver:
            async with office(tmp_path, receiver, patience=0.05) as desk:
                await desk.happens(2)
                waits = [await desk.courier.deliver() for _ in range(3)]
                other.execute("ROLLBACK")
                assert await desk.waiting() == [1, 2]
                assert await desk.courier.deliver() == 0
                assert await desk.queued() == (0, 0)
        assert [delivery.ids for delivery in receiver.deliveries] == [[1, 2]]
        assert waits[0] <= 10 < waits[2]  # longer each time

    with closing(
        sqlite3.connect(tmp_path / "news.db", isolation_level=None, check_same_thread=False)
    ) as other:  # fails as a full disk does
        run(main())


def test_a_run_that_ends_asks_a_hook_that_hangs_once(tmp_path: Path) -> None:
    async def main() -> None:
        with Receiver(hanging=True) as receiver:
            async with office(tmp_path, receiver, timeout=Period(0.2)) as desk:
                await desk.happens(1)
                under_way = asyncio.create_task(desk.courier.deliver())
                await asyncio.sleep(0)
                await desk.courier.finish()
                assert await under_way > 0
        assert len(receiver.deliveries) == 1

    run(main())


def test_it_is_told_in_the_background_and_two_at_once_tell_nothing_twice(tmp_path: Path) -> None:
    async def main() -> None:
        with Receiver() as receiver:
            said = Webhook(url=receiver.url)
            settings = Settings(webhook=said, schedule=Schedule(tick=Period(0.01)))
            hook = Hook.at(said.url, "", said.timeout, settings.fetch)
            async with Writer(tmp_path, busy_timeout=10) as writer:
                async with telling(hook, settings, writer, Clock()) as courier:
                    desk = Office(courier, writer, Clock())
                    for many in (1, 3, 9):
                        await desk.happens(many)
                        await asyncio.gather(courier.deliver(), courier.deliver())
                    await desk.happens(1)
                    while await desk.waiting():  # noqa: ASYNC110 - another task's work, in the database
                        await asyncio.sleep(0.01)
                async with telling(None, settings, writer, Clock()) as courier:
                    await Office(courier, writer, Clock()).happens(1)
                    assert await courier.deliver() == 0
        assert receiver.ids == list(range(1, 15))

    run(main())


def test_waits_grow_to_an_hour_and_what_a_receiver_asks_for_is_obeyed_up_to_that() -> None:
    assert [wait_after(failures, None, 1.0) for failures in (1, 2, 3, 9, 10, 10**9)] == [10, 20, 40, 2560, 3600, 3600]
    assert wait_after(1, None, 0.0) == 5
    assert wait_after(1, 120.0, 0.5) == 120
    assert wait_after(1, 10.0**9, 0.5) == 3600


class TestHook:
    def test_addresses_and_secrets_may_lie_elsewhere(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOOK_URL", "https://example.org/hook")
        (tmp_path / "secret").write_text("open sesame\n")
        found = hook_of(Settings(webhook=Webhook(url="env:HOOK_URL", secret="file:secret")), tmp_path)  # noqa: S106
        assert found is not None
        assert (found.target.url, found.key) == ("https://example.org/hook", b"open sesame")
        assert hook_of(Settings(), tmp_path) is None

    def test_one_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        for webhook, message in (
            (Webhook(url="env:NO_SUCH_HOOK"), "webhook.url: the environment variable NO_SUCH_HOOK is not set"),
            (Webhook(url="https://example.org/", secret="file:none"), "webhook.secret: none cannot be read"),  # noqa: S106
        ):
            with pytest.raises(ConfigError, match=message):
                hook_of(Settings(webhook=webhook), tmp_path)
