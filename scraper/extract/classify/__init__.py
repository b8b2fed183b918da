"""What a page is, before anything of it is stored: an article, a teaser, a live blog, or a reason not to store it.

The rules lean towards letting a page pass: a title and a few sentences are an article unless the page says, or its
structure shows, that it is something else. `evidence` gathers what they look at, `phrases` and `marks` hold what they
search for, `layout` measures how the text lies, `rules` and `kinds` are the tests, and the table here is their order.
"""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import NotAnArticle
from scraper.extract.body.text import Body
from scraper.extract.classify import kinds, rules
from scraper.extract.classify.evidence import Evidence
from scraper.extract.page import ParsedPage
from scraper.model import Kind

_REFUSALS: tuple[tuple[str, Callable[[Evidence], bool], str], ...] = (
    ("empty page", rules.empty, "The page is empty"),
    ("error page", rules.broken, "The page reports an error of its server"),
    ("bot check", rules.bot_check, "The page asks whether we are human"),
    ("other page", rules.about_site, "The page is about its site"),
    ("consent wall", rules.consent_wall, "The page asks for consent and shows no article"),
    ("other page", rules.other, "The page is a product, a thread of a forum or a place"),
    ("soft 404", rules.soft_404, "The page says that it was not found, whatever its status said"),
    ("login wall", rules.login_wall, "The page asks for a login and shows no article"),
    ("javascript shell", rules.shell, "The page is filled in by scripts and shows no text without them"),
    ("gallery", rules.gallery, "The page shows pictures or a video and tells no story"),
    ("hub", rules.hub, "The page lists articles and is none itself"),
    ("no article", rules.no_article, "The page has no headline with running text"),
    ("other page", rules.stray, "The page has a few lines that nobody signed, at an address that is no story's"),
)


_READABLE = frozenset({"other page", "gallery", "hub"})
"""What has a text of its own, though not an article's: who holds the page may want it, the archive does not."""


def classify(page: ParsedPage, body: Body, title: str | None, *, paywalled: bool | None) -> tuple[Kind, str]:
    """The kind of a page; where it is :attr:`Kind.OTHER`, with what it is instead ("hub: The page lists...").

    Raises NotAnArticle, with the same reasons, where there is no text to give.
    """
    seen = Evidence(page, body, title, paywalled=paywalled)
    if title and kinds.live(seen):
        return Kind.LIVE, ""
    for reason, test, explanation in _REFUSALS:
        if test(seen):
            if title and body.words >= rules.FEW and reason in _READABLE:
                return Kind.OTHER, f"{reason}: {explanation}"
            raise NotAnArticle(explanation, reason=reason)
    return (Kind.TEASER if kinds.teaser(seen) else Kind.ARTICLE), ""
