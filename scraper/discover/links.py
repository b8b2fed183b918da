"""Links as they are written -> absolute http(s) addresses, by the WHATWG URL standard (https://url.spec.whatwg.org)."""

from __future__ import annotations

import re

import can_ada

from scraper.errors import BadURL

MAX_LENGTH = 2083
"""Longer addresses are not stored, and so not announced."""

_MAX_WRITTEN = 8 * MAX_LENGTH  # white space and percent-encoding may shorten or stretch a link; this is neither

_SCHEME = re.compile(r"(?:https?:/*(?=https?:/))?(https?:)/+", re.IGNORECASE)


def as_meant(link: str) -> str:
    """A link as its feed meant it: in one piece, escaped once, with one scheme, and leading away from the feed."""
    link = "".join(part.strip() for part in link.splitlines()).strip("<>").replace("&amp;", "&")
    if link[:4].lower() == "www.":
        return f"//{link}"
    if written := _SCHEME.match(link):
        return f"{written[1]}//{link[written.end() :]}"
    return "" if link.startswith("#") else link


class Base:
    """The address that links are relative to. Raises BadURL where it is no absolute http(s) URL."""

    __slots__ = ("_url",)

    def __init__(self, url: str) -> None:
        try:
            self._url = can_ada.parse(url)
        except (ValueError, TypeError) as error:  # TypeError: lone surrogates
            raise BadURL(f"Not an absolute URL: {url[:200]!r}") from error
        if self._url.protocol not in {"http:", "https:"}:
            raise BadURL(f"Not an http(s) URL: {url[:200]!r}")

    @property
    def host(self) -> str:
        """The host name, in lower case."""
        return str(self._url.hostname)

    @property
    def path(self) -> str:
        """The path, percent-encoded."""
        return str(self._url.pathname)

    @property
    def query(self) -> str:
        """The query with its question mark, or nothing."""
        return str(self._url.search)

    @property
    def href(self) -> str:
        """The whole address."""
        return str(self._url.href)

    def absolute(self, link: str) -> str:
        """The address that a link means here, without its fragment (nothing is fetched by it).

        Raises BadURL for an empty link, for ``javascript:``, ``mailto:`` and the like, and for one that is too long.
        """
        written = link.strip()
        if not written or len(written) > _MAX_WRITTEN:
            raise BadURL("A link that is too long" if written else "An empty link")
        try:
            joined = self._url + written
        except (ValueError, TypeError) as error:
            raise BadURL(f"Not a link: {written[:200]!r}") from error
        if joined.protocol not in {"http:", "https:"}:
            raise BadURL(f"Not a link to a page: {written[:200]!r}")
        joined.hash = ""
        href = str(joined.href)
        if len(href) > MAX_LENGTH:
            raise BadURL("A link that is too long")
        return href


def same_site(host: str, home: str) -> bool:
    """One host, or the one inside the other: news.paper.example and paper.example."""
    one, other = host.removeprefix("www."), home.removeprefix("www.")
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def site_of(host: str) -> str:
    """What hosts of one publisher have in common: the last two labels of their names. Under ``co.uk`` that is too much
    of one, which is the safe side for those who leave out what is foreign.
    """
    return ".".join(host.split(".")[-2:])
