"""Times of day as people write them, halves of the day and named zones among them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_BEFORE_NOON = "오전|上午|午前|凌晨|清晨|早上"
_AFTER_NOON = "오후|下午|午後|中午|傍晚|晚上|晚间"
_HALF = r"[ap]\.?\s?m\b\.?|[μµπ]\.?\s?[μµ]\.?(?!\w)|[مص](?!\w)|مساء\w?|صباحا?\w?|[بق]\.\s?ظ"
_EARLY = frozenset("aπصق")  # what the first half of the day begins with, written behind the time
TIME = re.compile(
    rf"(?:({_BEFORE_NOON}|{_AFTER_NOON})\s*)?"
    r"(?<![\d:.])(\d{1,2})\s?(?:[:h時时시點点]|\.(?=\d\d(?!\d|\.)))\s?(\d{2}|\d(?=[分분]))?(?::(\d{2}))?[分분]?"
    rf"\s*({_HALF})?",
    re.IGNORECASE,
)
HOUR = re.compile(r"(?<![\d:.])(\d{1,2})\s*([ap]\.?\s?m\b\.?)", re.IGNORECASE)
_HOUR_SIGNS = frozenset("時时시點点")
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3,
    "msk": 3, "trt": 3, "pkt": 5, "npt": 5.75, "wib": 7, "wita": 8, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8,
    "jst": 9, "kst": 9, "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "nst": -3.5,
    "ndt": -2.5, "brt": -3, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
_ZONES_OF: Mapping[str, Mapping[str, float]] = {  # what other countries call by the same letters
    "in": {"ist": 5.5}, "il": {"ist": 2, "idt": 3}, "ie": {"ist": 1}, "cn": {"cst": 8}, "tw": {"cst": 8},
    "au": {"est": 10, "edt": 11, "cst": 9.5, "cdt": 10.5}, "bd": {"bst": 6}, "my": {"mst": 8}, "ph": {"pst": 8},
}  # fmt: skip
_CIVIL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_NAMES = dict.fromkeys([*_ZONES, *_CIVIL, *(name for names in _ZONES_OF.values() for name in names)])
_ZONE = re.compile(rf"({'|'.join(_NAMES)})?([+\-\u2212]\d{{1,2}}:?(?:\d{{2}})?)?(?!\w)")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day and, where one is written beside it, its zone."""

    hour: int
    minute: int
    second: int = 0
    zone: tzinfo | None = None


def clock_in(text: str, country: str) -> Clock | None:
    """The time of day that a lower-case text holds, by the clocks of a country. ValueError for what is no time."""
    match = TIME.search(text)
    if match is not None and (match[3] or match[5] or match[0].strip()[-1] in _HOUR_SIGNS):
        hour, minute, second = int(match[2]), int(match[3] or 0), int(match[4] or 0)
        late = match[1] in _AFTER_NOON.split("|") if match[1] else _is_late(match[5])
    else:
        match = HOUR.search(text)
        if match is None:
            return None
        hour, minute, second, late = int(match[1]), 0, 0, _is_late(match[2])
    zone = _ZONE.match(text[match.end() :].lstrip(" ("))
    return Clock(_of_day(hour, late), minute, second, zone_of(zone[0], country) if zone else None)


def _is_late(half: str | None) -> bool | None:
    return half[0] not in _EARLY if half else None


def _of_day(hour: int, late: bool | None) -> int:
    """The hour of a day of 24; None for a clock that has as many, which some write "p.m." behind all the same."""
    if late is None or (late and 12 < hour < 24):
        return hour
    if hour > 12:
        raise ValueError(f"{hour} is no hour of a twelve-hour clock")
    return hour % 12 + (12 if late else 0)


def zone_of(text: str | None, country: str = "") -> tzinfo | None:
    """``Z``, ``+0300``, ``-05:00``, ``UTC+3``, ``CEST`` -> its zone; None for none, or for a name that means several
    and none of them in this country. ValueError for one past a day.
    """
    if not text:
        return None
    name = re.sub(r"[^a-z]", "", text.lower())
    if name in _CIVIL:
        return ZoneInfo(_CIVIL[name])
    hours_east = _ZONES_OF.get(country, {}).get(name, _ZONES.get(name)) if name else 0
    if hours_east is None:
        return None
    digits = re.sub(r"\D", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "")
    shift = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(timedelta(hours=hours_east) + (-shift if re.search("[-\u2212]", text) else shift))
