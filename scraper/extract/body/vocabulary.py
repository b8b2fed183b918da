"""What class names, ids and the first words of a line say about a block. Data; `blocks` and `text` read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

NAMES_FURNITURE, NAMES_BODY, NAMES_SURE_FURNITURE = 1, 2, 4
_SAYS = 3  # bits of what names say
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

LEAD = frozenset({
    "lead", "leadtext", "lede", "intro", "introduction", "introtext", "excerpt", "standfirst", "subtitle",
    "subheadline", "subheading", "subhead", "subline", "dek", "deck", "strapline", "summary", "description",
    "abstract", "teaser", "vorspann", "einleitung", "chapo", "chapeau", "entradilla", "bajada", "copete", "sumario",
    "sommario", "sottotitolo", "occhiello", "lid", "zajawka", "perex", "manchet", "ingress", "underrubrik",
})  # fmt: skip
"""Words of a class or an id that say, between the headline and the text: this is the paragraph that leads in."""

_WORD_SAYS = {
    word: NAMES_FURNITURE * (word in FURNITURE) | NAMES_SURE_FURNITURE * (word in SURE_FURNITURE)
    for word in FURNITURE | SURE_FURNITURE
}

FURNITURE_PHRASES = (
    "readmore", "readalso", "mostread", "mostpopular", "alsoread", "seealso", "morestories", "morefrom", "morenews",
    "imagedescription", "imagecaption", "imgcaption", "photocaption", "captiontext", "bildunterschrift", "bildtext",
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

_BEGINNING = 200  # characters of a line in which it says where it points
_CALLS = (
    "read more", "read also", "see also", "sign up", "subscribe", "follow us", "join us", "click here", "share this",
    "listen to this", "watch:", "lesen sie", "lire aussi", "à lire", "vous aimerez", "lee también", "leer más",
    "leggi anche", "lees ook", "lees meer", "leia (?:também|mais)", "czytaj też", "czytaj także",
    "läs (?:mer|också|även)", "les (?:mer|også)", "læs (?:mere|også)", "lue (?:myös|lisää)", "читайте (?:также|ещё)",
    "смотрите также", r"подпишит\w*", "подписывайтесь", "recevez", "abonnez", "inscrivez", r"suscríb\w*", "اقرأ أيضا",
    r"اشترك في (?:النشرة|نشرت|قنا)\w*", "شارك المقال", r"订阅\w*", r"分享到\w*", r"关注我们\w*",
    "διαβάστε (?:επίσης|ακόμη)", "baca juga",
    "xem thêm", "zobacz (?:też|także)",
)  # fmt: skip
_LABELS = (
    "advertisement", "advertisements$", "also read", "related", "more on this", "recommended", "photo:",
    "image:", "getty images", r"copyright (?:©|\d+)", "all rights reserved", "anzeige$", "mehr zum thema",
    "mehr dazu", "weitere (?:beiträge|artikel|infos)", "lust auf mehr", "das (?:thema )?könnte (?:sie|dich|euch)",
    "über den autor", "about the author", "keine kommentare", "bild anzeigen", r"abbildung(?: \d+)?:", "credit:",
    "quelle:", "fotos?:", "bild:", "grafik:", r"figure \d+:", "source:", "fuente:", "fonte:", "źródło:", "bron:",
    "publicité", "publicidad", "te puede interesar", "puedes ver", "реклама$", r"责任编辑\w*", r"関連記事\w*",
    r"無断転載\w*",
)  # fmt: skip
"""How a short line begins that points away from the text; each begins with two letters. Calls ask their reader to."""

_WORD_ENDS = r"(?:(?<=\W)|(?!\w))"
_ASIDE = re.compile(rf"\W*(?:©|(?:{'|'.join(_CALLS + _LABELS)}){_WORD_ENDS})", re.IGNORECASE)
_CALL = re.compile(rf"\W*(?:{'|'.join(_CALLS)}){_WORD_ENDS}", re.IGNORECASE)
_ASIDE_STARTS = frozenset(phrase[:2] for phrase in _CALLS + _LABELS)  # they tell most lines apart, at little cost


class Vocabulary:
    """The class words that a scorer knows, each with its place, and a memory of the names it has read: sites repeat
    theirs on every page.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = tuple(words)
        self._bits = {word: 1 << place + _SAYS for place, word in enumerate(self.words)}
        self._read = lru_cache(maxsize=1 << 15)(self._name)

    def read(self, names: str) -> int:
        """What the names in a class and an id say, as :func:`read_names` has it, in the lowest bits; above them which
        of the vocabulary's words they have, a bit each (:meth:`known`).
        """
        mask = 0
        for name in names.split():
            mask |= self._read(name)
        return mask

    @staticmethod
    def known(mask: int) -> int:
        """The words alone, of what was read."""
        return mask >> _SAYS

    def _name(self, name: str) -> int:
        words, says = _read_name(name)
        for word in words:
            says |= self._bits.get(word, 0)
        return says


def read_names(names: str) -> tuple[set[str], int]:
    """What the names in a class and an id say: their words (``article__share-bar``: article, share, bar), and whether
    by the lists above one :data:`NAMES_FURNITURE`, :data:`NAMES_BODY` or :data:`NAMES_SURE_FURNITURE`, a bit each.
    """
    words: set[str] = set()
    says = 0
    for name in names.split():
        own, told = _read_name(name)
        words.update(own)
        says |= told
    return words, says


def _read_name(name: str) -> tuple[Sequence[str], int]:
    """One name. Those with a prefix (``print:hidden``) say how a box looks on some screen, and name no furniture."""
    words: Sequence[str]
    if not name.isascii() or not name.islower():
        words = [word.lower() for word in _WORD.findall(name)]
        letters = "".join(words)
    elif name.isalpha():
        words, letters = (name,), name
    else:
        words = _LOWER.findall(name)
        letters = "".join(words)
    says = 0
    for word in words:
        says |= _WORD_SAYS.get(word, 0)
    if ":" in name:
        says &= ~NAMES_FURNITURE
    elif letters.startswith(FURNITURE_PHRASES) or letters.endswith(FURNITURE_PHRASES):
        says |= NAMES_FURNITURE
    if len(letters) > _SHORTEST_BODY and BODY_NAME.search(letters):
        says |= NAMES_BODY
    return words, says


def points_away(text: str) -> bool:
    """Whether a short line points away from the text: "Read more", "Sign up", "Photo:"."""
    if text[:1].isalpha() and text[:2].lower() not in _ASIDE_STARTS:
        return False
    return _ASIDE.match(text, 0, _BEGINNING) is not None


def calls(text: str) -> bool:
    """Whether a line that points away begins with an imperative: "Read more about ...", "Sign up ..."."""
    return _CALL.match(text, 0, _BEGINNING) is not None
