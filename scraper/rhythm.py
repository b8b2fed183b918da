"""How often a source publishes, learned from what its polls brought, and when asking it again is worth a poll. Pure.

What waits unseen costs: each entry that is announced and not fetched yet, a minute for a minute. What is asked for
nothing costs too: a poll counts as so many of those minutes (``schedule.poll_worth``). A source is asked when the one
has grown as large as the other is. Where entries come evenly that is the square root of twice the worth of a poll by
their rate, as for orders and stocks; where they come by day and not by night, it waits for the morning by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

_HALF_LIFE = 14 * 24.0  # hours after which what was seen counts half
_STEP = 1 / 12  # hours
_LOOK_BACK = timedelta(days=14)  # what a feed's own dates say of the time before the first poll
# How much evidence it takes to believe in an hour of the day, or a day of the week, of its own: so many entries.
_HOUR_STRENGTH = 1.0
_DAY_STRENGTH = 3.0
# Of a source that was not watched yet: an entry in two hours, believed as firmly as one entry.
_PRIOR_RATE = 0.5
_PRIOR_STRENGTH = 1.0
# What is lately: so many hours after which it counts half, and the evidence that it takes.
_LATELY = 48.0
_LATELY_STRENGTH = 4.0
_DAY_HOURS, _WEEK_DAYS = 24, 7


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Entries seen and hours watched, by hour of the day and by day of the week (UTC); older ones count less.

    ``lately_seen`` and ``lately_due`` are the entries of the last hours, and those that the rest lets expect.

    ``until`` is up to when the source was watched; None: never yet. ``window`` is how many entries it shows at once; 0:
    not known.
    """

    until: datetime | None = None
    window: int = 0
    lately_seen: float = 0.0
    lately_due: float = 0.0
    hours_seen: tuple[float, ...] = (0.0,) * _DAY_HOURS
    hours_watched: tuple[float, ...] = (0.0,) * _DAY_HOURS
    days_seen: tuple[float, ...] = (0.0,) * _WEEK_DAYS
    days_watched: tuple[float, ...] = (0.0,) * _WEEK_DAYS

    @property
    def rate(self) -> float:
        """Entries an hour, over all hours."""
        return (sum(self.hours_seen) + _PRIOR_STRENGTH) / (sum(self.hours_watched) + _PRIOR_STRENGTH / _PRIOR_RATE)

    @property
    def haste(self) -> float:
        """By how much it lately published faster than it does as a rule."""
        return (self.lately_seen + _LATELY_STRENGTH) / (self.lately_due + _LATELY_STRENGTH)

    def week(self) -> tuple[tuple[float, ...], ...]:
        """Entries an hour to be expected as a rule: for each day of the week, for each hour."""
        rate = self.rate
        hours = [_factor(*each, rate, _HOUR_STRENGTH) for each in zip(self.hours_seen, self.hours_watched, strict=True)]
        days = [_factor(*each, rate, _DAY_STRENGTH) for each in zip(self.days_seen, self.days_watched, strict=True)]
        return tuple(tuple(rate * day * hour for hour in hours) for day in days)

    @property
    def is_known(self) -> bool:
        """Whether it was watched for long enough to say anything."""
        return sum(self.hours_watched) >= 1.0

    def watched(self, now: datetime, times: Iterable[datetime | None], window: int = 0) -> Rhythm:
        """This, after a poll that found new entries. ``times`` are when those were published, as far as is known;
        ``window`` is how many entries there were in all (0: it did not say).
        """
        # A date that is yet to come is of a wrong zone or clock: when the entry came, nobody can tell.
        known = [time if time is not None and time <= now else None for time in times]
        since = self.until
        if since is None:
            dated = sorted(time for time in known if time is not None and time > now - _LOOK_BACK)
            since = dated[0] if dated else now
            known = list(dated)
        elif window and len(known) >= window and (dates := [time for time in known if time is not None]):
            since = max(since, min(dates))  # all that is shown is new: what came before it, nobody saw
        shown = window or self.window
        if now <= since:
            return replace(self, until=now, window=shown)
        late = [time if time is not None and time > since else None for time in known]
        return replace(self._with(since, now, late), window=shown)

    def _with(self, since: datetime, now: datetime, times: Sequence[datetime | None]) -> Rhythm:
        span = (now - since).total_seconds() / 3600
        fade = 0.5 ** (span / _HALF_LIFE)
        seen = [[count * fade for count in self.hours_seen], [count * fade for count in self.days_seen]]
        watched = [[count * fade for count in self.hours_watched], [count * fade for count in self.days_watched]]
        lately, week = 0.5 ** (span / _LATELY), self.week()
        due = sum(week[moment.weekday()][moment.hour] * hours for moment, hours in _slices(since, now))
        undated = sum(time is None for time in times)
        for moment, hours in _slices(since, now):
            for counts, place in zip(watched, (moment.hour, moment.weekday()), strict=True):
                counts[place] += hours
            for counts, place in zip(seen, (moment.hour, moment.weekday()), strict=True):
                counts[place] += undated * hours / span  # at any time since the last poll
        for time in times:
            if time is not None:
                seen[0][time.hour] += 1
                seen[1][time.weekday()] += 1
        return replace(
            self,
            until=now,
            lately_seen=self.lately_seen * lately + (len(times) if self.is_known else 0),
            lately_due=self.lately_due * lately + (due if self.is_known else 0),
            hours_seen=tuple(seen[0]),
            hours_watched=tuple(watched[0]),
            days_seen=tuple(seen[1]),
            days_watched=tuple(watched[1]),
        )

    def wait(self, now: datetime, worth: float, most: float) -> float:
        """Seconds until asking again is worth a poll, ``most`` of them at most.

        ``worth`` is how many seconds of entries' waiting a poll is worth. A source is asked before half of what it
        shows at once may have gone by, whatever that is worth.
        """
        week, haste = self.week(), self.haste
        unseen = waiting = hours = 0.0
        most_unseen = self.window / 2 if self.window else float("inf")
        moment = now.astimezone(UTC)
        while hours * 3600 < most and waiting * 3600 < worth and unseen < most_unseen:
            at = moment + timedelta(hours=hours)
            # Haste does not last: it is as a rule again when what is lately has passed.
            faster = 1 + (haste - 1) * 0.5 ** (hours / _LATELY)
            unseen += week[at.weekday()][at.hour] * faster * _STEP
            waiting += unseen * _STEP
            hours += _STEP
        return min(hours * 3600, most)

    def missed(self, now: datetime, times: Sequence[datetime | None]) -> float:
        """How many entries were probably announced and gone again since the last poll, when all that is shown is new.

        ``times`` are when the entries that are shown were published, as far as is known: from the last poll to the
        oldest of them nobody looked. 0.0 where that is nothing, or where the source was not watched yet.
        """
        if self.until is None or not self.is_known or not times:
            return 0.0
        dated = [time for time in times if time is not None]
        if len(dated) == len(times):
            unseen = (min(dated) - self.until).total_seconds() / 3600
            return max(0.0, unseen * self.rate)
        span = (now - self.until).total_seconds() / 3600
        return max(0.0, span * self.rate - len(times))

    def share(self, since: datetime, until: datetime) -> float:
        """How much of what it publishes falls between two instants, as a rule: in hours of its average rate."""
        week, rate = self.week(), self.rate
        whole, rest = divmod(until - since, timedelta(days=_WEEK_DAYS))
        parts = sum(week[moment.weekday()][moment.hour] * hours for moment, hours in _slices(until - rest, until))
        return (whole * sum(map(sum, week)) + parts) / rate

    def dumped(self) -> str:
        """As text, for the database."""
        rounded = [
            [round(count, 3) for count in counts]
            for counts in (self.hours_seen, self.hours_watched, self.days_seen, self.days_watched)
        ]
        lately = [round(self.lately_seen, 3), round(self.lately_due, 3)]
        return json.dumps([self.until.isoformat() if self.until else None, self.window, *lately, *rounded])

    @classmethod
    def loaded(cls, text: str | None) -> Rhythm:
        """The reverse of :meth:`dumped`; what cannot be read is forgotten: it is learned again."""
        try:
            until, window, seen, due, *counts = json.loads(text or "[]")
            found = [tuple(float(count) for count in each) for each in counts]
            if [len(each) for each in found] != [_DAY_HOURS, _DAY_HOURS, _WEEK_DAYS, _WEEK_DAYS]:
                return cls()
            return cls(datetime.fromisoformat(until), int(window), float(seen), float(due), *found)
        except (ValueError, TypeError):
            return cls()


def _factor(seen: float, watched: float, rate: float, strength: float) -> float:
    """By how much one hour of the day (or day of the week) is busier than all of them; 1 where nothing tells."""
    return (seen + strength) / (watched * rate + strength)


def _slices(since: datetime, now: datetime) -> Iterable[tuple[datetime, float]]:
    """The time between, cut at full hours: the beginning of each piece, and its length in hours."""
    moment = max(since, now - _LOOK_BACK)
    while moment < now:
        following = min(now, (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0))
        yield moment, (following - moment).total_seconds() / 3600
        moment = following
