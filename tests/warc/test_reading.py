"""Archives of others: what wget, Heritrix, browsers, warcprox and CC-NEWS write, and what damage leaves of it."""

from __future__ import annotations

import gzip
import struct
import zlib
from io import BytesIO

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.fetch.decode import Bounds
from scraper.warc.captures import captures
from scraper.warc.records import Records
from scraper.warc.unpacking import Unpacked, is_archive
from tests.warc.samples import AT, BOUNDS, HTML, URL, answer, packed, pages, read, record

GOOD = record(block=answer())
TYPE = "Content-Type: text/html"
INFO = record("warcinfo", b"software: Wget/1.21\r\n", Content_Type="application/warc-fields", WARC_Target_URI="")


def chunked(body: bytes, size: int = 7) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def zst(*records: bytes, dictionary: bytes = b"") -> bytes:
    data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    packer = zstandard.ZstdCompressor(dict_data=data)
    head = struct.pack("<II", 0x184D2A5D, len(dictionary)) + dictionary if dictionary else b""
    return head + b"".join(packer.compress(each) for each in records)


@pytest.mark.parametrize(
    "data",
    [
        INFO + GOOD,
        packed(INFO, GOOD),
        gzip.compress(INFO + GOOD),  # one member for all: no index can use it, and it is read all the same
        packed(INFO, GOOD) + b"\0" * 1024,
        zst(INFO, GOOD),
        zst(INFO, GOOD, dictionary=b"WARC-Type: response WARC-Target-URI" * 40),
        record(version="WARC/0.18", block=answer()),
        record(version="WARC/1.1", block=answer(), WARC_Date="2021-03-04T05:06:07.123456Z"),
        GOOD.replace(b"\r\n", b"\n").replace(str(len(answer())).encode(), str(len(answer()) - 3).encode()),
        record(block=answer(), WARC_Target_URI=f"<{URL}>"),  # wget's brackets
        GOOD.replace(b"WARC-Type", b"warc-type").replace(b"Content-Length", b"content-length"),
    ],
    ids=["plain", "gz", "one member", "padded", "zst", "zst with dictionary", "0.18", "1.1", "LF", "brackets", "lower"],
)
def test_every_way_to_pack_and_to_write_it(data: bytes) -> None:
    assert is_archive(data[:4096])
    (page,) = pages(data)
    assert (page.url, page.final_url, page.status, page.body, page.fetched_at) == (URL, URL, 200, HTML, AT)
    assert page.header("content-type") == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(HTML), ("Transfer-Encoding: chunked",)),
        (chunked(gzip.compress(HTML)), ("transfer-encoding: Chunked", "content-encoding: gzip")),
        (HTML, ("Transfer-Encoding: chunked",)),  # browsers' archives, Heritrix: undone beside the header as it came
        (HTML, ("Content-Encoding: gzip",)),
        (HTML, ("Content-Encoding: br", "Transfer-Encoding: chunked")),
        (gzip.compress(HTML), ("Content-Encoding: x-gzip",)),
        (zlib.compress(HTML), ("Content-Encoding: deflate",)),
        (brotli.compress(HTML), ("Content-Encoding: br",)),
        (zstandard.compress(HTML), ("Content-Encoding: zstd",)),
        (HTML, ("X-Crawl-Content-Encoding: gzip", "Content-Length: 65")),  # CC-NEWS
        (HTML, ("X-Archive-Orig-Content-Encoding: gzip", "X-Archive-Orig-Content-Length: 12")),  # pywb
    ],
)
def test_chunks_and_codings_are_undone_as_far_as_the_bytes_bear_them_out(body: bytes, headers: tuple[str, ...]) -> None:
    block = answer(body, "Content-Type: text/html", *headers)
    (page,) = pages(packed(record(block=block)))
    assert page.body == HTML


