from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scraper.errors import HostPaused
from scraper.fetch.hosts import Claim, MemoryLedger, Terms
from scraper.fetch.pace import Budget, Patience, Queues
from tests.fetch.loopback import run


def budget(ledger: MemoryLedger) -> Budget:
    return Budget(ledger, lambda: datetime.now(UTC), concurrency=50, per_address=4)


def terms(host: str = "h", spacing: float = 0, *, address: str = "192.0.2.1", holder: str = "test") -> Terms:
    return Terms(host, address, holder, spacing, 60, 4)


def test_tasks_are_served_in_their_order_and_queues_are_forgotten() -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        order: list[int] = []

        async def ask(number: int) -> None:
            async with mine.slot(terms(spacing=0.001), Patience(None)):
                order.append(number)

        await asyncio.gather(*(ask(number) for number in range(20)))
        assert order == list(range(20))
        assert mine.waiting == 0

    run(main())


def test_two_processes_take_turns() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        inside = 0

        async def ask(holder: str) -> None:
            nonlocal inside
            async with budget(ledger).slot(terms(spacing=0.001, holder=holder), Patience(None)):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(ask("a"), ask("b"), ask("c"))

    run(main())


def test_patience_ends_at_a_pause_and_says_why() -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        await mine.pause("h", datetime.now(UTC) + timedelta(hours=1), "429", "asked for 3600 s at 10:02 (429)")
        with pytest.raises(
            HostPaused, match=r"h asked for 3600 s at 10:02 \(429\): it is left alone until .* UTC"
        ) as caught:
            async with mine.slot(terms(spacing=1), Patience(5)):
                pass
        assert 3500 < (caught.value.retry_after or 0) <= 3600

    run(main())


def test_another_processes_pause_is_told_as_it_was() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        await budget(ledger).pause("h", datetime.now(UTC) + timedelta(hours=1), "503", "answered 503 at 10:02")
        with pytest.raises(HostPaused, match="h answered 503 at 10:02: it is left alone until"):
            async with budget(ledger).slot(terms(), Patience(5)):
                pass

    run(main())


def test_patience_ends_at_another_process() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with budget(ledger).slot(terms(spacing=1, holder="other"), Patience(None)):
            with pytest.raises(HostPaused, match="h has no free slot before"):
                async with budget(ledger).slot(terms(spacing=1), Patience(0)):
                    pass

    run(main())


@pytest.mark.parametrize(("addresses", "most"), [(["a"], 4), (["a", "b"], 8), ([str(n) for n in range(12)], 12)])
def test_so_many_at_once_go_to_one_address(addresses: list[str], most: int) -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        now = reached = 0

        async def ask(number: int) -> None:
            nonlocal now, reached
            async with mine.slot(terms(f"h{number}", address=addresses[number % len(addresses)]), Patience(None)):
                now += 1
                reached = max(reached, now)
                await asyncio.sleep(0.02)
                now -= 1

        await asyncio.gather(*(ask(number) for number in range(12)))
        assert reached == most
        assert mine.waiting == 0

    run(main())


def test_patience_ends_in_the_queue() -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        async with mine.slot(terms(), Patience(None)):
            with pytest.raises(HostPaused, match="still busy"):
                async with mine.slot(terms(), Patience(0.01)):
                    pass
        async with mine.slot(terms(), Patience(0.5)):
            pass

    run(main())


def test_a_cancelled_task_gives_its_slot_back() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        mine = budget(ledger)
        entered = asyncio.Event()

        async def hold() -> None:
            async with mine.slot(terms(), Patience(None)):
                entered.set()
                await asyncio.sleep(60)

        task = asyncio.create_task(hold())
        await entered.wait()
        waiting = asyncio.create_task(hold())
        await asyncio.sleep(0)
        for each in (waiting, task):
            each.cancel()
        await asyncio.gather(task, waiting, return_exceptions=True)
        assert ledger.states["h"].held_by is None
        assert mine.waiting == 0

    run(main())


def test_queues_do_not_mix_names() -> None:
    async def main() -> None:
        queues = Queues()
        async with queues.turn("a", Patience(0)), queues.turn("b", Patience(0)):
            assert len(queues) == 2
        assert len(queues) == 0

    run(main())


def test_waiting_at_the_gates_counts_as_waiting() -> None:
    async def main() -> None:
        mine = Budget(MemoryLedger(), lambda: datetime.now(UTC), concurrency=1, per_address=4)
        async with mine.slot(terms("a"), Patience(None)):
            with pytest.raises(HostPaused, match="b waits for requests to other hosts"):
                async with mine.slot(terms("b"), Patience(0.05)):
                    pass

    run(main())


class SlowLedger(MemoryLedger):
    """One that takes its time to grant a claim, as one in a database does."""

    async def claim(self, terms: Terms, now: datetime) -> Claim:
        await asyncio.sleep(0.05)
        return await super().claim(terms, now)


def test_a_claim_that_is_granted_to_a_task_that_is_gone_is_given_back() -> None:
    async def main() -> None:
        ledger = SlowLedger()
        mine = budget(ledger)

        async def hold() -> None:
            async with mine.slot(terms(), Patience(None)):
                raise AssertionError("it was cancelled")

        task = asyncio.create_task(hold())
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.sleep(0.1)
        assert ledger.states["h"].next_at is not None
        assert ledger.states["h"].held_by is None

    run(main())
