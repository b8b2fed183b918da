"""config/scraper.toml, config/sources.toml and config/sites/*.toml as frozen, typed settings: a module for each.

What is not said has its default; an unknown key or a wrong type is a ConfigError that names file, line and key.
"""

from scraper.settings.program import (
    CEILINGS,
    ArchiveOptions,
    BackfillOptions,
    DedupeOptions,
    LogOptions,
    MonitorOptions,
    Schedule,
    Settings,
    StorageOptions,
    Webhook,
    load_settings,
)
from scraper.settings.sites import (
    SiteFields,
    SiteFile,
    SiteKinds,
    SiteLayout,
    SiteVersion,
    load_sites,
    parse_site,
)
from scraper.settings.sources import (
    Source,
    is_name,
    load_sources,
    named,
    named_source,
    parse_sources,
    source_fault,
)

__all__ = [
    "CEILINGS",
    "ArchiveOptions",
    "BackfillOptions",
    "DedupeOptions",
    "LogOptions",
    "MonitorOptions",
    "Schedule",
    "Settings",
    "SiteFields",
    "SiteFile",
    "SiteKinds",
    "SiteLayout",
    "SiteVersion",
    "Source",
    "StorageOptions",
    "Webhook",
    "is_name",
    "load_settings",
    "load_sites",
    "load_sources",
    "named",
    "named_source",
    "parse_site",
    "parse_sources",
    "source_fault",
]
