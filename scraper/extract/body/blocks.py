"""A tree -> the text blocks that it shows, in document order, and the boxes that hold them. One pruned pass.

A *block* is a run of text that a reader sees as one piece: a paragraph, a heading, a list item, the text between two
line breaks. A *box* is an element that holds blocks; the blocks of a box lie side by side, so a box is a range of them,
and a sum over a box is a difference of two prefix sums. Nothing is judged here: a box that looks like furniture is only
marked, because the choice of the container needs to see the whole page first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from scraper.extract.body.vocabulary import BODY_NAME, looks_like_furniture
from scraper.extract.urls import absolute
from scraper.extract.words import count_words, ends_sentence, squeeze

_PRUNED = frozenset({
    "script", "style", "noscript", "template", "iframe", "svg", "math", "canvas", "object", "embed", "audio", "video",
    "picture", "img", "button", "select", "textarea", "input", "label", "dialog", "map", "progress", "meter", "nav",
    "figcaption", "-comment", "-doctype", "head",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "mark", "q", "ruby", "rb", "rt", "rp", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "tt", "u", "var", "wbr", "nobr",
})  # fmt: skip
_MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*"}
_KINDS = {
    "h1": "h",
    "h2": "h",
    "h3": "h",
    "h4": "h",
    "h5": "h",
    "h6": "h",
    "li": "li",
    "pre": "pre",
    "td": "td",
    "th": "td",
}
_FURNITURE_TAGS = frozenset({"aside", "footer", "figure", "form"})
_FURNITURE_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu", "alert"}
)
_ESCAPED = re.compile(r"([\\`*_\[\]<>])")
_LINE = "\u2028"  # stands for a <br> inside a run
_WRAPPED = 8  # words from which a line may be one that was wrapped by hand
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)


@dataclass(slots=True)
class Box:
    """An element that holds blocks ``start`` to ``end`` (exclusive); ``parent`` is its holder's place, -1 for none.

    ``furniture`` says that its tag, role, class or id marks it as no part of an article, ``by_tag`` that tag or role
    do; ``body_named`` that its class or id says "article-body" or the like, ``declared`` that its itemprop does.
    """

    parent: int
    tag: str
    furniture: bool
    by_tag: bool
    body_named: bool
    declared: bool
    start: int
    end: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text: plain, and as inline Markdown. ``size`` and ``linked`` are in words; ``level`` is a heading's,
    ``quoted`` says that it stands in a ``<blockquote>``, ``kind`` is p, h, li, pre or td.
    """

    text: str
    markdown: str
    kind: str
    level: int
    quoted: bool
    ordered: bool
    box: int
    size: int
    linked: int
    sentence: bool


@dataclass(slots=True)
class Flat:
    """What one pass over a page yields."""

    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


def flatten(root: LexborNode | None, base: str | None = None) -> Flat:
    """Every visible block under an element, and every box; links are resolved against ``base``."""
    flat = _Flattener(base)
    if root is not None:
        flat.run(root)
    return Flat(flat.blocks, flat.boxes)


