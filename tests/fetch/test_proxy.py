"""A source's proxy: by which way its sites are asked, what is vetted then, and what a failing one says."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from scraper.errors import BadUsage, HostUnreachable, UnsafeAddress
from scraper.fetch.client import Profile, Request
from scraper.fetch.profile import Proxy
from tests.fetch.loopback import Reply, Site, error_of, fetcher, moved, options, run, site

NAME = "nowhere.invalid"  # no name server knows it: only the proxy does


@dataclass
class Relay:
    """An HTTP proxy that leads every name to one server, with a log of first lines and credentials."""

    goal: int
    port: int = 0
    refuses: bool = False
    lines: list[str] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            try:
                await self._answer(reader, writer)
            finally:
                writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
        self.lines.append(first)
        self.credentials.append(headers.get("proxy-authorization"))
        if self.refuses:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.goal)
        try:
            if first.startswith("CONNECT "):
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                method, url, version = first.split()
                path = "/" + url.split("/", 3)[3]
                kept = [line for line in rest if not line.lower().startswith("proxy-")]
                back.write("\r\n".join([f"{method} {path} {version}", *kept]).encode("latin-1"))
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        finally:
            back.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
        sink.close()


@asynccontextmanager
async def relay(place: Site) -> AsyncIterator[Relay]:
    made = Relay(place.port)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made


def by(port: int, credentials: str = "") -> Profile:
    return Profile(name="far", proxy=Proxy.parse(f"http://{credentials}127.0.0.1:{port}"))


def test_a_name_is_asked_by_the_proxy_and_the_credentials_stay_there() -> None:
    async def main() -> None:
        robots = Reply(404, b"")
        async with site({"/robots.txt": robots, "/a?b=%7C|": Reply(body=b"far")}) as place, relay(place) as way:
            async with fetcher(options(allow_private=(), ports=(80,))) as made:
                page = await made.fetch(Request(f"http://{NAME}/a?b=%7C|", profile=by(way.port, "me:hu%3ash@")))
            assert page.body == b"far"
            assert way.lines == [f"GET http://{NAME}/robots.txt HTTP/1.1", f"GET http://{NAME}/a?b=%7C| HTTP/1.1"]
            assert set(way.credentials) == {"Basic " + base64.b64encode(b"me:hu:sh").decode()}
            assert all("proxy-authorization" not in call.headers for call in place.calls)
            assert place.calls[-1].headers["host"] == NAME
            assert "sh" not in str(page.request_headers).replace("article-scraper", "")

    run(main())


def test_tls_reaches_through_to_the_site_itself(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(NAME).configure_cert(context)

    async def main() -> None:
        async with site({"/a": Reply(body=b"far")}, tls=context) as place, relay(place) as way:
            settings = options(allow_private=(), ports=(443,), ca_file=str(tmp_path / "ca.pem"))
            async with fetcher(settings) as made:
                page = await made.fetch(Request(f"https://{NAME}/a", profile=by(way.port)))
                assert page.body == b"far"
                assert set(way.lines) == {f"CONNECT {NAME}:443 HTTP/1.1"}
                assert place.paths() == ["/robots.txt", "/a"]
                other = await error_of(made.fetch(Request("https://other.invalid/a", profile=by(way.port))))
                assert (type(other), other.reason) == (HostUnreachable, "certificate")

    run(main())


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "[::1]", "0x7f000001"])
def test_an_address_that_is_spelled_out_is_vetted_all_the_same(address: str) -> None:
    async def main() -> None:
        async with site({"/": moved(f"http://{address}/")}) as place, relay(place) as way:
            async with fetcher(options(allow_private=(), ports=(80,))) as made:
                for url in (f"http://{address}/", f"http://{NAME}/"):
                    assert isinstance(await error_of(made.fetch(Request(url, profile=by(way.port)))), UnsafeAddress)
            assert all(line.split()[1].startswith(f"http://{NAME}/") for line in way.lines)

    run(main())


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_or_is_not_there_is_named_without_its_password(scheme: str) -> None:
    async def main() -> None:
        async with site() as place, relay(place) as way:
            way.refuses = True
            async with fetcher(options(allow_private=(), ports=(80, 443))) as made:
                refused = await error_of(made.fetch(Request(f"{scheme}://{NAME}/", profile=by(way.port, "me:hush@"))))
                gone = await error_of(made.fetch(Request(f"{scheme}://gone.invalid/", profile=by(1, "me:hush@"))))
        assert str(refused).startswith(f"cannot reach {NAME} by the proxy 127.0.0.1:{way.port}: the proxy answered 407")
        assert (type(refused), refused.reason) == (HostUnreachable, "proxy")
        assert str(gone) == "cannot reach gone.invalid by the proxy 127.0.0.1:1: connection refused"
        assert "hush" not in f"{refused} {gone} {by(1, 'me:hush@')!r}"

    run(main())


@pytest.mark.parametrize("url", ["", "proxy:3128", "ftp://hush/", "http://", "http://p/path?hush", "socks5://p:1"])
def test_what_is_no_proxy(url: str) -> None:
    with pytest.raises(BadUsage) as caught:
        Proxy.parse(url)
    assert "hush" not in str(caught.value)
