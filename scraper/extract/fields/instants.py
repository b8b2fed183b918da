"""Strict parsing of the forms in which machines and people write a date.

A text that is no date is refused, never guessed at: a missing part is not filled in, an impossible day is not shifted,
and a year before 1990, or an instant more than two days after ``now``, is no publication date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from scraper.extract.fields.calendar import MONTH, MONTHS
from scraper.model import Date, Zone, instant

_EARLIEST = 1990
_LATEST = 2100
_LONGEST = 160  # characters of visible text that may hold a date
_SLACK = timedelta(days=2)
_CENTURY, _CENTURY_ENDS = 2000, 70  # "19.01.22" is 2022

_DIGITS = re.compile(r"\d{4}|\.\s?\d{2}(?!\d)")  # without a year there is no date: refused before the costly patterns
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{1,2})(?:[.,:]\d+)?)?\s*(Z|UTC|GMT"
    r"|[+\-\u2212]\d{1,2}(?::?\d{2})?)?(?:\[[\w/]+\])?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?", re.IGNORECASE)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d+)?")
_CTIME = re.compile(rf"(?<!\w)({MONTH})(?!\w)\.?\s+(\d{{1,2}})\s+\d{{1,2}}:\d{{2}}:\d{{2}}\s+\w+\s+(\d{{4}})(?!\d)")
_CLOCK_INSIDE = re.compile(rf"(?<!\w)({MONTH})(?!\w)\.?\s+(\d{{1,2}})\s+\d{{1,2}}:\d{{2}}\s+(\d{{4}})(?!\d)")
_DAY_MONTH_YEAR = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|°)?[.,]?[\s\-]*(?:de\s+|of\s+|d')?({MONTH})(?!\w)\.?,?[\s\-]*"
    r"(?:de\s+|del\s+)?(\d{4})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(rf"(?<!\w)({MONTH})(?!\w)\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{{4}})(?!\d)")
_YEAR_MONTH_DAY = re.compile(rf"(?<!\d)(\d{{4}})[.,]?[\s\-]+({MONTH})(?!\w)\.?[\s\-]+(\d{{1,2}})(?!\d)")
# Each form with the order of its groups; the first that a text holds is read.
_DAYS = (
    (re.compile(r"(?<!\d)(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]"), "ymd"),
    (re.compile(r"(?<!\d)(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})(?!\d)"), "ymd"),
    (_DAY_MONTH_YEAR, "dmy"),
    (_MONTH_DAY_YEAR, "mdy"),
    (_CTIME, "mdy"),
    (_CLOCK_INSIDE, "mdy"),
    (_YEAR_MONTH_DAY, "ymd"),
    (re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)"), "dmy"),
    (re.compile(r"(?<![\d/])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)"), "slash"),
    (re.compile(r"(?<!\d)(\d{1,2}) ?\| ?(\d{1,2}) ?\| ?(\d{4})(?!\d)"), "dmy"),
    (re.compile(r"(?<![\d.,:])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2})(?![\d.,:]\d|\d)"), "dmy"),
)
_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})\s?(?:[:h時时시點点]|\.(?=\d\d(?!\d|\.)))\s?(\d{2})?(?::(\d{2}))?[分분]?\s*([ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_MERIDIEM_ONLY = re.compile(r"(?<![\d:.])(\d{1,2})\s*([ap]\.?m\b\.?)", re.IGNORECASE)
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4,
    "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "kst": 9,
}  # fmt: skip
_OFFSET = re.compile(r"(?:(?<=[\d\s])|(?<=GMT)|(?<=UTC))[+\-\u2212](?:\d{2}:?\d{2}|\d{1,2})$(?<!\d-\d\d)")
_CIVIL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_ZONE = re.compile(rf"({'|'.join([*_ZONES, *_CIVIL])})?([+\-\u2212]\d{{1,2}}:?(?:\d{{2}})?)?(?!\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """How dates are read: the zone of a naive one, the present (None skips the check), and what 02/03/2022 means."""

    zone: ZoneInfo | None = None
    now: datetime | None = None
    month_first: bool = False


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day and, where one is written beside it, its zone."""

    hour: int
    minute: int
    second: int = 0
    zone: tzinfo | None = None


def parse_date(text: str, reading: Reading) -> Date | None:
    """A text that is, or visibly holds, one date; None where it is no date that we accept."""
    raw = text.strip()
    if len(raw) > _LONGEST or _DIGITS.search(raw) is None:
        return None
    try:
        return _machine(raw, reading) or _written(raw, reading)
    except (ValueError, OverflowError):  # the 31st of February, the 25th hour
        return None


