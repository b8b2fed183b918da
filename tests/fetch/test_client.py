from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import trustme

from scraper import __version__
from scraper.errors import (
    BadURL,
    BadUsage,
    ConfigError,
    HostPaused,
    HostUnreachable,
    LimitExceeded,
    PageGone,
    PageRefused,
    ServerTrouble,
    UnsafeAddress,
    WrongType,
)
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.options import Manners
from scraper.fetch.pace import MemoryLedger
from scraper.model import FetchKind
from scraper.units import Duration, Size
from tests.fetch.loopback import FAST, Reply, Script, Site, error_of, fetch, fetcher, options, run, site


async def stream_for_ever(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    await writer.drain()
    await asyncio.sleep(0.05)
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # RST in place of FIN
    writer.transport.abort()


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def moved(to: str, status: int = 302) -> Reply:
    return Reply(status, b"", (("Location", to),))


def coded(coding: str, body: bytes) -> Reply:
    return Reply(body=body, headers=(("Content-Encoding", coding), ("Content-Type", "text/html")))


# --- one page ---------------------------------------------------------------------------------------------------------


def test_a_page_and_how_it_came() -> None:
    async def main() -> None:
        headers = (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Set-Cookie", "session=hush"),
            ("ETag", '"1"'),
        )
        async with site({"/a?b=%7C|": Reply(body=b"hi", headers=headers)}) as place, fetcher(options(place)) as made:
            request = Request(place.url("/a?b=%7C|#part"), headers={"X-Key": "hush", "Accept-Language": "de"})
            page = await made.fetch(request)
        assert (page.status, page.body, page.redirects) == (200, b"hi", ())
        assert page.url == request.url
        assert page.final_url == place.url("/a?b=%7C|")
        assert page.header("content-type") == "text/html; charset=utf-8"
        assert page.header("etag") == '"1"'
        assert page.elapsed > 0
        assert page.fetched_at.tzinfo is not None
        assert "hush" not in repr(page)
        asked = place.calls[-1].headers
        assert asked["x-key"] == "hush"
        assert asked["accept-encoding"] == "gzip, deflate"
        assert dict(page.request_headers)["accept-language"] == "de"
        assert dict(page.request_headers)["user-agent"] == asked["user-agent"]

    run(main())


@pytest.mark.parametrize(
    ("changes", "mine", "agent"),
    [
        ({}, None, f"article-scraper/{__version__}"),
        ({"contact": "mailto:me@example.org"}, None, f"article-scraper/{__version__} (+mailto:me@example.org)"),
        ({"user_agent": "Bot/1", "contact": "mailto:me@example.org"}, None, "Bot/1"),
        ({"user_agent": "Bot/1"}, "Bot/2", "Bot/2"),
    ],
)
def test_the_agent_has_a_name_and_no_invented_contact(changes: dict[str, str], mine: str | None, agent: str) -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place, fetcher(options(place, **changes)) as made:
            await made.fetch(Request(place.url(), user_agent=mine))
            assert place.only("/")[0].headers["user-agent"] == agent

    run(main())


def test_no_cookie_goes_back() -> None:
    async def main() -> None:
        async with site({"/": Reply(headers=(("Set-Cookie", "a=b; Path=/"),))}) as place:
            async with fetcher(options(place)) as made:
                await made.fetch(Request(place.url()))
                await made.fetch(Request(place.url()))
            assert not any("cookie" in call.headers for call in place.calls)

    run(main())


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, PageRefused),
        (403, PageRefused),
        (404, PageGone),
        (410, PageGone),
        (304, PageRefused),
        (302, PageRefused),
        (300, PageRefused),
        (408, ServerTrouble),
        (429, ServerTrouble),
        (500, ServerTrouble),
        (503, ServerTrouble),
    ],
)
def test_statuses_that_are_no_page(status: int, kind: type[Exception]) -> None:
    async def main() -> None:
        async with site({"/": Reply(status, b"")}) as place:
            error = await error_of(fetch(place))
            assert type(error) is kind
            assert getattr(error, "status", None) == status
            assert place.url() in str(error)

    run(main())


