"""A news scraper and article-ingest daemon: feeds, sitemaps and section pages in, clean articles in SQLite out.

The public API is these four names, imported when they are first used::

    from scraper import Article, Store, extract_article, fetch_article
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.extract import extract_article as extract_article
    from scraper.model import Article as Article
    from scraper.pipeline import fetch_article as fetch_article
    from scraper.store import Store as Store

__version__ = "0.1.0"
__all__ = ["Article", "Store", "extract_article", "fetch_article"]

_HOMES = {
    "Article": "scraper.model",
    "Store": "scraper.store",
    "extract_article": "scraper.extract",
    "fetch_article": "scraper.pipeline",
}


def __getattr__(name: str) -> object:
    """Import a public name from its module at its first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
