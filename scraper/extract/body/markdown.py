"""Blocks as Markdown and as plain text: headings, lists, quotes, links, emphasis, images with captions, and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from selectolax.lexbor import LexborNode

from scraper.extract.body.blocks import LINE, Block, Flat
from scraper.extract.urls import absolute
from scraper.extract.words import squeeze

_SIGNS = "\\`*_[]<>"
_ESCAPED = re.compile(r"([\\`*_\[\]<>])")
_LOOKS_LIKE_MARKUP = re.compile(r"^(#|[-+](?=\s)|\d+(?=\.\s))")
_FIRST_SIGNS = frozenset("#-+0123456789")
_LAZY = ("data-src", "data-lazy-src", "data-original", "src")  # where an image that loads late keeps its address
_WIDEST_CELL = 60  # words; a table with more in a cell lays out a page
_CLIMB = 12  # boxes from a cell's text up to its table


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
    number = 0
    for row in rows(flat, blocks):
        block = row[0]
        listed = previous is not None and _same_list(previous, block)
        number = number + 1 if listed else 1
        if len(row) > 1:
            line = "| " + " | ".join(inline(cell, base).replace("|", "\\|") for cell in row) + " |"
            same = previous is not None and previous.kind == "td" and table_of(flat, previous) == table_of(flat, block)
            if not same:
                line += "\n|" + " --- |" * len(row)
            joint = "\n" if same else "\n\n"
        else:
            line = _line(block, base, number)
            quoted = previous is not None and previous.quoted and block.quoted
            joint = "\n" if listed else "\n>\n" if quoted else "\n\n"
        if line:
            lines.append(joint + line if lines else line)
            previous = block
    return "".join(lines)


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
        if table < 0 or not _is_data(flat, members):
            yield from ([block] for block in members)
        else:
            for _, cells in groupby(members, lambda block: _holder(flat, block, "tr")):
                yield list(cells)


def _is_data(flat: Flat, members: Sequence[Block]) -> bool:
    """Whether a table's cells are data: one short text in each. Other tables lay out a page."""
    cells = {_cell(flat, block) for block in members}
    return len(cells) == len(members) and all(block.size <= _WIDEST_CELL for block in members)


def _cell(flat: Flat, block: Block) -> int:
    return max(_holder(flat, block, "td"), _holder(flat, block, "th"))


def table_of(flat: Flat, block: Block) -> int:
    """The place of the table whose cell the block is, -1 for none."""
    return _holder(flat, block, "table") if block.kind == "td" else -1


def _holder(flat: Flat, block: Block, tag: str) -> int:
    place = block.box
    for _ in range(_CLIMB):
        if place < 0 or flat.boxes.tag[place] == tag:
            return place
        place = flat.boxes.parent[place]
    return -1


def _same_list(one: Block, other: Block) -> bool:
    return one.kind == other.kind == "li" and one.ordered == other.ordered and one.quoted == other.quoted


def _line(block: Block, base: str | None, number: int) -> str:
    if block.kind == "img":
        line = _image(block.marks[0][2], base)
    elif block.kind == "h":
        line = f"{'#' * max(2, block.level)} {inline(block, base)}"
    elif block.kind == "li":
        line = f"{number}. {inline(block, base)}" if block.ordered else f"- {inline(block, base)}"
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
