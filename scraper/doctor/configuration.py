"""What config/ says: whether it can be read, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from scraper.config import Config
from scraper.doctor.finding import Finding, Verdict, fault
from scraper.errors import ConfigError, StorageFull
from scraper.extract.sites import Sites
from scraper.home import Home, left_behind
from scraper.settings import Settings, Source, load_sites, load_sources

_PART = "config"


def contact(settings: Settings, home: Home) -> Finding:
    """Whether sites can reach the operator."""
    if not settings.fetch.contact:
        remedy = f"`{home.setting_up} --contact you@example.org`"
        return Finding(_PART, "contact", Verdict.WARNING, "no address: sites cannot reach you", remedy)
    return Finding(_PART, "contact", Verdict.OK, settings.fetch.contact)


def followed(sources: Sequence[Source]) -> Finding:
    """How many sources there are, and whether any of them is followed. That they parse says that their zones exist."""
    on = sum(source.enabled for source in sources)
    if not on:
        said = f"none of {len(sources)} is followed" if sources else "none"
        remedy = "`scrape sources add URL` finds what to follow of a site"
        return Finding(_PART, "sources", Verdict.WARNING, said, remedy)
    return Finding(_PART, "sources", Verdict.OK, f"{on} followed, {len(sources) - on} off")


def site_files(folder: Path) -> tuple[str, ...]:
    """The files beside the rules of sites that are none, and are not read."""
    if not folder.is_dir():
        return ()
    names = (path.name for path in folder.iterdir() if not path.name.startswith(".") and path.name != "README.md")
    return tuple(sorted(name for name in names if not name.endswith((".toml", ".part", ".lock"))))


def rules(count: int, unread: Sequence[str]) -> Finding:
    """How many sites have rules of their own, and what lies beside them unread."""
    if unread:
        said = f"not read: {', '.join(unread)}"
        remedy = "name the file DOMAIN.toml, or move it out of config/sites/"
        return Finding(_PART, "sites", Verdict.WARNING, said, remedy)
    return Finding(_PART, "sites", Verdict.OK, f"{count} with rules of their own")


def edited(paths: Sequence[Path]) -> Iterator[Finding]:
    """The files of storage/ that this version would have otherwise."""
    for path in paths:
        remedy = f"keep it, or move {path.name} away and run `scrape init` for this version's"
        yield Finding(_PART, path.name, Verdict.WARNING, f"{path} was edited, and this version has another one", remedy)


def configuration(home: Home, settings: Settings) -> tuple[list[Finding], tuple[Source, ...]]:
    """All of config/ but the settings, which could be read; and the sources, none where they cannot be."""
    found, sites = [contact(settings, home)], Sites()
    sources: tuple[Source, ...] = ()
    try:
        sources = load_sources(home)
        found.append(followed(sources))
    except ConfigError as error:
        found.append(fault(_PART, "sources", error, "mend that line; `scrape sources list` says whether it is well"))
    try:
        sites = load_sites(home)
        found.append(rules(len(sites.rules), site_files(home.sites)))
    except ConfigError as error:
        found.append(fault(_PART, "sites", error, "mend that line, or move the file away"))
    config = Config(home, settings, sources, sites)
    for name, read in (("secrets", config.profiles), ("webhook", config.hook)):
        try:
            read()
        except ConfigError as error:
            found.append(fault(_PART, name, error, "put it there, or take the key out of config/"))
    try:
        found += edited(left_behind(home.root))
    except StorageFull as error:
        found.append(fault(_PART, "storage", error))
    return found, sources
