"""Servers that are slow: none may cost more than the time that a fetch may take."""

from __future__ import annotations

import asyncio
import zlib
from functools import partial

from tests.fetch.loopback import Raw, Reply
from tests.hostile import case
from tests.hostile.answers import CHUNKED, HTML, OPEN, drip, moved, page, raw, silent, story
from tests.hostile.case import STORY, Pace, saved

failed = partial(case.failed, pace=Pace.HASTY)

SILENCE = "nothing came for 0.8 s"
OVERTIME = "timed out after 2 s"
LONG = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90000\r\n\r\n"
ROBOTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
HOPS = {f"/{number}": (Reply(302, b"", (("Location", f"/{number + 1}"),), hold=0.3),) for number in range(9)}


def in_pieces(title: str, pieces: int, pause: float) -> Raw:
    """A story, status line and all, in so many pieces with a pause before each."""
    whole = raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {length}", title)
    size = -(-len(whole) // pieces)

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for at in range(0, len(whole), size):
            await asyncio.sleep(pause)
            writer.write(whole[at : at + size])
            await writer.drain()

    return answer


def flushed(text: str) -> bytes:
    """The beginning of a gzip stream that has let out all that went in."""
    packer = zlib.compressobj(wbits=31)
    return packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)


CASES = (
    case.failed("a body that trickles", drip(OPEN, b"x" * 20, 0.05), "too slow", "bytes a second", pace=Pace.TRICKLING),
    case.failed(
        "chunks that trickle", drip(CHUNKED, b"14\r\n" + b"x" * 20 + b"\r\n", 0.05), "too slow", pace=Pace.TRICKLING
    ),
    case.failed(
        "gzip that trickles", drip(GZIP + flushed("<p>"), b"\0\0\0\xff\xff", 0.05), "too slow", pace=Pace.TRICKLING
    ),
    case.failed(
        "robots.txt: it trickles", page("x"), "too slow", robots=drip(ROBOTS, b"#\n", 0.05), pace=Pace.TRICKLING
    ),
    failed("no answer at all", silent(), "timeout", SILENCE),
    failed("silence after the status line", silent(b"HTTP/1.1 200 OK\r\n"), "timeout", SILENCE),
    failed("silence in mid-header", silent(b"HTTP/1.1 200 OK\r\nContent-Ty"), "timeout", SILENCE),
    failed("silence before the body", silent(LONG), "timeout", SILENCE),
    failed("silence in mid-body", silent(LONG + b"<p>The harbour"), "timeout", SILENCE),
    failed("silence in mid-chunk", silent(CHUNKED + b"50\r\n<p>The harbour"), "timeout", SILENCE),
    failed("silence in place of the last chunk", silent(CHUNKED + b"3\r\n<p>\r\n"), "timeout", SILENCE),
    failed("no length, and never closed", silent(OPEN + story("Never closed").encode()), "timeout", SILENCE),
    failed("a status line, letter by letter", drip(b"HTTP/1.1 200 ", b"O", 0.05), "timeout", OVERTIME),
    failed("a header, letter by letter", drip(b"HTTP/1.1 200 OK\r\nX: ", b"x", 0.05), "timeout", OVERTIME),
    failed("headers, line by line", drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.05), "timeout", OVERTIME),
    failed("a body, letter by letter", drip(OPEN, b"x", 0.05), "timeout", OVERTIME),
    failed("a body with a length, letter by letter", drip(LONG, b"x", 0.05), "timeout", OVERTIME),
    failed("chunks, letter by letter", drip(CHUNKED, b"1\r\nx\r\n", 0.05), "timeout", OVERTIME),
    failed("a chunk's extension, letter by letter", drip(CHUNKED + b"5;", b"x", 0.05), "timeout", OVERTIME),
    failed("trailers, line by line", drip(CHUNKED + b"3\r\n<p>\r\n0\r\n", b"X-A: b\r\n", 0.05), "timeout", OVERTIME),
    failed(
        "gzip that lets nothing out",
        drip(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + flushed("<p>"), b"\0\0\0\xff\xff", 0.05),
        "timeout",
        OVERTIME,
    ),
    failed("redirects that are slow together", moved("/0"), "timeout", OVERTIME, others=HOPS),
    failed("a refusal that is slow", Reply(403, b"", hold=9), "timeout", SILENCE),
    failed("robots.txt: silence", page("x"), "timeout", SILENCE, robots=silent(), unasked=(STORY,)),
    failed(
        "robots.txt: letter by letter",
        page("x"),
        "timeout",
        OVERTIME,
        robots=drip(ROBOTS, b"x", 0.05),
        unasked=(STORY,),
    ),
    failed(
        "robots.txt: a redirect to silence", page("x"), "timeout", SILENCE, robots=moved("/r"), others={"/r": silent()}
    ),
    saved(
        "an answer that is late, but in time",
        Reply(200, story("Late, but in time").encode(), (HTML,), hold=0.3),
        "Late, but in time",
    ),
    saved("pieces that are late, but in time", in_pieces("In pieces", 6, 0.2), "In pieces"),
    saved(
        "robots.txt that is late, but in time",
        page("After the rules"),
        "After the rules",
        robots=Reply(404, b"", hold=0.3),
    ),
    saved(
        "a whole body on a connection that stays open",
        silent(raw("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {length}", "Kept open")),
        "Kept open",
    ),
)
