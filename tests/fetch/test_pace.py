from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import HostPaused
from scraper.fetch.pace import (
    Budget,
    HostState,
    MemoryLedger,
    Patience,
    Queues,
    decide_claim,
    decide_pause,
    decide_release,
)
from tests.fetch.loopback import run

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
moments = st.integers(-7200_000, 7200_000).map(lambda ms: NOW + timedelta(milliseconds=ms))
holders = st.sampled_from(["a", "b"])
spacings = st.floats(0, 120)
leases = st.floats(1, 300)
states = st.builds(
    HostState,
    host=st.just("example.org"),
    next_at=st.none() | moments,
    held_by=st.none() | holders,
    held_until=st.none() | moments,
    paused_until=st.none() | moments,
    pause_reason=st.none() | st.just("429"),
)


@given(states, holders, spacings, leases)
def test_a_claim_is_granted_or_waits(state: HostState, holder: str, spacing: float, lease: float) -> None:
    claim = decide_claim(state, holder, NOW, spacing, lease)
    assert claim.wait >= 0
    if claim.wait > 0:
        assert claim.state == state
    else:
        assert claim.state.held_by == holder
        assert claim.state.held_until == NOW + timedelta(seconds=lease)
        assert claim.state.next_at is not None
        assert claim.state.next_at >= NOW


@given(states, holders, spacings, leases)
def test_pauses_leases_and_spacing_are_kept(state: HostState, holder: str, spacing: float, lease: float) -> None:
    claim = decide_claim(state, holder, NOW, spacing, lease)
    hour = NOW + timedelta(hours=1)
    if state.paused_until and state.paused_until > NOW:
        assert claim.wait >= (state.paused_until - NOW).total_seconds()
    if state.next_at and NOW < state.next_at <= hour:
        assert claim.wait >= (state.next_at - NOW).total_seconds()
    if state.held_by != holder and state.held_until and NOW < state.held_until <= hour:
        assert claim.wait > 0


@given(states, holders, spacings, leases)
def test_nobody_waits_for_ever(state: HostState, holder: str, spacing: float, lease: float) -> None:
    now = NOW
    for _ in range(7300):
        claim = decide_claim(state, holder, now, spacing, lease)
        if not claim.wait:
            break
        now += timedelta(seconds=max(claim.wait, 1))
    assert claim.wait == 0
    assert now - NOW <= timedelta(hours=2, seconds=5)


@given(states, spacings, leases)
def test_two_holders_never_hold_at_once(state: HostState, spacing: float, lease: float) -> None:
    first = decide_claim(state, "a", NOW, spacing, lease)
    if first.wait:
        return
    during = NOW + timedelta(seconds=lease / 2)
    assert decide_claim(first.state, "b", during, spacing, lease).wait > 0
    released = decide_release(first.state, "a", during, spacing)
    after = decide_claim(released, "b", during, spacing, lease)
    assert after.wait == pytest.approx(round(spacing, 6), abs=1e-5)
    killed = NOW + timedelta(seconds=max(lease, spacing) + 1)
    assert decide_claim(first.state, "b", killed, spacing, lease).wait == 0


def test_a_late_release_does_not_take_the_lease_of_another() -> None:
    state = HostState("h", held_by="b", held_until=NOW + timedelta(seconds=9))
    assert decide_release(state, "a", NOW, 1) == state


@given(states, moments)
def test_the_later_end_of_two_pauses_wins(state: HostState, until: datetime) -> None:
    paused = decide_pause(state, until, "503")
    assert paused.paused_until == max(until, state.paused_until or until)


def test_a_wrong_clock_does_not_block_a_host_for_a_year() -> None:
    later = NOW + timedelta(days=365)
    state = HostState("h", next_at=later, held_by="b", held_until=later)
    assert decide_claim(state, "a", NOW, 1, 60).wait == 0


def budget(ledger: MemoryLedger, holder: str = "test") -> Budget:
    return Budget(ledger, holder, lambda: datetime.now(UTC), lease=60, concurrency=50, per_address=4)


def test_tasks_are_served_in_their_order_and_queues_are_forgotten() -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        order: list[int] = []

        async def ask(number: int) -> None:
            async with mine.slot("h", "192.0.2.1", 0.001, Patience(None)):
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
            async with budget(ledger, holder).slot("h", "192.0.2.1", 0.001, Patience(None)):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(ask("a"), ask("b"), ask("c"))

    run(main())


def test_patience_ends_at_a_pause_and_says_why() -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        await mine.pause("h", datetime.now(UTC) + timedelta(hours=1), "429")
        with pytest.raises(HostPaused, match=r"h asked for a pause until .* UTC \(429\)") as caught:
            async with mine.slot("h", "192.0.2.1", 1, Patience(5)):
                pass
        assert 3500 < (caught.value.retry_after or 0) <= 3600

    run(main())


def test_patience_ends_at_another_process() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with budget(ledger, "other").slot("h", "192.0.2.1", 1, Patience(None)):
            with pytest.raises(HostPaused, match="h has no free slot before"):
                async with budget(ledger).slot("h", "192.0.2.1", 1, Patience(0)):
                    pass

    run(main())


@pytest.mark.parametrize(("addresses", "most"), [(["a"], 4), (["a", "b"], 8), ([str(n) for n in range(12)], 12)])
def test_so_many_at_once_go_to_one_address(addresses: list[str], most: int) -> None:
    async def main() -> None:
        mine = budget(MemoryLedger())
        now = reached = 0

        async def ask(number: int) -> None:
            nonlocal now, reached
            async with mine.slot(f"h{number}", addresses[number % len(addresses)], 0, Patience(None)):
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
        async with mine.slot("h", "192.0.2.1", 0, Patience(None)):
            with pytest.raises(HostPaused, match="still busy"):
                async with mine.slot("h", "192.0.2.1", 0, Patience(0.01)):
                    pass
        async with mine.slot("h", "192.0.2.1", 0, Patience(0.5)):
            pass

    run(main())


def test_a_cancelled_task_gives_its_slot_back() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        mine = budget(ledger)
        entered = asyncio.Event()

        async def hold() -> None:
            async with mine.slot("h", "192.0.2.1", 0, Patience(None)):
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
