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
        ("Ana Ruiz \u22c5 Founder & Editor-in-Chief \u22c5 Updated", ["Ana Ruiz"]),
        ("By A. J. Neal View", ["A. J. Neal"]),
        ("Sign In", []),
        ("Zeige alle Beiträge von Ana Ruiz", ["Ana Ruiz"]),
        ("View all posts by Ana Ruiz", ["Ana Ruiz"]),
        ("Alle Artikel", []),
        ("Ana Ruiz Chefredakteurin", ["Ana Ruiz"]),
        ("By Ana Torres. Born in Colombo, Sri Lanka, she writes of technology. Based in Lima, Peru", ["Ana Torres"]),
        ("By Prof. Ana Ruiz", ["Prof. Ana Ruiz"]),
        ("By Dr. Ana Ruiz", ["Dr. Ana Ruiz"]),
        ("By Ana M. Ruiz", ["Ana M. Ruiz"]),
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
        ("<h1>A</h1><p>ByAna Ruiz</p>", ("Ana Ruiz",), "dom:around-headline"),
        ("<h1>A</h1><p>Bypassing Lima</p>", None, None),
        ('<h1>A</h1><div class="author-box"><a href="/author/ana"><p>Ana Ruiz</p><p>Ana Ruiz writes of ships, of harbours and of all that happens in between, and has done so for twenty years</p></a>'
         '<p class="author-name">Ana Ruiz</p></div>', ("Ana Ruiz",), "dom:byline-name"),
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


LONG = "<h1>Locks</h1>" + "<p>A text of the town on locks and keys, and on those who make them.</p>" * 8
BIO = "<p>Ana Ruiz is a locksmith and a writer from Lima, Peru.</p>"


@pytest.mark.parametrize(
    ("below", "names", "rule"),
    [
        ("<p>Written by Ana Ruiz</p>", ("Ana Ruiz",), "dom:written-by"),
        ("<p>Written by Ana Ruiz and Bo Li</p>", ("Ana Ruiz", "Bo Li"), "dom:written-by"),
        ("<p>This post was written by Ana Ruiz, MD, gastroenterologist, Parkview Health.</p>", ("Ana Ruiz",), "dom:written-by"),
        ("<p>Geschrieben von: Jörg Weiß</p>", ("Jörg Weiß",), "dom:written-by"),
        # Other stories' cards say it, too.
        ("<p>Written by Ana Ruiz</p><p>Written by Bo Li</p>", None, None),
        ("<p>Written by hand</p>", None, None),
        ("<p>Posted in Locks by anaruiz on August 3, 2019</p>", ("anaruiz",), "dom:written-by"),
        ("<p>Verfasst von: anaruiz | 31. Dezember 2008</p>", ("anaruiz",), "dom:written-by"),
        ("<p>Posted by on Feb 3, 2019</p>", None, None),
        ("<p>Gespeichert von rasos am 24. Juli 2017 - 18:55</p>", ("rasos",), "dom:written-by"),
        ('<div class="comments"><p>Posted by anaruiz on August 3, 2019</p></div>', None, None),
        ('<div class="pullquote"><p class="quote-author">Bo Li</p></div><p class="jobber-author">Ana Ruiz</p>', ("Ana Ruiz",), "dom:author-class"),
        (f"<h4>Ana Ruiz</h4>{BIO}", ("Ana Ruiz",), "dom:introduced"),
        # Several are introduced: the article is about them.
        (f"<h4>Ana Ruiz</h4>{BIO}<h4>Bo Li</h4><p>Bo Li is a locksmith and a writer from Oslo.</p>", None, None),
        (f"<h4>Ana Ruiz</h4><p>In other news</p><p>And more of them</p>{BIO}", None, None),
        ("<h4>Ana Ruiz</h4><p>Ana Ruiz said that locks were broken all over the town.</p>", None, None),
        # What the site sells, or stages.
        ("<h4>Example World</h4><p>Example World is the fair of all that make locks.</p>", None, None),
    ],
)  # fmt: skip
def test_who_is_named_below_the_text(below: str, names: tuple[str, ...] | None, rule: str | None) -> None:
    found = authors(ParsedPage(LONG + below, "https://example.example/a"))
    assert (found.value if found else None, found.rule if found else None) == (names, rule)


def test_a_name_by_the_headline_of_whom_a_picture_is_shown() -> None:
    page = LONG.replace("</h1>", "</h1><p>Ana Ruiz</p>") + '<img src="a.jpg" alt="Headshot of Ana Ruiz, locksmith">'
    found = authors(ParsedPage(page, "https://n.example/a"))
    assert found is not None
    assert (found.value, found.rule) == (("Ana Ruiz",), "dom:portrayed")


def test_a_name_by_the_headline_that_is_introduced_below_the_text() -> None:
    page = LONG.replace("</h1>", "</h1><p>Ana Ruiz</p>") + BIO
    found = authors(ParsedPage(page, "https://n.example/a"))
    assert found is not None
    assert found.value == ("Ana Ruiz",)
    assert authors(ParsedPage(LONG.replace("</h1>", "</h1><p>Ana Ruiz</p>"), "https://n.example/a")) is None
    assert authors(ParsedPage(LONG.replace("Locks", "Ana Ruiz") + BIO, "https://n.example/a")) is None
