"""Addresses that may not be reached, in every spelling that we know, and that nothing is connected to for them.

Each is asked for by a real fetcher that may ask the port of a server of the test's own, which answers on loopback and
must never be connected to; a second server redirects there. What is connected to is seen where Python makes connections
(the audit event ``socket.connect``), so that no way around our own code goes unseen.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import quote

import pytest

from scraper.errors import BadURL, PageGone, PageRefused, UnsafeAddress
from scraper.fetch.client import Request
from scraper.fetch.guard import check_address, check_url
from scraper.fetch.options import FetchOptions
from tests.fetch.loopback import Reply, Site, error_of, fetcher, options, run, site

PRIVATE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0")  # noqa: S104


def spelled(address: str) -> Iterator[str]:
    """An IPv4 address as URL parsers, kernels and gateways also read it."""
    number = int(IPv4Address(address))
    one, two, three, four = address.split(".")
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    yield address
    yield f"{address}."
    yield str(number)
    yield hex(number)
    yield f"0{number:o}"
    yield ".".join(f"0{int(part):o}" for part in address.split("."))
    yield ".".join(hex(int(part)) for part in address.split("."))
    yield f"{one}.{two}.{(int(three) << 8) + int(four)}"
    yield f"{hex(int(one))}.{two}.0{int(three):o}.{four}"
    yield "".join(quote(sign, safe="") if sign == "." else f"%{ord(sign):02x}" for sign in address)
    yield address.translate({ord(digit): ord(digit) - ord("0") + 0xFF10 for digit in "0123456789"})
    yield address.replace(".", "\u3002")
    yield f"[::ffff:{address}]"
    yield f"[::ffff:{high}:{low}]"
    yield f"[::{address}]"
    yield f"[64:ff9b::{high}:{low}]"
    yield f"[64:ff9b:1::{high}:{low}]"
    yield f"[2002:{high}:{low}::1]"


HOSTS = (
    *dict.fromkeys(host for address in PRIVATE for host in spelled(address)),
    "127.255.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.7",
    "224.0.0.251", "240.0.0.1", "255.255.255.255", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[fe80::1]", "[fec0::1]",
    "[fc00::1]", "[fd12:3456::1]", "[ff02::1]", "[2001:db8::1]", "[2001::1]", "[100::1]", "[5f00::1]", "localhost",
    "LOCALHOST", "user@127.0.0.1", "example.org@127.0.0.1", "example.org:80@127.0.0.1", "127.0.0.1\t", "127.0\n.0.1",
)  # fmt: skip
TRICKS = (
    "http://127.0.0.1:{port}#@example.org/", "http://127.0.0.1:{port}\\@example.org/", "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}\\x", "//127.0.0.1:{port}/", "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_x", "dict://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/", "unix:///tmp/socket", "data:text/html,x", "javascript:alert(1)", "view-source:http://127.0.0.1/",
    "http://example.org:22/", "http://example.org:25/", "http://example.org:3306/", "http://example.org:6379/",
    "http://127.0.0.1:0/", "http://127.0.0.1:{port}0000/", "http://[::1%25lo]:{port}/", "http://[v1.x]:{port}/",
)  # fmt: skip
BENIGN = (
    "http://example.org/", "https://example.org:8443/x", "http://8.8.8.8/", "http://134744072/", "http://0x08080808/",
    "http://[2606:4700::1111]/", "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::8.8.8.8]/", "http://172.32.0.1/", "http://100.128.0.1/",
    "http://192.169.0.1/", "http://11.0.0.1/", "http://169.253.0.1/", "https://m\u00fcnchen.de/", "http://127.0.0.1.example.org/",
    "http://example.org/?u=http://127.0.0.1/", "http://example.org/@127.0.0.1/", "http://198.20.0.1:8080/",
)  # fmt: skip

_WATCHED: list[list[Any]] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _WATCHED:
        _WATCHED[-1].append(arguments[1])


sys.addaudithook(_watch)  # for the life of the process; it notes nothing outside of `watched`


@contextmanager
def watched() -> Iterator[list[Any]]:
    """The addresses that this process connects to meanwhile."""
    _WATCHED.append([])
    try:
        yield _WATCHED[-1]
    finally:
        _WATCHED.pop()


def open_to(place: Site, **changes: Any) -> FetchOptions:
    """Options with no private network allowed, but the port of this site: nothing but the address is in the way."""
    return options(allow_private=(), ports=(80, 443, 8080, 8443, place.port), **changes)


def test_there_are_enough_of_them() -> None:
    assert len(HOSTS) + len(TRICKS) >= 120
    assert len(BENIGN) >= 15


def test_what_is_asked_for_is_refused_and_never_connected_to() -> None:
    async def main() -> None:
        async with site({"/": Reply()}, hosts=("127.0.0.1",)) as place:
            async with fetcher(open_to(place)) as made:
                asked = [f"http://{host}:{place.port}/" for host in HOSTS]
                asked += [trick.format(port=place.port) for trick in TRICKS]
                with watched() as connected:
                    for url in asked:
                        error = await error_of(made.fetch(Request(url)))
                        assert isinstance(error, (UnsafeAddress, BadURL)), url
            assert connected == []
            assert place.calls == []

    run(main())


def test_where_a_redirect_leads_is_refused_and_never_connected_to() -> None:
    async def main() -> None:
        async with site({"/": Reply()}, hosts=("127.0.0.1",)) as secret:
            goals = [f"http://{host}:{secret.port}/" for host in HOSTS if host.isprintable()]
            goals += [trick.format(port=secret.port) for trick in TRICKS if not trick.startswith("data")]
            moves = {f"/{number}": moved(goal) for number, goal in enumerate(goals)}
            async with site(moves) as place:
                # The only target that the operator names is the server that redirects.
                route = {"start.example:80": f"127.0.0.1:{place.port}"}
                async with fetcher(open_to(secret, resolve=route)) as made:
                    with watched() as connected:
                        for number, goal in enumerate(goals):
                            error = await error_of(made.fetch(Request(f"http://start.example/{number}")))
                            # PageGone: "http:x" is a path on the server that redirects, which has nothing there.
                            assert isinstance(error, (UnsafeAddress, PageRefused, PageGone)), (goal, error)
                assert {address[1] for address in connected} == {place.port}
            assert secret.calls == []

    run(main())


def moved(goal: str) -> bytes:
    """A redirect, as bytes: a Location may hold any of them."""
    head = b"HTTP/1.1 302 X\r\nLocation: %b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    return head % goal.encode()


@pytest.mark.parametrize("answer", [*PRIVATE, "::1", "::ffff:127.0.0.1", "fe80::1", "64:ff9b::a00:1", "fd00::1"])
def test_an_answer_of_the_dns_is_vetted(answer: str) -> None:
    with pytest.raises(UnsafeAddress, match=r"intranet\.example leads to"):
        check_address(answer, FetchOptions(), "intranet.example")


@pytest.mark.parametrize("url", BENIGN)
def test_what_may_be_asked(url: str) -> None:
    check_url(url, FetchOptions())


def test_the_watch_sees_a_connection() -> None:
    async def main() -> None:
        async with site({"/": Reply()}) as place:
            with watched() as connected:
                async with fetcher(options(place)) as made:
                    await made.fetch(Request(place.url()))
            assert ("127.0.0.1", place.port) in connected

    asyncio.run(main())
