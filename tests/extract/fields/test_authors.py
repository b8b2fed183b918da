"""Authors: bylines taken apart, publishers left out."""

# ruff: noqa: E501, ISC004, RUF001 - one case a line, in the world's alphabets

from __future__ import annotations

import pytest

from scraper.extract.fields.authors import authors, split
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
        ("admin", []),
        ("", []),
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
        ('<p class="byline">By <a href="/ana">Ana Ruiz</a> and <a href="/bo">Bo Li</a></p>', ("Ana Ruiz", "Bo Li"), "dom:byline-name"),
        ('<div class="byline">By Ana Ruiz</div>', ("Ana Ruiz",), "dom:byline"),
        ("<h1>A headline here</h1><b>By Walt Jessup and Irene Sobczak</b><p>Text.", ("Walt Jessup", "Irene Sobczak"), "dom:around-headline"),
        ("<h1>题目题目</h1><div>2026年1月2日 来源：报 记者：林知远 苏禾 字号：大</div>", ("林知远", "苏禾"), "dom:around-headline"),
        ("<p>Text text.</p><p>Автор: Марина Зорина</p>", ("Марина Зорина",), "dom:signed"),
        ('<div class="comment"><span class="author">Troll</span></div>', None, None),
    ],
)  # fmt: skip
def test_the_order_of_the_rules(html: str, names: tuple[str, ...] | None, rule: str | None) -> None:
    found = authors(ParsedPage(html, "https://news.example/a"))
    assert (found.value if found else None, found.rule if found else None) == (names, rule)
