"""What we write, as other tools read it: warcio checks every digest and reads every record."""

from __future__ import annotations

import re
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from scraper.model import Page
from scraper.warc.writing import Writing
from tests.warc.samples import AT, HTML, URL, page, pages, read

VIA = (f"{URL}?short", "https://t.example/x")


def written(*which: Page, packed: bool = True, again: bool = True, source: str = "") -> bytes:
    out = BytesIO()
    writing = Writing(out, packed=packed)
    writing.info("x.warc.gz", {"software": "ours", "format": "WARC File Format 1.1"})
    for number, each in enumerate(which):
        writing.page(each, number, again=again, source=source)
    return out.getvalue()


def records(data: bytes) -> list[tuple[str, dict[str, str], bytes]]:
    """As warcio reads them: type, headers, block."""
    return [
        (each.rec_type, dict(each.rec_headers.headers), each.content_stream().read())
        for each in ArchiveIterator(BytesIO(data), no_record_parse=True)
    ]


def checked(data: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    path = folder / "x.warc.gz"
    path.write_bytes(data)
    assert Checker(Namespace(inputs=[str(path)], verbose=True)).process_all() == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("packed", [True, False])
def test_warcios_own_check_finds_every_digest_right(
    packed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = page(final_url=f"{URL}?2", fetched_at=AT + timedelta(days=1))
    said = checked(written(page(url=VIA[0], redirects=VIA), again, packed=packed), tmp_path, capsys)
    assert said.count("digest pass") == 6  # warcinfo, 2 requests, 2 metadata, 1 response
    assert said.count("not checked (revisit)") == 1
    assert "failed" not in said


def test_a_page_is_a_request_its_metadata_and_its_answer() -> None:
    asked = (("user-agent", "ours"), ("accept", "text/html"))
    data = written(page(url=VIA[0], redirects=VIA, request_headers=asked, login=True), source="paper")
    info, request, metadata, response = records(data)
    assert (info[0], request[0], metadata[0], response[0]) == ("warcinfo", "request", "metadata", "response")
    assert info[2] == b"software: ours\r\nformat: WARC File Format 1.1\r\n"
    assert (
        request[2]
        == b"GET /2021/story HTTP/1.1\r\nhost: paper.example\r\nuser-agent: ours\r\naccept: text/html\r\n\r\n"
    )
    lines = [f"requestedUrl: {VIA[0]}", *(f"redirectedFrom: {url}" for url in VIA), "source: paper", "login: 1"]
    assert metadata[2].decode() == "".join(f"{line}\r\n" for line in lines)
    assert response[2].startswith(b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n")
    assert response[2].endswith(b"\r\n\r\n" + HTML)
    for _, headers, _ in (request, metadata):
        assert headers["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    for _, headers, block in (request, metadata, response):
        assert (headers["WARC-Target-URI"], headers["WARC-Date"]) == (URL, "2021-03-04T05:06:07Z")
        assert headers["Content-Length"] == str(len(block))
        assert re.fullmatch(r"sha1:[A-Z2-7]{32}", headers["WARC-Block-Digest"])
    assert data.count(b"\x1f\x8b\x08") >= 4  # a member a record


def test_the_same_pages_make_the_same_records() -> None:
    one, other = (records(written(page(), page(final_url=f"{URL}?2"))) for _ in range(2))
    assert one[1:] == other[1:]
    assert len({headers["WARC-Record-ID"] for _, headers, _ in one}) == len(one)


def test_a_body_that_comes_again_refers_to_the_first() -> None:
    found = records(written(page(), page(final_url=f"{URL}?2", fetched_at=AT + timedelta(days=1))))
    first, second = (each for each in found if each[0] in ("response", "revisit"))
    kind, headers, block = second
    assert (kind, headers["WARC-Profile"]) == (
        "revisit", "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    )  # fmt: skip
    assert headers["WARC-Refers-To"] == first[1]["WARC-Record-ID"]
    assert headers["WARC-Refers-To-Target-URI"] == URL
    assert headers["WARC-Refers-To-Date"] == first[1]["WARC-Date"]
    assert headers["WARC-Payload-Digest"] == first[1]["WARC-Payload-Digest"]
    assert block.endswith(b"\r\n\r\n")
    assert HTML not in block


def test_an_answer_that_nothing_changed_is_a_revisit_of_that_kind() -> None:
    kind, headers, block = records(written(page(status=304)))[-1]
    assert (kind, headers["WARC-Profile"]) == ("revisit", "http://netpreserve.org/warc/1.1/revisit/server-not-modified")
    assert block.startswith(b"HTTP/1.1 304 Not Modified\r\n")


def test_headers_are_true_of_what_follows_them() -> None:
    came = (("content-encoding", "br"), ("transfer-encoding", "chunked"), ("content-length", "31"), ("x-a", "Ümlaut"))
    block = records(written(page(headers=came)))[-1][2]
    head = block.partition(b"\r\n\r\n")[0].decode().splitlines()[1:]
    assert head == [
        "X-Archive-Orig-content-encoding: br", "X-Archive-Orig-transfer-encoding: chunked",
        "X-Archive-Orig-content-length: 31", "x-a: Ümlaut",
    ]  # fmt: skip


def test_secrets_that_an_archive_should_not_hold_are_not_written_all_the_same() -> None:
    hush = "hush-7f3a"
    secret = (("cookie", hush), ("set-cookie", hush), ("authorization", hush), ("proxy-authorization", hush),
              ("x-api-key", hush), ("x-session-token", hush))  # fmt: skip
    data = written(page(headers=secret, request_headers=secret), packed=False)
    assert hush.encode() not in data


def test_a_line_break_in_a_value_makes_no_header_of_its_own() -> None:
    block = records(written(page(headers=(("x-a", "1\r\nx-b: 2"), ("x-c", "3\n\n<p>")))))[-1][2]
    assert block.partition(b"\r\n\r\n")[0].splitlines()[1:] == [b"x-a: 1 x-b: 2", b"x-c: 3 <p>"]
    assert block.endswith(b"\r\n\r\n" + HTML)
    odd = page(headers=(("x\r\nx-b", "\udcff"),), redirects=("https://paper.example/r\r\nlogin: 1",))
    _, notes, last = (each[2] for each in records(written(odd))[-3:])
    assert notes == b"redirectedFrom: https://paper.example/r login: 1\r\n"
    assert last.partition(b"\r\n\r\n")[0].splitlines()[1:] == [b"x x-b: ?"]


NAMES = st.sampled_from(
    ["content-type", "etag", "content-encoding", "transfer-encoding", "content-length", "x-a", "vary"]
)
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)
PAGES = st.builds(
    Page,
    url=st.sampled_from([URL, VIA[0], VIA[1]]),
    final_url=st.sampled_from([URL, f"{URL}?q=%C3%BC", "http://paper.example:8080/"]),
    status=st.sampled_from([200, 203, 206, 299]),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=6).map(tuple),
    body=st.binary(max_size=300) | st.sampled_from([HTML, b"", HTML * 900]),
    fetched_at=st.integers(0, 10**8).map(lambda seconds: AT + timedelta(seconds=seconds)),
    redirects=st.lists(st.sampled_from(VIA), max_size=3).map(tuple),
    request_headers=st.lists(st.tuples(st.sampled_from(["accept", "user-agent"]), VALUES), max_size=2).map(tuple),
    login=st.booleans(),
)


def told(each: Page) -> Page:
    """With headers that the reader takes for those of a web page, whose coding is none."""
    kept = tuple((name, value) for name, value in each.headers if name != "content-type")
    return replace(each, headers=(("content-type", "text/html"), *kept))


@given(st.lists(PAGES.map(told), min_size=1, max_size=4), st.booleans())
def test_what_is_written_is_read_back_byte_for_byte(which: list[Page], packed: bool) -> None:
    data = written(*which, packed=packed, again=False)
    assert pages(data) == which
    assert len(list(ArchiveIterator(BytesIO(data)))) >= 1 + 2 * len(which)


def test_revisits_are_read_back_as_what_they_refer_to() -> None:
    (first, second), passed, _ = read(written(page(), page(final_url=f"{URL}?2", fetched_at=AT + timedelta(days=1))))
    assert first.revisit is None
    assert second.revisit is not None
    assert (second.revisit.url, second.revisit.at) == (URL, AT)
    assert first.digest == second.digest
    assert passed.count("request") == 2
