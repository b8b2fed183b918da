"""The links of a parsed page, as many as are looked at, and what they say. Pure.

Links nest (``<a><object><a>``), each with the words of all that are inside of it: so of each only the first elements
are looked through, and no more text is taken than a title has.
"""

from __future__ import annotations

from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.discover.links import Base
from scraper.discover.listing import MAX_TITLE, line
from scraper.errors import BadURL

MAX_LINKS = 5000
"""Links a page (DESIGN section 7)."""

_NODES = 200  # elements and texts of one link: a card with its pictures has some 50
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


def base_of(tree: LexborHTMLParser, home: Base) -> Base:
    """What the links of a page that lies there are relative to."""
    element = tree.css_first("base[href]")
    try:
        return Base(home.absolute(element.attributes.get("href") or "")) if element else home
    except BadURL:
        return home


def anchors(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The first links of a page that a selector finds."""
    return tree.css(selector)[:MAX_LINKS]


def heading_in(link: LexborNode) -> LexborNode | None:
    """The heading inside of a link: of a card that is all link."""
    return next((node for node in islice(link.traverse(), _NODES) if node.tag in _HEADINGS), None)


def words(node: LexborNode) -> str:
    """What a link, or a heading, says, on one line."""
    said: list[str] = []
    room = MAX_TITLE
    for inner in islice(node.traverse(include_text=True), _NODES):
        if inner.tag == "-text" and (text := (inner.text_content or "").strip()[: 8 * MAX_TITLE]):
            said.append(text)
            room -= len(text)
            if room < 0:
                break
    return line(" ".join(said))
