"""Every feed and sitemap of the set: its entries as a careful person reads them, or NotAFeed."""

from __future__ import annotations

import pytest

from scraper.discover import discover
from scraper.errors import NotAFeed
from scraper.model import SourceKind
from tests.discover.feedset import CASES, sitemaps
from tests.discover.feedset.case import Case, Told

ALL = [(f"{group}: {name}", case) for group, cases in CASES.items() for name, case in cases.items()]


def test_there_are_enough_feeds() -> None:
    assert len(ALL) >= 150


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in ALL])
def test_feed(case: Case) -> None:
    if case.entries is None:
        with pytest.raises(NotAFeed):
            read(case, SourceKind.FEED)
    else:
        assert read(case, SourceKind.FEED) == case.entries


@pytest.mark.parametrize("name", sitemaps.CASES)
def test_sitemap(name: str) -> None:
    case = sitemaps.CASES[name]
    assert read(case, SourceKind.SITEMAP) == case.entries


def read(case: Case, kind: SourceKind) -> tuple[Told, ...]:
    listing = discover(kind, case.body, case.url, content_type=case.content_type)
    return tuple((entry.url, entry.title, entry.published.at if entry.published else None) for entry in listing.entries)
