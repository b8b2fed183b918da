"""``scrape forget``."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from scraper.errors import BadUsage
from scraper.home import Home


@click.command("forget")
@click.argument("which", metavar="[ID|URL]...", nargs=-1)
@click.option("--source", metavar="NAME", help="Every article of this source.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget_command(home: Home, which: tuple[str, ...], source: str | None, yes: bool) -> None:
    """Erase articles for good.

    Their text, revisions, raw pages and every trace in the search index go; only the URL keys stay, so that they are
    not fetched again. A URL that nothing is stored of is marked too.

    \b
    Examples:
      scrape forget https://example.org/2026/11/story
      scrape forget --source old-county-post --yes
    """
    from scraper.store import Filters, Store

    if bool(which) == bool(source):
        raise BadUsage("name articles (by id or URL), or a source with --source")
    with Store(home.check().storage) as store:
        targets = list(which)
        if source:
            if store.frontier.source(source) is None:
                raise BadUsage(f"no source {source!r} has articles here; `scrape status` lists them")
            targets = [str(stored.id) for stored in store.export(Filters(source=source))]
        if not yes and targets:
            click.confirm(f"Erase {len(targets)} article{'s' if len(targets) > 1 else ''} for good?", abort=True)
        now = datetime.now(UTC)
        with store.transaction():
            erased = sum(store.forget(target.removeprefix("#"), now) is not None for target in targets)
        store.scrub()
    click.echo(f"{erased} erased, {len(targets) - erased} only marked" if erased < len(targets) else f"{erased} erased")
