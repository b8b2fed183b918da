from __future__ import annotations

import gzip

import pytest

from scraper.discover import discover, sniff
from scraper.errors import BadURL, BadUsage, NotAFeed, WrongType
from scraper.model import SourceKind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'<?xml version="1.0"?><rss version="2.0"/>', SourceKind.FEED),
        (b"\xef\xbb\xbf\n<!-- a comment with <html> in it --><feed/>", SourceKind.FEED),
        ("<feed/>".encode("utf-16"), SourceKind.FEED),
        ("<feed/>".encode("utf-16-be"), SourceKind.FEED),
        (b'<rdf:RDF xmlns="http://purl.org/rss/1.0/">', SourceKind.FEED),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1", "items": []}', SourceKind.FEED),
        (b"<urlset>", SourceKind.SITEMAP),
        (b"<sm:sitemapindex>", SourceKind.SITEMAP),
        (gzip.compress(b"<urlset>", mtime=0), SourceKind.SITEMAP),
        (b"https://a.example/one\nhttps://a.example/two\n", SourceKind.SITEMAP),
        (b"<!DOCTYPE html><custom-root>", SourceKind.PAGE),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', SourceKind.PAGE),
        (b"<div>a fragment</div>", SourceKind.PAGE),
        (b"<br>\nWarning: something<br>\n<rss version='2.0'/>", SourceKind.FEED),
    ],
)
def test_bytes_decide(body: bytes, kind: SourceKind) -> None:
    assert sniff(body, None) is kind
    assert sniff(body, "text/html") is kind
    assert sniff(body, "application/rss+xml") is kind


def test_the_header_decides_where_bytes_do_not() -> None:
    assert sniff(b"just words", "text/html; charset=utf-8") is SourceKind.PAGE
    with pytest.raises(NotAFeed, match="text without markup"):
        sniff(b"just words", "text/plain")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n", "an image"),
        (b"", "empty"),
        (b" \n", "empty"),
        (b"a\0b", "binary"),
        (b'{"items": []}', "not a JSON Feed"),
        (b"<svg/>", "root <svg>"),
        (b"<rdf:RDF><foaf:Person/></rdf:RDF>", "root <rdf:RDF>"),
        (b"\x1f\x8b\x08 not really", "cannot be unpacked"),
        (gzip.compress(b"%PDF-1.7", mtime=0), "a PDF"),
    ],
)
def test_what_is_none_of_them(body: bytes, message: str) -> None:
    with pytest.raises(NotAFeed, match=message):
        sniff(body, None)


def test_a_section_source_that_answers_with_no_page_is_a_wrong_type() -> None:
    with pytest.raises(WrongType, match="a PDF"):
        discover(SourceKind.PAGE, b"%PDF-1.7", "https://a.example/")


def test_a_feed_source_that_answers_with_a_sitemap_is_told_so() -> None:
    with pytest.raises(NotAFeed, match="Expected a feed, but this is a sitemap"):
        discover(SourceKind.FEED, b"<urlset/>", "https://a.example/")


def test_arguments_that_cannot_be_used() -> None:
    with pytest.raises(BadURL):
        discover(SourceKind.FEED, b"<rss/>", "not a url")
    with pytest.raises(BadUsage, match="No such time zone"):
        discover(SourceKind.FEED, b"<rss/>", "https://a.example/", zone="Europe/Atlantis")


def test_a_feed_may_be_a_gzip_file() -> None:
    body = gzip.compress(b"<rss><channel><title>Packed</title></channel></rss>")
    assert discover(SourceKind.FEED, body, "https://a.example/").title == "Packed"
