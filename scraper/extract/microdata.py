"""The microdata of a page's article, as an object like JSON-LD's: the same rules read both."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.extract.jsonld import ARTICLE_TYPES, Thing
from scraper.extract.words import squeeze

_ADDRESS = {"a": "href", "link": "href", "area": "href", "img": "src", "video": "src", "audio": "src", "source": "src"}
_UNREAD = frozenset({"articleBody", "text", "comment", "review"})  # long, or another item's business


def read(tree: LexborHTMLParser) -> Thing:
    """The properties of the first item whose type is an article's; empty where there is none."""
    for node in tree.css("[itemtype]"):
        kind = _kind(node.attributes.get("itemtype"))
        if kind in ARTICLE_TYPES:
            return _item(node, kind)
    return {}


def _kind(itemtype: str | None) -> str:
    return (itemtype or "").strip().rpartition("/")[2]


def _item(root: LexborNode, kind: str) -> dict[str, Any]:
    """An item with the items nested in it. A stack of our own: the depth of a page is not ours to trust."""
    item: dict[str, Any] = {"@type": kind}
    stack: list[tuple[LexborNode, dict[str, Any]]] = [(child, item) for child in _children(root)]
    while stack:
        node, holder = stack.pop()
        if (node.tag or "").startswith("-"):
            continue
        attributes = node.attributes
        names = (attributes.get("itemprop") or "").split()
        inner = holder
        if "itemscope" in attributes:
            inner = {"@type": _kind(attributes.get("itemtype"))}
            value: Any = inner
        else:
            value = _value(node, attributes) if names and _UNREAD.isdisjoint(names) else ""
        for name in names:
            if value and name not in _UNREAD:
                holder.setdefault(name, []).append(value)
        stack.extend((child, inner) for child in _children(node))
    return item


def _children(node: LexborNode) -> list[LexborNode]:
    """The children, last first: a stack hands them out in document order."""
    found = []
    child = node.last_child
    while child is not None:
        found.append(child)
        child = child.prev
    return found


def _value(node: LexborNode, attributes: dict[str, str | None]) -> str:
    for name in ("content", "datetime", _ADDRESS.get(node.tag or "", "")):
        if name and attributes.get(name):
            return squeeze(attributes[name] or "")
    return squeeze(node.text())
