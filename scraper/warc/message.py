"""The HTTP answer that a record holds: status, headers, and its body with chunks and content coding undone, in bounds.

Tools differ in what they keep: the bytes as they came (wget, Heritrix, warcprox), or decoded ones beside headers that
still speak of a coding (browsers' archives, CC-NEWS). So headers are believed only as far as the bytes bear them out.
Names under which tools keep the headers that they made untrue (``X-Archive-Orig-``, as warcio and pywb call them) are
given back where the plain name does not say otherwise.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass

from scraper.errors import HostUnreachable, LimitExceeded, PageRefused
from scraper.fetch.decode import Bounds, Decoder
from scraper.warc.records import Block

KEPT = "x-archive-orig-"
"""What a header's name begins with that described the bytes as they came."""
UNTRUE = ("content-encoding", "transfer-encoding", "content-length")
"""Headers that describe bytes as they came, and not as they are kept."""

_HEAD = 2**18
_HEADERS = 500
_STATUS = re.compile(r"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b", re.IGNORECASE)
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,256}<", re.DOTALL)
_SPARE = 2**16  # bytes that chunking may add to a body of the largest size


@dataclass(frozen=True, slots=True)
class Head:
    """An answer's status and headers, with lower-case names."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """The first header of that name; "" without one."""
        return next((value for key, value in self.headers if key == name), "")


def read_head(block: Block, url: str) -> tuple[Head, bytes]:
    """What a block begins with, and what of its body came along. Raises PageRefused for what is no HTTP answer."""
    data = b""
    while (found := re.search(rb"\r?\n\r?\n", data)) is None:
        piece = block.read(_SPARE)
        if not piece:
            break
        data += piece
        if len(data) > _HEAD + _SPARE:
            raise PageRefused(f"{url}: its record holds no HTTP answer", reason="bad record")
    head, rest = (data[: found.start()], data[found.end() :]) if found else (data.rstrip(b"\r\n"), b"")
    lines = _text(head).splitlines()
    status = _STATUS.match(lines[0]) if lines else None
    if status is None or len(head) > _HEAD:
        raise PageRefused(f"{url}: its record holds no HTTP answer", reason="bad record")
    return Head(int(status[1]), parsed(lines[1 : _HEADERS + 1])), rest


def parsed(lines: list[str]) -> tuple[tuple[str, str], ...]:
    """Header lines as lower-case names with their values; what has no colon is passed over."""
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = name, f"{value} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            headers.append((name.strip().lower(), value.strip()))
    return tuple(headers)


def body_of(head: Head, rest: bytes, block: Block, bounds: Bounds, url: str) -> bytes:
    """The body. Raises LimitExceeded, PageRefused (not in its coding), HostUnreachable (cut short)."""
    raw = _raw(rest, block, bounds.limit + _SPARE, url)
    if "chunked" in head.get("transfer-encoding").lower():
        raw = dechunked(raw, url)
    coding = head.get("content-encoding")
    try:
        with closing(Decoder(coding, bounds, url)) as decoder:
            decoder.feed(raw)
            return decoder.finish()
    except (PageRefused, HostUnreachable):
        # Kept decoded, beside the header as it came.
        if not _MARKUP.match(raw) or len(raw) > bounds.limit:
            raise
        return raw


def restored(head: Head) -> tuple[tuple[str, str], ...]:
    """The headers as the server sent them."""
    kept = {name.removeprefix(KEPT) for name, _ in head.headers if name.startswith(KEPT)} & set(UNTRUE)
    return tuple(
        (name.removeprefix(KEPT) if name.removeprefix(KEPT) in kept else name, value)
        for name, value in head.headers
        if name not in kept
    )


def dechunked(raw: bytes, url: str) -> bytes:
    """A body without its chunks; as it is, where it is not in chunks. Raises HostUnreachable where they break off."""
    parts: list[bytes] = []
    at = 0
    while (found := _CHUNK.match(raw, at)) is not None:
        size = int(found[1], 16)
        if not size:
            return b"".join(parts)
        start = found.end()
        parts.append(raw[start : start + size])
        at = start + size
        if at > len(raw):
            break
        at += 2 if raw[at : at + 2] == b"\r\n" else 1 if raw[at : at + 1] == b"\n" else 0
    if not parts or (found is None and not _is_near_end(raw, at)):
        return raw
    raise HostUnreachable(f"{url} ended in the middle of a chunk", reason="truncated")


def _is_near_end(raw: bytes, at: int) -> bool:
    """Whether chunks were read up to (all but) the end, so that they were chunks."""
    return at >= len(raw) - 32


def _raw(rest: bytes, block: Block, most: int, url: str) -> bytes:
    if len(rest) + block.left > most:
        raise LimitExceeded(f"{url} is larger than {most - _SPARE:,} bytes")
    parts = [rest]
    while piece := block.read(_SPARE):
        parts.append(piece)
    if not block.whole:
        raise HostUnreachable(f"{url}: its record is cut short", reason="truncated")
    return b"".join(parts)


def _text(data: bytes) -> str:
    """Header bytes as text: UTF-8, or what every byte is in Latin-1."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
