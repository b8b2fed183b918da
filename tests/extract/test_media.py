"""What is let through to the parser, and what is not."""

from __future__ import annotations

import pytest

from scraper.errors import WrongType
from scraper.extract import extract_article
from scraper.extract.media import require_page


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n...",
        b"\x89PNG\r\n\x1a\n....",
        b"\xff\xd8\xff\xe0..",
        b"GIF89a...",
        b"PK\x03\x04....",
        b"\x1f\x8b\x08...",
        b"RIFF1234WEBPVP8 ",
        b"\x00\x00\x00\x20ftypmp42",
        b"\x00\x01\x02\x00\x00\x03some\x00binary",
    ],
)
def test_bytes_are_believed_before_the_header(data: bytes) -> None:
    with pytest.raises(WrongType, match="not a web page"):
        extract_article(data, "https://a.example/b", content_type="text/html; charset=utf-8")


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "application/json", "text/css", "video/mp4"])
def test_other_types_are_refused(content_type: str) -> None:
    with pytest.raises(WrongType, match=content_type):
        require_page(b"<html>", content_type)


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/html", "Text/HTML; charset=x", "application/xhtml+xml", "text/plain", "application/octet-stream"],
)
def test_pages_pass(content_type: str | None) -> None:
    require_page(b"<!doctype html><p>Hello", content_type)
    require_page(b"\xff\xfe<\x00p\x00>\x00a\x00b\x00c\x00", content_type)


@pytest.mark.parametrize(
    "page",
    [b"<html>", b"\xef\xbb\xbf \n<!DOCTYPE html>", b"<?xml version='1.0'?><html>", b"<!-- x --><p>", b"<Title>a"],
)
def test_html_as_plain_text_is_html_and_plain_text_is_none(page: bytes) -> None:
    require_page(page, "text/plain; charset=utf-8")
    for text in (b"A text about <html> and <p>.", b"", b"<abbreviation>", b"{}"):
        with pytest.raises(WrongType, match="plain text"):
            require_page(text, "text/plain")


def test_a_feed_is_no_page() -> None:
    with pytest.raises(WrongType, match="feed"):
        require_page(b"\xef\xbb\xbf<?xml version='1.0'?>\n<rss version='2.0'>", "text/xml")
