"""Dates as feeds and sitemaps write them -> :class:`Date`, with how its zone was known.

Read strictly, by a few forms: ISO 8601 (RFC 3339, W3C-DTF), RFC 822 with its habits (two-digit years, full and foreign
month names, missing seconds, zone names), asctime, ``November 23, 2026``, days in figures, seconds since 1970; Chinese,
Japanese and Korean forms are brought to ISO 8601 first. Zone names are read from a table, because Python's email
package and feedparser both take ``10:00 CET`` for UTC without a word. Ambiguous names (IST) are left out of the table:
such a date counts as one that names no zone.

A wrong date is worse than none: a month or a year alone is no date here, nor is ``05/11/2026``, nor what programs write
for "no date", nor a year of another calendar. tests/discover/habits.py lists what is read how.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from scraper.discover.months import month
from scraper.model import Date, Zone, instant

_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "WAT": 1, "CAT": 2, "SAST": 2, "EAT": 3,
    "IRST": 3.5, "PKT": 5, "NPT": 5.75, "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "JST": 9, "KST": 9, "HKT": 8,
    "SGT": 8, "MYT": 8, "PHT": 8, "AWST": 8, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4, "VET": -4, "COT": -5, "PET": -5,
}  # fmt: skip
_WORD = r"[^\W\d_]"
_WEEKDAY = rf"(?:{_WORD}{{2,14}}(?:[ -]{_WORD}{{2,6}})?[.,\s]+)?"
_NAME = rf"(?P<name>{_WORD}{{3,14}})\.?"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.º])?"
_YEAR = r"(?P<year>\d{2,4})"
_ISO = r"(?P<year>\d{4})(?P<mark>[-/.])\s?(?P<month>\d{1,2})(?P=mark)\s?(?P<day>\d{1,2})\.?"
_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s*(?P<half>[ap]\.?m\.?)|\s?(?:Uhr|hrs?|h)\b)?"
)
_ZONE = r"(?:\s*\(?(?P<zone>(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{1,5})\)?(?:\s*(?:\([^)]*\)|\[[^\]]*\]))?)?"
_TIME = rf"(?:(?:\s*T\s*|(?:[\s,]+|\s-\s)(?:{_WORD}{{1,14}}\.?,?\s+)?){_CLOCK}{_ZONE})"  # the word: at, um, a weekday
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_WEEKDAY}{_NUMBER}(?:[\s-]+|\s+(?:de|of)\s+){_NAME}(?:[\s,-]+|\s+de\s+){_YEAR}{_TIME}?",
        rf"{_WEEKDAY}{_ISO}(?:{_TIME}|Z|[+-]\d\d:\d\d)?",
        rf"{_WEEKDAY}{_NAME}\s+{_NUMBER},?\s+{_YEAR}{_TIME}?",
        rf"{_WEEKDAY}{_NAME}\s+{_NUMBER}\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[-.\s]+{_NAME}[-.\s]+{_NUMBER}{_TIME}?",
        rf"{_WEEKDAY}(?P<one>\d{{1,2}})(?P<mark>[-/.])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_TIME}?",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?{_ZONE})?",
        r"(?P<epoch>1\d{9})(?:\d{3}|\.\d{1,6})?",  # seconds or milliseconds, of 2001 to 2033
    )
)
_YEARS = range(1600, 2201)  # outside of it, years are those of another calendar
_PLACEHOLDERS = frozenset({"1899-12-30", "1900-01-01", "1970-01-01"})  # what programs write for "no date"
_MAX_LENGTH = 100
_EAST_ASIAN = (
    (re.compile(r"[日月火水木金土]曜日?|[일월화수목금토]요일|(?:星期|周|週)[一二三四五六日天]"), " "),
    (re.compile(r"\([日月火水木金土일월화수목금토]\)"), " "),
    (re.compile(r"\s*[年월月년]\s*"), "-"),
    (re.compile(r"\s*[日일号號]\s*"), " "),
    (re.compile(r"\s*[時时시点點]\s*|\s*[分분]\s*(?=\d)"), ":"),
    (re.compile(r"[分분秒초]"), ""),
    (re.compile(r"(?:上午|午前|오전)\s*([\d:]+)"), r"\1 am"),
    (re.compile(r"(?:下午|午後|오후)\s*([\d:]+)"), r"\1 pm"),
)  # fmt: skip


def read_date(raw: str, zone: tzinfo | None) -> Date:
    """The date that a text is. ``zone`` is for dates that name none. Raises ValueError where it is no date."""
    text, parts = _parts(raw)
    if "epoch" in parts:
        return Date(at=instant(datetime.fromtimestamp(int(parts["epoch"]), UTC)), raw=text, zone=Zone.GIVEN)
    day = _day(parts)
    if not parts.get("hour"):
        return Date(at=day.isoformat(), raw=text, zone=Zone.NONE)
    given = _offset(parts.get("zone", ""))
    moment = datetime(day.year, day.month, day.day, tzinfo=given or zone or UTC) + _clock(parts)
    at = instant(moment)
    if at[:10] in _PLACEHOLDERS:
        raise ValueError(f"A placeholder, not a date: {text!r}")
    return Date(at=at, raw=text, zone=Zone.GIVEN if given else Zone.SOURCE if zone else Zone.ASSUMED)


def written_day(raw: str) -> str:
    """The day that a date names, on its own clock; "" for seconds since 1970. Raises ValueError as read_date."""
    parts = _parts(raw)[1]
    return "" if "epoch" in parts else _day(parts).isoformat()


def announced(raws: list[str], zone: tzinfo | None) -> Date | None:
    """The first of these texts that is a date; None where a source said nothing that can be read."""
    for raw in raws:
        try:
            return read_date(raw, zone)
        except ValueError:
            continue
    return None


def _parts(raw: str) -> tuple[str, dict[str, str]]:
    """A text on one line, and what it is made of. Raises ValueError."""
    text = " ".join(raw.split())
    if not text or len(text) > _MAX_LENGTH:
        raise ValueError(f"No date: {text[:40]!r}")
    western = text if text.isascii() else _western(text)
    found = next((match for form in _FORMS if (match := form.fullmatch(western))), None)
    if found is None:
        raise ValueError(f"No date that we can read: {text!r}")
    return text, found.groupdict(default="")


def _western(text: str) -> str:
    """A text as the forms know it: composed letters, plain dashes, and East Asian units as marks."""
    text = unicodedata.normalize("NFC", text).replace("\u2212", "-").replace("\u2013", "-")
    for form, mark in _EAST_ASIAN:
        text = form.sub(mark, text)
    return text.strip()


def _day(parts: Mapping[str, str]) -> date:
    """Raises ValueError for what is no day, might be two, or stands for "no date"."""
    if "one" in parts:
        number, day = _month_and_day(int(parts["one"]), int(parts["two"]), dotted=parts["mark"] == ".")
    else:
        number = month(parts["name"]) if "name" in parts else int(parts["month"])
        day = int(parts["day"])
    found = date(_year(parts["year"]), number, day)
    if found.year not in _YEARS or found.isoformat() in _PLACEHOLDERS:
        raise ValueError(f"A placeholder, or another calendar's: {found}")
    return found


def _month_and_day(one: int, two: int, *, dotted: bool) -> tuple[int, int]:
    """Figures that are written with dots have the day first; others tell only where one of them is no month."""
    if two > 12:
        return one, two
    if one > 12 or one == two or dotted:
        return two, one
    raise ValueError("The day or the month first? Nothing tells")


def _year(text: str) -> int:
    # RFC 2822, 4.3: two digits up to 49 are this century's; three count from 1900, where they are not cut off.
    year = int(text)
    if len(text) == 3 and year >= 150:
        raise ValueError(f"No year: {text!r}")
    return year + {2: 2000 if year < 50 else 1900, 3: 1900, 4: 0}[len(text)]


def _clock(parts: Mapping[str, str]) -> timedelta:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = parts.get("half", "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if minute > 59 or second > 60 or (hour > 23 and (hour, minute, second) != (24, 0, 0)):
        raise ValueError("No time of the day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # 60 is a leap second


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
