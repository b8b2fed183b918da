from __future__ import annotations

import asyncio
import gzip
import zlib

import brotli
import pytest
import zstandard

from scraper.errors import (
    HostUnreachable,
    LimitExceeded,
    PageRefused,
    WrongType,
)
from scraper.fetch.client import Request
from scraper.fetch.options import Manners
from scraper.model import FetchKind
from scraper.units import Duration, Size
from tests.fetch.loopback import (
    Reply,
    coded,
    drip,
    endless_pdf,
    error_of,
    fetch,
    fetcher,
    hang_up,
    options,
    reset,
    run,
    silence,
    site,
    stream_for_ever,
)


@pytest.mark.parametrize(
    "reply",
    [
        coded("gzip", gzip.compress(b"hello" * 1000)),
        coded("deflate", zlib.compress(b"hello" * 1000)),
        coded("deflate", zlib.compress(b"hello" * 1000)[2:-4]),
        coded("br", brotli.compress(b"hello" * 1000)),
        coded("zstd", zstandard.compress(b"hello" * 1000)),
        coded("identity", b"hello" * 1000),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1388\r\n"
        + b"hello" * 1000
        + b"\r\n0\r\n\r\n",
    ],
)
def test_codings(reply: Reply | bytes) -> None:
    async def main() -> None:
        async with site({"/": reply}) as place:
            assert (await fetch(place)).body == b"hello" * 1000

    run(main())


@pytest.mark.parametrize(
    ("script", "kind", "reason"),
    [
        (coded("gzip", gzip.compress(bytes(2**23))), LimitExceeded, "unpacks too far"),
        (coded("gzip, gzip", b"x"), LimitExceeded, "stacked codings"),
        (coded("br", b"nonsense" * 9), PageRefused, "bad coding"),
        (coded("zstd", b"nonsense"), PageRefused, "bad coding"),
        (coded("compress", b"x"), PageRefused, "bad coding"),
        (coded("gzip", b"<p>"), PageRefused, "bad coding"),
        (coded("gzip", gzip.compress(b"hello" * 99)[:-9]), HostUnreachable, "truncated"),
        (stream_for_ever, LimitExceeded, "too large"),
        (Reply(length=2**40), LimitExceeded, "too large"),
        (drip, HostUnreachable, "timeout"),
        (silence, HostUnreachable, "timeout"),
        (Reply(body=b"abc", length=100), HostUnreachable, "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", HostUnreachable, "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", PageRefused, "protocol"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", PageRefused, "protocol"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", PageRefused, "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2**20 + b"\r\n\r\n", PageRefused, "protocol"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 110_000 + b"\r\nContent-Length: 1\r\n\r\nx", PageRefused, "protocol"),
        (reset, HostUnreachable, "reset"),
        (hang_up, HostUnreachable, "reset"),
        (b"", HostUnreachable, "reset"),
    ],
)
def test_bodies_that_do_not_come_whole(script: Reply, kind: type[Exception], reason: str) -> None:
    async def main() -> None:
        async with site({"/": script}) as place:
            error = await error_of(fetch(place, timeout=Duration(0.4), manners=Manners(obey_robots=False)))
            assert (type(error), error.reason) == (kind, reason)
            assert "127.0.0.1" in str(error)
            assert "\n" not in str(error)

    run(main())


def test_chunks_of_a_byte_hold_up_nobody_else() -> None:
    async def crumbs(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\nx\r\n" * 10_000)
            await writer.drain()

    async def main() -> None:
        async with site({"/": crumbs, "/2": Reply()}, hosts=("127.0.0.1", "127.0.0.2")) as place:
            async with fetcher(options(place), Manners(obey_robots=False)) as made:
                crumbled = asyncio.create_task(error_of(made.fetch(Request(place.url()))))
                assert (await made.fetch(Request(place.url("/2", "127.0.0.2")))).status == 200
                error = await crumbled
            assert (type(error), error.reason) == (PageRefused, "protocol")
            assert "chunks of a few bytes" in str(error)

    run(main())


def test_many_small_chunks_of_an_honest_server_are_a_page() -> None:
    async def main() -> None:
        body = b"".join(b"28\r\n" + b"x" * 40 + b"\r\n" for _ in range(5000)) + b"0\r\n\r\n"
        async with site({"/": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body}) as place:
            assert (await fetch(place)).body == b"x" * 200_000

    run(main())


def test_the_read_timeout_is_named() -> None:
    async def main() -> None:
        async with site({"/": silence}) as place:
            error = await error_of(fetch(place, read_timeout=Duration(0.1)))
            assert str(error) == "cannot reach 127.0.0.1: nothing came for 0.1 s"

    run(main())


def test_limits_are_those_of_the_kind() -> None:
    async def main() -> None:
        async with site({"/": Reply(body=b"x" * 100)}) as place:
            limits = {"page_limit": Size(50), "feed_limit": Size(100), "sitemap_limit": Size(99)}
            async with fetcher(options(place, **limits)) as made:
                assert isinstance(await error_of(made.fetch(Request(place.url()))), LimitExceeded)
                assert isinstance(await error_of(made.fetch(Request(place.url(), FetchKind.SITEMAP))), LimitExceeded)
                assert len((await made.fetch(Request(place.url(), FetchKind.FEED))).body) == 100

    run(main())


async def disguised_pdf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n%PDF-1.7\n")
    await writer.drain()
    await asyncio.sleep(60)


@pytest.mark.parametrize("script", [endless_pdf, disguised_pdf, coded("gzip", gzip.compress(b"%PDF-1.7\n"))])
def test_a_pdf_is_no_page(script: Reply) -> None:
    async def main() -> None:
        async with site({"/a": script}) as place:
            error = await error_of(fetch(place, "/a"))
            assert isinstance(error, WrongType)
            assert str(error) == f"{place.url('/a')} is a PDF, not a web page"

    run(main())


def test_a_body_that_trickles_is_given_up() -> None:
    async def main() -> None:
        async with site({"/": drip}) as place:
            error = await error_of(fetch(place, rate_window=Duration(0.3)))
            assert (type(error), error.reason) == (HostUnreachable, "too slow")
            assert str(error) == f"{place.url()} came at less than 1,024 bytes a second for 0 s"
            assert isinstance(await error_of(fetch(place, timeout=Duration(0.4))), HostUnreachable)

    run(main())
