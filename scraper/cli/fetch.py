"""``scrape fetch``."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from scraper.cli.printing import GOOD, article_dict, attempt_line, complain, markdown, print_article, print_json
from scraper.errors import BadURL
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.pipeline import Errand, Ingested
    from scraper.settings import Settings


@click.command("fetch")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a URL, in the order given.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown.")
@click.option("--source", metavar="NAME", help="Ask as for this source's pages: its agent, headers, login, proxy.")
@click.option("--no-cache", is_flag=True, help="Ask for whole pages, whatever is kept of them.")
@click.option("--no-store", is_flag=True, help="Print only, and store no article; needs no database.")
@click.pass_context
def fetch_command(
    ctx: click.Context,
    /,
    urls: tuple[str, ...],
    source: str | None,
    **flags: bool,
) -> None:
    """Fetch pages, print their articles and store them.

    Of a page that is kept, the server is asked whether it changed. Several URLs are fetched at once (one at a time a
    host). One that fails does not stop the others; the exit code is 1 then, and 2 if none is a URL. Beside a running
    daemon both keep to one budget a host.

    \b
    Examples:
      scrape fetch https://example.org/2026/11/story
      scrape fetch --json --no-store https://example.org/a https://example.org/b
    """
    from scraper.pipeline import Errand
    from scraper.settings import named_source

    home: Home = ctx.obj
    as_json, as_markdown, no_store = flags["as_json"], flags["as_markdown"], flags["no_store"]
    settings = _settings(home, no_store=no_store)
    found = named_source(home, source) if source is not None else None
    patience = _patience(settings, len(urls))
    errands = [Errand(url, found, patience=patience, whole=flags["no_cache"]) for url in urls]
    results = asyncio.run(_ingest(home, settings, errands, store=not no_store))
    for index, result in enumerate(results):
        if as_json:
            _print_json(result)
        elif result.article is not None and as_markdown:
            click.echo(("\n---\n\n" if index else "") + markdown(result.article), nl=False)
        elif result.article is not None:
            click.echo("\n" if index else "", nl=False)
            print_article(result.article, attempt_line(result.attempt))
        if result.attempt.outcome not in GOOD:
            complain(result.attempt)
    if any(result.attempt.outcome not in GOOD for result in results):
        # What is no URL at all is a word that cannot be used.
        ctx.exit(2 if all(result.attempt.reason == BadURL.reason for result in results) else 1)


def _settings(home: Home, *, no_store: bool) -> Settings:
    """The home's settings; without a home, --no-store does with the defaults."""
    from scraper.settings import Settings, load_settings

    if no_store and not home.scraper_toml.is_file():
        return Settings()
    return load_settings(home)


def _patience(settings: Settings, many: int) -> float:
    """All may be of one host, which may ask for as much between two requests."""
    from scraper.tools import HAND_BACK

    return settings.manners.max_crawl_delay * many + HAND_BACK


async def _ingest(home: Home, settings: Settings, errands: list[Errand], *, store: bool) -> list[Ingested]:
    from scraper.home import check_room
    from scraper.pipeline import open_pipeline
    from scraper.profiles import Profiles
    from scraper.settings import load_sites
    from scraper.store.writer import Writer

    sites = load_sites(home)
    async with AsyncExitStack() as stack:
        writer = None
        if store:
            check_room(home.storage, settings.storage.min_free)
        database = home.storage / "news.db"
        if store or os.access(database, os.W_OK):  # for the sake of the host budget, which all share
            window = timedelta(seconds=settings.dedupe.window)
            writer = Writer(home.storage, busy_timeout=settings.storage.busy_timeout, window=window)
            await stack.enter_async_context(writer)
        profiles = Profiles(home.root)
        profiles.check(errand.source for errand in errands if errand.source is not None)
        opened = open_pipeline(settings, writer, sites=sites, profiles=profiles, store=store)
        pipeline = await stack.enter_async_context(opened)
        return list(await asyncio.gather(*(pipeline.ingest(errand) for errand in errands)))


def _print_json(result: Ingested) -> None:
    attempt = result.attempt
    print_json(
        {
            "requested_url": attempt.url,
            "outcome": attempt.outcome,
            "reason": attempt.reason,
            "detail": attempt.detail,
            "status": attempt.status,
            "from_cache": attempt.from_cache,
            "id": attempt.article_id,
            "article": article_dict(result.article) if result.article is not None else None,
        }
    )
