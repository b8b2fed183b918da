"""Bytes that were fetched -> what they hold, read in the parsers' processes and by what is known of their sites."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from scraper.dedupe import Candidate, Fingerprints, candidate, fingerprints
from scraper.discover import Document, discover, read
from scraper.extract import EXTRACTOR, extract_article
from scraper.extract.sites import Sites
from scraper.extract.version import digest
from scraper.model import Article, Listing, Page, SourceKind
from scraper.parsing import Parsers
from scraper.settings import Source


@dataclass(frozen=True, slots=True)
class Told:
    """What the settings of a page's source say of it: the zone (IANA name) of its naive dates, and its language."""

    zone: str = ""
    language: str = ""

    @classmethod
    def by(cls, source: Source | None) -> Told:
        """What a source's settings say; nothing, without a source."""
        return cls() if source is None else cls(source.timezone, source.language)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads pages and sources' answers. ``sites`` is what config/sites/ says."""

    parsers: Parsers
    sites: Sites = field(default_factory=Sites)

    async def article(self, page: Page, told: Told = Told()) -> Article:
        """The article on a page.

        Raises ScrapeError: NotAnArticle also for a page whose text is no article's.
        """
        return (await self._read(page, told))[0]

    async def candidate(self, page: Page, came_by: Iterable[str], told: Told = Told()) -> Candidate:
        """The article on a page, on its way into the store. ``came_by`` are the URLs that led to the page.

        Raises ScrapeError, as :meth:`article`.
        """
        article, prints = await self._read(page, told)
        return candidate(article, came_by, prints)

    async def _read(self, page: Page, told: Told) -> tuple[Article, Fingerprints]:
        found, prints = await self.parsers.run(
            _extracted,
            page.body,
            page.final_url or None,
            content_type=page.header("content-type"),
            zone=told.zone or None,
            now=page.fetched_at,
            site=self.sites.of(page.final_url),
        )
        article = replace(found, extractor=self.version(page.final_url, told))
        if article.language is None and told.language:
            said = {**article.evidence, "language": "config:source"}
            article = replace(article, language=told.language, evidence=said)
        return article, prints

    def version(self, url: str, told: Told) -> str:
        """What tells two readings of the same bytes apart: ``4.1f2e3d4c``, the rules for all pages, and where anything
        is known of the page's site or source, ``+9a8b7c6d`` for that.
        """
        rules = f"{EXTRACTOR}.{digest()}"
        known = (self.sites.of(url), told)
        if known == (None, Told()):
            return rules
        return f"{rules}+{hashlib.sha256(repr(known).encode()).hexdigest()[:8]}"

    async def listing(self, source: Source, page: Page, limit: int) -> Listing:
        """What a source's answer announces, ``limit`` entries at most. Raises ScrapeError."""
        return await self.parsers.run(
            discover,
            source.kind,
            page.body,
            page.final_url,
            content_type=page.header("content-type"),
            limit=limit,
            zone=source.timezone or None,
        )

    async def archive(self, kind: SourceKind, document: Document) -> Listing:
        """What a document of that kind lists that was published since a day. Raises ScrapeError."""
        return await self.parsers.run(read, kind, document)


def _extracted(body: bytes, url: str | None, **rest: Any) -> tuple[Article, Fingerprints]:
    """In a parser's process: the article, and its fingerprints, which would else take the event loop's time."""
    article = extract_article(body, url, **rest).storable()
    return article, fingerprints(article)
