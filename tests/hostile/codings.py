"""Content codings: bombs, floods, what is cut short, what is no such coding, and what must be read all the same."""

from __future__ import annotations

import gzip
import random
import struct
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

from tests.fetch.loopback import Reply
from tests.hostile.answers import HTML, OPEN, coded, endless, packed, prose, story, stream
from tests.hostile.case import Case, failed, saved, skipped

TOO_FAR = "unpacks to more than 100 times its size"
LARGER = "is larger than 10,485,760 bytes"


def bare(data: bytes) -> bytes:
    """Deflate without zlib's header and sum, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def quick(data: bytes) -> bytes:
    """Brotli as servers do it on the way."""
    packed: bytes = brotli.compress(data, quality=3)
    return packed


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare),
    "Brotli": ("br", quick),
    "zstd": ("zstd", zstandard.compress),
}


def of_each(name: str, coding: str, pack: Callable[[bytes], bytes]) -> Iterator[Case]:
    """What every coding goes through."""
    yield saved(f"{name}: a page", coded(coding, pack(story(f"By {name}").encode())), f"By {name}")
    yield saved(
        f"{name}: a long page",
        packed(coding, lambda: pack(story(f"A long page by {name}").encode() + prose(300_000))),
        f"A long page by {name}",
    )
    yield skipped(
        f"{name}: a bomb", packed(coding, lambda: pack(bytes(64 * 2**20))), "unpacks too far", TOO_FAR, alone=True
    )
    yield skipped(
        f"{name}: a bomb behind a page",
        packed(coding, lambda: pack(story("x").encode() + b"<p>and so on</p>" * 2**22)),
        "unpacks too far",
        TOO_FAR,
        alone=True,
    )
    yield skipped(
        f"{name}: honestly too large", packed(coding, lambda: pack(prose(11 * 2**20))), "too large", LARGER, alone=True
    )
    yield failed(f"{name}: cut short", coded(coding, pack(rough(9000))[:-2000]), "truncated", "in the middle of its")
    yield failed(f"{name}: cut short by a byte", coded(coding, pack(story("x").encode())[:-1]), "truncated")


def gzip_for_ever() -> Iterator[bytes]:
    """A member without an end: each kibibyte of it is a mebibyte of zeros."""
    packer = zlib.compressobj(wbits=31)
    yield packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    while True:
        yield block * 64


def zstd_frame(blocks: int, window: int = 0x38) -> bytes:
    """A frame of blocks that repeat one byte 128 KiB long; ``window`` is the frame's descriptor of its window."""
    run, size = 1, 2**17
    block = struct.pack("<I", size << 3 | run << 1)[:3] + b"x"
    return struct.pack("<IBB", 0xFD2FB528, 0, window) + block * blocks + b"\1\0\0"


def skippable(size: int) -> bytes:
    return struct.pack("<II", 0x184D2A50, size) + bytes(size)


def wrong_sum(data: bytes) -> bytes:
    packed = gzip.compress(data)
    return packed[:-8] + bytes(4) + packed[-4:]


def rough(size: int) -> bytes:
    """Letters that no coding packs well."""
    return noise(size // 2).hex().encode()


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)  # noqa: S311 - it guards nothing


def head(coding: str) -> bytes:
    return OPEN[:-2] + b"Content-Encoding: " + coding.encode() + b"\r\n\r\n"


def halves(title: str) -> tuple[bytes, bytes]:
    page = story(title).encode()
    return page[:500], page[500:]


