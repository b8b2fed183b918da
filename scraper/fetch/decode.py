"""The content coding undone, a piece at a time and with a bound: 809 bytes of Brotli once became 1 GiB.

What is asked for is gzip and deflate. Stacked codings are refused; a coding that no registry knows is no coding, as
browsers have it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from scraper.errors import HostUnreachable, LimitExceeded, PageRefused

ACCEPTED = "gzip, deflate"
_GZIP = {"gzip", "x-gzip"}
_REFUSED = {"br", "zstd", "compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"}
_FREE = 2**20  # the ratio is looked at after this many decoded bytes: small pages may well be repetitive
_STEP = 2**16
_MEMBERS = 1000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an answer may grow to. ``cut``: take the first ``limit`` bytes, rather than refuse (robots.txt)."""

    limit: int
    ratio: int
    cut: bool = False


class Decoder:
    """Feed it the raw bytes of one answer; :attr:`full` says that no more is wanted."""

    def __init__(self, coding: str, bounds: Bounds, url: str) -> None:
        self._bounds = bounds
        self._url = url
        self._coding = _only_coding(coding, url)
        self._inflater: zlib._Decompress | None = None
        self._members = 0
        self._raw = 0
        self._pending = b""
        self._body = bytearray()

    @property
    def full(self) -> bool:
        """Whether the limit is reached in a body that may be cut."""
        return self._bounds.cut and len(self._body) >= self._bounds.limit

    @property
    def start(self) -> bytes:
        """The first bytes, to tell the type by."""
        return bytes(self._body[:64])

    def feed(self, data: bytes) -> None:
        """Take the next raw bytes. Raises LimitExceeded, or PageRefused for bytes that are not in that coding."""
        self._raw += len(data)
        if not self._coding:
            self._take(data)
            return
        try:
            self._inflate(data)
        except zlib.error as error:
            message = f"{self._url} is not in the coding {self._coding} that its header names"
            raise PageRefused(message, reason="bad coding") from error

    def finish(self) -> bytes:
        """The decoded body. Raises HostUnreachable if it ends before its coding does."""
        cut_short = self._pending or (self._inflater is not None and not self._inflater.eof)
        if cut_short and not self.full:
            raise HostUnreachable(f"{self._url} ended in the middle of its {self._coding} data", reason="truncated")
        return bytes(self._body[: self._bounds.limit])

    def _inflate(self, data: bytes) -> None:
        data, self._pending = self._pending + data, b""
        while not self.full:
            if self._inflater is None or self._inflater.eof:
                if self._inflater is not None and not (self._coding == "gzip" and data.startswith(b"\x1f\x8b")):
                    return  # the end, or padding after it, which browsers pass over too
                if len(data) < 2:
                    self._pending = data  # too short to tell zlib's deflate from the bare one
                    return
                self._inflater = self._next_member(data)
            piece = self._inflater.decompress(data, _STEP)
            self._take(piece)
            data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            if not data and len(piece) < _STEP:  # a full piece may leave more inside, without any input left
                return

    def _next_member(self, start: bytes) -> zlib._Decompress:
        self._members += 1
        if self._members > _MEMBERS:
            raise LimitExceeded(f"{self._url} has more than {_MEMBERS} gzip members")
        if self._coding == "gzip":
            return zlib.decompressobj(zlib.MAX_WBITS | 16)
        # RFC 9110 means zlib's format by "deflate"; some servers send the bare stream, and browsers take both.
        zlib_header = start[0] & 0x0F == 8 and (start[0] << 8 | start[1]) % 31 == 0
        return zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)

    def _take(self, data: bytes) -> None:
        self._body += data
        size = len(self._body)
        if not self._bounds.cut and max(size, self._raw) > self._bounds.limit:
            raise LimitExceeded(f"{self._url} is larger than {self._bounds.limit:,} bytes")
        if self._coding and size > _FREE and size > self._raw * self._bounds.ratio:
            raise LimitExceeded(
                f"{self._url} unpacks to more than {self._bounds.ratio} times its size", reason="unpacks too far"
            )


def _only_coding(header: str, url: str) -> str:
    codings = [name for part in header.split(",") if (name := part.strip().lower()) not in {"", "identity"}]
    if len(codings) > 1:
        raise LimitExceeded(f"{url} is coded more than once ({', '.join(codings)})", reason="stacked codings")
    if not codings:
        return ""
    if codings[0] in _REFUSED:
        raise PageRefused(f"{url} came in the coding {codings[0]}, which was not asked for", reason="bad coding")
    if codings[0] in _GZIP:
        return "gzip"
    return "deflate" if codings[0] == "deflate" else ""
