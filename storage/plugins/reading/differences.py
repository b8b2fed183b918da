"""What changed between two texts, as markup. Pure.

article-scraper tells the words; without it, both texts are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup

_compare: Callable[[str, str], Iterable[Any]] | None = None
try:
    from scraper.dedupe.differences import word_differences

    _compare = word_differences
except ImportError:  # a Datasette of its own, without the scraper beside it
    pass

CAN_TELL = _compare is not None
LONGEST = 200_000
"""Characters of a text that are compared."""

_TAGS = {"removed": "del", "added": "ins"}


@lru_cache(maxsize=32)
def between(old: str, new: str) -> Markup:
    """The new text with ``<ins>`` and ``<del>``, line ends kept."""
    old, new = old[:LONGEST], new[:LONGEST]
    if old == new:
        return Markup("{}").format(new)
    if _compare is None:
        return Markup("<del>{}</del>\n\n<ins>{}</ins>").format(old, new)
    parts = (_part(str(change.kind), change.text) for change in _compare(old, new))
    return Markup("").join(parts)


def _part(kind: str, text: str) -> Markup:
    tag = _TAGS.get(kind)
    return Markup("<{0}>{1}</{0}>").format(tag, text) if tag else Markup("{}").format(text)
