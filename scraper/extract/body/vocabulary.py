"""What class names, ids and the first words of a line say about a block. Data; `blocks` and `text` read it."""

from __future__ import annotations

import re
from collections.abc import Set
from functools import lru_cache
from typing import NamedTuple

_SHORTEST_BODY = 6  # letters: "wysiwyg" is the shortest name of a body
_LOWER = re.compile(r"[a-z]+")
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")

FURNITURE = frozenset({
    "ad", "ads", "advert", "adverts", "advertisement", "advertising", "adslot", "sponsor", "sponsored", "promo",
    "promos", "promotion", "promoted", "affiliate", "related", "recirc", "recirculation", "recommended",
    "recommendation", "recommendations", "readmore", "readalso", "trending", "popular", "mostread",
    "newsletter", "newsletters", "signup", "subscribe", "subscription", "share", "sharing", "social",
    "sharebar", "follow", "comment", "comments", "disqus", "feedback", "survey", "poll", "quiz", "sidebar",
    "rail", "breadcrumb", "breadcrumbs", "menu", "navbar", "navigation", "footer", "toolbar", "widget",
    "pagination", "pager", "toc", "skip", "cookie", "cookies", "consent", "gdpr", "popup", "modal", "overlay",
    "lightbox", "tooltip", "sticky", "hidden", "noprint", "login", "donate", "donation", "caption", "captions",
    "legende", "side", "factbox", "faktaboks", "faktaruta", "gating", "gated", "paywall", "foot", "pic", "picture",
    "photo", "photos", "bild", "pinglun", "reactions", "editor", "credit",
    "credits", "copyright", "disclaimer", "player", "gallery", "slideshow", "carousel", "infobox", "byline",
    "bylines", "author", "authors", "authorbox", "bio", "tags", "taglist", "topics", "metadata", "dateline",
    "timestamp", "teaser", "teasers", "outbrain", "taboola", "jobs",
})  # fmt: skip
"""Words of a class or an id (``article__share-bar`` has three) that say: no part of the text."""

SURE_FURNITURE = frozenset({
    "newsletter", "newsletters", "signup", "subscribe", "donate", "donation", "donations", "cookie", "cookies",
    "consent", "gdpr", "related", "recirc", "recirculation", "recommended", "recommendations", "readmore", "outbrain",
    "taboola", "advert", "adverts", "advertisement", "share", "sharing", "comment", "comments", "disqus", "sponsored",
    "promo",
})  # fmt: skip
"""Those of them that no text of an article stands in, however much it reads like one."""

FURNITURE_PHRASES = (
    "readmore", "readalso", "mostread", "mostpopular", "alsoread", "seealso", "morestories", "morefrom", "morenews",
    "relatedcontent", "upnext", "nextarticle", "authorbio", "aboutauthor", "screenreader", "visuallyhidden", "sronly",
)  # fmt: skip
"""The same in several words, as they stand at the start or end of a name with everything but letters taken out."""

BODY_NAME = re.compile(
    r"article(?:body|content|text|main|copy|paragraph)"
    r"|(?:story|entry|post|news|content|page|detail|main)(?:body|content|text|copy)"
    r"|body(?:content|text|copy)|richtext|wysiwyg"
    r"|articulo|artikel(?:text|inhalt|body)|texto?(?:noticia|nota)"
)
"""What the letters of a class or an id hold that says: this is the text."""

ASIDE = re.compile(
    r"\W*(?:advertisement|read more|read also|also read|see also|related|more on this|recommended|sign up|subscribe"
    r"|follow us|join us|click here|share this|listen to this|watch:|photo:|image:|getty images|©|copyright (?:©|\d)"
    r"|all rights reserved|anzeige$|lesen sie|mehr zum thema|publicité|lire aussi|à lire|publicidad"
    r"|lee también|leer más|te puede interesar"
    r"|leggi anche|lees ook|leia (?:também|mais)|czytaj także"
    r"|реклама$|читайте также|смотрите также|подпишит|подписывайтесь|recevez|abonnez|inscrivez|suscríb"
    r"|اقرأ أيضا|اشترك في|شارك المقال|订阅|责任编辑|分享到|关注我们|関連記事|無断転載)",
    re.IGNORECASE,
)
"""How a short line begins that points away from the text."""

ADVERT = re.compile(
    r"\W*(?:advertisements?|advertising|sponsored|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie"
    r"|reklama|annons|реклама|إعلان|广告|広告|광고|reklam)\W*",
    re.IGNORECASE,
)
"""A line that announces an advertisement: what follows it in its box is one."""


class Names(NamedTuple):
    """What class and id names say: their words (``article__share-bar``: article, share, bar), and by the lists above
    whether one names furniture, surely so, or the text itself.
    """

    words: Set[str]
    furniture: bool
    sure: bool
    body: bool


_SILENT = Names(frozenset(), furniture=False, sure=False, body=False)


def read_names(names: str) -> Names:
    """What the names in a class and an id say.

    Names with a prefix (``print:hidden``) say how a box looks on some screen, and name no furniture.
    """
    told = [_read_name(name) for name in names.split()]
    if not told:
        return _SILENT
    words = {word for own, _, _ in told for word in own}
    furniture, body = any([one[1] for one in told]), any([one[2] for one in told])
    return Names(words, furniture, furniture and not SURE_FURNITURE.isdisjoint(words), body)


@lru_cache(maxsize=1 << 15)  # sites repeat their names on every page
def _read_name(name: str) -> tuple[tuple[str, ...], bool, bool]:
    """The words of one name, and whether it names furniture, or the text."""
    words = _LOWER.findall(name) if name.islower() else [word.lower() for word in _WORD.findall(name)]
    letters = "".join(words)
    furniture = ":" not in name and (
        not FURNITURE.isdisjoint(words) or letters.startswith(FURNITURE_PHRASES) or letters.endswith(FURNITURE_PHRASES)
    )
    return tuple(words), furniture, len(letters) > _SHORTEST_BODY and BODY_NAME.search(letters) is not None


def points_away(text: str) -> bool:
    """Whether a short line points away from the text: "Read more", "Sign up", "Photo:"."""
    return ASIDE.match(text) is not None
