"""The body that a page's JSON-LD tells, its articleBody, and told texts as blocks.

It is a fallback for a page whose markup shows far less, and a cross-check for the blocks of one that shows all: it is
precise but often cut, and it has lost its paragraphs more often than not.
"""

from __future__ import annotations

import html
import re

from scraper.extract.body.blocks import Block, names_in
from scraper.extract.body.vocabulary import read_names
from scraper.extract.page import ParsedPage
from scraper.extract.words import ends_sentence, squeeze, words_in

HTML_TAG = re.compile(r"</?(?:p|div|br|span|strong|em|a|h[1-6]|ul|li)\b[^>]*>", re.IGNORECASE)
_CAPTIONS = frozenset({"caption", "captions", "credit", "credits", "legende", "bildunterschrift"})


def article_body(page: ParsedPage) -> str:
    """JSON-LD's articleBody, markup and all; empty where there is none."""
    return max(page.ld("articleBody"), key=len, default="")


def blocks_of(page: ParsedPage, text: str) -> list[Block]:
    """A told text as blocks: HTML that publishers put there is read as such."""
    if HTML_TAG.search(text):
        flat = page.parsed(f"<body>{text}").flat
        boxes = flat.boxes
        names = [names_in(attributes) for attributes in boxes.attributes]
        left_out = {box for box, told in enumerate(names) if not _CAPTIONS.isdisjoint(read_names(told)[0])}
        return [
            block._replace(box=0, kind="p" if block.kind == "td" else block.kind)  # their boxes are not this page's
            for block in flat.shown
            if block.box not in left_out and boxes.parent[block.box] not in left_out
        ]
    return [line(part) for part in re.split(r"\s*\n\s*", html.unescape(text)) if squeeze(part)]


def line(text: str) -> Block:
    """A paragraph of plain text."""
    text = squeeze(text)
    return Block(text, "p", 0, False, False, 0, words_in(text), 0, ends_sentence(text))
