"""All that config/ says, read and checked together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import msgspec

from scraper.delivery import hook
from scraper.extract.sites import Sites
from scraper.fetch.descriptors import fitted
from scraper.fetch.webhook import Hook
from scraper.fetch.wire import check_options
from scraper.home import Home
from scraper.profiles import Profiles
from scraper.settings import Settings, Source, load_settings, load_sites, load_sources
from scraper.units import Endpoint


@dataclass(frozen=True, slots=True)
class Config:
    """What the operator decided: the home, its settings and its sources, and what is known of single sites.

    ``watched_at`` was said on the command line, and goes before ``monitor.listen``; None: nothing was.
    """

    home: Home
    settings: Settings
    sources: tuple[Source, ...]
    sites: Sites = field(default_factory=Sites)
    watched_at: Endpoint | None = None

    @classmethod
    def load(cls, home: Home, watched_at: Endpoint | None = None) -> Config:
        """What the files of a home say now. Raises ConfigError."""
        settings = load_settings(home)
        settings = msgspec.structs.replace(settings, fetch=fitted(settings.fetch))
        if watched_at is not None:
            monitor = msgspec.structs.replace(settings.monitor, listen=watched_at)
            settings = msgspec.structs.replace(settings, monitor=monitor)
        return cls(home, settings, load_sources(home), load_sites(home), watched_at)

    @property
    def followed(self) -> int:
        """How many sources are followed."""
        return sum(source.enabled for source in self.sources)

    def profiles(self) -> Profiles:
        """How the sites of the sources are asked, the secrets of those that are followed read. Raises ConfigError."""
        check_options(self.settings.fetch)
        profiles = Profiles(self.home.root)
        profiles.check(source for source in self.sources if source.enabled)
        return profiles

    def check(self) -> None:
        """Read what :meth:`profiles` and :meth:`hook` do, but for secrets of the environment: those of another process,
        which is to take the configuration, are not ours. Raises ConfigError.
        """
        said = self.settings.webhook
        goal = "https://env.invalid/" if _is_elsewhere(said.url) else said.url
        told = msgspec.structs.replace(said, url=goal, secret="" if _is_elsewhere(said.secret) else said.secret)
        sources = tuple(
            msgspec.structs.replace(
                source,
                headers={name: value for name, value in source.headers.items() if not _is_elsewhere(value)},
                cookies={name: value for name, value in source.cookies.items() if not _is_elsewhere(value)},
                login="" if _is_elsewhere(source.login) else source.login,
                proxy="" if _is_elsewhere(source.proxy) else source.proxy,
            )
            for source in self.sources
        )
        known = replace(self, settings=msgspec.structs.replace(self.settings, webhook=told), sources=sources)
        known.profiles()
        known.hook()

    def hook(self) -> Hook | None:
        """Where events are told, its secrets read; None: nowhere. Raises ConfigError."""
        return hook(self.settings, self.home.root)


def _is_elsewhere(value: str) -> bool:
    return value.startswith("env:")
