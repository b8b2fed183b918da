"""Days of calendars that count their years otherwise: Japan's eras, Taiwan's republic, Thailand's Buddhist years and
Iran's solar ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from scraper.extract.fields.calendar import MONTHS

_BEGAN = {
    "令和": 2018,
    "r": 2018,
    "平成": 1988,
    "昭和": 1925,
    "民國": 1911,
    "民国": 1911,
}  # the year before their first
_BUDDHIST = 543
_BUDDHIST_YEARS = range(2533, 2643)  # 1990 to 2099; what else is written so is no year of publication
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_SOLAR_MONTHS = (
    "فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند",
)  # fmt: skip
_SOLAR_YEAR = r"[1\u0661\u06f1][34\u0663\u0664\u06f3\u06f4]\d\d"
_SOLAR_YEARS = range(1370, 1421)  # in which no Hijri year of the same days falls yet
_SOLAR_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)  # of each 33 years
_SOLAR_BEGAN = 226_894  # the ordinal of the day before its first
_ERA_DAY = re.compile(r"(令和|平成|昭和|民[國国])\s?(元|\d{1,3})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})(?!\d)")
_ERA_FIGURES = re.compile(r"(?<!\w)(r)(\d{1,2})\.(\d{1,2})\.(\d{1,2})(?!\d)")
_SOLAR_DAY = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s+({'|'.join(_SOLAR_MONTHS).replace('ی', '[یي]')})(?:\s*ماه)?[\s،,]+({_SOLAR_YEAR})(?!\d)"
)
_SOLAR_FIGURES = re.compile(rf"(?<!\d)({_SOLAR_YEAR})([/-])(\d{{1,2}})\2(\d{{1,2}})(?!\d)")
_THAI_MONTH = "|".join(re.escape(name) for name in MONTHS if _THAI.match(name))
_THAI_SHORT = re.compile(rf"(?<!\d)(\d{{1,2}})\s*({_THAI_MONTH})\.?\s*(\d{{2}})(?![\d:.])")
# Without one of these no form can match; most texts are told at a glance.
_HINTS = re.compile(rf"[年\u0e01-\u0e2e]|{_SOLAR_YEAR}|(?:^|\W)r\d")


def era_day(text: str, language: str) -> tuple[date, re.Match[str]] | None:
    """The first day in a lower-case text that one of these calendars names, and where. ValueError for no such day."""
    if _HINTS.search(text) is None:
        return None
    for form, languages, read in _FORMS:
        match = form.search(text) if not languages or language in languages else None
        if match is not None:
            return read(match), match
    return None


def common_year(year: int, month: str, language: str) -> int:
    """A year, of the common era also where a Thai page or a Thai month's name stands beside one of the Buddhist."""
    thai = year in _BUDDHIST_YEARS and (language == "th" or _THAI.match(month))
    return year - _BUDDHIST if thai else year


def _solar(year: int, month: int, day: int) -> date:
    """A day of the Iranian calendar, by its cycle of 33 years: right for all of these years. ValueError for none."""
    longest = 31 if month <= 6 else 30 if month < 12 or year % 33 in _SOLAR_LEAPS else 29
    if year not in _SOLAR_YEARS or not 1 <= month <= 12 or not 1 <= day <= longest:
        raise ValueError(f"No day of the solar calendar: {year}-{month}-{day}")
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    leaps = year // 33 * len(_SOLAR_LEAPS) + sum(leap < year % 33 for leap in _SOLAR_LEAPS)
    return date.fromordinal(_SOLAR_BEGAN + 365 * (year - 1) + leaps + before + day)


def _read_era(match: re.Match[str]) -> date:
    year = 1 if match[2] == "元" else int(match[2])
    return date(_BEGAN[match[1]] + year, int(match[3]), int(match[4]))


def _read_solar(match: re.Match[str]) -> date:
    return _solar(int(match[3]), 1 + _SOLAR_MONTHS.index(match[2].replace("ي", "ی")), int(match[1]))


def _read_thai(match: re.Match[str]) -> date:
    return date(2500 - _BUDDHIST + int(match[3]), MONTHS[match[2]], int(match[1]))


# A form, the languages that it is read in (none: all of them), and how.
_FORMS: tuple[tuple[re.Pattern[str], frozenset[str], Callable[[re.Match[str]], date]], ...] = (
    (_ERA_DAY, frozenset(), _read_era),
    (_ERA_FIGURES, frozenset({"ja"}), _read_era),
    (_SOLAR_DAY, frozenset(), _read_solar),
    (_SOLAR_FIGURES, frozenset({"fa"}), lambda match: _solar(int(match[1]), int(match[3]), int(match[4]))),
    (_THAI_SHORT, frozenset(), _read_thai),
)
FORMS = tuple(form for form, _, _ in _FORMS)
