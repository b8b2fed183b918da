"""Bytes -> text: who names the encoding, and what happens when it lies."""

# ruff: noqa: E501, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.charset import decode
from scraper.extract.prescan import labels

RUSSIAN = (
    "<html><head>{meta}<title>Трамвай вернётся на мост</title></head><body><p>Трамваи снова пойдут через Каменный мост"
    " двадцать восьмого декабря, сообщил начальник управления транспорта. Ремонт закончат раньше срока.</p></body></html>"
)


def page(codec: str, meta: str = "") -> bytes:
    return RUSSIAN.format(meta=meta).encode(codec)


@pytest.mark.parametrize(
    ("data", "content_type", "encoding", "source"),
    [
        (page("utf-8"), None, "utf-8", "utf-8"),
        (page("utf-8"), "text/html; charset=utf-8", "utf-8", "header"),
        (page("cp1251"), "text/html; charset=windows-1251", "windows-1251", "header"),
        (page("cp1251"), 'text/html;charset="CP1251"', "windows-1251", "header"),
        (page("cp1251", "<meta charset=windows-1251>"), "text/html", "windows-1251", "meta"),
        (
            page("cp1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
            None,
            "windows-1251",
            "meta",
        ),
        (page("cp1251"), None, "windows-1251", "guess"),
        (page("koi8-r", "<meta charset='koi8-r'>"), None, "koi8-r", "meta"),
        (b"\xff\xfe" + page("utf-16-le"), "text/html; charset=windows-1251", "utf-16le", "bom"),
        (b"\xfe\xff" + page("utf-16-be"), None, "utf-16be", "bom"),
        (b"\xef\xbb\xbf" + page("utf-8"), "text/html; charset=windows-1251", "utf-8", "bom"),
        (page("utf-16-le"), "text/html; charset=utf-16", "utf-16le", "header"),
        # A declaration that could be read as ASCII is not in UTF-16.
        (page("utf-8", "<meta charset=utf-16>"), None, "utf-8", "meta"),
        # Lies: a header that the bytes contradict, and one that the server added unasked.
        (page("cp1251", "<meta charset=windows-1251>"), "text/html; charset=utf-8", "windows-1251", "meta"),
        (page("utf-8"), "text/html; charset=iso-8859-1", "utf-8", "header"),
        # A label that is none, a comment, and a declaration past the first kilobyte.
        (page("cp1251", "<meta charset=windows-1251>"), "text/html; charset=no-such-thing", "windows-1251", "meta"),
        (page("utf-8", "<!-- <meta charset=windows-1251> -->"), None, "utf-8", "utf-8"),
        (page("cp1251", "<!--" + " " * 1500 + "--><meta charset=windows-1251>"), None, "windows-1251", "meta"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + page("cp1251"), None, "windows-1251", "meta"),
    ],
)
def test_who_names_the_encoding(data: bytes, content_type: str | None, encoding: str, source: str) -> None:
    decoded = decode(data, content_type)
    assert (decoded.encoding, decoded.source) == (encoding, source)
    assert "Трамвай вернётся на мост" in decoded.text


def test_python_codec_names_from_the_network_are_no_labels() -> None:
    for label in ("rot13", "zlib", "unicode_escape", "idna", "utf-7"):
        assert decode(b"plain", f"text/html; charset={label}").text == "plain"


def test_a_stray_bad_byte_does_not_turn_a_utf8_page_into_another() -> None:
    decoded = decode(page("utf-8").replace("мост".encode(), "мо".encode() + b"\xd1" + "ст".encode(), 1))
    assert decoded.encoding == "utf-8"


def test_chinese_and_japanese() -> None:
    text = (
        "<title>大学生用废弃海藻造纸</title><p>每年夏天，望潮湾沿岸都会堆积起大量海藻，清理费用一度让渔村头疼。如今，四名大学生把这些海藻"
        "变成了纸。项目负责人叶青禾今年21岁，就读于望潮海洋学院。她告诉记者，团队试验了137次，纸张就能达到书写标准。</p>"
    )
    assert decode(text.encode("gbk"), "text/html; charset=gb2312").text == text
    assert decode(text.encode("gbk")).text == text
    text = "<title>潮の満ち引きで動くバス</title>時刻表ではなく、月を見ています。海辺の町で新しい路線が始まった。"
    assert decode(text.encode("shift_jis"), "text/html; charset=Shift_JIS").text == text
    assert decode(text.encode("shift_jis")).text == text


@given(
    st.binary(max_size=400), st.sampled_from([None, "text/html", "text/html; charset=utf-8", "text/html; charset=big5"])
)
def test_decoding_never_fails(data: bytes, content_type: str | None) -> None:
    assert isinstance(decode(data, content_type).text, str)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"<meta charset=utf-8>", ["utf-8"]),
        (b"<META CHARSET = ' koi8-r '/>", ["koi8-r"]),
        (b"<meta/charset=big5>", ["big5"]),
        (b"<metacharset=big5>", []),
        (b'<meta http-equiv=Content-Type content="text/html; charset=windows-1251">', ["windows-1251"]),
        (b"<meta content='text/html;charset=\"gbk\"' http-equiv=content-type>", ["gbk"]),
        (b'<meta content="text/html; charset=gbk">', []),
        (b'<meta http-equiv=refresh content="0; charset=gbk">', []),
        (b'<meta name=description content="What charset=gbk means">', []),
        (b'<meta http-equiv=content-type content="text/html; charset">', []),
        (b"<!-- <meta charset=gbk> --><meta charset=utf-8>", ["utf-8"]),
        (b"<!--><meta charset=gbk>-->", ["gbk"]),
        (b"<!-- no end <meta charset=gbk>", []),
        (b"</meta charset=gbk><!doctype x '<meta charset=big5>'><meta charset=utf-8>", ["utf-8"]),
        (b'<p title="<meta charset=gbk>"><meta charset=utf-8>', ["utf-8"]),
        (b"<p a=1 charset=gbk><meta charset=utf-8>", ["utf-8"]),
        (b"<meta charset=no-such><meta charset=utf-8>", ["no-such", "utf-8"]),
        (b"<meta charset=gbk charset=utf-8>", ["gbk"]),
        (b"<meta charset=", []),
        (b"<meta charset='gbk", []),
        (b"<?xml version='1.0' encoding='euc-jp'?><p>", ["euc-jp"]),
        (b"<?xml version='1.0' encoding='euc-jp'?><meta charset=utf-8>", ["utf-8"]),
    ],
)
def test_the_prescan_follows_the_standard(head: bytes, found: list[str]) -> None:
    assert labels(head) == found


@given(st.binary() | st.text("<!->/= '\"metachrs\t").map(str.encode))
def test_no_bytes_break_the_prescan(head: bytes) -> None:
    assert all(isinstance(label, str) for label in labels(head))
