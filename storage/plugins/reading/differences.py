"""What changed between two texts, as markup. Pure.

article-scraper tells the words; without it, both texts are shown.
"""

from __future__ import annotations

import re
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
"""Characters of what two texts do not begin or end with alike that are compared."""

_TAGS = {"removed": "del", "added": "ins"}
_LAST_WORD = re.compile(r"\S*\Z")
_LONGEST_WORD = 30  # which is not cut


@lru_cache(maxsize=32)
def between(old: str, new: str) -> tuple[Markup, bool]:
    """The new text with ``<ins>`` and ``<del>``, line ends kept; and whether their ends were left out."""
    head, tail = 0, 0
    if len(old) > LONGEST or len(new) > LONGEST:  # what is alike costs nothing, and the change is often at the end
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
    was, now = old[head : len(old) - tail], new[head : len(new) - tail]
    cut = len(was) > LONGEST or len(now) > LONGEST
    middle = _marked(was[:LONGEST], now[:LONGEST])
    return Markup("{}{}{}").format(new[:head], middle, "" if cut else new[len(new) - tail :]), cut


def _alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning, the word that they part in left out."""
    parts = (place for place, (was, now) in enumerate(zip(one, other, strict=False)) if was != now)
    same = next(parts, min(len(one), len(other)))
    word = _LAST_WORD.search(one, max(0, same - _LONGEST_WORD), same)
    return same if word is None or len(word[0]) == _LONGEST_WORD else word.start()


def _marked(old: str, new: str) -> Markup:
    if old == new:
        return Markup("{}").format(new)
    if _compare is None:
        return Markup("<del>{}</del>\n\n<ins>{}</ins>").format(old, new)
    parts = (_part(str(change.kind), change.text) for change in _compare(old, new))
    return Markup("").join(parts)


def _part(kind: str, text: str) -> Markup:
    tag = _TAGS.get(kind)
    return Markup("<{0}>{1}</{0}>").format(tag, text) if tag else Markup("{}").format(text)
