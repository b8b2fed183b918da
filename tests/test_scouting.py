"""Outlets of many kinds: what of them is followed, why, and how little they are asked for that."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from scraper.errors import BadUsage, PageGone, ScrapeError
from scraper.fetch.options import Manners
from scraper.scouting import Report
from scraper.settings import Settings
from scraper.units import Duration
from tests.fetch.loopback import Reply, options, run
from tests.newsroom import shared_pipeline
from tests.outlets import OUTLETS, everything
from tests.town import Town, index, link, page, rss, sitemap, stories, teasers, town


@dataclass(frozen=True)
class Looked:
    """The town after all its outlets were looked at, and what was found."""

    town: Town
    reports: dict[str, Report]

    def chosen(self, name: str) -> list[tuple[str, str]]:
        """What is to be followed of an outlet: its kind, and its address without the outlet's own."""
        found = [one.finding for one in self.reports[name].chosen]
        return [(one.kind.value, one.url.replace(f"http://{name}.example", "")) for one in found]

    def why(self, name: str, path: str) -> str:
        """What is said of one of the findings."""
        url = path if path.startswith("http") else f"http://{name}.example{path}"
        return next(one.why for one in self.reports[name].judged if one.finding.offer.url == url)

    def asked(self, name: str) -> list[str]:
        return self.town.asked_of(f"{name}.example")


async def look(place: Town, *urls: str, thorough: bool = False) -> list[Report | ScrapeError]:
    """What is found at each of these addresses, or the error."""
    fetch = options(resolve=place.resolve(), ports=(80, place.port))
    manners = Manners(spacing=Duration(0.01), latency_factor=0, per_address=50)

    async with shared_pipeline(Settings(fetch=fetch, manners=manners), None) as pipeline:

        async def one(url: str) -> Report | ScrapeError:
            try:
                return await pipeline.look(url, lambda _: None, thorough=thorough)
            except ScrapeError as error:
                return error

        return list(await asyncio.gather(*(one(url) for url in urls)))


@pytest.fixture(scope="module")
def looked() -> Looked:
    async def main() -> Looked:
        async with town(everything()) as place:
            found = await look(place, *(f"http://{name}.example/" for name in OUTLETS))
            reports = {}
            for name, report in zip(OUTLETS, found, strict=True):
                assert isinstance(report, Report), (name, report)
                reports[name] = report
            return Looked(place, reports)

    return asyncio.run(asyncio.wait_for(main(), 60))


CHOSEN = {
    "wordpress": [("feed", "/feed/")],
    "unannounced": [("feed", "/feed.xml")],
    "news-in-an-index": [("sitemap", "/sitemap-news.xml")],
    "index-without-news": [("sitemap", "/sitemap_index.xml")],
    "news-sitemap": [("sitemap", "/news.xml")],
    "gzipped": [("sitemap", "/sitemap.xml.gz")],
    "sections": [("page", "/"), ("page", "/politics"), ("page", "/culture")],
    "based": [("feed", "/en/feed/")],
    "dead": [("feed", "/new.rss")],
    "elsewhere": [("feed", "http://feeds.burner.example/elsewhere.example")],
    "sent-elsewhere": [("feed", "/feed")],  # its own address outlasts the service's
    "redirected": [("feed", "http://www.redirected.example/feed.xml")],
    "languages": [("feed", "/de.rss")],
    "podcast": [("page", "/")],
    "disallowed": [("sitemap", "/news.xml")],
    "closed": [],
    "walled": [("feed", "/feed")],
    "consent": [("feed", "/rss.xml")],
    "stale": [("sitemap", "/news.xml")],
    "slow": [("feed", "/feed")],
    "dead-for-years": [],
    "busy": [("feed", "/feed"), ("sitemap", "/news.xml")],
    "shell": [],
    "says-yes-to-all": [("page", "/")],
    "twins": [("feed", "/rss")],
    "directory": [("feed", "/rss/all.xml")],
    "json-feed": [("feed", "/feed.json")],
    "too-much": [],
    "crowded": [],
}


@pytest.mark.parametrize("name", OUTLETS)
def test_what_is_followed(looked: Looked, name: str) -> None:
    assert looked.chosen(name) == CHOSEN[name]