@pytest.mark.parametrize("status", [200, 203, 204])
def test_empty_answers_are_pages(status: int) -> None:
    async def main() -> None:
        async with site({"/": Reply(status, b"", length=None if status == 204 else 0)}) as place:
            page = await fetch(place)
            assert (page.status, page.body) == (status, b"")

    run(main())


def test_a_page_that_did_not_change() -> None:
    async def main() -> None:
        async with site({"/": Reply(304, b"", length=None)}) as place, fetcher(options(place)) as made:
            page = await made.fetch(Request(place.url(), etag='"ä"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT"))
            assert (page.status, page.body) == (304, b"")
            asked = place.only("/")[0].headers
            assert asked["if-none-match"].encode("latin-1").decode() == '"ä"'
            assert asked["if-modified-since"] == "Mon, 23 Nov 2026 10:00:00 GMT"

    run(main())


def test_headers_that_are_ours_cannot_be_set() -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place, fetcher(options(place)) as made:
            error = await error_of(made.fetch(Request(place.url(), headers={"Host": "x"})))
            assert isinstance(error, BadUsage)
            error = await error_of(made.fetch(Request(place.url(), headers={"X-A": "b\r\nc: d"})))
            assert isinstance(error, PageRefused)

    run(main())


# --- bodies -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        coded("gzip", gzip.compress(b"hello" * 1000)),
        coded("deflate", zlib.compress(b"hello" * 1000)),
        coded("deflate", zlib.compress(b"hello" * 1000)[2:-4]),
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
        (coded("br", b"x"), PageRefused, "bad coding"),
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


async def endless_pdf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nConnection: close\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(60)


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


# --- tries ------------------------------------------------------------------------------------------------------------


def test_trouble_passes_and_the_page_comes() -> None:
    async def main() -> None:
        async with site({"/": [Reply(500), hang_up, Reply(503), Reply(body=b"at last")]}) as place:
            assert (await fetch(place, retries=3)).body == b"at last"
            assert len(place.only("/")) == 4

    run(main())


def test_tries_end() -> None:
    async def main() -> None:
        async with site({"/": Reply(502)}) as place:
            error = await error_of(fetch(place, retries=2))
            assert isinstance(error, ServerTrouble)
            assert error.status == 502
            assert len(place.only("/")) == 3

    run(main())


@pytest.mark.parametrize("reply", [Reply(404), Reply(403), Reply(headers=(("Content-Type", "image/png"),))])
def test_what_will_not_change_is_not_tried_again(reply: Reply) -> None:
    async def main() -> None:
        async with site({"/": reply}) as place:
            await error_of(fetch(place, retries=3))
            assert len(place.only("/")) == 1

    run(main())


def test_a_short_retry_after_is_waited_for() -> None:
    async def main() -> None:
        async with site({"/": [Reply(429, headers=(("Retry-After", "1"),)), Reply()]}) as place:
            assert (await fetch(place, retries=1)).status == 200
            first, second = place.only("/")
            assert second.begun - first.ended >= 0.99

    run(main())


@pytest.mark.parametrize("as_date", [False, True])
@pytest.mark.parametrize("status", [429, 503])
def test_a_long_retry_after_pauses_the_host(status: int, *, as_date: bool) -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        now = datetime.now(UTC)
        value = format_datetime(now + timedelta(seconds=300), usegmt=True) if as_date else "300"
        async with site({"/": Reply(status, headers=(("Retry-After", value),)), "/b": Reply()}) as place:
            async with fetcher(options(place, retries=3), ledger=ledger) as made:
                error = await error_of(made.fetch(Request(place.url())))
                assert isinstance(error, ServerTrouble)
                assert error.retry_after == pytest.approx(300, abs=3)
                error = await error_of(made.fetch(Request(place.url("/b"), max_wait=1)))
                assert isinstance(error, HostPaused)
                assert f"127.0.0.1:{place.port} asked for a pause until" in str(error)
                assert str(error).endswith(f"UTC ({status})")
            async with fetcher(options(place), ledger=ledger, holder="another process") as other:
                error = await error_of(other.fetch(Request(place.url("/b"), max_wait=1)))
                assert isinstance(error, HostPaused)
            assert len(place.only("/")) == 1
            assert place.only("/b") == []
        state = ledger.states[f"127.0.0.1:{place.port}"]
        assert state.pause_reason == str(status)
        assert state.held_by is None
        assert state.paused_until is not None
        assert (state.paused_until - now).total_seconds() == pytest.approx(300, abs=5)

    run(main())


def test_a_pause_is_no_longer_than_the_operator_grants() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        manners = Manners(spacing=Duration(0.01), max_pause=Duration(60))
        reply = Reply(503, headers=(("Retry-After", "99999999"),))
        async with site({"/": reply}) as place, fetcher(options(place), manners, ledger) as made:
            await error_of(made.fetch(Request(place.url())))
        until = ledger.states[f"127.0.0.1:{place.port}"].paused_until
        assert until is not None
        assert until <= datetime.now(UTC) + timedelta(seconds=60)

    run(main())


# --- redirects --------------------------------------------------------------------------------------------------------


def test_redirects_are_followed() -> None:
    async def main() -> None:
        async with site(
            {"/a/b": moved("../c?d", 301), "/d": Reply(body=b"there")}, hosts=("127.0.0.1", "127.0.0.2")
        ) as place:
            place.pages["/c?d"] = [moved(place.url("/d", "127.0.0.2"), 308)]
            page = await fetch(place, "/a/b")
            assert page.body == b"there"
            assert page.url == place.url("/a/b")
            assert page.final_url == place.url("/d", "127.0.0.2")
            assert page.redirects == (place.url("/a/b"), place.url("/c?d"))
            assert [call.address for call in place.only("/robots.txt")] == ["127.0.0.1", "127.0.0.2"]

    run(main())


def test_the_operators_headers_do_not_follow_to_another_site() -> None:
    async def main() -> None:
        async with site({"/b": moved("/c"), "/c": Reply()}, hosts=("127.0.0.1", "127.0.0.2")) as place:
            place.pages["/a"] = [moved(place.url("/b", "127.0.0.2"))]
            async with fetcher(options(place)) as made:
                page = await made.fetch(Request(place.url("/a"), headers={"Authorization": "Basic hush"}))
            assert place.only("/a")[0].headers["authorization"] == "Basic hush"
            assert "authorization" not in place.only("/b")[0].headers
            assert "authorization" not in place.only("/c")[0].headers
            assert "hush" not in repr(page)

    run(main())


@pytest.mark.parametrize(
    ("location", "kind", "reason"),
    [
        ("/loop", LimitExceeded, "redirects"),
        ("/a?b", LimitExceeded, "redirects"),
        ("http://10.0.0.1/", UnsafeAddress, "unsafe address"),
        ("http://169.254.169.254/latest/meta-data/", UnsafeAddress, "unsafe address"),
        ("http://127.0.0.1:22/", UnsafeAddress, "unsafe address"),
        ("file:///etc/passwd", PageRefused, "bad redirect"),
        ("http://user:hush@example.org/", PageRefused, "bad redirect"),
        ("http://[", PageRefused, "bad redirect"),
        ("", PageRefused, "bad redirect"),
    ],
)
def test_redirects_that_are_not_followed(location: str, kind: type[Exception], reason: str) -> None:
    async def main() -> None:
        async with site({"/loop": moved(location), "/a?b": moved("/loop")}) as place:
            error = await error_of(fetch(place, "/loop", retries=2))
            assert (type(error), error.reason) == (kind, reason)
            assert "hush" not in str(error)

    run(main())


def test_a_location_is_read_as_browsers_read_it() -> None:
    async def main() -> None:
        pages = {"/a": moved("http:b"), "/b": moved("c?d=ü"), "/c?d=%C3%BC": Reply()}
        async with site(pages) as place:
            assert (await fetch(place, "/a")).final_url == place.url("/c?d=%C3%BC")

    run(main())


def test_too_many_redirects() -> None:
    async def main() -> None:
        async with site({f"/{number}": moved(f"/{number + 1}") for number in range(9)} | {"/9": Reply()}) as place:
            assert (await fetch(place, "/0", max_redirects=9)).final_url == place.url("/9")
            error = await error_of(fetch(place, "/0", max_redirects=8))
            assert isinstance(error, LimitExceeded)

    run(main())


def test_a_name_that_leads_to_a_private_address_is_not_connected_to() -> None:
    async def main() -> None:
        async with site({"/": Reply()}, hosts=("127.0.0.1",)) as place:
            async with fetcher(options(place, allow_private=())) as made:
                error = await error_of(made.fetch(Request(place.url(host="localhost"))))
            assert isinstance(error, UnsafeAddress)
            assert "localhost leads to" in str(error)
            assert place.calls == []

    run(main())


# --- connections ------------------------------------------------------------------------------------------------------


def test_nobody_listens() -> None:
    async def main() -> None:
        async with site() as place:
            pass
        error = await error_of(fetch(place))
        assert isinstance(error, HostUnreachable)
        assert str(error) == "cannot reach 127.0.0.1: connection refused"
        assert error.__cause__ is not None

    run(main())


def test_a_name_that_does_not_resolve() -> None:
    async def main() -> None:
        async with fetcher(options(ports=(80,), retries=3)) as made:
            error = await error_of(made.fetch(Request("http://nothing.invalid/")))
        assert isinstance(error, HostUnreachable)
        assert str(error) in {
            "cannot reach nothing.invalid: name does not resolve",
            "cannot reach nothing.invalid: the name server does not answer",  # a machine without a network
        }

    run(main())


def test_a_url_that_is_none() -> None:
    async def main() -> None:
        async with fetcher(options()) as made:
            assert isinstance(await error_of(made.fetch(Request("example.org"))), BadURL)

    run(main())


def test_the_next_address_is_tried() -> None:
    async def main() -> None:
        # Where localhost has two addresses, the first may be ::1, and there nobody listens.
        async with site({"/": Reply()}) as place:
            async with fetcher(options(place, allow_private=("127.0.0.0/8", "::1/128"))) as made:
                assert (await made.fetch(Request(place.url(host="localhost")))).status == 200
            async with fetcher(options(place)) as made:  # ::1 is passed over, 127.0.0.1 is not
                assert (await made.fetch(Request(place.url(host="localhost")))).status == 200

    run(main())


def test_a_connection_is_used_again_and_given_up_when_the_server_closes_it() -> None:
    async def main() -> None:
        connections = 0

        async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            with suppress(asyncio.IncompleteReadError):
                for _ in range(2):
                    await reader.readuntil(b"\r\n\r\n")
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            writer.close()

        server = await asyncio.start_server(keep, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        manners = Manners(spacing=Duration(0.01), obey_robots=False)
        async with server, fetcher(options(ports=(port,), retries=1), manners) as made:
            for _ in range(6):
                assert (await made.fetch(Request(f"http://127.0.0.1:{port}/"))).body == b"hi"
        assert connections == 3

    run(main())


def test_failures_leave_no_connection_behind() -> None:
    async def main() -> None:
        scripts: tuple[Script, ...] = (
            stream_for_ever,
            drip,
            silence,
            reset,
            hang_up,
            endless_pdf,
            moved("/0"),
            Reply(500),
            Reply(404),
        )
        pages = {f"/{number}": script for number, script in enumerate(scripts)}
        async with site(pages, hosts=("127.0.0.1", "127.0.0.2")) as place:
            settings = options(place, timeout=Duration(0.3), page_limit=Size(10**6))
            async with fetcher(settings) as made:
                asked = [
                    made.fetch(Request(place.url(path, host))) for path in pages for host in ("127.0.0.1", "127.0.0.2")
                ]
                await asyncio.gather(*(error_of(each) for each in asked))
                assert made.connections == 0
                assert made.waiting == 0

    run(main())


def test_a_cancelled_fetch_gives_everything_back() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with site({"/": silence}) as place, fetcher(options(place), ledger=ledger) as made:
            task = asyncio.create_task(made.fetch(Request(place.url())))
            await place.arrived("/")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert task.cancelled()
            assert (made.connections, made.waiting) == (0, 0)
            assert ledger.states[f"127.0.0.1:{place.port}"].held_by is None

    run(main())


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


HOST = "www.themoscowtimes.com"


def test_tls_to_where_the_operator_says(authority: trustme.CA, tmp_path: Path) -> None:
    async def main() -> None:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        async with site({"/news": Reply(body=b"news")}, tls=tls(authority, HOST)) as place:
            settings = options(
                allow_private=(), resolve={f"{HOST}:443": f"127.0.0.1:{place.port}"}, ca_file=str(tmp_path / "ca.pem")
            )
            async with fetcher(settings) as made:
                page = await made.fetch(Request(f"https://{HOST}/news"))
            assert page.body == b"news"
            assert place.calls[-1].headers["host"] == HOST

    run(main())


@pytest.mark.parametrize("trusted", [False, True])
def test_certificates_that_are_not_trusted(authority: trustme.CA, tmp_path: Path, *, trusted: bool) -> None:
    async def main() -> None:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        async with site({"/": Reply()}, tls=tls(authority, "www.example.org")) as place:
            settings = options(
                resolve={f"{HOST}:443": f"127.0.0.1:{place.port}"},
                ca_file=str(tmp_path / "ca.pem") if trusted else "",
                retries=3,
            )
            async with fetcher(settings) as made:
                error = await error_of(made.fetch(Request(f"https://{HOST}/")))
        assert isinstance(error, HostUnreachable)
        assert error.reason == "certificate"
        assert str(error).startswith(f"cannot reach {HOST}: certificate not trusted: ")

    run(main())


def test_tls_to_a_server_that_speaks_none() -> None:
    async def main() -> None:
        async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with (
            server,
            fetcher(options(resolve={f"{HOST}:443": f"127.0.0.1:{port}"})) as made,
        ):
            error = await error_of(made.fetch(Request(f"https://{HOST}/")))
            assert isinstance(error, HostUnreachable)
            assert error.reason == "tls"
            assert str(error) == f"cannot reach {HOST}: no TLS connection: wrong version number"

    run(main())


@pytest.mark.parametrize(
    "changes",
    [{"ca_file": "/nowhere.pem"}, {"resolve": {"a:80": "b"}}, {"allow_private": ("nonsense",)}],
)
def test_options_that_cannot_be_used(changes: dict[str, Any]) -> None:
    async def main() -> None:
        async with fetcher(options(**{"ports": (80,), **changes})) as made:
            await made.fetch(Request("http://127.0.0.1/"))

    with pytest.raises(ConfigError):
        run(main())


def test_an_unentered_fetcher_says_so() -> None:
    async def main() -> None:
        made = Fetcher(options(), FAST, MemoryLedger(), holder="test")
        await made.fetch(Request("http://8.8.8.8/"))

    with pytest.raises((RuntimeError, UnsafeAddress)):
        run(main())


# --- the host budget --------------------------------------------------------------------------------------------------


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


# --- robots.txt -------------------------------------------------------------------------------------------------------


def rules(text: str) -> Reply:
    return Reply(body=text.encode(), headers=(("Content-Type", "text/plain"), ("ETag", '"r"')))


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (rules("User-agent: *\nDisallow: /private/"), True),
        (rules("User-agent: *\nDisallow: /print/"), False),
        (rules("\ufeffUser-agent: *\nDisallow: /print/"), False),
        (coded("gzip", gzip.compress(b"User-agent: *\nDisallow: /print/")), False),
        (moved("/real.txt"), False),
        (moved("/robots.txt"), True),
        (moved("http://10.0.0.1/robots.txt"), True),
        (Reply(404), True),
        (Reply(403), True),
        (b"nonsense\r\n\r\n", True),
        (rules("Disallow: /#" + "x" * 600_000 + "\nUser-agent: *\nDisallow: /"), True),
    ],
)
def test_robots_txt_is_obeyed(robots: Reply, *, allowed: bool) -> None:
    async def main() -> None:
        real = rules("User-agent: article-scraper\nDisallow: /print/")
        async with site({"/robots.txt": robots, "/real.txt": real, "/print/a": Reply()}) as place:
            if allowed:
                assert (await fetch(place, "/print/a")).status == 200
            else:
                error = await error_of(fetch(place, "/print/a", retries=2))
                assert str(error) == f"robots.txt of 127.0.0.1:{place.port}, line 2, disallows /print/ for our agent"
                assert place.only("/print/a") == []
            manners = Manners(spacing=Duration(0.01), obey_robots=False)
            assert (await fetch(place, "/print/a", manners=manners)).status == 200

    run(main())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_in_trouble_disallows_everything_for_a_while(status: int) -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with site({"/robots.txt": Reply(status), "/": Reply()}) as place:
            async with fetcher(options(place, retries=1), ledger=ledger) as made:
                for _ in range(2):
                    error = await error_of(made.fetch(Request(place.url())))
                    assert isinstance(error, ServerTrouble)
                    assert f"answered {status}, so nothing may be asked for now" in str(error)
                    assert 3500 < (error.retry_after or 0) <= 3600
            assert place.paths() == ["/robots.txt"] * 2
            record = ledger.records[f"127.0.0.1:{place.port}"]
            assert record.status == status

    run(main())


def test_no_answer_for_robots_txt_is_the_hosts_own_fault_and_shared_by_those_who_wait() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with site({"/robots.txt": hang_up, "/": Reply()}) as place:
            async with fetcher(options(place), ledger=ledger) as made:
                errors = await asyncio.gather(*(error_of(made.fetch(Request(place.url()))) for _ in range(5)))
            assert {type(error) for error in errors} == {HostUnreachable}
            assert place.paths() == ["/robots.txt"]
        assert ledger.records == {}

    run(main())


def test_robots_txt_is_asked_once_and_kept_for_all_processes() -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with site({"/robots.txt": rules("User-agent: *\nDisallow: /no"), "/": Reply()}) as place:
            for holder in ("a", "b"):
                async with fetcher(options(place), ledger=ledger, holder=holder) as made:
                    await asyncio.gather(*(made.fetch(Request(place.url())) for _ in range(4)))
            assert len(place.only("/robots.txt")) == 1

    run(main())


@pytest.mark.parametrize(
    ("answer", "days"), [(Reply(503), 2), (hang_up, 2), (Reply(304, b"", length=None), 2), (Reply(503), 40)]
)
def test_an_old_robots_txt_is_renewed_or_used_a_little_longer(answer: Reply, days: int) -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        text = rules("User-agent: *\nDisallow: /no")
        async with site({"/robots.txt": [text, answer], "/": Reply(), "/no": Reply()}) as place:
            async with fetcher(options(place), ledger=ledger) as made:
                await made.fetch(Request(place.url()))

            def later() -> datetime:
                return datetime.now(UTC) + timedelta(days=days)

            async with Fetcher(options(place), FAST, ledger, clock=later, holder="later") as made:
                if days > 30:
                    assert isinstance(await error_of(made.fetch(Request(place.url()))), ServerTrouble)
                    return
                await made.fetch(Request(place.url()))
                error = await error_of(made.fetch(Request(place.url("/no"))))
                assert error.reason == "robots.txt"
            assert place.only("/robots.txt")[1].headers["if-none-match"] == '"r"'
            assert len(place.only("/robots.txt")) == 2

    run(main())


def test_a_crawl_delay_is_obeyed_within_reason() -> None:
    async def main() -> None:
        manners = Manners(spacing=Duration(0.01), max_crawl_delay=Duration(0.1))
        async with site({"/robots.txt": rules("User-agent: *\nCrawl-delay: 5"), "/": Reply()}) as place:
            async with fetcher(options(place), manners) as made:
                await asyncio.gather(*(made.fetch(Request(place.url())) for _ in range(3)))
            first, second, third = place.only("/")
            assert min(second.begun - first.begun, third.begun - second.begun) >= 0.098

    run(main())


# --- imports ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "module", ["scraper.fetch", "scraper.fetch.options", "scraper.fetch.pace", "scraper.fetch.guard"]
)
def test_light_modules_stay_light(module: str) -> None:
    code = f"import sys, {module}; assert not {{'httpx', 'httpcore', 'anyio'}} & set(sys.modules), sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
