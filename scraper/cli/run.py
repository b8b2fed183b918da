"""``scrape run``."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from scraper.cli.hints import command_line, tell, tell_next
from scraper.cli.printing import counted, on_terminal, plain, print_json, speaks_unicode
from scraper.errors import BadUsage
from scraper.home import Home
from scraper.model import Attempt, Outcome, instant
from scraper.units import Endpoint

if TYPE_CHECKING:
    from scraper.config import Config
    from scraper.daemon import Tally
    from scraper.settings import LogOptions


@click.command("run")
@click.option("--once", is_flag=True, help="Do everything that is due now, print a summary, and end.")
@click.option("--json", "as_json", is_flag=True, help="With --once: the summary as JSON.")
@click.option("--verbose", "-v", is_flag=True, help="With --once: a line for every attempt, on standard error.")
@click.option(
    "--monitor", "watched_at", metavar="ADDRESS:PORT", help="Answer to those who watch, in place of monitor.listen."
)
@click.pass_context
def run_command(ctx: click.Context, once: bool, as_json: bool, verbose: bool, watched_at: str | None) -> None:
    """Follow the configured sources: the daemon.

    Runs until SIGTERM or Ctrl-C, and ends within 10 seconds then; what it did not reach is fetched next time. SIGHUP,
    or `scrape reload`, has it read config/ anew. One `scrape run` works on a home at a time. With --once the exit code
    is 1 if a source or a page failed.

    \b
    Examples:
      scrape run                       until stopped, one log line an attempt
      scrape run --once                once, for cron
      scrape run --monitor 127.0.0.1:9464
    """
    from scraper.config import Config
    from scraper.settings import load_settings

    if not once and (as_json or verbose):  # a line of cron that forgets --once would run for ever
        raise BadUsage(f"{'--json' if as_json else '--verbose'} goes with --once")
    home: Home = ctx.obj
    _set_up_log(load_settings(home).log, quiet=once and not verbose)  # first: reading the rest may warn
    config = Config.load(home, _endpoint(watched_at))
    if not config.settings.fetch.contact:
        logging.getLogger("scraper").warning(
            "no contact address: sites cannot reach you; `%s --contact you@example.org` sets one", home.setting_up
        )
    reasons = Counter[str]()
    with _progress(shown=once and on_terminal()) as show:

        def heard(attempt: Attempt, tally: Tally) -> None:
            reasons[attempt.reason] += 1
            show(attempt, tally)

        tally = asyncio.run(_run(config, heard, once=once))
    if once:
        _summarise(tally, as_json=as_json)
        failed = bool(tally.pages[Outcome.FAILED] or tally.polls[Outcome.FAILED] or tally.polls[Outcome.SKIPPED])
        if failed:
            click.echo(f"Why: {command_line(home, 'status')}", err=True)
        if not as_json:
            _hints(config, tally, offline=set(reasons) == {"dns"})
        if failed:
            ctx.exit(1)


def _hints(config: Config, tally: Tally, *, offline: bool) -> None:
    """What may come after a run that has ended."""
    home = config.home
    if offline:
        tell("Not one name was found on the network: is this machine online?")
        tell_next(home, ("doctor", "checks the network, among others"))
    elif not config.followed:
        tell("No source is followed.")
        tell_next(home, ("sources add URL", "any site of yours: its feed is found"))
    elif tally.pages[Outcome.SAVED]:
        steps = [("search", "the latest articles; with words, those that have them"), ("show ID", "one of them")]
        steps.append(("serve --open", "all of them in a browser"))
        if left := tally.pages[Outcome.SKIPPED]:
            steps.append(("status", f"why {counted(left, 'page')} yielded no article"))
        tell_next(home, *steps)
    elif not (tally.polls or tally.pages):
        tell_next(home, ("status", "when each source is asked again"), ("run", "asks each in its time, until stopped"))


def _endpoint(text: str | None) -> Endpoint | None:
    try:
        return None if text is None else Endpoint.parse(text)
    except ValueError as error:
        raise BadUsage(f"--monitor: {error}") from error


async def _run(config: Config, show: Callable[[Attempt, Tally], None], *, once: bool) -> Tally:
    from scraper.daemon import Daemon

    return await Daemon(config, show).run(once=once)


def _set_up_log(options: LogOptions, *, quiet: bool) -> None:
    """Our own log on standard error: for people on a terminal, one JSON object a line otherwise."""
    human = options.format == "human" or (options.format == "auto" and on_terminal())
    handler = logging.StreamHandler(sys.stderr)
    formatter = _Human() if human else _Json()
    handler.setFormatter(_Prefixed(formatter) if _in_journal() else formatter)
    log = logging.getLogger("scraper")
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.WARNING if quiet else options.level.upper())
    logging.getLogger("asyncio").handlers = [handler]  # whose warnings would else come bare
    logging.getLogger("asyncio").propagate = False


class _Human(logging.Formatter):
    """``20:15:00 saved https://… new article``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        moment = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        trace = "\n" + self.formatException(record.exc_info) if record.exc_info else ""
        return f"{moment} {level}{plain(' '.join(record.getMessage().split()))}{trace}"


_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029]")  # what JSON leaves as it is, and some readers end a line at


class _Json(logging.Formatter):
    """One object a line: at, level, message, and for an attempt its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields: dict[str, object] = {
            "at": instant(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
        }
        attempt = getattr(record, "attempt", None)
        if isinstance(attempt, Attempt):
            fields |= {key: value for key, value in asdict(attempt).items() if key != "at" and value is not None}
            if attempt.elapsed is not None:
                fields["elapsed"] = round(attempt.elapsed, 3)
        else:
            fields["message"] = record.getMessage()
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        text = json.dumps(fields, ensure_ascii=not speaks_unicode(sys.stderr))
        return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Prefixed(logging.Formatter):
    """Each line with its level as systemd's journal reads it (sd-daemon(3)), so that `journalctl -p warning` works."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """One line, or more."""
        level = next(number for least, number in _PRIORITIES if record.levelno >= least)
        return "\n".join(f"<{level}>{line}" for line in self._inner.format(record).split("\n"))


_PRIORITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))


def _in_journal() -> bool:
    """Whether what we say on standard error goes to systemd's journal (systemd.exec(5), $JOURNAL_STREAM)."""
    try:
        here = os.fstat(sys.stderr.fileno())
    except (OSError, AttributeError, ValueError):  # it is closed, or no file
        return False
    return os.environ.get("JOURNAL_STREAM", "") == f"{here.st_dev}:{here.st_ino}"


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[Attempt, Tally], None]]:
    """What to call with every attempt; draws a bar on a terminal."""
    if not shown:
        yield lambda _attempt, _tally: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("asking sources", total=None)

        def show(_attempt: Attempt, tally: Tally) -> None:
            done = sum(tally.pages.values())
            text = f"{tally.pages[Outcome.SAVED]} new" if done else "asking sources"
            progress.update(task, description=text, completed=done, total=done + tally.waiting)

        yield show


def _summarise(tally: Tally, *, as_json: bool) -> None:
    if as_json:
        print_json({"sources": dict(tally.polls), "pages": dict(tally.pages)})
        return
    click.echo(f"sources: {_counted(tally.polls)}")
    click.echo(f"pages:   {_counted(tally.pages)}")


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome]) or "nothing was due"
