"""What the shape of a URL says: an article's address, a page that may be one, or a page that never is.

News sites write an article's date, a slug of its headline or its number into its address; sections, tags, authors and
service pages are short words. (newspaper4k, news-please and fundus all live on this; the rules here are our own.)
"""

from __future__ import annotations

import re
from enum import IntEnum
from urllib.parse import unquote

from scraper.discover.links import Base


class Shape(IntEnum):
    """How much an address looks like an article's."""

    NEVER = 0
    PLAIN = 1
    LIKELY = 2  # an article where the page gives the link weight
    ARTICLE = 3


_NEVER = frozenset(
    """
    tag tags topic topics author authors autor auteur columnist columnists contributor contributors profile profiles
    category categories kategorie rubric rubrics login logout signin sign-in signup sign-up register registration
    subscribe subscription subscriptions account my-account user users search suche recherche about about-us contact
    contacts contact-us kontakt impressum imprint privacy privacy-policy datenschutz terms terms-of-use
    terms-of-service cookies cookie-policy legal advertise advertising jobs careers shop cart checkout donate support
    help faq feed feeds rss newsletter newsletters podcasts games crossword crosswords weather horoscope archive
    archives sitemap page wp-login.php wp-admin wp-content share print comments
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_MEDIA = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|avif|ico|pdf|mp3|m4a|mp4|webm|zip|gz|xml|rss|json|css|js|docx?|xlsx?)$"
)
_DATE = re.compile(r"/(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]\d{1,2})?(?:[/-]|$)|/(?:19|20)\d{6}(?=\D|$)")
_NUMBER = re.compile(r"(?:^|[-_.,a-z])\d{5,}(?:\.[a-z]{3,5})?$|^\d{4,}(?:[-_.]|$)")
_QUERY_NUMBER = re.compile(
    r"[?&](?:id|p|aid|nid|sid|article|articleid|article_id|news|newsid|news_id|story|storyid)=\d+"
)
_HEX = re.compile(
    r"(?:^|-)(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{16,}(?:\.[a-z]{3,5})?$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

_SHELVES = frozenset(
    """
    category categories kategorie rubric rubrics rubrik rubrique section sections seccion sezione topic topics thema
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_HOME_WORDS = frozenset(
    """
    home index news latest front frontpage international edition blog startseite nachrichten accueil actualites inicio
    portada noticias
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_PAGE_END = re.compile(r"\.(?:s?html?|php|aspx?|jsp)$")


def section_of(url: Base) -> str:
    """The name of the section whose page an address may be: ``politics`` of ``/category/politics/``; empty for any
    other address, a front page's and an article's among them.
    """
    segments = [segment for segment in unquote(url.path).lower().split("/") if segment]
    if len(segments) > 1 and segments[0] in _SHELVES:
        del segments[0]
    if not 0 < len(segments) < 3 or url.query or _NEVER.union(_SHELVES).intersection(segments):
        return ""
    name = _PAGE_END.sub("", segments[-1])
    short = len(re.split(r"[-_]", name)) < 4 and not re.search(r"\d{3}|\.", name)
    dated = any(segment.isdigit() for segment in segments)  # an archive's month, or a page's number
    return name if short and not dated and not is_front(url) else ""


def is_front(url: Base) -> bool:
    """Whether an address is that of a whole site, or of an edition: ``/``, ``/index.html``, ``/en/``, ``/news``."""
    path = _PAGE_END.sub("", unquote(url.path).lower())
    return all(
        part in _HOME_WORDS or re.fullmatch(r"[a-z]{2}([-_][a-z]{2})?", part) for part in path.split("/") if part
    )


def shape_of(url: Base) -> Shape:
    """What the path and the query of an address say. Hosts are not looked at."""
    path = unquote(url.path).lower()
    segments = [segment for segment in path.split("/") if segment]
    if _QUERY_NUMBER.search(url.query.lower()) and not _NEVER.intersection(segments):
        return Shape.ARTICLE
    if not segments or _NEVER.intersection(segments) or _MEDIA.search(path):
        return Shape.NEVER
    last = segments[-1]
    words = [word for word in re.split(r"[-_]", last.partition(".")[0]) if word]
    if _HEX.search(last) or _NUMBER.search(last) or len(words) > 3:
        return Shape.ARTICLE
    if _DATE.search(path):
        # The date's own page, /2026/11/23/, is an archive.
        return Shape.NEVER if re.fullmatch(r"\d{1,2}|[a-z]{3}|\d{4}|\d{6,8}", last) else Shape.ARTICLE
    if len(words) > 1 or last.endswith((".html", ".htm", ".shtml")) or any(mark.isdigit() for mark in last):
        return Shape.LIKELY
    return Shape.LIKELY if len(segments) > 2 else Shape.PLAIN
