"""What a body is, told by its bytes: servers send feeds as text/html and error pages as application/rss+xml."""

from __future__ import annotations

import re

from scraper.discover.gzipped import opening
from scraper.discover.prolog import Root, root
from scraper.errors import NotAFeed
from scraper.model import SourceKind

_HEAD = 64 * 1024
_FEEDS = frozenset({"rss", "feed", "channel"})
_SITEMAPS = frozenset({"urlset", "sitemapindex"})
_HTML = frozenset(
    """
    html head body title meta link base script style noscript div span p a b br center font form img main section
    article header footer nav aside ul ol li table h1 h2 h3 h4 iframe template
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_RSS_IN_RDF = re.compile(r"purl\.org/(?:rss|net/rss)|my\.netscape\.com/rdf|<item[\s>]", re.IGNORECASE)
_BINARY = {
    b"%PDF-": "a PDF", b"PK\x03\x04": "a ZIP archive", b"\x89PNG": "an image", b"GIF8": "an image",
    b"\xff\xd8\xff": "an image", b"RIFF": "a media file", b"OggS": "a media file", b"ID3": "a media file",
    b"\x1f\x8b": "a gzip file in a gzip file",
}  # fmt: skip
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
JSON_FEED = b"jsonfeed.org/version/"


def sniff(body: bytes, content_type: str | None) -> SourceKind:
    """Whether the bytes are a feed, a sitemap or a web page. A gzip file is looked into.

    The Content-Type header decides only where the bytes do not: text without a known tag. Raises NotAFeed, with what
    it is instead, for everything else: a PDF, an image, other XML, other JSON, nothing at all.
    """
    head = opening(body, _HEAD)
    for magic, name in _BINARY.items():
        if head.startswith(magic):
            raise NotAFeed(f"This is {name}")
    text = _readable(head)
    if not text.strip():
        raise NotAFeed("The body is empty")
    if text.lstrip()[0] in "{[":
        return _json(body)
    return _markup(text, (content_type or "").partition(";")[0].strip().lower())


def _readable(head: bytes) -> str:
    """The head as text that is right where it is ASCII, which is all that telling kinds apart needs."""
    if head.startswith((b"\xff\xfe", b"<\0")):
        return head.decode("utf-16-le", "replace").lstrip("\ufeff")
    if head.startswith((b"\xfe\xff", b"\0<")):
        return head.decode("utf-16-be", "replace").lstrip("\ufeff")
    if b"\0" in head[:1024] and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise NotAFeed("This is binary data")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _json(body: bytes) -> SourceKind:
    plain = opening(body, _HEAD) if body.startswith(b"\x1f\x8b") else body
    if JSON_FEED in plain.replace(b"\\/", b"/"):
        return SourceKind.FEED
    raise NotAFeed("This is JSON, but not a JSON Feed")


def _markup(text: str, media_type: str) -> SourceKind:
    first = root(text)
    if first.local in _FEEDS or (first.local == "rdf" and _RSS_IN_RDF.search(text)):
        return SourceKind.FEED
    if first.local in _SITEMAPS:
        return SourceKind.SITEMAP
    if not first.name and _is_list(text):
        return SourceKind.SITEMAP
    if first.doctype == "html" or first.local in _HTML or "html" in media_type:
        return SourceKind.PAGE
    raise NotAFeed(_instead(first))


def _is_list(text: str) -> bool:
    lines = [line.strip() for line in text[:8192].splitlines() if line.strip()]
    return bool(lines) and bool(_ADDRESS.fullmatch(lines[0]))


def _instead(first: Root) -> str:
    if first.name:
        return f"This is markup with the root <{first.name[:40]}>, which is no feed, no sitemap and no web page"
    return "This is text without markup"
