"""Blocks as Markdown and as plain text: headings, lists, quotes, links, emphasis, images with captions, and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from selectolax.lexbor import LexborNode

from scraper.extract.body.blocks import LINE, Block, Flat
from scraper.extract.body.tables import holder, is_data, table_of
from scraper.extract.urls import absolute
from scraper.extract.words import squeeze

_SIGNS = "\\`*_[]<>"
_ESCAPED = re.compile(r"([\\`*_\[\]<>])")
_LOOKS_LIKE_MARKUP = re.compile(r"^(#|[-+](?=\s)|\d+(?=\.\s))")
_LISTS = frozenset({"ul", "ol"})
_CLIMB = 12  # boxes from an item's text up to its list
_NUMBER = 6  # digits
_INDENTS = 8
_FIRST_SIGNS = frozenset("#-+0123456789")
_LAZY = ("data-src", "data-lazy-src", "data-original", "src")  # where an image that loads late keeps its address


def _escape(text: str) -> str:
    """The text without what Markdown would read as its own signs. Most texts have none of them."""
    for sign in _SIGNS:
        if sign in text:
            return _ESCAPED.sub(r"\\\1", text)
    return text


def markdown(flat: Flat, blocks: Sequence[Block], base: str | None) -> str:
    """The blocks as Markdown; links and images are resolved against ``base``, and left out where that fails."""
    lines: list[str] = []
    previous: Block | None = None
    lists = _Lists(flat)
    for row in rows(flat, blocks):
        block = row[0]
        listed = lists.enter(block)
        if len(row) > 1:
            line = "| " + " | ".join(inline(cell, base).replace("|", "\\|") for cell in row) + " |"
            same = previous is not None and previous.kind == "td" and table_of(flat, previous) == table_of(flat, block)
            if not same:
                line += "\n|" + " --- |" * len(row)
            joint = "\n" if same else "\n\n"
        else:
            line = _line(block, base, lists.sign)
            quoted = previous is not None and previous.quoted and block.quoted
            joint = "\n" if listed else "\n>\n" if quoted else "\n\n"
        if line:
            lines.append(joint + line if lines else line)
            previous = block
    return "".join(lines)


class _Lists:
    """The lists that a line stands in, one within the other, and their numbers; a list that something interrupts goes
    on counting.
    """

    def __init__(self, flat: Flat) -> None:
        self.boxes = flat.boxes
        self.sign = ""  # of the item that was entered last, as deep as it stands
        self._open: list[tuple[int, bool]] = []  # boxes, and whether they are numbered
        self._numbers: dict[int, int] = {}
        self._last: tuple[bool, bool] | None = None  # of the item before: whether it is numbered, and quoted

    def enter(self, block: Block) -> bool:
        """Take in the next block, and say whether it goes on with the list of the one before."""
        if block.kind != "li":
            self._open.clear()
            self._last = None
            return False
        home, outer, before = self._home(block), self._open[:1], self._last
        self._last = block.ordered, block.quoted
        while self._open and (before is None or before[1] != block.quoted or not self._holds(self._open[-1], home)):
            self._open.pop()
        listed = before is not None and (self._open[:1] == outer or before == self._last)
        if not self._open or self._open[-1] != (home, block.ordered):
            self._open.append((home, block.ordered))
        if home < 0 and not listed:
            self._numbers.pop(home, None)
        number = self._numbers[home] = self._numbers.get(home, self._first(home) - 1) + 1
        indent = "".join("   " if ordered else "  " for _, ordered in self._open[:-1][:_INDENTS])
        self.sign = f"{indent}{number}. " if block.ordered else f"{indent}- "
        return listed

    def _home(self, block: Block) -> int:
        """The box of the list, below 0 where it is not known."""
        place = block.box if self.boxes.tag else -1
        for _ in range(_CLIMB):
            if place < 0 or self.boxes.tag[place] in _LISTS:
                break
            place = self.boxes.parent[place]
        return place if place >= 0 and self.boxes.tag[place] in _LISTS else -1 - block.ordered

    def _holds(self, outer: tuple[int, bool], home: int) -> bool:
        return outer[0] == home or (outer[0] >= 0 and outer[0] < home < self.boxes.until[outer[0]])

    def _first(self, home: int) -> int:
        start = (self.boxes.attributes[home].get("start") or "") if home >= 0 else ""
        return int(start) if start.isascii() and start.isdecimal() and len(start) < _NUMBER else 1


def plain(flat: Flat, blocks: Sequence[Block]) -> str:
    """The blocks' text, a blank line between them; the cells of a table's row stand on one line."""
    lines = (" | ".join(block.text for block in row) for row in rows(flat, blocks))
    return "\n\n".join(line for line in lines if line)


def rows(flat: Flat, blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """The blocks one by one, but those of one row of a data table together."""
    if all(block.kind != "td" for block in blocks):
        yield from ([block] for block in blocks)
        return
    for table, run in groupby(blocks, lambda block: table_of(flat, block)):
        members = list(run)
        if table < 0 or not is_data(flat, members):
            yield from ([block] for block in members)
        else:
            for _, cells in groupby(members, lambda block: holder(flat, block, "tr")):
                yield list(cells)


def _line(block: Block, base: str | None, sign: str) -> str:
    if block.kind == "img":
        line = _image(block.marks[0][2], base)
    elif block.kind == "h":
        line = f"{'#' * max(2, block.level)} {inline(block, base)}"
    elif block.kind == "li":
        line = sign + inline(block, base)
    elif block.kind == "caption":
        line = f"*{inline(block, base).replace('*', '')}*"
    else:
        line = inline(block, base)
        if line[:1] in _FIRST_SIGNS:
            line = _LOOKS_LIKE_MARKUP.sub(r"\\\1", line)
    return f"> {line}" if block.quoted and line else line


def inline(block: Block, base: str | None) -> str:
    """A block's text with its links and emphasis."""
    if not block.marks:
        return _escape(block.text)
    stack: list[tuple[list[str], str, LexborNode | None]] = [([], "", None)]
    marks = iter((*block.marks, (len(block.parts) + 1, "", None)))
    waiting = next(marks)
    for place in range(len(block.parts) + 1):
        while waiting[0] <= place:
            _, mark, node = waiting
            if mark:
                stack.append(([], mark, node))
            elif len(stack) > 1:
                _close(stack, base)
            waiting = next(marks)
        if place < len(block.parts):
            part = block.parts[place]
            stack[-1][0].append(" " if part == LINE else _escape(part))
    while len(stack) > 1:
        _close(stack, base)
    return squeeze("".join(stack[0][0]))


