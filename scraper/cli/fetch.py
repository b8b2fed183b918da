"""``scrape fetch``."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import click

from scraper.cli.printing import GOOD, article_dict, attempt_line, complain, markdown, print_article, print_json
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.pipeline import Ingested
    from scraper.settings import Settings


@click.command("fetch")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a URL, in the order given.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown.")
@click.option("--no-store", is_flag=True, help="Print only; leave the database alone (and need none).")
@click.pass_context
def fetch_command(
    ctx: click.Context,
    urls: tuple[str, ...],
    as_json: bool,
    as_markdown: bool,
    no_store: bool,
) -> None:
    """Fetch pages, print their articles and store them.

    Several URLs are fetched at once (one at a time a host). One that fails does not stop the others; the exit code
    is 1 then. Beside a running daemon both keep to one budget a host.

    \b
    Examples:
      scrape fetch https://example.org/2026/11/story
      scrape fetch --json --no-store https://example.org/a https://example.org/b
    """
    home: Home = ctx.obj
    settings = _settings(home, no_store=no_store)
    results = asyncio.run(_ingest(home, settings, urls, store=not no_store))
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
        ctx.exit(1)


def _settings(home: Home, *, no_store: bool) -> Settings:
    """The home's settings; without a home, --no-store does with the defaults."""
    from scraper.settings import Settings, load_settings

    if no_store and not home.scraper_toml.is_file():
        return Settings()
    return load_settings(home)


async def _ingest(home: Home, settings: Settings, urls: tuple[str, ...], *, store: bool) -> list[Ingested]:
    from scraper.home import check_room
    from scraper.pipeline import HAND_BACK, Errand, open_pipeline
    from scraper.settings import load_sites
    from scraper.store.writer import Writer

    sites = load_sites(home)
    async with AsyncExitStack() as stack:
        writer = None
        if store:
            check_room(home.storage, settings.storage.min_free)
            writer = Writer(home.storage, busy_timeout=settings.storage.busy_timeout)
            await stack.enter_async_context(writer)
        pipeline = await stack.enter_async_context(open_pipeline(settings, writer, sites=sites))
        # All may be of one host, which may ask for as much between two requests.
        patience = settings.manners.max_crawl_delay * len(urls) + HAND_BACK
        return list(await asyncio.gather(*(pipeline.ingest(Errand(url, patience=patience)) for url in urls)))


def _print_json(result: Ingested) -> None:
    attempt = result.attempt
    print_json(
        {
            "requested_url": attempt.url,
            "outcome": attempt.outcome,
            "reason": attempt.reason,
            "detail": attempt.detail,
            "status": attempt.status,
            "id": attempt.article_id,
            "article": article_dict(result.article) if result.article is not None else None,
        }
    )
