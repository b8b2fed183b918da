"""Redirects: loops, chains, addresses that may not be asked, schemes that are none of ours, and cookie walls."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from scraper.model import Outcome
from tests.fetch.loopback import Raw, Reply
from tests.hostile.answers import HTML, moved, page, placed
from tests.hostile.case import STORY, Answers, Behind, Case, Pace, failed, saved, skipped

AWAY = "is not a public address"
NO_WEB = "is not an absolute http(s) URL"
CHAIN: Mapping[str, Answers] = {f"/{number}": moved(f"/{number + 1}") for number in range(30)}
RULES = Reply(200, b"User-agent: *\nDisallow: /private", (("Content-Type", "text/plain"),))
COOKIE = "Set-Cookie: seen=1; Path=/"


async def new_cookies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A redirect to itself that sets a cookie, another one each time."""
    await moved(STORY, 302, f"Set-Cookie: seen={asyncio.get_running_loop().time()}")(reader, writer)


def to_a_private_place(name: str, location: str, says: str = AWAY) -> Case:
    return skipped(f"to a private place: {name}", moved(location), "unsafe address", says)


def to_no_web_page(name: str, location: str, says: str = NO_WEB) -> Case:
    return skipped(f"to no web page: {name}", moved(location), "bad redirect", says)


def followed(name: str, location: str, path: str = "/new", *, two: bool = False, **more: Any) -> Case:
    return saved(f"followed: {name}", moved(location, **more), others={path: page(f"followed: {name}")}, two=two)


def circle(length: int) -> dict[str, Answers]:
    return {f"/{number}": moved(f"/{(number + 1) % length}") for number in range(length)}


def both(one: str, other: str) -> Raw:
    """A redirect that names two places."""

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        text = f"HTTP/1.1 302 X\r\nLocation: {one}\r\nLocation: {other}\r\nContent-Length: 0\r\n\r\n"
        writer.write(placed(text, writer).encode())
        await writer.drain()

    return answer


CLOSED = Reply(403, b"")
BAKED = page("Baked", HTML, ("Set-Cookie", "seen=1"))

