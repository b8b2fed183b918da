"""Articles fetched by other programs, from the local news site over real sockets."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, closing
from itertools import pairwise
from pathlib import Path

import pytest

from scraper import Article, FetchOptions, Manners, Session, Store, TryLater, fetch_article, fetch_article_async
from scraper.errors import BadURL, BadUsage, ConfigError, HostPaused, NotAnArticle, PageGone, ScrapeError, ServerTrouble
from scraper.units import Duration
from tests.local_news import LocalNews, write_home

SPACING = 0.2
GAZETTE = "http://harbour-gazette.example"
FERRY = f"{GAZETTE}/2026/11/18/night-ferry-returns/"


@pytest.fixture
def site() -> Iterator[LocalNews]:
    with LocalNews() as site:
        yield site


def options(site: LocalNews) -> FetchOptions:
    return FetchOptions(contact="you@example.org", retries=0, resolve=site.resolve)


def manners(spacing: float = SPACING) -> Manners:
    return Manners(spacing=Duration(spacing), latency_factor=0)


def stories(site: LocalNews) -> list[str]:
    """The articles of all outlets but one, which has crawlers wait a second."""
    slow = "http://old-county-post.example"
    return [url for url, told in site.expected.items() if "body" in told and not url.startswith(slow)]


def gaps(site: LocalNews, host: str) -> list[float]:
    """Seconds between the requests to a host, robots.txt among them."""
    times = sorted(request.at for request in site.requests if request.host == host)
    return [later - earlier for earlier, later in pairwise(times)]


def test_one_article(site: LocalNews) -> None:
    article = fetch_article(FERRY, options=options(site))
    assert article.title == site.expected[FERRY]["title"]
    assert article.url == FERRY
    assert {request.user_agent.partition(" ")[2] for request in site.requests} == {"(+you@example.org)"}


def test_calls_one_after_the_other_and_in_threads_keep_to_one_budget(site: LocalNews) -> None:
    urls = [url for url in stories(site) if url.startswith(GAZETTE)][:4]
    site.override(f"{GAZETTE}/robots.txt", body=b"User-agent: *\nAllow: /\n")
    before = sum(request.path == "/robots.txt" for request in site.requests)

    def fetched(url: str) -> str:
        return fetch_article(url, options=options(site), manners=manners()).url

    assert [fetched(url) for url in urls[:2]] == urls[:2]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(fetched, urls[2:])) == urls[2:]
    assert sum(request.path == "/robots.txt" for request in site.requests) - before <= 1
    assert min(gaps(site, "harbour-gazette.example")) >= SPACING / 2


def test_in_a_running_loop_it_says_what_to_do(site: LocalNews) -> None:
    async def main() -> Article:
        with pytest.raises(BadUsage, match="await fetch_article_async"):
            fetch_article(FERRY)
        return await fetch_article_async(FERRY, options=options(site), manners=manners())

    assert asyncio.run(main()).url == FERRY


def test_many_at_once_come_with_their_errors(site: LocalNews) -> None:
    good = stories(site)
    missing, front, wrong, broken = f"{GAZETTE}/nowhere", f"{GAZETTE}/", "mailto:me", good[0]
    site.override(broken, status=500)
    urls = [*good, missing, front, wrong]
    taken: list[str] = []

    def each() -> Iterator[str]:
        for url in urls:
            taken.append(url)
            yield url

    async def main() -> dict[str, Article | ScrapeError]:
        found: dict[str, Article | ScrapeError] = {}
        async with Session(options=options(site), manners=manners(0.02)) as session:
            async for url, outcome in session.fetch_articles(each(), ahead=5):
                found[url] = outcome
                assert len(taken) <= len(found) + 5  # no more are taken than are under way
        return found

    found = asyncio.run(main())
    assert sorted(found) == sorted(urls)
    articles = {url for url, outcome in found.items() if isinstance(outcome, Article)}
    assert articles == set(good) - {broken}
    kinds = {url: type(found[url]) for url in (missing, front, wrong, broken)}
    assert kinds == {missing: PageGone, front: NotAnArticle, wrong: BadURL, broken: ServerTrouble}


def test_hosts_are_asked_at_once_and_each_at_its_pace(site: LocalNews) -> None:
    urls = stories(site)

    async def main() -> None:
        async with Session(options=options(site), manners=manners(0.1)) as session:
            await asyncio.gather(*(session.fetch_article(url) for url in urls))

    asyncio.run(main())
    asked = Counter(request.host for request in site.requests)
    assert len(asked) > 3
    for host in asked:
        assert min(gaps(site, host), default=1) >= 0.05, host


def test_a_host_that_asks_for_a_pause_gets_it_and_its_pages_an_error(site: LocalNews) -> None:
    host = "http://vechernie-vesti.example"  # no other test asks it: its pause is the whole process's
    urls = [url for url in stories(site) if url.startswith(host)]
    assert len(urls) > 2
    for url in urls:
        site.override(url, status=429, headers={"retry-after": "3600"})

    async def main() -> Counter[type]:
        async with Session(options=options(site), manners=manners(0.02)) as session:
            return Counter([type(outcome) async for _, outcome in session.fetch_articles(urls)])

    assert asyncio.run(main()) == {ServerTrouble: 1, HostPaused: len(urls) - 1}
    with pytest.raises(TryLater, match="is left alone until"):
        fetch_article(urls[0], options=options(site))


def test_whoever_stops_listening_leaves_nothing_running(site: LocalNews) -> None:
    site.delay = 0.05

    async def main() -> set[asyncio.Task[object]]:
        async with Session(options=options(site), manners=manners(0.02)) as session:
            async with aclosing(session.fetch_articles(stories(site))) as found:
                async for _ in found:
                    break
            async for _ in session.fetch_articles(stories(site)):
                break  # and this one is left to the end of the session
        await asyncio.sleep(0.01)  # Python itself ends a generator that nobody listens to
        return {task for task in asyncio.all_tasks() if not task.done()} - {asyncio.current_task()}

    assert asyncio.run(main()) == set()


def test_a_home_lends_its_settings_its_rules_and_its_budget(site: LocalNews, tmp_path: Path) -> None:
    write_home(tmp_path, site.outlets, port=site.port, spacing="20ms")
    rules = tmp_path / "config" / "sites" / "harbour-gazette.example.toml"
    rules.parent.mkdir()
    rules.write_text('[fields]\ncredit = "h1"\n', encoding="utf-8")
    Store(tmp_path / "storage").close()

    article = fetch_article(FERRY, tmp_path)
    assert article.credit == article.title
    assert article.evidence["credit"] == "site:credit"
    with closing(sqlite3.connect(tmp_path / "storage" / "news.db")) as conn:
        assert conn.execute("SELECT host FROM hosts WHERE next_at IS NOT NULL").fetchall() == [
            ("harbour-gazette.example",)
        ]
        assert conn.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_a_home_without_a_database_is_not_given_one(site: LocalNews, tmp_path: Path) -> None:
    write_home(tmp_path, site.outlets, port=site.port, spacing="20ms")
    assert fetch_article(FERRY, tmp_path).url == FERRY
    assert not (tmp_path / "storage").exists()


def test_a_session_is_of_a_home_that_is_there_and_is_entered(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="scrape init"):
        Session(tmp_path)
    with pytest.raises(BadUsage, match="async with"):
        asyncio.run(Session().fetch_article(FERRY))
