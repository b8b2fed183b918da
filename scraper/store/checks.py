"""What is looked at in the databases: each check yields what it finds wrong."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import zstandard

from scraper.dedupe import content_hash, url_key
from scraper.errors import BadURL
from scraper.model import Article

_SAMPLE = 1000  # articles, and bodies of pages, that are looked into where not all are
RESTORE = "restore a backup, or save what `sqlite3 .recover` finds"
_REPAIR = "`scrape db check --repair`"
INDEX, BODIES = "search index", "orphaned bodies"
"""What --repair mends."""
_KEYS = (
    ("news.db", "articles", "url", "url_key"),
    ("news.db", "aliases", "url", "url_key"),
    ("news.db", "entries", "url", "url_key"),
    ("pages.db", "pages", "url", "url_key"),
    ("pages.db", "pages", "final_url", "final_url_key"),
)
_JSON = (
    ("news.db", "articles", "authors"),
    ("news.db", "articles", "tags"),
    ("news.db", "articles", "evidence"),
    ("news.db", "sources", "rhythm"),
    ("news.db", "events", "data"),
    ("news.db", "reparses", "record"),
    ("pages.db", "pages", "redirects"),
    ("pages.db", "pages", "request_headers"),
    ("pages.db", "pages", "headers"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be. ``mends``: what --repair does about it; empty: nothing."""

    file: str
    what: str
    advice: str
    mends: str = ""


@dataclass(frozen=True, slots=True)
class Files:
    """Both databases, opened for reading. ``deep``: everything is looked into, and not a sample."""

    folder: Path
    news: sqlite3.Connection
    pages: sqlite3.Connection
    deep: bool = False

    def of(self, name: str) -> sqlite3.Connection:
        """The connection to a file."""
        return self.news if name == "news.db" else self.pages


# --- what SQLite knows ------------------------------------------------------------------------------------------------


def _integrity(name: str) -> Callable[[Files], Iterator[Finding]]:
    def look(files: Files) -> Iterator[Finding]:
        for (found,) in files.of(name).execute("PRAGMA integrity_check(100)"):
            if found != "ok":
                what = " ".join(str(found).removeprefix("*** in database main ***").split())
                yield Finding(name, f"is damaged: {what}", RESTORE)

    return look


def _references(name: str) -> Callable[[Files], Iterator[Finding]]:
    def look(files: Files) -> Iterator[Finding]:
        for table, row, other, _ in files.of(name).execute("PRAGMA foreign_key_check"):
            yield Finding(name, f"{table}: row {row} refers to a row of {other} that is not there", RESTORE)

    return look


# --- the search index -------------------------------------------------------------------------------------------------


def _indexed(files: Files) -> Iterator[Finding]:
    """Articles and index agree by number, and for a sample by the length of every text; or word by word."""
    advice = f"{_REPAIR} builds the index anew"
    for one, other, what in (
        ("articles", "articles_fts_docsize", "#{} is not in the search index"),
        ("articles_fts_docsize", "articles", "the search index has an article #{} that is not there"),
    ):
        for (number,) in files.news.execute(f"SELECT id FROM {one} WHERE id NOT IN (SELECT id FROM {other})"):
            yield Finding("news.db", what.format(number), advice, INDEX)
    if files.deep:
        yield from _word_by_word(files.folder / "news.db", advice)
    else:
        yield from _lengths(files.news, advice)


