"""Atom as feedparser reads it and RFC 4287 wants it; JSON Feed by the words of its specification, version 1.1."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import feedparser
from hypothesis import given, settings

from scraper.formats import feeds, html
from scraper.model import Article, Kind, StoredArticle
from tests.formats.samples import ARTICLE, DAY, articles, stored

ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
HEAD = feeds.Head("Harbour news", "urn:uuid:1", "article-scraper", updated="2026-11-12T07:00:00Z")
ITEM = {
    "id": str, "url": str, "title": str, "content_html": str, "summary": str, "image": str, "date_published": str,
    "date_modified": str, "authors": list, "tags": list, "language": str,
}  # fmt: skip


def entries(*which: StoredArticle) -> list[feeds.Entry]:
    return [feeds.entry(each, None) for each in which]


def atom(*which: StoredArticle) -> bytes:
    return b"".join(feeds.atom(HEAD, entries(*which)))


def jsonfeed(*which: StoredArticle, head: feeds.Head = HEAD) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(b"".join(feeds.jsonfeed(head, entries(*which))))
    return read


def check_atom(body: bytes) -> None:
    """What RFC 4287 demands of a feed (4.1.1) and of its entries (4.1.2), as far as it bears on ours."""
    feed = ET.fromstring(body)  # noqa: S314 - ours
    assert feed.tag == f"{ATOM}feed"
    for one in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, name
        assert INSTANT.fullmatch(one.findtext(f"{ATOM}updated") or "")
        assert (one.findtext(f"{ATOM}id") or "").strip()
        assert all(author.find(f"{ATOM}name") is not None for author in one.findall(f"{ATOM}author"))
        assert all(category.get("term") is not None for category in one.findall(f"{ATOM}category"))
    assert feed.find(f"{ATOM}author") is not None  # or every entry would need one
    assert all(len(one.findall(f"{ATOM}content")) == 1 for one in feed.findall(f"{ATOM}entry"))


def check_jsonfeed(feed: dict[str, Any]) -> None:
    """What its specification demands: types, what must be there, and that names of our own begin with an underscore."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert isinstance(feed["items"], list)
    for item in feed["items"]:
        assert {"id", "content_html"} <= set(item)
        for name, value in item.items():
            assert name.startswith("_") or isinstance(value, ITEM[name]), name
        for author in item.get("authors", []):
            assert set(author) <= {"name", "url", "avatar"}
            assert any(author.values())
        assert all(INSTANT.fullmatch(item[name]) for name in ("date_published", "date_modified") if name in item)


def test_atom_as_a_feed_reader_sees_it() -> None:
    body = atom(stored(), stored(DAY))
    check_atom(body)
    read = feedparser.parse(body)
    assert (read.bozo, read.version, read.feed.title, read.feed.id) == (False, "atom10", HEAD.title, HEAD.id)
    one = read.entries[0]
    assert (one.title, one.id, one.link) == (ARTICLE.title, ARTICLE.url, ARTICLE.url)
    assert [author.name for author in one.authors] == ["Ann Lee", "Bo Ox"]
    assert [(tag.term, tag.scheme) for tag in one.tags] == [
        ("harbour", None), ("money", None), ("article", "urn:article-scraper:kind"),
    ]  # fmt: skip
    assert (one.published, one.updated) == ("2026-11-12T06:30:00Z", "2026-11-12T06:30:00Z")
    assert (one.summary, one.content[0].type) == (ARTICLE.summary, "text/html")
    assert "<em>older</em> damage" in one.content[0].value
    assert read.entries[1].published == "2022-01-19T00:00:00Z"


def test_a_json_feed_by_its_specification() -> None:
    feed = jsonfeed(stored(), stored(DAY))
    check_jsonfeed(feed)
    one = feed["items"][0]
    assert (one["id"], one["title"], one["tags"]) == (ARTICLE.url, ARTICLE.title, ["harbour", "money"])
    assert (one["authors"], one["image"], one["language"]) == (
        [{"name": "Ann Lee"}, {"name": "Bo Ox"}], ARTICLE.image_url, "en",
    )  # fmt: skip
    assert one["_article_scraper"] == {"kind": "article"}


def test_a_feed_that_is_served_says_where() -> None:
    head = replace(HEAD, address="https://here.example/feed", page="https://here.example/")
    feed = jsonfeed(head=head)
    assert (feed["feed_url"], feed["home_page_url"], feed["items"]) == (head.address, head.page, [])
    read = feedparser.parse(b"".join(feeds.atom(head, [])))
    assert {(link.rel, link.href) for link in read.feed.links} == {("self", head.address), ("alternate", head.page)}


def test_when_an_entry_was_updated() -> None:
    later = "2026-11-20T00:00:00Z"
    assert feeds.entry(stored(), later).updated == later
    assert feeds.entry(stored(replace(ARTICLE, published_at=None)), None).updated == stored().first_seen_at


def test_a_kind_is_marked() -> None:
    teaser = stored(replace(ARTICLE, kind=Kind.TEASER))
    assert feedparser.parse(atom(teaser)).entries[0].tags[-1].term == "teaser"
    assert jsonfeed(teaser)["items"][0]["_article_scraper"] == {"kind": "teaser"}


@given(articles())
@settings(max_examples=60, deadline=None)
def test_any_article_makes_a_valid_feed(article: Article) -> None:
    check_atom(atom(stored(article)))
    check_jsonfeed(jsonfeed(stored(article)))


def test_an_entry_at_a_time() -> None:
    for write in (feeds.atom, feeds.jsonfeed):
        taken = 0

        def counted() -> Iterator[feeds.Entry]:
            nonlocal taken
            for each in entries(stored()) * 1000:
                taken += 1
                yield each

        pieces = iter(write(HEAD, counted()))
        for _ in range(4):
            next(pieces)
        assert taken <= 4


def hrefs(markup: str) -> Iterable[str]:
    return re.findall(r'href="([^"]*)"', markup)


def test_a_body_can_do_no_harm() -> None:
    nasty = (
        "<script>x</script> [a](javascript:alert%281%29) [b](https://b.example) ![p](https://b.example/p.png)\n\n# Top"
    )
    made = html.render(nasty)
    assert "<script" not in made
    assert "<img" not in made
    assert list(hrefs(made)) == ["https://b.example", "https://b.example/p.png"]
    assert "<h2>Top</h2>" in made
    assert html.paragraphs("a <b>\n\nc") == "<p>a &lt;b&gt;</p>\n<p>c</p>"


def test_a_body_past_all_measure_is_plain_text() -> None:
    long = replace(ARTICLE, body="a < b", body_markdown="*x* " * 300_000)
    assert feeds.entry(stored(long), None).html == "<p>a &lt; b</p>"
