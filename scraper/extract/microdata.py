"""The microdata of a page's article, as an object like JSON-LD's: the same rules read both.

Only the elements that carry a property are looked at, and from each one the way up to the item it belongs to: to walk
down the whole article, most of which is text, costs as much as parsing it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from scraper.extract.jsonld import APART, ARTICLE_TYPES, Thing
from scraper.extract.marks import Mark, Marks

_ADDRESS = {"a": "href", "link": "href", "area": "href", "img": "src", "video": "src", "audio": "src", "source": "src"}
_READ = frozenset({
    "headline", "name", "author", "creator", "publisher", "datepublished", "datemodified", "datecreated", "description",
    "image", "url", "mainentityofpage", "articlesection", "keywords", "alternativeheadline", "isaccessibleforfree",
    "caption", "inlanguage",
})  # fmt: skip
_SPELLED = {
    "datepublished": "datePublished", "datemodified": "dateModified", "datecreated": "dateCreated",
    "articlesection": "articleSection", "alternativeheadline": "alternativeHeadline",
    "isaccessibleforfree": "isAccessibleForFree", "inlanguage": "inLanguage", "mainentityofpage": "mainEntityOfPage",
}  # fmt: skip


_MOST = 50  # items of other stories; a page with more is a list of them
_BESIDE = frozenset({"aside", "nav", "footer"})


class Item(NamedTuple):
    """A page's article item; ``others`` are the nodes of the items before it that belong to other stories."""

    thing: Thing
    others: frozenset[int]

    def holds(self, node: LexborNode) -> bool:
        """Whether an element stands in an item of another story."""
        here = node.parent if self.others else None
        while here is not None:
            if here.mem_id in self.others:
                return True
            here = here.parent
        return False


def read(marks: Marks, is_foreign: Callable[[Thing, bool], bool]) -> Item:
    """The first item whose type is an article's and that belongs to the page; empty where there is none.

    ``is_foreign`` tells items of other stories, given an item and whether it stands where other stories do.
    """
    roots = [mark for mark in marks.types if _kind(mark) in ARTICLE_TYPES]
    roots = [mark for place, mark in enumerate(roots) if not place or "itemscope" in mark.attributes][:_MOST]
    if not roots:
        return Item({}, frozenset())
    others = set[int]()
    for root, thing in zip(roots, _items(roots, marks), strict=True):
        if not is_foreign(thing, _stands_beside(root)):
            return Item(thing, frozenset(others))
        others.add(root.node.mem_id)
    return Item({}, frozenset(others))


def _kind(mark: Mark) -> str:
    return (mark.attributes.get("itemtype") or "").strip().rpartition("/")[2]


def _stands_beside(root: Mark) -> bool:
    if not APART.isdisjoint((root.attributes.get("itemprop") or "").split()):
        return True
    here = root.node.parent
    while here is not None:
        if here.tag in _BESIDE:
            return True
        here = here.parent
    return False


def _items(roots: list[Mark], marks: Marks) -> list[Thing]:
    """The items with those nested in them. The marks come in document order: a holder is known before its parts."""
    items: dict[int, dict[str, Any]] = {root.node.mem_id: _typed(root) for root in roots}
    holders = _Holders(items)
    for mark in marks.carriers:
        holder = holders.of(mark.node)
        if holder is None:
            continue
        value: Any = None
        if "itemscope" in mark.attributes:
            value = items.setdefault(mark.node.mem_id, _typed(mark))
        for name in mark.words("itemprop"):
            if name in _READ:
                value = value or _value(mark)
                if value:
                    holder.setdefault(_SPELLED.get(name, name), []).append(value)
    return [items[root.node.mem_id] for root in roots]


def _typed(mark: Mark) -> dict[str, Any]:
    address = mark.value("itemid")
    return {"@type": _kind(mark)} | ({"@id": address} if address else {})


class _Holders:
    """Which of the known items an element stands in; what is learned on the way up is kept."""

    def __init__(self, items: Mapping[int, dict[str, Any]]) -> None:
        self._items = items
        self._known: dict[int, dict[str, Any] | None] = {}

    def of(self, node: LexborNode) -> dict[str, Any] | None:
        """The nearest item above an element, None where it belongs to no item of the article."""
        passed: list[int] = []
        found: dict[str, Any] | None = None
        here = node.parent
        while here is not None:
            place = here.mem_id
            if place in self._items or place in self._known:
                found = self._items.get(place) or self._known.get(place)
                break
            passed.append(place)
            here = here.parent
        for place in passed:
            self._known[place] = found
        return found


def _value(mark: Mark) -> str:
    for name in ("content", "datetime", _ADDRESS.get(mark.tag, "")):
        if name and mark.attributes.get(name):
            return mark.value(name)
    return mark.text
