"""The last step of every reader: one entry an address, the newest first, no more than the limit."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TypeVar

from scraper.model import Entry, Listing

_T = TypeVar("_T")

MAX_TITLE = 1000
_ENDS = 6  # files of an index that are read although there is enough, at most
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


def by_ends(items: Sequence[_T]) -> list[_T]:
    """The last, the first, the last but one, and so on: the newest early, whichever way they count."""
    return [items[-1 - place // 2] if place % 2 == 0 else items[place // 2] for place in range(len(items))]


def newest_looking(addresses: Sequence[str], at: Callable[[str], str]) -> tuple[list[str], int]:
    """The files of an index, by their dates (``at``), newest first, and how many of them may hold what is newest.

    Of those of one date (or of none), the numbers in their names tell the order, but not its direction: so the last
    and the first of each kind (articles, pages, tags) stand in front.
    """
    kinds: dict[str, list[str]] = {}
    for address in addresses:
        kinds.setdefault(f"{at(address)} {re.sub('[0-9]+', '', address)}", []).append(address)
    files = [by_ends(kind) for kind in kinds.values()]
    ends = [each for kind in files for each in kind[:2]]
    ordered = sorted([*ends, *in_turn([kind[2:] for kind in files])], key=at, reverse=True)
    youngest = [kind for kind in kinds.values() if at(kind[0]) == at(ordered[0])]
    return ordered, min(_ENDS, sum(min(2, len(kind)) for kind in youngest))


def in_turn(rows: Iterable[Sequence[_T]]) -> list[_T]:
    """The first of each, the second of each, and so on. None of them is None."""
    return [each for one in zip_longest(*rows) for each in one if each is not None]


def joined(index: Listing, files: Sequence[Listing], ends: int, limit: int) -> Listing:
    """An index with what its files list, the newest ``limit`` entries: of the first ``ends`` files each its share."""
    alike = in_turn([file.entries for file in files[:ends]])
    entries = [*alike, *(entry for file in files[ends:] for entry in file.entries)]
    # What the one newest file crowds out is older.
    over = alike[limit:] if ends > 1 else []
    return replace(
        index,
        entries=tuple(entries[:limit]),
        doubtful=(*over, *in_turn([file.doubtful for file in files])),
        dropped=sum(file.dropped for file in files) + max(0, len(entries) - limit),
    )


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
