"""Articles as CSV (RFC 4180, but for line ends of one character)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from scraper.formats.record import stored_dict
from scraper.model import StoredArticle

COLUMNS = (
    "id", "kind", "url", "title", "published_at", "published_zone", "authors", "publisher", "section", "tags",
    "language", "summary", "word_count", "source", "first_seen_at", "fetched_at", "revision", "body",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for a formula begins so: owasp.org/www-community/attacks/CSV_Injection."""


def lines(articles: Iterable[StoredArticle], *, safe: bool = False) -> Iterator[str]:
    """A line of names, and a line an article; lists are joined by "; ".

    ``safe``: an apostrophe stands before a text that a spreadsheet would take for a formula and run.
    """
    yield _line(COLUMNS)
    for stored in articles:
        cells = _cells(stored_dict(stored))
        yield _line(map(_tamed, cells) if safe else cells)


def _cells(row: Mapping[str, object]) -> Iterator[object]:
    for name in COLUMNS:
        cell = row[name]
        yield "; ".join(cell) if isinstance(cell, tuple) else cell


def _tamed(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # with another line end, a lone \r in a cell would not be quoted
    return line.getvalue().removesuffix("\r\n") + "\n"