CASES = (
    # --- without end
    skipped("a redirect to itself", moved(STORY), "redirects", "in a circle"),
    skipped("a redirect to itself, but for the fragment", moved(f"{STORY}#again"), "redirects", "in a circle"),
    skipped("a circle of three", moved("/0"), "redirects", "in a circle", others=circle(3)),
    skipped("a circle of two hosts", moved("http://{other}" + STORY), "redirects", "in a circle", two=True),
    skipped("a chain of thirty", moved("/0"), "redirects", "more than 10 times", others=CHAIN, unasked=("/10",)),
    saved("a chain of ten", moved("/21"), "Ten hops", others={**CHAIN, "/30": page("Ten hops")}),
    # --- to where we may not go
    to_a_private_place("a private network", "http://10.0.0.1/"),
    to_a_private_place("a router", "http://192.168.1.1:{port}/admin"),
    to_a_private_place("a cloud's secrets", "http://169.254.169.254/latest/meta-data/"),
    to_a_private_place("a cloud's secrets, in IPv6", "http://[fd00:ec2::254]/latest/meta-data/"),
    to_a_private_place("this machine in IPv6", "http://[::1]:{port}/"),
    to_a_private_place("an IPv4 address in IPv6", "http://[::ffff:192.168.0.1]/"),
    to_a_private_place("a number", "http://167772161/"),
    to_a_private_place("an octal number", "http://012.0.0.1/"),
    to_a_private_place("no address", "http://0.0.0.0:{port}/"),
    to_a_private_place("without a scheme", "//10.0.0.1/"),
    skipped(
        "to a private place: in two hops", moved("/a"), "unsafe address", AWAY, others={"/a": moved("http://10.0.0.1/")}
    ),
    to_a_private_place("a port for mail", "http://example.org:25/", "port 25 of example.org is not among the ports"),
    to_no_web_page("a file", "file:///etc/passwd"),
    to_no_web_page("FTP", "ftp://{here}/"),
    to_no_web_page("gopher", "gopher://{here}/_x"),
    to_no_web_page("a script", "javascript:alert(1)"),
    to_no_web_page("data", "data:text/html,<h1>x</h1>"),
    to_no_web_page("an app", "intent://x#Intent;scheme=http;end"),
    to_no_web_page("no host", "http://"),
    to_no_web_page("half an address", "http://[::1"),
    to_no_web_page("a password", "http://user:hush@{here}/", "a user name or a password"),
    to_no_web_page("10,000 letters", "/" + "x" * 10_000, "longer than 2083 characters"),
    to_no_web_page("nowhere", "", "without saying where to"),
    skipped("to no web page: no Location", Reply(301, b""), "bad redirect", "without saying where to"),
    skipped("to no web page: two places", both("/a", "/b"), "bad redirect"),
    failed("to TLS that is none", moved("https://{here}/"), "timeout", "no connection after 1 s", pace=Pace.HASTY),
    failed(
        "to TLS that is none, after hops that were slow",
        moved("/0"),
        "timeout",
        "timed out after 2 s",
        others={
            **{f"/{n}": Reply(302, b"", (("Location", f"/{n + 1}"),), hold=0.3) for n in range(4)},
            "/4": moved("https://{here}/"),
        },
        pace=Pace.HASTY,
    ),
    skipped("to what robots.txt forbids", moved("/private/a"), "robots.txt", robots=RULES, unasked=("/private/a",)),
    failed(
        "to a robots.txt in trouble",
        moved("http://{other}/a"),
        "robots.txt trouble",
        robots=(Reply(404, b""), Reply(503, b"")),
        two=True,
    ),
    skipped("to a page that is gone", moved("/gone"), "gone", "/gone answered 404"),
    # --- that must work
    followed("301", "/new", status=301),
    followed("303", "/new", status=303),
    followed("307", "/new", status=307),
    followed("308, with a body", "/new", status=308, body=b"<p>over there</p>"),
    saved("followed: the same place, named twice", both("/a", "/a"), "Named twice", others={"/a": page("Named twice")}),
    followed("another host", "http://{other}/new", two=True),
    followed("relative, with dots", "../../.././new"),
    followed("backslashes", "http:\\\\{here}\\new"),
    followed("spaces around, and a fragment", "  /new#part  "),
    followed("letters beyond ASCII", "/n\u00e9w", "/n%C3%A9w"),
    followed("a space within", "/a new one", "/a%20new%20one"),
    skipped("a status that only looks like a redirect: 300", moved("/new", 300), "refused", "300"),
    skipped("a status that only looks like a redirect: 305", moved("/new", 305), "refused", "305"),
    skipped("a status that only looks like a redirect: 399", moved("/new", 399), "refused", "399"),
    saved(
        "201 with a Location is no redirect", page("Made", HTML, ("Location", "http://10.0.0.1/"), status=201), "Made"
    ),
    # --- cookies
    saved(
        "a cookie wall",
        Behind("seen=1", page("Behind the wall"), moved("/set")),
        "Behind the wall",
        others={"/set": moved(STORY, 302, COOKIE)},
    ),
    saved(
        "a cookie wall of one page",
        Behind("seen=1", page("Seen before"), moved(STORY, 302, COOKIE)),
        "Seen before",
    ),
    skipped("a cookie wall in a circle", moved("/set"), "redirects", others={"/set": moved(STORY, 302, COOKIE)}),
    skipped("a new cookie at every turn", new_cookies, "redirects"),
    saved(
        "a cookie of one host is not told to another",
        moved("http://{other}/new", 302, COOKIE),
        "Not told",
        others={"/new": Behind("seen=1", CLOSED, page("Not told"))},
        two=True,
    ),
    Case("a cookie is not kept", Behind("seen=1", CLOSED, BAKED), Outcome.UNCHANGED, "known", times=2),
)
