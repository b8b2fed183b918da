"""Bodies that are gzip files (``sitemap.xml.gz``), with bounds. Source: RFC 1952; limits: DESIGN section 7."""

from __future__ import annotations

import zlib

from scraper.errors import LimitExceeded, NotAFeed
from scraper.units import Size

MAX_SIZE = Size.parse("50 MiB")
MAX_RATIO = 100
_FREE = Size.parse("1 MiB")  # the ratio counts from here on: short texts may repeat themselves
_STEP = 64 * 1024
_MAGIC = b"\x1f\x8b\x08"


def gunzip(body: bytes, limit: int = MAX_SIZE) -> bytes:
    """The contents of a gzip file, or the body itself where it is none.

    A file that was cut short yields what came. Raises LimitExceeded past ``limit`` bytes or 100:1, and NotAFeed where
    nothing at all can be unpacked.
    """
    if not body.startswith(_MAGIC):
        return body
    unpacked = bytearray()
    members = body
    try:
        while members.startswith(_MAGIC):
            members = _member(members, unpacked, limit)
    except zlib.error as error:
        if not unpacked:
            raise NotAFeed("A gzip file that cannot be unpacked") from error
    if not unpacked:
        raise NotAFeed("A gzip file with nothing in it")
    return bytes(unpacked)


def opening(body: bytes, size: int) -> bytes:
    """The first ``size`` bytes of a gzip file's contents, or of the body itself. Raises NotAFeed."""
    if not body.startswith(_MAGIC):
        return body[:size]
    try:
        return zlib.decompressobj(wbits=31).decompress(body[:size], size)
    except zlib.error as error:
        raise NotAFeed("A gzip file that cannot be unpacked") from error


def _member(packed: bytes, unpacked: bytearray, limit: int) -> bytes:
    """Unpack one member of the file; what follows it is returned."""
    stream = zlib.decompressobj(wbits=31)
    start = len(unpacked)
    for at in range(0, len(packed), _STEP):
        chunk = packed[at : at + _STEP]
        while chunk and not stream.eof:
            unpacked += stream.decompress(chunk, _STEP)
            chunk = stream.unconsumed_tail
            size = len(unpacked)
            if size > limit:
                raise LimitExceeded(f"A gzip file with more than {limit:,} bytes in it")
            read = min(at + _STEP, len(packed)) - len(chunk)
            if size > _FREE and size - start > MAX_RATIO * read:
                raise LimitExceeded("A gzip file that unpacks to more than 100 times its size")
        if stream.eof:
            return stream.unused_data + packed[at + _STEP :]
    return b""
