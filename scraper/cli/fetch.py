"""``scrape fetch``."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.addresses import STDIN, addresses, check_lists
from scraper.cli.completing import source_names
from scraper.cli.formats import formatted
from scraper.cli.printing import on_terminal
from scraper.cli.results import OF_RESULTS, Results
from scraper.cli.turns import Turns, in_turns
from scraper.errors import BadUsage, ConfigError
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.pipeline import Ingested, Pipeline
    from scraper.settings import Settings, Source


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is fetched, and how. ``whole``: whole pages, whatever is kept of them."""

    words: tuple[str, ...]
    files: tuple[Path, ...]
    source: Source | None
    whole: bool
    store: bool

    @property
    def is_listed(self) -> bool:
        """Whether URLs come from a list: then each is shown once it is done, and nobody knows how many there are."""
        return bool(self.files) or STDIN in self.words

    @property
    def is_single(self) -> bool:
        """Whether there is nothing to wait for but one page."""
        return not self.is_listed and len(self.words) == 1


@click.command("fetch")
@click.argument("urls", metavar="[URL]...", nargs=-1)
@click.option(
    "--from", "files", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="A list: a URL a line."
)
@formatted(OF_RESULTS)
@click.option(
    "--source",
    metavar="NAME",
    shell_complete=source_names,
    help="Ask as for this source's pages: its agent, headers, login, proxy.",
)
@click.option("--no-cache", is_flag=True, help="Ask for whole pages, whatever is kept of them.")
@click.option("--no-store", is_flag=True, help="Print only, and store no article; needs no database.")
@click.pass_context
def fetch_command(
    ctx: click.Context, /, urls: tuple[str, ...], files: tuple[Path, ...], source: str | None, **given: Any
) -> None:
    """Fetch pages, print their articles and store them.

    URLs are words, lines of files (--from) or lines of standard input ("-", or nothing but a pipe); blank lines and
    those that begin with # are passed over. Of a page that is kept, the server is asked whether it changed. Several
    URLs are fetched at once (one at a time a host): those that are words are shown in their order, those of a list as
    they are done. One that fails does not stop the others; the exit code is 1 then, and 2 if none is a URL. Ctrl-C
    loses nothing that is done. Beside a running daemon both keep to one budget a host.

    \b
    Examples:
      scrape fetch https://example.org/2026/11/story
      scrape fetch --from reading-list.txt --fields title,published_at,url
      scrape search --since 2w --fields url | scrape fetch --jsonl > again.jsonl
    """
    from scraper.settings import named_source

    home: Home = ctx.obj
    if not urls and not files:
        urls = _piped()
    check_lists(files)
    settings = _settings(home, no_store=given["no_store"])
    found = named_source(home, source) if source is not None else None
    wish = _Wish(urls, files, found, whole=given["no_cache"], store=not given["no_store"])
    shown = Results(given["output"], in_order=not wish.is_listed)
    try:
        asyncio.run(_fetch(home, settings, wish, shown))
    finally:
        shown.line.clear()
        if not wish.is_single and on_terminal():
            click.echo(shown.summary(), err=True)
    if not shown.outcomes:
        raise BadUsage("no URL was given, and none is in what was read")
    if shown.failed:
        # What is no URL at all is a word that cannot be used.
        ctx.exit(2 if shown.no_urls == shown.outcomes.total() else 1)


def _piped() -> tuple[str, ...]:
    if sys.stdin is None or sys.stdin.isatty():
        raise BadUsage("no URL was given: name some, or --from FILE, or pipe a list in. See `scrape fetch --help`.")
    return (STDIN,)


def _settings(home: Home, *, no_store: bool) -> Settings:
    """The home's settings; without a home, --no-store does with the defaults."""
    from scraper.settings import Settings, load_settings

    if home.has_settings:
        return load_settings(home)
    if no_store:
        return Settings()
    raise ConfigError(f"no home at {home.root} to store articles in; run `{home.setting_up}`, or fetch with --no-store")


async def _fetch(home: Home, settings: Settings, wish: _Wish, shown: Results) -> None:
    """All of them, each shown as its turn comes."""
    from scraper.pipeline import Errand
    from scraper.tools import HAND_BACK

    at_once = settings.fetch.concurrency
    # All may be of one address, which may ask for as much between two requests.
    many = at_once if wish.is_listed else min(at_once, len(wish.words))
    patience = settings.manners.max_crawl_delay * many + HAND_BACK
    turns = Turns(at_once)
    async with _pipeline(home, settings, wish) as pipeline, aclosing(addresses(wish.words, wish.files)) as urls:

        async def ingest(url: str) -> Ingested:
            return await pipeline.ingest(Errand(url, wish.source, patience=patience, whole=wish.whole))

        async with aclosing(in_turns(turns, urls, ingest)) as results:
            try:
                async for number, result in results:
                    if result is not None:
                        shown.add(number, result)
                    if not wish.is_single:
                        shown.far(turns.known if turns.are_all_known else None)
            finally:
                shown.flush()


@asynccontextmanager
async def _pipeline(home: Home, settings: Settings, wish: _Wish) -> AsyncIterator[Pipeline]:
    from scraper.home import check_room
    from scraper.pipeline import open_pipeline
    from scraper.profiles import Profiles
    from scraper.settings import load_sites
    from scraper.store.writer import Writer

    sites = load_sites(home)
    async with AsyncExitStack() as stack:
        writer = None
        if wish.store:
            check_room(home.storage, settings.storage.min_free)
        database = home.storage / "news.db"
        if wish.store or os.access(database, os.W_OK):  # for the sake of the host budget, which all share
            window = timedelta(seconds=settings.dedupe.window)
            writer = Writer(home.storage, busy_timeout=settings.storage.busy_timeout, window=window)
            await stack.enter_async_context(writer)
        profiles = Profiles(home.root)
        profiles.check([wish.source] if wish.source is not None else [])
        opened = open_pipeline(settings, writer, sites=sites, profiles=profiles, store=wish.store)
        yield await stack.enter_async_context(opened)
