"""The content codings of HTTP, each undone in small pieces, so that whoever takes them can stop in time. Pure.

A decompressor that is handed a whole answer hands back whatever that unpacks to: 809 bytes of Brotli once became 1 GiB.
These give at most some 8 MiB at a time, whatever goes in (zlib and Brotli 64 KiB).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
import zstandard

_STEP = 2**16
_MEMBERS = 1000
# A block of zstd is 128 KiB at most and takes four bytes at least, so this much makes no more than 8 MiB.
_ZSTD_STEP = 256
# RFC 9659: what a client of the web must be able to hold, and no server may ask for more.
_ZSTD_WINDOW = 2**23


class BadCoding(Exception):
    """The bytes are not in that coding."""


class TooManyMembers(Exception):
    """A gzip file of more members, or a zstd file of more frames, than any server means."""


class Coding(Protocol):
    """One body's coding. ``ended`` says whether the data reached their end."""

    @property
    def ended(self) -> bool:
        """Whether the coded data are complete."""
        ...

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next coded bytes unpack to. Raises BadCoding, and TooManyMembers."""
        ...


class Gzip:
    """RFC 1952: members one after the other. Padding after them is passed over, as browsers do."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._members = 1
        self._pending = b""

    @property
    def ended(self) -> bool:
        """Whether the last member is complete."""
        return self._inflater.eof and not self._pending

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """As :meth:`Coding.pieces`."""
        data, self._pending = self._pending + data, b""
        while True:
            if self._inflater.eof:
                if data == b"\x1f":
                    self._pending = data  # may be the first byte of another member
                if not data.startswith(b"\x1f\x8b"):
                    return
                self._next_member()
            yield from _inflated(self._inflater, data)
            data = self._inflater.unused_data
            if not self._inflater.eof:
                return

    def _next_member(self) -> None:
        self._members += 1
        if self._members > _MEMBERS:
            raise TooManyMembers(f"more than {_MEMBERS} gzip members")
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)


class Deflate:
    """RFC 9110 means zlib's format by "deflate"; some servers send the bare stream, and browsers take both."""

    def __init__(self) -> None:
        self._inflater: zlib._Decompress | None = None
        self._pending = b""

    @property
    def ended(self) -> bool:
        """Whether the stream is complete; no data at all are an empty one."""
        return self._inflater.eof if self._inflater else not self._pending

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """As :meth:`Coding.pieces`."""
        if self._inflater is None:
            data = self._pending + data
            if len(data) < 2:
                self._pending = data  # too short to tell one from the other
                return
            zlib_header = data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
        if not self._inflater.eof:
            yield from _inflated(self._inflater, data)


def _inflated(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while True:
        try:
            piece = inflater.decompress(data, _STEP)
        except zlib.error as error:
            raise BadCoding(str(error)) from error
        yield piece
        data = inflater.unconsumed_tail
        if inflater.eof or (not data and len(piece) < _STEP):  # a full piece may leave more inside, without any input
            return


class Brotli:
    """RFC 7932. What follows the end is passed over, as browsers do."""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()
        self._before = bytearray()

    @property
    def ended(self) -> bool:
        """Whether the stream is complete."""
        return bool(self._decompressor.is_finished())

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """As :meth:`Coding.pieces`."""
        given = 0
        try:
            for piece in self._unpacked(data):
                given += len(piece)
                yield piece
        except BadCoding:
            yield from self._to_its_end(data, given)
        else:
            self._before += data

    def _to_its_end(self, data: bytes, given: int) -> Iterator[bytes]:
        """What data unpack to in whose midst the stream may end, but for what is given already.

        The library calls that an error and gives no more; so all is read anew, and these byte by byte.
        """
        self._decompressor = brotli.Decompressor()
        for _ in self._unpacked(bytes(self._before)):
            pass
        for byte in data:
            for piece in self._unpacked(bytes((byte,))):
                yield piece[given:]
                given = max(0, given - len(piece))

    def _unpacked(self, data: bytes) -> Iterator[bytes]:
        while not self.ended:
            try:
                piece = self._decompressor.process(data, output_buffer_limit=_STEP)
            except brotli.error as error:
                raise BadCoding(str(error)) from error
            yield piece
            data = b""
            if not piece and self._decompressor.can_accept_more_data():  # it may take more and yet hold output back
                return


class Zstd:
    """RFC 8878, within the window of RFC 9659: frames one after the other."""

    def __init__(self) -> None:
        self._frames = 0
        self._frame = self._next_frame()
        self._begun = False

    @property
    def ended(self) -> bool:
        """Whether the last frame is complete."""
        return not self._begun

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """As :meth:`Coding.pieces`."""
        for start in range(0, len(data), _ZSTD_STEP):
            rest = data[start : start + _ZSTD_STEP]
            while rest:
                self._begun = True
                try:
                    yield self._frame.decompress(rest)
                except zstandard.ZstdError as error:
                    raise BadCoding(str(error)) from error
                rest = b""
                if self._frame.eof:
                    rest, self._begun = self._frame.unused_data, False
                    self._frame = self._next_frame()

    def _next_frame(self) -> zstandard.ZstdDecompressionObj:
        self._frames += 1
        if self._frames > _MEMBERS:
            raise TooManyMembers(f"more than {_MEMBERS} zstd frames")
        return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()


CODINGS: dict[str, Callable[[], Coding]] = {
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
    "zstd": Zstd,
}
"""What is asked for and undone, by the name that a header gives it."""
