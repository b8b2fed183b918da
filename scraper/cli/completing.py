"""What a shell may complete: the names of sources, and the articles that were stored last.

A shell asks at every Tab, so what cannot be read yields nothing: nobody could see a complaint there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.errors import ScrapeError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from scraper.home import Home

_LATEST = 20  # articles


def source_names(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """The sources of the home that the command line names, with their titles."""
    from click.shell_completion import CompletionItem

    from scraper.settings import load_sources

    try:
        sources = load_sources(_home(ctx))
    except (ScrapeError, OSError):
        return []
    return [
        CompletionItem(source.name, help=source.title or source.url)
        for source in sources
        if source.name.startswith(begun)
    ]


def article_ids(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
    """The latest articles by number, with their titles."""
    from click.shell_completion import CompletionItem

    from scraper.store import Store

    try:
        with Store(_home(ctx).storage, readonly=True, busy_timeout=0.5) as store:
            hits = store.search(limit=_LATEST)
    except (ScrapeError, OSError):
        return []
    return [CompletionItem(str(hit.id), help=hit.title) for hit in hits if str(hit.id).startswith(begun)]


def _home(ctx: click.Context) -> Home:
    from scraper.home import find_home

    return find_home(ctx.find_root().params.get("home"))
