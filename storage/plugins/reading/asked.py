"""What a page or a feed is asked for: the search box and its filters, as the address carries them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

try:
    from scraper.query import shortened
except ImportError:  # a Datasette of its own, without the scraper beside it

    def shortened(text: str, most: int) -> str:
        """Whole words of a text, as many as fit."""
        return text if len(text) <= most else text[:most].rpartition(" ")[0]


PAGE = 20
"""Articles on a page of a search."""
PAGES = 25
"""Pages of a search; what stands further down is found by narrower words."""
LONGEST = 1000
"""Characters of a search and of its filters: of longer ones the beginning is taken."""


class Arguments(Protocol):
    """The query of an address, as Datasette's ``request.args`` has it."""

    def get(self, name: str, /) -> str | None:
        """The first value of that name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Words, and filters as `scrape search` knows them; "" where one is not used. ``page`` counts from 1.

    ``sort`` is "best" or "newest". ``troubles`` are what could not be understood, in words. ``cut``: ``q`` is the
    beginning of what was typed.
    """

    q: str = ""
    source: str = ""
    since: str = ""
    until: str = ""
    lang: str = ""
    author: str = ""
    sort: str = "best"
    page: int = 1
    troubles: tuple[str, ...] = ()
    cut: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything beside the words narrows it."""
        return bool(self.source or self.since or self.until or self.lang or self.author)

    def query(self, **changes: str | int) -> str:
        """``?q=…&source=…``, with changes; "" where nothing is asked. Another page is asked for by name."""
        changed = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        given = {name: getattr(changed, name) for name in _NAMES}
        used = {name: value for name, value in given.items() if value and value != _DEFAULTS[name]}
        return f"?{urlencode(used)}" if used else ""

    def feed(self) -> str:
        """The query of a feed of this: order and page are none of its business."""
        return self.query(sort="best")


_NAMES = tuple(field.name for field in fields(Asked) if field.name not in {"troubles", "cut"})
_DEFAULTS: Mapping[str, object] = {field.name: field.default for field in fields(Asked)}


def read(args: Arguments) -> Asked:
    """What an address asks for; what makes no sense in it is left out, and said."""
    whole = {name: " ".join((args.get(name) or "").replace("\0", " ").split()) for name in _NAMES}
    given = {name: text[:LONGEST] for name, text in whole.items()}
    given["q"] = shortened(whole["q"], LONGEST) or given["q"]  # which may be one word
    troubles = []
    for name in ("since", "until"):
        if given[name] and not _is_day(given[name]):
            troubles.append(f"“{given[name]}” is no day; write it as 2026-11-23")
            given[name] = ""
    page = int(given["page"]) if given["page"].isascii() and given["page"].isdecimal() else 1
    sort = "newest" if given["sort"] == "newest" else "best"
    words = {name: given[name] for name in ("q", "source", "since", "until", "lang", "author")}
    return Asked(
        **words, sort=sort, page=min(max(page, 1), PAGES), troubles=tuple(troubles), cut=given["q"] != whole["q"]
    )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
