"""Strict parsing of the forms in which machines and people write a date.

A text that is no date is refused, never guessed at: a missing part is not filled in, an impossible day is not shifted,
and a year before 1990, or an instant more than two days after ``now``, is no publication date.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scraper.extract.fields.calendar import MONTH, month_of
from scraper.extract.fields.clocks import HOUR, TIME, Clock, clock_in, zone_of
from scraper.extract.fields.eras import FORMS, common_year, era_day
from scraper.model import Date, Zone, instant

_EARLIEST = 1990
_LATEST = 2100
_LONGEST = 160  # characters of visible text that may hold a date
_SLACK = timedelta(days=2)
_CENTURY = 2000  # of "19.01.22"

_DIGITS = re.compile(
    r"\d{4}|\.\s?\d{2}(?!\d)|年"
)  # without a year there is no date: refused before the costly patterns
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
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|°)?[.,]?[\s\-]*(?:de\s+|of\s+|d['\u2019]|ב)?({MONTH})(?!\w)\.?,?[\s\-]*"
    r"(?:de\s+|del\s+|năm\s+|[พค]\.ศ\.\s*)?(\d{4})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(rf"(?<!\w)({MONTH})(?!\w)\.?\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{{4}})(?!\d)")
_YEAR_MONTH_DAY = re.compile(rf"(?<!\d)(\d{{4}})(?:[.,]?|e?ko|\s?m\.)[\s\-]+({MONTH})(?!\w)\.?[\s\-]+(\d{{1,2}})(?!\d)")
_YEAR_DAY_MONTH = re.compile(rf"(?<!\d)(\d{{4}})\.?\s?gada\s+(\d{{1,2}})\.\s?({MONTH})(?!\w)")
# Each form with the order of its groups; the first that a text holds is read.
_DAYS = (
    (re.compile(r"(?<!\d)(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]"), "ymd"),
    (re.compile(r"(?<!\d)(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})(?!\d)"), "ymd"),
    (_DAY_MONTH_YEAR, "dmy"),
    (_MONTH_DAY_YEAR, "mdy"),
    (_CTIME, "mdy"),
    (_CLOCK_INSIDE, "mdy"),
    (_YEAR_MONTH_DAY, "ymd"),
    (_YEAR_DAY_MONTH, "ydm"),
    (re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)"), "dmy"),
    (re.compile(r"(?<![\d/])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)"), "slash"),
    (re.compile(r"(?<!\d)(\d{1,2}) ?\| ?(\d{1,2}) ?\| ?(\d{4})(?!\d)"), "dmy"),
    (re.compile(r"(?<![\d.,:])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2})(?![\d.,:]\d|\d)"), "dmy"),
)
_Told = tuple[datetime, Zone]
"""A moment in the zone that it was told in, and how that was known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How dates are read: the zone of a naive one, the present (None skips the check), what 02/03/2022 means, and the
    language and country of the page ("hr", "in"; empty for unknown), for names that mean several months or zones.
    """

    zone: ZoneInfo | None = None
    now: datetime | None = None
    month_first: bool = False
    language: str = ""
    country: str = ""


def parse_date(text: str, reading: Reading) -> Date | None:
    """A text that is, or visibly holds, one date; None where it is no date that we accept."""
    raw = text.strip()
    told = _told(raw, reading)
    return _accept(*told, raw, reading) if told is not None else None


def offset_in(raw: str, reading: Reading) -> timedelta | None:
    """The offset from UTC that a date's text names, in digits or as a zone; None where it names none."""
    moment, zone = _told(raw, reading) or (None, Zone.NONE)
    return moment.utcoffset() if moment and zone is Zone.GIVEN else None


