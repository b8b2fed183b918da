"""Entries whose address has a parameter that is another one at each visit (``?t=5f3a``): known under a new one. Pure.

Such an entry has the path and the title of an earlier one that its source does not show any more. That it is the same
is told by its date of publication; without one, by two of those before it, of which the same article came as of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from scraper.model import Entry, Outcome

_LOST = frozenset({Outcome.FAILED, Outcome.SKIPPED})
_SURE = 2


@dataclass(frozen=True, slots=True)
class Earlier:
    """An entry that a source announced before, and what came of it (None: nothing yet)."""

    key: str
    title: str | None
    published: str | None
    outcome: Outcome | None
    article_id: int | None


def may_have_tokens(entries: Mapping[str, Entry]) -> bool:
    """Whether one of some entries, by their URL keys, may be known under another address."""
    return any("?" in key and entry.title for key, entry in entries.items())


def renamed(entries: Mapping[str, Entry], shown: Collection[str], earlier: Iterable[Earlier]) -> set[str]:
    """The keys of those entries, by their keys, that are known under another one. ``shown`` are the keys of all that
    their source shows.
    """
    gone = [each for each in earlier if "?" in each.key and each.title and each.key not in shown]
    dated = {(_which(each.key, each.title), each.published) for each in gone if each.outcome not in _LOST}
    doubles = Counter(
        (_which(each.key, each.title), each.article_id) for each in gone if each.outcome is Outcome.DUPLICATE
    )
    sure = {which for (which, _), times in doubles.items() if times >= _SURE}
    return {
        key
        for key, entry in entries.items()
        if "?" in key and ((which := _which(key, entry.title)) in sure or (which, _moment(entry)) in dated)
    }


def _which(key: str, title: str | None) -> tuple[str, str | None]:
    return key.partition("?")[0], title


def _moment(entry: Entry) -> str:
    """When an entry was published, to the minute; "" where that is not told: many are of one day."""
    at = entry.dated or ""
    return at if len(at) > len("2026-11-23") else ""
