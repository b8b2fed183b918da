"""``scrape sources import`` and ``scrape sources export``: the lists that feed readers exchange."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from scraper.cli.editing import append_sources, free_name, host_name, language_tag
from scraper.cli.printing import plain, print_json
from scraper.cli.target import named
from scraper.errors import BadUsage, NotAFeed
from scraper.home import Home
from scraper.model import SourceKind

if TYPE_CHECKING:
    from scraper.discover.opml import Outline, Subscription

_LARGEST = 20 * 2**20


@click.command("import", short_help="Add the feeds of an OPML file.")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Show what would be added, and add nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what is added as JSON.")
@click.pass_context
def import_command(ctx: click.Context, /, file: BinaryIO, *, dry_run: bool, as_json: bool) -> None:
    """Add the feeds of an OPML file, such as a feed reader exports; - is standard input.

    Nothing is asked: `scrape sources check` tells afterwards which of them answer. Feeds that are followed already are
    left as they are. Folders become comments. The exit code is 1 where some have no address that can be asked.

    \b
    Examples:
      scrape sources import subscriptions.opml
      scrape sources import --dry-run - < subscriptions.opml
    """
    from scraper.dedupe import url_key
    from scraper.settings import load_settings, load_sources

    home: Home = ctx.obj
    load_settings(home)
    known = load_sources(home) if home.has_sources else ()
    outline = _read(file)
    keys, taken = {url_key(source.url) for source in known}, {source.name for source in known}
    tables, doubles, folder = list[dict[str, str]](), outline.doubles, ""
    for feed in outline.feeds:
        if (key := url_key(feed.url)) in keys:
            doubles += 1
            continue
        keys.add(key)
        table = _table(feed, taken)
        tables.append(table | {"comment": plain(feed.folder) if feed.folder != folder else ""})
        folder = feed.folder
    if tables and not dry_run:
        append_sources(home, tables)
    if as_json:
        counts = {"doubles": doubles, "unusable": outline.unusable, "skipped": list(outline.skipped)}
        added = [{key: value for key, value in table.items() if key != "comment"} for table in tables]
        print_json({"added": bool(tables) and not dry_run, "sources": added, **counts})
    else:
        for table in tables:
            click.echo(plain(f"{table['name']}: a feed at {table['url']}"))
    click.echo(_summary(len(tables), doubles, outline.unusable, dry_run=dry_run), err=True)
    _complain(outline)
    if outline.unusable:
        ctx.exit(1)


@click.command("export")
@click.option("--opml", is_flag=True, help="As OPML 2.0: the default, and the one format that there is.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=named,
    help="Write to this file; - is standard output.",
)
@click.pass_obj
def export_command(home: Home, /, *, opml: bool, output: Path | None) -> None:  # noqa: ARG001 - there is no other format
    """Write the feeds that are followed as OPML, for any feed reader.

    Sitemaps and section pages are left out, as feed readers know neither: config/sources.toml holds them all, and
    `scrape sources list --json` prints them.

    \b
    Examples:
      scrape sources export > feeds.opml
      scrape sources export --opml -o feeds.opml
    """
    write_feeds(home, output)


def write_feeds(home: Home, output: Path | None, name: str | None = None) -> None:
    """Write the feeds that are followed, or the one of that name, as OPML. Raises Stop."""
    from scraper.cli.editing import replace_text
    from scraper.discover.opml import Subscription, write
    from scraper.settings import load_sources, named_source

    sources = load_sources(home) if name is None else (named_source(home, name),)
    feeds = [source for source in sources if source.kind is SourceKind.FEED]
    text = write(
        (Subscription(feed.url, feed.title or feed.name, language=feed.language) for feed in feeds),
        "Sources of article-scraper",
    )
    if output is not None:
        replace_text(output, text)
    else:
        click.echo(text, nl=False)
    if left := len(sources) - len(feeds):
        click.echo(f"left out: {left} of other kinds than feeds", err=True)


def _read(file: BinaryIO) -> Outline:
    """The list in a file. Raises BadUsage."""
    from scraper.discover.opml import read

    body = file.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise BadUsage(f"{file.name} is larger than {_LARGEST:,} bytes, which no list of feeds is")
    try:
        return read(body)
    except NotAFeed as error:
        raise BadUsage(f"{file.name}: {error}") from error


def _table(feed: Subscription, taken: set[str]) -> dict[str, str]:
    """A feed as a table of sources.toml, under a name that nobody has."""
    page = feed.page if re.match(r"https?://\S", feed.page) else feed.url
    name = free_name(host_name(page), taken)
    taken.add(name)
    told = {"title": plain(feed.title), "url": feed.url, "language": language_tag(feed.language)}
    return {"name": name, **told, "kind": SourceKind.FEED.value}


def _complain(outline: Outline) -> None:
    """Name what was skipped, or the first of it."""
    for what in outline.skipped:
        click.echo(plain(f"scrape: skipped: {what}"), err=True)
    if more := outline.unusable - len(outline.skipped):
        click.echo(f"scrape: skipped: {more} more", err=True)


def _summary(added: int, doubles: int, unusable: int, *, dry_run: bool) -> str:
    told = [f"{added} {'would be added' if dry_run else 'added'}"]
    told += [f"{doubles} followed already or there twice"] * bool(doubles)
    told += [f"{unusable} without an address that can be asked"] * bool(unusable)
    return ", ".join(told)
