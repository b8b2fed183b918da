"""Which doubtful links of a section page are articles: those that were not always there. Pure.

Navigation stays from day to day, articles come and go. So a link that neither its address nor its place on the page
tells is remembered; one that appears on a page that is known for a day is taken for an article, unless as many of them
appear together as only a page that was built anew has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from scraper.model import Entry

_KNOWN = timedelta(days=1)  # for so long a page must have been watched: all rotate what they show by then
_FEW = 5
_SHARE = 0.5  # of the doubtful links that it shows


def newcomers(unknown: Sequence[Entry], shown: int, watched: timedelta | None) -> Sequence[Entry]:
    """Those that are taken, of the doubtful links that were not seen before.

    ``shown`` is how many doubtful links the page has in all, ``watched`` for how long it is known (None: this is the
    first time).
    """
    rebuilt = len(unknown) > max(_FEW, _SHARE * shown)
    return () if watched is None or watched < _KNOWN or rebuilt else unknown