def parse_day_line(text: str, reading: Reading) -> Date | None:
    """The same for a line that must hold nothing else: with the date, time and day's name gone no word remains."""
    found = parse_date(text, reading)
    rest = text.lower()
    for pattern, _ in _DAYS:
        rest = pattern.sub(" ", rest, count=1)
    rest = _TIME.sub(" ", _MERIDIEM_ONLY.sub(" ", _ISO.sub(" ", rest)))
    words = re.findall(r"[^\W\d]+", rest)
    return found if len(words) <= 1 and not re.search(r"\d", rest) else None


def _machine(raw: str, reading: Reading) -> Date | None:
    """ISO 8601, its compact form, and seconds or milliseconds since 1970."""
    if _EPOCH.fullmatch(raw):
        seconds = float(raw) / (1000 if len(raw.partition(".")[0]) == 13 else 1)
        return _accept(datetime.fromtimestamp(seconds, UTC), raw, Zone.GIVEN, reading)
    match = _ISO.fullmatch(raw) or _COMPACT.fullmatch(raw)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    clock = _Clock(int(hour), int(minute), int(second or 0), _offset(zone)) if hour else None
    return _join(datetime(int(year), int(month), int(day), tzinfo=UTC), clock, raw, reading)


def _written(raw: str, reading: Reading) -> Date | None:
    """The first day that the text names, with the time that stands in what is left of it."""
    low = raw.lower()
    for pattern, order in _DAYS:
        match = pattern.search(low)
        if match is not None:
            day = _day(match, order, reading)
            rest = match[0] if pattern in {_CTIME, _CLOCK_INSIDE} else f"{low[: match.start()]} \n {low[match.end() :]}"
            return _join(day, _clock(rest), raw, reading)
    return None


def _day(match: re.Match[str], order: str, reading: Reading) -> datetime:
    if order == "slash":
        one, two, year = int(match[1]), int(match[3]), int(match[4])
        month_first = two > 12 or (reading.month_first and one <= 12)
        return datetime(year, one if month_first else two, two if month_first else one, tzinfo=UTC)
    parts = dict(zip(order, match.groups(), strict=True))
    month = MONTHS.get(parts["m"]) or int(parts["m"])
    year = int(parts["y"])
    return datetime(year + (_CENTURY if year < _CENTURY_ENDS else 0), month, int(parts["d"]), tzinfo=UTC)


def _clock(rest: str) -> _Clock | None:
    match = _TIME.search(rest)
    if match is not None and (match[2] or match[4] or "時时시點点".find(match[0].strip()[-1]) >= 0):
        hour, minute, second, half = int(match[1]), int(match[2] or 0), int(match[3] or 0), match[4]
    else:
        match = _MERIDIEM_ONLY.search(rest)
        if match is None:
            return None
        hour, minute, second, half = int(match[1]), 0, 0, match[2]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{hour} is no hour of a twelve-hour clock")
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    zone = _ZONE.match(rest[match.end() :].lstrip(" ("))
    named = zone[0] if zone else ""
    return _Clock(hour, minute, second, _offset(named) if named else None)


def _offset(text: str | None) -> tzinfo | None:
    """``Z``, ``+0300``, ``-05:00``, ``UTC+3``, ``CEST`` -> its zone; None for none, ValueError for one past a day."""
    if not text:
        return None
    name = re.sub(r"[^a-z]", "", text.lower())
    if name in _CIVIL:
        return ZoneInfo(_CIVIL[name])
    digits = re.sub(r"\D", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "")
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(timedelta(hours=_ZONES.get(name, 0)) + (-shift if re.search("[-\u2212]", text) else shift))


def offset_in(raw: str) -> timedelta | None:
    """The offset from UTC that the end of a date's text names in digits; None where it names none."""
    match = _OFFSET.search(raw)
    zone = _offset(match[0]) if match else None
    return zone.utcoffset(None) if zone else None


def _join(day: datetime, clock: _Clock | None, raw: str, reading: Reading) -> Date | None:
    if clock is None:
        return _accept(day, raw, Zone.NONE, reading)
    moment = day.replace(hour=clock.hour, minute=clock.minute, second=min(clock.second, 59))
    if clock.zone is not None:
        return _accept(moment.replace(tzinfo=clock.zone), raw, Zone.GIVEN, reading)
    if reading.zone is not None:
        return _accept(moment.replace(tzinfo=reading.zone), raw, Zone.SOURCE, reading)
    return _accept(moment, raw, Zone.ASSUMED, reading)


def _accept(moment: datetime, raw: str, zone: Zone, reading: Reading) -> Date | None:
    if not _EARLIEST <= moment.year < _LATEST:
        return None
    if reading.now is not None and moment > reading.now + _SLACK:
        return None
    return Date(moment.date().isoformat() if zone is Zone.NONE else instant(moment), raw, zone)
