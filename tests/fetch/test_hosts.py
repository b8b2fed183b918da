from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.hosts import HostState, Terms, decide_claim, decide_pause, decide_release

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


def terms(holder: str, spacing: float = 1, lease: float = 60) -> Terms:
    return Terms("example.org", "192.0.2.1", holder, spacing, lease, 4)


@given(states, holders, spacings, leases)
def test_a_claim_is_granted_or_waits(state: HostState, holder: str, spacing: float, lease: float) -> None:
    claim = decide_claim(state, terms(holder, spacing, lease), NOW)
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
    claim = decide_claim(state, terms(holder, spacing, lease), NOW)
    hour = NOW + timedelta(hours=1)
    if state.paused_until and state.paused_until > NOW:
        assert claim.wait >= (state.paused_until - NOW).total_seconds()
    if state.next_at and NOW < state.next_at <= NOW + timedelta(minutes=10):
        assert claim.wait >= (state.next_at - NOW).total_seconds()
    if state.held_by != holder and state.held_until and NOW < state.held_until <= hour:
        assert claim.wait > 0


@given(states, holders, spacings, leases)
def test_nobody_waits_for_ever(state: HostState, holder: str, spacing: float, lease: float) -> None:
    now = NOW
    for _ in range(7300):
        claim = decide_claim(state, terms(holder, spacing, lease), now)
        if not claim.wait:
            break
        now += timedelta(seconds=max(claim.wait, 1))
    assert claim.wait == 0
    assert now - NOW <= timedelta(hours=2, seconds=5)


@given(states, spacings, leases)
def test_two_holders_never_hold_at_once(state: HostState, spacing: float, lease: float) -> None:
    first = decide_claim(state, terms("a", spacing, lease), NOW)
    if first.wait:
        return
    during = NOW + timedelta(seconds=lease / 2)
    assert decide_claim(first.state, terms("b", spacing, lease), during).wait > 0
    released = decide_release(first.state, terms("a", spacing), during, well=False)
    after = decide_claim(released, terms("b", spacing, lease), during)
    assert after.wait == pytest.approx(round(spacing, 6), abs=1e-5)
    killed = NOW + timedelta(seconds=max(lease, spacing) + 1)
    assert decide_claim(first.state, terms("b", spacing, lease), killed).wait == 0


def test_a_late_release_does_not_take_the_lease_of_another() -> None:
    state = HostState("h", held_by="b", held_until=NOW + timedelta(seconds=9))
    assert decide_release(state, terms("a", 1), NOW, well=False) == state


@given(states, moments)
def test_the_later_end_of_two_pauses_wins(state: HostState, until: datetime) -> None:
    paused = decide_pause(state, until, "503", "answered 503")
    assert paused.paused_until == max(until, state.paused_until or until)
    assert paused.troubles == state.troubles + 1


def test_a_wrong_clock_does_not_block_a_host_for_a_year() -> None:
    later = NOW + timedelta(days=365)
    state = HostState("h", next_at=later, held_by="b", held_until=later)
    assert decide_claim(state, terms("a", 1, 60), NOW).wait == 0


@given(states, holders, st.integers(0, 9))
def test_no_more_than_four_go_to_one_address(state: HostState, holder: str, neighbours: int) -> None:
    soon = NOW + timedelta(seconds=30)
    others = [HostState(f"h{n}", held_by="c", held_until=soon, address="192.0.2.1") for n in range(neighbours)]
    claim = decide_claim(state, terms(holder), NOW, others)
    alone = decide_claim(state, terms(holder), NOW)
    assert claim.crowded == (neighbours >= 4 and alone.wait == 0)
    if claim.crowded:
        assert 0 < claim.wait <= 0.5
        wish = NOW + timedelta(seconds=2)
        assert claim.state == replace(state, address="192.0.2.1", wanted_at=NOW, wanted_until=wish)
    else:
        assert claim == alone
    unknown = decide_claim(state, replace(terms(holder), address=""), NOW, others)  # by a proxy
    assert unknown.wait == alone.wait


def test_of_those_that_wait_for_an_address_whoever_wished_first_goes_first() -> None:
    soon = NOW + timedelta(seconds=30)
    held = [HostState(f"h{n}", held_by="c", held_until=soon) for n in range(3)]
    first = decide_claim(HostState("first"), terms("a"), NOW, [*held, replace(held[0], host="h3")]).state
    late = NOW + timedelta(seconds=1)
    assert decide_claim(HostState("later"), terms("b"), late, [*held, first]).crowded
    assert not decide_claim(first, terms("a"), late, held).crowded
    assert not decide_claim(HostState("later"), terms("b"), NOW + timedelta(seconds=9), [*held, first]).crowded


def test_what_a_wrong_clock_wrote_of_other_hosts_crowds_nobody() -> None:
    ahead = NOW + timedelta(days=400)
    others = [HostState(f"h{n}", held_by="c", held_until=ahead, wanted_at=NOW, wanted_until=ahead) for n in range(9)]
    assert not decide_claim(HostState("h"), terms("a"), NOW, others).crowded


def test_a_good_answer_ends_the_troubles_of_a_host() -> None:
    troubled = HostState("example.org", held_by="a", troubles=3)
    assert decide_release(troubled, terms("a"), NOW, well=False).troubles == 3
    assert decide_release(troubled, terms("a"), NOW, well=True).troubles == 0
