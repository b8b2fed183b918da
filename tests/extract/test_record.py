"""The whole way: one page with everything, evidence, zones, limits, and pages that must not make it fail."""

# ruff: noqa: E501 - one case a line, in the world's alphabets

from __future__ import annotations

import doctest
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scraper.extract.record
from scraper.errors import BadUsage, LimitExceeded, ScrapeError
from scraper.extract import EXTRACTOR, extract_article
from scraper.model import Article, Kind, Zone

URL = "https://news.example/2026/03/01/harbour"
PAGE = """<!doctype html><html lang="en-GB"><head><title>Harbour reopens after storm | The Example</title>
<meta property="og:site_name" content="The Example"><meta property="og:type" content="article">
<meta property="og:image" content="/i/harbour.jpg"><link rel="canonical" href="/2026/03/01/harbour">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Harbour reopens after storm", "datePublished": "2026-03-01T09:30:00+01:00", "dateModified": "2026-03-01T12:00:00Z",
"author": [{"@type": "Person", "name": "Ana Ruiz"}, {"@type": "Organization", "name": "The Example"}],
"publisher": {"@type": "Organization", "name": "The Example"}, "articleSection": "Local", "keywords": ["harbour", "storm"],
"description": "Two days after the storm.", "isAccessibleForFree": true}</script></head><body>
<nav><a href="/">Home</a></nav><main><article><header><h1>Harbour reopens after storm</h1><p class="byline">By Ana Ruiz</p></header>
<figure><img src="/i/harbour.jpg"><figcaption>Pilots wait for the tide. <span class="credit">Bo Li / Agency</span></figcaption></figure>
<p>The harbour opened again on Sunday, two days after the storm had driven <a href="/ships">three ships</a> aground.</p>
<h2>First ferry at noon</h2>
<p>Pilots said that the channel was clear, and the first ferry left at noon with some forty people on board.</p>
<div class="related"><p>Read next: <a href="/x">Storm drives three ships aground</a></p></div></article></main>
<footer><p>The Example, Harbour Street 1. All rights reserved by us, the people of The Example.</p></footer></body></html>"""


def test_one_page_with_everything() -> None:
    article = extract_article(PAGE.encode(), URL, content_type="text/html; charset=utf-8")
    evidence = article.evidence
    first = "The harbour opened again on Sunday, two days after the storm had driven {} aground."
    last = "Pilots said that the channel was clear, and the first ferry left at noon with some forty people on board."
    assert article == Article(
        url=URL,
        title="Harbour reopens after storm",
        body=f"{first.format('three ships')}\n\nFirst ferry at noon\n\n{last}",
        kind=Kind.ARTICLE,
        body_markdown="![](https://news.example/i/harbour.jpg)\n\n*Pilots wait for the tide. Bo Li / Agency*\n\n"
        f"{first.format('[three ships](https://news.example/ships)')}\n\n## First ferry at noon\n\n{last}",
        canonical_url=URL,
        published_at="2026-03-01T08:30:00Z",
        published_raw="2026-03-01T09:30:00+01:00",
        published_zone=Zone.GIVEN,
        modified_at="2026-03-01T12:00:00Z",
        authors=("Ana Ruiz",),
        summary="Two days after the storm.",
        section="Local",
        tags=("harbour", "storm"),
        language="en-GB",
        image_url="https://news.example/i/harbour.jpg",
        image_caption="Pilots wait for the tide.",
        credit="Bo Li / Agency",
        publisher="The Example",
        paywalled=False,
        word_count=40,
        extractor=EXTRACTOR,
        evidence=evidence,
    )
    assert evidence == {
        "title": "jsonld:headline",
        "authors": "jsonld:author",
        "canonical_url": "dom:canonical",
        "summary": "jsonld:description",
        "image_url": "og:image",
        "image_caption": "dom:figcaption",
        "credit": "dom:credit",
        "language": "html:lang",
        "section": "jsonld:articleSection",
        "tags": "jsonld:keywords",
        "publisher": "jsonld:publisher",
        "paywalled": "jsonld:isAccessibleForFree",
        "published_at": "jsonld:datePublished",
        "modified_at": "jsonld:dateModified",
        "body": "dom:scored",
    }


def test_text_and_bytes_give_the_same() -> None:
    assert extract_article(PAGE, URL) == extract_article(PAGE.encode(), URL)
    assert extract_article(PAGE, URL) == extract_article(bytearray(PAGE.encode()), URL)
    nothing: Any = None
    with pytest.raises(TypeError, match="bytes-like"):
        extract_article(nothing, URL)


