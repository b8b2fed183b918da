# ruff: noqa: INP001 - Datasette loads each file of this folder by its path
"""What this archive needs of Datasette beyond its configuration.

Imports Datasette and, where it is installed beside it (as for `scrape serve`), two modules of the scraper.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import escape_fts
from markupsafe import Markup

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
def render_cell(value: object, column: str, database: str, datasette: Datasette) -> Markup | None:
    """Link ids to their rows where Datasette does not: in the results of queries, and on the page of one row."""
    home, target = _TABLES.get(column, (None, ""))
    if home != database or not isinstance(value, int):
        return None
    return Markup('<a href="{}/{}">{}</a>').format(datasette.urls.table(database, target), value, value)


@hookimpl
def extra_template_vars(view_name: str, datasette: Datasette) -> Callable[[], Awaitable[dict[str, Any]]] | None:
    """Tell the home page whether there is anything to show."""
    if view_name != "index":
        return None

    async def look() -> dict[str, Any]:
        if "news" not in datasette.databases:
            return {"is_empty_archive": True}
        found = await datasette.get_database("news").execute("select 1 from articles limit 1")
        return {"is_empty_archive": not found.rows}

    return look
