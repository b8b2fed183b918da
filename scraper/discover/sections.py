"""The article links of a section or home page, told from navigation by shape.

A link is an article's where its address has an article's shape (date, slug, number) and the page gives it words; or
where its address may be one, and the page gives it weight: it stands in a heading or an ``article`` with a headline's
length, or it is longer than a menu's words are. What is left with some words is doubtful: it is for others to tell
whether it was always there (``repetition``). A page links its stories several times (picture, headline, "read
more"): all of that counts together. Links in nav, header, footer and aside, to other sites, and to tags, authors and
service pages are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.discover.anchors import MAX_LINKS, base_of, heading_in, words
from scraper.discover.dates import announced
from scraper.discover.decoding import decode
from scraper.discover.document import Document
from scraper.discover.links import Base, same_site
from scraper.discover.listing import line
from scraper.discover.lookback import looked_back
from scraper.discover.paging import following_page
from scraper.discover.shapes import Shape, shape_of
from scraper.errors import BadURL
from scraper.markup import bounded, tree_of
from scraper.model import Date, Entry, Listing

_SKIPPED = frozenset(
    """
    nav footer aside form script style noscript template svg iframe select button dialog head math object
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_SKIPPED_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog"}
)
_SKIPPED_CLASSES = frozenset(
    """
    nav navbar navigation menu breadcrumb breadcrumbs footer pagination pager share social cookie cookies
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_SKIPPED_RELS = frozenset({"tag", "author", "category", "next", "prev", "license", "sponsored"})
_ENOUGH = 2  # dates of a story: of more than one, none is its own
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0e7f]")  # scripts that write words without spaces
_MORE = re.compile(
    r"(?:read|learn|see|view|show|find out)\s+(?:more|all)\b.*|continue reading.*|weiterlesen|lire la suite",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Link:
    """One link, as it stands on the page. ``story`` numbers the ``article`` that it stands in, 0 for none."""

    href: str
    text: str
    heading: bool
    story: int


@dataclass(slots=True)
class _Walk:
    """The links of a page in its order, and the dates of its stories."""

    links: list[_Link] = field(default_factory=list)
    dates: dict[int, set[str]] = field(default_factory=dict)
    stories: int = 0
    over: int = 0


def read(document: Document) -> Listing:
    """The article links of a page, in its order, one an address; ``title`` and ``language`` are the page's.

    An entry's date is that of the ``time`` element of its ``article``, where there is one alone. A page without
    article links is an empty listing. Raises BadURL where the document's own address is none.
    """
    home = Base(document.url)
    tree = tree_of(bounded(decode(document.body, document.content_type).encode("utf-8", "replace")))
    walk = _walk(tree.body) if tree.body else _Walk()
    base = base_of(tree, home)
    groups: dict[str, list[_Link]] = {}
    for link in walk.links:
        try:
            groups.setdefault(base.absolute(link.href), []).append(link)
        except BadURL:
            continue
    found: list[Entry] = []
    doubtful: list[Entry] = []
    for url, links in groups.items():
        if (place := _place(Base(url), links, home)) is not None:
            entry = Entry(url=url, title=_title(links), published=_date(links, walk, document))
            (found if place else doubtful).append(entry)
    root = tree.root
    listing = Listing(
        entries=tuple(found[: document.limit]),
        title=line(head.text()) or None if (head := tree.css_first("head > title")) else None,
        language=((root.attributes.get("lang") if root else None) or "").strip() or None,
        dropped=walk.over + max(0, len(found) - document.limit),
        doubtful=tuple(doubtful[: document.limit]),
    )
    return looked_back(listing, document, lambda: following_page(tree, base, document.url))


def _walk(body: LexborNode) -> _Walk:
    """One pass over the tree, without recursion: what is skipped is skipped with all that is in it."""
    walk = _Walk()
    stack: list[tuple[LexborNode, bool, int]] = [(body, False, 0)]
    while stack:
        node, heading, story = stack.pop()
        if node.next is not None and node is not body:
            stack.append((node.next, heading, story))
        tag = node.tag or ""
        if tag.startswith("-") or tag in _SKIPPED or (tag == "header" and not story):
            continue
        attributes = node.attributes
        if _is_furniture(tag, attributes):
            continue
        inner = story
        if tag == "article":
            walk.stories += 1
            inner = walk.stories
        elif tag == "time" and story:
            dates = walk.dates.setdefault(story, set())
            if len(dates) < _ENOUGH:
                dates.add(attributes.get("datetime") or "")
        elif tag == "a":
            _note(walk, node, heading, story)
        if node.first_child is not None:
            stack.append((node.first_child, heading or tag in _HEADINGS, inner))
    return walk


def _is_furniture(tag: str, attributes: dict[str, str | None]) -> bool:
    if (attributes.get("role") or "").lower() in _SKIPPED_ROLES or "hidden" in attributes:
        return True
    if tag not in {"div", "ul", "ol", "section", "p"}:
        return False
    return not _SKIPPED_CLASSES.isdisjoint((attributes.get("class") or "").lower().split())


def _note(walk: _Walk, node: LexborNode, heading: bool, story: int) -> None:
    attributes = node.attributes
    href = attributes.get("href")
    if not href or href.lstrip().startswith("#") or _SKIPPED_RELS.intersection((attributes.get("rel") or "").split()):
        return
    if len(walk.links) >= MAX_LINKS:
        walk.over += 1
        return
    inside = heading_in(node)
    text = words(inside or node) or line(attributes.get("aria-label") or "")
    walk.links.append(_Link(href=href, text=text, heading=heading or inside is not None, story=story))


def _place(url: Base, links: list[_Link], home: Base) -> bool | None:
    """Whether a link is an article's (True), may be one's (False), or is none's (None)."""
    if not same_site(url.host, home.host) or url.href == home.absolute(home.href):
        return None
    shape = shape_of(url)
    if shape is Shape.NEVER:
        return None
    if _is_article(shape, links):
        return True
    return False if any(_has_words(link.text) for link in links) else None


def _is_article(shape: Shape, links: list[_Link]) -> bool:
    headline = any(_is_headline(link.text) for link in links)
    heading = any(link.heading for link in links)
    weight = heading or any(link.story for link in links)
    if shape is Shape.ARTICLE:
        return headline or (weight and any(link.text for link in links))
    if shape is Shape.LIKELY:
        # Plain lists of headlines have no headings; what is too long for a menu is a headline all the same.
        return headline and (weight or any(_is_long(link.text) for link in links))
    return headline and heading


def _is_headline(text: str) -> bool:
    """As long as headlines are: four words or more, or as much in a script without spaces."""
    if _MORE.fullmatch(text):
        return False
    return (text.count(" ") > 2 and len(text) > 15) or len(_WIDE.findall(text)) > 5


def _has_words(text: str) -> bool:
    """Two words or more, or as much in a script without spaces."""
    return not _MORE.fullmatch(text) and (" " in text or len(_WIDE.findall(text)) > 3)


def _is_long(text: str) -> bool:
    """Longer than the words of a menu: five words and 26 characters, or ten characters of a script without spaces."""
    return (text.count(" ") > 3 and len(text) > 25) or len(_WIDE.findall(text)) > 9


def _title(links: list[_Link]) -> str | None:
    """The text of the link in a heading, else the longest."""
    texts = [link.text for link in links if link.heading and link.text] or [link.text for link in links]
    told = [text for text in texts if not _MORE.fullmatch(text)]
    return max(told, key=len, default="") or None


def _date(links: list[_Link], walk: _Walk, document: Document) -> Date | None:
    told = {frozenset(walk.dates.get(link.story, ())) for link in links if link.story}
    if len(told) != 1 or len(only := next(iter(told))) != 1:
        return None
    return announced(list(only), document.zone)
