"""A page parsed once: metas, JSON-LD in all its states, microdata, and the text of elements."""

from __future__ import annotations

import json

import pytest

from scraper.extract import jsonld
from scraper.extract.page import ParsedPage, text_of

URL = "https://news.example/2026/a"


def page(html: str) -> ParsedPage:
    return ParsedPage(html, URL)


def ld(*scripts: str) -> ParsedPage:
    return page("".join(f'<script type="application/ld+json">{script}</script>' for script in scripts))


def test_metas_are_lower_case_and_in_order() -> None:
    found = page('<meta property="OG:Title" content=" A  b "><meta name=author content=X><meta name=author content=Y>')
    assert found.meta == {"og:title": ("A b",), "author": ("X", "Y")}


def test_a_head_with_a_noscript_image_stays_whole() -> None:
    found = page('<head><noscript><img src="p"></noscript><meta property="og:title" content="T"></head><body>b')
    assert list(found.metas("og:title")) == ["T"]


def test_canonical_and_base() -> None:
    assert page('<link rel="alternate canonical" href="/c">').canonical == "https://news.example/c"
    assert page('<link rel="canonical" href="javascript:x">').canonical is None
    assert page('<base href="https://o.example/x/"><link rel=canonical href="c">').canonical == "https://o.example/x/c"


def test_a_graph_its_references_and_nested_objects() -> None:
    graph = {
        "@graph": [
            {"@type": "Person", "@id": "#p", "name": "Ana Ruiz"},
            {
                "@type": "WebPage",
                "mainEntity": {"@type": ["Thing", "NewsArticle"], "headline": "H", "author": [{"@id": "#p"}]},
            },
        ]
    }
    found = ld(json.dumps(graph))
    assert list(found.ld("headline")) == ["H"]
    assert list(found.ld("author")) == ["Ana Ruiz"]


def test_broken_json_is_mended_or_left() -> None:
    good = '{"@type": "NewsArticle", "headline": "A\nB",}'
    assert list(ld(good).ld("headline")) == ["A\nB"]
    assert list(ld(f"//<![CDATA[\n{good}\n//]]>").ld("headline")) == ["A\nB"]
    assert list(ld(f"<!-- {good} -->").ld("headline")) == ["A\nB"]
    assert list(ld("{nonsense", good).ld("headline")) == ["A\nB"]
    assert list(ld('{"@type": "WebSite"}' + good).ld("headline")) == ["A\nB"]
    assert ld("[" * 100_000, good).article != {}


def test_json_ld_has_a_bound() -> None:
    big = json.dumps({"@type": "NewsArticle", "headline": "x" * (1 << 20)})
    assert ld(big).things == ()


def test_the_article_is_the_one_of_this_page() -> None:
    other = '{"@type": "NewsArticle", "headline": "Other", "url": "https://news.example/other"}'
    own = '{"@type": "NewsArticle", "headline": "Own", "mainEntityOfPage": {"@id": "https://news.example/2026/a"}}'
    assert list(ld(other, own).ld("headline")) == ["Own"]
    assert list(page(f'<script type="application/ld+json">[{other},{own}]</script><h1>Other</h1>').ld("headline")) == [
        "Own"
    ]


@pytest.mark.parametrize("key", ["itemListElement", "mentions", "hasPart", "review"])
def test_what_a_page_lists_or_mentions_is_not_its_article(key: str) -> None:
    other = f'{{"@type": "WebPage", "{key}": [{{"@type": "NewsArticle", "headline": "Other", "author": "Bea"}}]}}'
    assert (ld(other).article, len(ld(other).own)) == ({}, 1)
    own = '{"@type": "NewsArticle", "headline": "Said otherwise"}'
    assert list(ld(other, own).ld("headline")) == ["Said otherwise"]
    listed = page(f'<script type="application/ld+json">{other}</script><h1>Other</h1>')
    assert list(listed.ld("author")) == ["Bea"], "the list has this page's headline"


@pytest.mark.parametrize(
    ("address", "headline", "owned"),
    [
        ("https://news.example/other", "Other", False),
        ("https://news.example/other", "A storm is near", True),
        ("https://news.example/other", "A storm", True),
        ("https://m.news.example/2026/a/?from=feed", "Other", True),
        ("https://news.example/#article", "Other", True),
        ("https://news.example/other", None, True),
    ],
)
def test_an_article_elsewhere_under_another_headline_is_not_the_pages(
    address: str, headline: str | None, owned: bool
) -> None:
    told = json.dumps(
        {"@type": "NewsArticle", "@id": address, "author": "Bea"} | ({"headline": headline} if headline else {})
    )
    found = page(f'<script type="application/ld+json">{told}</script><h1>A storm is near</h1>')
    assert list(found.ld("author")) == (["Bea"] if owned else [])
    item = f'<div itemscope itemtype="https://schema.org/Article"><link itemprop="url" href="{address}">'
    item += f'<b itemprop="headline">{headline}</b><i itemprop="author">Bea</i></div>' if headline else ""
    assert list(page(f"<h1>A storm is near</h1>{item}").md("author")) == (["Bea"] if owned and headline else [])


def test_an_item_beside_the_text_is_passed_over_for_the_pages_own() -> None:
    def item(headline: str, author: str) -> str:
        kind = 'itemscope itemtype="https://schema.org/NewsArticle"'
        return f'<div {kind}><b itemprop="headline">{headline}</b><i itemprop="author">{author}</i></div>'

    found = page(f"<h1>A storm is near</h1><aside>{item('Other', 'Bea')}</aside>{item('A storm is near', 'Ana')}")
    assert (list(found.md("author")), len(found.items.others)) == (["Ana"], 1)
    inner, own = found.marks.property("author")
    assert (found.items.holds(inner.node), found.items.holds(own.node)) == (True, False)
    assert list(page(f"<h1>A storm is near</h1>{item('Storm nears', 'Ana')}").md("author")) == ["Ana"]


def test_types_lose_their_prefix() -> None:
    assert jsonld.types({"@type": ["http://schema.org/NewsArticle", "schema:Thing"]}) == {"NewsArticle", "Thing"}
    assert jsonld.types({"@type": 3}) == frozenset()


def test_microdata_reads_like_json_ld_and_leaves_comments_alone() -> None:
    found = page(
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">H <b>x</b></h1>'
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><b itemprop="name">Ana</b></span>'
        '<meta itemprop="datePublished" content="2026-01-02"><img itemprop="image" src="/i.png"></div>'
        '<div itemscope itemtype="https://schema.org/Comment"><b itemprop="author">Troll</b></div>'
    )
    assert (list(found.md("headline")), list(found.md("author"))) == (["H x"], ["Ana"])
    assert (list(found.md("datePublished")), list(found.md("image"))) == (["2026-01-02"], ["/i.png"])


def test_text_of_parts_blocks_and_joins_inline() -> None:
    node = page("<div>J<b>ohn</b><br>Doe<ul><li>a</li><li>b</li></ul>c<script>x</script></div>").tree.css_first("div")
    assert node is not None
    assert text_of(node) == "John Doe a b c"
