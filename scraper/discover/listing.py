"""The last step of every reader: one entry an address, the newest first, no more than the limit."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from scraper.model import Entry

MAX_TITLE = 1000
# By name: <AAPL.O> and Vector<int> are no markup.
_BLOCK = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|hr)\b[^<>]{0,500}>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|acronym|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|img|ins|kbd|mark|nobr|q|s|samp|small|span|strike"
    r"|strong|sub|sup|time|tt|u|var|wbr)(?:\s[^<>]{0,500})?/?>|<!\[CDATA\[|\]\]>$",
    re.IGNORECASE,
)


def fold(entries: Iterable[Entry]) -> list[Entry]:
    """One entry an address, in the order of their first appearance; what one lacks is taken from its double."""
    kept: dict[str, Entry] = {}
    for entry in entries:
        first = kept.setdefault(entry.url, entry)
        if first is not entry:
            title, published = first.title or entry.title, first.published or entry.published
            kept[entry.url] = replace(first, title=title, published=published)
    return list(kept.values())


def newest(dates: Sequence[str]) -> list[int]:
    """The places of dates (instants or days, empty where unknown) in the order newest first.

    A date that is not known counts as its predecessor's (at the start, as the first known), so that a document without
    dates keeps its order, and one odd entry stays beside its neighbours.
    """
    known = next((date for date in dates if date), "")
    carried: list[str] = []
    for date in dates:
        known = date or known
        carried.append(known)
    return sorted(range(len(carried)), key=carried.__getitem__, reverse=True)


def at(entry: Entry) -> str:
    """When an entry was published, or an empty text."""
    return entry.published.at if entry.published else ""


def heading(title: str) -> str | None:
    """A title without markup: feeds write it as text, as HTML, and as HTML escaped twice and thrice."""
    title = title[: 8 * MAX_TITLE]
    if "<" in title or "&" in title:
        title = _bare(html.unescape(html.unescape(_bare(title))))
    return line(title) or None


def _bare(text: str) -> str:
    return _INLINE.sub("", _BLOCK.sub(" ", text))


def line(text: str) -> str:
    """A text on one line, white space folded, at most 1,000 characters."""
    return " ".join(text.split())[:MAX_TITLE].rstrip()
