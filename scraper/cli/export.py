"""``scrape export``: what is stored, as files for other programs."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from scraper.cli.filters import check_source, filtered
from scraper.cli.printing import counted, speaks_unicode, stored_dict
from scraper.errors import BadUsage, StorageFull
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.store import Filters

_CSV = (
    "id", "kind", "url", "title", "published_at", "published_zone", "authors", "publisher", "section", "tags",
    "language", "summary", "word_count", "source", "first_seen_at", "fetched_at", "revision", "body",
)  # fmt: skip


@click.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv", "warc"]), default="jsonl", show_default=True)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file; standard output otherwise."
)
@click.option("--with-login", is_flag=True, help="Also what it took a login to read.")
@filtered
@click.pass_obj
def export_command(home: Home, /, form: str, output: Path | None, *, with_login: bool, filters: Filters) -> None:
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
        check_source(home, store, filters)
        filters = replace(filters, public=not with_login)
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
