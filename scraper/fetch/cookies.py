"""Cookies of one fetch, or of a source that asks for a jar. They are kept in memory alone, and never written anywhere.

The matching is ``http.cookiejar``'s: by domain, path and ``Secure``, as browsers had it before they knew SameSite.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from http.cookiejar import Cookie, CookieJar, DefaultCookiePolicy, LoadError, MozillaCookieJar
from pathlib import Path
from typing import cast
from urllib.request import Request

from scraper.errors import BadUsage

# RFC 6265, 6.1 has clients keep cookies of 4,096 bytes, 50 a domain; no fetch of ours needs more than a few.
_LONGEST = 4096
_MOST = 300
_MOST_AT_ONCE = 50


class Jar:
    """What was set so far. ``given`` are cookies to begin with."""

    def __init__(self, given: Iterable[Cookie] = ()) -> None:
        self._jar = CookieJar(_Policy())
        for cookie in given:
            self._jar.set_cookie(copy(cookie))

    def header(self, url: str) -> str:
        """The value of the header Cookie for a URL; "" where nothing goes there."""
        if not len(self._jar):
            return ""
        request = Request(url)  # noqa: S310 - nothing is opened: it is what a cookie is matched with
        self._jar.add_cookie_header(request)
        return cast("str", request.get_header("Cookie", ""))

    def take(self, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """Keep what an answer sets."""
        values = [value for name, value in headers if name == "set-cookie" and len(value) <= 2 * _LONGEST]
        if not values or len(self._jar) >= _MOST:
            return
        # `extract_cookies` wants a response of urllib's, of which it asks these two methods alone.
        self._jar.extract_cookies(_Answer(values[:_MOST_AT_ONCE]), Request(url))  # type: ignore[arg-type]  # noqa: S310

    @property
    def state(self) -> frozenset[tuple[str, str, str, str | None]]:
        """What there is: domain, path, name and value of each."""
        return frozenset((cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in self._jar)


class _Policy(DefaultCookiePolicy):
    def __init__(self) -> None:
        super().__init__(strict_domain=True)  # nothing for all of .co.uk

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        return len(cookie.name) + len(cookie.value or "") <= _LONGEST and super().set_ok(cookie, request)


class _Answer:
    def __init__(self, values: list[str]) -> None:
        self._values = values

    def info(self) -> _Answer:
        return self

    def get_all(self, name: str, default: list[str]) -> list[str]:
        return self._values if name == "Set-Cookie" else default


def own_cookies(pairs: Mapping[str, str], hosts: Iterable[str], *, secure: bool) -> tuple[Cookie, ...]:
    """Cookies that the operator gives by name and value, for these hosts (``name`` or ``address:port``) and all below.

    ``secure`` ones go over https alone.
    """
    return tuple(
        _cookie(name, value, host.partition(":")[0], secure=secure) for host in hosts for name, value in pairs.items()
    )


def _cookie(name: str, value: str, host: str, *, secure: bool) -> Cookie:
    below = not host.replace(".", "").isdecimal() and "." in host  # nothing is below an address, or "localhost"
    domain = f".{host}" if below else host if "." in host else f"{host}.local"  # the last is http.cookiejar's own habit
    return Cookie(
        version=0, name=name, value=value, port=None, port_specified=False, domain=domain, domain_specified=below,
        domain_initial_dot=below, path="/", path_specified=True, secure=secure, expires=None, discard=True,
        comment=None, comment_url=None, rest={},
    )  # fmt: skip


def parsed_cookies(header: str) -> dict[str, str]:
    """The cookies of a header's value, ``a=1; b=2``. Raises BadUsage, which does not repeat the value."""
    pairs = {}
    for part in header.split(";"):
        name, equals, value = part.strip().partition("=")
        if not name and not equals:
            continue
        if not equals or not name.strip():
            raise BadUsage("cookies are written name=value, with ; between them")
        pairs[name.strip()] = value.strip()
    if not pairs:
        raise BadUsage("there is no cookie in it")
    return pairs


def cookies_of_file(path: Path) -> tuple[Cookie, ...]:
    """The cookies of a cookies.txt (Netscape's format, which browsers' add-ons, curl and wget write).

    Raises BadUsage where it is none, or holds no cookie that is still good.
    """
    jar = MozillaCookieJar()
    try:
        jar.load(str(path), ignore_discard=True, ignore_expires=True)
    except LoadError as error:
        raise BadUsage(f"{path} is no cookies.txt: its first line must be '# Netscape HTTP Cookie File'") from error
    except (OSError, UnicodeError) as error:
        raise BadUsage(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    for cookie in jar:
        if cookie.expires == 0:  # so curl and browsers' add-ons write cookies that end with the session
            cookie.expires, cookie.discard = None, True
    good = tuple(cookie for cookie in jar if not cookie.is_expired())
    if not good:
        raise BadUsage(f"{path} holds no cookie that is still good")
    return good
