"""The plain bytes of a WARC file: gzip (a member a record, or one for all), zstd, or as they are.

Read front to back in pieces of bounded size. A member that is damaged is cut off where the damage begins; reading goes
on at the next one, and ``damages`` counts them.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Protocol

import zstandard

_PIECE = 2**16
_MEMBER = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_WINDOW = 2**27
_DICTIONARY = b"\x5d\x2a\x4d\x18"  # the skippable frame that a .warc.zst begins with, if it has a dictionary
_LARGEST_DICTIONARY = 2**24
_BEGINNING = re.compile(rb"WARC/\d\.\d{1,2}\r?\n|filedesc:/?/?")


class Readable(Protocol):
    """A file open for reading bytes."""

    def read(self, size: int, /) -> bytes:
        """So many bytes at most; none at the end."""
        ...


class Unpacked:
    """Plain bytes, piece by piece. ``position``: how far the file itself was read."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.damages = 0
        self.position = 0

    def pieces(self) -> Iterator[bytes]:
        """All of them; an empty one says that a member ended, or broke off, so that no record goes on past it."""
        head = self._read(_PIECE)
        if head.startswith(_MEMBER):
            yield from self._members(head)
        elif head.startswith((_ZSTD, _DICTIONARY)):
            yield from self._frames(head)
        else:
            while head:
                yield head
                head = self._read(_PIECE)

    def _read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.position += len(data)
        return data

    def _members(self, data: bytes) -> Iterator[bytes]:
        inflater, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), False
        while data := data or self._read(_PIECE):
            try:
                yield from _some(inflater.decompress(data, _PIECE))
            except zlib.error:
                self.damages += 1
                data, ended = data[1:], True
            else:
                data, ended = inflater.unconsumed_tail or inflater.unused_data, inflater.eof
            begun = not ended
            if ended:
                yield b""
                inflater, data = zlib.decompressobj(zlib.MAX_WBITS | 16), self._sought(data or self._read(_PIECE))
        self.damages += begun

    def _sought(self, data: bytes) -> bytes:
        """From the next thing on that looks like a member's beginning; padding and damage are passed over."""
        while data:
            at = data.find(_MEMBER)
            if at >= 0:
                return data[at:]
            tail = data[-2:]
            more = self._read(_PIECE)
            if not more:
                return b""
            data = tail + more
        return b""

    def _frames(self, data: bytes) -> Iterator[bytes]:
        """Frames of https://iipc.github.io/warc-specifications/specifications/warc-zstd/, with their dictionary."""
        dictionary = None
        if data.startswith(_DICTIONARY):
            length = struct.unpack("<I", data[4:8])[0] if len(data) >= 8 else _LARGEST_DICTIONARY + 1
            data += self._read(max(0, 8 + length - len(data))) if length <= _LARGEST_DICTIONARY else b""
            dictionary, data = _dictionary(data[8 : 8 + length]), data[8 + length :]
        unpacker = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=_ZSTD_WINDOW)
        frame, begun = unpacker.decompressobj(), False
        while data := data or self._read(_PIECE):
            step, data = data[:_STEP], data[_STEP:]
            try:
                yield from _some(frame.decompress(step))
            except zstandard.ZstdError:
                self.damages += 1
                return  # where the next frame begins cannot be told
            begun = not frame.eof
            if not begun:
                data = frame.unused_data + data
                frame = unpacker.decompressobj()
                yield b""
        self.damages += begun


_STEP = 256  # bytes: a block of zstd takes four at least and makes 128 KiB at most, so this makes 8 MiB


def _some(data: bytes) -> Iterator[bytes]:
    if data:
        yield data


def _dictionary(data: bytes) -> zstandard.ZstdCompressionDict | None:
    """The dictionary itself, which may be a frame of its own."""
    if data.startswith(_ZSTD):
        try:
            data = zstandard.ZstdDecompressor().decompress(data, max_output_size=_LARGEST_DICTIONARY)
        except zstandard.ZstdError:
            return None
    return zstandard.ZstdCompressionDict(data) if data else None


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so may be a WARC or an ARC, packed or not: told by what is in it, not by its name."""
    if head.startswith(_MEMBER):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 64)
        except zlib.error:
            return True  # it is no text either
    elif head.startswith((_ZSTD, _DICTIONARY)):
        return True
    return _BEGINNING.match(head) is not None
