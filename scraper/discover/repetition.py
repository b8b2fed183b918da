"""Which doubtful entries are articles: those that were not always there. Pure.

Navigation stays from day to day, articles come and go. So a link that neither its address nor its place on the page
tells is remembered; one that appears on a page that is known for a day is taken for an article, unless as many of them
appear together as only a page that was built anew has. In the same way a large sitemap without dates tells what is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from scraper.model import Entry


@dataclass(frozen=True, slots=True)
class Habits:
    """For how long a list must have been watched, and how many at once (``few``, or a share of those that it shows) are
    more than were published.
    """

    known: timedelta
    few: int
    share: float


PAGE = Habits(timedelta(days=1), 5, 0.5)  # all rotate what they show within a day
SITEMAP = Habits(timedelta(0), 100, 0.1)  # these do not; but a file of old pages may be missing once


def newcomers(
    unknown: Sequence[Entry], shown: int, watched: timedelta | None, habits: Habits = PAGE
) -> Sequence[Entry]:
    """Those that are taken, of the doubtful entries that were not seen before.

    ``shown`` is how many doubtful entries the list has in all, ``watched`` for how long it is known (None: this is the
    first time).
    """
    anew = len(unknown) > max(habits.few, habits.share * shown)
    return () if watched is None or watched < habits.known or anew else unknown
