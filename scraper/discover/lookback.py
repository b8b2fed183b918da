"""Looking back: of what a document lists, what was published since a day. Pure.

A sitemap says when a page changed (``lastmod``): what did not change since was not published since either. The reverse
is no news, but all that there is to go by, unless many of them changed at once: then it says when the sitemap was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from scraper.discover.dates import announced
from scraper.discover.document import Document
from scraper.discover.periods import Period, covered_by, published_in
from scraper.model import Entry, Listing

_MANY = 500  # pages that were all published on one day: more than any but the largest


class Lookback:
    """Which lines of a sitemap are wanted. ``changed`` are the ``lastmod`` of all of them, as they are written; where
    ``alike`` or more of them all name one day, that is not believed.

    ``undated`` counts those that were not wanted because nothing says of what time they are.
    """

    def __init__(self, document: Document, changed: Sequence[str] = (), alike: int = _MANY) -> None:
        self._since = document.since
        self._takes_undated = document.undated
        self._covered = covered_by(document.url) if document.since is not None else None
        self._speaks = len(changed) < alike or len({text[:10] for text in changed}) > 1
        self.undated = 0

    def wants(self, entry: Entry, changed: str = "") -> bool:
        """Whether a page may have been published since."""
        if self._since is None:
            return True
        said = entry.published.at[:10] if entry.published is not None else None
        latest = (said, _end(published_in(entry.url)), _end(self._covered), self._changed_on(changed))
        if not any(latest) and not self._takes_undated:
            self.undated += 1
            return False
        return all(day >= self._since for day in latest if day)

    def may_list(self, sitemap: str, changed: str) -> bool:
        """Whether a sitemap that an index names may list what was published since."""
        latest = (_end(covered_by(sitemap)), self._changed_on(changed))
        return self._since is None or all(day >= self._since for day in latest if day)

    def _changed_on(self, changed: str) -> str | None:
        date = announced([changed], None) if changed and self._speaks else None
        return date.at[:10] if date is not None else None


def _end(period: Period | None) -> str | None:
    return period[1] if period is not None else None


def looked_back(listing: Listing, document: Document, following: Callable[[], str | None]) -> Listing:
    """A feed or a section page, without what is older. It goes on only where it had something that is not: its order
    is newest first, so what nothing is known of is taken for as young as its neighbours.
    """
    since = document.since
    if since is None:
        return listing
    kept = tuple(entry for entry in listing.entries if (_last_day(entry) or since) >= since)
    return replace(listing, entries=kept, following=following() if kept else None)


def _last_day(entry: Entry) -> str | None:
    return entry.published.at[:10] if entry.published is not None else _end(published_in(entry.url))
