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

_ASIDES = (
    "advertisement", "read more", "read also", "also read", "see also", "related", "more on this", "recommended",
    "sign up", "subscribe", "follow us", "join us", "click here", "share this", "listen to this", "watch:", "photo:",
    "image:", "getty images", r"copyright (?:©|\d)", "all rights reserved", "anzeige$", "lesen sie", "mehr zum thema",
    "mehr dazu", "weitere (?:beiträge|artikel|infos)", "lust auf mehr", "das (?:thema )?könnte (?:sie|dich|euch)",
    "über den autor", "about the author", "keine kommentare", "bild anzeigen", r"abbildung(?: \d+)?:", "credit:",
    "quelle:", "fotos?:", "bild:", "grafik:", r"figure \d+:", "source:", "fuente:", "fonte:", "źródło:", "bron:",
    "publicité", "lire aussi", "à lire", "vous aimerez", "publicidad", "lee también", "leer más", "te puede interesar",
    "puedes ver", "leggi anche", "lees ook", "leia (?:também|mais)", "czytaj także", "реклама$", "читайте также",
    "смотрите также", "подпишит", "подписывайтесь", "recevez", "abonnez", "inscrivez", "suscríb", "اقرأ أيضا",
    "اشترك في", "شارك المقال", "订阅", "责任编辑", "分享到", "关注我们", "関連記事", "無断転載",
)  # fmt: skip
"""How a short line begins that points away from the text; each begins with two letters."""

_ASIDE = re.compile(rf"\W*(?:©|{'|'.join(_ASIDES)})", re.IGNORECASE)
_ASIDE_STARTS = frozenset(phrase[:2] for phrase in _ASIDES)  # which tell most lines apart at a tenth of the cost

# What a line at the end of a text says that asks its reader to do something else, or claims rights: plain words that
# tell at once whether it may, and the whole of it. In lower case. All of them as one pattern cost half a parse a page.
_PROMPTS = tuple(
    (signs.split("|"), re.compile(pattern))
    for signs, pattern in {
        "download": r"\bdownload (?:the|our)\b[^.]{0,60}\bapps?\b",
        " on twitter| on x| on facebook| on instagram| on linkedin| on telegram| on whatsapp| on youtube| on tiktok"
        "| on bluesky| on mastodon| on threads": (
            r"\b(?:follow|like|find|join) (?:us|the [\w ]{2,40}|@?\w+) on (?:twitter|x|facebook|instagram|linkedin"
            r"|telegram|whatsapp|youtube|tiktok|bluesky|mastodon|threads)\b"
        ),
        "sign up|subscribe": (
            r"\b(?:sign up|subscribe)\b[^.]{0,60}\b(?:newsletters?|inbox|channel|podcast|updates|emails?|alerts?)\b"
        ),
        "our ": r"\bour (?:(?:daily|weekly|free|youtube|telegram|whatsapp) ){0,2}(?:newsletter|channel|app)\b",
        "subscri": r"\b(?:already a|become a|please) subscri(?:ber|be)\b|\bfirst-time subscribers\b",
        "all rights reserved": r"\ball rights reserved\b",
        "copyright": r"\bcopyright(?:ed property|\s*(?:©|\(c\)|20\d\d))",
        "©": r"^\W*©",
        "not be ": r"\b(?:may|must) not be (?:published|broadcast|rewritten|reproduced)\b",
        "submit ": r"\bsubmit (?:your|a) letter\b",
        "advertise with": r"\badvertise with\b",
        "becom": r"\bbecom(?:e|ing) an? (?:friend|member|supporter|patron) of\b",
        "support ": r"\bsupport (?:us|our (?:work|journalism|reporting|newsroom))\b",
        "donat": r"\bmake a donation\b|\bdonate (?:now|today|here)\b",
        "unterstütz": r"\bunterstütz(?:e|en sie) (?:uns|unser)",
        "spenden sie|newsletter|kanal": r"\bspenden sie\b|\bunser(?:en|em)? (?:newsletter|kanal)\b",
        "hazte soci|únete|síguenos|sigue a|suscríbe": (
            r"\bhazte soci[oa]\b|\b(?:suscríbe(?:te|se)|síguenos|sigue a|únete)\b"
        ),
        "faites un don|soutenez-nous": r"\b(?:faites un don|soutenez-nous)\b",
        " app": (
            r"\b(?:scarica|descarga|baixe) (?:la|a|nuestra|nossa)\b[^.]{0,20}\bapp\b"
            r"|\btéléchargez (?:l['\u2019]|notre )appli"
        ),
        "uygulama": r"\buygulama\w* indir",
        " uns": r"\b(?:abonniere|folge|folgen sie|besuche)\w* (?:uns|unseren?)\b",
        "nuestro |canal de ": r"\bnuestro (?:canal|boletín)\b|\bcanal de (?:telegram|whatsapp)\b",
        "-vous|suivez-nous|notre ": (
            r"\b(?:abonnez-vous|inscrivez-vous|suivez-nous)\b|\bnotre (?:newsletter|chaîne|lettre d)"
        ),
        "iscriviti|seguici|inscreva-se|siga-nos|assine": r"\b(?:iscriviti|seguici|inscreva-se|siga-nos|assine)\b",
        "zapisz się|obserwuj nas|subskrybuj": r"\b(?:zapisz się|obserwuj nas|subskrybuj)\b",
        "meld je aan|volg ons": r"\b(?:meld je aan|volg ons)\b",
        "подпи": r"подпи(?:сывайтесь|шитесь) на",
        "abone olun|takip edin": r"abone olun|takip edin",
        "تابعونا على|اشترك في": r"تابعونا على|اشترك في",
    }.items()
)

ADVERT = re.compile(
    r"\W*(?:advertisements?|advertising|sponsored|anzeige|werbung|publicité|publicidad|pubblicità|publicidade|advertentie"
    r"|reklama|annons|iklan|реклама|إعلان|广告|広告|광고|reklam)\W*",
    re.IGNORECASE,
)
"""A line that announces an advertisement: what follows it in its box is one."""


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
    return _ASIDE.match(text) is not None


def prompts(text: str) -> bool:
    """Whether a line asks its reader to follow, subscribe or download, or claims rights."""
    lower = text.lower()
    for signs, pattern in _PROMPTS:
        for sign in signs:
            if sign in lower and pattern.search(lower):
                return True
    return False
