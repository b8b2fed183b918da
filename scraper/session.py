"""Articles fetched by other programs: one, or many at once in an event loop.

::

    fetch_article ── fetch_article_async ── Session.fetch_article ── page ── extract ── Article
                                            Session.fetch_articles ──┘ many at once, as they come

All of a process ask a host within one budget, whichever of these they use; with a home, its daemon does, too.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from scraper.boundary import outcome_of
from scraper.dedupe import candidate, host_of
from scraper.errors import BadUsage, ScrapeError
from scraper.extract import extract_article
from scraper.extract.sites import SiteRules, Sites
from scraper.fetch.client import Fetcher, Request
from scraper.fetch.hosts import HostLedger
from scraper.fetch.ledger import ProcessLedger
from scraper.fetch.options import FetchOptions, Manners
from scraper.fetch.pace import Patience, Queues
from scraper.home import Home
from scraper.ledger import StoredLedger, new_holder
from scraper.model import Article, Page
from scraper.settings import Settings, load_settings, load_sites
from scraper.store.writer import Writer

_AHEAD = 100
_WAIT = 60.0  # seconds beyond the longest crawl-delay that a page waits for its host, before it counts as paused
_LEDGER = ProcessLedger()  # what all calls share: sites are not to bear it that a program has no Session

Found = tuple[str, Article | ScrapeError]


class Session:
    """Fetches articles in an event loop: as many hosts at once as ``options.concurrency`` says, each at its pace.

    ``home`` is a folder that `scrape init` set up: its settings and its rules for sites hold then, and its host budget,
    which is also its daemon's; only that and what became of robots.txt is written there. Without one, the budget is
    that of all sessions of this process. ``options`` and ``manners`` go before the home's. Raises ConfigError for
    a home whose files cannot be read::

        async with Session() as session:
            async for url, found in session.fetch_articles(urls):
                print(url, found.title if isinstance(found, Article) else found.reason)
    """

    def __init__(
        self,
        home: str | Path | None = None,
        *,
        options: FetchOptions | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._home = Home(Path(home).expanduser().absolute()).check() if home is not None else None
        self._settings = load_settings(self._home) if self._home else Settings()
        self._sites = load_sites(self._home) if self._home else Sites()
        self._options = options or self._settings.fetch
        self._manners = manners or self._settings.manners
        self._queues = Queues()
        self._tasks: set[asyncio.Task[Found]] = set()
        self._fetcher: Fetcher | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            ledger = await self._ledger(stack)
            fetcher = Fetcher(self._options, self._manners, ledger, holder=new_holder())
            self._fetcher = await stack.enter_async_context(fetcher)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fetcher = None
        try:
            await _end(self._tasks)
        finally:
            await self._stack.aclose()

    async def fetch_article(self, url: str, *, site: SiteRules | None = None) -> Article:
        """The article of one page. As many as wanted may be awaited at once: those of one host take turns.

        ``site`` goes before what the home says of the page's site. Raises as :func:`scraper.fetch_article`.
        """
        if self._fetcher is None:
            raise BadUsage("a Session fetches between `async with` and its end")
        # In a queue of our own: all the time that a page may wait is then for its host, not for the pages before it.
        async with self._queues.turn(host_of(url), Patience(None)):
            page = await self._fetcher.fetch(Request(url, max_wait=self._manners.max_crawl_delay + _WAIT))
        return await asyncio.to_thread(_read, page, site or self._sites.of(page.final_url))

    async def fetch_articles(self, urls: Iterable[str], *, ahead: int = _AHEAD) -> AsyncGenerator[Found, None]:
        """Each URL with its article, or with the error that stands in its place, in the order in which they come.

        ``ahead`` URLs are under way at once, and no more are taken from ``urls`` before they are asked for: a generator
        of millions will do. An error in an article's place is a Skip, a TryLater or a BadURL; raised is what
        concerns all of them, such as a StoreError of the home's database.
        """
        coming = iter(urls)
        tasks: set[asyncio.Task[Found]] = set()
        try:
            while True:
                for url in islice(coming, max(1, ahead) - len(tasks)):
                    tasks.add(self._begin(url))
                if not tasks:
                    return
                done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    yield task.result()
        finally:
            await _end(tasks)

    def _begin(self, url: str) -> asyncio.Task[Found]:
        task = asyncio.get_running_loop().create_task(self._found(url))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _found(self, url: str) -> Found:
        try:
            return url, await self.fetch_article(url)
        except Exception as error:  # noqa: BLE001 - the boundary sorts them
            return url, outcome_of(error, f"fetching {url}", "fetching this page")

    async def _ledger(self, stack: AsyncExitStack) -> HostLedger:
        """Where the host budget is kept: in the home's database, if there is one that can be written."""
        if self._home is None or not os.access(self._home.storage / "news.db", os.W_OK):
            return _LEDGER
        writer = Writer(self._home.storage, busy_timeout=self._settings.storage.busy_timeout)
        return StoredLedger(await stack.enter_async_context(writer))


async def fetch_article_async(
    url: str,
    home: str | Path | None = None,
    *,
    options: FetchOptions | None = None,
    manners: Manners | None = None,
    site: SiteRules | None = None,
) -> Article:
    """As :func:`fetch_article`, in a running event loop. For many, a :class:`Session` keeps connections open."""
    async with Session(home, options=options, manners=manners) as session:
        return await session.fetch_article(url, site=site)


def fetch_article(
    url: str,
    home: str | Path | None = None,
    *,
    options: FetchOptions | None = None,
    manners: Manners | None = None,
    site: SiteRules | None = None,
) -> Article:
    """Fetch one page and extract its article. Nothing is stored.

    robots.txt and the limits of ``options`` hold here too, and all calls of a process keep to one budget a host: a
    second page of the same host is waited for. ``home``, ``options`` and ``manners`` are as for :class:`Session`,
    ``site`` as for ``extract_article``. Raises Skip where the page is no article or may not be fetched, TryLater where
    another try may work, BadURL for what is no web address, and BadUsage in a running event loop::

        article = fetch_article("https://news.example/2026/11/story", options=FetchOptions(contact="you@example.org"))
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(fetch_article_async(url, home, options=options, manners=manners, site=site))
    raise BadUsage("an event loop is running here: `await fetch_article_async(url)` in place of `fetch_article(url)`")


def _read(page: Page, site: SiteRules | None) -> Article:
    article = extract_article(
        page.body, page.final_url, content_type=page.header("content-type"), now=page.fetched_at, site=site
    )
    return candidate(article, [page.final_url]).article


async def _end(tasks: Iterable[asyncio.Task[Found]]) -> None:
    """Cancel what is under way, and wait until it has ended."""
    left = list(tasks)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
