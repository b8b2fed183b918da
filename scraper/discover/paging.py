"""Where a list goes on: the next page of a section or of a feed. Pure.

A feed says so itself (RFC 5005: ``rel=next`` of a paged feed, ``rel=prev-archive`` of an archived one; JSON Feed's
``next_url``), and WordPress, which does not, answers ``?paged=2``. A web page says so with ``rel=next``, with a link to
the number that follows its own, or with a link that is called "next" or "older".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.discover.anchors import anchors, words
from scraper.discover.links import Base, same_site
from scraper.errors import BadURL

_LABELS = frozenset(
    """
    next older more_stories next_page next_» older_posts older_entries older_stories older_articles load_more
    show_more_stories weiter nächste nächste_seite ältere ältere_beiträge ältere_artikel suivant suivante page_suivante
    articles_plus_anciens siguiente página_siguiente anteriores entradas_anteriores próxima próximo seguinte
    próxima_página avanti successiva successivo pagina_successiva volgende volgende_pagina oudere_berichten nästa neste
    næste seuraava następna następne dalej starsze další následující sonraki εποµενη επόμενη следующая дальше далее
    вперёд старые_записи наступна далі 下一页 下一頁 次へ 次のページ 다음 التالي הבא » > → ≫ next_→ older_→
    \u203a next_\u203a older_\u203a
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_IN_PATH = re.compile(
    r"^(?P<before>.*?)/(?:page|pagina|página|seite|strona|str|sivu|p)[/-]?(?P<number>\d{1,5})/?$", re.IGNORECASE
)
_IN_QUERY = frozenset({"page", "paged", "p", "pg", "pagina", "seite", "strona", "pageno", "pagenumber", "page_num"})
_PAGE = re.compile(r"[0-9]{1,5}")
_LONGEST = 30
# The next month of a calendar is no older page, and there is always one.
_CALENDARS = frozenset(
    """
    calendar calendars events event agenda kalender calendrier calendario veranstaltungen termine
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)
_CALENDAR_KEYS = frozenset(
    """
    month year date day week yyyy mm dd monat jahr datum mes mois annee tribe-bar-date eventdisplay
    """.split()  # noqa: SIM905 -- a list of words reads best as one
)


def following_page(tree: LexborHTMLParser, base: Base, url: str) -> str | None:
    """The address of the page after this one (which is at ``url``), by its links; None where there is none."""
    here = Base(url)
    labelled: list[str] = []
    numbered: dict[int, str] = {}
    stem, number = _numbered(here.href)
    for node in anchors(tree, "a[href], link[href]"):
        attributes = node.attributes
        try:
            target = base.absolute(attributes.get("href") or "")
        except BadURL:
            continue
        if Base(target).host != here.host or target == here.href or _is_calendar(target, here):
            continue
        if "next" in (attributes.get("rel") or "").lower().split():
            return target
        if node.tag == "a":
            other, its_number = _numbered(target)
            if other == stem and its_number is not None:
                numbered.setdefault(its_number, target)
            elif _is_label(words(node)) or _is_label(attributes.get("aria-label") or ""):
                labelled.append(target)
    # Some count from 0: their second page is 1.
    after = (2, 1) if number is None else (number + 1,)
    found = next((numbered[each] for each in after if each in numbered), None)
    return found or next((target for target in labelled if _is_below(target, here)), None)


def following_feed(links: Iterable[Mapping[str, Any]], generator: str, base: Base) -> str | None:
    """The address of the feed's next part: ``links`` are those of the feed itself, ``generator`` is what made it."""
    by_rel = {str(link.get("rel", "")).lower(): str(link.get("href", "")) for link in links}
    for rel in ("next", "prev-archive"):
        if by_rel.get(rel):
            try:
                target = base.absolute(by_rel[rel])
            except BadURL:
                continue
            if same_site(Base(target).host, base.host):
                return target
    if "wordpress" not in generator.lower():
        return None
    parts = urlsplit(base.href)
    query = parse_qsl(parts.query, keep_blank_values=True)
    page = next((int(value) for name, value in query if name == "paged" and _PAGE.fullmatch(value)), 1)
    query = [pair for pair in query if pair[0] != "paged"] + [("paged", str(page + 1))]
    return parts._replace(query=urlencode(query)).geturl()


def _numbered(url: str) -> tuple[str, int | None]:
    """An address without its page's number, and that number; None where it has none."""
    parts = urlsplit(url)
    if (found := _IN_PATH.match(parts.path)) is not None:
        return _stem(parts._replace(path=found["before"]).geturl()), int(found["number"])
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in pairs:
        if name.lower() in _IN_QUERY and re.fullmatch(r"\d{1,5}", value):
            rest = urlencode([pair for pair in pairs if pair != (name, value)])
            return _stem(parts._replace(query=rest).geturl()), int(value)
    return _stem(url), None


def _stem(url: str) -> str:
    return url.rstrip("/?")


def _is_label(text: str) -> bool:
    words = text.split()
    return 0 < len(words) < 5 and len(text.strip()) < _LONGEST and "_".join(words).lower() in _LABELS


def _is_below(target: str, here: Base) -> bool:
    """Whether a page belongs to the list: an arrow may lead to the next story, or the next section, as well."""
    own, other = _list_of(here), _list_of(Base(target))
    # Below a whole site lies everything: there, only the query or a page's number may differ.
    return other == own or (bool(own) and other.startswith(f"{own}/"))


def _list_of(page: Base) -> str:
    """The path of a page without its number."""
    return re.sub(_IN_PATH, r"\g<before>", page.path).rstrip("/")


def _is_calendar(target: str, here: Base) -> bool:
    """Whether an address is that of a calendar's page, by its path, or by a date in its query that is not ours."""
    page = Base(target)
    if not _CALENDARS.isdisjoint(page.path.lower().split("/")):
        return True
    own = parse_qsl(here.query.removeprefix("?"))
    asked = parse_qsl(page.query.removeprefix("?"))
    return any(name.lower() in _CALENDAR_KEYS and (name, value) not in own for name, value in asked)