@pytest.mark.parametrize("name", OUTLETS)
def test_no_site_is_asked_for_more_than_about_a_dozen_documents(looked: Looked, name: str) -> None:
    asked = looked.asked(name)
    assert len(asked) == len(set(asked))
    assert len(asked) <= looked.reports[name].asked <= 13


WHY = {
    ("wordpress", "/feed/"): "the one feed",
    ("wordpress", "/comments/feed/"): "it is of comments alone",
    ("wordpress", "/"): "the feed says more",
    ("news-in-an-index", "/sitemap-news.xml"): "the news sitemap; there is no feed to follow",
    ("gzipped", "/sitemap.xml.gz"): "a sitemap whose pages changed lately; there is no feed to follow",
    ("sections", "/sport"): "it lists the same",
    ("sections", "/opinion"): "not asked: --kind page adds it",
    ("dead", "/old.rss"): "http://dead.example/old.rss answered 404 Not Found",
    ("languages", "/de.rss"): "the best of 3 feeds",
    ("languages", "/en.rss"): "in another language (en)",
    ("podcast", "/show.xml"): "it is a podcast",
    ("disallowed", "/feed"): "robots.txt of disallowed.example, line 2, disallows /feed for our agent",
    ("busy", "/news.xml"): "beside the feed, which reaches back only 4 h",
    ("twins", "/atom"): "it lists the same",
    ("twins", "/sport.rss"): "the other feed is better",
    ("says-yes-to-all", "/feed"): "Expected a feed, but this is a web page",
    ("crowded", "/4.rss"): "not asked: --all asks more of them",
}


@pytest.mark.parametrize(("name", "path"), WHY)
def test_why(looked: Looked, name: str, path: str) -> None:
    assert looked.why(name, path) == WHY[name, path]


def test_what_is_dead_is_told_by_its_date(looked: Looked) -> None:
    day = str(looked.reports["stale"].judged[1].finding.dates[0])[:10]
    assert looked.why("stale", "/news.xml") == f"the news sitemap; the feed's newest entry is of {day}"
    assert looked.why("dead-for-years", "/feed") == f"its newest entry is of {day}"


def test_what_is_not_worth_it_or_not_allowed_is_not_asked(looked: Looked) -> None:
    assert looked.asked("wordpress") == ["/", "/feed/"]
    assert looked.asked("news-sitemap") == ["/", "/news.xml"]
    assert looked.asked("disallowed") == ["/", "/news.xml"]
    assert looked.asked("closed") == []
    assert looked.asked("too-much") == ["/", "/feed"]  # it asked to be left alone
    assert looked.asked("json-feed") == ["/", "/feed.json"]  # an API is no feed
    assert "/login" not in looked.asked("sections")
    assert looked.town.asked_of("other.example") == []


def test_what_stood_in_the_way_is_told(looked: Looked) -> None:
    notes = {name: " ".join(report.notes) for name, report in looked.reports.items() if report.notes}
    assert notes == {
        "closed": "robots.txt of closed.example, line 2, disallows / for our agent",
        "walled": "http://walled.example/ answered 403 Forbidden",
        "consent": "http://consent.gate.example/ask?for=consent.example: "
        "The page asks for consent and shows no article",
        "shell": "http://shell.example/: The page is filled in by scripts and shows no text without them",
        "too-much": "the search was cut short, try again later: http://too-much.example/feed answered 429 Too Many "
        "Requests, and asked for 3600 s",
    }


def test_what_a_finding_tells(looked: Looked) -> None:
    (feed,) = looked.reports["wordpress"].chosen
    one = feed.finding
    assert one.offer.origin == "head"
    assert one.listing.title == "The Paper"
    assert [entry.title for entry in one.sample()] == [title for _, title in stories("wordpress.example", 3)]
    assert one.articles == 1.0
    assert one.per_day is not None
    assert 4 < one.per_day < 6  # one in five hours
    assert 10 * 60 <= one.interval < 6 * 3600
    quick = looked.reports["busy"].chosen[0].finding
    assert quick.interval < one.interval


