"""What an address says of the time of what it leads to: ``/2026/11/23/storm``, ``sitemap-2026-11.xml``. Pure.

A period is its first and its last day (``2026-11-01``, ``2026-11-30``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from urllib.parse import parse_qs, urlsplit

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>0?[1-9]|1[0-2]|{'|'.join(_MONTHS)})"
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# Of an article's path only what is plainly a date: a number of six digits may be any number.
_ARTICLE = (
    re.compile(rf"/{_YEAR}/{_MONTH}(?:/{_DAY})?(?=/)", re.IGNORECASE),
    re.compile(rf"(?<!\d){_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(rf"/{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=[/_-])"),
)
# A sitemap's name has no other numbers of that form.
_SITEMAP = re.compile(
    rf"(?<!\d){_YEAR}(?:[-_/.]?(?P<month>0[1-9]|1[0-2])(?:[-_/.]?(?P<day>0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
_YEARS, _MONTH_NAMES, _DAYS = ("yyyy", "year", "y"), ("mm", "month", "m"), ("dd", "day", "d")

Period = tuple[str, str]


def published_in(url: str) -> Period | None:
    """When the article at an address was published, by its path; None where that does not say."""
    path = urlsplit(url).path
    found = next((match for form in _ARTICLE if (match := form.search(path))), None)
    return _period(found.groupdict()) if found else None


def covered_by(url: str) -> Period | None:
    """When what a sitemap lists was published, by its name or its query; None where that does not say."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    said = {
        name: next((asked[key][0] for key in keys if key in asked), None)
        for name, keys in (("year", _YEARS), ("month", _MONTH_NAMES), ("day", _DAYS))
    }
    if said["year"] and re.fullmatch(r"(?:19|20)\d\d", said["year"]):
        return _period(said)
    found = _SITEMAP.search(f"{parts.path}?{parts.query}")
    return _period(found.groupdict()) if found else None


def _period(said: dict[str, str | None]) -> Period | None:
    year, month, day = said["year"], said["month"], said["day"]
    if year is None:
        return None
    if month is None:
        return f"{year}-01-01", f"{year}-12-31"
    try:
        number = _MONTHS.index(month.lower()) + 1 if month.isalpha() else int(month)
        if day is not None:
            only = date(int(year), number, int(day)).isoformat()
            return only, only
        last = monthrange(int(year), number)[1]
    except ValueError:  # the 31st of February, the month 13
        return None
    return f"{year}-{number:02}-01", f"{year}-{number:02}-{last:02}"
