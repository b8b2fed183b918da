"""Whether a source is well, judged by its own history: falling quiet, failing, drifting. Pure.

Quiet
    Nothing new for longer than chance allows. Its polls that brought something are counted, not its entries: those
    come in bursts. How many were to be expected since the last one, its rhythm tells (nights and weekends with it);
    that none came although so many were expected has a chance of exp(-expected), as often as one was due.
Failing
    No poll went well for a day.
Drift
    What is made of its pages is not what it was. Each measure is something that an entry is or is not (without an
    author, shorter than nine in ten were, …); it drifts where the share of those among the newest entries is larger
    than before by far, by more than its days differed before, and than on any of those days.

Time in which nobody looked says nothing: a source that was not asked is neither quiet nor failing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scraper.model import EventKind, Kind, from_instant, instant
from scraper.rhythm import Rhythm
from scraper.store.alarms import Alarm, Fate, Vitals

_DAY = timedelta(days=1)
# Quiet.
_FEW = 5  # arrivals, before which a source has no history to be measured by
_SELDOM = 50 * 365  # days, in which chance alone may raise one false alarm a source
_REGULAR = 20  # arrivals, before which the longest time between two says something
_LONGER = 3  # times as long as the longest time between two
# Drift.
_NEWEST, _BEFORE, _DAYS = 10, 40, 7  # entries of either, and days of the latter, that it takes to say anything
_A_DAY = 5  # entries that a day needs to have a share of its own
_RISE, _SURE = 0.4, 4.5  # a share that rose by so much, and by so many standard deviations
_STANDING = 0.5  # what is left of either while an alarm stands, so that it does not flutter


@dataclass(frozen=True, slots=True)
class Drift:
    """One measure that drifts: its share among the newest entries, how many those are, and its share before."""

    measure: str
    share: float
    of: int
    before: float

    def __str__(self) -> str:
        return f"{_MEASURES[self.measure]}: {self.share:.0%} of the newest {self.of}, {self.before:.0%} before"


def quiet(vitals: Vitals) -> Alarm | None:
    """Whether a source that is asked announces nothing for longer than its rhythm lets expect."""
    rhythm = Rhythm.loaded(vitals.rhythm)
    if vitals.last_new_at is None or vitals.arriving_since is None or rhythm.until is None:
        return None
    last, first = from_instant(vitals.last_new_at), from_instant(vitals.arriving_since)
    silence, watched = rhythm.until - last, last - first
    if vitals.arrivals < _FEW or silence < _DAY or watched <= _DAY:
        return None
    a_day = (vitals.arrivals - 1) / (watched / _DAY)
    expected = a_day * rhythm.share(last, rhythm.until) / 24
    unlikely = expected > math.log(_SELDOM * max(a_day, 0.1))
    # What comes by the clock is missed sooner than what comes by chance.
    longer = vitals.arrivals >= _REGULAR and silence.total_seconds() > _LONGER * vitals.longest
    if not unlikely and not longer:
        return None
    usual = f"it used to {_often(a_day)}, and never stayed away for more than {_long(vitals.longest)}"
    detail = f"nothing new for {_long(silence.total_seconds())}: {usual}"
    return Alarm(EventKind.QUIET, vitals.last_new_at, detail)


def failing(vitals: Vitals) -> Alarm | None:
    """Whether a source has not answered well for a day in which it was asked."""
    if vitals.failing_since is None or vitals.last_fetched_at is None:
        return None
    failed = from_instant(vitals.last_fetched_at) - from_instant(vitals.failing_since)
    if failed < _DAY:
        return None
    detail = f"no good answer for {_long(failed.total_seconds())}; the last one: {vitals.last_detail}"
    return Alarm(EventKind.FAILING, vitals.failing_since, detail)


def drifts(newest: Sequence[Fate], before: Sequence[Fate], *, standing: bool = False) -> list[Drift]:
    """The measures that drift, the worst first. ``standing``: an alarm was raised already, and ends for good reason."""
    found = []
    for measure, signs in _signs(before).items():
        drift = _drift(measure, _marked(newest, signs), _marked(before, signs), _STANDING if standing else 1.0)
        if drift is not None:
            found.append(drift)
    return sorted(found, key=lambda drift: drift.before - drift.share)


def drift_alarm(found: Sequence[Drift], newest: Sequence[Fate], now: datetime) -> Alarm | None:
    """What drifts, as one alarm; None where nothing does."""
    if not found:
        return None
    reasons = Counter(fate.reason for fate in newest if not fate.stored)
    why = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common(3))
    hint = f" ({why})" if why and any(drift.measure == _NOTHING for drift in found) else ""
    return Alarm(EventKind.DRIFT, instant(now), "; ".join(map(str, found)) + hint)


Sign = Callable[[Fate], bool | None]
"""Whether an entry has the mark of a measure; None: it cannot say."""

_NOTHING = "no article"
_MEASURES: Mapping[str, str] = {
    _NOTHING: "no article came of it",
    "teaser": "the free part alone",
    "short": "shorter than nine in ten were",
    "long": "longer than nine in ten were",
    "no date": "no date of publication",
    "no authors": "no authors",
    "no image": "no picture",
    "no summary": "no summary",
}
"""The measures, and how each is said."""


def _signs(before: Sequence[Fate]) -> dict[str, Sign]:
    lengths = sorted(fate.words for fate in before if fate.kind == Kind.ARTICLE)
    shortest = lengths[len(lengths) // 10] if lengths else 0
    longest = lengths[-1 - len(lengths) // 10] if lengths else 0

    def of_articles(has: Callable[[Fate], bool]) -> Sign:
        return lambda fate: has(fate) if fate.kind is not None else None

    def of_whole_ones(has: Callable[[Fate], bool]) -> Sign:
        return lambda fate: has(fate) if fate.kind == Kind.ARTICLE else None

    return {
        _NOTHING: lambda fate: not fate.stored,
        "teaser": of_articles(lambda fate: fate.kind == Kind.TEASER),
        "short": of_whole_ones(lambda fate: fate.words < 0.75 * shortest),
        "long": of_whole_ones(lambda fate: fate.words > 1.33 * longest),
        "no date": of_articles(lambda fate: not fate.dated),
        "no authors": of_articles(lambda fate: not fate.authored),
        "no image": of_articles(lambda fate: not fate.pictured),
        "no summary": of_articles(lambda fate: not fate.summarised),
    }


def _marked(fates: Sequence[Fate], sign: Sign) -> list[tuple[str, bool]]:
    """The day of each entry that can say, and what it says."""
    told = [(fate.day, sign(fate)) for fate in fates]
    return [(day, mark) for day, mark in told if mark is not None]


def _drift(
    measure: str, newest: Sequence[tuple[str, bool]], before: Sequence[tuple[str, bool]], strictness: float
) -> Drift | None:
    days = Counter(day for day, _ in before)
    if len(newest) < _NEWEST or len(before) < _BEFORE or len(days) < _DAYS:
        return None
    share = sum(mark for _, mark in newest) / len(newest)
    usual = sum(mark for _, mark in before) / len(before)
    # A share of none at all would let a single one surprise.
    likely = (usual * len(before) + 1) / (len(before) + 2)
    one = likely * (1 - likely)
    apart = _between_days(before, days, likely)
    recent_days = len({day for day, _ in newest})
    deviation = math.sqrt(one / len(newest) + one / len(before) + apart / recent_days + apart / len(days))
    rise = share - usual
    if rise < _RISE * strictness or rise < _SURE * strictness * deviation:
        return None
    if strictness == 1.0 and share <= _worst_day(before, days):
        return None
    return Drift(measure, share, len(newest), usual)


def _between_days(before: Sequence[tuple[str, bool]], days: Mapping[str, int], likely: float) -> float:
    """By how much the days' own shares differ beyond chance: a variance (weekends, guest authors, live days)."""
    marks = Counter(day for day, mark in before if mark)
    spread = sum(many * (marks[day] / many - likely) ** 2 for day, many in days.items())
    size = len(before) - sum(many**2 for many in days.values()) / len(before)
    return max(0.0, (spread - (len(days) - 1) * likely * (1 - likely)) / size)


def _worst_day(before: Sequence[tuple[str, bool]], days: Mapping[str, int]) -> float:
    """The largest share of a day that has enough entries to tell; 0.0 if none has."""
    marks = Counter(day for day, mark in before if mark)
    return max((marks[day] / many for day, many in days.items() if many >= _A_DAY), default=0.0)


def _often(a_day: float) -> str:
    return (
        f"bring something {a_day:.0f} times a day" if a_day >= 1.5 else f"bring something every {_long(86400 / a_day)}"
    )


def _long(seconds: float) -> str:
    return f"{seconds / 86400:.0f} days" if seconds >= 1.5 * 86400 else f"{seconds / 3600:.0f} hours"
