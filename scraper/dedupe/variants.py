"""The forms that addresses of AMP, mobile and print pages have, and of the further pages of one article.

A form alone proves nothing: ``m.example.org`` may be another paper, ``/print/`` a section about printing, and
``?print=1`` a page of its own. It only gives what is known to be a variant its name, and tells which of two pages
with one text is the plain one. As little does the number of a page prove (``?page=2``).
"""

from __future__ import annotations

import re

from scraper.dedupe.urlkey import same_site, site_of, url_key
from scraper.model import How

_LABELS = {
    **dict.fromkeys(("amp", "amphtml"), How.AMP),
    **dict.fromkeys(("m", "mobile", "mobil", "wap", "touch", "lite", "3g"), How.MOBILE),
    **dict.fromkeys(("print", "printer"), How.PRINT),
}
"""First labels of hosts."""

_STEPS = (
    (How.AMP, re.compile(r"amp(?:html|\.html?)?|.+\.amp(?:html|\.html?)?|.+[-_]amp\.html?")),
    (How.MOBILE, re.compile(r"m|mobile|mobil|touch|.+\.mobile(?:\.html?)?|.+[-_]mobile\.html?|mobile\.html?")),
    (
        How.PRINT,
        re.compile(
            r"print|printable|printer|printview|printversion|print-friendly|drucken|druckversion|imprimir|imprimer"
            r"|impression|stampa|afdrukken|utskrift|druk|drukuj|yazdir|cetak|tisk"
            r"|(?:.+[,._-])?(?:print|druck)\.(?:html?|php|aspx?)|.+[,_](?:print|druck)"
        ),
    ),
)
"""What a step of the path is as a whole."""

_PARAMETERS = (
    (
        How.AMP,
        re.compile(r"amp(?:=(?:1|true|yes)?)?|(?:output|outputtype|layout|view|format|type|version)=amp(?:-type)?"),
    ),
    (How.MOBILE, re.compile(r"(?:m|mobile|mobil)=(?:1|true|yes)|(?:view|version|device|layout)=(?:m|mobile|mobil)")),
    (
        How.PRINT,
        re.compile(
            r"(?:print|printable|printview|printversion|pf|drucken|imprimir|stampa)(?:=(?:1|true|yes|y|print)?)?"
            r"|(?:view|mode|output|format|layout|tmpl|action|do|op|task|display|version|media)="
            r"(?:print|printable|printview|druck)"
        ),
    ),
)
"""What a parameter is as a whole."""


_PAGES = "page|pagina|página|seite|strona|sivu|side|sida|str|pg|p"
_PAGE_STEP = re.compile(rf"(?P<article>[^?#]+?/[^?#/]+)/(?:(?:{_PAGES})[-_/]?)?(?P<number>[1-9][0-9]?)", re.IGNORECASE)
_PAGE_PARAMETER = re.compile(
    rf"(?:{_PAGES}|paged|page_?n(?:o|um|umber)|currentpage)=(?P<number>[1-9][0-9]?)", re.IGNORECASE
)


def form(url: str) -> How | None:
    """Which variant an address has the form of: AMP, mobile or print; None: of none. Raises BadURL."""
    key = url_key(url).lower()
    place, _, query = key.partition("?")
    site = site_of(key)
    for parameter in query.split("&"):
        for how, pattern in _PARAMETERS:
            if pattern.fullmatch(parameter):
                return how
    steps = place[len(site) :].split("/")
    for step in steps[:0:-1]:
        for how, pattern in _STEPS:
            if pattern.fullmatch(step):
                return how
    label, _, rest = site.partition(".")
    return _LABELS.get(label) if "." in rest else None


def page_of(url: str) -> tuple[str, int]:
    """The URL key of the article that an address is a page of, and the page's number: 1 where it has none."""
    key = url_key(url)
    if (found := _PAGE_STEP.fullmatch(key)) is not None:
        return found["article"], int(found["number"])
    place, _, query = key.partition("?")
    pairs = query.split("&")
    for pair in pairs:
        if (found := _PAGE_PARAMETER.fullmatch(pair)) is not None:
            rest = "&".join(other for other in pairs if other != pair)
            return place + (f"?{rest}" if rest else ""), int(found["number"])
    return key, 1


def same_outlet(one: str, other: str) -> bool:
    """Whether two addresses are of one site, the hosts of its variants (``m.``, ``amp.``) included. Raises BadURL."""
    if same_site(one, other):
        return True
    a, b = (_home(site_of(url_key(url))) for url in (one, other))
    return a == b or a.endswith("." + b) or b.endswith("." + a)


def _home(site: str) -> str:
    """A host without the labels in front that variants have."""
    label, _, rest = site.partition(".")
    while "." in rest and (label in _LABELS or label == "www"):
        label, _, rest = (site := rest).partition(".")
    return site
