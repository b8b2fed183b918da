"""How the text of a page lies: in one piece, in cards under links, in entries under times, or between prices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scraper.extract.body.blocks import Block
from scraper.extract.classify.phrases import CLOCK, MINUTE, PRICE

_DIGIT = re.compile(r"\d")
_RUNNING = 12  # words from which a block is running text
_SENTENCE = 5  # words from which a sentence is
_LINK = 3  # words from which a linked line leads somewhere; shorter ones are names and buttons
_START = 40  # characters in which a time begins a text
_LABEL = 8  # words of a line that only says when, and by whom
_STAMP = 3  # words that a time may be
_PRICED = 6  # words that a line with a price has at most, where things are on sale
_GAP = 3  # blocks that may stand between a time and its text: a name, a label
_ORDERED = 0.8  # of the times that follow each other run one way
_HEADLINE = 4  # words from which a linked line may be another story's headline


@dataclass(frozen=True, slots=True)
class Layout:
    """Sums over the blocks of a page.

    ``words`` and ``linked`` count all its text and what of it is links, ``prose`` the running text. ``run`` is the most
    running text that no linked line breaks: all of an article, or one card of a list. ``cards`` counts texts right
    below a linked line, ``headlines`` the linked lines long enough to be headlines.
    """

    words: int
    linked: int
    prose: int
    run: int
    cards: int
    headlines: int


def layout(blocks: Iterable[Block]) -> Layout:
    """The sums over these blocks."""
    words = linked = prose = run = longest = cards = headlines = 0
    below_link = False
    for block in blocks:
        words += block.size
        linked += block.linked
        if 2 * block.linked > block.size:
            headlines += block.size >= _HEADLINE
            below_link = block.size >= _LINK
            run = 0 if below_link else run
            continue
        if block.size >= _RUNNING or (block.sentence and block.size >= _SENTENCE):
            prose += block.size
            run += block.size
            longest = max(longest, run)
            cards += below_link
        below_link = False
    return Layout(words, linked, prose, longest, cards, headlines)


def entries(blocks: Sequence[Block], *, minutes: bool) -> tuple[int, int]:
    """How many texts stand under or after a time of their own, and how often the next is earlier: newest first.

    With ``minutes``, the minutes of a match are times too. The entries of a live blog run one way; the times in a
    schedule or a list of references do not.
    """
    times = list(_times(blocks, minutes=minutes))
    steps = [after - before for before, after in pairwise(times) if after != before]
    falling = sum(step < 0 for step in steps)
    enough = _ORDERED * len(steps)
    if falling >= enough:
        return len(times), falling
    return (len(times), 0) if len(steps) - falling >= enough else (0, 0)


def _times(blocks: Sequence[Block], *, minutes: bool) -> Iterator[int]:
    """The time, in minutes, of each text that has one."""
    stamps = [
        (place, found)
        for place, block in enumerate(blocks)
        if (block.size <= _LABEL or block.text[0].isdigit())  # in a long block nothing stands before its time
        and 2 * block.linked <= block.size
        and _DIGIT.search(block.text, 0, _START)
        and (found := _stamp(block.text[:_START], minutes=minutes)) is not None
    ]
    taken = {place for place, _ in stamps}
    for place, found in stamps:
        below = range(place + 1, min(place + 1 + _GAP, len(blocks)))
        ends = (at for at in below if at in taken or 2 * blocks[at].linked > blocks[at].size > 1)
        if _tells(blocks[place], _STAMP) or any(
            _tells(blocks[at], 0) for at in range(place + 1, next(ends, below.stop))
        ):
            yield _minutes(found[0])


def _stamp(start: str, *, minutes: bool) -> re.Match[str] | None:
    return CLOCK.match(start) or (MINUTE.match(start) if minutes else None)


def _tells(block: Block, beside: int) -> bool:
    """Whether a block is an entry's text, ``beside`` words aside."""
    size = block.size - beside
    return size >= _SENTENCE and (block.sentence or size >= _RUNNING) and 2 * block.linked <= block.size


def _minutes(stamp: str) -> int:
    """A time of day or of a match as minutes."""
    hours, *rest = [int(digits) for digits in re.findall(r"\d+", stamp)]
    half = re.search(r"([ap])\.?m$", stamp, re.IGNORECASE)
    if half is not None:
        hours = hours % 12 + (12 if half[1] in "pP" else 0)
    return 60 * hours + (rest[0] if rest else 0)


def prices(blocks: Iterable[Block]) -> int:
    """How many lines are hardly more than a price; tables of prices stand in articles too."""
    return sum(1 for block in blocks if block.size <= _PRICED and block.kind != "td" and PRICE.search(block.text))
