"""Dates as feeds and sitemaps write them -> :class:`Date`, with how its zone was known.

Read strictly, in this order: ISO 8601 (RFC 3339, W3C-DTF), RFC 822 with its habits (two-digit years, full month names,
missing seconds, zone names), asctime, and ``November 23, 2026``. Zone names are read from a table, because Python's
email package and feedparser both take ``10:00 CET`` for UTC without a word. Ambiguous names (IST, CST in China) are
left out of the table: such a date counts as one that names no zone. A month or a year alone is no date here.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from scraper.model import Date, Zone, instant

_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
_MONTHS = dict(
    zip(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), range(1, 13), strict=True)
)
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = (
    r"(?:\s*\(?(?P<zone>(?:GMT|UTC)?\s?[+-]\d{1,2}:?\d{2}|(?:GMT|UTC)?\s?[+-]\d{1,2}|[A-Z]{1,5})\)?(?:\s*\([^)]*\))?)?"
)
_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s*)?"
_TIME = rf"(?:[\s,]+(?:at\s+)?{_CLOCK}{_ZONE})?"
_YEAR = r"(?P<year>\d{4}|\d\d)"
_NAME = r"(?P<name>[a-z]{3,9})\.?"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ISO = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_BASIC = r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
_FORMS = (
    re.compile(rf"{_ISO}(?:(?:\s*T\s*|\s+|,\s*){_CLOCK}{_ZONE}|Z|[+-]\d\d:\d\d)?", re.IGNORECASE),
    re.compile(rf"{_BASIC}(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?{_ZONE})?", re.IGNORECASE),
    re.compile(rf"{_DAY}{_NUMBER}[\s-]+{_NAME}[\s,-]+{_YEAR}{_TIME}", re.IGNORECASE),
    re.compile(rf"{_DAY}{_NAME}\s+{_NUMBER},?\s+{_YEAR}{_TIME}", re.IGNORECASE),
    re.compile(rf"{_DAY}{_NAME}\s+{_NUMBER}\s+{_CLOCK}{_ZONE}\s+{_YEAR}", re.IGNORECASE),
)
_PLACEHOLDERS = frozenset({"0001-01-01", "1970-01-01"})  # what programs write for "no date"
_MAX_LENGTH = 100
_UNDERSTOOD = re.compile(r"(?:\d[+-]\d\d:?\d\d|\s[+-]\d\d:?\d\d|Z|\b(?:GMT|UTC|[ECMP][SD]T))\s*$")


def read_date(raw: str, zone: tzinfo | None) -> Date:
    """The date that a text is. ``zone`` is for dates that name none. Raises ValueError where it is no date."""
    text = " ".join(raw.split())
    if not text or len(text) > _MAX_LENGTH:
        raise ValueError(f"No date: {text[:40]!r}")
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        raise ValueError(f"No date that we can read: {text!r}")
    parts = found.groupdict()
    day = date(_year(parts["year"]), _month(parts), int(parts["day"]))
    if parts.get("hour") is None and day.isoformat() not in _PLACEHOLDERS:
        return Date(at=day.isoformat(), raw=text, zone=Zone.NONE)
    moment = datetime(day.year, day.month, day.day, *_clock(parts))  # noqa: DTZ001 -- its zone is found next
    return _placed(moment, text, _offset(parts.get("zone") or ""), zone)


def announced(raws: list[str], zone: tzinfo | None) -> Date | None:
    """The first of these texts that is a date; None where a source said nothing that can be read."""
    for raw in raws:
        try:
            return read_date(raw, zone)
        except ValueError:
            continue
    return None


def guessed(raw: str, parsed: tuple[int, ...], zone: tzinfo | None) -> Date:
    """A date that only feedparser could read (Greek and Hungarian forms, for instance), as its nine-tuple in UTC.

    feedparser invents what it does not understand, so this is taken only where the text has a clock and the year, the
    minute and (a zone apart) the day are written in it. Its zone counts as given only where the text ends in one that
    feedparser knows. Raises ValueError.
    """
    text = " ".join(raw.split())
    year, month, day, hour, minute, second = parsed[:6]
    written = {int(number) for number in re.findall(r"\d{1,4}", text)} if len(text) <= _MAX_LENGTH else set()
    told = (
        minute in written
        and not written.isdisjoint({year, year % 100})
        and not written.isdisjoint({day - 1, day, day + 1})
    )
    if not told or not re.search(r"\d:\d\d", text):
        raise ValueError(f"No date that we can read: {text[:40]!r}")
    moment = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 -- its zone is found next
    return _placed(moment, text, UTC if _UNDERSTOOD.search(text) else None, zone)


def _placed(moment: datetime, raw: str, given: tzinfo | None, zone: tzinfo | None) -> Date:
    if moment.date().isoformat() in _PLACEHOLDERS:
        raise ValueError(f"A placeholder, not a date: {raw!r}")
    known = Zone.GIVEN if given else Zone.SOURCE if zone else Zone.ASSUMED
    try:
        return Date(at=instant(moment.replace(tzinfo=given or zone or UTC)), raw=raw, zone=known)
    except OverflowError as error:
        raise ValueError(f"A date outside the calendar: {raw!r}") from error


def _year(text: str) -> int:
    # RFC 2822, 4.3: two digits up to 49 are this century's.
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 50 else 1900)


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name")
    if name is None:
        return int(parts["month"] or 0)
    number = _MONTHS.get(name[:3].lower())
    if number is None:
        raise ValueError(f"No month: {name!r}")
    return number


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int]:
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour, int(parts["minute"] or 0), min(int(parts.get("second") or 0), 59)  # 60 is a leap second


def _offset(name: str) -> tzinfo | None:
    """The zone that a name or an offset means; None where nothing, or nothing certain, was said."""
    bare = re.sub(r"^(?:GMT|UTC)\s?(?=[+-])", "", name.strip(), flags=re.IGNORECASE)
    if bare[:1] in {"+", "-"}:
        digits = bare[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        offset = timedelta(hours=hours, minutes=minutes)
        if offset >= timedelta(hours=16) or minutes > 59:
            return None
        return timezone(-offset if bare[0] == "-" else offset)
    hours_east = _HOURS.get(bare.upper())
    return None if hours_east is None else timezone(timedelta(hours=hours_east))
