"""The headline, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from scraper.extract.fields.rules import Found, Rule, first, ld, md, meta, texts
from scraper.extract.page import ParsedPage
from scraper.extract.words import fold, squeeze

_SEPARATOR = re.compile(r"_(?=[^_]*$)|\s+[|\-\u2013\u2014\u00b7\u2022:»«/\u2016\uff5c]{1,2}\s+|\s*[|\uff5c\u2503]\s*")
_LONGEST = 500


def _only_h1(page: ParsedPage) -> Iterable[str]:
    """The text of the page's `<h1>`, if it has one only: two are a logo and a headline, or a list of stories."""
    found = list(page.texts("h1"))
    return found if len(found) == 1 else ()


RULES: tuple[Rule, ...] = (
    ("microdata:headline", texts("h1[itemprop~='headline']")),
    *ld("headline"),
    *md("headline"),
    *meta("og:title"),
    ("dom:h1", _only_h1),
    *meta("twitter:title", "parsely-title", "sailthru.title", "dc.title", "dcterms.title", "headline", "title"),
    ("dom:title", texts("head > title")),
    ("dom:first-h1", texts("h1")),
)


def title(page: ParsedPage) -> Found[str] | None:
    """The article's headline and the rule that gave it."""
    return first(RULES, page, partial(_accept, page))


def _accept(page: ParsedPage, text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    text = strip_site(squeeze(text), page)
    folded = fold(text)
    if not folded or folded in site_names(page):
        return None
    return text


def strip_site(text: str, page: ParsedPage) -> str:
    """A headline without the site's name before or after a separator, where something says that it is the name.

    What says so: ``og:site_name``, the publisher, the host, or an ``<h1>`` that is the rest of the title.
    """
    names = site_names(page)
    headings = {fold(heading) for heading in page.texts("h1")}
    cuts = list(_SEPARATOR.finditer(text))
    for cut in cuts:  # the headline is an <h1>: what follows it is not part of it
        if fold(text[: cut.start()]) in headings and fold(text) not in headings:
            return text[: cut.start()].strip()
    while cuts and fold(text[cuts[-1].end() :]) in names:
        text = text[: cuts.pop().start()].strip()
    if cuts and fold(text[: cuts[0].start()]) in names:
        text = text[cuts[0].end() :].strip()
    return text


def site_names(page: ParsedPage) -> frozenset[str]:
    """The folded names that the page's site goes by; nothing else is stripped off a title."""
    names = {fold(name) for name in page.metas("og:site_name", "application-name", "twitter:site", "publisher")}
    for thing in page.things:
        publisher = thing.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            names.add(fold(publisher["name"]))
    host = page.host
    labels = host.split(".")
    if len(labels) > 1:
        names |= {fold(host), fold(".".join(labels[-2:])), fold(labels[-2]), fold(labels[0])}
    spaceless = {name.replace(" ", "") for name in names}
    return frozenset((names | spaceless) - {""})
