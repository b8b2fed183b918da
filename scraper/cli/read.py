"""``scrape search``, ``show`` and ``export``: what is stored, read."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from scraper.cli.printing import (
    console,
    counted,
    markdown,
    plain,
    print_article,
    print_json,
    speaks_unicode,
    stored_dict,
)
from scraper.errors import BadUsage, StorageFull
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.store import Filters, Store

_CSV = (
    "id", "kind", "url", "title", "published_at", "published_zone", "authors", "publisher", "section", "tags",
    "language", "summary", "word_count", "source", "first_seen_at", "fetched_at", "revision", "body",
)  # fmt: skip


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is None or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        return value
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise BadUsage(f"{value!r} is no date; write it as 2026-11-23") from error


_FILTERS = (
    click.option("--source", metavar="NAME", help="Only of this source."),
    click.option("--since", metavar="DATE", callback=_day, help="Published on this day or later."),
    click.option("--until", metavar="DATE", callback=_day, help="Published on this day or earlier."),
    click.option("--lang", "language", metavar="CODE", help="Only in this language, such as en."),
    click.option("--author", metavar="NAME", help="Only by this author (a part of the name will do)."),
)


def filtered(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that narrow what it reads."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


def filters_of(narrowed: dict[str, str | None], *, public: bool = False) -> Filters:
    """What a command's options narrow its reading to."""
    from scraper.store import Filters

    return Filters(
        source=narrowed["source"],
        since=narrowed["since"],
        until=narrowed["until"],
        language=narrowed["language"],
        author=narrowed["author"],
        public=public,
    )


def check_source(home: Home, store: Store, name: str | None) -> None:
    """Raise BadUsage where neither sources.toml nor the database knows a source of that name."""
    if name is None:
        return
    with store.reading():
        known = store.frontier.source(name) is not None
    if not known and home.sources_toml.is_file():
        from scraper.settings import load_sources

        known = name in {source.name for source in load_sources(home)}
    if not known:
        raise BadUsage(f"no source is called {name!r}; `scrape sources list` lists them")


class _Searching(click.Command):
    """Takes ``-word`` as a search has it: without that word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put a space before such words: they are no options then, and the same search."""
        end = args.index("--") if "--" in args else len(args)
        options = ctx.help_option_names
        words = (f" {arg}" if re.match("-[^-]", arg) and arg not in options else arg for arg in args[:end])
        return super().parse_args(ctx, [*words, *args[end:]])


