"""The elements of a page that field rules read, gathered by one query and grouped; and by a second one for class names.

A query costs an eighth of a parse or more, because it visits every node: so all rules share one, which finds what
pages mark on purpose (``<meta>``, ``<h1>``, ``<time>``, ``itemprop``, ``rel``). Elements by the words in their class
cost more, and are only looked for when a rule gets that far, a family of words at a time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.words import squeeze

_MARKED = (
    "title, h1, base, meta[content], script[type*='ld+json' i], time, figure, figcaption,"
    " [rel~='author' i], [rel~='tag' i], [rel~='canonical' i], [rel~='image_src' i], [itemtype], [itemprop],"
    " link[rel~='amphtml' i], link[media][rel~='alternate' i]"
)
_TAGS = frozenset({"title", "h1", "base", "meta", "script", "time", "figure", "figcaption"})
# The words by which pages name what they do not mark on purpose, a family a kind of field.
# A search inside class names costs a twentieth of a parse a word, a whole class name next to nothing.
_FAMILIES = {
    "author": "[class*='author' i], [class*='autor' i], [class*='byline' i], .writer, [id*='author' i]",
    "date": (
        "[class*='date' i], [class*='publi' i], .updated, .posted, .posted-on, .created, .tarih, .fecha, .datum, #date"
    ),
    "time": "[class*='time' i], [class*='meta' i], [class*='byline' i], .day",
    "figure": "[class*='caption' i], .photo-credit, .image-credit, .legende, .bildunterschrift, .pic-title",
    "way": "[class*='breadcrumb' i], #breadcrumb, #breadcrumbs",
}
_COMMENTS = re.compile(
    r"(?:^|[\s_/-])(?:user-?)?comment(?:s|-?list|-?body|aire|aires|arios)?(?:$|[\s_-])|disqus", re.IGNORECASE
)
# Boxes of other stories, of what is on, of the site's people. Sidebars and cards hold the article's own date as well.
_OTHERS = re.compile(
    r"(?:^|[\s_-])(?:related(?!-to-)\w*|recirc\w*|recommend\w*|most-?(?:read|popular|viewed|shared)|popular\w*|trending"
    r"|read-?(?:more|also|next)|also-?read|up-?next|more|(?:more|latest|other|top|recent)-?(?:stories|news|articles|posts"
    r"|entries)|teasers?(?!-?(?:text|body))|carousel|(?<!pointer-)events?|agenda|columnists?|responses)(?:$|[\s_-])"
)
_BYLINE = re.compile(r"author|autor|byline|dateline|meta|info|header|publi")  # which such a box may be named after
ASIDE = "aside"
_BREAKS = frozenset({
    "br", "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "section", "article", "header", "ul",
})  # fmt: skip
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "button", "-comment"})
_ROOM = 4000  # characters and nodes of an element that are read for a field
_MOST = 20_000  # elements of one query; a page with more is not asking to be understood


class Mark:
    """An element of interest: its attributes read once, its text when first asked for."""

    __slots__ = ("_text", "attributes", "node", "place", "tag")

    def __init__(self, node: LexborNode, place: int = 0) -> None:
        self.node = node
        self.place = place  # in the order of the document, among the elements of the same query
        self.tag = node.tag or ""
        self.attributes: Mapping[str, str | None] = node.attributes
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The visible text on one line; of a very large element only its beginning."""
        if self._text is None:
            self._text = text_of(self.node, _ROOM)
        return self._text

    def value(self, attribute: str) -> str:
        """An attribute on one line, empty for none."""
        value = self.attributes.get(attribute)
        return squeeze(value) if value else ""

    def words(self, attribute: str) -> list[str]:
        """The words of an attribute, lower-case: a ``rel`` or ``itemprop`` may have several."""
        return (self.attributes.get(attribute) or "").lower().split()


