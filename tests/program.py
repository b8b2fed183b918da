"""A program that uses the library, such as its users write: checked strictly, and run, against the installed wheel.

``python program.py HOME URL`` fetches a page in the ways there are, stores its article, and reads it back.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from scraper import (
    Article,
    Copy,
    FetchOptions,
    Filters,
    Hit,
    Kind,
    Manners,
    Revision,
    ScrapeError,
    Session,
    Skip,
    Stop,
    Store,
    StoredArticle,
    Story,
    TryLater,
    Zone,
    extract_article,
    fetch_article,
    fetch_article_async,
)
from scraper.errors import NotStored
from scraper.units import Duration, Period

MANNERS = Manners(spacing=Duration(2), max_crawl_delay=Duration.parse("1m"))
OPTIONS = FetchOptions(contact="you@example.org", timeout=Period(30))


def verdict(error: ScrapeError) -> str:
    """What a program does next, by the kind of an error."""
    if isinstance(error, TryLater):
        return f"again in {error.retry_after or 3600:.0f} s"
    if isinstance(error, Skip):
        return f"never: {error.reason}"
    return f"stop: {error.reason}" if isinstance(error, Stop) else str(error)


async def fetched(home: Path, urls: list[str]) -> list[Article]:
    async with Session(home) as session:
        found = [outcome async for _, outcome in session.fetch_articles(urls, ahead=10)]
        again: Article = await session.fetch_article(urls[0])
    alone: Article = await fetch_article_async(urls[0], home)
    assert again.title == alone.title
    return [each for each in found if isinstance(each, Article)]


def read(store: Store, article_id: int) -> list[str]:
    stored: StoredArticle = store.get(article_id)
    earlier: tuple[Revision, ...] = store.revisions(stored.id)
    hits: list[Hit] = store.search(stored.article.title, Filters(since="2026-01-01"), limit=5, newest=True)
    stories: list[Story] = list(store.stories(limit=3))
    copies: list[Copy] = [copy for story in stories for copy in story.copies]
    day: str | None = stored.article.date
    zone: Zone | None = stored.article.published_zone
    everything = sum(each.article.kind is Kind.ARTICLE for each in store.export())
    latest = [hit.title for hit in store.latest(limit=1)]
    return [*latest, f"{day} {zone}", f"{len(earlier)} {len(hits)} {len(copies)} {everything}"]


def main(home: Path, url: str) -> None:
    one = fetch_article(url, home)
    (again,) = asyncio.run(fetched(home, [url]))
    page = extract_article(f"<h1>{one.title}</h1><p>{one.body}</p>", url)
    with Store(home / "storage") as store:
        article_id = store.add(again)
        print(article_id, page.title == one.title, *read(store, article_id), sep="\n")  # noqa: T201 - its output
    try:
        with Store(home / "storage", readonly=True) as store:
            store.get(99)
    except NotStored as error:
        print(verdict(error))  # noqa: T201 - its output


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
