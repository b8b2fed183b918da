"""WARC files as others write them, made by hand so that they can also be wrong; and pages to put into our own."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from scraper.fetch.decode import Bounds
from scraper.model import Page
from scraper.warc.captures import Capture, Passed, captures
from scraper.warc.records import Records
from scraper.warc.unpacking import Unpacked

URL = "https://paper.example/2021/story"
DATE = "2021-03-04T05:06:07Z"
AT = datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
HTML = b"<!doctype html><title>Breakwater</title><p>The council voted.</p>"
BOUNDS = Bounds(10 * 2**20, 100)


def record(kind: str = "response", block: bytes = b"", *, version: str = "WARC/1.0", **headers: str) -> bytes:
    """One record; ``headers`` with ``_`` for ``-``, over what a response of ``URL`` has. An empty one is left out."""
    names = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:11111111-2222-3333-4444-555555555555>",
        "WARC-Target-URI": URL,
        "WARC-Date": DATE,
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(block)),
    }
    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    kept = {name: given.pop(name.lower(), value) for name, value in names.items()} | given
    lines = [version, *(f"{name}: {value}" for name, value in kept.items() if value)]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode() + block + b"\r\n\r\n"


def answer(body: bytes = HTML, *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    """An HTTP answer as a block."""
    lines = [status, *(headers or ("Content-Type: text/html; charset=utf-8",)), ""]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + body


def packed(*records: bytes) -> bytes:
    """Each in a gzip member of its own."""
    return b"".join(gzip.compress(each, 1) for each in records)


def read(data: bytes, bounds: Bounds = BOUNDS) -> tuple[list[Capture], list[str], int]:
    """The captures of a file, what it holds beside them, and how many places are damaged."""
    records = Records(Unpacked(BytesIO(data)))
    found = list(captures(records, bounds))
    return (
        [each for each in found if isinstance(each, Capture)],
        [each.what for each in found if isinstance(each, Passed)],
        records.damages,
    )


def pages(data: bytes) -> list[Page]:
    """The pages of a file in which everything is right."""
    found, _, damages = read(data)
    assert damages == 0
    assert [each.error for each in found] == [None] * len(found)
    return [each.page for each in found]


def page(**changes: Any) -> Page:
    """A page as the archive keeps it."""
    headers = (("content-type", "text/html; charset=utf-8"), ("content-length", str(len(HTML))))
    return replace(Page(URL, URL, 200, headers, HTML, AT), **changes)
