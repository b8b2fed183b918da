"""What an address says of the time of what it leads to: ``/2026/11/23/storm``, ``sitemap-2026-11.xml``. Pure.

A period is its first and its last day (``2026-11-01``, ``2026-11-30``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, urlsplit

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>0?[1-9]|1[0-2]|{'|'.join(_MONTHS)})"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# Of an article's path only what is plainly a date: a number of six digits may be any number, and a headline may tell of
# the coup of 1991-08-19.
_ARTICLE = (
    re.compile(rf"/{_YEAR}/{_MONTH}(?:/{_DAY})?(?=/)", re.IGNORECASE),
    re.compile(rf"/{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"/{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=[/_-])"),
)
# A sitemap's name has no other numbers of that form. A year alone may be the number of a file.
_SITEMAP = re.compile(rf"(?<!\d){_YEAR}[-_/.]?(?P<month>0[1-9]|1[0-2])(?:[-_/.]?(?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)")
_FOLDER = re.compile(rf"/{_YEAR}(?=/|$)")
_BEGINS = re.compile(r"(?:from|since|after|start|begin)(?:date|ning)?[-_=/.]?$", re.IGNORECASE)
_YEARS, _MONTH_NAMES, _DAYS = ("yyyy", "year", "y"), ("mm", "month", "m"), ("dd", "day", "d")
_DATE_KEYS = frozenset({"date", "day", "month", "period", "to", "until", "end", "from", "since", "yyyymm", "yyyymmdd"})
_MARKED = re.compile(r"\d{4}[-_/.]\d\d(?:[-_/.]\d\d)?(?!\d)")

Period = tuple[str, str]


def published_in(url: str) -> Period | None:
    """When the article at an address was published, by its path; None where that does not say."""
    path = urlsplit(url).path
    found = next((match for form in _ARTICLE if (match := form.search(path))), None)
    return _period(found.groupdict()) if found else None


def covered_by(url: str) -> Period | None:
    """When what a sitemap lists was published, by its name or its query; None where that does not say.

    Of several dates the period ends with the latest; what says only when it begins says nothing here.
    """
    parts = urlsplit(url)
    asked = parse_qsl(parts.query)
    said = {
        name: next((value for key, value in asked if key.lower() in keys), None)
        for name, keys in (("year", _YEARS), ("month", _MONTH_NAMES), ("day", _DAYS))
    }
    if said["year"] and re.fullmatch(r"(?:19|20)[0-9]{2}", said["year"]):
        return _period(said)
    named = " ".join([parts.path, *(f"{key}={value}" for key, value in asked if _is_date(key, value))])
    found = list(_dates(named)) or [(period, False) for period in _folders(parts.path)]
    ends = [period[1] for period, begins in found if not begins]
    return (min(period[0] for period, _ in found), max(ends)) if ends else None


def is_year(period: Period) -> bool:
    """Whether a period is one whole year, or several."""
    return period[0].endswith("-01-01") and period[1].endswith("-12-31")


def _dates(name: str) -> Iterator[tuple[Period, bool]]:
    """The days and months that a name holds, and of each whether it is one that something begins with."""
    for match in _SITEMAP.finditer(name):
        if (period := _period(match.groupdict())) is not None:
            yield period, bool(_BEGINS.search(name, max(0, match.start() - 16), match.start()))


def _folders(path: str) -> Iterator[Period]:
    for match in _FOLDER.finditer(path):
        if (period := _period({"month": None, "day": None, **match.groupdict()})) is not None:
            yield period


def _is_date(key: str, value: str) -> bool:
    """Whether a value of a query may be a date: ``2026-11`` is one under any key, ``202611`` may be any number."""
    return key.lower() in _DATE_KEYS or bool(_MARKED.match(value))


def _period(said: dict[str, str | None]) -> Period | None:
    year, month, day = said["year"], said["month"], said["day"]
    if year is None:
        return None
    if month is None:
        return f"{year}-01-01", f"{year}-12-31"
    try:
        number = _MONTHS.index(month.lower()) + 1 if month.isalpha() else _small(month)
        if day is not None:
            only = date(int(year), number, _small(day)).isoformat()
            return only, only
        last = monthrange(int(year), number)[1]
    except ValueError:  # the 31st of February, the month 13
        return None
    return f"{year}-{number:02}-01", f"{year}-{number:02}-{last:02}"


def _small(text: str) -> int:
    """A number of one or two figures. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{1,2}", text):
        raise ValueError(f"No day and no month: {text[:40]!r}")
    return int(text)
