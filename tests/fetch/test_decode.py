from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from itertools import islice

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import HostUnreachable, LimitExceeded, PageRefused, ScrapeError
from scraper.fetch.codings import CODINGS
from scraper.fetch.decode import Bounds, Decoder

BOUNDS = Bounds(limit=10 * 2**20, ratio=100)


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    " Deflate ": bare,
    "br": partial(brotli.compress, quality=5),
    "zstd": zstandard.compress,
}
CODED = sorted(set(PACKERS) - {""})


def decode(coding: str, data: bytes, *, bounds: Bounds = BOUNDS, step: int = 65536) -> bytes:
    with closing(Decoder(coding, bounds, "http://example.org/")) as decoder:
        for start in range(0, len(data), step):
            decoder.feed(data[start : start + step])
        return decoder.finish()


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=300), st.integers(1, 400), st.integers(1, 700))
def test_every_coding_comes_back(coding: str, data: bytes, times: int, step: int) -> None:
    assert decode(coding, PACKERS[coding](data * times), step=step) == data * times


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("step", [65536, 1000])
def test_a_long_page_comes_back(coding: str, step: int) -> None:
    page = b"".join(b"<p>Paragraph %d of a long page.</p>" % number for number in range(30_000))
    assert decode(coding, PACKERS[coding](page), step=step) == page


@given(st.sampled_from(CODED), st.binary(), st.integers(1, 50))
def test_rubbish_raises_only_our_errors(coding: str, data: bytes, step: int) -> None:
    with suppress(ScrapeError):
        decode(coding, data, step=step)


@pytest.mark.parametrize("coding", CODED)
def test_an_empty_body_is_no_error(coding: str) -> None:
    assert decode(coding, b"") == b""


def test_gzip_may_have_members_and_padding() -> None:
    for step in (1, 3, 100):
        assert decode("gzip", gzip.compress(b"a") + gzip.compress(b"b") + b"\0\0\0", step=step) == b"ab"
    with pytest.raises(LimitExceeded, match="members"):
        decode("gzip", gzip.compress(b"") * 1001)


@pytest.mark.parametrize("step", [1, 7, 1000, 65536])
@pytest.mark.parametrize("after", [b"\0", b"junk", b"junk" * 30_000])
def test_what_follows_the_end_of_brotli_is_passed_over(step: int, after: bytes) -> None:
    page = bytes(range(256)) * 20 + b"".join(b"<p>%d</p>" % number for number in range(40_000))
    packed = brotli.compress(page, quality=5)
    bounds = Bounds(limit=10 * 2**20, ratio=1000)
    assert decode("br", packed + after, bounds=bounds, step=step) == page
    with pytest.raises(PageRefused):
        decode("br", packed[:200] + b"\xff" * 200 + packed[400:] + after, bounds=bounds, step=step)


@pytest.mark.parametrize("coding", ["", "identity", "utf-8", "aws-chunked"])
def test_what_is_no_coding(coding: str) -> None:
    assert decode(coding, b"plain") == b"plain"


@pytest.mark.parametrize("coding", ["compress", "dcb", "exi"])
def test_codings_that_were_not_asked_for(coding: str) -> None:
    with pytest.raises(PageRefused, match=coding):
        decode(coding, b"x")


def test_stacked_codings_are_refused() -> None:
    with pytest.raises(LimitExceeded, match="more than once"):
        decode("gzip, gzip", b"")


def test_zstd_may_have_frames() -> None:
    for step in (1, 3, 100):
        assert decode("zstd", zstandard.compress(b"a") + zstandard.compress(b"b" * 999), step=step) == b"a" + b"b" * 999


def test_frames_without_end_have_one() -> None:
    with pytest.raises(LimitExceeded, match="more than 1000 zstd frames"):
        decode("zstd", zstandard.compress(b"") * 1001)


def test_a_window_that_no_client_of_the_web_must_hold_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters.from_level(3, window_log=24)
    frame = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    with pytest.raises(PageRefused, match="not in the coding zstd"):
        decode("zstd", frame.compress(bytes(2**20)) + frame.flush())


@pytest.mark.parametrize("coding", CODED)
@pytest.mark.parametrize("step", [65536, 1000])
def test_bombs_are_refused(coding: str, step: int) -> None:
    bomb = PACKERS[coding](bytes(20 * 2**20))
    with pytest.raises(LimitExceeded, match="100 times"):
        decode(coding, bomb, step=step)
    with pytest.raises(LimitExceeded, match="larger than 500 bytes"):
        decode(coding, PACKERS[coding](bytes(501)), bounds=Bounds(500, 100), step=step)
    with pytest.raises(LimitExceeded, match="larger"):
        decode("", bytes(501), bounds=Bounds(500, 100), step=step)


@pytest.mark.parametrize("coding", CODED)
def test_a_bomb_comes_in_pieces(coding: str) -> None:
    bomb = PACKERS[coding](bytes(40 * 2**20))
    pieces = CODINGS[coding.strip().lower()]().pieces(bomb)
    assert max(len(piece) for piece in islice(pieces, 100)) <= 8 * 2**20


def test_the_limit_itself_is_taken() -> None:
    assert decode("gzip", gzip.compress(bytes(500)), bounds=Bounds(500, 100)) == bytes(500)


def test_a_body_may_be_cut() -> None:
    for coding in CODED:
        assert decode(coding, PACKERS[coding](b"ab" * 500), bounds=Bounds(7, 100, cut=True)) == b"abababa"
    assert decode("", b"ab" * 500, bounds=Bounds(7, 100, cut=True)) == b"abababa"


@pytest.mark.parametrize("coding", CODED)
def test_data_that_ends_too_early(coding: str) -> None:
    with pytest.raises(HostUnreachable) as caught:
        decode(coding, PACKERS[coding](b"hello world")[:-3])
    assert caught.value.reason == "truncated"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_data_in_no_such_coding(coding: str) -> None:
    with pytest.raises(PageRefused, match=f"not in the coding {coding}"):
        decode(coding, b"<!doctype html>" * 9)
