from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from scraper.fetch.client import Request
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.options import Manners
from scraper.units import Duration
from tests.fetch.loopback import (
    Reply,
    Site,
    fetcher,
    moved,
    options,
    run,
    site,
)


def assert_spaced(place: Site, spacing: float) -> None:
    assert place.most == 1
    calls = sorted(place.calls, key=lambda call: call.begun)
    gaps = [later.begun - earlier.begun for earlier, later in pairwise(calls)]
    assert min(gaps) >= spacing - 0.002


def test_one_host_is_asked_one_at_a_time_and_spaced() -> None:
    async def main() -> None:
        async with site({f"/{number}": Reply(hold=0.01) for number in range(10)}) as place:
            manners = Manners(spacing=Duration(0.05))
            async with fetcher(options(place), manners) as made:
                pages = await asyncio.gather(*(made.fetch(Request(place.url(f"/{number}"))) for number in range(10)))
            assert [page.status for page in pages] == [200] * 10
            assert place.paths() == ["/robots.txt", *(f"/{number}" for number in range(10))]
            assert_spaced(place, 0.05)

    run(main())


def test_two_fetchers_with_one_ledger_share_the_budget() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        manners = Manners(spacing=Duration(0.03), obey_robots=False)
        async with site({"/": Reply(hold=0.01)}) as place:
            async with (
                fetcher(options(place), manners, ledger, "a") as one,
                fetcher(options(place), manners, ledger, "b") as two,
            ):
                await asyncio.gather(*(made.fetch(Request(place.url())) for made in (one, two) * 3))
            assert len(place.calls) == 6
            assert_spaced(place, 0.03)

    run(main())


def test_hosts_are_asked_at_once() -> None:
    async def main() -> None:
        hosts = tuple(f"127.0.0.{number}" for number in range(2, 8))
        together = asyncio.Barrier(len(hosts))

        async def wait_for_all(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await together.wait()  # for ever, unless all hosts are asked at once
            writer.write(Reply().render())

        async with site({"/": wait_for_all}, hosts=hosts) as place, fetcher(options(place)) as made:
            pages = await asyncio.gather(*(made.fetch(Request(place.url(host=host))) for host in hosts))
            assert len(pages) == len(hosts)
            assert made.waiting == 0

    run(main())


@pytest.mark.parametrize(("factor", "wait"), [(2, 0.4), (0, 0.0)])
def test_a_slow_host_is_given_time_in_proportion(factor: int, wait: float) -> None:
    async def main() -> None:
        async with site({"/slow": Reply(hold=0.2), "/": Reply()}) as place:
            manners = Manners(spacing=Duration(0.01), latency_factor=factor, obey_robots=False)
            async with fetcher(options(place), manners) as made:
                for path in ("/slow", "/"):
                    await made.fetch(Request(place.url(path)))
            slow, following = place.calls
            assert following.begun - slow.ended >= wait

    run(main())


def test_hosts_of_one_address_are_asked_four_at_a_time() -> None:
    async def main() -> None:
        async with site({"/": Reply(hold=0.05)}) as place:
            names = [f"host{number}.example" for number in range(12)]
            resolve = {f"{name}:80": f"127.0.0.1:{place.port}" for name in names}
            manners = Manners(spacing=Duration(0), obey_robots=False)
            async with fetcher(options(place, resolve=resolve), manners) as made:
                await asyncio.gather(*(made.fetch(Request(f"http://{name}/")) for name in names))
            assert len(place.calls) == 12
            assert place.most == 4

    run(main())


def test_redirects_that_cross_do_not_wait_for_each_other() -> None:
    async def main() -> None:
        async with site({"/end": Reply()}, hosts=("127.0.0.1", "127.0.0.2")) as place:
            place.pages["/1"] = [moved(place.url("/end", "127.0.0.2"))]
            place.pages["/2"] = [moved(place.url("/end", "127.0.0.1"))]
            async with fetcher(options(place)) as made:
                there = [Request(place.url("/1", "127.0.0.1")), Request(place.url("/2", "127.0.0.2"))]
                await asyncio.gather(*(made.fetch(request) for request in there * 5))

    run(main())


def test_waiting_for_the_host_is_not_counted_as_fetching() -> None:
    async def main() -> None:
        async with site({"/": Reply(hold=0.05)}) as place:
            manners = Manners(spacing=Duration(0.1), obey_robots=False)
            async with fetcher(options(place, timeout=Duration(0.3)), manners) as made:
                pages = await asyncio.gather(*(made.fetch(Request(place.url())) for _ in range(5)))
            assert all(page.elapsed < 0.3 for page in pages)

    run(main())
