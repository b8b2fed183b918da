"""What of the chosen blocks is no text: the headline, what other fields hold, teasers, prompts, strays, repeats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from scraper.extract.body.blocks import Block, Boxes, Flat
from scraper.extract.body.prompts import claims, labels, prompts
from scraper.extract.body.vocabulary import calls, points_away
from scraper.extract.words import fold

_ASIDE = 14  # words of a sentence outside of a caption that the record may keep elsewhere
_ALONE = 2  # blocks of a box that holds a caption and no more
_BYLINE = 8  # words of a line that may be an author's name and role
_SHORT_LINK = 30  # words of a line that may be a link to somewhere else
_MOSTLY = 0.6
_PROMPT = 40  # words of a line that may ask to read or do something else
_TOLD = 15  # words from which a whole sentence is text, whatever it begins with
_SENTENCE = 5  # the same, of one without a link that does not call its reader to read or sign up
_RUNNING = 12  # words from which a line is text, whatever it ends in
_FEW = 4  # blocks in a box that is put between the paragraphs
_CLOSING = 4  # blocks at the end of a text among which prompts are looked for; of a short one the second half
_CLOSING_WORDS = 80
_BOX_SHARE = 0.2  # of a text's words, that a box put between its paragraphs has at most
_STRAYS = 2
_STRAY = 4  # words
_SLACK = 30  # characters of punctuation that a headline or a caption loses when it is folded
_ABOVE = 40  # words that may stand above the headline when it is repeated
_REPEATED = 8  # words from which a block that stands twice is left out


class Boxed:
    """Which blocks stand in a small box of their own that prompts its reader, as is put between the paragraphs."""

    def __init__(self, flat: Flat, words: int) -> None:
        self.flat = flat
        self.room = min(_CLOSING_WORDS, _BOX_SHARE * words)  # words that such a box holds at most
        self._known: dict[int, bool] = {}
        self._alone = 0

    def prompts(self, block: Block) -> bool:
        """Whether a block is all that a box around its own holds, or one of few, and that box prompts.

        A quotation is no such box, whatever was put into it.
        """
        around = self.flat.boxes.parent[block.box]
        if around < 0 or block.size >= _CLOSING_WORDS or block.quoted:
            return False
        if around not in self._known:
            self._known[around] = self._box_prompts(around)
        return self._known[around]

    def _box_prompts(self, box: int) -> bool:
        start, end = self.flat.boxes.start[box], self.flat.boxes.end[box]
        if end - start > 2 * _FEW:  # pictures are blocks too
            return False
        blocks = [block for block in self.flat.blocks[start:end] if block.size]
        if len(blocks) == 1:
            self._alone += 1  # where each paragraph has a box of its own, that sets none apart
            return self._alone <= _FEW and blocks[0].kind == "p" and _closes(blocks[0])
        few = len(blocks) <= _FEW and sum(block.size for block in blocks) < self.room
        return few and any(prompts(block.text) for block in blocks)


class Unwanted:
    """What is taken out of the chosen blocks: the headline, what other fields hold, lines without a word, repeats."""

    def __init__(self, title: str | None, asides: Iterable[str], authors: Iterable[str]) -> None:
        self.headline = fold(title or "")
        self.asides = {fold(text) for text in asides}
        self.authors = {fold(name) for name in authors} - {""}
        self.family = {name.split()[-1] for name in self.authors}
        lengths = {len(text) for text in (self.headline, *self.asides)}
        self.near = {near for length in lengths for near in range(length - _SLACK, length + _SLACK)}

    def without(
        self, blocks: Sequence[Block], boxes: Boxes | None = None, cells: AbstractSet[int] = frozenset()
    ) -> list[Block]:
        """The blocks that are left. ``boxes`` are those of the page, for blocks that stand on it; what stands in the
        boxes ``cells`` is left, for a table is whole or none.
        """
        seen: set[str] = set()
        out: list[Block] = []
        words = 0
        headed = False
        for block in blocks:
            if block.kind != "img" and block.box not in cells:
                text = fold(block.text) if self._is_telling(block) else block.text
                aside = text in self.asides and _is_aside(block, boxes)
                if not text or aside or (text == self.headline and words < _ABOVE):
                    headed = headed or text == self.headline
                    continue
                if block.level == 1 and not words and not headed:  # the headline as the page writes it
                    headed = True
                    continue
                if block.size < _PROMPT and (_points_elsewhere(block) or self._is_byline(block, text)):
                    continue
                if block.size >= _REPEATED and text in seen:
                    continue
                seen.add(text)
                words += block.size
            out.append(block)
        return _trimmed(out)

    def _is_telling(self, block: Block) -> bool:
        """Whether a block may be one of those, for all one can see: folding costs more than all the rest."""
        if len(block.text) in self.near:
            return True
        if block.size > _BYLINE:
            return False
        lower = block.text.casefold()
        return not lower[0].isalnum() or any(name in lower for name in self.family)

    def _is_byline(self, block: Block, folded: str) -> bool:
        """Whether a short line names an author: the record has them in a field of their own."""
        if block.size > _BYLINE or block.sentence or block.kind == "h":
            return False
        return any(f" {author} " in f" {folded} " for author in self.authors)


def _is_aside(block: Block, boxes: Boxes | None) -> bool:
    """Whether a block that says what another field holds stands apart as captions and datelines do: it is a line, or
    hardly anything else is in the box around it. A paragraph or a heading of the text may say the same.
    """
    if block.kind == "h":
        return False
    if block.kind == "caption" or block.size <= _ASIDE or not block.sentence:
        return True
    holder = boxes.parent[block.box] if boxes is not None else -1
    return holder >= 0 and boxes is not None and boxes.end[holder] - boxes.start[holder] <= _ALONE


def _points_elsewhere(block: Block) -> bool:
    """A teaser, a prompt, or a line that is mostly a link."""
    if block.size < _SHORT_LINK and block.linked > _MOSTLY * block.size:
        return not (block.sentence and block.linked < block.size)
    if labels(block.text) or (block.linked and block.size < _PROMPT and prompts(block.text)):
        return True
    if block.size >= _PROMPT or not points_away(block.text):
        return False
    if not block.sentence or block.size <= _SENTENCE:
        return True
    return block.size <= _TOLD and (block.linked > 0 or calls(block.text))


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Without what stands around the text: the headings and pictures after its last line, which head and show what was
    left out; the prompts that close it ("Follow us", "Download our app"); the short lines before its first (a date, a
    place, the name of an agency); a stray word or two after it.
    """
    first = next((place for place, block in enumerate(blocks) if block.sentence or block.size >= _RUNNING), len(blocks))
    lead = [block for block in blocks[:first] if block.kind not in {"p", "td"}]
    blocks = [*(lead if first < len(blocks) else blocks[:first]), *blocks[first:]]
    end = -1
    while end != len(blocks):
        end = len(blocks)
        closing = end - min(_CLOSING, end // 2)
        blocks = [*blocks[:closing], *(block for block in blocks[closing:] if not _closes(block))]
    while end and blocks[end - 1].kind in {"h", "img"}:
        end -= 1
    for _ in range(_STRAYS):
        end -= end > 0 and _is_stray(blocks[end - 1])
    return blocks[:end]


def _closes(block: Block) -> bool:
    """Whether a line is of those that stand below a text, or in a box of their own within: a prompt, a claim."""
    return 0 < block.size < _CLOSING_WORDS and block.kind != "h" and (claims(block.text) or prompts(block.text))


def _is_stray(block: Block) -> bool:
    return block.kind in {"p", "td"} and block.size <= _STRAY and not block.sentence
