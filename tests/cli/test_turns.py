from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from scraper.cli.turns import Turns, in_turns


def taken(turns: Turns) -> list[str]:
    found = []
    while (one := turns.take()) is not None:
        found.append(one.url)
    return found


def test_a_list_sorted_by_host_does_not_wait_for_one_host() -> None:
    turns = Turns(at_once=5, a_host=2)
    for number in range(4):
        turns.add(f"https://a.example/{number}")
    turns.add("https://b.example/")
    assert taken(turns) == ["https://a.example/0", "https://a.example/1", "https://b.example/"]
    turns.end("https://a.example/0")
    assert taken(turns) == ["https://a.example/2"]
    turns.end("https://b.example/")
    assert taken(turns) == []


def test_no_more_than_so_many_are_under_way() -> None:
    turns = Turns(at_once=2)
    for host in "abc":
        turns.add(f"https://{host}.example/")
    assert len(taken(turns)) == 2
    turns.end("https://a.example/")
    assert taken(turns) == ["https://c.example/"]


def test_what_is_no_url_has_its_turn_too() -> None:
    turns = Turns(at_once=9)
    for word in ("story", "http://[", "http://[::1"):
        turns.add(word)
    assert taken(turns) == ["story", "http://["]
    turns.end("story")
    assert taken(turns) == ["http://[::1"]


def test_so_many_hosts_leave_nothing_behind() -> None:
    turns = Turns(at_once=50)
    for number in range(5000):
        turns.add(f"https://h{number % 700}.example/{number}")
    done = 0
    while under_way := taken(turns):
        for url in under_way:
            turns.end(url)
            done += 1
    assert done == turns.known == 5000
    assert turns._hosts == {}  # noqa: SLF001 - nothing else shows it


async def _urls(*batches: list[str]) -> AsyncIterator[list[str]]:
    for batch in batches:
        yield batch
        await asyncio.sleep(0)


def test_results_come_as_they_are_done() -> None:
    async def work(url: str) -> str:
        await asyncio.sleep(0.05 if "slow" in url else 0)
        return url.upper()

    async def run() -> list[tuple[int, str | None]]:
        turns = Turns(at_once=9)
        done = [each async for each in in_turns(turns, _urls(["http://slow/", "http://a/"], ["http://b/"]), work)]
        assert turns.are_all_known
        return [(number, result) for number, result in done if result is not None]

    assert asyncio.run(run()) == [(1, "HTTP://A/"), (2, "HTTP://B/"), (0, "HTTP://SLOW/")]


def test_a_reader_who_leaves_ends_what_is_under_way() -> None:
    ended = []

    async def work(url: str) -> str:
        try:
            await asyncio.sleep(0 if url == "http://a/" else 60)
        finally:
            ended.append(url)
        return url

    async def run() -> None:
        urls = _urls(["http://a/", "http://b/"])
        async with aclosing(in_turns(Turns(at_once=9), urls, work)) as results:
            async for _, result in results:
                if result is not None:
                    return

    asyncio.run(run())
    assert ended == ["http://a/", "http://b/"]


def test_what_the_work_raises_ends_all() -> None:
    async def work(url: str) -> str:
        raise LookupError(url)

    async def run() -> None:
        async for _ in in_turns(Turns(at_once=9), _urls(["http://a/"]), work):
            pass

    with pytest.raises(LookupError, match="http://a/"):
        asyncio.run(run())
