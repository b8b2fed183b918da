"""Looking back: of what a document lists, what was published since a day. Pure.

Where something says when it was published, that decides. A sitemap also says when a page changed (``lastmod``): what
did not change since was not published since either. The reverse is no news, but all that there is to go by, unless
most of them changed on one day: then it says when the sitemap was made, of those of that day.

A day is one of any clock that may be meant: ours (UTC), or that on which the date was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from scraper.discover.dates import announced, written_day
from scraper.discover.document import Document
from scraper.discover.periods import Period, covered_by, is_year, published_in
from scraper.model import Date, Entry, Listing

_MANY = 500  # pages that were all published on one day: more than any but the largest
_MOST = 0.9
_DAY, _MINUTE = 10, 16  # characters of a date as it is written


class Lookback:
    """Which lines of a sitemap are wanted. ``changed`` are the ``lastmod`` of all of them, as they are written; where
    ``alike`` or more of them say anything, and nearly all name one day, that day is not believed.

    ``undated`` counts those that were not wanted because nothing says of what time they are.
    """

    def __init__(self, document: Document, changed: Sequence[str] = (), alike: int = _MANY) -> None:
        self._since = document.since
        self._takes_undated = document.undated
        self._covered = covered_by(document.url) if document.since is not None else None
        self._made_on = _agreed(changed, alike, _DAY)
        self.undated = 0

    def wants(self, entry: Entry, changed: str = "") -> bool:
        """Whether a page may have been published since."""
        if self._since is None:
            return True
        if entry.published is not None:
            return _is_since(entry.published, self._since)
        change, of_path = self._change(changed), published_in(entry.url)
        if change is None and of_path is None and self._covered is None and not self._takes_undated:
            self.undated += 1
            return False
        return _ends_since(of_path, self._since) and self._may_cover(self._covered, change)

    def may_list(self, sitemap: str, changed: str) -> bool:
        """Whether a sitemap that an index names may list what was published since."""
        return self._may_cover(covered_by(sitemap), self._change(changed))

    def _may_cover(self, period: Period | None, change: Date | None) -> bool:
        """Whether what is of a period, and changed then, may be since. A change outdoes a year alone: a name has other
        numbers than years.
        """
        if self._since is None:
            return True
        if change is not None and not _is_since(change, self._since):
            return False
        return _ends_since(period, self._since) or (change is not None and period is not None and is_year(period))

    def _change(self, changed: str) -> Date | None:
        return announced([changed], None) if changed and changed[:_DAY] != self._made_on else None


def made_at(changed: Sequence[str]) -> str:
    """The minute (or the day without one), as it is written, at which a sitemap says that all its many pages changed:
    it was made then. "" where there is none.
    """
    return _agreed(changed, _MANY, _MINUTE)


def _agreed(changed: Sequence[str], alike: int, length: int) -> str:
    """What nearly all of ``alike`` or more dates begin with, that is no page's but the sitemap's own; or ""."""
    times = Counter(text[:length] for text in changed if text)
    most, often = times.most_common(1)[0] if times else ("", 0)
    return most if times.total() >= alike and often >= _MOST * times.total() else ""


def _ends_since(period: Period | None, since: str) -> bool:
    return period is None or period[1] >= since


def _is_since(day: Date, since: str) -> bool:
    """Whether a date is of that day or later, on our clock or on its own."""
    if day.at[:10] >= since:
        return True
    if day.at[:10] != (date.fromisoformat(since) - timedelta(days=1)).isoformat():
        return False  # no two clocks are further apart
    try:
        return written_day(day.raw) >= since
    except ValueError:
        return False


def looked_back(listing: Listing, document: Document, following: Callable[[], str | None]) -> Listing:
    """A feed or a section page, without what is older. It goes on only where it had something that is not: its order
    is newest first, so what nothing is known of is taken for as young as its neighbours. Where nothing is known of any
    of them, all are of any time.
    """
    since = document.since
    if since is None:
        return listing
    told = [_may_be_since(entry, since) for entry in listing.entries]
    if not document.undated and all(one is None for one in told):
        return replace(listing, entries=(), following=None, undated=len(told))
    kept = tuple(entry for entry, young in zip(listing.entries, told, strict=True) if young is not False)
    return replace(listing, entries=kept, following=following() if kept else None)


def _may_be_since(entry: Entry, since: str) -> bool | None:
    """Whether an entry may have been published since; None where nothing tells."""
    if entry.published is not None:
        return _is_since(entry.published, since)
    period = published_in(entry.url)
    return None if period is None else _ends_since(period, since)
