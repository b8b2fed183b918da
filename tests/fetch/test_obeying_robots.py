from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from scraper.errors import (
    Disallowed,
    HostUnreachable,
    ServerTrouble,
    UnsafeAddress,
)
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.hosts import MemoryLedger
from scraper.fetch.options import Manners
from scraper.units import Duration
from tests.fetch.loopback import (
    FAST,
    Reply,
    Script,
    coded,
    error_of,
    fetch,
    fetcher,
    hang_up,
    moved,
    options,
    run,
    site,
)


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


@pytest.mark.parametrize(
    "robots",
    [
        b"nonsense\r\n\r\n",
        Reply(206, b"User-agent: *\nDisallow: /"),
        coded("gzip", b"User-agent: *\nDisallow: /"),
        coded("gzip, gzip", b"User-agent: *\nDisallow: /"),
        coded("compress", b"User-agent: *\nDisallow: /"),
        Reply(body=b"User-agent: *\nDisallow: /", headers=(("Content-Length", "3"),)),
    ],
)
def test_a_robots_txt_that_cannot_be_understood_allows_nothing(robots: Script) -> None:
    async def main() -> None:
        ledger = MemoryLedger()
        async with site({"/robots.txt": robots, "/a": Reply()}) as place:
            async with fetcher(options(place), ledger=ledger) as made:
                error = await error_of(made.fetch(Request(place.url("/a"))))
            assert isinstance(error, HostUnreachable)
            assert str(error).startswith("robots.txt cannot be read: ")
            assert place.only("/a") == []
            assert ledger.records == {}  # asked again soon

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


async def empty_blocks(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A gzip file without an end, of blocks that hold nothing."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"")[:10])
    while True:
        writer.write(b"\x00\x00\x00\xff\xff" * 10_000)
        await writer.drain()


def test_a_robots_txt_is_bounded_by_what_comes_too() -> None:
    async def main() -> None:
        async with site({"/robots.txt": empty_blocks, "/": Reply()}) as place:
            assert (await fetch(place)).status == 200

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


def test_a_name_that_once_leads_to_a_private_place_has_its_rules_obeyed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a captive portal does it. What is replaced is the name server, which knows no such name."""
    leads = ["10.1.2.3"]

    def looked_up(_: bytes, port: int, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (leads[0], port))]

    async def main() -> None:
        async with site({"/robots.txt": rules("User-agent: *\nDisallow: /private"), "/private": Reply()}) as place:
            async with fetcher(options(place)) as made:
                monkeypatch.setattr(socket, "getaddrinfo", looked_up)
                url = place.url("/private", "paper.example")
                assert isinstance(await error_of(made.fetch(Request(url))), UnsafeAddress)
                leads[0] = "127.0.0.1"
                assert isinstance(await error_of(made.fetch(Request(url))), Disallowed)
            assert place.paths() == ["/robots.txt"]

    run(main())


def test_a_304_that_nobody_asked_for_says_nothing_of_the_rules() -> None:
    async def main() -> None:
        async with site({"/robots.txt": Reply(304, b"", length=None), "/a": Reply()}) as place:
            error = await error_of(fetch(place, "/a"))
            assert isinstance(error, HostUnreachable)
            assert "robots.txt cannot be read" in str(error)
            assert place.only("/a") == []

    run(main())


def test_the_rules_of_http_say_nothing_of_https(tmp_path: Path) -> None:
    name, authority = "paper.example", trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)

    async def main() -> None:
        secret = {"/robots.txt": rules("User-agent: *\nDisallow: /"), "/a": Reply()}
        async with site(secret, tls=context) as https, site({"/a": Reply()}) as http:
            leads = {f"{name}:443": f"127.0.0.1:{https.port}", f"{name}:80": f"127.0.0.1:{http.port}"}
            ledger = MemoryLedger()
            for _ in range(2):  # the second time, by what is kept
                async with fetcher(options(resolve=leads, ca_file=str(tmp_path / "ca.pem")), ledger=ledger) as made:
                    assert (await made.fetch(Request(f"http://{name}/a"))).status == 200
                    assert isinstance(await error_of(made.fetch(Request(f"https://{name}/a"))), Disallowed)
            assert https.paths() == ["/robots.txt"]
            assert http.paths() == ["/robots.txt", "/a", "/a"]
            assert len(ledger.states) == 1  # and one budget for both

    run(main())
