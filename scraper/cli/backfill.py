"""``scrape backfill``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from scraper.cli.completing import source_names
from scraper.cli.hints import tell, tell_next
from scraper.cli.printing import console, on_terminal, plain, print_json
from scraper.errors import BadUsage
from scraper.home import Home
from scraper.model import instant

if TYPE_CHECKING:
    from scraper.settings import Settings, Source
    from scraper.store import Backfill
    from scraper.store.writer import Writer


@click.command("backfill")
@click.argument("name", metavar="[SOURCE]", required=False, shell_complete=source_names)
@click.option("--since", metavar="DATE", help="Look for what was published on this day or later.")
@click.option("--undated", is_flag=True, help="Take also pages of which nothing says when they were published.")
@click.option("--stop", is_flag=True, help="End the source's back-fill, and fetch nothing more of what it found.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def backfill_command(home: Home, /, name: str | None, since: str | None, as_json: bool, **flags: bool) -> None:
    """Look for what a source published since a day.

    Reads the sitemaps of the source's site and the older pages of its list, and queues what is not known; `scrape run`
    fetches that, after all that is new. Beside a running daemon, that does the reading. Interrupted, or stopped at its
    limit, the same command goes on where it was. Without SOURCE, the back-fills so far are listed.

    \b
    Examples:
      scrape backfill harbour-post --since 2026-11-01
      scrape backfill
      scrape backfill harbour-post --stop
    """
    from scraper.settings import load_settings, named_source

    if name is None:
        if since is not None or any(flags.values()):
            raise BadUsage("say of which source: `scrape sources list` lists them")
        _list(home, as_json=as_json)
        return
    settings = load_settings(home)
    if flags["stop"]:
        _stop(home, settings, name, as_json=as_json)
        return
    source = named_source(home, name)
    if not source.enabled:
        raise BadUsage(f"{name} is off, and nothing of it is fetched: set enabled = true in {home.sources_toml}")
    shown = asyncio.run(_begin(home, settings, source, _day(since), undated=flags["undated"]))
    if as_json:
        print_json(asdict(shown))
    else:
        click.echo(_line(shown))
        _say_next(home, shown)


def _day(since: str | None) -> str:
    if since is None:
        raise BadUsage("say since when, as in --since 2026-11-01")
    try:
        return date.fromisoformat(since).isoformat()
    except ValueError as error:
        raise BadUsage(f"{since!r} is no date; write it as 2026-11-23") from error


async def _begin(home: Home, settings: Settings, source: Source, since: str, *, undated: bool) -> Backfill:
    from scraper.backfill import begin
    from scraper.home import check_room
    from scraper.instance import running
    from scraper.polling import follow
    from scraper.settings import load_sources
    from scraper.store import Store, Wanted
    from scraper.store.writer import Writer
    from scraper.tools import utc_now

    check_room(home.storage, settings.storage.min_free)
    sources, now = load_sources(home), utc_now()
    if since > instant(now)[:10]:
        raise BadUsage(f"{since} is yet to come")
    daemon = running(home.lock)

    def work(store: Store) -> Backfill:
        if not daemon:
            follow(store, sources, now)
        elif store.frontier.source(source.name) is None:
            raise BadUsage(f"the daemon does not know {source.name} yet: run `scrape reload` first")
        limits = settings.backfill
        wanted = Wanted(source.name, since, limits.max_documents, limits.max_entries, undated=undated)
        return begin(store, source, wanted, now)

    async with Writer(home.storage, busy_timeout=settings.storage.busy_timeout) as writer:
        begun = await writer.run(work)
        return begun if daemon else await _read(home, settings, source, writer, begun)


async def _read(home: Home, settings: Settings, source: Source, writer: Writer, begun: Backfill) -> Backfill:
    """Read the documents of a back-fill that are due, one after the other."""
    from scraper.pipeline import open_pipeline
    from scraper.profiles import Profiles
    from scraper.tools import utc_now

    profiles = Profiles(home.root)
    profiles.check([source])
    async with open_pipeline(settings, writer, profiles=profiles) as pipeline:
        state = await writer.run(lambda store: store.frontier.source(source.name))
        if state is not None and state.read_as is None:  # what it announces tells what is like it
            await pipeline.polls.poll(state, source)
        with _progress(shown=on_terminal()) as show:
            while True:
                now = instant(utc_now())
                due = await writer.run(lambda store: store.backfills.due(now, begun.id))  # noqa: B023 - awaited here
                if not due:
                    return await writer.run(lambda store: store.backfills.get(begun.id))
                attempt = await pipeline.archives.work(due[0], source)
                show(f"{attempt.url}: {attempt.detail}")


def _stop(home: Home, settings: Settings, name: str, *, as_json: bool) -> None:
    """Also of a source that is gone from sources.toml."""
    from scraper.store import Store
    from scraper.store.writer import Writer
    from scraper.tools import utc_now

    def work(store: Store) -> int:
        if not store.backfills.of(name):
            raise BadUsage(f"there is no back-fill of {name}")
        return store.backfills.stop(name, instant(utc_now()))

    async def run() -> int:
        async with Writer(home.storage, busy_timeout=settings.storage.busy_timeout) as writer:
            return await writer.run(work)

    dropped = asyncio.run(run())
    if as_json:
        print_json({"source": name, "dropped": dropped})
    else:
        click.echo(f"{name}: stopped; {dropped} articles that were found are not fetched")


def _list(home: Home, *, as_json: bool) -> None:
    from rich.table import Table

    from scraper.store import Store

    with Store(home.check().storage, readonly=True) as store, store.reading():
        backfills = store.backfills.all()
    if as_json:
        print_json([asdict(backfill) for backfill in backfills])
        return
    if not backfills:
        click.echo("no back-fill was made yet", err=True)
        return
    table = Table("source", "since", "began", "read", "found", "how it stands", box=None, pad_edge=False)
    for each in backfills:
        standing = each.detail or "under way"
        cells = (each.since, each.started_at, str(each.documents), str(each.found), plain(standing))
        table.add_row(each.source, *cells)
    console().print(table)


def _line(backfill: Backfill) -> str:
    passed = f"; {backfill.passed} left out, of an unknown day (--undated takes them)" if backfill.passed else ""
    standing = backfill.detail or "under way"
    return plain(
        f"{backfill.source} since {backfill.since}: {standing}; {backfill.documents} documents read,"
        f" {backfill.found} new entries found{passed}"
    )


def _say_next(home: Home, backfill: Backfill) -> None:
    from scraper.instance import running

    if running(home.lock):
        tell("The running daemon goes on with it.")
        tell_next(home, ("backfill", "how it stands"))
    elif backfill.ended_at is None:
        tell("Some documents did not answer, and are tried again.")
        tell_next(home, ("run --once", "goes on with it"))
    else:
        tell_next(home, ("run --once", "fetches what was found"))


@contextmanager
def _progress(*, shown: bool) -> Iterator[Callable[[str], None]]:
    if not shown:
        yield lambda _line: None
        return
    with console(stderr=True).status("reading") as status:
        yield lambda line: status.update(plain(line))
