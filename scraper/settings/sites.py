"""config/sites/*.toml: what is known of single sites, as rules for the extractor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import msgspec

from scraper.errors import BadUsage, ConfigError, unreadable
from scraper.extract.sites import FIELDS, VERDICTS, Hint, Layout, Pick, SiteRules, Sites, check_domain, check_selector
from scraper.home import Home
from scraper.toml import convert, error_at, read_text

Selectors = str | tuple[str, ...]
"""One selector, or several."""

_T = TypeVar("_T")


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


def load_sites(home: Home) -> Sites:
    """What a home knows of single sites; nothing, where it has no config/sites/. Raises ConfigError."""
    try:
        found = sorted(home.sites.iterdir())
    except FileNotFoundError:
        found = []
    except OSError as error:
        raise ConfigError(unreadable(home.sites, error)) from error
    paths = [path for path in found if path.suffix == ".toml" and not path.name.startswith(".")]
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
