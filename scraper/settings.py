"""config/scraper.toml, config/sources.toml and config/sites/*.toml as frozen, typed settings.

What is not said has its default; an unknown key or a wrong type is a ConfigError that names file, line and key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from scraper.dedupe import normalise
from scraper.errors import BadURL, BadUsage, ConfigError
from scraper.extract.sites import FIELDS, VERDICTS, Hint, Layout, Pick, SiteRules, Sites, check_domain, check_selector
from scraper.fetch.options import RESERVED_HEADERS, FetchOptions, Manners, Positive
from scraper.fetch.profile import Proxy
from scraper.home import Home
from scraper.model import EventKind, SourceKind
from scraper.toml import convert, error_at, read_text
from scraper.units import Duration, Endpoint, Period, Size

Selectors = str | tuple[str, ...]
"""One selector, or several."""
Batch = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[schedule]``: how often sources are asked, and when failed entries are tried again.

    A source without an interval of its own is asked when its rhythm says so (``scraper.rhythm``): when its entries have
    waited for ``poll_worth`` together. ``interval`` is for those whose rhythm is not known yet, and for all of them
    without ``adapt``. ``max_fresh``: for so long at most, a source that says that nothing new is to come (by its
    Cache-Control or Expires, a feed's ``ttl`` or ``sy:updatePeriod``) is left alone. ``revisits``: how long after its
    last change an article is looked at again; an empty list turns that off.
    """

    interval: Period = Period(15 * 60)
    adapt: bool = True
    poll_worth: Period = Period(10 * 60)
    min_interval: Period = Period(10 * 60)
    max_interval: Period = Period(24 * 3600)
    tick: Period = Period(5)
    retry_after: Period = Period(10 * 60)
    max_attempts: Positive = 5
    max_entries: Positive = 1000
    max_fresh: Period = Period(3600)
    revisits: tuple[Period, ...] = tuple(Period(hours * 3600) for hours in (0.25, 1, 4, 24, 72, 168, 720))


class StorageOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[storage]``: what is kept, and when fetching stops for want of room."""

    min_free: Size = Size(500 * 10**6)
    keep_fetches: Period = Period(90 * 86400)
    busy_timeout: Period = Period(30)


class ArchiveOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[archive]``: how long raw pages are kept (0: for ever), and up to what size (0: any).

    ``keep_newest``: neither takes the newest page of an article, from which it can be extracted again.
    """

    keep_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 0
    max_size: Size = Size(0)
    keep_newest: bool = True


class DedupeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[dedupe]``: for how long after an article near-copies of it are looked for; 0: never."""

    window: Duration = Duration(14 * 86400)


class BackfillOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[backfill]``: how far one goes before it stops and asks to be begun again, and whether a gap begins one."""

    on_gap: bool = True
    max_documents: Positive = 500
    max_entries: Positive = 20_000


class LogOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[log]``: what the daemon says. ``auto`` is human on a terminal and JSON otherwise."""

    format: Literal["auto", "human", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[webhook]``: who is told what happened. Without a ``url`` nobody is.

    ``url`` and ``secret`` may be ``env:NAME`` or ``file:PATH``, and the secret must be. ``batch``: so many events a
    request at most; ``retry_for``: for so long a delivery is tried again.
    """

    url: str = ""
    events: tuple[EventKind, ...] = tuple(EventKind)
    secret: str = ""
    timeout: Period = Period(10)
    batch: Batch = 100
    retry_for: Period = Period(3 * 86400)

    @property
    def told(self) -> tuple[EventKind, ...]:
        """The kinds of events that somebody is told of."""
        return self.events if self.url else ()


class MonitorOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[monitor]``: where the daemon answers to /healthz, /readyz and /metrics ("": nowhere), and by which names with
    a dot it may be called there, beside addresses.
    """

    listen: Endpoint = Endpoint("")
    names: tuple[str, ...] = ()


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


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """config/scraper.toml, table by table."""

    fetch: FetchOptions = FetchOptions()
    manners: Manners = Manners()
    schedule: Schedule = Schedule()
    backfill: BackfillOptions = BackfillOptions()
    storage: StorageOptions = StorageOptions()
    archive: ArchiveOptions = ArchiveOptions()
    dedupe: DedupeOptions = DedupeOptions()
    webhook: Webhook = Webhook()
    log: LogOptions = LogOptions()
    monitor: MonitorOptions = MonitorOptions()


class SiteFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[fields]`` of a site: where each stands, as CSS selectors with an optional ``@attribute``."""

    title: Selectors = ()
    authors: Selectors = ()
    published_at: Selectors = ()
    modified_at: Selectors = ()
    body: Selectors = ()
    summary: Selectors = ()
    section: Selectors = ()
    tags: Selectors = ()
    language: Selectors = ()
    image_url: Selectors = ()
    image_caption: Selectors = ()
    credit: Selectors = ()
    publisher: Selectors = ()
    canonical_url: Selectors = ()
    paywalled: Selectors = ()


class SiteKinds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[kind]`` of a site: the signs of each kind of page, as CSS selectors or ``url:`` and a regular expression."""

    hub: Selectors = ()
    gallery: Selectors = ()
    other: Selectors = ()
    live: Selectors = ()
    teaser: Selectors = ()
    article: Selectors = ()


class SiteLayout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a site's pages are built."""

    drop: Selectors = ()
    fields: SiteFields = SiteFields()
    kind: SiteKinds = SiteKinds()