def test_the_example_in_the_docstring() -> None:
    assert doctest.testmod(scraper.extract.record).failed == 0


def test_without_an_address_the_page_names_itself() -> None:
    assert extract_article(PAGE).url == ""
    assert (
        extract_article(PAGE.replace('href="/2026', 'href="https://o.example/2026')).url
        == "https://o.example/2026/03/01/harbour"
    )


def test_the_zone_of_the_source_is_for_naive_dates() -> None:
    naive = PAGE.replace("09:30:00+01:00", "09:30:00")
    found = extract_article(naive, URL, zone="Europe/Berlin")
    assert (found.published_at, found.published_zone) == ("2026-03-01T08:30:00Z", Zone.SOURCE)
    found = extract_article(naive, URL)
    assert (found.published_at, found.published_zone) == ("2026-03-01T09:30:00Z", Zone.ASSUMED)
    found = extract_article(PAGE.replace("T09:30:00+01:00", ""), URL, zone="Europe/Berlin")
    assert (found.published_at, found.published_zone) == ("2026-03-01", Zone.NONE)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", "\0"])
def test_an_unknown_zone_is_bad_usage(zone: str) -> None:
    with pytest.raises(BadUsage, match="no time zone"):
        extract_article(PAGE, URL, zone=zone)


def test_a_date_in_the_future_is_refused_where_now_is_given() -> None:
    article = extract_article(PAGE, "https://n.example/x", now=datetime(2026, 1, 1, tzinfo=UTC))
    assert article.published_at is None
    assert "published_at" not in article.evidence


def test_a_page_over_the_limit_is_not_parsed() -> None:
    with pytest.raises(LimitExceeded):
        extract_article(b"<p>" + b"x" * (10 << 20))


def survives(html: bytes | str) -> None:
    try:
        article = extract_article(html, URL, content_type="text/html")
    except ScrapeError:
        return
    assert article.title
    assert "\n" not in article.title
    assert all(paragraph.strip() for paragraph in article.body.split("\n\n"))
    assert {name.partition(":")[0] for name in article.evidence} <= {field.name for field in fields(article)}


@given(st.binary(max_size=500))
def test_random_bytes_yield_an_article_or_one_of_our_errors(data: bytes) -> None:
    survives(data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutilated_page_yields_an_article_or_one_of_our_errors(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(PAGE)))
    end = data.draw(st.integers(start, min(len(PAGE), start + 400)))
    middle = data.draw(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                ['"', "<", "<!--", "</div>", "<p>" * 50, "<b>" * 300, "\ud800", "{", "]", "<table>", "\0", "&#xD800;"]
            ),
        )
    )
    survives(PAGE[:start] + middle + PAGE[end:])


FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<br>", "<a href='x'>", "</a>", "<b>", "</b>", "<li>", "<h1>", "</h1>"]
        ),
        st.sampled_from(
            ["<table>", "<td>", "<blockquote>", "<article>", "<time datetime='2022-02-30'>", "<meta charset=", "<h2>"]
        ),
        st.text(max_size=30),
        st.just("A sentence of some ten words that could stand in an article. "),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(FRAGMENTS)
def test_tag_soup_yields_an_article_or_one_of_our_errors(fragments: list[str]) -> None:
    survives("<h1>Title</h1>" + "".join(fragments))


@pytest.mark.parametrize(
    "piece",
    ["<", "<script", "(", "_", " ", "\u00e9", ",", "<b>x", "<p class=date>1.", "<a rel=author>(", "By Ana, ", "&#"],
)
def test_repetition_takes_no_quadratic_time(piece: str) -> None:
    # 60,000 repetitions of anything: a regular expression that backtracks over them would need minutes.
    survives(f'<title>{piece * 60_000}</title><meta name="author" content="{piece * 60_000}">')
    survives(f'<script type="application/ld+json">{piece * 60_000}</script>'.encode("cp1252", "replace") + b"\xe9")


def test_the_date_is_the_day_that_readers_saw() -> None:
    def date(published: str) -> str | None:
        page = f'<meta property="article:published_time" content="{published}"><h1>Harbour reopens</h1>' + STORY
        return extract_article(page, "https://news.example/harbour-reopens-after-storm-at-sea").date

    assert date("2026-03-01T23:30:00-05:00") == "2026-03-01"
    assert date("2026-03-01T23:30:00Z") == "2026-03-01"
    assert date("2026-03-01") == "2026-03-01"
    assert date("") is None


STORY = "".join(
    f"<p>The harbour opened again on day {n}, after the storm had driven three ships aground.</p>" for n in "abcd"
)
