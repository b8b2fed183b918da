"""The server for those who watch, on a real port: what it answers, and what it survives."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from scraper.errors import ConfigError
from scraper.monitor.server import Limits, Reply, Server
from scraper.units import Endpoint

BIG = b"x" * 5_000_000


def run(work: Coroutine[Any, Any, None]) -> None:
    """With an end, in case something waits for ever."""
    asyncio.run(asyncio.wait_for(work, 60))


def free_endpoint() -> Endpoint:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return Endpoint(f"127.0.0.1:{trial.getsockname()[1]}")


async def pages(path: str) -> Reply | None:
    if path == "/broken":
        raise RuntimeError("a fault")
    return {"/well": Reply.line("ok"), "/ill": Reply.line("ill", 503), "/big": Reply(BIG)}.get(path)


@asynccontextmanager
async def serving(
    answer: Callable[[str], Awaitable[Reply | None]] = pages, *names: str
) -> AsyncIterator[tuple[Server, Endpoint]]:
    server, where = Server(answer, Limits(to_ask=0.5, to_answer=0.5)), free_endpoint()
    await server.listen(where, names)
    try:
        yield server, where
    finally:
        await server.close()


async def said(where: Endpoint, data: bytes) -> bytes:
    """All that comes back, up to the end of the connection."""
    reader, writer = await asyncio.open_connection(where.host, where.port)
    writer.write(data)
    answer = bytearray()
    try:
        while piece := await reader.read(65536):
            answer += piece
    except ConnectionError:
        pass
    writer.close()
    return bytes(answer)


def asked(path: str, method: str = "GET", host: str = "127.0.0.1", *more: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", *more, "", ""]).encode("latin-1")


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        (asked("/well"), 200, b"ok\n"),
        (asked("/well?verbose=1"), 200, b"ok\n"),
        (asked("/well", "HEAD"), 200, b""),
        (asked("/ill"), 503, b"ill\n"),
        (asked("/none"), 404, b"no such page"),
        (asked("/../../etc/passwd"), 404, b"no such page"),
        (asked("/well", "POST"), 405, b"only GET and HEAD"),
        (asked("/well", "DELETE"), 405, b"only GET and HEAD"),
        (b"GET /well HTTP/1.0\r\n\r\n", 200, b"ok\n"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, b"this is no request"),  # TLS
        (b"GET /well HT", None, b""),  # and then silence
        (b"\x00\xff\r\n\r\n", 400, b"this is no request"),
        (b"GET /well HTTP/1.1\r\n\r\n", 400, b"this is no request"),  # no Host
        (b"GET /" + b"a" * 100_000, 431, b"this is no request"),
        (asked("/well", "GET", "127.0.0.1", *(f"X-{n}: {'y' * 100}" for n in range(200))), 431, b"this is no request"),
    ],
    ids=range(15),
)
def test_what_it_answers(data: bytes, status: int | None, body: bytes) -> None:
    async def work() -> None:
        async with serving() as (_, where):
            answer = await said(where, data)
        head, _, rest = answer.partition(b"\r\n\r\n")
        if status is None:
            assert answer == b""
        else:
            assert head.startswith(f"HTTP/1.1 {status} ".encode())
            assert rest.startswith(body)
            assert (rest == b"") == (body == b"")
            assert b"Connection: close" in head

    run(work())


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:9464", True),
        ("[::1]:9464", True),
        ("192.168.1.7:9464", True),
        ("localhost:9464", True),
        ("scraper:9464", True),
        ("LOCALHOST.", True),
        ("News.Example.org:9464", True),
        ("evil.example", False),
        ("evil.example:9464", False),
        ("127.0.0.1.evil.example", False),
        ("news.example.org.evil.example", False),
        ("[::1", True),
        ("[nonsense]", False),
    ],
)
def test_by_which_names_it_may_be_called(host: str, ours: bool) -> None:
    async def work() -> None:
        async with serving(pages, "news.example.ORG") as (_, where):
            answer = await said(where, asked("/well", "GET", host))
        assert answer.startswith(b"HTTP/1.1 200 " if ours else b"HTTP/1.1 421 ")
        assert (b"ok\n" in answer) == ours

    run(work())


def test_a_fault_of_a_page_ends_its_connection_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with serving() as (_, where):
            assert await said(where, asked("/broken")) == b""
            assert b"ok" in await said(where, asked("/well"))

    run(work())
    assert "a fault while answering who watches" in caplog.text


def test_a_thousand_who_say_nothing_keep_nobody_out() -> None:
    async def work() -> None:
        async with serving() as (server, where):
            idle = [await asyncio.open_connection(where.host, where.port) for _ in range(1000)]
            for _, writer in idle[::7]:
                writer.write(b"GET /well HTTP/1.1\r\nX: ")
            assert b"ok" in await said(where, asked("/well"))
            assert len(server._open) <= Limits().connections  # noqa: SLF001 - what it costs is the point
            for _, writer in idle:
                writer.transport.abort()

    run(work())


def test_a_thousand_who_ask_are_answered_or_sent_away() -> None:
    async def work() -> None:
        async with serving() as (server, where):
            answers = await asyncio.gather(*(said(where, asked("/well")) for _ in range(1000)))
            assert sum(b"ok" in answer for answer in answers) >= Limits().connections
            assert b"ok" in await said(where, asked("/well"))
            assert not server._open  # noqa: SLF001

    run(work())


def test_who_asks_slowly_or_reads_slowly_is_given_up() -> None:
    async def work() -> None:
        async with serving() as (server, where):
            silent, silently = await asyncio.open_connection(where.host, where.port)
            assert await silent.read() == b""
            silently.close()
            _, deaf = await asyncio.open_connection(where.host, where.port, limit=1024)
            deaf.write(asked("/big"))
            while server._open:  # noqa: SLF001, ASYNC110 - that it lets go is the point; there is no event
                await asyncio.sleep(0.05)
            deaf.transport.abort()

    run(work())


def test_it_closes_although_somebody_is_there() -> None:
    async def work() -> None:
        async with serving() as (server, where):
            reader, writer = await asyncio.open_connection(where.host, where.port)
            await asyncio.sleep(0.05)
            await server.close()
            assert await reader.read() == b""
            writer.close()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(where.host, where.port)

    run(work())


def test_it_moves_and_stays_where_it_is_told() -> None:
    async def work() -> None:
        async with serving() as (server, where):
            _, stays = await asyncio.open_connection(where.host, where.port)
            await server.listen(where)  # the same: nothing is cut
            assert b"ok" in await said(where, asked("/well"))
            with pytest.raises(ConfigError, match="cannot listen"):
                await server.listen(Endpoint("name.invalid:9464"))
            assert b"ok" in await said(where, asked("/well"))  # the present one stays
            other = free_endpoint()
            await server.listen(other)
            assert b"ok" in await said(other, asked("/well"))
            with pytest.raises(ConnectionRefusedError):
                await said(where, asked("/well"))
            await server.listen(Endpoint(""))
            with pytest.raises(ConnectionRefusedError):
                await said(other, asked("/well"))
            stays.close()

    run(work())


def test_an_address_that_cannot_be_had_is_said() -> None:
    async def work() -> None:
        async with serving() as (_, where):
            with pytest.raises(ConfigError, match=f"cannot listen on {where}: Address already in use"):
                await Server(pages).listen(where)
        with pytest.raises(ConfigError, match=r"cannot listen on name\.invalid:9464: "):
            await Server(pages).listen(Endpoint("name.invalid:9464"))

    run(work())