def _lengths(news: sqlite3.Connection, advice: str) -> Iterator[Finding]:
    """FTS5 keeps how many words each text has; those of a sample are counted anew, in an index of their own."""
    made = str(news.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'").fetchone()[0])
    own = re.sub(r",\s*content(_rowid)?\s*=\s*(\[\w+\]|'\w+'|\"\w+\"|\w+)", "", made)
    news.execute(re.sub(r'TABLE\s+[\["]?articles_fts[\]"]?', "TABLE temp.counted", own, count=1))
    columns = ", ".join(row[1] for row in news.execute("PRAGMA table_info(articles_fts)"))
    for (number,) in _sample(news, "articles", "id"):
        news.execute(
            f"INSERT INTO temp.counted(rowid, {columns}) SELECT rowid, {columns} FROM articles_fts WHERE rowid = ?",
            (number,),
        )
        sizes = "SELECT (SELECT sz FROM temp.counted_docsize WHERE id = ?1), sz FROM articles_fts_docsize WHERE id = ?1"
        right, kept = news.execute(sizes, (number,)).fetchone() or (None, None)
        if right != kept:
            yield Finding("news.db", f"the search index has other words of #{number} than it", advice, INDEX)
    news.execute("DROP TABLE temp.counted")


def _word_by_word(path: Path, advice: str) -> Iterator[Finding]:
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as conn:
        try:
            conn.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
                raise
            yield Finding("news.db", "the search index does not say what the articles say", advice, INDEX)


# --- what only we know ------------------------------------------------------------------------------------------------


def _bodies(files: Files) -> Iterator[Finding]:
    """Every page has its body, and every body its page."""
    lone = "SELECT hash FROM bodies WHERE hash NOT IN (SELECT body_hash FROM pages)"
    for (found,) in files.pages.execute(lone):
        yield Finding("pages.db", f"the body {found[:12]}… belongs to no page", f"{_REPAIR} drops it", BODIES)
    lost = "SELECT id, url FROM pages WHERE body_hash NOT IN (SELECT hash FROM bodies)"
    for number, url in files.pages.execute(lost):
        yield Finding("pages.db", f"the body of page {number} is not there ({url})", RESTORE)


def _packed(files: Files) -> Iterator[Finding]:
    """Every body can be unpacked, and is what its hash says."""
    unpacker = zstandard.ZstdDecompressor()
    everything = files.pages.execute("SELECT hash, zstd, size FROM bodies")
    for kept, packed, size in everything if files.deep else _sample(files.pages, "bodies", "hash, zstd, size"):
        if fault := _fault(unpacker, kept, packed, size):
            yield Finding("pages.db", f"the body {kept[:12]}… {fault}", RESTORE)


def _fault(unpacker: zstandard.ZstdDecompressor, kept: str, packed: bytes, size: int) -> str:
    try:
        body = unpacker.decompress(packed, max_output_size=size) if size else b""
    except (zstandard.ZstdError, MemoryError, OverflowError) as error:  # the latter two: a size that is none
        return f"cannot be unpacked: {error!r}"
    if len(body) != size:
        return f"has {len(body):,} bytes, and should have {size:,}"
    return "" if hashlib.sha256(body).hexdigest() == kept else "is not what its hash says"


def _keys(name: str) -> Callable[[Files], Iterator[Finding]]:
    def look(files: Files) -> Iterator[Finding]:
        for _, table, column, key in (each for each in _KEYS if each[0] == name):
            for row, url, kept in files.of(name).execute(f"SELECT rowid, {column}, {key} FROM {table}"):
                try:
                    right = url_key(url)
                except BadURL:
                    yield Finding(name, f"{table}: {column} of row {row} is no address: {url}", RESTORE)
                    continue
                if kept not in (right, f"{right}#{row}"):  # the latter of two that a migration gave one key
                    advice = "please report it; that address may be fetched and stored twice"
                    yield Finding(name, f"{table}: {key} of row {row} is {kept}, and should be {right}", advice)

    return look


def _json(name: str) -> Callable[[Files], Iterator[Finding]]:
    def look(files: Files) -> Iterator[Finding]:
        for _, table, column in (each for each in _JSON if each[0] == name):
            sql = f"SELECT rowid FROM {table} WHERE {column} IS NOT NULL AND NOT json_valid({column})"
            for (row,) in files.of(name).execute(sql):
                yield Finding(name, f"{table}: {column} of row {row} is no JSON", RESTORE)

    return look


def _hashes(files: Files) -> Iterator[Finding]:
    """The content hashes are those of the texts. One of a text that could not be stored as it was says nothing."""
    columns = "id, title, body, content_hash"
    every = files.news.execute(f"SELECT {columns} FROM articles")
    for number, title, body, kept in every if files.deep else _sample(files.news, "articles", columns):
        if "\ufffd" not in title + body and content_hash(Article("", title, body)) != kept:
            advice = "the text was changed by hand; `scrape reparse --id` reads it from its page again"
            yield Finding("news.db", f"the content hash of #{number} is not that of its text", advice)


def _stories(files: Files) -> Iterator[Finding]:
    sql = "SELECT id FROM stories WHERE id NOT IN (SELECT story_id FROM articles WHERE story_id IS NOT NULL)"
    for (number,) in files.news.execute(sql):
        yield Finding("news.db", f"story {number} has no article", "harmless; please report it")


def _sample(conn: sqlite3.Connection, table: str, columns: str) -> Iterator[Any]:
    """Rows spread evenly over a table; all of a small one."""
    first, last = conn.execute(f"SELECT min(rowid), max(rowid) FROM {table}").fetchone()
    if first is None:
        return iter(())
    step = max(1, (last - first + 1) // _SAMPLE)
    sql = f"SELECT {columns} FROM {table} WHERE rowid = ?"
    found = (conn.execute(sql, (number,)).fetchone() for number in range(first, last + 1, step))
    return chain(row for row in found if row is not None)


CHECKS: tuple[tuple[str, str, Callable[[Files], Iterator[Finding]]], ...] = (
    ("news.db", "integrity", _integrity("news.db")),
    ("pages.db", "integrity", _integrity("pages.db")),
    ("news.db", "references", _references("news.db")),
    ("pages.db", "references", _references("pages.db")),
    ("news.db", INDEX, _indexed),
    ("news.db", "URL keys", _keys("news.db")),
    ("pages.db", "URL keys", _keys("pages.db")),
    ("news.db", "JSON", _json("news.db")),
    ("pages.db", "JSON", _json("pages.db")),
    ("news.db", "content hashes", _hashes),
    ("news.db", "stories", _stories),
    ("pages.db", "bodies", _bodies),
    ("pages.db", "hashes of bodies", _packed),
)
