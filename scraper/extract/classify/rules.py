"""Tests of what a page is, cheap ones first; `__init__` has their order."""

from __future__ import annotations

from scraper.extract.classify import marks, phrases
from scraper.extract.classify.evidence import Evidence
from scraper.extract.classify.layout import prices

FEW = 25  # words without which no page is an article
SHORT = 120  # words under which a wall's phrases count
WALL = 450  # words that a wall's own text may have
BARE_LINKS = 12  # links under which no site stands around a text
FRONT_LINKS = 8  # links on a front page, at least
CROWD = 60  # words in links without which a page is no list of articles
CARDS = 3  # texts under links that make a list
HEADLINES = 8  # linked lines that make a list
PRICES = 10  # lines with a price that make a shop
CARD = 60  # words that a card of a list has at most, mostly
MAIN = 0.7  # of the running text, from which a body is what the page is about
STRAY = 150  # words under which an unsigned page has to look like a story


def empty(seen: Evidence) -> bool:
    """No text, and nothing that could bring some."""
    return (
        not seen.body.words
        and not seen.layout.words
        and not seen.text
        and seen.page.tree.css_first("script, iframe, noscript, frameset") is None
    )


def broken(seen: Evidence) -> bool:
    """A server's error or a maintenance notice."""
    if seen.body.words >= SHORT or seen.layout.words > WALL or (seen.described and seen.body.words >= FEW):
        return False
    return phrases.BROKEN.search(seen.opening) is not None or (
        seen.layout.words < SHORT and phrases.BROKEN.search(seen.text) is not None
    )


def bot_check(seen: Evidence) -> bool:
    """A challenge, or a refusal to serve machines."""
    if seen.body.words >= SHORT or seen.layout.words > WALL or (seen.described and seen.body.words >= FEW):
        return False
    if phrases.BOT.search(seen.opening):
        return True
    if seen.layout.words >= SHORT:
        return False
    if phrases.BOT.search(seen.text) or seen.page.tree.css_first(marks.BOT_MARKUP) is not None:
        return True
    scripts = seen.page.tree.css("script:not([src])") if seen.layout.words < FEW else []
    return any(marks.BOT_SCRIPT.search(script.text()[-5000:]) for script in scripts[:3])


def about_site(seen: Evidence) -> bool:
    """A page that every site has and no reader calls an article: imprint, privacy, contact, newsletters."""
    if seen.described:
        return False
    return (bool(seen.steps) and marks.STATIC.fullmatch(seen.steps[-1]) is not None) or (
        phrases.STATIC_TITLE.fullmatch((seen.title or "").strip()) is not None
    )


def consent_wall(seen: Evidence) -> bool:
    """Consent asked for, and no article behind the question."""
    if seen.page.host.startswith(("consent.", "cookiewall.", "privacy-mgmt.")):
        return True
    if seen.layout.words >= WALL or seen.body.words >= 2 * SHORT:
        return False
    if seen.body.words >= FEW and (seen.declared or (seen.body.words >= CARD and seen.dated)):
        return False
    asked = any(marks.CONSENT_STEP.fullmatch(step) for step in seen.steps) or seen.links < BARE_LINKS
    return sum(topic.search(seen.text) is not None for topic in phrases.CONSENT) >= (3 if asked else 4)


def other(seen: Evidence) -> bool:
    """A product, a thread of a forum, a place: by what the page declares, its markup, or its prices."""
    if seen.classes & marks.OTHER_CLASSES:
        return True
    if seen.described:
        return False
    return _told_other(seen) or (not seen.declared and not seen.single and _looks_other(seen))


def _told_other(seen: Evidence) -> bool:
    """What is believed though ``og:type`` may say article beside."""
    return (
        not seen.types.isdisjoint(marks.FORUM_TYPES)
        or any(marks.OTHER_OG.match(kind) for kind in seen.og_types)
        or any(marks.FORUM.match(name) for name in seen.page.metas("generator"))
    )


def _looks_other(seen: Evidence) -> bool:
    """What is believed only of a page that does not call itself an article."""
    if not seen.types.isdisjoint(marks.OTHER_TYPES):
        return True
    if not (seen.dated and seen.storied) and prices(seen.page.flat.shown) >= PRICES:
        return True
    long = seen.layout.run >= WALL  # a shop's button stands beside articles too
    markup = marks.FORUM_MARKUP if long else f"{marks.FORUM_MARKUP}, {marks.SHOP_MARKUP}"
    return seen.page.tree.css_first(markup) is not None


def soft_404(seen: Evidence) -> bool:
    """A page that says it is not there."""
    if "error404" in seen.classes:
        return True
    if seen.body.words >= SHORT or (seen.described and seen.body.words >= FEW):
        return False
    if any(phrases.LOST.search(line) for line in seen.opening.split("\n")):
        return True
    if seen.body.words < FEW and any(
        phrases.LOST.search(block.text) for block in seen.page.flat.shown if not block.linked
    ):
        return True
    named = (node.attributes for node in seen.page.tree.css(marks.LOST_MARKUP))
    names = (name for each in named for name in f"{each.get('class') or ''} {each.get('id') or ''}".split())
    return any(marks.LOST_NAME.fullmatch(name.lower()) for name in names)


