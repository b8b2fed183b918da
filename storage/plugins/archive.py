# ruff: noqa: INP001 - Datasette loads each file of this folder by its path
"""What this archive needs of Datasette beyond its configuration, and the reader's pages.

Imports Datasette and, where it is installed beside it (as for `scrape serve`), a few modules of the scraper.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import escape_fts
from jinja2 import Environment
from markupsafe import Markup, escape

try:
    from scraper.excerpt import excerpt
    from scraper.query import parse
except ImportError:  # a Datasette of one's own: words are found, but no language of searches is spoken
    excerpt = parse = None

_TABLES = {
    "article_id": ("news", "articles"),
    "story_id": ("news", "stories"),
    "revision_id": ("news", "revisions"),
    "source_id": ("news", "sources"),
    "page_id": ("pages", "pages"),
}
"""Columns whose numbers lead to a row."""
_BEGINNING = 200  # characters
_PACKAGE = "article_scraper_reading"


def _load() -> None:
    """Import the folder reading/ beside this file. Its name is ours: another `reading` may be installed."""
    folder = Path(__file__).with_name("reading")
    spec = spec_from_file_location(_PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is missing; `scrape init` puts it back")
    sys.modules[_PACKAGE] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


_load()
from article_scraper_reading import headers, languages, markup, subscribing, times, views  # noqa: E402 - see above


def search_words(text: object) -> str:
    """What a person typed, as an expression that FTS5 takes.

    Datasette's own ``escape_fts`` leaves nothing of an empty search or of lone quotation marks, and lets NUL and line
    ends inside of quotation marks through; FTS5 answers all of these with a syntax error.
    """
    words = " ".join(str("" if text is None else text).replace("\0", " ").split())
    return (escape_fts(words) if parse is None else parse(words).expression) or '""'


def found(text: object, query: object) -> str:
    """Where the words of a query stand in a text; its beginning, where nothing is here that could tell."""
    text = str("" if text is None else text)
    if excerpt is None:
        return text if len(text) <= _BEGINNING else f"{text[:_BEGINNING]}…"
    return excerpt(text, str("" if query is None else query))


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put ours in place of Datasette's: the search boxes of tables call it, too."""
    conn.create_function("escape_fts", 1, search_words, deterministic=True)
    conn.create_function("excerpt", 2, found, deterministic=True)


@hookimpl
def permission_allowed(action: str, resource: object) -> bool | None:
    """Show nobody the view that FTS5 reads for its own checks: it says what the table says."""
    return False if action == "view-table" and resource == ("news", "articles_fts_text") else None


@hookimpl
def render_cell(
    row: Mapping[str, Any], value: object, column: str, table: str | None, database: str, datasette: Datasette
) -> Markup | None:
    """Link titles to the page where the article can be read; and ids to their rows where Datasette does not: in the
    results of queries, and on the page of one row.
    """
    if column != "title" and column not in _TABLES:  # nearly all: it is asked of every cell
        return None
    if database == "news" and column == "title" and isinstance(value, str):
        number = _article(row, table)
        if number is not None:
            where = datasette.urls.path(f"/-/article/{number}")
            return Markup('<a href="{}"{}>{}</a>').format(where, Markup(' dir="auto"'), markup.headline(value))
    home, target = _TABLES.get(column, (None, ""))
    if home != database or not isinstance(value, int):
        return None
    return Markup('<a href="{}/{}">{}</a>').format(datasette.urls.table(database, target), value, value)


def _article(row: Mapping[str, Any], table: str | None) -> int | None:
    """The article that a row is of, where it says so."""
    name = "id" if table == "articles" else "article_id" if table is None else ""
    number = row[name] if name in row.keys() else None  # noqa: SIM118 - sqlite3.Row knows its names by keys() alone
    return number if isinstance(number, int) else None


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """The reader's pages. The one under / stands in the place of Datasette's list of databases."""
    return [
        (r"^/$", views.home),
        (r"^/-/search$", views.search),
        (r"^/-/sources$", views.sources),
        (r"^/-/source/(?P<name>[^/]+)$", views.source),
        (r"^/-/article/(?P<id>[^/]+)$", views.article),
        (r"^/-/article/(?P<id>[^/]+)/diff/(?P<old>[^/]+)/(?P<new>[^/]+)$", views.difference),
        (r"^/-/feed\.(?P<form>atom|json)$", subscribing.feed),
    ]


@hookimpl
def prepare_jinja2_environment(env: Environment) -> None:
    """How values look in templates."""
    env.filters["long_time"] = times.long
    env.filters["short_time"] = lambda text: times.short(text, datetime.now(UTC))
    env.filters["ago"] = lambda text: times.ago(text, datetime.now(UTC))
    env.filters["lang"] = languages.attributes
    env.filters["web"] = markup.web_address
    env.filters["number"] = lambda number: f"{number:,}"
    env.filters["headline"] = markup.headline
    env.filters["marked"] = markup.marked
    env.filters["without"] = _without
    env.filters["table_rows"] = lambda rows: _table_rows(rows, env.filters["to_css_class"])


def _without(rows: list[list[dict[str, Any]]], columns: list[str]) -> list[list[dict[str, Any]]]:
    """Rows without some of their cells. Jinja's own filters, which wait for each cell, take five times as long."""
    return [[cell for cell in row if cell["column"] not in columns] for row in rows] if columns else rows


def _table_rows(rows: list[list[dict[str, Any]]], css_class: Callable[[str], str]) -> Markup:
    """The rows of a table, with the classes that Datasette's script and style sheet know."""
    classes: dict[str, str] = {}
    lines = []
    for row in rows:
        for cell in row:
            column = cell["column"]
            if column not in classes:
                classes[column] = css_class(column)
        cells = (
            f'<td class="col-{classes[cell["column"]]} type-{cell["value_type"]}">{escape(cell["value"])}</td>'
            for cell in row
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return Markup("\n".join(lines))  # noqa: S704 - each cell is escaped


@hookimpl
def extra_template_vars(datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]]:
    """The archive's name, on every page."""

    async def look() -> dict[str, Any]:
        return {"site_title": views.site_title(datasette)}

    return look


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Tell browsers what to allow, on every answer."""
    policy = headers.datasettes(datasette.jinja_env).encode()
    return lambda app: headers.Told(app, policy)
