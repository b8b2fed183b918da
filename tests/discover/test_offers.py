"""What a page tells of its site: feeds, sections, and where else to look."""

from __future__ import annotations

import pytest

from scraper.discover.links import Base
from scraper.discover.offers import Origin, front, is_news_name, named_sitemaps, usual_feeds
from scraper.discover.shapes import is_front, section_of

HOME = "https://paper.example/"


def feeds(markup: str, url: str = HOME) -> list[tuple[str, str]]:
    """The feeds that a page offers, in their order, each with what it is narrower than the site."""
    return [(offer.url, offer.narrow) for offer in front(markup.encode(), url).feeds]


ANNOUNCED = {
    "rss": '<link rel=alternate type="application/rss+xml" href=/a>',
    "atom": '<link rel="alternate nofollow" type="application/atom+xml" href=/a>',
    "rdf": '<link rel=ALTERNATE type="APPLICATION/RDF+XML" href=/a>',
    "json": '<link rel=alternate type="application/feed+json" href=/a>',
    "charset": '<link rel=alternate type="application/rss+xml; charset=UTF-8" href=/a>',
    "rel feed": "<link rel=feed href=/a>",
    "in the body": '<body><p>x</p><link rel=alternate type="application/rss+xml" href=/a>',
    "fragment": '<link rel=alternate type="application/rss+xml" href=/a#top>',
    "feed scheme": '<link rel=alternate type="application/rss+xml" href="feed:https://paper.example/a">',
    "twice": '<link rel=alternate type="application/rss+xml" href=/a><a href="/a">RSS</a>',
    "label": '<a href="/a">RSS feed</a>',
}  # fmt: skip
NO_FEEDS = {
    "translation": "<link rel=alternate hreflang=de href=/de/>",
    "oembed": '<link rel=alternate type="text/xml+oembed" href="/oembed?format=xml&url=/feed">',
    "api": '<link rel=alternate type="application/json" href="/wp-json/wp/v2/pages/7">',
    "style sheet": '<link rel="alternate stylesheet" type="text/css" href="/feed.css">',
    "phone": '<link rel=alternate media="only screen" href="https://m.paper.example/">',
    "itself": '<link rel=alternate type="application/rss+xml" href="">',
    "script": '<a href="javascript:rss()">RSS</a>',
    "another's": '<a href="https://friend.example/feed">a friend</a>',
    "a story": '<a href="/2026/feed-prices-rise-again">Feed prices rise again</a>',
}  # fmt: skip


@pytest.mark.parametrize("case", ANNOUNCED)
def test_what_is_a_feed(case: str) -> None:
    assert feeds(ANNOUNCED[case]) == [("https://paper.example/a", "")]


@pytest.mark.parametrize("case", NO_FEEDS)
def test_what_is_none(case: str) -> None:
    assert feeds(NO_FEEDS[case]) == []


@pytest.mark.parametrize(
    ("path", "narrow"),
    [
        ("/comments/feed/", "comments"), ("/search/rss?q=x", "a search"), ("/author/ann/feed", "an author"),
        ("/tag/sea/feed", "a tag"), ("/podcast.xml", "a podcast"), ("/feed", ""), ("/world/rss.xml", ""),
        ("/authority/feed", ""),
    ],
)  # fmt: skip
def test_what_is_less_than_a_site(path: str, narrow: str) -> None:
    page = f'<link rel=alternate type="application/rss+xml" href="{path}">'
    assert feeds(page) == [(f"https://paper.example{path}", narrow)]


def test_comments_are_told_by_their_title_too_and_come_last() -> None:
    links = ("Kommentar-Feed", "/a"), ("", "/b")
    page = "".join(f'<link rel=alternate type="application/rss+xml" title="{name}" href={url}>' for name, url in links)
    assert feeds(page) == [("https://paper.example/b", ""), ("https://paper.example/a", "comments")]


