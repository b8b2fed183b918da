"""Pages -> records of a WARC 1.1 (ISO 28500:2017), through warcio.

A page is a request, what else is known of it (metadata) and the answer, tied by ``WARC-Concurrent-To``. A body that
was written before is a revisit record. Record ids come of what is written, so that the same pages make the same
records. Only headers that the archive keeps are written, which hold no secrets.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.fetch.answer import public_headers
from scraper.model import Page, instant
from scraper.warc.message import KEPT, UNTRUE

_SPACE = UUID("6f9a1a5e-0c5f-5b86-9d0b-3c1f6f0f7f2e")  # of our record ids
FORMAT = "WARC File Format 1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class _Head(StatusAndHeaders):  # type: ignore[misc] # warcio has no types
    """Headers as they came: warcio itself would percent-encode what is not ASCII."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - warcio's signature
        lines = [f"{self.protocol} {self.statusline}".rstrip()]
        self.headers_buff = "".join(f"{line}\r\n" for line in [*lines, *_lines(self.headers), ""]).encode(
            "utf-8", "replace"
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a page: where others may refer to."""

    id: str
    url: str
    date: str


class Writing:
    """Writes to a file that is open for bytes. ``packed``: each record is a gzip member of its own."""

    def __init__(self, file: IO[bytes], *, packed: bool = True) -> None:
        self._writer = WARCWriter(file, gzip=packed, warc_version="1.1")
        self._bodies: dict[bytes, Written] = {}

    def info(self, filename: str, fields: Mapping[str, str]) -> None:
        """The record that a file begins with: who wrote it, and by which rules."""
        self._writer.write_record(self._writer.create_warcinfo_record(" ".join(filename.split()), fields))

    def page(self, page: Page, number: int, *, source: str = "", again: bool = False) -> None:
        """One page; ``number`` tells apart what is alike, ``source`` is the name of the source that announced it.

        ``again``: its body may come again, or came already.
        """
        digest = hashlib.sha1(page.body, usedforsecurity=False).digest()
        name = f"{number} {page.final_url} {instant(page.fetched_at)} {digest.hex()}"
        written = Written(_id("response", name), page.final_url, instant(page.fetched_at))
        # By SHA-256: two bodies of one SHA-1 can be made.
        body = hashlib.sha256(page.body).digest() if again and page.body else b""
        earlier = self._bodies.get(body)
        tied = {"WARC-Date": written.date, "WARC-Concurrent-To": written.id}
        self._request(page, {"WARC-Record-ID": _id("request", name), **tied})
        self._metadata(page, source, {"WARC-Record-ID": _id("metadata", name), **tied})
        named = {"WARC-Record-ID": written.id, "WARC-Date": written.date, "WARC-Payload-Digest": _digest(digest)}
        if page.from_cache:
            self._write(page, "revisit", named | {"WARC-Profile": _NOT_MODIFIED})
        elif earlier is not None:
            self._write(page, "revisit", named | {"WARC-Profile": _IDENTICAL, **_refers(earlier)})
        else:
            self._write(page, "response", named)
            if body:
                self._bodies[body] = written

    def _request(self, page: Page, named: dict[str, str]) -> None:
        parts = urlsplit(page.final_url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = [("host", parts.netloc.rpartition("@")[2]), *public_headers(page.request_headers)]
        head = _Head(f"{target} HTTP/1.1", headers, protocol="GET")
        self._record(page, "request", named, head)

    def _metadata(self, page: Page, source: str, named: dict[str, str]) -> None:
        """Of redirects, only the addresses are known: an answer of theirs would be made up."""
        fields = [("requestedUrl", page.url)] if page.url != page.final_url else []
        fields += [("redirectedFrom", url) for url in page.redirects]
        fields += [("source", source)] if source else []
        fields += [("login", "1")] if page.login else []
        if fields:
            lines = "".join(f"{line}\r\n" for line in _lines(fields))
            self._record(page, "metadata", named, None, lines.encode("utf-8", "replace"))

    def _write(self, page: Page, kind: str, named: dict[str, str]) -> None:
        phrase = next((known.phrase for known in HTTPStatus if known == page.status), "")
        head = _Head(f"{page.status} {phrase}".rstrip(), _true(page), protocol="HTTP/1.1")
        self._record(page, kind, named, head, page.body if kind == "response" else b"")

    def _record(self, page: Page, kind: str, named: dict[str, str], head: _Head | None, block: bytes = b"") -> None:
        record: Any = self._writer.create_warc_record(
            page.final_url,
            kind,
            payload=BytesIO(block),
            length=len(block),
            warc_headers_dict=named,
            http_headers=head,
        )
        self._writer.write_record(record)


def _lines(fields: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Headers as lines, whatever they hold: a line break in one makes no other."""
    for name, value in fields:
        yield f"{' '.join(name.split())}: {' '.join(value.split())}"


def _true(page: Page) -> Iterable[tuple[str, str]]:
    """The headers with names that say so where they describe the bytes as they came, and not those that follow."""
    for name, value in public_headers(page.headers):
        right = name == "content-length" and value.strip() == str(len(page.body)) and not page.from_cache
        yield (KEPT.title() + name if name in UNTRUE and not right else name), value


def _refers(earlier: Written) -> dict[str, str]:
    return {
        "WARC-Refers-To": earlier.id,
        "WARC-Refers-To-Target-URI": earlier.url,
        "WARC-Refers-To-Date": earlier.date,
    }


def _digest(digest: bytes) -> str:
    return f"sha1:{base64.b32encode(digest).decode()}"


def _id(kind: str, name: str) -> str:
    return f"<urn:uuid:{uuid5(_SPACE, f'{kind} {name}')}>"
