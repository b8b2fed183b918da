"""Which articles a command reads: one set of options, in the same words everywhere, and one value that holds them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.completing import source_names
from scraper.errors import BadUsage
from scraper.home import Home
from scraper.model import instant

if TYPE_CHECKING:
    from scraper.store import Filters, Store

_AGO = re.compile(r"(\d{1,6})\s?([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}
_DAYS_AGO = {"today": 0, "yesterday": 1}
_FORMS = "write it as 2026-11-23, 2026-11-23T20:15:00Z, 12h, 3d, 2w, today or yesterday"


def moment(text: str, now: datetime) -> str:
    """A day or an instant in UTC, from how people write it. Raises BadUsage.

    ``3d`` and ``2w`` are the whole day so long ago, as of many articles only the day is known; ``12h`` is an instant.
    """
    words = text.strip().lower()
    try:
        if words in _DAYS_AGO:
            return instant(now - timedelta(days=_DAYS_AGO[words]))[:10]
        if ago := _AGO.fullmatch(words):
            then = instant(now - timedelta(hours=int(ago[1]) * _HOURS[ago[2]]))
            return then if ago[2] == "h" else then[:10]
        if len(words) <= 10:
            return date.fromisoformat(words).isoformat()
        read = datetime.fromisoformat(words.upper())
        return instant(read if read.tzinfo else read.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise BadUsage(f"{text!r} is no date; {_FORMS}") from error


def _moment(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    return None if value is None else moment(value, datetime.now(UTC))


def _name(_ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise BadUsage(f"{param.opts[0]} wants a {str(param.metavar).lower()}")
    return value


Command = Callable[..., None]


def timed(verb: str) -> Callable[[Command], Command]:
    """Give a command ``--since`` and ``--until``; ``verb`` is what happened then."""
    forms = "a day, an instant, 12h, 3d, 2w, today, yesterday"
    since = click.option("--since", metavar="WHEN", callback=_moment, help=f"{verb} then or later: {forms}.")
    until = click.option("--until", metavar="WHEN", callback=_moment, help=f"{verb} then or earlier, the day included.")
    return lambda command: since(until(command))


def of_source(command: Command) -> Command:
    """Give a command ``--source``."""
    option = click.option(
        "--source", metavar="NAME", callback=_name, shell_complete=source_names, help="Only of this source."
    )
    return option(command)


_OF_TEXTS = (
    click.option(
        "--lang", "language", metavar="CODE", callback=_name, help="Only in this language, such as en (also en-GB)."
    ),
    click.option("--author", metavar="NAME", callback=_name, help="Only by this author (a part of the name will do)."),
)


def narrowing(verb: str) -> Callable[[Command], Command]:
    """Give a command the options that narrow what it reads; it gets them as ``filters``, a :class:`Filters`.

    ``verb`` is what happened between ``--since`` and ``--until``.
    """

    def with_options(command: Command) -> Command:
        @wraps(command)
        def narrowed(*args: Any, source: Any, since: Any, until: Any, language: Any, author: Any, **rest: Any) -> None:
            from scraper.store import Filters

            check_order(since, until)
            command(*args, filters=Filters(source, since, until, language, author), **rest)

        wrapped: Command = narrowed
        for option in reversed(_OF_TEXTS):
            wrapped = option(wrapped)
        return of_source(timed(verb)(wrapped))

    return with_options


filtered = narrowing("Published")
"""What most commands narrow their reading by."""


def check_order(since: str | None, until: str | None) -> None:
    """Raise BadUsage where no time is both."""
    if since and until and since > f"{until}~":  # '~' sorts behind every instant of the day
        raise BadUsage(f"--since {since} is after --until {until}, so nothing is between them")


def limited(most: int | None, what: str = "How many at most.") -> Callable[[Command], Command]:
    """Give a command ``--limit``, which is ``most`` unless said otherwise; None: no limit."""
    return click.option(
        "--limit", default=most, show_default=most is not None, type=click.IntRange(1, 100_000), metavar="N", help=what
    )


def check_source(home: Home, store: Store, filters: Filters) -> None:
    """Raise BadUsage where neither sources.toml nor the database knows the source that is asked for."""
    name = filters.source
    if name is None:
        return
    with store.reading():
        known = store.frontier.source(name) is not None
    if not known:
        from scraper.settings import load_sources, named

        named(load_sources(home) if home.has_sources else (), name)


def check_alone(which: str | None, filters: Filters) -> None:
    """Raise BadUsage where one thing is named and a list of them is narrowed down, too."""
    from scraper.store import Filters

    if which is not None and filters != Filters():
        raise BadUsage(f"the filters are for the list, and {which} is one: leave out the one or the others")
