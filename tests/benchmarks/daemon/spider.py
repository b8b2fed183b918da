"""The spider that the daemon is measured against: run by an interpreter that has Scrapy (extra `spider`).

As one who knows Scrapy would write it: tuned for many sites, robots.txt obeyed, links of the sites alone and each once,
retries, compressed answers, trafilatura with metadata on every page, SQLite in WAL with batched commits. It imports
nothing of ours: ``python spider.py KIND DATABASE HOST…``, and the fleet as its proxy in ``$http_proxy``.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
import trafilatura
from lxml import etree
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from w3lib.url import url_query_cleaner

_PATHS = {"feed": "/feed.xml", "sitemap": "/sitemap.xml", "page": "/"}
_TRACKING = ("utm_source", "utm_medium", "utm_campaign")
_BATCH = 100
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SETTINGS = {
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # the daemon's manners: one connection a host
    "COOKIES_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 15,
    "ITEM_PIPELINES": {"__main__.Stored": 100},
    "LOG_LEVEL": "ERROR",
    "RETRY_TIMES": 5,
    "ROBOTSTXT_OBEY": True,
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
    "TELNETCONSOLE_ENABLED": False,
    "USER_AGENT": "spider (+fleet@localhost)",
}


class Stored:
    """The pipeline: an article a row, a commit for many."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._rows: list[tuple[Any, ...]] = []

    @classmethod
    def from_crawler(cls, crawler: Any) -> Stored:
        """Scrapy's way to make one."""
        return cls(crawler.settings["DATABASE"])

    def open_spider(self) -> None:
        """Make the table."""
        self._db = sqlite3.connect(self._path)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS articles (url TEXT PRIMARY KEY, title TEXT, authors TEXT, date TEXT, body TEXT)"
        )

    def process_item(self, item: Any) -> Any:
        """Queue a row."""
        self._rows.append((item["url"], item["title"], item["authors"], item["date"], item["body"]))
        if len(self._rows) >= _BATCH:
            self._commit()
        return item

    def close_spider(self) -> None:
        """Write what is left."""
        self._commit()
        self._db.close()

    def _commit(self) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?)", self._rows)
        self._rows.clear()


class News(scrapy.Spider):  # type: ignore[misc] # it ships no types
    """Each site's source, then each article that it announces."""

    name = "news"

    async def start(self) -> AsyncIterator[Any]:
        """A request a site."""
        for host in self.allowed_domains:
            yield scrapy.Request(f"http://{host}{_PATHS[self.kind]}", callback=self.parse, priority=1)

    def parse(self, response: Any) -> Iterator[Any]:
        """A feed, a sitemap, an index of sitemaps, or a section page."""
        if self.kind == "page":
            found = LinkExtractor(restrict_css="main article").extract_links(response)
            links = [link.url for link in found]
        else:
            root = etree.fromstring(response.body)
            links = [node.text for node in (*root.iterfind("channel/item/link"), *root.iter(f"{_SITEMAP}loc"))]
            if root.tag == f"{_SITEMAP}sitemapindex":
                yield from (scrapy.Request(link, callback=self.parse, priority=1) for link in links)
                return
        for link in links:
            # Scrapy's own filters drop what was asked before, and other sites.
            yield scrapy.Request(url_query_cleaner(link, _TRACKING, remove=True), callback=self.article)

    def article(self, response: Any) -> Iterator[dict[str, Any]]:
        """One article, if trafilatura finds a text."""
        found = trafilatura.bare_extraction(response.body, url=response.url, include_comments=False, with_metadata=True)
        if found is not None and found.text:
            yield {
                "url": response.url,
                "title": found.title,
                "authors": found.author,
                "date": found.date,
                "body": found.text,
            }


def main() -> None:
    """Crawl, once."""
    kind, database, *hosts = sys.argv[1:]
    process = CrawlerProcess({**SETTINGS, "DATABASE": database})
    process.crawl(News, kind=kind, allowed_domains=hosts)
    process.start()


if __name__ == "__main__":
    main()
