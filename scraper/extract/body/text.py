"""Blocks -> the body's text and Markdown, and the fallback to what JSON-LD says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.extract.body.blocks import Block, Flat
from scraper.extract.body.container import FULL, choose, kept_boxes
from scraper.extract.body.vocabulary import ASIDE, END
from scraper.extract.page import ParsedPage
from scraper.extract.words import count_words, ends_sentence, fold, squeeze

_SHORT_ASIDE = 40
_HEADLINE_REACH = 4
_ABOVE = 0.3  # of the words may stand above the headline and be cut off
_LD_ADVANTAGE = 1.8  # how many times longer a JSON-LD articleBody must be than the text that the page shows


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text. ``text`` has its paragraphs apart by a blank line, ``markdown`` is the same text with its
    structure, ``words`` counts it, ``rule`` names what found it; ``sentences`` counts paragraphs that end as one.
    """

    text: str
    markdown: str
    words: int
    sentences: int
    rule: str


def body(page: ParsedPage, title: str | None, asides: Iterable[str]) -> Body:
    """The body of a page: that of the chosen container, or what JSON-LD gives where the page shows far less.

    ``asides`` are texts that the record keeps elsewhere (caption, credit): their blocks are left out. Empty where the
    page has no running text.
    """
    shown = _shown(page.flat, title, asides)
    told = _told(page, title)
    if told.words > 60 and told.words > _LD_ADVANTAGE * shown.words:
        return told
    return shown


def _shown(flat: Flat, title: str | None, asides: Iterable[str]) -> Body:
    if not flat.boxes:
        return make((), "dom:none")
    kept = kept_boxes(flat)
    box = flat.boxes[choose(flat, kept)]
    rule = "dom:articleBody" if box.declared else "dom:body-class" if box.body_named else "dom:densest"
    blocks = [block for block in flat.blocks[box.start : box.end] if kept[block.box]]
    return make(_cleaned(blocks, title, asides), rule)


def _told(page: ParsedPage, title: str | None) -> Body:
    """JSON-LD's articleBody: plain text, or HTML that some publishers put there."""
    text = next(iter(page.ld("articleBody")), "")
    if "</" in text:
        blocks = page.parsed(text).flat.blocks
        return make(_cleaned(blocks, title, ()), "jsonld:articleBody")
    parts = re.split(r"\s*\n\s*", text)
    lines = [_plain(squeeze(part)) for part in parts if squeeze(part)]
    return make(_cleaned(lines, title, ()), "jsonld:articleBody")


def _plain(text: str) -> Block:
    return Block(text, text, "p", 0, False, False, 0, count_words(text), 0, ends_sentence(text))


def make(blocks: Sequence[Block], rule: str) -> Body:
    """A body of these blocks, as they stand."""
    text = "\n\n".join(block.text for block in blocks)
    sentences = sum(block.sentence for block in blocks)
    return Body(text, markdown(blocks), sum(block.size for block in blocks), sentences, rule)


def markdown(blocks: Sequence[Block]) -> str:
    """The blocks as Markdown: headings, list items, quotes, links and emphasis."""
    lines: list[str] = []
    previous: Block | None = None
    number = 0
    for block in blocks:
        line = block.markdown
        number = number + 1 if block.kind == "li" and previous is not None and _same_list(previous, block) else 1
        if block.kind == "h":
            line = f"{'#' * max(2, block.level)} {line}"
        elif block.kind == "li":
            line = f"{number}. {line}" if block.ordered else f"- {line}"
        else:
            line = re.sub(r"^(#|[-+](?=\s)|\d+(?=\.\s))", r"\\\1", line)
        if block.quoted:
            line = f"> {line}"
        tight = previous is not None and _same_list(previous, block)
        joint = "\n" if tight else "\n>\n" if previous is not None and previous.quoted and block.quoted else "\n\n"
        lines.append(line if previous is None else joint + line)
        previous = block
    return "".join(lines)


def _same_list(one: Block, other: Block) -> bool:
    return one.kind == other.kind == "li" and one.ordered == other.ordered and one.quoted == other.quoted


def _cleaned(blocks: Sequence[Block], title: str | None, asides: Iterable[str]) -> list[Block]:
    """The blocks without the headline, captions, teasers, repeats, and the short lines before and after the text."""
    unwanted = {fold(text) for text in asides}
    headline = fold(title or "")
    seen: set[str] = set()
    out: list[Block] = []
    for block in _after_headline(blocks, headline):
        folded = fold(block.text)
        if END.search(block.text) and block.size < 8 and not block.sentence and sum(b.size for b in out) > 100:
            break
        if folded in unwanted or (folded == headline and len(out) < _HEADLINE_REACH) or _is_aside(block):
            continue
        if block.size >= 8 and folded in seen:
            continue
        seen.add(folded)
        out.append(block)
    return _trimmed(out)


def _after_headline(blocks: Sequence[Block], headline: str) -> Sequence[Block]:
    """The blocks from the headline on, where it stands above most of the text."""
    place = next((i for i, block in enumerate(blocks) if fold(block.text) == headline), 0)
    before = sum(block.size for block in blocks[:place])
    return blocks[place:] if before < _ABOVE * sum(block.size for block in blocks) else blocks


def _is_aside(block: Block) -> bool:
    """A teaser, a prompt, or a line that is mostly a link."""
    if not re.search(r"\w", block.text):
        return True
    if block.linked > 0.6 * block.size and block.size < 30 and not (block.sentence and block.linked < block.size):
        return True
    return (
        block.size < _SHORT_ASIDE and ASIDE.search(block.text) is not None and not (block.sentence and block.size > 15)
    )


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Without what stands before the first and after the last running text: dates, places, share counts, headings."""
    full = [place for place, block in enumerate(blocks) if block.kind != "h" and (block.sentence or block.size >= FULL)]
    if not full:
        return []
    start, end = full[0], full[-1] + 1
    while end < len(blocks) and blocks[end].kind == "li":
        end += 1
    if start and blocks[start - 1].kind == "h":
        start -= 1
    kept = blocks[start:end]
    return [
        b for place, b in enumerate(kept) if b.kind != "h" or (place + 1 < len(kept) and _follows(b, kept[place + 1]))
    ]


def _follows(heading: Block, block: Block) -> bool:
    """Whether a heading heads what stands after it: text, or a heading below it."""
    return block.kind != "h" or block.level > heading.level
