"""The microdata of a page's article, as an object like JSON-LD's: the same rules read both.

Only the elements that carry a property are looked at, and from each one the way up to the item it belongs to: to walk
down the whole article, most of which is text, costs as much as parsing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selectolax.lexbor import LexborNode

from scraper.extract.jsonld import ARTICLE_TYPES, Thing
from scraper.extract.marks import Mark, Marks

_ADDRESS = {"a": "href", "link": "href", "area": "href", "img": "src", "video": "src", "audio": "src", "source": "src"}
_READ = frozenset({
    "headline", "name", "author", "creator", "publisher", "datepublished", "datemodified", "datecreated", "description",
    "image", "url", "articlesection", "keywords", "alternativeheadline", "isaccessibleforfree", "caption", "inlanguage",
})  # fmt: skip
_SPELLED = {
    "datepublished": "datePublished", "datemodified": "dateModified", "datecreated": "dateCreated",
    "articlesection": "articleSection", "alternativeheadline": "alternativeHeadline",
    "isaccessibleforfree": "isAccessibleForFree", "inlanguage": "inLanguage",
}  # fmt: skip


def read(marks: Marks) -> Thing:
    """The properties of the first item whose type is an article's; empty where there is none."""
    for mark in marks.types:
        kind = _kind(mark)
        if kind in ARTICLE_TYPES:
            return _item(mark, kind, marks)
    return {}


def _kind(mark: Mark) -> str:
    return (mark.attributes.get("itemtype") or "").strip().rpartition("/")[2]


def _item(root: Mark, kind: str, marks: Marks) -> dict[str, Any]:
    """An item with the items nested in it. The marks come in document order, so a holder is known before its parts."""
    items: dict[int, dict[str, Any]] = {root.node.mem_id: {"@type": kind}}
    holders = _Holders(items)
    for mark in marks.carriers:
        holder = holders.of(mark.node)
        if holder is None:
            continue
        value: Any = None
        if "itemscope" in mark.attributes:
            value = items[mark.node.mem_id] = {"@type": _kind(mark)}
        for name in mark.words("itemprop"):
            if name in _READ:
                value = value or _value(mark)
                if value:
                    holder.setdefault(_SPELLED.get(name, name), []).append(value)
    return items[root.node.mem_id]


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
