"""Authors: bylines taken apart, publishers left out."""

# ruff: noqa: E501, ISC004, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

import pytest

from scraper.extract.fields.authors import authors
from scraper.extract.fields.names import split
from scraper.extract.page import ParsedPage


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Ruiz", ["Ana Ruiz"]),
        ("By Ana Ruiz and Bo Li, Chief Reporter", ["Ana Ruiz", "Bo Li"]),
        ("Ana Ruiz, Bo Li & Carl Thorsen", ["Ana Ruiz", "Bo Li", "Carl Thorsen"]),
        ("Von Jörg Weiß und Eva Kirchner-Rätsch", ["Jörg Weiß", "Eva Kirchner-Rätsch"]),
        ("Par Solène Garrigou et Anne Le Goff", ["Solène Garrigou", "Anne Le Goff"]),
        ("Por José Pérez y Marta Cañete", ["José Pérez", "Marta Cañete"]),
        ("Автор: Марина Зорина", ["Марина Зорина"]),
        ("林知远 苏禾", ["林知远", "苏禾"]),
        ("كريم الزين وليلى", ["كريم الزين وليلى"]),
        ("srf/hosb;kesm", ["srf/hosb", "kesm"]),
        ("Ana Ruiz - Berlin", ["Ana Ruiz"]),
        ("https://facebook.example/ana", []),
        ("ana@news.example", []),
        ("By Ana Ruiz Dec 18", ["Ana Ruiz"]),
        ("anaruizFebruary 16", ["anaruiz"]),
        ("AuthorAna Ruiz", ["Ana Ruiz"]),
        ("Ana Ruiz Senior Reporter", ["Ana Ruiz"]),
        ("신현주 기자", ["신현주"]),
        ("Scott May and April Agosto", ["Scott May", "April Agosto"]),
        ("Updated by Ana Ruiz", []),
        ("Photo: Ana Ruiz", []),
        ("Follow this author", []),
        ("editor", []),
        ("admin", []),
        ("", []),
        ("Guardian staff reporter", ["Guardian staff reporter"]),
        ("Nachrichten", []),
    ],
)
def test_bylines_are_taken_apart(byline: str, names: list[str]) -> None:
    assert list(split(byline)) == names


@pytest.mark.parametrize(
    ("html", "names", "rule"),
    [
        ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"H","author":[{"@type":"Person","name":"Ana Ruiz"},'
         '{"@type":"Organization","name":"The Example"}, "Bo Li"],"publisher":{"name":"The Example"}}</script>', ("Ana Ruiz", "Bo Li"), "jsonld:author"),
        ('<meta property="article:author" content="https://x.example/ana"><meta name="author" content="Ana Ruiz">', ("Ana Ruiz",), "meta:author"),
        ('<meta name="author" content="The Example"><meta property="og:site_name" content="The Example"><a rel="author">Ana Ruiz</a>', ("Ana Ruiz",), "dom:rel-author"),
        ('<p class="byline">By <a href="/ana">Ana Ruiz</a> and <a href="/bo">Bo Li</a></p>', ("Ana Ruiz", "Bo Li"), "dom:byline"),
        ('<div class="byline">By Ana Ruiz</div>', ("Ana Ruiz",), "dom:byline"),
        ("<h1>A headline here</h1><b>By Walt Jessup and Irene Sobczak</b><p>Text.", ("Walt Jessup", "Irene Sobczak"), "dom:around-headline"),
        ("<h1>题目题目</h1><div>2026年1月2日 来源：报 记者：林知远 苏禾 字号：大</div>", ("林知远", "苏禾"), "dom:around-headline"),
        ("<p>Text text.</p><p>Автор: Марина Зорина</p>", ("Марина Зорина",), "dom:signed"),
        ('<p class="byline"><a href="/authors/ana">Ana Ruiz</a>, <a href="/">Home</a></p>', ("Ana Ruiz",), "dom:byline-link"),
        ('<b class="author-name">Ana Ruiz</b><b class="author-name">Ana Ruiz Science Editor</b>', ("Ana Ruiz",), "dom:byline-name"),
        ('<i itemprop="author"><b itemprop="name">Ana Ruiz</b> of Harbour Street</i>', ("Ana Ruiz",), "microdata:author"),
        ('<script type="application/ld+json">{"@type":"WebPage","author":{"name":"Ana Ruiz"}}</script>', ("Ana Ruiz",), "jsonld:any:author"),
        ('<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ana Ruiz">', ("Ana Ruiz",), "meta:twitter:data"),
        ('<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Six Minutes">', None, None),
        ('<b id="authors"><i>Ana Ruiz</i></b>', ("Ana Ruiz",), "dom:author-class"),
        ('<a href="/authors">All Authors</a><a href="/author/">Some Authors</a>', None, None),
        ("<h1>A headline here</h1><p>19 January 2022 | Ana Ruiz | World</p>", ("Ana Ruiz",), "dom:beside-date"),
        ('<a href="/author/ana">More</a><a href="/author/ana">Ana Ruiz</a>', ("Ana Ruiz",), "dom:author-link"),
        ('<i class="author">technology</i><i class="author">Written By</i><i class="byline">2 min</i>', None, None),
        ('<i class="author-bio">Ana Ruiz lives by the sea</i>', None, None),
        ('<div class="comment"><span class="author">Troll</span></div>', None, None),
    ],
)  # fmt: skip
def test_the_order_of_the_rules(html: str, names: tuple[str, ...] | None, rule: str | None) -> None:
    found = authors(ParsedPage(html, "https://news.example/a"))
    assert (found.value if found else None, found.rule if found else None) == (names, rule)


def test_the_blog_of_one_person_has_an_author() -> None:
    html = '<script type="application/ld+json">{"@type":"BlogPosting","author":%s,"publisher":{"name":"Ana Ruiz"}}</script>'
    person, organisation = (f'{{"@type":"{kind}","name":"Ana Ruiz"}}' for kind in ("Person", "Organization"))
    found = authors(ParsedPage(html % person))
    assert found is not None
    assert (found.value, found.rule) == (("Ana Ruiz",), "jsonld:author")
    assert authors(ParsedPage(html % organisation)) is None


def test_by_before_a_small_word_is_no_label() -> None:
    html = "<h1>Locks</h1><p>By remaining vigilant and careful</p><p>A text of the town on locks and keys.</p>"
    assert authors(ParsedPage(html, "https://n.example/a")) is None
