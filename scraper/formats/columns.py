"""Articles as Parquet: columns with types, for pandas, DuckDB, Polars, R. Takes pyarrow, which is an extra."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from scraper.formats.record import stored_dict
from scraper.model import Article, StoredArticle, from_instant

_ROWS = 5000  # of a row group, at most
_TEXT = 16 * 2**20  # characters of its bodies: what is held in memory at once

_INSTANT = pa.timestamp("ms", tz="UTC")
_TEXTS = pa.list_(pa.string())
_MAP = pa.map_(pa.string(), pa.string())
_TYPES = {
    "id": pa.int64(), "word_count": pa.int32(), "revision": pa.int32(), "story_id": pa.int64(),
    "paywalled": pa.bool_(), "login": pa.bool_(), "authors": _TEXTS, "tags": _TEXTS, "aliases": _TEXTS,
    "evidence": _MAP, "how": _MAP, "published_at": _INSTANT, "modified_at": _INSTANT, "first_seen_at": _INSTANT,
    "fetched_at": _INSTANT, "gone_at": _INSTANT, "published_on": pa.date32(), "modified_on": pa.date32(),
}  # fmt: skip
"""The types of columns that are no text."""
_DAYS = {"published_at": "published_on", "modified_at": "modified_on"}
"""What may be known to the day alone, with the column that says the day in any case."""


def write(articles: Iterable[StoredArticle], file: IO[bytes]) -> None:
    """Write articles to a file that is open for bytes, a row group at a time."""
    with pq.ParquetWriter(file, schema(), compression="zstd") as writer:
        for rows in _groups(map(row, articles)):
            writer.write_table(pa.Table.from_pylist(rows, schema()))


def schema() -> pa.Schema:
    """Every field of a record; after a date that may be a bare day, the day."""
    return pa.schema([pa.field(name, _TYPES.get(name, pa.string())) for name in _names()])


def row(stored: StoredArticle) -> dict[str, Any]:
    """An article as a row: an instant has no value where only the day is known, and the day is never made an instant.

    ``published_on`` is the day on the publisher's calendar.
    """
    found = stored_dict(stored)
    days = {"published_on": stored.article.date, "modified_on": (stored.article.modified_at or "")[:10] or None}
    for name, kind in _TYPES.items():
        if kind == _INSTANT:
            found[name] = _instant(found[name])
        elif kind == _MAP:
            found[name] = list(found[name].items())
    return found | {name: day and _day(day) for name, day in days.items()}


def _names() -> Iterator[str]:
    for name in stored_dict(StoredArticle(0, Article("", "", ""), "", "", 1, "", "")):
        yield name
        if name in _DAYS:
            yield _DAYS[name]


def _groups(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    group: list[dict[str, Any]] = []
    size = 0
    for each in rows:
        group.append(each)
        size += len(each["body"]) + len(each["body_markdown"])
        if len(group) >= _ROWS or size >= _TEXT:
            yield group
            group, size = [], 0
    if group:
        yield group


def _instant(text: str | None) -> datetime | None:
    return from_instant(text) if text and len(text) > 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # of a month, say: other programs may write to the database, too
        return None
