"""URL keys that are stored, written anew where ``url_key`` folds more than it did when they were.

A migration calls this inside its transaction. Only rows whose key changes are written. Where two rows now have one
key, no article is lost: the earlier one has the key, and the later one ``KEY#ID``, which no address folds to, so that
what is fetched from there on is the earlier one's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import url_key
from scraper.errors import BadURL


def rekey_news(db: Database) -> None:
    """The keys of articles, aliases, entries, links of section pages, and tombstones."""
    _rekey_unique(db, "articles", "id")
    _rekey_unique(db, "entries", "article_id IS NULL, next_due IS NULL, id")
    # Of two entries for one page only the one that has the key is fetched.
    db.execute("UPDATE entries SET next_due = NULL WHERE url_key = rtrim(url_key, '0123456789') || id"
               " AND substr(rtrim(url_key, '0123456789'), -1) = '#' AND next_due IS NOT NULL")  # fmt: skip
    _rekey_plain(db, "aliases", "rowid", "url", "url_key")
    _rekey_links(db)
    _rekey_forgotten(db)


def rekey_pages(db: Database) -> None:
    """The keys of archived pages."""
    _rekey_plain(db, "pages", "id", "url", "url_key")
    _rekey_plain(db, "pages", "id", "final_url", "final_url_key")


def _key(text: str, old: str) -> str:
    """The key of an address or of an old key; of one that is no address, whatever it was."""
    try:
        return url_key(text)
    except BadURL:
        return old


def _changed(rows: Iterable[Any]) -> Iterator[tuple[int, str, str]]:
    """Id, old key and new key of each row (id, address, key) that has another key now."""
    for id_, text, old in rows:
        new = _key(text, old)
        if new != old:
            yield id_, old, new


def _rekey_plain(db: Database, table: str, id_: str, address: str, key: str) -> None:
    """A column in which keys may come twice."""
    found = list(_changed(db.conn.execute(f"SELECT {id_}, {address}, {key} FROM {table}")))
    db.conn.executemany(f"UPDATE {table} SET {key} = ? WHERE {id_} = ?", [(new, number) for number, _, new in found])


def _rekey_unique(db: Database, table: str, first: str) -> None:
    """A table whose keys are unique; of two rows with one key that has it which comes first in the order ``first``."""
    found = list(_changed(db.conn.execute(f"SELECT id, url, url_key FROM {table} ORDER BY {first}")))
    if not found:
        return
    update = f"UPDATE {table} SET url_key = ? WHERE id = ?"
    # First out of each other's way: one row's new key may be the old one of another that is still to change.
    db.conn.executemany(update, [(f"#{number}", number) for number, _, _ in found])
    news = {new for _, _, new in found}
    marks = db.conn.execute(f"SELECT url_key, id FROM {table} WHERE url_key NOT LIKE '#%'")
    kept = {key: number for key, number in marks if key in news}
    owners = _owners(db, table, first, found, kept)
    db.conn.executemany(update, [(f"{new}#{number}", number) for new, number in kept.items() if owners[new] != number])
    keyed = [(new if owners[new] == number else f"{new}#{number}", number) for number, _, new in found]
    db.conn.executemany(update, keyed)


def _owners(
    db: Database, table: str, first: str, found: list[tuple[int, str, str]], kept: dict[str, int]
) -> dict[str, int]:
    """Whose each new key is."""
    rivals: dict[str, list[int]] = {key: [number] for key, number in kept.items()}
    for number, _, new in found:
        rivals.setdefault(new, []).append(number)
    owners = {key: numbers[0] for key, numbers in rivals.items() if len(numbers) == 1}
    for key, numbers in rivals.items():
        if len(numbers) > 1:
            marks = ",".join("?" * len(numbers))
            sql = f"SELECT id FROM {table} WHERE id IN ({marks}) ORDER BY {first} LIMIT 1"
            owners[key] = db.conn.execute(sql, numbers).fetchone()[0]
    return owners


def _rekey_links(db: Database) -> None:
    """Links have no address but their key; two that become one were there from the first to the last time."""
    for number, _, new in list(_changed(db.conn.execute("SELECT id, url_key, url_key FROM links"))):
        db.execute(
            "INSERT INTO links (source_id, url_key, first_seen_at, last_seen_at)"
            " SELECT source_id, ?, first_seen_at, last_seen_at FROM links WHERE id = ?"
            " ON CONFLICT (source_id, url_key) DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at),"
            " first_seen_at = min(first_seen_at, excluded.first_seen_at)",
            (new, number),
        )
        db.execute("DELETE FROM links WHERE id = ?", (number,))


def _rekey_forgotten(db: Database) -> None:
    """Tombstones have no address but their key. Of two that become one the earlier stays."""
    for _, old, new in list(_changed(db.conn.execute("SELECT rowid, url_key, url_key FROM forgotten"))):
        db.execute(
            "INSERT INTO forgotten (url_key, forgotten_at) SELECT ?, forgotten_at FROM forgotten WHERE url_key = ?"
            " ON CONFLICT (url_key) DO UPDATE SET forgotten_at = min(forgotten_at, excluded.forgotten_at)",
            (new, old),
        )
        db.execute("DELETE FROM forgotten WHERE url_key = ?", (old,))
