from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from scraper.errors import (
    HostPaused,
    ServerTrouble,
)
from scraper.fetch.client import Request
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.options import Manners
from scraper.units import Duration
from tests.fetch.loopback import (
    Reply,
    error_of,
    fetch,
    fetcher,
    hang_up,
    moved,
    options,
    run,
    site,
)


def test_trouble_passes_and_the_page_comes() -> None:
    async def main() -> None:
        async with site({"/": [Reply(500), hang_up, Reply(503), Reply(body=b"at last")]}) as place:
            assert (await fetch(place, retries=3)).body == b"at last"
            assert len(place.only("/")) == 4

    run(main())


def test_a_pause_is_told_of_the_host_that_has_it() -> None:
    async def main() -> None:
        pause = Reply(429, headers=(("Retry-After", "600"),))
        async with site({"/": pause}, hosts=("127.0.0.2",)) as busy, site() as place:
            there = "127.0.0.2"
            place.pages["/a"] = [moved(busy.url(host=there))]
            async with fetcher(options(ports=(place.port, busy.port))) as made:
                errors = [await error_of(made.fetch(Request(place.url("/a"), max_wait=1))) for _ in range(2)]
                assert [type(error) for error in errors] == [ServerTrouble, HostPaused]
                assert vars(errors[1])["host"] == f"{there}:{busy.port}"
            place.pages["/robots.txt"] = [moved(busy.url("/robots.txt", there))]
            async with fetcher(options(ports=(place.port, busy.port))) as made:
                await error_of(made.fetch(Request(busy.url(host=there), max_wait=1)))
                error = await error_of(made.fetch(Request(place.url("/a"), max_wait=1)))
                assert isinstance(error, HostPaused)
                assert error.host == f"127.0.0.1:{place.port}"  # nothing there may be asked before its rules are

    run(main())


def test_tries_end() -> None:
    async def main() -> None:
        async with site({"/": Reply(502)}) as place:
            error = await error_of(fetch(place, retries=2))
            assert isinstance(error, ServerTrouble)
            assert error.status == 502
            assert len(place.only("/")) == 3

    run(main())


@pytest.mark.parametrize("reply", [Reply(404), Reply(403), Reply(headers=(("Content-Type", "image/png"),))])
def test_what_will_not_change_is_not_tried_again(reply: Reply) -> None:
    async def main() -> None:
        async with site({"/": reply}) as place:
            await error_of(fetch(place, retries=3))
            assert len(place.only("/")) == 1

    run(main())


def test_a_short_retry_after_is_waited_for() -> None:
    async def main() -> None:
        async with site({"/": [Reply(429, headers=(("Retry-After", "1"),)), Reply()]}) as place:
            assert (await fetch(place, retries=1)).status == 200
            first, second = place.only("/")
            assert second.begun - first.ended >= 0.99

    run(main())


@pytest.mark.parametrize("as_date", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_a_long_retry_after_pauses_the_host(status: int, *, as_date: bool) -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        now = datetime.now(UTC)
        value = format_datetime(now + timedelta(seconds=300), usegmt=True) if as_date else "300"
        async with site({"/": Reply(status, headers=(("Retry-After", value),)), "/b": Reply()}) as place:
            async with fetcher(options(place, retries=3), ledger=ledger) as made:
                error = await error_of(made.fetch(Request(place.url())))
                assert isinstance(error, ServerTrouble)
                assert error.retry_after == pytest.approx(300, abs=3)
                error = await error_of(made.fetch(Request(place.url("/b"), max_wait=1)))
                assert isinstance(error, HostPaused)
                assert f"127.0.0.1:{place.port} asked for " in str(error)
                assert f"({status}): it is left alone until" in str(error)
            async with fetcher(options(place), ledger=ledger, holder="another process") as other:
                error = await error_of(other.fetch(Request(place.url("/b"), max_wait=1)))
                assert isinstance(error, HostPaused)
            assert len(place.only("/")) == 1
            assert place.only("/b") == []
        state = ledger.states[f"127.0.0.1:{place.port}"]
        assert state.pause_reason == str(status)
        assert state.held_by is None
        assert state.paused_until is not None
        assert (state.paused_until - now).total_seconds() == pytest.approx(300, abs=5)

    run(main())


def test_a_pause_is_no_longer_than_the_operator_grants() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        manners = Manners(spacing=Duration(0.01), max_pause=Duration(60))
        reply = Reply(503, headers=(("Retry-After", "99999999"),))
        async with site({"/": reply}) as place, fetcher(options(place), manners, ledger) as made:
            await error_of(made.fetch(Request(place.url())))
        until = ledger.states[f"127.0.0.1:{place.port}"].paused_until
        assert until is not None
        assert until <= datetime.now(UTC) + timedelta(seconds=60)

    run(main())


def test_a_host_that_does_not_say_for_how_long_is_left_alone_for_longer_each_time() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        manners = Manners(spacing=Duration(0.01), obey_robots=False)
        async with site({"/": [*[Reply(503)] * 4, Reply(), Reply(503)]}) as place:
            key, waits = f"127.0.0.1:{place.port}", []
            for number in range(4):  # each of them like a process of its own: what is known is in the ledger
                async with fetcher(options(place), manners, ledger, holder=str(number)) as made:
                    error = await error_of(made.fetch(Request(place.url())))
                assert isinstance(error, ServerTrouble)
                waits.append(error.retry_after or 0)
                assert ledger.states[key].troubles == number + 1
                assert ledger.states[key].pause_reason == "503"
            for number, wait in enumerate(waits):
                assert 0.02 * 2**number <= wait <= 0.04 * 2**number
            async with fetcher(options(place), manners, ledger) as made:
                await made.fetch(Request(place.url()))
                assert ledger.states[key].troubles == 0
                again = await error_of(made.fetch(Request(place.url())))
            assert isinstance(again, ServerTrouble)
            assert 0.02 <= (again.retry_after or 0) <= 0.04

    run(main())


@pytest.mark.parametrize("value", ["0", "Mon, 23 Nov 2020 10:00:00 GMT"])
def test_a_host_that_asks_for_no_pause_each_time_has_one_all_the_same(value: str) -> None:
    async def main() -> None:
        manners = Manners(spacing=Duration(0.01), obey_robots=False)
        reply = Reply(503, headers=(("Retry-After", value),))
        async with site({"/": reply}) as place, fetcher(options(place), manners) as made:
            errors = [await error_of(made.fetch(Request(place.url()))) for _ in range(5)]
        waits = [vars(error)["retry_after"] for error in errors]
        assert waits[0] == 0  # it knows best, once
        for number, wait in enumerate(waits[1:], 1):
            assert 0.02 * 2**number <= wait <= 0.04 * 2**number

    run(main())
