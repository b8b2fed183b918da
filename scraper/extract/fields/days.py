"""The day of publication on its publisher's calendar, which an instant in UTC can miss."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from scraper.extract.fields.instants import Reading, offset_in
from scraper.extract.fields.rules import Found
from scraper.model import Date, Zone, from_instant

_DAY = 10  # characters of an ISO day
_ANYWHERE = (-11, 14)  # hours that the clocks of inhabited places are behind UTC and ahead of it
_EUROPE = (-1, 3)
_EUROPEAN = frozenset({  # the ends of hosts
    "ad", "al", "at", "ba", "be", "bg", "by", "ch", "cy", "cz", "de", "dk", "ee", "es", "eu", "fi", "fr", "gr", "hr",
    "hu", "ie", "is", "it", "li", "lt", "lu", "lv", "mc", "md", "me", "mk", "mt", "nl", "no", "pl", "pt", "ro", "rs",
    "se", "si", "sk", "sm", "ua", "uk", "va",
})  # fmt: skip


def printed_day(
    found: Found[Date], others: Iterable[Found[Date]], reading: Reading, host: str = ""
) -> Found[str] | None:
    """The day of publication on its publisher's calendar, where the instant in UTC falls on another; else None.

    The text names an offset and so its own day, or the source's zone does; or it is in UTC and another source names the
    day before or after, without a zone or whole hours off, as the clocks where the page's host may be allow: 02:18 in
    UTC is the evening before in America. A text without any zone was written by the publisher's own clock.
    """
    date = found.value
    if date.zone in {Zone.NONE, Zone.ASSUMED}:
        return None
    moment = from_instant(date.at)
    shift = offset_in(date.raw) if date.zone is Zone.GIVEN else moment.astimezone(reading.zone).utcoffset()
    if shift:
        day = (moment + shift).date().isoformat()
        return Found(day, found.rule) if day != date.at[:_DAY] else None
    if date.zone is Zone.SOURCE:
        return None
    clocks = _EUROPE if host.rpartition(".")[2] in _EUROPEAN else _ANYWHERE
    earliest, latest = ((moment + timedelta(hours=hours)).date().isoformat() for hours in clocks)
    for other in others:
        day = other.value.at[:_DAY]
        if not earliest <= day <= latest:
            continue
        if other.value.zone is not Zone.GIVEN or _is_same_clock(from_instant(other.value.at) - moment):
            return Found(day, other.rule)
    return None


def _is_same_clock(apart: timedelta) -> bool:
    """Whether two instants are whole hours apart: the publisher's own time, with UTC written beside it."""
    return bool(apart) and not apart % timedelta(hours=1)
