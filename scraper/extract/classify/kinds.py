"""Which kind an article is: a live blog, the free part of a paid article, or simply one."""

from __future__ import annotations

from scraper.extract.body.markdown import inline
from scraper.extract.classify import marks, phrases
from scraper.extract.classify.evidence import Evidence
from scraper.extract.classify.layout import entries
from scraper.extract.classify.rules import CARD, SHORT, WALL
from scraper.extract.words import ends_sentence

_REACH = 40  # blocks below a text in which a wall may speak, if it is not part of it
_BELOW = 8  # blocks below a text in which an offer may stand
ENTRIES = 4  # under their times that make a live blog of what is called one
TEASER = 200  # words under which a paid article is only its free part


def live(seen: Evidence) -> bool:
    """A live blog: declared as one, or many entries under their times, fewer where the headline says so."""
    if "LiveBlogPosting" in seen.kinds:
        return True
    blocks = seen.page.flat.shown
    if seen.body.words < CARD or entries(blocks, minutes=True)[0] < ENTRIES:
        return False
    if phrases.LIVE.search(f"{seen.heading}\n{seen.path}"):
        return True
    return entries(blocks, minutes=False)[1] > ENTRIES


def teaser(seen: Evidence) -> bool:
    """The free part of a paid article: by the page's own word, by a wall that asks, or by how the text ends."""
    size = seen.body.words
    if seen.paywalled:
        stated = _stated(seen)
        return size < (stated or TEASER) or (not stated and size < WALL and _walled(seen) and _asked(seen))
    if seen.paywalled is False or size >= TEASER:
        return False
    walled = _walled(seen)
    return (walled and size < SHORT) or ((walled or _breaks_off(seen.body.text)) and _asked(seen))


def _asked(seen: Evidence) -> bool:
    """Whether the page asks to subscribe below its text: in so many words, or by a link and a price."""
    blocks = seen.page.flat.shown
    last = seen.body.text.rpartition("\n\n")[2]
    end = next((place for place, block in enumerate(blocks) if block.text == last), 0)
    if any(phrases.SUBSCRIBE.search(block.text) for block in blocks[max(0, end - _BELOW) : end + _REACH]):
        return True
    near = blocks[end + 1 : end + 1 + _BELOW]
    return any(marks.OFFER.search(inline(block, seen.page.base)) for block in near) and any(
        phrases.PRICE.search(block.text) for block in near
    )


def _stated(seen: Evidence) -> float:
    """The words that the whole article must have for what is shown to be all of it, by its own count; 0 for none."""
    return 0.6 * next((int(count) for count in seen.page.ld("wordCount") if count.isdecimal()), 0)


def _walled(seen: Evidence) -> bool:
    return seen.page.tree.css_first(marks.PAYWALL) is not None


def _breaks_off(text: str) -> bool:
    """Whether a text ends in the middle of a sentence."""
    return text.rstrip().endswith(("…", "...", "[…]")) or not ends_sentence(text)