def test_all_that_is_useful_leaves_out_what_is_not(looked: Looked) -> None:
    found = {one.finding.offer.url.rpartition("/")[2] for one in looked.reports["twins"].useful}
    assert found == {"rss", "sport.rss"}
    assert {one.finding.url.rpartition("/")[2] for one in looked.reports["languages"].useful} == {
        "de.rss",
        "en.rss",
        "fr.rss",
    }


SECTION = "http://paper.example/politics/"
ARTICLE = "http://paper.example/politics/2026/11/23/ferry-returns-after-eleven-years/"


def paper() -> dict[str, Reply]:
    """An outlet whose sections have pages, and one of them a feed."""
    site = link("/feed")
    own = site + link("/sport/feed", title="Sport")
    told = stories("paper.example", section="politics")
    return {
        "paper.example/": page(head=site),
        "paper.example/feed": rss(stories("paper.example", 10)),
        "paper.example/politics/": page(head=site, body=teasers(told)),
        "paper.example/sport/": page(head=own, body=teasers(told)),
        "paper.example/sport/feed": rss(stories("paper.example", section="sport")),
        ARTICLE.removeprefix("http://"): page(head=link(f"{ARTICLE}feed/") + site, body=teasers(told)),
        "paper.example/paper.pdf": Reply(body=b"%PDF-1.7"),
        "paper.example/sitemap.xml": index("http://paper.example/2026.xml"),
        "paper.example/2026.xml": sitemap(told),
        "paper.example/old.rss": rss(told, ago=3 * 365 * 24),
        "paper.example/empty.rss": rss([]),
    }


GIVEN = {
    "http://paper.example/sport/": ["feed http://paper.example/sport/feed"],
    SECTION: ["page http://paper.example/politics/"],
    ARTICLE: ["feed http://paper.example/feed"],
    "http://paper.example/feed": ["feed http://paper.example/feed"],
    "http://paper.example/sitemap.xml": ["sitemap http://paper.example/sitemap.xml"],
    "http://paper.example/old.rss": ["feed http://paper.example/old.rss"],
    "http://paper.example/empty.rss": ["feed http://paper.example/empty.rss"],
}


def test_other_addresses_than_a_sites_own() -> None:
    async def main() -> None:
        async with town(paper()) as place:
            reports = dict(zip(GIVEN, await look(place, *GIVEN), strict=True))
            missing, binary = await look(place, "http://paper.example/nothing", "http://paper.example/paper.pdf")
        found = {
            url: [f"{one.finding.kind.value} {one.finding.url}" for one in report.chosen]
            for url, report in reports.items()
            if isinstance(report, Report)
        }
        assert found == GIVEN
        assert isinstance(missing, PageGone)
        assert isinstance(binary, BadUsage)
        assert "neither a feed nor a sitemap nor a web page" in str(binary)
        listed = reports["http://paper.example/sitemap.xml"]
        assert isinstance(listed, Report)
        (only,) = listed.chosen
        assert (only.finding.nested, len(only.finding.listing.entries)) == (1, 6)
        old, empty = reports["http://paper.example/old.rss"], reports["http://paper.example/empty.rss"]
        assert isinstance(old, Report)
        assert isinstance(empty, Report)
        assert old.chosen[0].why.startswith("you named it, though its newest entry is of 20")
        assert empty.chosen[0].why == "you named it, though it lists nothing now"

    run(main())


def test_all_asks_more_of_what_is_announced() -> None:
    async def main() -> None:
        host = "many.example"
        feeds = {f"{host}/{n}.rss": rss(stories(host, section=f"s{n}", count=10)) for n in range(8)}
        front = page(head="".join(link(f"/{n}.rss") for n in range(8)))
        async with town({f"{host}/": front, **feeds}) as place:
            (some,) = await look(place, f"http://{host}/")
            assert len(place.asked_of(host)) == 5
            (all_,) = await look(place, f"http://{host}/", thorough=True)
        assert isinstance(some, Report)
        assert isinstance(all_, Report)
        assert (len(some.useful), len(all_.useful)) == (4, 8)

    run(main())


def test_where_nobody_answers_that_is_said() -> None:
    async def main() -> None:
        async with town({"paper.example/robots.txt": Reply(503)}) as place:
            (found,) = await look(place, "http://paper.example/")
        assert isinstance(found, ScrapeError)
        assert "robots.txt of paper.example answered 503" in str(found)

    run(main())