class _Flattener:
    """The state of one pass: open boxes, open inline marks, and the run of text that is being gathered."""

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.blocks: list[Block] = []
        self.boxes: list[Box] = []
        self.box = -1
        self.plain: list[str] = []
        self.marked: list[str] = []
        self.linked: list[str] = []
        self.links = 0
        self.quotes = 0
        self.ordered: list[bool] = []
        self.kinds: list[tuple[str, int]] = [("p", 0)]
        self.open_marks: list[list[int]] = []  # where in `marked` each open inline element began
        self.broke = False
        self.looks: dict[str, tuple[bool, bool]] = {}

    def run(self, root: LexborNode) -> None:
        """Walk the tree with a stack of our own: the depth of a page is not ours to trust to Python's."""
        self._open_box("body", {})
        stack: list[tuple[LexborNode, str, str | None]] = []
        node = root.first_child
        while True:
            if node is None:
                if not stack:
                    break
                parent, tag, href = stack.pop()
                self._leave(tag, href)
                node = parent.next
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
            elif tag == "br":
                self._break()
            elif tag == "hr":
                self._flush()
            elif tag not in _PRUNED:
                attributes = node.attributes
                if not _hidden(attributes):
                    child = node.first_child
                    if child is not None:
                        self._enter(tag, attributes)
                        stack.append((node, tag, attributes.get("href") if tag == "a" else None))
                        node = child
                        continue
            node = node.next
        self._flush()
        self._close_box()

    def _text(self, text: str) -> None:
        if text.isspace():
            if self.plain:
                self.plain.append(" ")
                self.marked.append(" ")
            return
        self.broke = False
        text = text.replace(_LINE, " ")
        self.plain.append(text)
        self.marked.append(_ESCAPED.sub(r"\\\1", text))
        if self.links:
            self.linked.append(text)

    def _break(self) -> None:
        """Two line breaks are a new paragraph; what one is, the end of the run decides."""
        if self.broke:
            self._flush()
            return
        self.broke = True
        for parts in (self.plain, self.marked, self.linked):
            parts.append(_LINE)

    def _enter(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _INLINE:
            if tag == "a":
                self.links += 1
                self.linked.append(" ")
            if tag in _MARKS or tag == "a":
                self.open_marks.append([len(self.marked)])
            return
        self._flush()
        if tag == "blockquote":
            self.quotes += 1
        elif tag in {"ol", "ul"}:
            self.ordered.append(tag == "ol")
        if tag in _KINDS:
            self.kinds.append((_KINDS[tag], int(tag[1]) if _KINDS[tag] == "h" else 0))
        self._open_box(tag, attributes)

    def _leave(self, tag: str, href: str | None) -> None:
        if tag in _INLINE:
            if tag == "a":
                self.links -= 1
            if tag in _MARKS or tag == "a":
                self._close_mark(self.open_marks.pop()[0], _MARKS.get(tag, ""), href)
            return
        self._flush()
        if tag == "blockquote":
            self.quotes -= 1
        elif tag in {"ol", "ul"}:
            self.ordered.pop()
        if tag in _KINDS:
            self.kinds.pop()
        self._close_box()

    def _close_mark(self, start: int, mark: str, href: str | None) -> None:
        """Wrap what an inline element held: its white space stays outside, as Markdown wants it."""
        address = absolute(href, self.base) if href and not href.startswith("#") else None
        lines = "".join(self.marked[start:]).split(_LINE)
        self.marked[start:] = [_LINE.join(_wrapped(line, mark, address) for line in lines)]

    def _flush(self) -> None:
        """End the run: what was gathered becomes a block."""
        if not self.plain:
            return
        runs = ["".join(parts) for parts in (self.plain, self.marked, self.linked)]
        if _hard_wrapped(runs[0].split(_LINE)):
            runs = [run.replace(_LINE, " ") for run in runs]
        for plain, marked, linked in zip(*(run.split(_LINE) for run in runs), strict=True):
            self._add(squeeze(plain), marked, linked)
        self.plain, self.marked, self.linked, self.broke = [], [], [], False
        for start in self.open_marks:
            start[0] = 0

    def _add(self, text: str, marked: str, linked: str) -> None:
        if not text:
            return
        kind, level = self.kinds[-1]
        block = Block(
            text=text,
            markdown=squeeze(marked),
            kind=kind,
            level=level,
            quoted=self.quotes > 0,
            ordered=bool(self.ordered and self.ordered[-1]),
            box=self.box,
            size=count_words(text),
            linked=count_words(linked) if linked else 0,
            sentence=ends_sentence(text),
        )
        self.blocks.append(block)

    def _open_box(self, tag: str, attributes: dict[str, str | None]) -> None:
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        declared = "articlebody" in (attributes.get("itemprop") or "").lower()
        by_tag = tag in _FURNITURE_TAGS or (attributes.get("role") or "").lower() in _FURNITURE_ROLES
        looks = self.looks.get(names)
        if looks is None:  # pages repeat their class names a hundred times
            looks = self.looks[names] = (looks_like_furniture(names), BODY_NAME.search(names) is not None)
        furniture = not declared and (by_tag or looks[0])
        named = looks[1]
        self.boxes.append(Box(self.box, tag, furniture, by_tag, named, declared, len(self.blocks)))
        self.box = len(self.boxes) - 1

    def _close_box(self) -> None:
        box = self.boxes[self.box]
        box.end = len(self.blocks)
        self.box = box.parent


def _wrapped(line: str, mark: str, address: str | None) -> str:
    """A line inside a mark or a link; white space stays outside, as Markdown wants it."""
    core = line.strip()
    if not core or (mark and core.startswith(mark)) or not (mark or address):
        return line
    before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    if mark:
        return f"{before}{mark}{core}{mark}{after}"
    return f"{before}[{core}]({_target(address or '')}){after}"


def _hard_wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph that was wrapped by hand: full lines, and few of them end a sentence."""
    inner = [line for line in lines[:-1] if line.strip()]
    wrapped = [line for line in inner if count_words(line) >= _WRAPPED and not ends_sentence(line)]
    return len(inner) > 1 and len(wrapped) > len(inner) / 2


def _hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or _NO_DISPLAY.search(attributes.get("style") or "") is not None


def _target(address: str) -> str:
    """An address inside a Markdown link: round brackets would end it."""
    return address.replace("(", "%28").replace(")", "%29")
