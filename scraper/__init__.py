"""A news scraper and article-ingest daemon: feeds, sitemaps and section pages in, clean articles in SQLite out.

The public API is these names, imported when they are first used, with ``scraper.errors`` and ``scraper.units``::

    from scraper import Store, extract_article, fetch_article

docs/api.md says what each takes, returns and raises.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.errors import ScrapeError as ScrapeError
    from scraper.errors import Skip as Skip
    from scraper.errors import Stop as Stop
    from scraper.errors import TryLater as TryLater
    from scraper.extract import extract_article as extract_article
    from scraper.fetch.options import FetchOptions as FetchOptions
    from scraper.fetch.options import Manners as Manners
    from scraper.model import Article as Article
    from scraper.model import Kind as Kind
    from scraper.model import Revision as Revision
    from scraper.model import StoredArticle as StoredArticle
    from scraper.model import Zone as Zone
    from scraper.session import Session as Session
    from scraper.session import fetch_article as fetch_article
    from scraper.session import fetch_article_async as fetch_article_async
    from scraper.store import Copy as Copy
    from scraper.store import Filters as Filters
    from scraper.store import Hit as Hit
    from scraper.store import Store as Store
    from scraper.store import Story as Story

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Copy",
    "FetchOptions",
    "Filters",
    "Hit",
    "Kind",
    "Manners",
    "Revision",
    "ScrapeError",
    "Session",
    "Skip",
    "Stop",
    "Store",
    "StoredArticle",
    "Story",
    "TryLater",
    "Zone",
    "extract_article",
    "fetch_article",
    "fetch_article_async",
]

_HOMES = {
    "Article": "scraper.model",
    "Copy": "scraper.store",
    "FetchOptions": "scraper.fetch.options",
    "Filters": "scraper.store",
    "Hit": "scraper.store",
    "Kind": "scraper.model",
    "Manners": "scraper.fetch.options",
    "Revision": "scraper.model",
    "ScrapeError": "scraper.errors",
    "Session": "scraper.session",
    "Skip": "scraper.errors",
    "Stop": "scraper.errors",
    "Store": "scraper.store",
    "StoredArticle": "scraper.model",
    "Story": "scraper.store",
    "TryLater": "scraper.errors",
    "Zone": "scraper.model",
    "extract_article": "scraper.extract",
    "fetch_article": "scraper.session",
    "fetch_article_async": "scraper.session",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module at its first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
