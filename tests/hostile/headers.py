"""Heads of answers that are huge, endless, broken or odd, and interim answers before them."""

from __future__ import annotations

from tests.fetch.loopback import Reply
from tests.hostile.answers import HTML, drip, endless, late, page, raw, silent, story, stream
from tests.hostile.case import Pace, failed, saved, skipped

NOT_HTTP = "does not speak proper HTTP"
HEAD = "HTTP/1.1 200 OK\nContent-Type: text/html\n"
LENGTH = "\nContent-Length: {length}"
INTERIM = "too many interim answers"
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
BIG_HINT = HINT[:-2] + b"X: " + b"x" * 60_000 + b"\r\n\r\n"


def cookies(many: int) -> str:
    """Headers of some hundred bytes each."""
    return "\n".join([f"Set-Cookie: a={'b' * 90}"] * many)


CASES = (
    # --- huge
    skipped(
        "a header of a mebibyte", late(lambda: raw(HEAD + "X: " + "x" * 2**20, "x")), "protocol", NOT_HTTP, alone=True
    ),
    skipped("a header without end", stream(b"HTTP/1.1 200 OK\r\nX: ", endless(b"x" * 2**16)), "protocol", alone=True),
    skipped("headers without end", stream(b"HTTP/1.1 200 OK\r\n", endless(b"X: y\r\n" * 9999)), "protocol", alone=True),
    skipped("a status line without end", stream(b"HTTP/1.1 200 ", endless(b"O" * 2**16)), "protocol", alone=True),
    skipped("line ends without end", stream(b"", endless(b"\r\n" * 2**15)), "protocol", alone=True),
    skipped(
        "a folded header without end",
        stream(b"HTTP/1.1 200 OK\r\nX: y\r\n", endless(b" y\r\n" * 9999)),
        "protocol",
        alone=True,
    ),
    skipped(
        "100,000 headers",
        late(lambda: raw(HEAD + "\n".join(["X-A: b"] * 100_000), "x")),
        "protocol",
        NOT_HTTP,
        alone=True,
    ),
    skipped("5,000 cookies of 100 bytes", late(lambda: raw(HEAD + cookies(5000), "x")), "protocol"),
    saved(
        "500 cookies of 100 bytes",
        raw(HEAD + cookies(500) + LENGTH, "Cookies"),
        "Cookies",
    ),
    saved("a header of 60 kB", raw(HEAD + "X: " + "x" * 60_000 + LENGTH, "A long header"), "A long header"),
    # --- broken
    skipped("no head: a page from the first byte on", story("x").encode() + b"\r\n\r\n", "protocol", NOT_HTTP),
    skipped("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "protocol", NOT_HTTP),
    skipped("TLS where none was asked for", b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n", "protocol", NOT_HTTP),
    skipped("HTTP/2 where none was asked for", bytes([0, 0, 6, 4, 0, 0, 0, 0, 0]) + b"\r\n\r\n", "protocol", NOT_HTTP),
    skipped("HTTP/3 by its first line", raw(HEAD.replace("1.1", "3") + "X: y", "x"), "protocol", NOT_HTTP),
    skipped("a status of four digits", raw(HEAD.replace("200", "2000") + "X: y", "x"), "protocol", NOT_HTTP),
    skipped("a status of letters", raw(HEAD.replace("200", "2OO") + "X: y", "x"), "protocol", NOT_HTTP),
    skipped("a status below 100", raw(HEAD.replace("200", "099") + "X: y", "x"), "protocol", NOT_HTTP),
    skipped("a header without a colon", raw(HEAD + "nonsense", "x"), "protocol", NOT_HTTP),
    skipped("a header without a name", raw(HEAD + ": x", "x"), "protocol", NOT_HTTP),
    skipped("a header with a space in its name", raw(HEAD + "X Y: z", "x"), "protocol", NOT_HTTP),
    skipped("a space before the colon", raw(HEAD + "X : y", "x"), "protocol", NOT_HTTP),
    skipped("a header that starts folded", raw("HTTP/1.1 200 OK\n X: y", "x"), "protocol", NOT_HTTP),
    skipped("a zero byte in a header", raw(HEAD + "X: a\0b", "x"), "protocol", NOT_HTTP),
    skipped("a carriage return in a header", raw(HEAD + "X: a\rb", "x"), "protocol", NOT_HTTP),
    # --- odd, and good enough
    saved("a folded header", raw(HEAD + "X: a\n b" + LENGTH, "Folded"), "Folded"),
    saved("no phrase after the status", raw(HEAD.replace(" OK", "") + LENGTH[1:], "No phrase"), "No phrase"),
    saved("bytes beyond ASCII in a header", raw(HEAD + "X: \xe4\xff" + LENGTH, "Beyond ASCII"), "Beyond ASCII"),
    saved(
        "line feeds only",
        raw(HEAD + LENGTH[1:], "Line feeds").replace(b"\r\n", b"\n"),
        "Line feeds",
    ),
    saved("no header at all", b"HTTP/1.1 200 OK\r\n\r\n" + story("Bare").encode(), "Bare"),
    saved("two types", Reply(200, story("Two types").encode(), (HTML, ("Content-Type", "text/plain"))), "Two types"),
    # --- interim answers
    saved("100 and 103 before the page", GO_ON + HINT * 3 + raw(HEAD + LENGTH[1:], "After hints"), "After hints"),
    saved("30 hints before the page", HINT * 30 + raw(HEAD + LENGTH[1:], "After many hints"), "After many hints"),
    skipped("1,000 hints before the page", HINT * 1000 + raw(HEAD + LENGTH[1:], "x"), "protocol", INTERIM),
    skipped("hints without end", stream(b"", endless(HINT * 999)), "protocol", INTERIM, alone=True),
    skipped("hints of 60 kB without end", stream(b"", endless(BIG_HINT)), "protocol", INTERIM, alone=True),
    skipped("hints, one by one", drip(b"", HINT, 0.01), "protocol", INTERIM),
    failed("a hint, and silence", silent(HINT), "timeout", "nothing came for 0.8 s", pace=Pace.HASTY),
    failed("a hint, and the end", HINT, "reset", "hung up without an answer"),
    skipped(
        "another protocol offered",
        raw("HTTP/1.1 101 X\nUpgrade: websocket\nConnection: upgrade", "x"),
        "protocol",
        NOT_HTTP,
    ),
    saved("hints before robots.txt", page("Hinted rules"), "Hinted rules", robots=HINT * 9 + b"HTTP/1.1 404 X\r\n\r\n"),
)