def parse_day_line(text: str, reading: Reading) -> Date | None:
    """The same for a line that must hold nothing else: with the date, time and day's name gone no word remains."""
    found = parse_date(text, reading)
    rest = text.lower()
    for pattern in (*FORMS, *(pattern for pattern, _ in _DAYS)):
        rest = pattern.sub(" ", rest, count=1)
    rest = TIME.sub(" ", HOUR.sub(" ", _ISO.sub(" ", rest)))
    words = re.findall(r"[^\W\d]+", rest)
    return found if len(words) <= 1 and not re.search(r"\d", rest) else None


def _told(raw: str, reading: Reading) -> _Told | None:
    """The moment that a text names, by its own clock; None for no date."""
    if len(raw) > _LONGEST or _DIGITS.search(raw) is None:
        return None
    try:
        return _machine(raw, reading) or _written(raw, reading)
    except (ValueError, OverflowError):  # the 31st of February, the 25th hour
        return None


def _machine(raw: str, reading: Reading) -> _Told | None:
    """ISO 8601, its compact form, and seconds or milliseconds since 1970."""
    if _EPOCH.fullmatch(raw):
        seconds = float(raw) / (1000 if len(raw.partition(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC), Zone.GIVEN
    match = _ISO.fullmatch(raw) or _COMPACT.fullmatch(raw)
    if match is None:
        return None
    year_told, month, day, hour, minute, second, zone = match.groups()
    clock = Clock(int(hour), int(minute), int(second or 0), zone_of(zone)) if hour else None
    year = common_year(int(year_told), "", reading.language)
    return _join(datetime(year, int(month), int(day), tzinfo=UTC), clock, reading)


def _written(raw: str, reading: Reading) -> _Told | None:
    """The first day that the text names, with the time that stands in what is left of it."""
    low = unicodedata.normalize("NFC", raw.lower())
    of_era = era_day(low, reading.language)
    if of_era is not None:
        day, where = of_era
        return _join(datetime(day.year, day.month, day.day, tzinfo=UTC), _beside(low, where, reading), reading)
    for pattern, order in _DAYS:
        match = pattern.search(low)
        if match is not None:
            inside = clock_in(match[0], reading.country) if pattern in {_CTIME, _CLOCK_INSIDE} else None
            return _join(_day(match, order, reading), inside or _beside(low, match, reading), reading)
    return None


def _beside(text: str, match: re.Match[str], reading: Reading) -> Clock | None:
    """The time of day in a text around its day."""
    return clock_in(f"{text[: match.start()]} \n {text[match.end() :]}", reading.country)


def _day(match: re.Match[str], order: str, reading: Reading) -> datetime:
    if order == "slash":
        one, two, year = int(match[1]), int(match[3]), common_year(int(match[4]), "", reading.language)
        month_first = two > 12 or (reading.month_first and one <= 12)
        return datetime(year, one if month_first else two, two if month_first else one, tzinfo=UTC)
    parts = dict(zip(order, match.groups(), strict=True))
    named = not parts["m"].isdigit()
    month = month_of(parts["m"], reading.language, reading.country) if named else int(parts["m"])
    year = common_year(int(parts["y"]), parts["m"], reading.language)
    return datetime(year + (_CENTURY if len(parts["y"]) == 2 else 0), month, int(parts["d"]), tzinfo=UTC)


def _join(day: datetime, clock: Clock | None, reading: Reading) -> _Told:
    if clock is None:
        return day, Zone.NONE
    moment = day.replace(hour=clock.hour, minute=clock.minute, second=min(clock.second, 59))
    if clock.zone is not None:
        return moment.replace(tzinfo=clock.zone), Zone.GIVEN
    if reading.zone is not None:
        return moment.replace(tzinfo=reading.zone), Zone.SOURCE
    return moment, Zone.ASSUMED


def _accept(moment: datetime, zone: Zone, raw: str, reading: Reading) -> Date | None:
    if not _EARLIEST <= moment.year < _LATEST:
        return None
    if reading.now is not None and moment > reading.now + _SLACK:
        return None
    return Date(moment.date().isoformat() if zone is Zone.NONE else instant(moment), raw, zone)
