"""What class names, ids and the first words of a line say about a block. Data; `blocks` and `text` read it."""

from __future__ import annotations

import re

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
    "legende", "side", "foot", "pic", "picture", "photo", "photos", "bild", "pinglun", "reactions", "editor", "credit",
    "credits", "copyright", "disclaimer", "player", "gallery", "slideshow", "carousel", "infobox", "byline",
    "bylines", "author", "authors", "authorbox", "bio", "tags", "taglist", "topics", "metadata", "dateline",
    "timestamp", "teaser", "teasers", "outbrain", "taboola", "jobs",
})  # fmt: skip
"""Words of a class or an id (``article__share-bar`` has three) that say: no part of the text."""

FURNITURE_PHRASES = (
    "readmore", "readalso", "mostread", "mostpopular", "alsoread", "seealso", "morestories", "morefrom", "morenews",
    "relatedcontent", "upnext", "nextarticle", "authorbio", "aboutauthor", "screenreader", "visuallyhidden", "sronly",
)  # fmt: skip
"""The same in several words, as they stand at the start or end of a name with everything but letters taken out."""

BODY_NAME = re.compile(
    r"article[-_]*(?:body|content|text|main|copy|paragraphs?)"
    r"|(?:story|entry|post|news|content|page|detail|main)[-_]*(?:body|content|text|copy)"
    r"|body[-_]*(?:content|text|copy)|rich[-_]*text|wysiwyg"
    r"|articulo|artikel[-_]*(?:text|inhalt|body)|texto?[-_]*(?:noticia|nota)",
    re.IGNORECASE,
)
"""A class or an id that says: this is the text."""

ASIDE = re.compile(
    r"^\W*(?:advertisement|read more|read also|also read|see also|related|more on this|recommended|sign up|subscribe"
    r"|follow us|join us|click here|share this|listen to this|watch:|photo:|image:|getty images|©|copyright (?:©|\d)"
    r"|all rights reserved|anzeige$|lesen sie|mehr zum thema|publicité|lire aussi|à lire|publicidad"
    r"|lee también|leer más|te puede interesar"
    r"|leggi anche|lees ook|leia (?:também|mais)|czytaj także"
    r"|реклама$|читайте также|смотрите также|подпишит|подписывайтесь|recevez|abonnez|inscrivez|suscríb"
    r"|اقرأ أيضا|اشترك في|شارك المقال|订阅|责任编辑|分享到|关注我们|関連記事|無断転載)",
    re.IGNORECASE,
)
"""How a short line begins that points away from the text."""

END = re.compile(
    r"^\W*(?:related (?:articles|stories|topics|news|content)|more (?:from|stories|news|on this)|read next|comments?"
    r"|recommended|most read|you may (?:also )?like|about the authors?|mehr zum thema|das könnte sie|kommentare"
    r"|читайте также|комментарии|à? ?lire aussi|vos réactions|commentaires|التعليقات|اقرأ أيضا|网友评论|评论"
    r"|热点新闻|热门|関連記事)",
    re.IGNORECASE,
)
"""How a heading begins after which nothing belongs to the text."""


def looks_like_furniture(names: str) -> bool:
    """Whether class and id words say that this is no part of an article's text.

    Utility classes with a prefix (``print:hidden``, ``md:sticky``) say how a box looks on some screen, and are skipped.
    """
    for name in names.split():
        if ":" in name:
            continue
        words = [word.lower() for word in _WORD.findall(name)]
        if not FURNITURE.isdisjoint(words):
            return True
        joined = "".join(words)
        if joined.startswith(FURNITURE_PHRASES) or joined.endswith(FURNITURE_PHRASES):
            return True
    return False