def test_headers_are_given_back_as_the_server_sent_them_and_without_secrets() -> None:
    lines = (
        "Content-Type: text/html", "Set-Cookie: id=7", "X-Auth-Token: 8", "X-Archive-Orig-Content-Encoding: gzip",
        "Content-Length: 65", "X-Archive-Orig-Content-Length: 12", 'ETag: "a"', "X-Folded: a", "\tb",
        "X-Latin: caf\xe9",
    )  # fmt: skip
    (page,) = pages(record(block=answer(HTML, *lines)))
    assert page.headers == (
        ("content-type", "text/html"), ("content-encoding", "gzip"), ("content-length", "12"), ("etag", '"a"'),
        ("x-folded", "a b"), ("x-latin", "café"),
    )  # fmt: skip


def test_names_and_passwords_in_addresses_are_left_out() -> None:
    notes = b"requestedUrl: http://me:pw@paper.example/q@1\r\nredirectedFrom: http:\\\\me:p@w@paper.example/r\r\n"
    tied = {"WARC_Record_ID": "<urn:uuid:2>", "WARC_Concurrent_To": "<urn:uuid:11111111-2222-3333-4444-555555555555>"}
    block = answer()
    (page,) = pages(
        record("metadata", notes, **tied) + record(block=block, WARC_Target_URI="HTTPS://me@paper.example/s")
    )
    assert (page.url, page.final_url) == ("http://paper.example/q@1", "HTTPS://paper.example/s")
    assert "me" not in "".join(page.redirects)


@pytest.mark.parametrize("status", ["HTTP/2 200", "HTTP/1.0 200 OK", "HTTP/2.0 200 OK", "HTTP/1.1 206 Partial"])
def test_status_lines(status: str) -> None:
    (page,) = pages(record(block=answer(status=status)))
    assert page.status == int(status.split()[1])


def test_what_is_no_page_is_passed_over_and_named() -> None:
    others = [
        INFO,
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        record(block=answer(b"\x89PNG\r\n\x1a\n", "Content-Type: image/png")),
        record(block=answer(b"gone", status="HTTP/1.1 404 Not Found")),
        record(block=answer(b"", "Location: /b", status="HTTP/1.1 301 Moved")),
        record(block=b"20210304050607\npaper.example. 300 IN A 192.0.2.1\n", WARC_Target_URI="dns:paper.example"),
        record("conversion", b"text", Content_Type="text/plain"),
        record(block=answer(), WARC_Segment_Number="1", WARC_Segment_Total_Length="99999"),
        record("metadata", b"x" * 100_000),
    ]
    found, passed, damages = read(packed(*others, GOOD))
    assert len(found) == 1
    assert damages == 0
    assert passed == [
        "warcinfo", "request", "image", "status 4xx", "status 3xx", "response of dns:", "conversion", "segment",
        "metadata",
    ]  # fmt: skip


@pytest.mark.parametrize("first", ["request", "response"])
def test_a_request_is_tied_to_its_answer_in_either_order(first: str) -> None:
    request = record(
        "request", b"GET /2021/story HTTP/1.1\r\nUser-Agent: them\r\nCookie: secret\r\nHost: paper.example\r\n\r\n",
        WARC_Record_ID="<urn:uuid:r>", WARC_Concurrent_To="<urn:uuid:a>",
    )  # fmt: skip
    stray = record("request", b"GET / HTTP/1.1\r\nUser-Agent: stray\r\n\r\n", WARC_Record_ID="<urn:uuid:s>")
    response = record(block=answer(), WARC_Record_ID="<urn:uuid:a>")
    both = [request, response] if first == "request" else [response, request]
    (page,) = pages(packed(stray, *both))
    assert page.request_headers == (("user-agent", "them"),)


def test_an_arc() -> None:
    def entry(url: str, kind: str, block: bytes) -> bytes:
        return f"{url} 192.0.2.1 20210304050607 {kind} {len(block)}\n".encode() + block + b"\n"

    head = entry(
        "filedesc://a.arc", "text/plain", b"1 0 Some archive\nURL IP-address Archive-date Content-type Length\n"
    )
    data = packed(head, entry(URL, "text/html", answer()))
    assert is_archive(data[:4096])
    (page,) = pages(data)
    assert (page.final_url, page.body, page.fetched_at) == (URL, HTML, AT)