def test_the_page_calls_itself() -> None:
    page = b"<html lang=de-AT><title>Start - Zeitung</title><meta property='og:site_name' content='Die  Zeitung'>"
    told = front(page, HOME)
    assert (told.title, told.language, told.section, told.article) == ("Die Zeitung", "de-AT", "", False)
    assert front(b"<title>Start</title>", "https://paper.example/politik/").section == "politik"
    assert front(b"<title>Start</title>", "https://paper.example/2026/11/23/ferry-is-back-again").article


@pytest.mark.parametrize(
    ("page", "first"),
    [
        (b"<meta name=generator content='Hugo 0.120'>", "/index.xml"),
        (b"<link rel=stylesheet href=/wp-content/themes/x.css>", "/feed/"),
        (b"<script src=/pf/resources/app.js></script>", "/arc/outboundfeeds/rss/?outputType=xml"),
        (b"<p>x</p>", "/feed"),
    ],
)
def test_where_a_feed_usually_lies(page: bytes, first: str) -> None:
    offers = usual_feeds(front(page, "https://paper.example/news/"))
    assert offers[0].url == f"https://paper.example{first}"
    assert {offer.origin for offer in offers} == {Origin.USUAL}
    assert len(offers) <= 6


def test_the_sections_of_a_menu() -> None:
    menu = "".join(
        f'<a href="{href}">{label}</a>'
        for href, label in (
            ("/", "Home"), ("/politics", "Politics"), ("/category/sport/", "Sport"), ("/local.html", "Local"),
            ("/login", "Log in"), ("/2026/11/23/a-story-of-the-day", "A story"), ("https://other.example/x", "Friends"),
            ("/politics", "Politics again"), ("/about", "About"), ("/arts?sort=new", "Arts"),
            ("/opinion", "A label that is much too long to be a section's name"),
        )
    )  # fmt: skip
    told = front(f"<nav>{menu}</nav><p><a href=/elsewhere>Elsewhere</a>".encode(), HOME)
    assert [(offer.url.removeprefix(HOME), offer.title) for offer in told.sections] == [
        ("politics", "Politics"), ("category/sport/", "Sport"), ("local.html", "Local"),
    ]  # fmt: skip
    bare = front(b"<td><a href=/local.html>Local</a><a href=/a/b/c>Deep</a></td>", HOME)
    assert [offer.url for offer in bare.sections] == ["https://paper.example/local.html"]


def test_fronts_and_sections_by_their_addresses() -> None:
    for path in ("", "en/", "index.html", "news", "en-gb/home.php", "de/nachrichten/"):
        assert is_front(Base(HOME + path)), path
        assert section_of(Base(HOME + path)) == "", path
    for path, name in (
        ("politics", "politics"),
        ("en/world/", "world"),
        ("category/sport", "sport"),
        ("eco.html", "eco"),
    ):
        assert section_of(Base(HOME + path)) == name
    for path in (
        "tag/sea",
        "a/b/c",
        "story-with-many-words-in-it",
        "a76083",
        "search",
        "category",
        "x?page=2",
        "2022/10",
    ):
        assert section_of(Base(HOME + path)) == "", path


def test_sitemaps_that_announce_no_articles_come_last() -> None:
    names = ("image-sitemap.xml", "/page-sitemap.xml", "sitemap.xml", "http:", "authors.xml", "news.xml", "sitemap.xml")
    offers = named_sitemaps(names, HOME, Origin.ROBOTS)
    assert [offer.url.removeprefix(HOME) for offer in offers] == [
        "news.xml", "sitemap.xml", "image-sitemap.xml", "page-sitemap.xml", "authors.xml",
    ]  # fmt: skip
    assert not is_news_name("https://news.example/newsletter.xml")


def test_a_page_of_nothing_but_links_stays_within_bounds() -> None:
    page = "".join(
        f'<link rel=alternate type="application/rss+xml" href=/{n}><a href=/s{n % 10}>S</a>' for n in range(9000)
    )
    told = front(page.encode(), HOME)
    assert len(told.feeds) <= 100
    assert len(told.sections) <= 30