def foreign(data: bytes) -> bytes:
    """Zstd by a dictionary that only the server has."""
    dictionary = zstandard.ZstdCompressionDict(story("y").encode(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(dict_data=dictionary).compress(data)


def wide(data: bytes, log: int) -> bytes:
    """Zstd that wants a window of two to that power."""
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=log)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(data) + packer.flush()


CASES = (
    *(case for name, (coding, pack) in CODINGS.items() for case in of_each(name, coding, pack)),
    # --- gzip and deflate
    skipped("gzip: an endless bomb", stream(head("gzip"), gzip_for_ever), "unpacks too far", TOO_FAR, alone=True),
    skipped(
        "gzip: a bomb in a 404",
        stream(head("gzip").replace(b"200 OK", b"404 X"), gzip_for_ever),
        "gone",
        "answered 404",
        alone=True,
    ),
    skipped("gzip: 2,000 empty members", coded("gzip", gzip.compress(b"") * 2000), "too large", "members"),
    skipped(
        "gzip: a bomb in 500 members",
        packed("gzip", lambda: gzip.compress(bytes(2**18)) * 500),
        "unpacks too far",
        TOO_FAR,
        alone=True,
    ),
    skipped("gzip: within gzip", coded("gzip", gzip.compress(gzip.compress(rough(999)))), "wrong type", "a gzip file"),
    skipped("gzip: a page that is none", coded("gzip", story("x").encode()), "bad coding", "is not in the coding gzip"),
    skipped("gzip: a sum that is wrong", coded("gzip", wrong_sum(story("x").encode())), "bad coding"),
    skipped("gzip: rubbish after its head", coded("gzip", gzip.compress(b"")[:10] + noise(999)), "bad coding"),
    failed("gzip: its head only", coded("gzip", gzip.compress(b"")[:10]), "truncated"),
    saved("gzip: under its old name", coded("X-GZip", gzip.compress(story("Of old").encode())), "Of old"),
    saved(
        "gzip: a page in members, and padding",
        coded("gzip", b"".join(map(gzip.compress, halves("In members"))) + bytes(99)),
        "In members",
    ),
    skipped("deflate: a page that is none", coded("deflate", b"\x07" + story("x").encode()), "bad coding"),
    skipped("deflate: gzip under its name", coded("deflate", gzip.compress(rough(999))), "bad coding"),
    # --- Brotli and zstd
    skipped("Brotli: a page that is none", coded("br", story("x").encode()), "bad coding", "is not in the coding br"),
    skipped("Brotli: rubbish", coded("br", noise(9999)), "bad coding"),
    skipped(
        "Brotli: 512 MiB in some hundred bytes",
        packed("br", lambda: quick(bytes(2**29))),
        "unpacks too far",
        alone=True,
    ),
    skipped("zstd: a page that is none", coded("zstd", story("x").encode()), "bad coding", "is not in the coding zstd"),
    skipped("zstd: rubbish after its head", coded("zstd", zstd_frame(0)[:6] + b"\xff" * 999), "bad coding"),
    skipped("zstd: 1 GiB in 32 KiB", coded("zstd", zstd_frame(8192)), "unpacks too far", TOO_FAR, alone=True),
    skipped("zstd: a window of 16 MiB", coded("zstd", wide(rough(999), 24)), "bad coding", alone=True),
    skipped("zstd: a window of 3.75 TiB", coded("zstd", zstd_frame(1, 0xFF)), "bad coding", alone=True),
    saved("zstd: a window of 8 MiB", coded("zstd", wide(story("Wide").encode(), 23)), "Wide", alone=True),
    skipped("zstd: a dictionary that we lack", coded("zstd", foreign(story("x").encode())), "bad coding"),
    skipped(
        "zstd: endless frames with nothing in them",
        stream(head("zstd"), endless(zstd_frame(0) * 9999)),
        "too large",
        alone=True,
    ),
    skipped(
        "zstd: endless frames to be skipped", stream(head("zstd"), endless(skippable(2**16))), "too large", alone=True
    ),
    saved(
        "zstd: a page in frames, some to be skipped",
        coded("zstd", skippable(9) + b"".join(map(zstandard.compress, halves("In frames"))) + skippable(9)),
        "In frames",
    ),
    # --- other codings, and several
    skipped("two codings in one header", coded("gzip, gzip", gzip.compress(b"x")), "stacked codings", "gzip, gzip"),
    skipped(
        "two codings in two headers",
        Reply(200, b"x", (("Content-Encoding", "gzip"), ("Content-Encoding", "br"), HTML)),
        "stacked codings",
        "gzip, br",
    ),
    skipped("a coding of the sixties", coded("compress", b"\x1f\x9dx"), "bad coding", "was not asked for"),
    saved("identity, in capitals", coded("IDENTITY", story("As it is").encode()), "As it is"),
    saved("a coding that nobody knows", coded("utf-8", story("No coding").encode()), "No coding"),
    saved("a coding without a name", coded("", story("Nameless").encode()), "Nameless"),
    saved(
        "gzip: not what the type says",
        coded("gzip", gzip.compress(story("Typed twice").encode()), ("X-Content-Encoding-Over-Network", "br")),
        "Typed twice",
    ),
)