def login_wall(seen: Evidence) -> bool:
    """A form to log in or register, and no article above it."""
    if seen.body.words >= SHORT or seen.layout.words > WALL or (seen.declared and seen.body.words >= FEW):
        return False
    if seen.body.words >= CARD and (seen.dated or seen.storied):
        return False
    if any(marks.LOGIN_STEP.fullmatch(step) for step in seen.steps[:1] + seen.steps[-1:]):
        return True
    if seen.page.tree.css_first("input[type='password' i]") is not None:
        return True
    text = seen.text if seen.layout.words < SHORT else f"{seen.opening}\n{seen.body.text}"
    return len({match[0].lower() for match in phrases.LOGIN.finditer(text)}) >= 2


def shell(seen: Evidence) -> bool:
    """Nothing to read before scripts have run."""
    if seen.body.words >= FEW or seen.layout.words >= SHORT:
        return False
    notes = (node.text() for node in seen.page.tree.css("noscript"))
    if any(phrases.SCRIPT_NEEDED.search(note) for note in notes) or phrases.SCRIPT_NEEDED.search(seen.text):
        return True
    if seen.page.tree.css_first(marks.SHELL) is not None:
        return True
    return seen.layout.words < FEW and seen.page.tree.css_first("script") is not None


def gallery(seen: Evidence) -> bool:
    """Pictures or a player with a few lines: shown, not told."""
    if seen.body.words >= SHORT:
        return False
    if any(kind.startswith("video") for kind in seen.og_types) or (
        seen.types & marks.MEDIA_TYPES and not seen.described
    ):
        return True
    return phrases.MEDIA_TITLE.search(seen.heading) is not None or any(
        marks.MEDIA.fullmatch(step) for step in seen.steps[:-1]
    )


def hub(seen: Evidence) -> bool:
    """A list of articles: a front page, a section, an archive, a search."""
    if seen.described and seen.body.words >= FEW:
        return False
    if seen.path and marks.HOME.fullmatch(seen.path) and seen.links >= FRONT_LINKS:
        return not _one_text(seen)
    if seen.single:
        return False
    return _told_hub(seen) or _laid_out_as_hub(seen)


def _one_text(seen: Evidence) -> bool:
    """Whether what stands on a page is one text: a firm of one page, a blog that shows its latest post in full."""
    lying = seen.layout
    return lying.run >= WALL / 2 and lying.cards < CARDS and 3 * lying.run > lying.prose


def _told_hub(seen: Evidence) -> bool:
    """By the classes that content systems give to lists, or by the page's data."""
    if seen.classes & marks.HUB_CLASSES or seen.classes >= marks.FRONT_CLASSES:
        return True
    return not seen.types.isdisjoint(marks.HUB_TYPES) and seen.layout.run < 2 * SHORT


def _laid_out_as_hub(seen: Evidence) -> bool:
    """By how the text lies; not where address and data say that this is one story."""
    called = "article" in seen.og_types
    if seen.storied and (seen.dated or called) and seen.body.words >= FEW:
        return False
    if seen.dated and seen.body.words >= 2 * SHORT and seen.body.words > MAIN * seen.layout.prose:
        return False
    return _plainly_listed(seen) if called else _listed(seen)


def _listed(seen: Evidence) -> bool:
    """Whether the text lies as lists have it: in cards under links, or hardly any between them."""
    lying = seen.layout
    if min(lying.cards, lying.headlines) >= CARDS and 2 * lying.run < lying.prose and lying.run < SHORT:
        return True
    if lying.headlines >= HEADLINES and lying.run < CARD:
        return True
    crowded = lying.linked >= CROWD and lying.linked > 0.4 * lying.words
    return crowded and lying.run < 1.3 * CARD and not seen.storied


def _plainly_listed(seen: Evidence) -> bool:
    """The same where ``og:type`` says article, as it does of many lists: they have to be many cards."""
    lying = seen.layout
    if lying.run >= SHORT or seen.storied:
        return False
    return (min(lying.cards, lying.headlines) >= 2 * CARDS and 3 * lying.run < lying.prose) or (
        lying.headlines >= 2 * HEADLINES and 10 * lying.run < lying.prose
    )


def stray(seen: Evidence) -> bool:
    """A few lines, unsigned and undated, that nothing says are a story: not the address, nor a site around them."""
    if not seen.steps or seen.described or "article" in seen.og_types or seen.dated:
        return False
    if seen.body.words < SHORT and seen.unindexed:
        return True
    lost = seen.layout.run < STRAY and 2 * seen.body.words < seen.layout.words
    return not seen.storied and (lost or (seen.body.words < SHORT and seen.links < BARE_LINKS))


def no_article(seen: Evidence) -> bool:
    """No headline, or nothing under it."""
    return seen.title is None or (seen.body.words < FEW and not (seen.declared and seen.body.sentences))
