"""Instants and days of the database, as people read them. Pure; all in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_STEPS = ((86400, "day", "days"), (3600, "hour", "hours"), (60, "min", "min"))


def read(text: object) -> datetime | date | None:
    """An instant, or a bare day; None for what is neither."""
    if not isinstance(text, str):
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def long(text: object) -> Markup:
    """``25 November 2026, 23:50 UTC``, or ``25 November 2026``."""
    at = read(text)
    if at is None:
        return Markup("{}").format("" if text is None else text)
    said = f"{at.day} {_MONTHS[at.month - 1]} {at.year}"
    if isinstance(at, datetime):
        said += f", {at:%H:%M} UTC"
    return _marked(str(text), said)


def short(text: object, now: datetime) -> Markup:
    """``today 23:50``, ``yesterday 08:15``, ``23 Nov``, ``23 Nov 2025``."""
    at = read(text)
    if at is None:
        return Markup("{}").format("" if text is None else text)
    day = at.date() if isinstance(at, datetime) else at
    clock = f" {at:%H:%M}" if isinstance(at, datetime) else ""
    if day == now.date():
        said = f"today{clock}"
    elif day == now.date() - timedelta(days=1):
        said = f"yesterday{clock}"
    else:
        said = f"{day.day} {_MONTHS[day.month - 1][:3]}" + ("" if day.year == now.year else f" {day.year}")
    return _marked(str(text), said)


def ago(text: object, now: datetime) -> Markup:
    """``3 hours ago``, ``in 5 min``, ``just now``; ``never`` for none."""
    at = read(text)
    if not isinstance(at, datetime):
        return Markup("never") if text is None else long(text)
    seconds = (now - at).total_seconds()
    said = "just now" if seconds >= 0 else "in a moment"
    for size, one, many in _STEPS:
        number = round(abs(seconds) / size)
        if abs(seconds) >= size:
            span = f"{number:,} {one if number == 1 else many}"
            said = f"{span} ago" if seconds > 0 else f"in {span}"
            break
    return _marked(str(text), said)


def _marked(machine: str, said: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, said)
