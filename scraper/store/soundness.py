"""Whether the databases are sound: what SQLite can tell, and what only this program knows of them.

Everything is read, nothing is written, and a writer never waits, but for the word-by-word comparison of the search
index (``deep``), which SQLite does as a write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from scraper.errors import DatabaseBusy, DatabaseDamaged, StoreError
from scraper.store import migrations
from scraper.store.checks import BODIES, CHECKS, INDEX, RESTORE, Files, Finding
from scraper.store.opening import connect_reading, interruptible, reading_address, translated

_SHOWN = 10  # findings of one kind that are told one by one


def check(folder: Path, *, deep: bool, tell: Callable[[str], None]) -> Iterator[Finding]:
    """All that is wrong with the databases of a storage folder. ``tell`` hears what is looked at.

    Raises StoreError where a file is missing, or is not ours.
    """
    with (
        closing(connect_reading(folder / "news.db", migrations.NEWS_ID, migrations.news)) as news,
        closing(connect_reading(folder / "pages.db", migrations.PAGES_ID, migrations.pages)) as pages,
    ):
        files = Files(folder, news, pages, deep)
        for name, what, look in CHECKS:
            tell(f"{name}: {what}")
            yield from _few(_careful(files, name, look))


def counts(folder: Path) -> dict[str, int]:
    """What there is, and what is normal though it may look odd: pages of which no article came."""
    with (
        closing(connect_reading(folder / "news.db", migrations.NEWS_ID, migrations.news)) as news,
        translated(folder / "news.db"),
    ):
        news.execute("ATTACH ? AS archive", (reading_address(folder / "pages.db"),))
        asked = {
            "articles": "SELECT count(*) FROM articles",
            "pages": "SELECT count(*) FROM archive.pages",
            "pages_without_article": "SELECT count(*) FROM archive.pages WHERE"
            " NOT EXISTS (SELECT 1 FROM articles WHERE articles.url_key IN (pages.url_key, pages.final_url_key))"
            " AND NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.url_key IN (pages.url_key, pages.final_url_key))",
        }
        return {name: int(news.execute(sql).fetchone()[0]) for name, sql in asked.items()}


def repair(folder: Path, what: set[str], busy_timeout: float) -> None:
    """Rebuild the search index, and drop bodies that no page has. Neither can lose anything that is stored."""
    for wanted, name, statement in (
        (INDEX, "news.db", "INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')"),
        (BODIES, "pages.db", "DELETE FROM bodies WHERE hash NOT IN (SELECT body_hash FROM pages)"),
    ):
        if wanted in what:
            with (
                translated(folder / name),
                closing(sqlite3.connect(folder / name, timeout=busy_timeout, isolation_level=None)) as conn,
            ):
                conn.execute("PRAGMA secure_delete = ON")
                conn.execute(statement)


def _careful(files: Files, name: str, look: Callable[[Files], Iterator[Finding]]) -> Iterator[Finding]:
    """What a check finds; damage that keeps it from looking is a finding, too."""
    try:
        with translated(files.folder / name), interruptible(files.of(name)):
            yield from look(files)
    except (DatabaseDamaged, TypeError, ValueError) as error:  # the latter: a value is no text any more, or no number
        yield Finding(name, f"cannot be read: {error}", RESTORE)
    except DatabaseBusy:
        raise
    except StoreError as error:
        yield Finding(name, str(error), RESTORE)


def _few(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first findings of a check, and how many more there are."""
    yield from islice(findings, _SHOWN)
    last = next(findings, None)
    if last is not None:
        more = 1 + sum(1 for _ in findings)
        yield Finding(last.file, f"and {more:,} more like that", last.advice, last.mends)
