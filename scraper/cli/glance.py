"""What ``scrape status`` says, in words: from the most to the least important."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scraper.cli.printing import counted, plain
from scraper.model import from_instant

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scraper.cli.standing import SourceStatus, Status
    from scraper.store.glance import Rate

_COLUMNS = {
    "source": 0, "articles": 60, "waiting": 50, "a day": 100, "asked": 100, "due": 60, "fails": 60, "last outcome": 0,
}  # fmt: skip
"""Of the table of sources, each with the width of a terminal from which on it is shown."""
_ELASTIC = {"source", "last outcome"}
_MOST_SOURCES = 30
"""Where there are more, only those in trouble are shown."""
_MOST_PROBLEMS = 20
_SOUND = "no source is in trouble; {} answer or are off: scrape status --all"
_LATE = 600.0  # seconds; a source that is due for longer, while the daemon runs, is in trouble
_NARROW = 60  # columns


def in_words(status: Status, width: int, *, everything: bool = False) -> Iterator[RenderableType]:
    """From the most to the least important, for a terminal that is so wide; ``everything``: of every source."""
    yield from _headline(status)
    last_day = ", ".join(f"{number} {outcome}" for outcome, number in status.stored.last_day.items())
    yield f"pages of the last 24 hours: {last_day or 'nothing fetched'}"
    rates, short = status.stored.rates, width < _NARROW
    yield _rate("last hour", rates.hour, 60, short=short)
    yield _rate("last 24 hours", rates.day, 1440, short=short)
    yield _daemon(status)
    yield from _alarms(status)
    yield from _hosts(status, narrow=width < _NARROW)
    yield from _sources(status, width, everything=everything)
    yield from _problems(status)
    yield from _events(status)


def _headline(status: Status) -> Iterator[str]:
    """What is stored and what waits; what is configured and was not asked yet."""
    stored = status.stored
    articles, pages = counted(stored.articles, "article"), counted(stored.pages, "page")
    waiting = counted(stored.waiting, "entry", "entries")
    off = sum(row.waiting for row in status.sources if row.state != "followed")
    more = f" ({off} more for sources that are off or gone)" if off else ""
    yield f"{articles}, {pages} kept, {waiting} waiting{more}"
    if status.config_error:
        yield f"configuration: {plain(status.config_error)}"
    if status.no_room:
        yield f"nothing is fetched: {plain(status.no_room)}"
    if status.unasked and status.configured is not None:
        yield _unasked(len(status.unasked), status.configured, running=status.process is not None)
    if stored.revisits:
        yield f"{counted(stored.revisits, 'page')} to be looked at again"
    if stored.backfills:
        yield f"{counted(stored.backfills, 'back-fill')} under way: scrape backfill"


def _unasked(unasked: int, configured: int, *, running: bool) -> str:
    remedy = "scrape reload, if this stays" if running else "scrape run"
    if unasked < configured:
        verb = "was" if unasked == 1 else "were"
        return f"{unasked} of {counted(configured, 'configured source')} {verb} not asked yet: {remedy}"
    verb = "is" if configured == 1 else "are"
    return f"{counted(configured, 'source')} {verb} configured, none was asked yet: {remedy}"


def _alarms(status: Status) -> Iterator[str]:
    """What is wrong with sources now, and what the webhook was not told of."""
    if status.stored.alarms:
        yield "\nalarms:"
    for row in status.stored.alarms:
        yield f"  {row.source}: {row.kind} since {row.since}: {plain(row.detail)}"
    waiting, given_up = status.stored.undelivered.waiting, status.stored.undelivered.given_up
    if waiting or given_up:
        waits = "waits" if waiting == 1 else "wait"
        lost = "was" if given_up == 1 else "were"
        yield f"\nwebhook: {counted(waiting, 'event')} {waits} to be delivered, {given_up} {lost} given up"


def _events(status: Status) -> Iterator[str]:
    if status.stored.events:
        yield "\nlatest events:"
    for row in status.stored.events:
        yield f"  {row.at} {row.source}: {row.kind}: {plain(row.detail)}"


def _problems(status: Status) -> Iterator[str]:
    """What failed or was skipped; one line for hosts that have the same trouble."""
    problems = status.stored.problems
    if problems:
        yield "\nproblems of the last 24 hours:"
    for row in problems[:_MOST_PROBLEMS]:
        what = f"{counted(row.times, 'time')} {row.outcome}, {row.reason}"
        where = row.host or "files"
        if row.hosts > 1:
            where, what = f"{row.hosts} hosts", f"{what}; most of all {where}"
        yield f"  {where}: {plain(what)}: {plain(row.example)}"
    if len(problems) > _MOST_PROBLEMS:
        yield f"  and {len(problems) - _MOST_PROBLEMS} more: scrape status --json"


def _rate(when: str, counts: Rate, minutes: int, *, short: bool) -> str:
    """``last hour: 41 new articles; 160 attempts (2.7 a minute), 3 % failed; 2.4 requests a minute, 9.1 MB``."""
    attempts = counts.attempts
    failed = f", {counts.failed / attempts:.0%} failed" if attempts else ""
    articles, tried = counted(counts.articles, "new article"), counted(attempts, "attempt")
    if short:
        return f"{when}: {counts.articles} new, {attempts} tried{failed}"
    return (
        f"{when}: {articles}; {tried} ({attempts / minutes:.1f} a minute){failed};"
        f" {counts.answers / minutes:.1f} answers a minute, {counts.bytes / 1e6:.1f} MB"
    )


def _daemon(status: Status) -> str:
    process, due = status.process, status.stored.due
    parts = [status.daemon]
    if process is not None and process.pid:
        parts = [f"running, process {process.pid} since {process.since} (version {process.version})"]
    if due.new or due.revisits:
        late = f", the oldest for {_span(status.at, due.oldest)}" if due.oldest else ""
        parts.append(f"due now: {due.new} new{late}, {due.revisits} to be looked at again")
    elif status.stored.next_due:
        ahead = "next " if status.stored.next_due > status.at else ""
        parts.append(f"{ahead}due {_due(status.stored.next_due, status.at)}")
    elif not status.unasked:
        parts.append("nothing is due")
    return f"daemon: {'; '.join(parts)}"


def _sources(status: Status, width: int, *, everything: bool) -> Iterator[RenderableType]:
    """A line a source; where there is little room, the least important columns are left out."""
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    rows, others = _shown(status, everything=everything)
    if rows:
        shown = [name for name, least in _COLUMNS.items() if width >= least]
        table = Table(*shown, box=None, pad_edge=False)
        for column in table.columns:
            column.no_wrap = column.header not in _ELASTIC  # which is to say that it keeps its width
            column.header = Text(str(column.header), no_wrap=True, overflow="ellipsis")
        names = max(cell_len(row.name) for row in rows)
        table.columns[0].no_wrap = names <= width // 2  # a name is what other commands take: it is folded, and not cut
        table.columns[0].max_width = width // 2
        for row in rows:
            cells = _cells(row, status.at)
            texts = (Text(plain(str(cells[name])), no_wrap=True, overflow="ellipsis") for name in shown[1:])
            table.add_row(Text(plain(row.name), overflow="fold"), *texts)
        yield ""
        yield table
    if others:
        answers = "that answers or is off" if others == 1 else "that answer or are off"
        yield f"and {others} {answers}: scrape status --all" if rows else f"\n{_SOUND.format(others)}"


def _shown(status: Status, *, everything: bool) -> tuple[list[SourceStatus], int]:
    """The rows to be shown, and how many sources are not. One that is gone has something to show while it waits."""
    rows = [row for row in status.sources if everything or row.state != "gone" or row.waiting]
    if everything or len(rows) <= _MOST_SOURCES:
        return rows, 0
    troubles = {row.name: trouble for row in rows if (trouble := _trouble(row, status))}
    rows.sort(key=lambda row: troubles.get(row.name, ""), reverse=True)
    return rows[: len(troubles)], len(rows) - len(troubles)


def _trouble(row: SourceStatus, status: Status) -> str:
    """When a source's latest trouble began: it fails, is overdue or has an alarm; "" where it has none."""
    if row.state != "followed":
        return ""
    since = [alarm.since for alarm in status.stored.alarms if alarm.source == row.name]
    if row.failures:
        since.append(row.last_success_at or "0")  # it never answered
    # Without a daemon every source is overdue, which is no trouble of its own.
    if status.process is not None and row.next_due and _seconds(status.at, row.next_due) > _LATE:
        since.append(row.next_due)
    return max(since, default="")


