"""A tree -> the text blocks that it shows, in document order, and the boxes that hold them. One pruned pass.

A *block* is a run of text that a reader sees as one piece: a paragraph, a heading, a list item, the text between two
line breaks. A *box* is an element that holds blocks; the blocks of a box lie side by side, so a box is a range of them,
and a sum over a box is a difference of two prefix sums. Nothing is judged here, and nothing is rendered: a block keeps
the inline elements that stood in it, so that Markdown is made of the few blocks that are chosen and not of them all.

The pass reads no more of a node than it needs, for every read of selectolax makes a Python object: attributes only of
elements that can be boxes, a link's address only when it is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.extract.words import ends_sentence, squeeze, words_in

Mark = tuple[int, str, LexborNode | None]
"""Where in a block's parts an inline element begins, its Markdown (``a`` for a link) and its node; "" ends one."""

_PRUNED = frozenset({
    "script", "style", "noscript", "template", "iframe", "svg", "math", "canvas", "object", "embed", "audio", "video",
    "button", "select", "textarea", "input", "label", "dialog", "map", "progress", "meter", "nav", "-comment",
    "-doctype", "head", "link", "meta",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "nobr",
})  # fmt: skip
MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*"}
_LEAVES = frozenset({"br", "hr", "img", "picture"})
_KINDS = {
    "h1": ("h", 1), "h2": ("h", 2), "h3": ("h", 3), "h4": ("h", 4), "h5": ("h", 5), "h6": ("h", 6), "li": ("li", 0),
    "pre": ("pre", 0), "td": ("td", 0), "th": ("td", 0), "figcaption": ("caption", 0), "caption": ("caption", 0),
}  # fmt: skip
_LISTS = frozenset({"ol", "ul"})
_STATEFUL = _LISTS | {"blockquote"} | _KINDS.keys()
_BOX, _TEXT, _PRUNE, _LEAF, _MARK, _PLAIN = range(6)  # what an element is to the pass; most are boxes
_ROLES = {
    "-text": _TEXT,
    **dict.fromkeys(_PRUNED, _PRUNE),
    **dict.fromkeys(_LEAVES, _LEAF),
    **dict.fromkeys(_INLINE, _PLAIN),
    **dict.fromkeys(("a", *MARKS), _MARK),
}
_NO_PARTS: Sequence[str] = ()
_NO_MARKS: Sequence[Mark] = ()
LINE = "\u2028"  # stands for a <br> inside a run
_DEEPEST = 30  # open inline elements that a block keeps: hostile pages nest thousands
_SHOWN = 0.3  # of a page's words, at least, are to be seen before any script acts
_WRAPPED = 8  # words from which a line may be one that was wrapped by hand
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(slots=True)
class Box:
    """An element that holds blocks ``start`` to ``end`` (exclusive); ``parent`` is its holder's place, -1 for none.

    The boxes inside it are those from the next one up to ``until`` (exclusive). What its attributes say is read when it
    is asked for.
    """

    parent: int
    tag: str
    attributes: Mapping[str, str | None]
    start: int
    end: int = 0
    until: int = 0

    @property
    def names(self) -> str:
        """Its class and id."""
        return f"{self.attributes.get('class') or ''} {self.attributes.get('id') or ''}" if self.attributes else ""

    @property
    def role(self) -> str:
        """Its role, lower-case, empty for none."""
        return (self.attributes.get("role") or "").lower()

    @property
    def declared(self) -> bool:
        """Whether it says that it is the body of the article."""
        return "itemprop" in self.attributes and "articlebody" in (self.attributes["itemprop"] or "").lower()

    @property
    def hidden(self) -> bool:
        """Whether it is not displayed before a script acts."""
        if not self.attributes:
            return False
        return "hidden" in self.attributes or _NO_DISPLAY.search(self.attributes.get("style") or "") is not None


