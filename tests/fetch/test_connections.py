from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from scraper.errors import (
    BadURL,
    ConfigError,
    HostUnreachable,
    PageGone,
    UnsafeAddress,
)
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.options import Manners
from scraper.units import Duration, Size
from tests.fetch.loopback import (
    FAST,
    Reply,
    Script,
    drip,
    endless_pdf,
    error_of,
    fetch,
    fetcher,
    hang_up,
    moved,
    options,
    reset,
    run,
    silence,
    site,
    stream_for_ever,
)


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


def test_a_connection_is_kept_after_an_answer_that_nobody_reads() -> None:
    async def main() -> None:
        connections = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            with suppress(asyncio.IncompleteReadError):
                while head := await reader.readuntil(b"\r\n\r\n"):
                    status = head.split(b"/")[1].split(b" ")[0]
                    writer.write(b"HTTP/1.1 %b X\r\nContent-Length: 0\r\nLocation: /200\r\n\r\n" % status)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        settings = options(ports=(port,), resolve={"a.example:80": f"127.0.0.1:{port}"})
        async with server, fetcher(settings, Manners(spacing=Duration(0), obey_robots=False)) as made:
            for status in (301, 404, 200):
                with suppress(PageGone):
                    await made.fetch(Request(f"http://a.example/{status}"))
            await made.fetch(Request("http://a.example/304", etag='"1"'))
            assert connections == 1

    run(main())


@pytest.mark.parametrize("rest", [b"HTTP/1.1 200 O", b"nonsense\r\n\r\n", b"HTTP/1.1 103 X\r\n\r\n" * 40])
def test_a_kept_connection_that_breaks_in_mid_answer_is_not_asked_again_at_once(rest: bytes) -> None:
    async def main() -> None:
        asked = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            with suppress(asyncio.IncompleteReadError):
                for answer in (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", rest):
                    await reader.readuntil(b"\r\n\r\n")
                    asked += 1
                    writer.write(answer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        manners = Manners(spacing=Duration(0), obey_robots=False)
        async with server, fetcher(options(ports=(port,)), manners) as made:
            await made.fetch(Request(f"http://127.0.0.1:{port}/"))
            await error_of(made.fetch(Request(f"http://127.0.0.1:{port}/")))
            assert asked == 2

    run(main())


def test_a_name_that_httpx_cannot_decode_is_asked_all_the_same() -> None:
    async def main() -> None:
        async with site({"/": Reply(body=b"heart")}) as place:
            settings = options(place, resolve={"xn--i-7iq.example:80": f"127.0.0.1:{place.port}"})
            async with fetcher(settings) as made:
                page = await made.fetch(Request("http://i\u2764.example/"))
            assert page.body == b"heart"
            assert place.calls[-1].headers["host"] == "xn--i-7iq.example"

    run(main())
