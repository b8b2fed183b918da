"""Bodies that are too long, of the wrong length, or broken off."""

from __future__ import annotations

from functools import partial

from tests.fetch.loopback import Reply
from tests.hostile import case
from tests.hostile.answers import (
    CHUNKED,
    HTML,
    OPEN,
    PIECE,
    chunk,
    endless,
    moved,
    page,
    prose,
    raw,
    reset,
    story,
    stream,
)
from tests.hostile.case import Pace, failed, saved, skipped

LARGER = "is larger than 10,485,760 bytes"
HEAD = "HTTP/1.1 200 OK\nContent-Type: text/html\n"
FOR_EVER = endless(b"<p>and so on</p>" * (PIECE // 16))

alone = partial(case.skipped, reason="too large", says=LARGER, alone=True)


CASES = (
    # --- too long
    alone("an endless body", stream(OPEN, FOR_EVER)),
    alone("endless chunks", stream(CHUNKED, endless(chunk(b"<p>and so on</p>" * 4096)))),
    skipped(
        "endless chunks of one byte",
        stream(CHUNKED, endless(chunk(b"x") * 10_000)),
        "protocol",
        "chunks of a few bytes",
        alone=True,
    ),
    alone("endless white space", stream(OPEN, endless(b" \n" * 2**15))),
    alone("50 MB of HTML", stream(OPEN, lambda: (prose(2**20) for _ in range(50)))),
    alone("50 MB of HTML in chunks", stream(CHUNKED, lambda: (chunk(prose(2**20)) for _ in range(50)))),
    alone(
        "50 MB of HTML with its length",
        stream(b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n", lambda: (prose(2**20) for _ in range(50))),
    ),
    skipped("a length of a tebibyte", Reply(200, b"<p>", length=2**40), "too large", LARGER),
    skipped("an endless 404", stream(b"HTTP/1.1 404 X\r\n\r\n", FOR_EVER), "gone", "404", alone=True),
    failed("an endless 500", stream(b"HTTP/1.1 500 X\r\n\r\n", FOR_EVER), "server trouble", "500", alone=True),
    saved(
        "an endless redirect",
        stream(b"HTTP/1.1 302 X\r\nLocation: /end-of-it-all\r\n\r\n", FOR_EVER),
        "Behind the flood",
        others={"/end-of-it-all": page("Behind the flood")},
        alone=True,
    ),
    # --- of a length that is not the one that is named
    failed("a body shorter than its length", raw(HEAD + "Content-Length: 90000", "Cut"), "truncated"),
    failed("no body where a length is named", raw(HEAD + "Content-Length: 90000", "")[:80] + b"\r\n\r\n", "truncated"),
    saved(
        "a body longer than its length",
        raw(HEAD + "Content-Length: {length}", "Longer than it says") + b"<p>This is no part of it.</p>",
        "Longer than it says",
    ),
    saved("no length at all", raw(HEAD + "Connection: close", "Ends where it ends"), "Ends where it ends"),
    saved("no length in HTTP/1.0", raw(HEAD.replace("1.1", "1.0") + "X: y", "As of old"), "As of old"),
    saved(
        "the same length twice",
        raw(HEAD + "Content-Length: {length}\nContent-Length: {length}", "Said twice"),
        "Said twice",
    ),
    skipped("two lengths", raw(HEAD + "Content-Length: 5\nContent-Length: {length}", "x"), "protocol"),
    skipped("a length below nothing", raw(HEAD + "Content-Length: -5", "x"), "protocol"),
    skipped("a length with a sign", raw(HEAD + "Content-Length: +{length}", "x"), "protocol"),
    skipped("a length in hexadecimal", raw(HEAD + "Content-Length: 0x500", "x"), "protocol"),
    skipped("a length of a hundred digits", raw(HEAD + "Content-Length: " + "9" * 100, "x"), "protocol"),
    skipped("a length that is no number", raw(HEAD + "Content-Length: long", "x"), "protocol"),
    skipped("nothing, and it says so", Reply(200, b"", (HTML,)), "empty page"),
    skipped("a length of nothing, and a body", raw(HEAD + "Content-Length: 0", "x"), "empty page"),
    skipped("no content, as 204 has it", Reply(204, b"", length=None), "empty page"),
    skipped("white space only", Reply(200, b" \r\n\t" * 999, (HTML,)), "empty page"),
    # --- in chunks
    saved(
        "chunks with extensions, trailers and capital digits",
        CHUNKED + b"%X;a=b\r\n%s\r\n0;c\r\nX-Sum: 5\r\n\r\n" % (len(story("Chunks")), story("Chunks").encode()),
        "Chunks",
    ),
    saved(
        "chunks and a length: the chunks count",
        CHUNKED.replace(b"Connection", b"Content-Length: 7\r\nConnection")
        + chunk(story("Both").encode())
        + b"0\r\n\r\n",
        "Both",
    ),
    skipped("no chunk but the last one", CHUNKED + b"0\r\n\r\n", "empty page"),
    skipped("a chunk size that is no number", CHUNKED + b"zz\r\n<p>\r\n", "protocol"),
    skipped("a chunk size below nothing", CHUNKED + b"-5\r\n<p>\r\n", "protocol"),
    skipped("a chunk size of thirty digits", CHUNKED + b"f" * 30 + b"\r\n<p>", "protocol"),
    skipped("a chunk longer than it says", CHUNKED + b"3\r\n<p>and more\r\n0\r\n\r\n", "protocol"),
    skipped("an endless chunk extension", stream(CHUNKED + b"5;", endless(b"x" * PIECE)), "protocol", alone=True),
    skipped("endless trailers", stream(CHUNKED + b"0\r\n", endless(b"X: y\r\n" * 9999)), "protocol", alone=True),
    failed("a body without its last chunk", CHUNKED + chunk(story("No end").encode()), "truncated"),
    failed("a chunk of 16 EiB", CHUNKED + b"f" * 16 + b"\r\n<p>", "truncated"),
    failed("chunks that end in mid-size", CHUNKED + chunk(b"<p>") + b"5", "truncated"),
    skipped("a transfer coding that is none", raw(HEAD + "Transfer-Encoding: gzip, chunked", "x"), "protocol"),
    # --- broken off
    failed("reset before the answer", reset(), "reset"),
    failed("reset in mid-header", reset(b"HTTP/1.1 200 OK\r\nContent-"), "reset"),
    failed("reset in mid-body", reset(raw(HEAD + "Content-Length: 90000", "x")), "reset"),
    failed("reset in mid-chunk", reset(CHUNKED + b"500\r\n<p>The harbour"), "reset"),
    failed("reset where no length is named", reset(raw(HEAD + "Connection: close", "x")), "reset"),
    failed("closed before the answer", b"", "reset", "hung up without an answer"),
    failed("closed in mid-header", b"HTTP/1.1 200 OK\r\nContent-", "reset", "hung up without an answer"),
    saved(
        "reset once, whole the next time",
        (reset(), raw(HEAD + "Content-Length: 90000", "x"), page("Third time lucky")),
        "Third time lucky",
        pace=Pace.STUBBORN,
    ),
    failed("reset every time", reset(), "reset", pace=Pace.STUBBORN),
    failed("nobody listens there", moved("http://{nobody}/x"), "connection refused", "127.22."),
)