def test_revisits_say_what_they_repeat() -> None:
    head = answer(b"")
    profile = "http://netpreserve.org/warc/1.0/revisit/"
    same = record("revisit", head, WARC_Profile=f"{profile}identical-payload-digest", WARC_Payload_Digest="sha1:AB",
                  WARC_Refers_To_Target_URI=f"{URL}?a", WARC_Refers_To_Date="2020-01-01T00:00:00Z")  # fmt: skip
    not_modified = answer(b"", status="HTTP/1.1 304 Not Modified")
    unchanged = record("revisit", not_modified, WARC_Profile=f"{profile}server-not-modified")
    (first, second), _, _ = read(packed(same, unchanged))
    assert first.revisit is not None
    assert (first.revisit.url, str(first.revisit.at)[:10], first.revisit.digest) == (
        f"{URL}?a",
        "2020-01-01",
        "sha1:AB",
    )
    assert second.revisit is not None
    assert (second.revisit.url, second.revisit.not_modified, second.page.from_cache) == (URL, True, True)


def test_what_warcio_writes() -> None:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number in range(3):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = HTML + b"%d" % number
        record = writer.create_warc_record(
            f"{URL}/{number}", "response", payload=BytesIO(body), length=len(body), http_headers=head
        )
        writer.write_record(record)
    assert [page.body[-1:] for page in pages(out.getvalue())] == [b"0", b"1", b"2"]


