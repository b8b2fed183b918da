"""What tells when something was published, where a list goes on, and which articles of a site are a source's."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.discover import Document, read
from scraper.discover.likeness import Likeness
from scraper.discover.links import Base
from scraper.discover.paging import following_feed, following_page
from scraper.discover.periods import covered_by, published_in
from scraper.model import Listing, SourceKind

HOME = "https://paper.example"


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("/2026/11/23/storm", ("2026-11-23", "2026-11-23")),
        ("/news/2026/11/storm", ("2026-11-01", "2026-11-30")),
        ("/2024/feb/29/storm", ("2024-02-29", "2024-02-29")),
        ("/2024/2/3/storm", ("2024-02-03", "2024-02-03")),
        ("/2026-11-23-storm.html", ("2026-11-23", "2026-11-23")),
        ("/news/the-coup-of-1991-08-19-explained", None),  # a headline's
        ("/storm-2026-11-23.html", None),
        ("/20261123/storm", ("2026-11-23", "2026-11-23")),
        ("/2026/02/31/storm", None),
        ("/news/201512/", None),  # any number
        ("/election-2024-results", None),
        ("/2026/", None),
        ("/storm?date=2026-11-23", None),
    ],
)
def test_the_day_in_an_articles_address(path: str, period: tuple[str, str] | None) -> None:
    assert published_in(HOME + path) == period


@pytest.mark.parametrize(
    ("path", "period"),
    [
        ("/sitemap-2026-11.xml", ("2026-11-01", "2026-11-30")),
        ("/sitemap_202611.xml.gz", ("2026-11-01", "2026-11-30")),
        ("/sitemaps/2026/11/23.xml", ("2026-11-23", "2026-11-23")),
        ("/sitemap/2019/12.xml", ("2019-12-01", "2019-12-31")),
        ("/sitemap/2019/posts-3.xml", ("2019-01-01", "2019-12-31")),
        ("/sitemap.xml?year=2019", ("2019-01-01", "2019-12-31")),
        ("/sitemap.xml?yyyy=2026&mm=02&dd=05", ("2026-02-05", "2026-02-05")),
        ("/sitemap.xml?yyyy=2026&mm=11&dd=99999999999999999999", None),
        ("/sitemap.xml?yyyy=2026&mm=" + "1" * 1900, None),
        ("/sitemap.xml?yyyy=2026&mm=11&dd=31", None),
        ("/sitemap.xml?year=2024&month=2", ("2024-02-01", "2024-02-29")),
        ("/sitemap.xml?date=20261105", ("2026-11-05", "2026-11-05")),
        # Of a range, the end.
        ("/sitemap_20260101_20261231.xml", ("2026-01-01", "2026-12-31")),
        ("/sitemap.xml?from=2010-01-01&to=2026-11-25", ("2010-01-01", "2026-11-25")),
        ("/2024/sitemap-2025-11_2026-03.xml", ("2025-11-01", "2026-03-31")),
        ("/sitemap.xml?from=2010-01-01", None),
        ("/posts-since-2005-01.xml", None),
        # A number is no year.
        ("/sitemap-2019.xml", None),
        ("/2020-2026.xml", None),
        ("/sitemap.xml?page=2010", None),
        ("/sitemap.xml?page=201011", None),
        ("/sitemap.xml?from=2000", None),
        ("/sitemap-iblock-2010.xml", None),
        ("/archive-since-2005/sitemap.xml", None),
        ("/sitemap-3.xml", None),
        ("/sitemap-203012345.xml", None),
    ],
)
def test_the_period_of_a_sitemap(path: str, period: tuple[str, str] | None) -> None:
    assert covered_by(HOME + path) == period


@pytest.mark.parametrize(
    ("links", "here", "following"),
    [
        ("<link rel=next href=/city?page=2>", "/city", "/city?page=2"),
        ("<a rel='nofollow next' href=/city/p2>more</a>", "/city", "/city/p2"),
        (
            "<nav><a href=/city/page/1>1</a><a href=/city/page/2>2</a><a href=/city/page/9>9</a></nav>",
            "/city",
            "/city/page/2",
        ),
        ("<a href=/city/page/2/>2</a><a href=/city/page/4/>4</a>", "/city/page/3/", "/city/page/4/"),
        ("<a href='/city?page=1'>2</a>", "/city", "/city?page=1"),  # counted from 0
        ("<a href='?sort=new&page=3'>3</a><a href='?page=3'>3</a>", "/city?sort=new&page=2", "/city?sort=new&page=3"),
        ("<a href=/city/older/77>Older posts</a>", "/city", "/city/older/77"),
        ("<a href=/city/weiter>Weiter</a>", "/city", "/city/weiter"),
        ("<a href=/city/?from=20>Следующая</a>", "/city/", "/city/?from=20"),
        ("<a href=/sport/x aria-label=Next>></a>", "/city", None),  # the next section, not the next page
        ("<a href=https://other.example/city?page=2>2</a>", "/city", None),
        ("<a href=/city/page/3/>3</a><a href=/city/page/1/>1</a>", "/city/page/3/", None),
        ("<a href=/city/next-mayor-to-be-elected>The next mayor is to be elected</a>", "/city", None),
        ("<a href=/city/2>Older <b>posts</b></a>", "/city/", "/city/2"),
        ("<a href=/newsletter/>Next</a>", "/news", None),
        ("<a href=/sport/>Next</a>", "/", None),
        ("<a href=/older/77>Next</a>", "/", None),
        ("<a href='/?before=77'>Next</a>", "/", "/?before=77"),
        ("<a href=/page/2>Next</a>", "/", "/page/2"),
        ("<a href='/city?month=12&amp;year=2026'>Next</a>", "/city", None),  # of a calendar, there is always one more
        ("<a rel=next href=/calendar/4>4</a>", "/calendar", None),
        ("<link rel=next href=/city/events/list>", "/city", None),
        ("<a href='/city?year=2025&amp;page=3'>3</a>", "/city?year=2025&page=2", "/city?year=2025&page=3"),
        ("<a href='/city?year=2024'>Next</a>", "/city?year=2025", None),
    ],
)
def test_the_page_that_follows(links: str, here: str, following: str | None) -> None:
    assert after(here, links) == (HOME + following if following else None)


def after(here: str, links: str) -> str | None:
    tree = LexborHTMLParser(f"<!doctype html><head></head><body>{links}".encode())
    return following_page(tree, Base(HOME + here), HOME + here)


def test_the_page_that_follows_is_among_the_first_5_000_links() -> None:
    others = "<a href=#>x</a>" * 4_999
    assert after("/city", others + "<a href=/city/2>Next</a>") == f"{HOME}/city/2"
    assert after("/city", others + "<a href=#>x</a><a href=/city/2>Next</a>") is None


def test_where_a_feed_goes_on() -> None:
    base = Base(f"{HOME}/feed/")
    assert following_feed([{"rel": "next", "href": "?p=2"}], "", base) == f"{HOME}/feed/?p=2"
    assert following_feed([{"rel": "prev-archive", "href": "/2026/10.atom"}], "", base) == f"{HOME}/2026/10.atom"
    assert (
        following_feed([{"rel": "self", "href": "/feed/"}], "https://wordpress.org/?v=6.7", base)
        == f"{HOME}/feed/?paged=2"
    )
    again = Base(f"{HOME}/feed/?lang=en&paged=2")
    assert following_feed([], "https://wordpress.org/?v=6.7", again) == f"{HOME}/feed/?lang=en&paged=3"
    assert following_feed([], "Hugo", base) is None
    endless = Base(f"{HOME}/feed/?paged={'9' * 5000}")
    assert following_feed([], "https://wordpress.org/?v=6.7", endless) == f"{HOME}/feed/?paged=2"
    # Whom else to ask is not for a server to say.
    assert following_feed([{"rel": "next", "href": "https://other.example/feed"}], "", base) is None
    assert following_feed([{"rel": "next", "href": "https://feeds.paper.example/2"}], "", base) is not None


def test_a_source_of_one_section_takes_no_other() -> None:
    politics = Likeness.of([f"{HOME}/politics/2026/11/a-long-name-{n}" for n in range(30)], f"{HOME}/politics.rss")
    assert politics.fits("https://www.paper.example/politics/2025/01/some-older-story-told")
    assert not politics.fits(f"{HOME}/sport/2026/11/a-match-report-of-note")
    assert not politics.fits(f"{HOME}/tag/politics")
    assert not politics.fits("https://other.example/politics/2026/11/a-long-name-7")
    assert not politics.fits("mailto:desk@paper.example")


def test_a_source_of_all_sections_takes_those_that_it_did_not_show_yet() -> None:
    sections = ["city", "sport", "culture", "science", "law", "food", "travel", "opinion"]
    urls = [f"{HOME}/{section}/a-story-with-a-name" for section in sections] + [
        f"{HOME}/city/another-{n}-here" for n in range(20)
    ]
    assert Likeness.of(urls, HOME).fits(f"{HOME}/weather-desk/storm-over-the-harbour-town")
    # Of few entries nothing is concluded, and of none that they are on its own host.
    assert Likeness.of(urls[:3], HOME).fits(f"{HOME}/law/court-hears-the-harbour-case")
    assert Likeness.of([], f"{HOME}/feed").fits(f"{HOME}/law/court-hears-the-harbour-case")
    assert not Likeness.of([], f"{HOME}/feed").fits("https://other.example/law/court-hears-the-harbour-case")


def test_a_feed_that_lies_elsewhere_is_of_the_site_that_it_announces() -> None:
    burner = Likeness.of([f"{HOME}/law/a-story-with-a-name-{n}" for n in range(3)], "https://feeds.example/paper")
    assert burner.hosts == {"paper.example"}


def back(kind: SourceKind, text: str, url: str = f"{HOME}/list", *, undated: bool = False) -> Listing:
    document = Document(text.encode(), url, "", 50_000, None, since="2026-11-10", undated=undated)
    return read(kind, document)


def paths(listing: Listing) -> set[str]:
    return {entry.url.removeprefix(HOME) for entry in listing.entries}


def lines(*records: tuple[str, str]) -> str:
    return "<urlset>" + "".join(f"<url><loc>{HOME}{path}</loc>{more}</url>" for path, more in records) + "</urlset>"


def changed(day: str) -> str:
    return f"<lastmod>{day}T10:00:00Z</lastmod>"


def test_what_a_sitemap_lists_that_may_have_been_published_since() -> None:
    sitemap = lines(
        ("/changed-before-that-day", changed("2026-11-09")),
        ("/changed-on-that-day", changed("2026-11-10")),
        ("/2026/11/09/changed-later-published-before", changed("2026-11-20")),
        ("/2026/11/of-that-month", changed("2026-11-20")),
        ("/2026/11/of-that-month-and-not-changed", changed("2026-11-02")),
        ("/of-any-time", ""),
        ("/news", "<news:news><news:publication_date>2026-11-12</news:publication_date></news:news>"),
        ("/old-news", "<news:news><news:publication_date>2026-11-02</news:publication_date></news:news>"),
    )
    found = back(SourceKind.SITEMAP, sitemap)
    assert {entry.url.removeprefix(HOME) for entry in found.entries} == {
        "/changed-on-that-day", "/2026/11/of-that-month", "/news",
    }  # fmt: skip
    assert found.undated == 1
    assert f"{HOME}/of-any-time" in {entry.url for entry in back(SourceKind.SITEMAP, sitemap, undated=True).entries}
    of_november = back(SourceKind.SITEMAP, lines(("/of-any-time", "")), f"{HOME}/sitemap-2026-11.xml")
    assert (len(of_november.entries), of_november.undated) == (1, 0)


def test_a_sitemap_that_was_written_today_says_nothing_of_its_pages() -> None:
    same = lines(*((f"/story-of-some-day-{n}", changed("2026-11-24")) for n in range(600)))
    assert (len(back(SourceKind.SITEMAP, same).entries), back(SourceKind.SITEMAP, same).undated) == (0, 600)
    few = lines(*((f"/story-of-some-day-{n}", changed("2026-11-24")) for n in range(60)))
    assert len(back(SourceKind.SITEMAP, few).entries) == 60


def test_a_day_that_most_were_changed_on_is_not_believed_for_those_of_that_day() -> None:
    made = [(f"/story-of-some-day-{n}", changed("2026-11-24")) for n in range(599)]
    other = ("/2", changed("2026-11-20"))
    found = back(SourceKind.SITEMAP, lines(*made, other))
    assert (paths(found), found.undated) == ({"/2"}, 599)
    older = ((f"/older-{n}", changed("2026-11-21")) for n in range(100))
    assert len(back(SourceKind.SITEMAP, lines(*made, other, *older)).entries) == 700  # so many may be of one day


def news(path: str, date: str, lastmod: str = "") -> tuple[str, str]:
    return path, f"{lastmod}<news:news><news:publication_date>{date}</news:publication_date></news:news>"


def test_where_it_is_said_when_something_was_published_only_that_decides() -> None:
    sitemap = lines(
        news("/2026/11/09/by-its-address-too-old", "2026-11-20"),
        news("/2026/11/20/by-its-address-new", "2026-11-08"),
        news("/not-changed-since-it-says", "2026-11-20", changed("2026-11-01")),
        news("/changed-since", "2026-11-08", changed("2026-11-20")),
    )
    expected = {"/2026/11/09/by-its-address-too-old", "/not-changed-since-it-says"}
    assert paths(back(SourceKind.SITEMAP, sitemap)) == expected
    assert paths(back(SourceKind.SITEMAP, sitemap, f"{HOME}/sitemap-2026-10.xml")) == expected


def test_a_day_is_one_of_the_clock_that_it_is_written_by() -> None:
    def lastmod(text: str) -> str:
        return f"<lastmod>{text}</lastmod>"

    sitemap = lines(
        ("/2026/11/10/east", lastmod("2026-11-10T01:00:00+03:00")),
        ("/west", lastmod("2026-11-09T23:00:00-05:00")),
        ("/a-day-before", lastmod("2026-11-09T23:00:00Z")),
        ("/east-but-before", lastmod("2026-11-09T23:00:00+03:00")),
        news("/told", "Tue, 10 Nov 2026 01:00:00 +0300"),
        news("/seconds", "1794265200"),  # 2026-11-09T23:00:00Z
    )
    assert paths(back(SourceKind.SITEMAP, sitemap)) == {"/2026/11/10/east", "/west", "/told"}


def index(*children: tuple[str, str]) -> Listing:
    text = "".join(f"<sitemap><loc>{HOME}{path}</loc>{more}</sitemap>" for path, more in children)
    return back(SourceKind.SITEMAP, f"<sitemapindex>{text}</sitemapindex>")


def test_the_sitemaps_of_an_index_that_may_list_it() -> None:
    found = index(
        ("/1.xml", changed("2026-11-24")), ("/2.xml", changed("2025-01-01")), ("/sitemap-2026-11.xml", ""),
        ("/sitemap-2026-10.xml", changed("2026-11-24")), ("/3.xml", ""),
    )  # fmt: skip
    assert {url.removeprefix(HOME) for url in found.nested} == {"/1.xml", "/sitemap-2026-11.xml", "/3.xml"}
    # What changed since outdoes a year, which may be a number; not a month.
    found = index(
        ("/2001/a.xml", changed("2026-11-24")), ("/2002/a.xml", changed("2026-11-01")), ("/2003/a.xml", ""),
        ("/2026-10.xml", changed("2026-11-23")),
    )  # fmt: skip
    assert found.nested == (f"{HOME}/2001/a.xml",)
    hostile = index(("/?yyyy=2026&amp;mm=11&amp;dd=" + "9" * 20, ""), ("/sitemap-2026-11.xml", ""))
    assert len(hostile.nested) == 2
    # One day for all of them is when the index was made, or when somebody forgot it.
    assert len(index(("/1.xml", changed("2020-01-01")), ("/2.xml", changed("2020-01-01"))).nested) == 2


def test_a_list_goes_on_while_it_has_something_young_enough() -> None:
    young = (
        "<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='next' href='?p=2'/>"
        "<item><link>/a</link><pubDate>{}</pubDate></item></channel></rss>"
    )
    found = back(SourceKind.FEED, young.format("Tue, 10 Nov 2026 10:00:00 GMT"))
    assert (len(found.entries), found.following) == (1, f"{HOME}/list?p=2")
    older = back(SourceKind.FEED, young.format("Mon, 09 Nov 2026 10:00:00 GMT"))
    assert (len(older.entries), older.following) == (0, None)
    json = '{"version": "https://jsonfeed.org/version/1.1", "next_url": "/2.json", "items": [{"id": "1", "url": "/a"}]}'
    assert back(SourceKind.FEED, json, undated=True).following == f"{HOME}/2.json"
    link = f"<a href='{HOME}/list?page=2'>2</a>"
    page = f"<!doctype html><h2><a href='{{}}'>The council votes on the breakwater</a></h2>{link}"
    assert back(SourceKind.PAGE, page.format("/2026/11/20/council-votes-on-it")).following == f"{HOME}/list?page=2"
    assert back(SourceKind.PAGE, page.format("/2026/10/20/council-votes-on-it")).following is None


def test_looking_back_wants_all_files_of_an_index() -> None:
    assert len(index(*((f"/{n}.xml", "") for n in range(3_000))).nested) == 3_000


CARD = "<article><h2><a href='/city/{0}-votes-on-the-breakwater'>The council votes on it {0}</a></h2>{1}</article>"
TIME = "<time datetime=2026-11-{}>then</time>"


def test_a_page_that_says_nothing_of_its_time_is_not_read_to_its_end() -> None:
    link = f"<a href='{HOME}/list?page=2'>2</a>"
    silent = "<!doctype html>" + "".join(CARD.format(n, "") for n in range(5)) + link
    found = back(SourceKind.PAGE, silent)
    assert (found.entries, found.undated, found.following) == ((), 5, None)
    found = back(SourceKind.PAGE, silent, undated=True)
    assert (len(found.entries), found.undated, found.following) == (5, 0, f"{HOME}/list?page=2")
    # Beside what has a date, what has none is as young.
    one = back(SourceKind.PAGE, silent + CARD.format(6, TIME.format(11)) + CARD.format(7, TIME.format("09")))
    assert (len(one.entries), one.undated, one.following) == (6, 0, f"{HOME}/list?page=2")


def test_a_feed_that_says_nothing_of_its_time_does_not_go_on() -> None:
    feed = (
        "<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='next' href='?p=2'/>"
        "<item><link>/a</link></item><item><link>/b</link></item></channel></rss>"
    )
    found = back(SourceKind.FEED, feed)
    assert (found.entries, found.undated, found.following) == ((), 2, None)
    assert back(SourceKind.FEED, feed, undated=True).following == f"{HOME}/list?p=2"
