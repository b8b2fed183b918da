"""``scrape export``: what is stored, as files for other programs."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.filters import check_source, filtered, limited
from scraper.cli.printing import counted
from scraper.cli.progress import progress
from scraper.cli.target import Damages, binary, named, text, written
from scraper.errors import BadUsage, MissingExtra
from scraper.home import Home
from scraper.model import Kind, StoredArticle

if TYPE_CHECKING:
    from scraper.formats.feeds import Head
    from scraper.store import Filters, Selection, Store

_ENDINGS = {
    ".csv": "csv", ".parquet": "parquet", ".atom": "atom", ".opml": "opml", ".warc": "warc", ".warc.gz": "warc",
}  # fmt: skip
_OTHERS = (
    ".bz2", ".db", ".docx", ".epub", ".gz", ".htm", ".html", ".md", ".ods", ".pdf", ".rss", ".sqlite", ".tsv", ".txt",
    ".xls", ".xlsx", ".xml", ".xz", ".yaml", ".yml", ".zip", ".zst",
)  # fmt: skip
"""Endings that no format of ours has, but a reader of such files would expect one."""
_OFTEN = 25  # articles from one word of progress to the next
_KINDS = [kind.value for kind in Kind if kind is not Kind.OTHER]


@dataclass
class _Export:
    """What is to be written, and where to; ``count`` is how many articles were."""

    store: Store
    selection: Selection
    output: Path | None
    safe: bool = False
    damages: Damages = field(default_factory=Damages)
    count: int = 0

    def articles(self, *, newest: bool = False) -> Iterator[StoredArticle]:
        """The articles one by one, with progress on a terminal."""
        ids = self.store.select(self.selection, newest=newest)
        # A bar is no company for lines on the same terminal.
        shown = self.output is not None or not sys.stdout.isatty()
        with progress("exporting", "articles") if shown else nullcontext(lambda _done, _of: None) as tell:
            for stored in self.store.each(ids, self.damages.add):
                yield stored
                self.count += 1
                if not self.count % _OFTEN:
                    tell(self.count, len(ids))


@click.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv", "parquet", "markdown", "atom", "jsonfeed", "opml", "warc"]),
    help="By default as the name of the file ends, or jsonl.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, readable=False),
    callback=named,
    help="A file, or a folder for markdown; - is standard output.",
)
@click.option("--with-login", is_flag=True, help="Also what it took a login to read.")
@click.option("--safe-cells", is_flag=True, help="CSV: let no spreadsheet take a text for a formula.")
@filtered
@click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only of this kind; may be repeated.")
@click.option("--query", "-q", metavar="WORDS", help="Only those in which `scrape search` finds this.")
@limited(None, "So many at most, the latest.")
@click.pass_context
def export_command(
    ctx: click.Context, /, form: str | None, output: Path | None, *, filters: Filters, with_login: bool, **more: Any
) -> None:
    """Write stored articles for other programs, or raw pages as a web archive (WARC).

    \b
    jsonl     everything; back by `scrape import`
    markdown  a folder, one file an article, everything; back by `scrape import`
    parquet   everything, in typed columns; needs the extra "parquet"
    csv       loses the Markdown, evidence, other addresses, image, credit
    atom      loses evidence and all that feeds lack; a day becomes its midnight
    jsonfeed  the same
    opml      the feeds that are followed; back by `scrape sources import`
    warc      the raw pages, no articles; back by `scrape import`

    No format holds earlier texts of an article: `scrape db backup` does. A file gets its name once it is whole; without
    one, all but markdown go to standard output. A folder is brought up to date: only what changed is written, and no
    file that you wrote or changed is touched. A WARC takes --source, --lang, --author for the pages of those articles,
    --since and --until for when pages were fetched. What was fetched with a login (see `login` in sources.toml) is not
    for everybody, and is left out unless asked for. docs/exporting.md tells all of it.

    \b
    Examples:
      scrape export --source moscow-times --since 2026-01-01 -o moscow.csv
      scrape export --format markdown -o ~/notes/news --query "peace talks"
    """
    from scraper.store import Selection, Store

    home: Home = ctx.obj
    form = form or _by_name(output)
    asked = Selection(replace(filters, public=not with_login), more["query"] or "", more["kinds"], more["limit"])
    _check(form, output, asked, safe_cells=more["safe_cells"])
    if form == "opml":
        from scraper.cli.opml import write_feeds

        write_feeds(home, output, filters.source)
        return
    with Store(home.check().storage, readonly=True) as store:
        check_source(home, store, filters)
        if form == "warc":
            from scraper.cli.archives import export_warc

            ctx.exit(0 if export_warc(store, asked.filters, output, _robots(home)) else 1)
        export = _Export(store, asked, output, safe=more["safe_cells"])
        told = _WRITERS[form](export)
    if output is not None:
        click.echo(
            f"{output}: {counted(export.count, 'article')}{told or ''}{export.damages.said('article')}", err=True
        )
    ctx.exit(1 if export.damages.number else 0)


def _by_name(output: Path | None) -> str:
    """The format that a file's name asks for. Raises BadUsage for one that is none of ours."""
    name = output.name.lower() if output is not None else ""
    form = next((form for ending, form in _ENDINGS.items() if name.endswith(ending)), None)
    if form is None and name.endswith(_OTHERS):
        raise BadUsage(f"{output}: no format is known by this ending; say with --format what it is to be")
    return form or "jsonl"