@pytest.mark.parametrize(
    ("block", "headers", "reason"),
    [
        (answer(gzip.compress(bytes(2**24)), TYPE, "Content-Encoding: gzip"), {}, "unpacks too far"),
        (answer(brotli.compress(bytes(2**25)), TYPE, "Content-Encoding: br"), {}, "unpacks too far"),
        (answer(bytes(11 * 2**20), "Content-Type: text/html"), {}, "too large"),
        (answer(b"\x1f\x8b\x08junk", "Content-Type: text/html", "Content-Encoding: gzip"), {}, "bad coding"),
        (answer(gzip.compress(HTML)[:-9], "Content-Type: text/html", "Content-Encoding: gzip"), {}, "truncated"),
        (answer(chunked(HTML)[:40], "Content-Type: text/html", "Transfer-Encoding: chunked"), {}, "truncated"),
        (answer(HTML, "Content-Type: text/html", "Content-Encoding: gzip, br"), {}, "stacked codings"),
        (b"no HTTP at all", {}, "bad record"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000, {}, "bad record"),
        (answer(), {"WARC_Date": "yesterday"}, "bad record"),
        (answer(), {"WARC_Date": "0001-01-01T00:00:00+10:00"}, "bad record"),
        (answer(), {"WARC_Date": "9999-12-31T23:59:59-10:00"}, "bad record"),
        (answer(), {"WARC_Date": "1970-01-01T00:00:00Z"}, "bad record"),
        (answer(b"%PDF-1.7", "X: y"), {}, "wrong type"),
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_read_says_why_and_the_next_one_is_read(
    block: bytes, headers: dict[str, str], reason: str
) -> None:
    found, _, damages = read(packed(record(block=block, **headers), GOOD))
    assert damages == 0
    assert [each.error.reason if each.error else None for each in found] == [reason, None]


@pytest.mark.parametrize(
    "bad",
    [
        gzip.compress(GOOD)[:60],
        gzip.compress(GOOD)[:60] + bytes(60),
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n"),
        gzip.compress(b"WARC/1.0\r\nContent-Length: -5\r\n\r\n"),
        gzip.compress(b"WARC/1.0\r\nContent-Length: 99999999999999999\r\n\r\n"),
        gzip.compress(GOOD.replace(b"Content-Length: ", b"Content-Length: 1")),
        gzip.compress(GOOD.replace(b"Content-Length: 1", b"Content-Length: ")),
        gzip.compress(b"X" * 300_000),
        gzip.compress(b"WARC/1.0\r\n" + b"X: " + b"y" * 300_000 + b"\r\n\r\n"),
        gzip.compress(b"WARC/1.0\r\n" + b"X: y\r\n" * 10_000 + b"\r\n"),
        b"not gzip in the middle of it",
    ],
)
def test_damage_is_counted_and_costs_no_other_record(bad: bytes) -> None:
    found, _, damages = read(packed(INFO) + bad + packed(GOOD, GOOD))
    assert [each.page.body for each in found][-2:] == [HTML, HTML]
    assert damages >= 1 or bad.startswith(b"not")


def test_a_file_that_breaks_off() -> None:
    for data in (packed(GOOD, GOOD)[:-30], GOOD + GOOD[:-30]):
        found, _, damages = read(data)
        assert found[0].error is None
        assert [each.error.reason for each in found[1:] if each.error] == ["truncated"]
        assert damages == 1


def test_a_wrong_length_in_a_plain_file_costs_what_it_covers() -> None:
    short = GOOD.replace(f"Content-Length: {len(answer())}".encode(), b"Content-Length: 90")
    found, _, damages = read(short + GOOD)
    assert [each.page.body for each in found if each.error is None][-1] == HTML
    assert damages == 1


class Endless:
    """A record of 1 GiB, and one behind it."""

    def __init__(self, before: bytes, zeros: int, after: bytes) -> None:
        self._before, self._zeros, self._after = before, zeros, after

    def read(self, size: int) -> bytes:
        if self._before:
            data, self._before = self._before[:size], self._before[size:]
            return data
        if self._zeros:
            count = min(size, self._zeros)
            self._zeros -= count
            return bytes(count)
        data, self._after = self._after[:size], self._after[size:]
        return data


def test_a_record_of_a_gibibyte_is_refused_or_passed_over() -> None:
    for kind, name in (("text/html", "too large"), ("video/mp4", "video")):
        head = answer(b"", f"Content-Type: {kind}")
        begun = record(block=head, Content_Length=str(len(head) + 2**30))[:-4]
        records = Records(Unpacked(Endless(begun, 2**30, b"\r\n\r\n" + GOOD)))
        first, last = list(captures(records, BOUNDS))
        assert getattr(first, "what", None) == name or first.error.reason == name  # type: ignore[union-attr]
        assert last.page.body == HTML  # type: ignore[union-attr]
        assert records.damages == 0


@given(st.lists(st.tuples(st.sampled_from(["flip", "cut", "drop"]), st.integers(0, 2000)), max_size=4))
def test_whatever_is_broken_nothing_but_ours_is_raised(faults: list[tuple[str, int]]) -> None:
    data = packed(INFO, GOOD, record(block=answer(chunked(HTML), "Transfer-Encoding: chunked")), GOOD)
    for plain in (data, INFO + GOOD + GOOD, zst(INFO, GOOD)):
        broken = bytearray(plain)
        for fault, where in faults:
            at = where % max(1, len(broken))
            if fault == "flip":
                broken[at : at + 1] = bytes([broken[at] ^ 0x55]) if broken else b""
            elif fault == "cut":
                del broken[at:]
            else:
                del broken[at : at + 5]
        found, _, _ = read(bytes(broken), Bounds(2**20, 100))
        assert all(each.page.body in (HTML, b"") or each.error is None for each in found)


HEADS = [
    (b"Title\n\nJanuary 3, 2022\n\ntext\n", False),
    (b"", False),
    (b"WARC/1.0\r\n", True),
    (b"WARC is a format\n", False),
    (gzip.compress(b"only text"), False),
    (b"filedesc://x.arc 0.0.0.0 20210304050607 text/plain 9\n", True),
]


@pytest.mark.parametrize(("head", "is_one"), HEADS)
def test_a_file_is_told_by_what_is_in_it(head: bytes, is_one: bool) -> None:
    assert is_archive(head) is is_one
