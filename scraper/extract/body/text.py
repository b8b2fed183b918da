"""The body of a page: the chosen blocks as text and Markdown, or what its scripts tell where its markup shows less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scraper.extract.body.blocks import Block, Flat
from scraper.extract.body.features import Hints
from scraper.extract.body.markdown import markdown, plain
from scraper.extract.body.prompts import ADVERT, heads_comments
from scraper.extract.body.scorer import cut, scorer
from scraper.extract.body.state import state_body
from scraper.extract.body.tables import cells, with_tables
from scraper.extract.body.told import article_body, blocks_of
from scraper.extract.body.unwanted import Boxed, Unwanted
from scraper.extract.body.vocabulary import LEAD, read_names
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold, folds_to

_ADVANTAGE = 1.8  # how many times longer a told text must be than the one that the page shows
_TOLD_WORDS = 60
_STATE_WORDS = 80  # a page that shows fewer is asked for its state
_PROMPT = 40  # words of a line that may ask to read or do something else
_LEAD_REACH = 12  # blocks between the headline and the text
_LEAD_WORDS = 8
_ADVERT = 4  # blocks in a box that may be an advertisement
_HEADING = 5  # words of a line that heads the readers' comments
_HEADED = 0.4  # of what is taken, at least, stands before such a heading
_COUNTED = 0.7  # and before a line that counts them
_SEVERAL = 2
_WITHIN = 0.15  # of a story's words, that teasers within it have at most
_TEASERS = 20
_ABOVE_SHARE = 0.2
_STORY = 60  # words of text that a story has, at least
_LONE = (" \u2013 ", " \u2014 ", " - ", " & ")  # signs that are counted as words
_FIGURES = frozenset({"figure", "figcaption", "picture"})
_STRAY = 4  # words
_SLACK = 30  # characters of punctuation that a headline or a caption loses when it is folded


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
    unwanted = Unwanted(title, asides, authors)
    hints = Hints(fold(title or ""), " ".join(block.text for block in told_blocks))
    chosen = _chosen(page.flat, hints)
    shown = unwanted.without(chosen, page.flat.boxes, cells(page.flat, chosen))
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
    taken = _above_comments(flat, with_tables(flat, taken))
    chosen: list[Block] = []
    waiting: list[Block] = []
    headed = False  # the headline has been passed: before it stand logos, and between it and the text its picture
    advert = -1  # the box in which an advertisement was announced
    boxed = Boxed(flat, sum(block.size for block, take in zip(flat.blocks, taken, strict=True) if take))
    for block, take in zip(flat.blocks, taken, strict=True):
        if 0 < block.size <= _STRAY and _announces_advert(flat, block):
            advert = block.box
        elif take and not (block.box == advert and block.size < _PROMPT):
            if chosen or headed:
                chosen += waiting
            if not boxed.prompts(block):
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
        if block.level == 1 or (block.size and folds_to(block.text, headline)):
            return [take or place in leads for place, take in enumerate(taken)]
        if _leads(flat, block):
            leads.append(place)
    return taken


def _of_this_story(flat: Flat, taken: list[bool], headline: str) -> list[bool]:
    """What is taken, without other stories: where headline and text stand in one ``<article>``, those beside it are not
    this one, nor are small ones within that link to theirs. Feeds without an end put the next story below, some sites
    each reader's comment in one, and teasers between the paragraphs.
    """
    boxes = flat.boxes
    articles = [(boxes.start[box], boxes.end[box]) for box, tag in enumerate(boxes.tag) if tag == "article"]
    if len(articles) < _SEVERAL:
        return taken
    headed = (place for place, b in enumerate(flat.blocks) if b.kind == "h" and b.size and folds_to(b.text, headline))
    place = next(headed, -1)
    start, end = next((own for own in reversed(articles) if own[0] <= place < own[1]), (0, 0))
    words = [block.size if take else 0 for block, take in zip(flat.blocks, taken, strict=True)]
    if sum(words[start:end]) < _STORY:
        return taken
    within = [own for own in articles if start <= own[0] and own[1] <= end and not own[0] <= place < own[1]]
    within = [
        own
        for own in within[:_TEASERS]
        if any(b.kind == "h" and b.linked == b.size > 0 for b in flat.blocks[slice(*own)])
    ]
    few = sum(sum(words[first:last]) for first, last in within) < _WITHIN * sum(words[start:end])
    others = [own for own in articles if own[1] <= start or own[0] >= end]
    kept = list(taken)
    for first, last in others + within if few else others:
        kept[first:last] = [False] * (last - first)
    return kept


def _below_headline(flat: Flat, taken: list[bool], headline: str) -> list[bool]:
    """What is taken, without what stands above the headline, where nearly all of it stands below."""
    near = range(len(headline) - _SLACK, len(headline) + _SLACK)
    heads = (at for at, block in enumerate(flat.blocks) if len(block.text) in near and folds_to(block.text, headline))
    head = next(heads, 0) if headline else 0
    words = [block.size if take else 0 for block, take in zip(flat.blocks, taken, strict=True)]
    if 0 < sum(words[:head]) < _ABOVE_SHARE * sum(words):
        return [take and at >= head for at, take in enumerate(taken)]
    return taken


def _above_comments(flat: Flat, taken: list[bool]) -> list[bool]:
    """What is taken, without what stands below the line that heads or counts the readers' comments. A page where many
    lines count comments lists stories.
    """
    first = taken.index(True) if True in taken else len(taken)
    heads = [
        place
        for place, block in enumerate(flat.blocks[first:], first)
        if 0 < block.size <= _HEADING and heads_comments(block.text, block.kind == "h")
    ]
    if not heads:
        return taken
    words = list(accumulate(block.size if take else 0 for block, take in zip(flat.blocks, taken, strict=True)))
    counts = 0
    for place in heads:
        heading = flat.blocks[place].kind == "h"
        counts += not heading
        if counts <= _SEVERAL and words[place] > (_HEADED if heading else _COUNTED) * words[-1]:
            return [take and at < place for at, take in enumerate(taken)]
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


def make(flat: Flat, blocks: Sequence[Block], rule: str, base: str | None) -> Body:
    """A body of these blocks of a flat page, as they stand; pictures and their captions are in the Markdown only."""
    told = [block for block in blocks if block.kind not in {"img", "caption"}]
    text = plain(flat, told)
    words = sum(block.size for block in told) - sum(map(text.count, _LONE))
    sentences = sum(block.sentence for block in told)
    return Body(text, markdown(flat, blocks, base), words, sentences, rule)