@click.command("search", cls=_Searching)
@click.argument("words", nargs=-1)
@filtered
@click.option("--newest", is_flag=True, help="The newest matches first, in place of the best.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100_000), help="How many at most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.pass_context
def search_command(
    ctx: click.Context, /, words: tuple[str, ...], *, newest: bool, limit: int, as_json: bool, **narrowed: str | None
) -> None:
    """Find articles by words; without any, the latest.

    Every word must occur in the title or the body, accents and letter case aside. Also: "a phrase" in quotation marks
    (quoted once more for the shell), beginnings*, this OR that, -word for those without it, (brackets), title:word. A
    text that is no such expression is read as plain words. The exit code is 1 if nothing is found. docs/searching.md
    tells all of it.

    \b
    Examples:
      scrape search peace talks
      scrape search '"peace talks" OR ceasefire* -football' --newest
      scrape search --source moscow-times --since 2026-11-01 --json
    """
    from scraper.query import LONGEST
    from scraper.store import Store

    home: Home = ctx.obj
    text = " ".join(words)
    if len(text) > LONGEST:
        raise BadUsage(f"a search has {LONGEST:,} characters at most, and this one {len(text):,}")
    with Store(home.check().storage, readonly=True) as store:
        check_source(home, store, narrowed["source"])
        hits = store.search(text, filters_of(narrowed), limit, newest=newest)
    if as_json:
        print_json([{name: getattr(hit, name) for name in hit.__slots__} for hit in hits])
    elif not hits:
        click.echo("nothing found", err=True)
    else:
        from rich.padding import Padding

        out = console()
        for hit in hits:
            out.print(f"#{hit.id}", plain(hit.title), style="bold")
            facts = (hit.published_at and hit.published_at[:10], hit.source, hit.url)
            out.print("  " + " · ".join(fact for fact in facts if fact), style="dim", soft_wrap=True)
            if words and hit.snippet:
                out.print(Padding(" ".join(plain(hit.snippet).split()), (0, 0, 0, 2), expand=False))
    if not hits:
        ctx.exit(1)


@click.command("show")
@click.argument("which", metavar="ID|URL")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with everything that is stored.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print Markdown.")
@click.pass_obj
def show_command(home: Home, which: str, as_json: bool, as_markdown: bool) -> None:
    """Show one stored article.

    \b
    Examples:
      scrape show 12
      scrape show --json https://example.org/2026/11/story
    """
    from scraper.store import Store

    with Store(home.check().storage, readonly=True) as store:
        found = store.get(which.removeprefix("#"))
    if as_json:
        print_json(stored_dict(found))
    elif as_markdown:
        click.echo(markdown(found.article), nl=False)
    else:
        seen = f"#{found.id} · {found.article.kind} · first seen {found.first_seen_at}"
        print_article(found.article, f"{seen} · revision {found.revision}" if found.revision > 1 else seen)


@click.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "warc"]), default="jsonl", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file; standard output otherwise."
)
@click.option("--with-login", is_flag=True, help="Also what it took a login to read.")
@filtered
@click.pass_obj
def export_command(home: Home, /, form: str, output: Path | None, *, with_login: bool, **narrowed: str | None) -> None:
    """Write stored articles as JSON lines or CSV, or raw pages as a web archive (WARC).

    JSON lines carry everything; CSV leaves out the Markdown, the evidence and the image. A WARC holds the pages of the
    articles that --source, --lang or --author name; without those, all pages fetched between --since and --until. It is
    packed unless its name ends in .warc. What was fetched with a login (see `login` in sources.toml) is not for
    everybody, and is left out unless asked for.

    \b
    Examples:
      scrape export --format csv --lang ru --since 2026-01-01 -o russian.csv
      scrape export --format warc --source moscow-times -o moscow-times.warc.gz
    """
    from scraper.store import Store

    with Store(home.check().storage, readonly=True) as store:
        check_source(home, store, narrowed["source"])
        filters = filters_of(narrowed, public=not with_login)
        if form == "warc":
            from scraper.cli.archives import export_warc

            export_warc(store, filters, output, _robots(home))
            return
        rows = (stored_dict(stored) for stored in store.export(filters))
        write = _WRITERS[form]
        if output is None:
            write(rows, sys.stdout)
            return
        try:
            file = output.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise BadUsage(f"cannot write {output}: {error.strerror}") from error
        try:
            with file:
                count = write(rows, file)
        except OSError as error:
            raise StorageFull(f"cannot write {output}: {error.strerror}") from error
    click.echo(f"{output}: {counted(count, 'article')}", err=True)


def _robots(home: Home) -> str:
    """How robots.txt is kept to, as a WARC says it."""
    from scraper.settings import Settings, load_settings

    settings = load_settings(home) if home.scraper_toml.is_file() else Settings()
    return "obey" if settings.manners.obey_robots else "ignore"


def _write_jsonl(rows: Any, file: TextIO) -> int:
    count = 0
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=not speaks_unicode(file)) + "\n")
        count += 1
    return count


def _write_csv(rows: Any, file: TextIO) -> int:
    count = 0
    file.write(_csv_line(_CSV))
    for row in rows:
        cells = (row[name] for name in _CSV)
        file.write(_csv_line(["; ".join(cell) if isinstance(cell, tuple) else cell for cell in cells]))
        count += 1
    return count


_WRITERS: dict[str, Callable[[Any, TextIO], int]] = {"jsonl": _write_jsonl, "csv": _write_csv}


def _csv_line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
