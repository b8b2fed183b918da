"""What kind of bytes these are: a page, or something that no page parser should see."""

from __future__ import annotations

import re

from scraper.errors import WrongType

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"BM\x00\x00", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"OggS", "Ogg media"),
    (b"ID3", "MP3 audio"),
    (b"fLaC", "FLAC audio"),
    (b"\x1aE\xdf\xa3", "Matroska video"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x7fELF", "a program"),
    (b"\x00asm", "a program"),
    (b"SQLite format 3\x00", "a database"),
)
# What the MIME Sniffing standard (7.1) tells HTML by where nothing or nonsense is declared, and HTML's newer elements.
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|meta|link|header|main"
    rb"|article|section|nav)[\s>]|<!--"
)
_PAGE_TYPES = frozenset(
    {"text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml", "application/octet-stream", ""}
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def require_page(data: bytes, content_type: str | None) -> None:
    """Let HTML and XHTML pass; raise WrongType for everything else.

    The bytes are believed before the header: servers send PDFs as ``text/html``, and HTML as ``text/plain``.
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise WrongType(f"This is {what}, not a web page")
    if data[4:8] == b"ftyp":
        raise WrongType("This is an MP4 or HEIF file, not a web page")
    if data.startswith(b"RIFF") and data[8:12] in {b"WEBP", b"WAVE", b"AVI "}:
        raise WrongType("This is an image, a sound or a video, not a web page")
    essence = (content_type or "").partition(";")[0].strip().lower()
    if essence not in _PAGE_TYPES:
        raise WrongType(f"The server says {essence}, not a web page")
    head = data[:2048]
    wide = head.startswith(_WIDE_MARKS) or "utf-16" in (content_type or "").lower()
    if not wide and head.count(0) > 3:
        raise WrongType("These are binary data, not a web page")
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if opening.startswith(b"<?xml"):
        opening = opening.partition(b"?>")[2]
    if essence == "text/plain" and not wide and not _HTML.match(opening.lstrip()):
        raise WrongType("This is plain text, not a web page")
    if opening.lstrip().startswith((b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf:rdf")):
        raise WrongType("This is a feed or a sitemap, not a web page")