def _close(stack: list[tuple[list[str], str, LexborNode | None]], base: str | None) -> None:
    """End the innermost element; white space stays outside of its marks, as Markdown wants it."""
    pieces, mark, node = stack.pop()
    text = "".join(pieces)
    core = text.strip()
    wrapped = text
    if core and node is not None:
        href = node.attributes.get("href") or ""
        address = absolute(href, base) if href and not href.startswith("#") else None
        wrapped = f" [{core}]({_target(address)}) " if address else text
    elif core and not core.startswith(mark):
        wrapped = f" {mark}{core}{mark} "
    if wrapped is not text:
        before = " " if text[0].isspace() else ""
        after = " " if text[-1].isspace() else ""
        wrapped = f"{before}{wrapped[1:-1]}{after}"
    stack[-1][0].append(wrapped)


def _image(node: LexborNode | None, base: str | None) -> str:
    if node is not None and node.tag == "picture":
        node = node.css_first("img")
    if node is None:
        return ""
    attributes = node.attributes
    for name in _LAZY:
        source = attributes.get(name) or ""
        address = absolute(source, base) if source and not source.startswith("data:") else None
        if address:
            alt = _escape(squeeze(attributes.get("alt") or ""))
            return f"![{alt}]({_target(address)})"
    return ""


def _target(address: str) -> str:
    """An address inside a Markdown link: round brackets would end it."""
    return address.replace("(", "%28").replace(")", "%29")
