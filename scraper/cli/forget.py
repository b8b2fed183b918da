"""``scrape forget``."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from scraper.cli.completing import article_ids, source_names
from scraper.cli.printing import print_json
from scraper.errors import BadUsage
from scraper.home import Home


@click.command("forget")
@click.argument("which", metavar="[ID|URL]...", nargs=-1, shell_complete=article_ids)
@click.option("--source", metavar="NAME", shell_complete=source_names, help="Every article of this source.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: how many were erased, and how many only marked.")
@click.pass_obj
def forget_command(home: Home, which: tuple[str, ...], source: str | None, yes: bool, as_json: bool) -> None:
    """Erase articles for good.

    Their text, revisions, raw pages and every trace in the search index go; only the URL keys and a hash of the text
    stay, so that they do not come back. A URL that nothing is stored of is marked too.

    \b
    Examples:
      scrape forget https://example.org/2026/11/story
      scrape forget --source old-county-post --yes --json
    """
    from scraper.settings import load_settings
    from scraper.store import Filters, Store

    if bool(which) == bool(source):
        raise BadUsage("name articles (by id or URL), or a source with --source")
    for word in which:
        # A host alone is an address too; a mistyped id would else be marked as one.
        if not word.removeprefix("#").isdecimal() and not set(word) & set("./"):
            raise BadUsage(f"{word!r} is neither an id nor a URL")
    busy_timeout = load_settings(home).storage.busy_timeout
    with Store(home.storage, busy_timeout=busy_timeout) as store:
        targets = list(which)
        if source:
            state = store.frontier.source(source)
            if state is None:
                raise BadUsage(f"no source {source!r} has articles here; `scrape status` lists them")
            targets = [str(stored.id) for stored in store.export(Filters(source=source))]
            targets += store.frontier.unstored(state.id)
        if not yes and targets:
            what = f"{len(targets)} article{'s' if len(targets) > 1 else ''}"
            if not _confirmed(f"Erase {what} for good?"):
                click.echo("nothing was erased", err=True)
                raise click.exceptions.Exit(1)
        erased = store.erase([target.removeprefix("#") for target in targets], datetime.now(UTC))
    marked = max(0, len(targets) - erased)  # one URL may erase two articles
    if as_json:
        print_json({"erased": erased, "marked": marked})
    else:
        click.echo(f"{erased} erased, {marked} only marked" if marked else f"{erased} erased")


def _confirmed(question: str) -> bool:
    try:
        return click.confirm(question, err=True)
    except click.Abort as error:
        if not isinstance(error.__context__, EOFError):  # Ctrl-C
            raise
        click.echo(err=True)
        raise BadUsage("there is nobody to ask, so nothing was erased: --yes says that it shall be") from error
