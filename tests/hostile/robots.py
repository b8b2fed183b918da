"""robots.txt of every status and every shape. The page is there; the question is whether it may be asked."""

from __future__ import annotations

import gzip
from typing import Any

import zstandard

from tests.fetch.loopback import Reply
from tests.hostile import case
from tests.hostile.answers import HTML, OPEN, coded, endless, late, moved, packed, page, reset, story, stream
from tests.hostile.case import STORY, Answers, Case
from tests.hostile.codings import quick

TEXT = ("Content-Type", "text/plain; charset=utf-8")
NO = "User-agent: *\nDisallow: /"
TROUBLE = "so nothing may be asked for now"
BIG = 2**20


def rules(text: str | bytes, *headers: tuple[str, str], status: int = 200) -> Reply:
    return Reply(status, text if isinstance(text, bytes) else text.encode(), (TEXT, *headers))


def allows(name: str, robots: Answers, **more: Any) -> Case:
    title = f"robots.txt: {name}"
    return case.saved(title, page(title), title, robots=robots, **more)


def forbids(name: str, robots: Answers, says: str = "disallows / for our agent", **more: Any) -> Case:
    title = f"robots.txt: {name}"
    return case.skipped(title, page(title), "robots.txt", says, robots=robots, unasked=(STORY,), **more)


def fails(name: str, robots: Answers, reason: str = "robots.txt trouble", says: str = TROUBLE) -> Case:
    title = f"robots.txt: {name}"
    return case.failed(title, page(title), reason, says, robots=robots, unasked=(STORY,))


def padded(rest: str) -> bytes:
    """Rules behind more than the 500 KiB that are read."""
    return b"#" + b"x" * (500 * 2**10) + b"\n" + rest.encode()


