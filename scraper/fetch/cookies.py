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
from warnings import catch_warnings, simplefilter

from scraper.errors import BadUsage

# RFC 6265, 6.1 has clients keep cookies of 4,096 bytes, 50 a domain; no fetch of ours needs more than a few.
_LONGEST = 4096
_LONGEST_HEADER = 16384
_MOST = 300
_MOST_AT_ONCE = 50
# http.cookiejar takes 80 for the port that no URL names, whatever the scheme.
_USUAL_PORTS = "80,443"


class Jar:
    """What was set so far. ``given`` are cookies to begin with, ``login`` those of them that a login is."""

    def __init__(self, given: Iterable[Cookie] = (), login: Iterable[Cookie] = ()) -> None:
        self._login = tuple(login)
        self._given = (*given, *self._login)
        self._policy = _Policy()
        self._jar = CookieJar(self._policy)
        self._begin()

    def header(self, url: str) -> str:
        """The value of the header Cookie for a URL; "" where nothing goes there."""
        value = _matching(self._jar, url)
        if len(value) > _LONGEST_HEADER:  # no server takes that much
            self._begin()
            value = _matching(self._jar, url)
        return value

    def has_login(self, url: str) -> bool:
        """Whether cookies of the login go to a URL."""
        return reaches(self._login, url)

    def take(self, url: str, headers: Iterable[tuple[str, str]]) -> None:
        """Keep what an answer sets."""
        values = [value for name, value in headers if name == "set-cookie" and len(value) <= 2 * _LONGEST]
        if not values:
            return
        if len(self._jar) >= _MOST:
            self._begin()
        self._policy.kept = {(each.name, each.domain.lstrip(".")): each.secure for each in self._jar}
        request = Request(url)  # noqa: S310 - as in `_matching`
        with catch_warnings():  # http.cookiejar prints a traceback where a date has a number of some thousand digits
            simplefilter("ignore")
            for value in values[:_MOST_AT_ONCE]:  # one by one: what it cannot read costs only itself
                # `extract_cookies` wants a response of urllib's, of which it asks two methods alone.
                self._jar.extract_cookies(_Answer([value]), request)  # type: ignore[arg-type]

    def keep_only(self, hosts: Iterable[str]) -> None:
        """Let go of what others set than these hosts and those below them."""
        names = [host.partition(":")[0] for host in hosts]
        for cookie in list(self._jar):
            domain = cookie.domain.lstrip(".")
            if not any(domain == name or domain.endswith(f".{name}") for name in names):
                self._jar.clear(cookie.domain, cookie.path, cookie.name)

    @property
    def state(self) -> frozenset[tuple[str, str, str, str | None]]:
        """What there is: domain, path, name and value of each."""
        return frozenset((cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in self._jar)

    def _begin(self) -> None:
        self._jar.clear()
        for cookie in self._given:
            self._jar.set_cookie(copy(cookie))


def reaches(cookies: Iterable[Cookie], url: str) -> bool:
    """Whether any of these cookies goes to a URL."""
    jar = CookieJar(_Policy())
    for cookie in cookies:
        jar.set_cookie(copy(cookie))
    return bool(_matching(jar, url))


def _matching(jar: CookieJar, url: str) -> str:
    if not len(jar):
        return ""
    request = Request(url)  # noqa: S310 - nothing is opened: it is what a cookie is matched with
    jar.add_cookie_header(request)
    return cast("str", request.get_header("Cookie", ""))


class _Policy(DefaultCookiePolicy):
    """http.cookiejar's, as strict as browsers are. It knows no public suffixes but two-letter ones (.co.uk)."""

    def __init__(self) -> None:
        super().__init__(
            strict_domain=True,
            strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain,  # without a Domain: to that host alone
        )
        self.kept: Mapping[tuple[str, str], bool] = {}

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        return (
            len(cookie.name) + len(cookie.value or "") <= _LONGEST
            and _is_sendable(cookie.name)
            and _is_sendable(cookie.value or "")
            and self._is_secure(cookie, request)
            and super().set_ok(cookie, request)
        )

    def _is_secure(self, cookie: Cookie, request: Request) -> bool:
        """RFC 6265bis, 5.7: what comes over http is not Secure, and takes no Secure cookie's place."""
        if request.type == "https":
            return cookie.secure or not cookie.name.startswith(("__Secure-", "__Host-"))
        taken = self.kept.get((cookie.name, cookie.domain.lstrip(".")), False)
        return not (cookie.secure or taken or cookie.name.startswith(("__Secure-", "__Host-")))


def _is_sendable(text: str) -> bool:
    """Whether a header may hold it."""
    return text.isprintable() and text == text.strip()


class _Answer:
    def __init__(self, values: list[str]) -> None:
        self._values = values

    def info(self) -> _Answer:
        return self

    def get_all(self, name: str, default: list[str]) -> list[str]:
        return self._values if name == "Set-Cookie" else default


def own_cookies(pairs: Mapping[str, str], hosts: Iterable[str], *, secure: bool) -> tuple[Cookie, ...]:
    """Cookies that the operator gives by name and value, for these hosts: a name and all below it, on the usual ports,
    or ``name:port``. ``secure`` ones go over https alone.
    """
    return tuple(_cookie(name, value, host, secure=secure) for host in hosts for name, value in pairs.items())


def _cookie(name: str, value: str, host: str, *, secure: bool) -> Cookie:
    host, _, port = host.partition(":")
    below = not host.replace(".", "").isdecimal() and "." in host  # nothing is below an address, or "localhost"
    domain = f".{host}" if below else host if "." in host else f"{host}.local"  # the last is http.cookiejar's own habit
    return Cookie(
        version=0, name=name, value=value, port=port or _USUAL_PORTS, port_specified=True, domain=domain,
        domain_specified=below, domain_initial_dot=below, path="/", path_specified=True, secure=secure, expires=None,
        discard=True, comment=None, comment_url=None, rest={},
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
    for cookie in good:
        if not _is_sendable(cookie.name) or not _is_sendable(cookie.value or ""):
            raise BadUsage(f"{path} holds a cookie that cannot be sent: {cookie.domain} {cookie.name}")
    return good
