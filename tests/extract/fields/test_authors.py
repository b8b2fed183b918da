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
        ("Oleh Siti Rahma", ["Siti Rahma"]),
        ("Haber: Selin Yıldız / Ankara", ["Selin Yıldız"]),
        ("Της Μαρίας Κωνσταντίνου", ["Μαρίας Κωνσταντίνου"]),
        ("โดย วิภา แสงทอง", ["วิภา แสงทอง"]),
        ("Írta: Kovács Anna", ["Kovács Anna"]),
        ("Skrevet av Kari Lie", ["Kari Lie"]),
        ("de Ioana Popa", ["Ioana Popa"]),
        ("de Villepin", ["de Villepin"]),
        ("מאת: נועה ברק", ["נועה ברק"]),
        ("نویسنده: زهرا کریمی", ["زهرا کریمی"]),
        ("Tác giả: Trần Văn Hậu", ["Trần Văn Hậu"]),
        ("लेखक: अनिल देसाई", ["अनिल देसाई"]),
        ("글 김하늘", ["김하늘"]),
        ("김하늘 기자, 박철수 기자", ["김하늘", "박철수"]),
        ("文/记者 王晓梅", ["王晓梅"]),
        ("撰文：王晓梅", ["王晓梅"]),
        ("Von unserem Redakteur Uwe Sommer", ["Uwe Sommer"]),
        ("Von unserer Mitarbeiterin Gerda Pohl", ["Gerda Pohl"]),
        ("Ein Gastbeitrag von Uwe Sommer", ["Uwe Sommer"]),
        ("Propos recueillis par Camille Roux", ["Camille Roux"]),
        ("a cura di Anna Rota", ["Anna Rota"]),
        ("dal nostro inviato Anna Rota", ["Anna Rota"]),
        ("Texto de Marta Gil", ["Marta Gil"]),
        ("Ana Ruiz with Bo Li in Whitmere", ["Ana Ruiz", "Bo Li"]),
        ("Ana Ruiz for The Example", ["Ana Ruiz"]),
        ("Institute for Peace", ["Institute for Peace"]),
        ("Blair Institute for Global Change", ["Blair Institute for Global Change"]),
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
        ("<h1>An obituary</h1><p>Walter Grieve, 88, of Harbour Street, died at home on February 27, 2025.</p>", None, None),
        ("<h1>A castle</h1><p>Castle Hill, Oldbridge, 2019</p>", None, None),
        ('<h1>A</h1><aside><a href="/author/sam">Sam Okafor</a><a href="/author/bea">Bea Holt</a></aside>', None, None),
        ('<h1>A</h1><div class="more"><a href="/x">A story</a><i class="byline">By Sam Okafor</i></div>', None, None),
        ('<p class="byline">By <a href="/authors/ana">Ana Ruiz</a> and Bo Li</p>', ("Ana Ruiz", "Bo Li"), "dom:byline-link"),
        ('<meta name="author" content="Ana Ruiz"><p>By <a rel="author">Ana Ruiz</a> and <a rel="author">Bo Li</a></p>', ("Ana Ruiz", "Bo Li"), "meta:author"),
        ('<meta name="author" content="Ana Ruiz"><h1>A</h1><p>By Ana Ruiz and Bo Li, Berlin</p>', ("Ana Ruiz", "Bo Li"), "meta:author"),
        ('<meta name="author" content="Ana Ruiz"><h1>A</h1><p>By Ana Ruiz, editor and master gardener</p>', ("Ana Ruiz",), "meta:author"),
        ('<meta name="author" content="Ana Ruiz"><p><a rel="author">Ana Ruiz</a></p><p><a rel="author">Bo Li</a></p>', ("Ana Ruiz",), "meta:author"),
        ("<h1>A</h1><p>June 12, 2025 by Ana Ruiz</p>", ("Ana Ruiz",), "dom:around-headline"),
        ("<h1>A</h1><p>Posted 12/06/2025 by Ana Ruiz and Bo Li</p>", ("Ana Ruiz", "Bo Li"), "dom:around-headline"),
        ("<h1>A</h1><p>It was opened on 3 May 2025 by Ana Ruiz, the mayor.</p>", None, None),
        ("<p>By Ana Ruiz</p><p>Text text.</p>", ("Ana Ruiz",), "dom:signed"),
        ("<p>新华网四月十八日电(记者 王晓梅 李建国)记者从市政府获悉</p>", ("王晓梅", "李建国"), "text:reporter"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"Ruiz, Ana"}}</script>', ("Ana Ruiz",), "jsonld:author"),
        ('<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","givenName":"Ana","familyName":"Ruiz"}}</script>',
         ("Ana Ruiz",), "jsonld:author"),
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