def many(line: str, size: int = 500 * 2**10) -> str:
    return "User-agent: *\n" + line * (size // len(line))


CASES = (
    # --- statuses
    *(allows(f"{status}", Reply(status, NO.encode(), (TEXT,))) for status in (400, 401, 403, 404, 410, 451)),
    *(fails(f"{status}", Reply(status, NO.encode(), (TEXT,))) for status in (429, 500, 503, 520)),
    fails("503 for an hour", Reply(503, b"", (("Retry-After", "3600"),))),
    allows("204", Reply(204, b"", length=None)),
    allows("300", Reply(300, NO.encode())),
    forbids("203", rules(NO, status=203)),
    # --- on its way
    forbids("a redirect", moved("/r"), others={"/r": rules(NO)}),
    forbids("a redirect to another host", moved("http://{other}/r", 308), others={"/r": rules(NO)}, two=True),
    forbids("five redirects", moved("/0"), others={**{f"/{n}": moved(f"/{n + 1}") for n in range(4)}, "/4": rules(NO)}),
    allows("six redirects", moved("/0"), others={**{f"/{n}": moved(f"/{n + 1}") for n in range(5)}, "/5": rules(NO)}),
    allows("a redirect to itself", moved("/robots.txt")),
    allows("a redirect to a private place", moved("http://10.0.0.1/robots.txt")),
    allows("a redirect to a file", moved("file:///etc/passwd")),
    allows("a redirect to nowhere", Reply(301, b"")),
    allows("a redirect to what is gone", moved("/r")),
    # --- broken
    fails("reset", reset(), "reset", "was reset"),
    fails("reset in mid-body", reset(OPEN + b"User-agent: *"), "reset", "was reset"),
    fails("closed before the answer", b"", "reset", "hung up without an answer"),
    fails("shorter than its length", Reply(200, NO.encode(), length=9999), "truncated", "before the whole body"),
    fails("gzip cut short", coded("gzip", gzip.compress(b"x" * 99)[:-9]), "truncated", "in the middle of its"),
    fails("no HTTP", b"nonsense\r\n\r\n", "protocol", "robots.txt cannot be read"),
    fails("not in the coding that it names", coded("gzip", NO.encode()), "bad coding", "robots.txt cannot be read"),
    # --- too large
    allows("rules past the first 500 KiB", late(lambda: rules(padded(NO)))),
    forbids(
        "rules before 50 MB more",
        stream(OPEN + NO.encode() + b"\n", lambda: (b"#" * BIG for _ in range(50))),
        alone=True,
    ),
    forbids(
        "rules before an endless rest", stream(OPEN + NO.encode() + b"\n", endless(b"# and so on\n" * 5000)), alone=True
    ),
    forbids(
        "a length of 50 MB",
        stream(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n" + NO.encode() + b"\n", endless(b"#" * BIG)),
        alone=True,
    ),
    forbids(
        "rules before a gzip bomb",
        packed("gzip", lambda: gzip.compress(NO.encode() + b"\n" + bytes(64 * BIG))),
        alone=True,
    ),
    allows("a gzip bomb", packed("gzip", lambda: gzip.compress(bytes(64 * BIG))), alone=True),
    allows("a Brotli bomb", packed("br", lambda: quick(bytes(64 * BIG))), alone=True),
    allows("a zstd bomb", packed("zstd", lambda: zstandard.compress(bytes(64 * BIG))), alone=True),
    allows("40,000 rules", late(lambda: rules(many("Disallow: /a\n"))), alone=True),
    allows("rules of stars", late(lambda: rules(many("Disallow: /" + "*a" * 50 + "*zz$\n"))), alone=True),
    allows("one rule of 250,000 stars", late(lambda: rules(many("Disallow: /" + "*2" * 250_000 + "x$\n"))), alone=True),
    allows("33,000 groups", late(lambda: rules("User-agent: a\n\n" * 33_000)), alone=True),
    allows("line ends only", late(lambda: rules(b"\r\n" * 260_000)), alone=True),
    # --- odd
    allows("nothing", rules("")),
    allows("a web page", Reply(200, story("x").encode(), (HTML,))),
    allows("a picture", Reply(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, (("Content-Type", "image/png"),))),
    allows("a sentence", rules("We would rather not have robots: disallow all of it, please.")),
    allows("for others only", rules("User-agent: otherbot\nDisallow: /")),
    allows("our own group before everybody's", rules(f"{NO}\n\nUser-agent: article-scraper\nAllow: /")),
    allows("an Allow that is as long", rules("User-agent: *\nDisallow: /2026\nAllow: /2026")),
    allows("in UTF-16, which nobody reads", rules(NO.encode("utf-16"))),
    forbids("a byte order mark", rules(b"\xef\xbb\xbf" + NO.encode())),
    forbids("bytes that are no UTF-8", rules(b"# \xff\xfe\x80\n" + NO.encode())),
    forbids("zero bytes in a comment", rules(b"#\0\0\0\n" + NO.encode())),
    forbids("carriage returns only", rules(NO.replace("\n", "\r"))),
    forbids("typed as a picture", Reply(200, NO.encode(), (("Content-Type", "image/png"),))),
    forbids("in capitals, misspelt, with spaces", rules("USER AGENT :  *\nDISSALLOW :  /"), says="line 2, disallows /"),
    forbids("percent-encoded", rules("User-agent: *\nDisallow: /%32026/%30%33/"), says="line 2"),
    forbids("in gzip", coded("gzip", gzip.compress(NO.encode()))),
    forbids(
        "a byte order mark before our own group",
        rules("\ufeffUser-agent: article-scraper\nDisallow: /*/harbour"),
        says="disallows /*/harbour for our agent",
    ),
    # --- delays
    allows("a delay of a day, the first time", rules("User-agent: *\nCrawl-delay: 86400")),
    case.failed(
        "robots.txt: a delay of a day, the second time",
        page("Delayed"),
        "host paused",
        "has no free slot before",
        robots=rules("User-agent: *\nCrawl-delay: 86400"),
        times=2,
    ),
    allows("a delay that is no number", rules("User-agent: *\nCrawl-delay: 1e9\nCrawl-delay: -5\nCrawl-delay: inf")),
    allows("a delay of ninety digits", rules("User-agent: *\nCrawl-delay: " + "9" * 90)),
)
