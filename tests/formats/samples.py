"""Stored articles as the store hands them out, and what hypothesis makes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from scraper.dedupe import content_hash, url_key
from scraper.model import Article, How, Kind, StoredArticle, Zone

ARTICLE = Article(
    url="https://harbour.example/2026/11/12/breakwater",
    title="Breakwater repair bill doubles",
    body="Divers found older damage.\n\nThe bill has doubled.",
    body_markdown="## Below\n\nDivers found *older* damage.\n\n![a wall](https://harbour.example/w.jpg)\n\n*The wall.*"
    "\n\nThe bill has [doubled](https://harbour.example/bill).",
    published_at="2026-11-12T06:30:00Z",
    published_raw="12 Nov 2026 06:30",
    published_zone=Zone.GIVEN,
    authors=("Ann Lee", "Bo Ox"),
    summary="Twice as dear.",
    tags=("harbour", "money"),
    language="en",
    image_url="https://harbour.example/w.jpg",
    paywalled=False,
    word_count=8,
    extractor="7",
    evidence={"title": "jsonld:headline"},
)
DAY = replace(ARTICLE, url="https://harbour.example/day", published_at="2022-01-19", published_zone=Zone.NONE)

_LETTERS = st.characters(codec="utf-8")
TEXT = st.text(_LETTERS, max_size=40)
_WORDS = st.lists(TEXT, max_size=3).map(tuple)
_SECOND = st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0"))
_DATE = st.none() | _SECOND | st.dates().map(lambda day: day.isoformat())


def stored(article: Article = ARTICLE, **around: Any) -> StoredArticle:
    key = url_key(article.url)
    made = StoredArticle(1, article, key, content_hash(article), 1, "2026-11-12T07:00:00Z", "2026-11-12T08:00:00Z")
    return replace(made, **around)


@st.composite
def articles(draw: st.DrawFn, address: st.SearchStrategy[str] | None = None) -> Article:
    """Any article that can be stored."""
    slug = draw(address) if address is not None else f"{draw(st.integers(1, 10**6))}-the-long-story"
    return Article(
        url=f"https://paper.example/{slug}",
        title=draw(TEXT.filter(str.strip)),
        body=draw(st.text(_LETTERS, max_size=300)),
        body_markdown=draw(st.just("") | TEXT),
        kind=draw(st.sampled_from([Kind.ARTICLE, Kind.TEASER, Kind.LIVE, Kind.CLIPPING])),
        published_at=draw(_DATE),
        published_raw=draw(st.none() | TEXT),
        published_zone=draw(st.none() | st.sampled_from(list(Zone))),
        modified_at=draw(_DATE),
        authors=draw(_WORDS),
        summary=draw(st.none() | TEXT),
        tags=draw(_WORDS),
        language=draw(st.none() | st.just("pt-BR")),
        credit=draw(st.none() | TEXT),
        paywalled=draw(st.none() | st.booleans()),
        word_count=draw(st.integers(0, 10**6)),
        extractor=draw(TEXT),
        evidence=draw(st.dictionaries(TEXT, TEXT, max_size=3)),
    )


def known(article: Article, draw: st.DrawFn) -> StoredArticle:
    """The same, as it is stored with another address."""
    url = f"{article.url}/amp"
    return stored(article, aliases=(url,), how={url: How.AMP}, login=draw(st.booleans()))