class Marks:
    """What a tree marks, by tag, ``itemprop``, ``rel`` and class."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._comments: dict[int, bool] = {}
        self._beside: dict[int, str] = {}
        self.types: list[Mark] = []  # elements with an itemtype
        self.carriers: list[Mark] = []  # elements with an itemprop or an itemtype, in document order
        self._tags: dict[str, list[Mark]] = defaultdict(list)
        self._properties: dict[str, list[Mark]] = defaultdict(list)
        self._relations: dict[str, list[Mark]] = defaultdict(list)
        self._families: dict[str, list[tuple[str, Mark]]] = {}
        for place, node in enumerate(_once(tree.css(_MARKED))):
            mark = Mark(node, place)
            if mark.tag in _TAGS:
                self._tags[mark.tag].append(mark)
            if mark.tag != "meta" or "itemprop" in mark.attributes:
                self._sort(mark, mark.attributes)

    def _sort(self, mark: Mark, attributes: Mapping[str, str | None]) -> None:
        if "rel" in attributes:
            for name in mark.words("rel"):
                self._relations[name].append(mark)
        if "itemtype" in attributes:
            self.types.append(mark)
        if "itemprop" in attributes:
            for name in mark.words("itemprop"):
                self._properties[name].append(mark)
        if "itemprop" in attributes or "itemtype" in attributes:
            self.carriers.append(mark)

    def tags(self, name: str) -> list[Mark]:
        """The elements with one of the tags that the query asks for."""
        return self._tags.get(name, [])

    def property(self, name: str) -> Iterator[Mark]:
        """The elements with an ``itemprop`` (lower-case), outside of comments."""
        return self.outside(self._properties.get(name, []))

    def relation(self, name: str) -> Iterator[Mark]:
        """The elements with a ``rel``, outside of comments."""
        return self.outside(self._relations.get(name, []))

    def named(self, family: str, pattern: re.Pattern[str]) -> Iterator[Mark]:
        """The elements of a family of names whose lower-case class and id match a pattern, outside of comments."""
        if family not in self._families:
            marks = [Mark(node) for node in _once(self._tree.css(_FAMILIES[family]))]
            self._families[family] = [(f"{mark.value('class')} {mark.value('id')}".lower(), mark) for mark in marks]
        return self.outside([mark for names, mark in self._families[family] if pattern.search(names)])

    def outside(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Those of the elements that stand outside of readers' comments, which have authors and dates of their own."""
        return (mark for mark in marks if not self.in_comments(mark.node))

    def own(self, marks: Iterable[Mark]) -> Iterator[Mark]:
        """Those of the elements that stand neither in comments nor in a box beside the article. Where all stand in an
        ``<aside>`` and say the same, they are the article's: some pages lay out their byline so.
        """
        asides: list[Mark] = []
        none = True
        for mark in self.outside(marks):
            where = self.beside(mark.node)
            if not where:
                none = False
                yield mark
            elif where == ASIDE:
                asides.append(mark)
        if none and len({mark.value("datetime") or mark.value("content") or mark.text for mark in asides}) == 1:
            yield from asides

    def beside(self, node: LexborNode) -> str:
        """The box beside the article, without its headline, that an element is in: ``aside``, ``others`` or none."""
        passed: list[int] = []
        here: LexborNode | None = node
        verdict = ""
        while here is not None and here.tag not in {"body", "html", "head"}:
            known = self._beside.get(here.mem_id, "" if here.mem_id in self._holders else None)
            if known is not None:
                verdict = known
                break
            passed.append(here.mem_id)
            attributes = here.attributes
            verdict = beside(here.tag or "", f"{attributes.get('class') or ''} {attributes.get('id') or ''}")
            if verdict:
                break
            here = here.parent
        for place in passed:
            self._beside[place] = verdict
        return verdict

    @cached_property
    def _holders(self) -> frozenset[int]:
        """The elements that hold a headline: what they are called says nothing of what stands beside it."""
        found: set[int] = set()
        for mark in self._tags["h1"]:
            here = mark.node.parent
            while here is not None and here.mem_id not in found:
                found.add(here.mem_id)
                here = here.parent
        return frozenset(found)

    def in_comments(self, node: LexborNode) -> bool:
        """Whether an element stands among readers' comments. What is known of its ancestors is remembered."""
        passed: list[int] = []
        here: LexborNode | None = node
        verdict = False
        while here is not None and here.tag not in {"body", "html", "head"}:
            known = self._comments.get(here.mem_id)
            if known is not None:
                verdict = known
                break
            passed.append(here.mem_id)
            attributes = here.attributes
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemtype') or ''}"
            if of_comments(names):
                verdict = True
                break
            here = here.parent
        for place in passed:
            self._comments[place] = verdict
        return verdict


@lru_cache(maxsize=4096)
def beside(tag: str, names: str) -> str:
    """What an element's tag, or its class and id, say of a box beside the article; empty for nothing."""
    lower = names.lower()
    if _OTHERS.search(lower) is not None and _BYLINE.search(lower) is None:
        return "others"
    return ASIDE if tag == ASIDE else ""


def _once(nodes: Iterable[LexborNode]) -> Iterator[LexborNode]:
    """The nodes, at most so many, each once: a list of selectors finds an element as often as it matches."""
    seen = set()
    for node in islice(nodes, _MOST):
        place = node.mem_id
        if place not in seen:
            seen.add(place)
            yield node


@lru_cache(maxsize=4096)
def of_comments(names: str) -> bool:
    """Whether an element's class, id and type say that readers' comments are in it."""
    return _COMMENTS.search(names) is not None


def text_of(node: LexborNode, room: int | None = None) -> str:
    """An element's visible text on one line; blocks and line breaks part words, inline elements do not.

    ``room`` bounds what is read, in characters and nodes: a class name may sit on an element that holds the whole page.
    """
    parts: list[str] = []
    stack: list[LexborNode | str] = [node]
    left = room or 1 << 30
    while stack and left > 0:
        here = stack.pop()
        left -= 1
        if isinstance(here, str):
            parts.append(here)
            continue
        tag = here.tag or ""
        if tag == "-text":
            text = here.text_content or ""
            left -= len(text)
            parts.append(text)
            continue
        if tag in _SILENT:
            continue
        if tag in _BREAKS:
            parts.append(" ")
            stack.append(" ")
        child = here.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return squeeze("".join(parts))
