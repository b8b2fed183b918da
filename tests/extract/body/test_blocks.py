"""A tree -> blocks: what parts them, what is pruned, and how each is written in Markdown."""

# ruff: noqa: E501, ISC004 - one case a line, in the world's alphabets

from __future__ import annotations

import pytest

from scraper.extract.body.blocks import Block
from scraper.extract.body.markdown import inline
from scraper.extract.body.vocabulary import NAMES_FURNITURE, read_names
from scraper.extract.page import ParsedPage


def blocks(html: str) -> list[Block]:
    return ParsedPage(html, "https://n.example/a").flat.blocks


def texts(html: str) -> list[str]:
    return [block.text for block in ParsedPage(html, "https://n.example/a").flat.shown]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div>One<p>two <b>bold</b>ly</p>three</div>", ["One", "two boldly", "three"]),
        ("One.<br>Two.<br><br>Three<br>", ["One.", "Two.", "Three"]),
        ("<p>By Ana<br>Berlin</p>", ["By Ana", "Berlin"]),
        (
            "<p>A line of text that was wrapped by the hand of its<br>author, as people did when the screens were narrow and<br>"
            "nobody had told them of the paragraph.</p>",
            [
                "A line of text that was wrapped by the hand of its author, as people did when the screens were narrow and"
                " nobody had told them of the paragraph."
            ],
        ),
        ("<nav>N</nav><script>s</script><style>t</style><p hidden>h</p><p style='display: NONE'>d</p><p>x<!--c--></p>", ["x"]),
        ("<template><p>t</p></template><noscript><p>n</p></noscript><textarea>a</textarea>x", ["x"]),
        ("<p>a\u00a0 b\u200b\n c</p><p> \u00a0 </p>", ["a b c"]),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", ["a", "b", "c"]),
        ("<table><tr><td>a<td>b</table>", ["a", "b"]),
    ],
)  # fmt: skip
def test_what_parts_blocks(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a <b> bold </b>b</p>", "a **bold** b"),
        ("<p><em>a</em><i></i>", "*a*"),
        ('<p><a href="/b(c)"><b>link</b></a>', "[**link**](https://n.example/b%28c%29)"),
        ('<p><a href="javascript:x">a</a> <a href="#n">b</a>', "a b"),
        ("<p>1 * 2_3 [x] <b>&lt;p></b>", r"1 \* 2\_3 \[x\] **\<p\>**"),
        ("<p><b>a<br>b</b>", "**a**"),
        ("<b><p>a</p></b>", "**a**"),
        ("<p><b>a</b> c <i>d <a href=/e>f</a></i>", "**a** c *d [f](https://n.example/e)*"),
    ],
)
def test_inline_markdown(html: str, markdown: str) -> None:
    assert inline(blocks(html)[0], "https://n.example/a") == markdown


def test_boxes_are_ranges_of_blocks() -> None:
    flat = ParsedPage("<div id=a><p>1</p><div id=b><p>2</p><p>3</p></div></div><p>4").flat
    boxes = flat.boxes
    ranges = list(zip(boxes.tag, boxes.start, boxes.end, strict=True))
    assert ranges == [("body", 0, 4), ("div", 0, 3), ("p", 0, 1), ("div", 1, 3), ("p", 1, 2), ("p", 2, 3), ("p", 3, 4)]


def test_link_words_and_sizes_are_in_words_of_any_script() -> None:
    block = blocks("<p>她告诉<a href=/x>记者</a>。")[0]
    assert (block.size, block.linked, block.sentence) == (5, 2, True)


@pytest.mark.parametrize(
    "name", ["related", "article__share-bar", "newsletterSignup", "js-read-more", "sidebar", "mostPopular"]
)
def test_furniture(name: str) -> None:
    assert read_names(name)[1] & NAMES_FURNITURE


@pytest.mark.parametrize(
    "name", ["article-body", "shared-memory", "loading", "print:hidden", "readable", "gradient", ""]
)
def test_no_furniture(name: str) -> None:
    assert not read_names(name)[1] & NAMES_FURNITURE


def test_what_is_hidden_is_told_apart_unless_all_is() -> None:
    page = "<div hidden><p>A menu.</p></div><p>The text that all readers see.</p>"
    flat = ParsedPage(page).flat
    assert [block.text for block in flat.blocks] == ["A menu.", "The text that all readers see."]
    assert [block.text for block in flat.shown] == ["The text that all readers see."]
    assert texts("<div style='display:none'><p>All the text waits for a script.</p></div><p>Menu")[0].startswith("All")


def test_a_deep_page_does_not_overflow_our_stack() -> None:
    assert texts("<div>" * 3000 + "x") == ["x"]


def test_the_frame_of_a_site_is_left_out() -> None:
    frame = "<nav>Home</nav><div role=banner>The Example</div><footer>Imprint</footer>"
    story = "<p>A word after another makes a line that is long enough to be a text of its own.</p>" * 4
    assert {block.text[:6] for block in ParsedPage(f"{frame}{story}").flat.blocks} == {"A word"}


def test_a_page_within_its_own_frame_is_read() -> None:
    assert texts("<div role=banner><p>All there is.</p></div>") == ["All there is."]
    assert texts("<footer><p>Nobody closed it.</p>") == ["Nobody closed it."]


def test_letters_are_composed() -> None:
    assert texts("<p>Mu\u0308nchen") == ["M\u00fcnchen"]
    assert texts("<p>\u09af\u09bc") == ["\u09af\u09bc"]  # which has no composed form
