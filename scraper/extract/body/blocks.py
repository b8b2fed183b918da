"""The text blocks that a page shows, and the boxes that hold them.

A *block* is a run of text that a reader sees as one piece: a paragraph, a heading, a list item, the text between two
line breaks. A *box* is an element that holds blocks; the blocks of a box lie side by side, so a box is a range of them,
and a sum over a box is a difference of two prefix sums. Nothing is judged here, and nothing is rendered: a block keeps
the inline elements that stood in it, so that Markdown is made of the few blocks that are chosen and not of them all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborNode

Mark = tuple[int, str, LexborNode | None]
"""Where in a block's parts an inline element begins, its Markdown (``a`` for a link) and its node; "" ends one."""

LINE = "\u2028"  # stands for a <br> inside a run
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The elements that hold blocks, in columns, a place for each in the order of the document; a box is its place.

    A box holds blocks ``start`` to ``end`` (exclusive); ``parent`` is its holder, -1 for none; the boxes inside it are
    those from the next one up to ``until`` (exclusive). What its attributes say is read when it is asked for.
    """

    parent: Sequence[int] = ()
    tag: Sequence[str] = ()
    attributes: Sequence[Mapping[str, str | None]] = ()
    start: Sequence[int] = ()
    end: Sequence[int] = ()
    until: Sequence[int] = ()

    def names(self, box: int) -> str:
        """Its class and id."""
        return names_in(self.attributes[box])

    def within_hidden(self) -> set[int]:
        """The boxes that are not displayed before a script acts, and all inside them."""
        found: set[int] = set()
        for box, attributes in enumerate(self.attributes):
            if attributes and box not in found and is_hidden(attributes):
                found.update(range(box, self.until[box]))
        return found


def names_in(attributes: Mapping[str, str | None]) -> str:
    """An element's class and id."""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else ""


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element is not displayed before a script acts."""
    if "style" in attributes and _NO_DISPLAY.search(attributes["style"] or "") is not None:
        return True
    return "hidden" in attributes


class Block(NamedTuple):
    """A run of text. ``kind`` is p, h, li, pre, td, caption or img (no text), ``level`` a heading's.

    ``size`` is in words, ``linked`` as many of them as stand in links; ``quoted`` says that it stands in a
    ``<blockquote>``, ``ordered`` that its list is numbered. ``marks`` are the inline elements by their place in
    ``parts``, the pieces of text (see :mod:`scraper.extract.body.markdown`); without marks there are no parts.
    A tuple, because a page has hundreds, and tuples are made and taken apart into columns several times faster.
    """

    text: str
    kind: str
    level: int
    quoted: bool
    ordered: bool
    box: int
    size: int
    linked: int
    sentence: bool
    parts: Sequence[str] = ()
    marks: Sequence[Mark] = ()


@dataclass(slots=True)
class Flat:
    """What one pass over a page yields. ``shown`` are the blocks that are text and are not hidden before a script
    acts; where those are few, the page hides its text to show it later, and hidden ones count.
    """

    blocks: list[Block] = field(default_factory=list)
    boxes: Boxes = field(default_factory=Boxes)
    shown: list[Block] = field(default_factory=list)
