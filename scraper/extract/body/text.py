"""The body of a page: the chosen blocks as text and Markdown, or what its scripts tell where its markup shows less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.extract.body.blocks import Block, Boxes, Flat
from scraper.extract.body.features import Hints
from scraper.extract.body.markdown import markdown, plain
from scraper.extract.body.scorer import cut, scorer
from scraper.extract.body.told import article_body, blocks_of, state_body
from scraper.extract.body.vocabulary import ADVERT, LEAD, points_away, prompts, read_names
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold

_ADVANTAGE = 1.8  # how many times longer a told text must be than the one that the page shows
_TOLD_WORDS = 60
_STATE_WORDS = 80  # a page that shows fewer is asked for its state
_ASIDE = 14  # words of a sentence outside of a caption that the record may keep elsewhere
_ALONE = 2  # blocks of a box that holds a caption and no more
_BYLINE = 8  # words of a line that may be an author's name and role
_SHORT_LINK = 30  # words of a line that may be a link to somewhere else
_MOSTLY = 0.6
_PROMPT = 40  # words of a line that may ask to read or do something else
_TOLD = 15  # words from which a whole sentence is text, whatever it begins with
_RUNNING = 12  # words from which a line is text, whatever it ends in
_LEAD_REACH = 12  # blocks between the headline and the text
_LEAD_WORDS = 8
_ADVERT = 4  # blocks in a box that may be an advertisement
_CLOSING = 4  # blocks at the end of a text, at least twice as long, among which prompts are looked for
_CLOSING_WORDS = 80
_SEVERAL = 2
_ABOVE_SHARE = 0.2
_STORY = 60  # words of text that a story has, at least
_LONE = (" \u2013 ", " \u2014 ", " - ", " & ")  # signs that are counted as words
_FIGURES = frozenset({"figure", "figcaption", "picture"})
_STRAYS = 2
_STRAY = 4  # words
_SLACK = 30  # characters of punctuation that a headline or a caption loses when it is folded
_ABOVE = 40  # words that may stand above the headline when it is repeated
_REPEATED = 8  # words from which a block that stands twice is left out


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


def body(page: ParsedPage, title: str | None, asides: Iterable[str], authors: Iterable[str] = ()) -> Body:
    """The body of a page. Empty where it has no running text.

    ``asides`` are texts that the record keeps elsewhere (caption, credit): their blocks are left out, and so are
    lines that name ``authors``.
    """
    told = article_body(page)
    told_blocks = blocks_of(page, told) if told else []
    unwanted = _Unwanted(title, asides, authors)
    hints = Hints(fold(title or ""), " ".join(block.text for block in told_blocks))
    shown = unwanted.without(_chosen(page.flat, hints), page.flat.boxes)
    words = sum(block.size for block in shown)
    told_blocks = unwanted.without(told_blocks)
    told_words = sum(block.size for block in told_blocks)
    if told_words > _TOLD_WORDS and told_words > _ADVANTAGE * words:
        return make(Flat(), told_blocks, "jsonld:articleBody", page.base)
    if words < _STATE_WORDS:
        state = unwanted.without(state_body(page, title))
        if sum(block.size for block in state) > max(_STATE_WORDS, 2 * words):
            return make(Flat(), state, "json:state", page.base)
    return make(page.flat, shown, "dom:scored", page.base)


def _chosen(flat: Flat, hints: Hints) -> list[Block]:
    """The blocks that the scorer takes, and the images and captions that stand among them."""
    taken = _led(flat, cut(flat, scorer()(flat, hints)), hints.headline)
    taken = _below_headline(flat, _of_this_story(flat, taken, hints.headline), hints.headline)
    chosen: list[Block] = []
    waiting: list[Block] = []
    headed = False  # the headline has been passed: before it stand logos, and between it and the text its picture
    advert = -1  # the box in which an advertisement was announced
    for block, take in zip(flat.blocks, taken, strict=True):
        if 0 < block.size <= _STRAY and _announces_advert(flat, block):
            advert = block.box
        elif take and not (block.box == advert and block.size < _PROMPT):
            if chosen or headed:
                chosen += waiting
            if block.size >= _CLOSING_WORDS or not (_stands_apart(flat, block) and _prompts(block)):
                chosen.append(block)
            waiting = []
        elif block.kind in {"img", "caption"} and (chosen or flat.boxes.tag[block.box] in _FIGURES):
            waiting.append(block)
        elif block.kind != "img":
            waiting = []
            headed = headed or block.level == 1
    return chosen


def _led(flat: Flat, taken: list[bool], headline: str) -> list[bool]:
    """What is taken, with the paragraph that leads in from the headline: by the name of its box, it is of the article.

    Of such paragraphs that the scorer leaves out, the truth of `news` has 20 in 22, and of `segments` 18 in 18.
    """
    first = taken.index(True) if True in taken else 0
    leads = []
    for place in range(first - 1, max(-1, first - 1 - _LEAD_REACH), -1):
        block = flat.blocks[place]
        if block.level == 1 or (block.size and fold(block.text) == headline):
            return [take or place in leads for place, take in enumerate(taken)]
        if _leads(flat, block):
            leads.append(place)
    return taken


def _of_this_story(flat: Flat, taken: list[bool], headline: str) -> list[bool]:
    """What is taken, without other stories: where headline and text stand in one ``<article>``, those beside it are not
    this one. Feeds without an end put the next story below, and some sites each reader's comment in one.
    """
    boxes = flat.boxes
    articles = [(boxes.start[box], boxes.end[box]) for box, tag in enumerate(boxes.tag) if tag == "article"]
    if len(articles) < _SEVERAL:
        return taken
    headed = (place for place, b in enumerate(flat.blocks) if b.kind == "h" and b.size and fold(b.text) == headline)
    place = next(headed, -1)
    start, end = next((own for own in reversed(articles) if own[0] <= place < own[1]), (0, 0))
    if sum(block.size for block, take in zip(flat.blocks[start:end], taken[start:end], strict=True) if take) < _STORY:
        return taken
    kept = list(taken)
    for first, last in articles:
        if last <= start or first >= end:
            kept[first:last] = [False] * (last - first)
    return kept


def _below_headline(flat: Flat, taken: list[bool], headline: str) -> list[bool]:
    """What is taken, without what stands above the headline, where nearly all of it stands below."""
    near = range(len(headline) - _SLACK, len(headline) + _SLACK)
    heads = (at for at, block in enumerate(flat.blocks) if len(block.text) in near and fold(block.text) == headline)
    head = next(heads, 0) if headline else 0
    words = [block.size if take else 0 for block, take in zip(flat.blocks, taken, strict=True)]
    if 0 < sum(words[:head]) < _ABOVE_SHARE * sum(words):
        return [take and at >= head for at, take in enumerate(taken)]
    return taken


def _leads(flat: Flat, block: Block) -> bool:
    if block.size < _LEAD_WORDS or block.linked or not (block.sentence or block.kind == "h"):
        return False
    boxes, parent = flat.boxes, flat.boxes.parent[block.box]
    names = f"{boxes.names(block.box)} {boxes.names(parent)}" if parent >= 0 else boxes.names(block.box)
    return block.kind in {"p", "h"} and not LEAD.isdisjoint(read_names(names)[0])


def _announces_advert(flat: Flat, block: Block) -> bool:
    """Whether a short line says that what stands beside it in its small box is an advertisement."""
    held = flat.boxes.end[block.box] - flat.boxes.start[block.box]
    return held <= _ADVERT and ADVERT.fullmatch(block.text) is not None


def _stands_apart(flat: Flat, block: Block) -> bool:
    """Whether a block is all that a box around its own holds, as texts that are put between the paragraphs are."""
    around = flat.boxes.parent[block.box]
    return block.kind == "p" and around >= 0 and flat.boxes.end[around] - flat.boxes.start[around] == 1


def make(flat: Flat, blocks: Sequence[Block], rule: str, base: str | None) -> Body:
    """A body of these blocks of a flat page, as they stand; pictures and their captions are in the Markdown only."""
    told = [block for block in blocks if block.kind not in {"img", "caption"}]
    text = plain(flat, told)
    words = sum(block.size for block in told) - sum(map(text.count, _LONE))
    sentences = sum(block.sentence for block in told)
    return Body(text, markdown(flat, blocks, base), words, sentences, rule)


class _Unwanted:
    """What is taken out of the chosen blocks: the headline, what other fields hold, lines without a word, repeats."""

    def __init__(self, title: str | None, asides: Iterable[str], authors: Iterable[str]) -> None:
        self.headline = fold(title or "")
        self.asides = {fold(text) for text in asides}
        self.authors = {fold(name) for name in authors} - {""}
        self.family = {name.split()[-1] for name in self.authors}
        lengths = {len(text) for text in (self.headline, *self.asides)}
        self.near = {near for length in lengths for near in range(length - _SLACK, length + _SLACK)}

    def without(self, blocks: Sequence[Block], boxes: Boxes | None = None) -> list[Block]:
        """The blocks that are left; ``boxes`` are those of the page, for blocks that stand on it."""
        seen: set[str] = set()
        out: list[Block] = []
        words = 0
        for block in blocks:
            if block.kind != "img":
                text = fold(block.text) if self._is_telling(block) else block.text
                if (
                    not text
                    or (text in self.asides and _is_aside(block, boxes))
                    or (text == self.headline and words < _ABOVE)
                ):
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
    return block.size < _PROMPT and points_away(block.text) and not (block.sentence and block.size > _TOLD)


def _trimmed(blocks: list[Block]) -> list[Block]:
    """Without what stands around the text: the headings and pictures after its last line, which head and show what was
    left out; the prompts that close it ("Follow us", "Download our app"); the short lines before its first (a date, a
    place, the name of an agency); a stray word or two after it.
    """
    first = next((place for place, block in enumerate(blocks) if block.sentence or block.size >= _RUNNING), len(blocks))
    lead = [block for block in blocks[:first] if block.kind not in {"p", "td"}]
    blocks = [*(lead if first < len(blocks) else blocks[:first]), *blocks[first:]]
    closing = len(blocks) - _CLOSING if len(blocks) > 2 * _CLOSING else len(blocks)
    blocks = [*blocks[:closing], *(block for block in blocks[closing:] if not _prompts(block))]
    end = len(blocks)
    while end and blocks[end - 1].kind in {"h", "img"}:
        end -= 1
    for _ in range(_STRAYS):
        end -= end > 0 and _is_stray(blocks[end - 1])
    return blocks[:end]


def _prompts(block: Block) -> bool:
    return 0 < block.size < _CLOSING_WORDS and block.kind != "h" and prompts(block.text)


def _is_stray(block: Block) -> bool:
    return block.kind in {"p", "td"} and block.size <= _STRAY and not block.sentence
