"""config/sources.toml: the places that announce articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from scraper.errors import BadUsage, ConfigError
from scraper.fetch.options import RESERVED_HEADERS
from scraper.fetch.profile import Proxy
from scraper.home import Home
from scraper.model import SourceKind
from scraper.settings.checks import LONGEST_FETCH, SECRET, SENDABLE, is_address
from scraper.toml import convert, error_at, read_text
from scraper.units import Period

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_PASSWORD = re.compile(r"//[^/?#]*@")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(:[0-9]{1,5})?")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ``[[source]]``: a place that announces articles.

    ``timezone`` (IANA name) is read into dates that name no zone. ``include`` and ``exclude`` are regular expressions
    searched in an entry's URL: one of the former must match (if there are any), none of the latter may.

    ``headers``, ``cookies`` and ``login`` go to ``hosts`` and what is below them (without any: the URL's host, without
    ``www.``); ``login`` is ``env:NAME`` (a Cookie header's value) or ``file:PATH`` (a cookies.txt, whose cookies say
    themselves where they go), and a header's or the proxy's value may be such too. See ``scraper.profiles``.
    """

    name: str
    url: str
    kind: SourceKind
    title: str = ""
    enabled: bool = True
    interval: Period | None = None
    language: str = ""
    timezone: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    user_agent: str = ""
    timeout: Period | None = None
    hosts: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    login: str = ""
    jar: bool = False
    proxy: str = ""

    def wants(self, url: str) -> bool:
        """Whether this source's patterns let an entry's URL through."""
        included = not self.include or any(re.search(pattern, url) for pattern in self.include)
        return included and not any(re.search(pattern, url) for pattern in self.exclude)


class _Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: tuple[Source, ...] = ()


def load_sources(home: Home) -> tuple[Source, ...]:
    """The sources of a home, in the order of the file. Raises ConfigError."""
    path = home.sources_toml
    if not home.has_sources:
        home.check()
        raise ConfigError(f"no sources at {path}; run `{home.setting_up}` or `scrape sources add URL`")
    return parse_sources(read_text(path), path)


def is_name(text: str) -> bool:
    """Whether a source may be called so."""
    return _NAME.fullmatch(text) is not None


def named_source(home: Home, name: str) -> Source:
    """One source of a home, by its name. Raises ConfigError, and BadUsage where none is called so."""
    return named(load_sources(home), name)


def named(sources: Sequence[Source], name: str) -> Source:
    """The one of some sources that is called so. Raises BadUsage, with the name that was likely meant."""
    found = next((source for source in sources if source.name == name), None)
    if found is None:
        close = get_close_matches(name, [source.name for source in sources], n=1)
        meant = f"; did you mean {close[0]!r}?" if close else ";"
        raise BadUsage(f"no source is called {name!r}{meant} `scrape sources list` lists them")
    return found


def parse_sources(text: str, path: Path) -> tuple[Source, ...]:
    """The sources that ``text`` (the content of ``path``) configures. Raises ConfigError."""
    sources = convert(text, path, _Sources).source
    seen: dict[str, int] = {}
    for index, source in enumerate(sources):
        fault = source_fault(source)
        if fault is None and source.name in seen:
            fault = ("name", f"{source.name!r} is used twice; every source needs a name of its own")
        if fault is not None:
            raise error_at(text, path, ["source", index, fault[0]], fault[1])
        seen[source.name] = index
    return sources


def source_fault(source: Source) -> tuple[str, str] | None:
    """The first key of a source that has the right type and cannot work all the same, and why."""
    if not is_name(source.name):
        return "name", f"{source.name!r} is no name: use lower-case letters, digits, '-', '_' and '.'"
    if not is_address(source.url):
        return "url", f"{source.url!r} is no http(s) address"
    if source.timezone and not _zone_exists(source.timezone):
        return "timezone", f"{source.timezone!r} is no time zone; use an IANA name such as 'Europe/Paris'"
    for key in ("include", "exclude"):
        for pattern in getattr(source, key):
            try:
                re.compile(pattern)
            except re.error as error:
                return key, f"{pattern!r} is no regular expression: {error}"
    return next(_private_faults(source), None)


def _private_faults(source: Source) -> Iterator[tuple[str, str]]:
    """The same, for how the source's own sites are asked. The values may be secrets, and are not repeated."""
    if _PASSWORD.search(source.url):
        yield "url", "write no user name and no password in it; headers and login are for what is secret"
    if source.user_agent and not SENDABLE.fullmatch(source.user_agent):
        yield "user_agent", "a header cannot hold it: write it in ASCII, on one line"
    if source.language and not _LANGUAGE.fullmatch(source.language):
        yield "language", f"{source.language!r} is no language tag: write it as in 'en' or 'pt-BR'"
    if (source.timeout or 0) > LONGEST_FETCH:
        yield "timeout", "no fetch may take longer than 30 minutes"
    for host in source.hosts:
        if not _HOST.fullmatch(host):
            yield "hosts", f"{host!r} is no host name: write it as in 'example.org', in lower case (IDNs as xn--…)"
    if source.login and not SECRET.match(source.login):
        yield "login", "write where the cookies are: 'env:NAME' or 'file:PATH'"
    if source.proxy and not SECRET.match(source.proxy):
        try:
            Proxy.parse(source.proxy)
        except BadUsage as error:
            yield "proxy", str(error)
    yield from _header_faults(source)


def _header_faults(source: Source) -> Iterator[tuple[str, str]]:
    if wrong := sorted(RESERVED_HEADERS & {name.lower() for name in source.headers}):
        yield "headers", f"the header {wrong[0]} cannot be set by hand; cookies have keys of their own"
    for key, pairs in (("headers", source.headers), ("cookies", source.cookies)):
        for name, value in pairs.items():
            sendable = value.isprintable() and value == value.strip()
            if not _TOKEN.fullmatch(name) or not sendable or (key == "cookies" and ";" in value):
                yield key, f"{name!r} or its value cannot stand in a header"


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
