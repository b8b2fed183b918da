"""The day of publication on its publisher's calendar, which an instant in UTC can miss."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from scraper.extract.fields.instants import Reading, offset_in
from scraper.extract.fields.rules import Found
from scraper.extract.page import ParsedPage
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
    page: ParsedPage, found: Found[Date], others: Iterable[Found[Date]], reading: Reading
) -> Found[str] | None:
    """The day of publication on its publisher's calendar, where the instant in UTC falls on another; else None.

    The text names an offset and so its own day, or the source's zone does; or it is in UTC and another source names the
    day before or after, in a zone of its own, without any, or whole hours off, as the clocks where the page's host may
    be allow: 02:18 in UTC is the evening before in America. At last a line by the headline may name the publisher's
    zone: "Updated 9:12 PM EDT, Mon May 12, 2025". A text without any zone was written by the publisher's own clock.
    """
    date = found.value
    if date.zone in {Zone.NONE, Zone.ASSUMED}:
        return None
    if date.zone is Zone.SOURCE or offset_in(date.raw, reading):
        day = own_day(date, reading)
        return Found(day, found.rule) if day != date.at[:_DAY] else None
    moment = from_instant(date.at)
    clocks = _EUROPE if page.host.rpartition(".")[2] in _EUROPEAN else _ANYWHERE
    earliest, latest = ((moment + timedelta(hours=hours)).date().isoformat() for hours in clocks)
    for other in others:
        day = own_day(other.value, reading)
        if not earliest <= day <= latest:
            continue
        if other.value.zone is not Zone.GIVEN or offset_in(other.value.raw, reading):
            return Found(day, other.rule)
        if _is_same_clock(from_instant(other.value.at) - moment):
            return Found(day, other.rule)
    shifts = (offset_in(block.text, reading) for block in page.around_headline)
    day = (moment + next(filter(None, shifts), timedelta())).date().isoformat()
    return Found(day, "dom:zone") if day != date.at[:_DAY] else None


def own_day(date: Date, reading: Reading) -> str:
    """The day that a date names by its own clock: that of "8:45 p.m. ET" is not yet the one in UTC."""
    if date.zone is Zone.GIVEN:
        shift = offset_in(date.raw, reading)
    else:
        shift = from_instant(date.at).astimezone(reading.zone).utcoffset() if date.zone is Zone.SOURCE else None
    return (from_instant(date.at) + shift).date().isoformat() if shift else date.at[:_DAY]


def _is_same_clock(apart: timedelta) -> bool:
    """Whether two instants are whole hours apart: the publisher's own time, with UTC written beside it."""
    return bool(apart) and not apart % timedelta(hours=1)
