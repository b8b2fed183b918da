"""``scrape sources list|remove|check``; ``add`` is in :mod:`scraper.cli.finding`, ``import`` and ``export`` in
:mod:`scraper.cli.opml`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.completing import source_names
from scraper.cli.editing import changing, rewrite_sources
from scraper.cli.finding import add_command
from scraper.cli.hints import tell, tell_next
from scraper.cli.opml import export_command, import_command
from scraper.cli.printing import console, plain, print_json
from scraper.errors import BadURL, ConfigError, Skip, TryLater
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.pipeline import Pipeline
    from scraper.settings import Source


_FIRST = ("sources add URL", "any site of yours: its feed is found")


@click.group("sources")
def sources_command() -> None:
    """List, find, add, remove and check sources.

    \b
    Examples:
      scrape sources list
      scrape sources add https://www.themoscowtimes.com/
    """


for _command in (add_command, import_command, export_command):
    sources_command.add_command(_command)


@sources_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_obj
def list_command(home: Home, as_json: bool) -> None:
    """List the configured sources.

    \b
    Examples:
      scrape sources list
      scrape sources list --json
    """
    from scraper.settings import load_sources

    rows = [_row(source) for source in load_sources(home)]
    if as_json:
        print_json(rows)
        return
    if not rows:
        tell("No source is configured yet.")
        tell_next(home, _FIRST)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("name", "kind", "lang", "url"):
        table.add_column(name, overflow="fold")  # whoever wants to copy an address needs all of it
    for row in rows:
        table.add_row(row["name"] + ("" if row["enabled"] else " (off)"), row["kind"], row["language"], row["url"])
    console().print(table)


@sources_command.command("remove")
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=source_names)
@click.pass_obj
def remove_command(home: Home, names: tuple[str, ...]) -> None:
    """Remove sources from config/sources.toml; their articles stay.

    \b
    Examples:
      scrape sources remove politics
      scrape sources remove moscow-times bbc-world
    """
    import tomlkit

    from scraper.instance import running
    from scraper.settings import load_sources, named

    with changing(home.sources_toml):
        known = load_sources(home)
        for name in names:
            named(known, name)
        document: Any = tomlkit.parse(home.sources_toml.read_text(encoding="utf-8-sig"))
        tables = document["source"]
        for name in dict.fromkeys(names):
            del tables[next(index for index, table in enumerate(tables) if table["name"] == name)]
        if not tables:
            del document["source"]
        rewrite_sources(home, tomlkit.dumps(document))
    for name in dict.fromkeys(names):
        click.echo(f"{name}: removed")
    if running(home.lock):
        tell_next(home, ("reload", "the running daemon reads config/ anew"))


@sources_command.command("check")
@click.argument("names", nargs=-1, shell_complete=source_names)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_context
def check_command(ctx: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Ask sources once and tell which answer; nothing is stored.

    Without NAMES all of them, those that are off included. The exit code is 1 if one does not answer as it should.

    \b
    Examples:
      scrape sources check
      scrape sources check moscow-times
    """
    from scraper.settings import load_settings, load_sources, named

    home: Home = ctx.obj
    settings = load_settings(home)
    known = load_sources(home)
    wanted = {named(known, name).name for name in names}
    sources = [source for source in known if not names or source.name in wanted]
    rows = asyncio.run(_check(home, settings, sources))
    least = settings.schedule.min_interval
    for row, source in zip(rows, sources, strict=True):
        if source.interval is not None and source.interval < least:
            row["detail"] += f"; asked every {least:g} s, not {source.interval:g} s (schedule.min_interval)"
    if as_json:
        print_json(rows)
    else:
        if not rows:
            tell("No source is configured yet.")
            tell_next(home, _FIRST)
        for row in rows:
            mark = "ok  " if row["ok"] else "FAIL"
            click.echo(plain(f"{mark} {row['name']}{'' if row['enabled'] else ' (off)'}: {row['detail']}"))
    if not all(row["ok"] for row in rows):
        ctx.exit(1)


async def _check(home: Home, settings: Any, sources: list[Source]) -> list[dict[str, Any]]:
    from scraper.pipeline import open_pipeline
    from scraper.profiles import Profiles
    from scraper.store.writer import Writer

    # With the store, for the sake of the host budget that a running daemon shares.
    profiles = Profiles(home.root)
    async with (
        Writer(home.storage, busy_timeout=settings.storage.busy_timeout) as writer,
        open_pipeline(settings, writer, profiles=profiles) as pipeline,
    ):
        return list(await asyncio.gather(*(_look(pipeline, source) for source in sources)))


async def _look(pipeline: Pipeline, source: Source) -> dict[str, Any]:
    row = _row(source)
    try:
        reading = await pipeline.polls.read(source, await pipeline.polls.ask(source))
        if reading.fault is not None:
            raise reading.fault
    except (BadURL, ConfigError, Skip, TryLater) as error:  # any other Stop is no fault of the source
        return {**row, "ok": False, "entries": 0, "detail": str(error)}
    entries, dropped = reading.listing.entries, reading.listing.dropped
    newest = max((entry.published.at for entry in entries if entry.published), default="")
    detail = f"{len(entries)} entries" + (f" ({dropped} more are listed)" if dropped else "")
    detail += f", the newest of {newest}" if newest else ""
    return {**row, "ok": bool(entries), "entries": len(entries), "detail": detail}


def _row(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "title": source.title,
        "kind": source.kind.value,
        "url": source.url,
        "language": source.language,
        "enabled": source.enabled,
    }