@dataclass(slots=True)
class Block:
    """A run of text. ``kind`` is p, h, li, pre, td, caption or img (no text), ``level`` a heading's.

    ``size`` is in words, ``linked`` as many of them as stand in links; ``quoted`` says that it stands in a
    ``<blockquote>``, ``ordered`` that its list is numbered. ``marks`` are the inline elements by their place in
    ``parts``, the pieces of text (see :mod:`scraper.extract.body.markdown`); without marks there are no parts.
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
    parts: Sequence[str]
    marks: Sequence[Mark]


@dataclass(slots=True)
class Flat:
    """What one pass over a page yields. ``shown`` are the blocks that are text and are not hidden before a script
    acts; where those are few, the page hides its text to show it later, and hidden ones count.
    """

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    shown: list[Block] = field(default_factory=list)


def flatten(root: LexborNode | None) -> Flat:
    """Every block under an element, and every box."""
    flattener = _Flattener()
    if root is not None:
        flattener.run(root)
    return Flat(flattener.blocks, flattener.boxes, _shown(flattener.blocks, flattener.boxes))


def _shown(blocks: list[Block], boxes: list[Box]) -> list[Block]:
    hidden: list[bool] = []
    for box in boxes:
        hidden.append(box.hidden or (box.parent >= 0 and hidden[box.parent]))
    told = [block for block in blocks if block.size]
    shown = [block for block in told if not hidden[block.box]]
    return shown if sum(block.size for block in shown) > _SHOWN * sum(block.size for block in told) else told


class _Flattener:
    """The state of one pass: open boxes, open inline elements, and the run of text that is being gathered."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.boxes: list[Box] = []
        self.box = -1
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self.open: list[tuple[str, LexborNode | None]] = []  # inline elements that a run may end inside of
        self.links = 0
        self.linked = 0  # characters of this run inside links
        self.quotes = 0
        self.ordered: list[bool] = []
        self.kinds: list[tuple[str, int]] = [("p", 0)]
        self.broke = False  # the last piece is a line break
        self.broken = False  # the run holds one

    def run(self, root: LexborNode) -> None:  # noqa: C901, PLR0912 - calls cost as much as the walk itself
        """Walk the tree with a stack of our own: the depth of a page is not ours to trust to Python's.

        One loop, and no calls for what every node asks.
        """
        boxes, role_of = self.boxes, _ROLES.get
        stack: list[tuple[LexborNode, str, int]] = []
        boxes.append(Box(-1, root.tag or "body", root.attributes, 0))
        self.box = 0
        node = root.first_child
        while True:
            while node is not None:
                tag = node.tag or ""
                role = role_of(tag, _BOX)
                if role == _TEXT:
                    text = node.text_content or ""
                    if not text.isspace():
                        self.parts.append(text)
                        self.broke = False
                        if self.links:
                            self.linked += len(text)
                    elif self.parts:
                        self.parts.append(" ")
                elif role == _LEAF:
                    self._leaf(tag, node)
                elif role != _PRUNE and (child := node.first_child) is not None:
                    if role == _BOX:
                        if self.parts or self.marks:
                            self._flush()
                        if tag in _STATEFUL:
                            self._enter(tag)
                        boxes.append(Box(self.box, tag, node.attributes, len(self.blocks)))
                        self.box = len(boxes) - 1
                    elif role == _MARK:
                        self._enter_inline(tag, node)
                    stack.append((node, tag, role))
                    node = child
                    continue
                node = node.next
            if not stack:
                break
            node, tag, role = stack.pop()
            if role == _BOX:
                self._close_box()
                if tag in _STATEFUL:
                    self._leave(tag)
            elif role == _MARK:
                self._leave_inline(tag)
            node = node.next
        self._close_box()

    def _leaf(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self._break()
            return
        self._flush()
        if tag != "hr":
            self.blocks.append(
                Block("", "img", 0, self.quotes > 0, False, self.box, 0, 0, False, _NO_PARTS, [(0, "img", node)])
            )

    def _break(self) -> None:
        """Two line breaks are a new paragraph; what one is, the end of the run decides."""
        if self.broke:
            self._flush()
            return
        self.broke = self.broken = True
        self.parts.append(LINE)

    def _enter_inline(self, tag: str, node: LexborNode) -> None:
        if tag == "a":
            self.links += 1
            mark: tuple[str, LexborNode | None] = ("a", node)
        else:
            mark = (MARKS[tag], None)
        self.open.append(mark)
        self.marks.append((len(self.parts), *mark))

    def _leave_inline(self, tag: str) -> None:
        if tag == "a":
            self.links -= 1
        self.open.pop()
        self.marks.append((len(self.parts), "", None))

    def _enter(self, tag: str) -> None:
        if tag == "blockquote":
            self.quotes += 1
        elif tag in _LISTS:
            self.ordered.append(tag == "ol")
        else:
            self.kinds.append(_KINDS[tag])

    def _leave(self, tag: str) -> None:
        if tag == "blockquote":
            self.quotes -= 1
        elif tag in _LISTS:
            self.ordered.pop()
        else:
            self.kinds.pop()

    def _close_box(self) -> None:
        if self.parts or self.marks:
            self._flush()
        box = self.boxes[self.box]
        box.end = len(self.blocks)
        box.until = len(self.boxes)
        self.box = box.parent

    def _flush(self) -> None:
        """End the run: what was gathered becomes a block, or several where single line breaks part paragraphs."""
        parts, marks = self.parts, self.marks
        if marks or parts:  # the block keeps the list: the next run needs one of its own
            self.marks = [(0, *mark) for mark in self.open[:_DEEPEST]] if self.open else []
        if not parts:
            return
        linked, broken = self.linked, self.broken
        self.parts, self.linked, self.broke, self.broken = [], 0, False, False
        joined = "".join(parts)
        share = linked / max(1, len(joined))
        if not broken or _hard_wrapped(joined.split(LINE)):
            self._add(joined, parts, marks, share)
            return
        for pieces, inside in _lines(parts, marks):
            self._add("".join(pieces), pieces, inside, share)

    def _add(self, text: str, parts: list[str], marks: list[Mark], linked: float) -> None:
        text = squeeze(text)
        if not text:
            return
        kind, level = self.kinds[-1]
        size = words_in(text)
        self.blocks.append(
            Block(
                text, kind, level, self.quotes > 0, bool(self.ordered and self.ordered[-1]), self.box, size,
                round(linked * size) if linked else 0, ends_sentence(text), parts if marks else _NO_PARTS,
                marks or _NO_MARKS,
            )
        )  # fmt: skip


def _lines(parts: list[str], marks: list[Mark]) -> Iterator[tuple[list[str], list[Mark]]]:
    """A run cut at its line breaks: the pieces of each line, and its marks; those still open are opened again."""
    start, waiting, opened = 0, 0, list[Mark]()
    for end in [place for place, part in enumerate(parts) if part == LINE] + [len(parts)]:
        inside = [(0, mark, node) for _, mark, node in opened]
        while waiting < len(marks) and (marks[waiting][0] <= end or end == len(parts)):
            place, mark, node = marks[waiting]
            inside.append((place - start, mark, node))
            if mark:
                opened.append(marks[waiting])
            elif opened:
                opened.pop()
            waiting += 1
        yield parts[start:end], inside
        start = end + 1


def _hard_wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph that was wrapped by hand: full lines, and few of them end a sentence."""
    inner = [line for line in lines[:-1] if line.strip()]
    wrapped = [line for line in inner if words_in(line) >= _WRAPPED and not ends_sentence(line)]
    return len(inner) > 1 and len(wrapped) > len(inner) / 2
