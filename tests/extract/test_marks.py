"""The elements that rules read: found once each, grouped, and not among comments."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.marks import Mark, Marks, text_of


def marks(html: str) -> Marks:
    return Marks(LexborHTMLParser(html.encode()))


def texts(found: list[Mark]) -> list[str]:
    return [mark.text for mark in found]


def test_an_element_that_answers_to_several_selectors_is_one() -> None:
    found = marks('<time itemprop="datePublished dateCreated" datetime="2022-01-19">x</time>')
    assert len(found.tags("time")) == len(list(found.property("datepublished"))) == 1
    assert len(list(found.property("datecreated"))) == len(found.carriers) == 1


def test_marks_keep_the_order_of_the_document() -> None:
    found = marks("<time>a</time><h1>b</h1><time>c</time>")
    before, after = found.tags("time")
    assert before.place < found.tags("h1")[0].place < after.place


def test_families_of_class_names() -> None:
    found = marks('<b class="Article-Author">Ana</b><i id="author">Bo</i><p class="authority">Li</p><u class="x">y</u>')
    assert texts(list(found.named("author", re.compile("author")))) == ["Ana", "Bo", "Li"]
    assert list(found.named("way", re.compile("breadcrumb"))) == []


def test_comments_are_outside_whatever_was_asked_before() -> None:
    found = marks(
        '<div id="comments"><p><a rel="author">Troll</a><b><a rel="author">Troll</a></b></p></div><a rel=author>Ana</a>'
    )
    assert texts(list(found.relation("author"))) == ["Ana"]
    assert texts(list(found.relation("author"))) == ["Ana"]


def test_the_text_of_a_very_large_element_is_cut() -> None:
    node = LexborHTMLParser(b"<div>" + b"<p>word</p>" * 5000 + b"</div>").css_first("div")
    assert node is not None
    assert len(Mark(node).text) < 5000 < len(text_of(node))
