from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scraper.fetch.hosts import Terms
from scraper.fetch.ledger import ProcessLedger
from scraper.fetch.robots import RobotsRecord

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TERMS = Terms("example.org", "192.0.2.1", "a", 1.0, 60.0, per_address=2)


def waits(ledger: ProcessLedger, terms: Terms, now: datetime = NOW) -> float:
    return asyncio.run(ledger.claim(terms, now)).wait


def test_a_host_is_one_holders_and_spaced() -> None:
    ledger = ProcessLedger()
    assert waits(ledger, TERMS) == 0
    assert waits(ledger, replace(TERMS, holder="b")) > 0
    asyncio.run(ledger.release(TERMS, NOW, well=True))
    assert waits(ledger, replace(TERMS, holder="b")) == 1.0
    assert waits(ledger, replace(TERMS, holder="b"), NOW + timedelta(seconds=1)) == 0


def test_hosts_at_one_address_share_its_places() -> None:
    ledger = ProcessLedger()
    hosts = [replace(TERMS, host=f"{name}.example", holder=name) for name in "abc"]
    assert [waits(ledger, terms) > 0 for terms in hosts] == [False, False, True]
    asyncio.run(ledger.release(hosts[0], NOW, well=True))
    assert waits(ledger, hosts[2]) == 0
    assert waits(ledger, replace(TERMS, host="d.example", holder="d", address="192.0.2.9")) == 0


def test_it_forgets_idle_hosts_first_asked_first_and_never_one_that_is_paused_or_held() -> None:
    ledger = ProcessLedger(most=3)
    asyncio.run(ledger.pause("paused.example", LATER + timedelta(hours=9), "429", "asked for a pause"))
    waits(ledger, replace(TERMS, host="held.example", lease=9999))
    for number, now in ((0, NOW), (1, NOW), (2, LATER), (3, LATER)):
        terms = replace(TERMS, host=f"{number}.example", address="", lease=1)
        assert waits(ledger, terms, now) == 0
        asyncio.run(ledger.release(terms, now, well=True))
    kept = set(ledger.states)
    assert {"paused.example", "held.example", "3.example"} <= kept
    assert not kept & {"0.example", "1.example"}


def test_it_keeps_the_last_robots_files() -> None:
    ledger = ProcessLedger(most=2)
    for host in ("a", "b", "a", "c"):
        asyncio.run(ledger.save_robots(RobotsRecord(host, 200, "", NOW)))
    assert set(ledger.records) == {"a", "c"}
    assert asyncio.run(ledger.robots("b")) is None