def _cells(row: SourceStatus, now: str) -> dict[str, object]:
    """What each column says of a source."""
    outcome = f"{row.last_outcome}: {row.last_detail}" if row.last_outcome else "never asked"
    return {
        "source": row.name,
        "articles": row.articles,
        "waiting": row.waiting,
        "a day": "?" if row.entries_a_day is None else f"{row.entries_a_day:g}",
        "asked": f"{_span(now, row.last_fetched_at)} ago" if row.last_fetched_at else "",
        "due": _due(row.next_due, now) if row.next_due else "",
        "fails": row.failures or "",
        "last outcome": outcome if row.state == "followed" else row.state,
    }


def _hosts(status: Status, *, narrow: bool) -> Iterator[RenderableType]:
    """A line a host, which a narrow terminal cuts: the sources shall be seen too."""
    from rich.text import Text

    if status.stored.hosts:
        yield "\nhosts that are left alone for a while:"
    for row in status.stored.hosts:
        why = f"{row.state}: {row.reason}" if row.reason else row.state
        detail = f": {' '.join(plain(row.detail).split())}" if row.detail else ""
        line = f"  {row.host}: {plain(why)} until {row.until}{detail}"
        yield Text(line, no_wrap=True, overflow="ellipsis") if narrow else line


def _due(at: str, now: str) -> str:
    """``in 5 min``, or ``for 5 min`` of what is overdue."""
    return f"in {_span(at, now)}" if at > now else f"for {_span(now, at)}"


def _span(later: str, earlier: str) -> str:
    """The time between two instants, as people say it: ``40 s``, ``12 min``, ``3 h``, ``5 d``."""
    seconds = max(0.0, _seconds(later, earlier))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _seconds(later: str, earlier: str) -> float:
    return (from_instant(later) - from_instant(earlier)).total_seconds()
