"""What `scrape status` shows of a storage folder."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scraper.model import Outcome, instant
from scraper.store import Store
from scraper.store.glance import Due, Rate
from tests.store.samples import NOW, article, attempt, save


def test_an_empty_archive(store: Store) -> None:
    seen = store.glance(NOW)
    assert seen.rates.day == Rate(articles=0, attempts=0, failed=0, answers=0, bytes=0)
    assert (seen.hosts, seen.due) == ((), Due(new=0, revisits=0, oldest=None))


def test_rates_count_what_is_of_their_time(store: Store) -> None:
    moments = (timedelta(0), timedelta(minutes=50), timedelta(hours=2), timedelta(hours=30))
    with store.transaction():
        for ago in moments:
            store.attempts.add(attempt(at=NOW - ago, size=100, status=200))
        store.attempts.add(attempt(outcome=Outcome.FAILED, reason="timeout"))
        store.attempts.add(attempt(kind="robots", status=200, size=10))
    for number, ago in enumerate(moments):
        save(store, article(url=f"https://news.example/{number}", body=f"Body {number}"), at=NOW - ago)
    rates = store.glance(NOW).rates
    assert rates.hour == Rate(articles=2, attempts=3, failed=1, answers=3, bytes=210)
    assert rates.day == Rate(articles=3, attempts=4, failed=1, answers=4, bytes=310)


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ({"next_at": instant(NOW)}, None),
        ({"next_at": "2026-11-23T10:00:04.000Z"}, None),
        ({"next_at": "2026-11-23T10:00:06.000Z"}, "slow"),
        ({"paused_until": "2026-11-23T09:59:59.000Z", "pause_reason": "429"}, None),
        ({"paused_until": "2026-11-23T10:30:00.000Z", "pause_reason": "503"}, "paused"),
    ],
)
def test_which_hosts_are_left_alone(store: Store, columns: dict[str, str], state: str | None) -> None:
    with store.transaction():
        store.hosts.put("news.example", columns)
    found = store.glance(NOW).hosts
    assert [host.state for host in found] == ([state] if state else [])
    if state == "paused":
        assert (found[0].until, found[0].reason) == ("2026-11-23T10:30:00.000Z", "503")
