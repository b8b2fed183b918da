"""Bytes that were fetched -> what they hold, read in the parsers' processes and by what is known of their sites."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from scraper.discover import Document, discover, read
from scraper.extract import extract_article
from scraper.extract.sites import Sites
from scraper.model import Article, Listing, Page, SourceKind
from scraper.parsing import Parsers
from scraper.settings import Source


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads pages and sources' answers. ``sites`` is what config/sites/ says."""

    parsers: Parsers
    sites: Sites = field(default_factory=Sites)

    async def article(self, page: Page, *, zone: str = "") -> Article:
        """The article on a page; ``zone`` is the IANA name of the zone of its naive dates.

        Raises ScrapeError: NotAnArticle also for a page whose text is no article's.
        """
        article = await self.parsers.run(
            extract_article,
            page.body,
            page.final_url or None,
            content_type=page.header("content-type"),
            zone=zone or None,
            now=page.fetched_at,
            site=self.sites.of(page.final_url),
        )
        return article.storable()

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


def in_language_of(article: Article, source: Source | None) -> Article:
    """The article in its source's language, where it does not say one itself."""
    if article.language is not None or source is None or not source.language:
        return article
    return replace(article, language=source.language, evidence={**article.evidence, "language": "config:source"})
