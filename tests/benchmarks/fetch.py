"""What a fetch costs: ``python -m tests.benchmarks.fetch [--hosts 600] [--requests 3000]``.

A server in a process of its own answers on as many loopback addresses as there are hosts (127.x.y.z; Linux has them
all). Printed are the CPU time of a request, ours with robots.txt, host budget, vetting and bounds beside bare httpx
with limits tuned for many hosts (and aiohttp, where it is installed), each in a process of its own; and by how much
longer the others take where a tenth of the hosts never answer.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import multiprocessing
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from scraper.fetch.client import Fetcher, Request
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.options import FetchOptions, Manners
from scraper.units import Duration, Period

BODY = b"<!doctype html><title>A page</title><h1>A page</h1>" + b"<p>Some words of a page, and some more.</p>" * 250
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_HUNG = 20  # hosts that hang, of 200


async def _serve(pipe: Connection, hanging: int) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = int.from_bytes(bytes(int(part) for part in writer.get_extra_info("sockname")[0].split(".")[2:]), "big")
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if number < hanging:
                    await asyncio.sleep(3600)
                writer.write(ROBOTS if head.startswith(b"GET /robots.txt") else ANSWER)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=2000)  # noqa: S104 - loopback has many addresses
    pipe.send(server.sockets[0].getsockname()[1])
    await asyncio.sleep(3600)


def _server(pipe: Connection, hanging: int) -> None:
    asyncio.run(_serve(pipe, hanging))


@contextmanager
def serving(hanging: int = 0) -> Iterator[int]:
    """The port on which a server answers on all of loopback, but not on the first ``hanging`` hosts."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_server, args=(there, hanging), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def urls(hosts: int, requests: int, port: int) -> list[str]:
    """Requests dealt over the hosts in turn."""
    return [f"http://127.1.{n % hosts // 256}.{n % hosts % 256}:{port}/{n}" for n in range(requests)]


def fetcher(asked: Sequence[str], concurrency: int, *, robots: bool) -> Fetcher:
    """Our fetcher, with everything that it does but waiting."""
    port = int(asked[0].rpartition(":")[2].partition("/")[0])
    options = FetchOptions(
        allow_private=("127.0.0.0/8",), ports=(port,), concurrency=concurrency, retries=0, timeout=Period(30)
    )
    manners = Manners(spacing=Duration(0), latency_factor=0, obey_robots=robots)
    return Fetcher(options, manners, MemoryLedger(), holder="benchmark")


async def ours(asked: Sequence[str], concurrency: int) -> None:
    """Ours, robots.txt of every host and all."""
    async with fetcher(asked, concurrency, robots=True) as made:

        async def one(url: str) -> None:
            await made.fetch(Request(url))

        await _at_once(asked, concurrency, one)


async def beside(asked: Sequence[str], concurrency: int) -> None:
    """Ours, until all have answered but the hosts that hang (those of 127.1.0.0 to .19)."""
    hung = {
        url for url in asked if url.startswith("http://127.1.0.") and int(url.split(".")[3].partition(":")[0]) < _HUNG
    }
    async with fetcher(asked, concurrency, robots=False) as made:
        waiting = [asyncio.create_task(made.fetch(Request(url))) for url in hung]
        await asyncio.gather(*(made.fetch(Request(url)) for url in asked if url not in hung))
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def bare(asked: Sequence[str], concurrency: int) -> None:
    """httpx as it comes, with limits for many hosts."""
    import httpx

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def one(url: str) -> None:
            (await client.get(url)).raise_for_status()

        await _at_once(asked, concurrency, one)


async def aiohttp(asked: Sequence[str], concurrency: int) -> None:
    """aiohttp as it comes."""
    library: Any = importlib.import_module("aiohttp")
    connector = library.TCPConnector(limit=0)
    async with library.ClientSession(connector=connector) as session:

        async def one(url: str) -> None:
            async with session.get(url) as response:
                await response.read()

        await _at_once(asked, concurrency, one)


async def _at_once(asked: Sequence[str], concurrency: int, one: Callable[[str], Awaitable[None]]) -> None:
    gate = asyncio.Semaphore(concurrency)

    async def behind(url: str) -> None:
        async with gate:
            await one(url)

    await asyncio.gather(*(behind(url) for url in asked))


def _measured(pipe: Connection, name: str, asked: Sequence[str], concurrency: int) -> None:
    begun, cpu = time.perf_counter(), time.process_time()
    asyncio.run(globals()[name](asked, concurrency))
    pipe.send((time.perf_counter() - begun, time.process_time() - cpu))


def measured(name: str, asked: Sequence[str], concurrency: int) -> tuple[float, float]:
    """The seconds, and the CPU seconds, that a client takes in a process of its own; its imports are not counted."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measured, args=(there, name, asked, concurrency))
    process.start()
    found: tuple[float, float] = here.recv()
    process.join()
    return found


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.fetch", description=__doc__)
    parser.add_argument("--hosts", type=int, default=600)
    parser.add_argument("--requests", type=int, default=3000)
    asked = parser.parse_args()
    clients = ["bare", "ours", *(["aiohttp"] if importlib.util.find_spec("aiohttp") else [])]
    with serving() as port:
        for concurrency in (50, 500):
            costs = {name: measured(name, urls(asked.hosts, asked.requests, port), concurrency)[1] for name in clients}
            for name, cost in costs.items():
                each, ratio = cost / asked.requests * 1e3, cost / costs["bare"]
                told = f"{concurrency:4} at once  {name:8} {each:.2f} ms CPU a request, {ratio:.2f} x bare\n"
                sys.stdout.write(told)
    took = {}
    for hanging in (0, _HUNG):
        with serving(hanging) as port:
            every = urls(200, 2000, port)
            some = every if hanging else [url for number, url in enumerate(every) if number % 200 >= _HUNG]
            took[hanging] = measured("beside", some, 50)[0]
            sys.stdout.write(f"{hanging:4} of 200 hosts hang: the others took {took[hanging]:.2f} s\n")
    sys.stdout.write(f"{took[_HUNG] / took[0]:.2f} x as long\n")


if __name__ == "__main__":
    main()