class SiteVersion(SiteLayout, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[version]]`` of a site: how pages were built that it published up to a day."""

    until: date


class SiteFile(SiteLayout, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """config/sites/<domain>.toml: the present layout at its top, and earlier ones."""

    version: tuple[SiteVersion, ...] = ()


class _Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: tuple[Source, ...] = ()


_T = TypeVar("_T")
_SENDABLE = re.compile(r"[!-~]([ -~]*[!-~])?")  # what a header may hold, in ASCII
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LONGEST_FETCH = 1800.0  # seconds; a slot that is held for longer would be taken for a wrong clock's
_LONGEST_DELIVERY = 60.0  # seconds
CEILINGS = {"page_limit": Size(10 * 2**20), "feed_limit": Size(50 * 2**20), "sitemap_limit": Size(50 * 2**20)}
"""What is read at most, of a page and of a gzip file, by those that read them."""
_PASSWORD = re.compile(r"//[^/?#]*@")
_SECRET = re.compile(r"(env|file):.")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(:[0-9]{1,5})?")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


def load_settings(home: Home) -> Settings:
    """The settings of a home. Raises ConfigError."""
    path = home.check().scraper_toml
    text = read_text(path)
    settings = convert(text, path, Settings)
    ca_file = settings.fetch.ca_file
    if ca_file and not (home.root / ca_file).is_file():
        raise error_at(text, path, ["fetch", "ca_file"], f"no such file: {ca_file}")
    for key in ("user_agent", "contact"):
        if (value := getattr(settings.fetch, key)) and not _SENDABLE.fullmatch(value):
            raise error_at(text, path, ["fetch", key], "a header cannot hold it: write it in ASCII, on one line")
    if settings.fetch.timeout > _LONGEST_FETCH:
        raise error_at(text, path, ["fetch", "timeout"], "no fetch may take longer than 30 minutes")
    for key, most in CEILINGS.items():
        if getattr(settings.fetch, key) > most:
            raise error_at(text, path, ["fetch", key], f"no more than {most >> 20} MiB can be read")
    for key, what in _webhook_faults(settings.webhook):
        raise error_at(text, path, ["webhook", key], what)
    # Relative to the home, so that the file can be copied with it.
    absolute = str(home.root / ca_file) if ca_file else ""
    resolve = {name.lower(): goal for name, goal in settings.fetch.resolve.items()}
    fetch = msgspec.structs.replace(settings.fetch, ca_file=absolute, resolve=resolve)
    return msgspec.structs.replace(settings, fetch=fetch)


def _webhook_faults(webhook: Webhook) -> Iterator[tuple[str, str]]:
    """What msgspec cannot see is wrong. The values may be secrets, and are not repeated."""
    if webhook.url and not _SECRET.match(webhook.url) and not _is_address(webhook.url):
        yield "url", "write an address as in 'https://example.org/hook', or where it is: 'env:NAME' or 'file:PATH'"
    if webhook.secret and not _SECRET.match(webhook.secret):
        yield "secret", "write where the secret is: 'env:NAME' or 'file:PATH'"
    if webhook.timeout > _LONGEST_DELIVERY:
        yield "timeout", "no delivery may take longer than a minute"


def load_sources(home: Home) -> tuple[Source, ...]:
    """The sources of a home, in the order of the file. Raises ConfigError."""
    path = home.sources_toml
    if not path.is_file():
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


def load_sites(home: Home) -> Sites:
    """What a home knows of single sites; nothing, where it has no config/sites/. Raises ConfigError."""
    paths = sorted(path for path in home.sites.glob("*.toml") if not path.name.startswith("."))
    return Sites({path.stem: parse_site(read_text(path), path) for path in paths})


def parse_site(text: str, path: Path) -> SiteRules:
    """What ``text`` (the content of ``path``, which is named for the site's domain) says. Raises ConfigError."""
    try:
        check_domain(path.stem)
    except BadUsage as error:
        raise ConfigError(f"{path}:1: the file's name: {error}") from error
    file = convert(text, path, SiteFile)
    earlier = [_layout(version, text, path, ["version", index]) for index, version in enumerate(file.version)]
    return SiteRules(_layout(file, text, path, []), tuple(sorted(earlier, key=lambda layout: layout.until or date.max)))


def _layout(said: SiteLayout, text: str, path: Path, keys: list[str | int]) -> Layout:
    """A layout of checked selectors. ``keys`` leads to it in the file."""

    def checked(parse: Callable[[str], _T], selectors: Selectors, *key: str) -> tuple[_T, ...]:
        try:
            return tuple(parse(selector) for selector in _several(selectors))
        except BadUsage as error:
            raise error_at(text, path, [*keys, *key], str(error)) from error

    fields = {name: checked(Pick.parse, getattr(said.fields, name), "fields", name) for name in FIELDS}
    hints = [checked(partial(Hint.parse, name), getattr(said.kind, name), "kind", name) for name in VERDICTS]
    return Layout(
        fields={name: picks for name, picks in fields.items() if picks},
        body=checked(check_selector, said.fields.body, "fields", "body"),
        drop=checked(check_selector, said.drop, "drop"),
        hints=tuple(chain.from_iterable(hints)),
        until=said.until if isinstance(said, SiteVersion) else None,
    )


def _several(selectors: Selectors) -> tuple[str, ...]:
    return (selectors,) if isinstance(selectors, str) else selectors


def source_fault(source: Source) -> tuple[str, str] | None:
    """The first key of a source that has the right type and cannot work all the same, and why."""
    if not is_name(source.name):
        return "name", f"{source.name!r} is no name: use lower-case letters, digits, '-', '_' and '.'"
    if not _is_address(source.url):
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
    if source.user_agent and not _SENDABLE.fullmatch(source.user_agent):
        yield "user_agent", "a header cannot hold it: write it in ASCII, on one line"
    if source.language and not _LANGUAGE.fullmatch(source.language):
        yield "language", f"{source.language!r} is no language tag: write it as in 'en' or 'pt-BR'"
    if (source.timeout or 0) > _LONGEST_FETCH:
        yield "timeout", "no fetch may take longer than 30 minutes"
    for host in source.hosts:
        if not _HOST.fullmatch(host):
            yield "hosts", f"{host!r} is no host name: write it as in 'example.org', in lower case (IDNs as xn--…)"
    if source.login and not _SECRET.match(source.login):
        yield "login", "write where the cookies are: 'env:NAME' or 'file:PATH'"
    if source.proxy and not _SECRET.match(source.proxy):
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


def _is_address(url: str) -> bool:
    try:
        normalise(url)
    except BadURL:
        return False
    return "://" in url


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
