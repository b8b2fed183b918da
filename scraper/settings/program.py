"""config/scraper.toml: how the program works, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec

from scraper.fetch.options import FetchOptions, Manners, Positive
from scraper.home import Home
from scraper.model import EventKind
from scraper.settings.checks import LONGEST_FETCH, SECRET, SENDABLE, is_address, is_endpoint, is_network
from scraper.toml import convert, error_at, read_text
from scraper.units import Duration, Endpoint, Period, Size

Batch = Annotated[int, msgspec.Meta(ge=1, le=1000)]

_LONGEST_DELIVERY = 60.0  # seconds
CEILINGS = {"page_limit": Size(10 * 2**20), "feed_limit": Size(50 * 2**20), "sitemap_limit": Size(50 * 2**20)}
"""What is read at most, of a page and of a gzip file, by those that read them."""


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


def load_settings(home: Home) -> Settings:
    """The settings of a home. Raises ConfigError."""
    path = home.check().scraper_toml
    text = read_text(path)
    settings = convert(text, path, Settings)
    ca_file = settings.fetch.ca_file
    if ca_file and not (home.root / ca_file).is_file():
        raise error_at(text, path, ["fetch", "ca_file"], f"no such file: {ca_file}")
    for keys, what in _fetch_faults(settings.fetch):
        raise error_at(text, path, ["fetch", *keys], what)
    for key, what in _webhook_faults(settings.webhook):
        raise error_at(text, path, ["webhook", key], what)
    # Relative to the home, so that the file can be copied with it.
    absolute = str(home.root / ca_file) if ca_file else ""
    resolve = {name.lower(): goal for name, goal in settings.fetch.resolve.items()}
    fetch = msgspec.structs.replace(settings.fetch, ca_file=absolute, resolve=resolve)
    return msgspec.structs.replace(settings, fetch=fetch)


def _fetch_faults(fetch: FetchOptions) -> Iterator[tuple[tuple[str, ...], str]]:
    """What msgspec cannot see is wrong: where below ``[fetch]``, and what."""
    for key in ("user_agent", "contact"):
        if (value := getattr(fetch, key)) and not SENDABLE.fullmatch(value):
            yield (key,), "a header cannot hold it: write it in ASCII, on one line"
    if fetch.timeout > LONGEST_FETCH:
        yield ("timeout",), "no fetch may take longer than 30 minutes"
    for key, most in CEILINGS.items():
        if getattr(fetch, key) > most:
            yield (key,), f"no more than {most >> 20} MiB can be read"
    yield from _goal_faults(fetch)


def _goal_faults(fetch: FetchOptions) -> Iterator[tuple[tuple[str, ...], str]]:
    """The same, for what may be connected to."""
    for port in fetch.ports:
        if not 0 < port < 65536:
            yield ("ports",), f"{port} is no port: they are 1 to 65535"
    for network in fetch.allow_private:
        if not is_network(network):
            yield ("allow_private",), f"{network!r} is no network: write it as in '10.0.0.0/8' or '192.168.1.7'"
    for name, goal in fetch.resolve.items():
        if not is_endpoint(name):
            yield ("resolve", name), 'it has no port: write it as in "www.example.org:443"'
        if not is_endpoint(goal):
            yield ("resolve", name), f'{goal!r} is no address and port: write it as in "127.0.0.1:8443"'


def _webhook_faults(webhook: Webhook) -> Iterator[tuple[str, str]]:
    """What msgspec cannot see is wrong. The values may be secrets, and are not repeated."""
    if webhook.url and not SECRET.match(webhook.url) and not is_address(webhook.url):
        yield "url", "write an address as in 'https://example.org/hook', or where it is: 'env:NAME' or 'file:PATH'"
    if webhook.secret and not SECRET.match(webhook.secret):
        yield "secret", "write where the secret is: 'env:NAME' or 'file:PATH'"
    if webhook.timeout > _LONGEST_DELIVERY:
        yield "timeout", "no delivery may take longer than a minute"