def _check(form: str, output: Path | None, asked: Selection, *, safe_cells: bool) -> None:
    """Raise BadUsage for options that do not go together."""
    from scraper.store import Filters

    if form == "markdown" and (output is None or (output.exists() and not output.is_dir())):
        raise BadUsage("markdown is a file an article: name a folder with -o")
    if form != "markdown" and output is not None and output.is_dir():
        raise BadUsage(f"{output} is a folder; {form} is one file")
    if safe_cells and form != "csv":
        raise BadUsage("--safe-cells is for csv: spreadsheets read no other format")
    of_articles = asked.query or asked.kinds or asked.limit is not None
    if form == "warc" and of_articles:
        raise BadUsage("a WARC holds pages: it takes --source, --since, --until, --lang and --author")
    if form == "opml" and (of_articles or asked.filters != Filters(asked.filters.source, public=True)):
        raise BadUsage("opml holds the feeds that are followed: of what narrows, it takes --source alone")


def _robots(home: Home) -> str:
    """How robots.txt is kept to, as a WARC says it."""
    from scraper.settings import Settings, load_settings

    settings = load_settings(home) if home.has_settings else Settings()
    return "obey" if settings.manners.obey_robots else "ignore"


def _jsonl(export: _Export) -> None:
    from scraper.formats.record import lines

    with text(export.output) as sink:
        for line in lines(export.articles(), unicode=sink.unicode):
            sink.write(line)


def _csv(export: _Export) -> None:
    from scraper.formats.sheet import lines

    with text(export.output) as sink:
        for line in lines(export.articles(), safe=export.safe):
            sink.write(line)


def _parquet(export: _Export) -> None:
    try:
        columns = import_module("scraper.formats.columns")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pyarrow":
            raise
        pip = f"{shlex.quote(sys.executable)} -m pip"  # that of a virtual environment is on nobody's PATH
        raise MissingExtra(f"parquet needs pyarrow, which is not installed: {pip} install pyarrow") from error
    with binary(export.output, "Parquet") as file:
        columns.write(export.articles(), file)


def _markdown(export: _Export) -> str:
    from scraper.cli.folder import opened

    assert export.output is not None  # noqa: S101 - whoever calls looked
    with opened(export.output) as folder:
        for stored in export.articles():
            folder.write(stored)
        with export.store.reading():
            folder.drop(export.store.tombstones.keys())
    return folder.said()


def _atom(export: _Export) -> None:
    from scraper.formats import feeds

    _feed(export, feeds.atom)


def _jsonfeed(export: _Export) -> None:
    from scraper.formats import feeds

    _feed(export, feeds.jsonfeed)


def _feed(export: _Export, write: Callable[..., Iterator[bytes]]) -> None:
    from scraper.formats import feeds

    head = _head(export)
    entries = (feeds.entry(stored, export.store.revised_at(stored)) for stored in export.articles(newest=True))
    with written(export.output) as file:
        for piece in write(head, entries):
            file.write(piece)


def _head(export: _Export) -> Head:
    """What the feed says of itself; its name is the same whenever the same is asked for."""
    from uuid import NAMESPACE_URL, uuid5

    from scraper.formats import feeds

    asked = export.selection
    title = ", ".join(filter(None, (asked.filters.source, asked.query, *asked.kinds)))
    return feeds.Head(
        title=f"article-scraper: {title}" if title else "article-scraper",
        id=f"urn:uuid:{uuid5(NAMESPACE_URL, f'article-scraper export {asked}')}",
        site="article-scraper",
        updated=export.store.updated_at(asked) or feeds.EMPTY,
    )


_WRITERS: dict[str, Callable[[_Export], str | None]] = {
    "jsonl": _jsonl, "csv": _csv, "parquet": _parquet, "markdown": _markdown, "atom": _atom, "jsonfeed": _jsonfeed,
}  # fmt: skip
