"""What a status, a header or a first byte means for us. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from scraper.errors import PageGone, PageRefused, ScrapeError, ServerTrouble, WrongType

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TROUBLE = frozenset({408, 425, 429})
_GONE = frozenset({404, 410})

_SECRET = re.compile(r"cookie|auth(?!ors?\b)|token|secret|passw|session|csrf|xsrf|api-?key|credential|signature")

_TYPES = {
    "application/pdf": "a PDF",
    "application/x-pdf": "a PDF",
    "application/zip": "a ZIP archive",
    "application/x-zip-compressed": "a ZIP archive",
    "application/epub+zip": "an EPUB book",
    "application/gzip": "a gzip file",
    "application/x-gzip": "a gzip file",
    "application/octet-stream": "a binary file",
    "application/msword": "a Word document",
    "application/rtf": "an RTF document",
}
_FAMILIES = {
    "image/": "an image",
    "audio/": "a sound",
    "video/": "a film",
    "font/": "a font",
    "application/vnd.openxmlformats": "an Office document",
    "application/vnd.ms-": "an Office document",
    "application/vnd.oasis": "an Office document",
}
_MAGIC = (
    (re.compile(rb"\s{0,16}%PDF-"), "a PDF"),
    (re.compile(rb"\x89PNG\r\n"), "an image"),
    (re.compile(rb"\xff\xd8\xff"), "an image"),
    (re.compile(rb"GIF8[79]a"), "an image"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "an image"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "a film"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "a film"),
    (re.compile(rb"ID3[\x02-\x04]|OggS\x00|fLaC"), "a sound"),
    (re.compile(rb"PK\x03\x04"), "a ZIP archive"),
    (re.compile(rb"\x1f\x8b\x08"), "a gzip file"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"), "an archive"),
    (re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an Office document"),
)


def public_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers that may be kept: lower-case names, without cookies and whatever else proves who somebody is."""
    return tuple((name.lower(), value) for name, value in headers if not is_secret(name))


def is_secret(name: str) -> bool:
    """Whether a header of that name may hold a secret."""
    return _SECRET.search(name.lower()) is not None


def refusal(
    status: int, url: str, headers: Iterable[tuple[str, str]], now: datetime, *, by: Sequence[str] = ()
) -> ScrapeError:
    """The error that a status outside 200 to 299 stands for. ``by`` are the addresses that led to this one."""
    try:
        phrase = f" {HTTPStatus(status).phrase}"
    except ValueError:
        phrase = ""
    message = f"{url} answered {status}{phrase}"
    if status in _TROUBLE or 500 <= status < 600:  # 999 is how some sites turn robots away
        told = dict(reversed([*headers]))  # the first of each name
        # A date is that of the server's clock, which may not be ours.
        wait = retry_after(told.get("retry-after"), _moment(told.get("date", "")) or now)
        return ServerTrouble(message, status=status, retry_after=wait)
    if status in _GONE:
        gone = PageGone(message, status=status)
        gone.urls = (*by, url)
        return gone
    return PageRefused(message, status=status)


def retry_after(value: str | None, now: datetime) -> float | None:
    """The header Retry-After in seconds from now: it holds seconds, or a date."""
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    moment = _moment(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())


def _moment(text: str) -> datetime | None:
    """A date as HTTP writes it; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # the parser trips over odd input in many ways
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def check_type(content_type: str | None, url: str) -> None:
    """Raise WrongType where the header names something that cannot be a web page."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    what = _TYPES.get(kind) or next((name for start, name in _FAMILIES.items() if kind.startswith(start)), None)
    if what is not None:
        raise WrongType(f"{url} is {what}, not a web page")


def check_start(start: bytes, url: str) -> None:
    """Raise WrongType where the first bytes belong to something that cannot be a web page."""
    for magic, what in _MAGIC:
        if magic.match(start):
            raise WrongType(f"{url} is {what}, not a web page")
