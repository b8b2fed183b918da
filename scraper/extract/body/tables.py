"""Which tables hold data, and those that stand in a text.

A scorer of blocks reads a cell for what it is, a word or a number between others, and leaves it out: a table is told by
where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

from scraper.extract.body.blocks import Block, Boxes, Flat

_WIDEST_CELL = 60  # words; a table with more in a cell lays out a page
_CLIMB = 12  # boxes from a cell's text up to its table
_ROWS = 2
_COLUMNS = 2
_MOST_CELLS = 2000  # a table with more is no part of a text
_LINKED = 0.5  # of a table's words, from which it is a list of links


def is_data(flat: Flat, members: Sequence[Block]) -> bool:
    """Whether a table's cells are data: one short text in each. Other tables lay out a page."""
    held = {_cell(flat, block) for block in members}
    return len(held) == len(members) and all(block.size <= _WIDEST_CELL for block in members)


def table_of(flat: Flat, block: Block) -> int:
    """The place of the table whose cell the block is, -1 for none."""
    return holder(flat, block, "table") if block.kind == "td" else -1


def holder(flat: Flat, block: Block, tag: str) -> int:
    """The place of the nearest element of a tag around a block, -1 for none."""
    place = block.box
    for _ in range(_CLIMB):
        if place < 0 or flat.boxes.tag[place] == tag:
            return place
        place = flat.boxes.parent[place]
    return -1


def with_tables(flat: Flat, taken: list[bool]) -> list[bool]:
    """What is taken, with the tables of data that stand between two of its blocks in one box."""
    left = [block for block, take in zip(flat.blocks, taken, strict=True) if not take and block.kind == "td"]
    if not left or True not in taken:
        return taken
    boxes, hidden = flat.boxes, flat.boxes.within_hidden()
    kept, before = list(taken), [0, *accumulate(taken)]
    tables = [box for box, tag in enumerate(boxes.tag) if tag == "table"]
    around = {table for table, inner in pairwise(tables) if inner < boxes.until[table]}  # those with one inside
    for table in dict.fromkeys(table_of(flat, block) for block in left):
        if table < 0 or table in hidden or table in around or not _is_between(boxes, table, before):
            continue
        start, end = boxes.start[table], boxes.end[table]
        if end - start <= _MOST_CELLS and _is_grid(flat, flat.blocks[start:end]):
            kept[start:end] = [block.size > 0 for block in flat.blocks[start:end]]
    return kept


def cells(flat: Flat, blocks: Sequence[Block]) -> frozenset[int]:
    """The boxes of the blocks that are cells of data: what a cell says is no teaser and no byline."""
    if all(block.kind != "td" for block in blocks):
        return frozenset()
    found = set[int]()
    for table, run in groupby(blocks, lambda block: table_of(flat, block)):
        members = list(run)
        if table >= 0 and len(members) >= _ROWS * _COLUMNS and not _is_linked(members) and is_data(flat, members):
            found.update(block.box for block in members)
    return frozenset(found)


def _is_between(boxes: Boxes, table: int, before: Sequence[int]) -> bool:
    """Whether the box around a table has taken blocks above it and below; ``before`` counts those before a block."""
    start, end = boxes.start[table], boxes.end[table]
    around = boxes.parent[table]
    while around >= 0 and boxes.end[around] - boxes.start[around] == end - start:
        around = boxes.parent[around]
    return around >= 0 and before[boxes.start[around]] < before[start] and before[end] < before[boxes.end[around]]


def _is_grid(flat: Flat, blocks: Sequence[Block]) -> bool:
    """Whether these blocks of a table are rows of several cells of data, and no list of links."""
    members = [block for block in blocks if block.size and block.kind != "caption"]
    if _is_linked(members) or any(block.kind != "td" for block in members) or not is_data(flat, members):
        return False
    rows = [list(row) for _, row in groupby(members, lambda block: holder(flat, block, "tr"))]
    return len(rows) >= _ROWS and all(len(row) >= _COLUMNS for row in rows[1:])


def _is_linked(members: Sequence[Block]) -> bool:
    return sum(block.linked for block in members) >= _LINKED * sum(block.size for block in members)


def _cell(flat: Flat, block: Block) -> int:
    return max(holder(flat, block, "td"), holder(flat, block, "th"))
