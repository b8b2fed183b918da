"""Markup bounded before the parser: hostile trees become bearable ones, and pages stay as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup import ATTRIBUTES, DEPTH, bounded

PAGES = sorted((Path(__file__).parents[1] / "fixtures").glob("**/*.html"), key=str)
OPENINGS = [b"<div>", b"<span>", b"<ul><li>", b"<a><div></a>", b"<svg>", b"<table><tr><td>", b"<div></x>", b"<form><p>"]


def depth(markup: bytes) -> int:
    body = LexborHTMLParser(markup, scripting=True).body
    deepest, stack = 0, [(body, 1)] if body else []
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        child: LexborNode | None = node.first_child
        while child is not None:
            stack.append((child, level + 1))
            child = child.next
    return deepest


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_pages_stay_as_they_are(path: Path) -> None:
    page = path.read_bytes()
    assert bounded(page) is page


@pytest.mark.parametrize("opening", OPENINGS)
def test_deep_trees_are_cut_and_their_text_is_kept(opening: bytes) -> None:
    page = bounded(opening * 50_000 + b"here")
    assert depth(page) <= 2 * DEPTH  # the parser adds a tbody to each table
    assert page.endswith(b"here")


def test_end_tags_of_what_was_cut_close_nothing_else() -> None:
    page = bounded(b"<main>" + b"<div>" * 50_000 + b"</div>" * 50_000 + b"<p>after</p></main>")
    after = LexborHTMLParser(page).css_first("p")
    assert after is not None
    assert after.parent is not None
    assert after.parent.tag == "main"


@pytest.mark.parametrize("form", [b" a%d", b" a%d=1", b" a%d='>'", b"/a%d"])
def test_attributes_of_one_tag_are_cut(form: bytes) -> None:
    page = bounded(b"<p" + b"".join(form % number for number in range(100_000)) + b">text")
    paragraph = LexborHTMLParser(page).css_first("p")
    assert paragraph is not None
    assert len(paragraph.attributes) == ATTRIBUTES
    assert paragraph.text() == "text"


@pytest.mark.parametrize("piece", [b"<p><font x=%d>", b"<p><font x=%d>t</p>", b"<b x=%d><div>t</b></div>"])
def test_formatting_does_not_multiply(piece: bytes) -> None:
    page = bounded(b"".join(piece % number for number in range(100_000)))
    assert len(LexborHTMLParser(page).css("font, b")) < 3_000_000


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from([*OPENINGS, b"</div>", b"</a>", b"</td>", b"<b>", b"</b>", b"x", b"<p>"]),
        min_size=2,
        max_size=4,
    )
)
def test_any_mixture_is_bounded(pieces: list[bytes]) -> None:
    assert depth(bounded(b"".join(pieces) * 13_000)) <= 4 * DEPTH


@given(st.binary(max_size=300))
def test_few_bytes_stay_as_they_are(markup: bytes) -> None:
    assert bounded(markup) is markup
