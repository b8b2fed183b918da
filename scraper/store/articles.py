"""Articles with their revisions and aliases."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import Action, Candidate, Decision, Difference, Known, Move, may_differ, url_key
from scraper.dedupe.announced import still_dated
from scraper.dedupe.renewal import REPARSED
from scraper.dedupe.ties import is_its_page
from scraper.errors import DatabaseDamaged
from scraper.model import Article, Edit, How, Kind, StoredArticle, Zone
from scraper.store.opening import inserted, storable
from scraper.store.revisions import Revisions
from scraper.store.tombstones import Tombstones
from scraper.words import index_copy

_JSON = ("authors", "tags", "evidence")
_dumped = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps makes an encoder each time
_TWINS = 50  # of texts that stand under thousands of URLs, as many as say enough
_ALIASES = 200  # of an article; all of them are looked at whenever it is seen
TEXTS = frozenset({"title", "body"})
"""The fields whose earlier values are kept as a revision."""
_RECORD = tuple(field.name for field in fields(Article) if field.name != "addresses")  # those become aliases
_SELECT = "SELECT articles.*, sources.name AS source FROM articles LEFT JOIN sources ON sources.id = articles.source_id"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an article came from: the source that announced it, if one did, and whether it took a login to read it.

    ``number``: the id that it is to have.
    """

    source_id: int | None = None
    login: bool = False
    number: int | None = None


class Articles:
    """The tables articles, revisions and aliases of news.db."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.revisions = Revisions(db)
        self._tombstones = Tombstones(db)

    def by_id(self, article_id: int) -> StoredArticle | None:
        """One article, or None if there is none of that id."""
        return self._one(f"{_SELECT} WHERE articles.id = ?", (article_id,))

    def by_keys(self, keys: Sequence[str]) -> StoredArticle | None:
        """The article that has one of these URL keys, as its own or as an alias's; earlier keys win."""
        ids = (self._id_of(key) for key in keys)
        found = next((article_id for article_id in ids if article_id is not None), None)
        return None if found is None else self.by_id(found)

    def by_text(self, content_hash: str) -> tuple[StoredArticle, ...]:
        """The earliest articles with this content hash."""
        sql = f"SELECT id FROM articles WHERE content_hash = ? ORDER BY id LIMIT {_TWINS}"  # most have none
        found = (self.by_id(row[0]) for row in self._db.conn.execute(sql, (content_hash,)).fetchall())
        return tuple(filter(None, found))

    def known(self, new: Candidate, now: str = "") -> Known:
        """What bears on the decision about a candidate at an instant."""
        keys = new.keys
        if self._tombstones.cover(keys, new.content_hash if new.article.body else ""):
            return Known(forgotten=True)
        ids = {key: article_id for key in keys if (article_id := self._id_of(key)) is not None}
        tied = [found for article_id in dict.fromkeys(ids.values()) if (found := self.by_id(article_id)) is not None]
        old = tied[0] if tied else None
        return Known(
            by_url=old,
            taken=frozenset(key for key, article_id in ids.items() if old is not None and article_id != old.id),
            others=tuple(tied[1:]),
            by_text=self.by_text(new.content_hash) if new.article.body else (),
            original=self.by_keys([url_key(new.says_copy_of)]) if new.says_copy_of else None,
            past=self.revisions.latest(old.id) if old is not None and may_differ(old, new) else (),
            now=now,
        )

    def carry_out(self, decision: Decision, new: Candidate, origin: Origin, now: str) -> int | None:
        """Do what was decided, inside the caller's transaction. Returns the article's id, if there is an article."""
        article_id = decision.article_id
        for move in decision.moves:
            self._move(move, now)
        for moved in decision.moved:
            self._db.execute("UPDATE articles SET gone_at = ? WHERE id = ? AND gone_at IS NULL", (now, moved))
        if decision.action is Action.INSERT:
            article_id = self._insert(decision, new, origin, now)
        elif decision.action is Action.REPLACE and article_id is not None:
            self._replace(article_id, decision, new, origin, now)
        elif decision.action is Action.TOUCH:
            self._db.execute(
                # What came once without a login, in the same words, is for everybody.
                "UPDATE articles SET fetched_at = ?, gone_at = NULL,"
                " login = CASE WHEN content_hash = ? THEN min(login, ?) ELSE login END WHERE id = ?",
                (now, new.content_hash, int(origin.login), article_id),
            )
        if decision.action in (Action.TOUCH, Action.REPLACE) and article_id is not None:
            self.revisions.seen_again(article_id, decision.returned_to, now)
        for url in decision.aliases[: self._room(article_id)] if decision.aliases else ():
            self.add_alias(url, article_id, decision.how.get(url) or new.how.get(url), now)
        return article_id

    def _room(self, article_id: int | None) -> int:
        """How many more addresses are noted of an article: some sites make one for every visit."""
        sql = "SELECT count(*) FROM aliases WHERE article_id = ?"
        return max(0, _ALIASES - int(self._db.conn.execute(sql, (article_id,)).fetchone()[0]))

    def mark_gone(self, keys: Sequence[str], now: str) -> int | None:
        """Note that an article's page is no longer there. ``keys`` are those of the addresses that led to that answer.
        Returns the article's id, if one is known.

        Of an article whose AMP, mobile or print page went away, nothing is gone; nor where only a redirect to it ended,
        as one of a feed's proxy does.
        """
        found = self.by_keys(keys)
        if found is not None and found.gone_at is None and is_its_page(found, keys):
            self._db.execute("UPDATE articles SET gone_at = ? WHERE id = ?", (now, found.id))
        return found.id if found else None

    def all(
        self, where: str = "1", params: Sequence[Any] | Mapping[str, Any] = (), order: str = "articles.id"
    ) -> Iterator[StoredArticle]:
        """Articles, read as they are asked for. ``where`` and ``order`` are SQL of this program's own."""
        for row in self._db.conn.execute(f"{_SELECT} WHERE {where} ORDER BY {order}", params):
            yield self._stored(row)

    def select(self, where: str, params: Mapping[str, Any]) -> array[int]:
        """The ids of some articles, in their order: 8 bytes each. ``where`` is SQL of this program's own."""
        rows = self._db.conn.execute(f"SELECT id FROM articles WHERE {where} ORDER BY id", params)
        return array("q", (row[0] for row in rows))

    def some(self, ids: Sequence[int]) -> list[StoredArticle]:
        """The articles of these ids that are there, in the order of their ids."""
        return list(self.all("articles.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)))

    def count(self) -> int:
        """How many articles there are, counted source by source: that index is a third of the one SQLite would take."""
        row = self._db.conn.execute(
            "SELECT (SELECT count(*) FROM articles WHERE source_id IS NULL)"
            " + (SELECT coalesce(sum((SELECT count(*) FROM articles WHERE source_id = sources.id)), 0) FROM sources)"
        ).fetchone()
        return int(row[0])

    def keys(self, where: str, params: Mapping[str, str]) -> Iterator[str]:
        """Every URL key of some articles. ``where`` is SQL of this program's own."""
        for found in (
            # Without the number that a migration put behind it where two came to have one.
            f"SELECT replace(url_key, '#' || id, '') FROM articles WHERE {where}",
            f"SELECT url_key FROM aliases WHERE article_id IN (SELECT id FROM articles WHERE {where})",
        ):
            for row in self._db.conn.execute(found, params):
                yield str(row[0])

    def sharing(self, key: str) -> tuple[int, ...]:
        """The article whose address has this key, and those that a migration found under it besides."""
        sql = (
            "SELECT id FROM articles WHERE url_key = ?1"
            " OR (url_key > ?1 || '#' AND url_key < ?1 || '$' AND url_key = ?1 || '#' || id) ORDER BY id"
        )
        return tuple(row["id"] for row in self._db.conn.execute(sql, (key,)))

    def source_of(self, keys: Sequence[str]) -> str:
        """The name of the source of the article that has one of these URL keys; "" where there is none."""
        found = next((article_id for article_id in map(self._id_of, keys) if article_id is not None), None)
        sql = "SELECT name FROM sources WHERE id = (SELECT source_id FROM articles WHERE id = ?)"
        row = self._db.conn.execute(sql, (found,)).fetchone()
        return "" if row is None else str(row[0])

    def addresses(self, article_id: int, but: Collection[How] = ()) -> list[str]:
        """Every URL of an article, its own first; without aliases that are known in one of the ways ``but``."""
        rows = self._db.conn.execute(
            "SELECT url FROM articles WHERE id = ?1 UNION ALL SELECT url FROM aliases WHERE article_id = ?1"
            " AND ifnull(how, '') NOT IN (SELECT value FROM json_each(?2))",
            (article_id, json.dumps([how.value for how in but])),
        )
        return [str(row["url"]) for row in rows]

    def _move(self, move: Move, now: str) -> None:
        """Give a known article another address for its own, and take from it what is another's."""
        run = self._db.execute
        for key in move.lost:
            run("DELETE FROM aliases WHERE article_id = ? AND url_key = ?", (move.article_id, key))
        if not move.url:
            return
        former = self.addresses(move.article_id)[0]
        run("DELETE FROM aliases WHERE article_id = ? AND url = ?", (move.article_id, move.url))
        told = {"url": (move.how or How.UNKNOWN).value, "url:read": move.read} if move.read else {}
        run(
            "UPDATE articles SET url = ?, url_key = ?, evidence ="
            " json_patch(json_remove(evidence, '$.url', '$.\"url:read\"'), ?) WHERE id = ?",
            (storable(move.url), url_key(move.url), json.dumps(told), move.article_id),
        )
        if move.how is not None:
            self.add_alias(former, move.article_id, move.how, now)

    def add_alias(self, url: str, article_id: int | None, how: How | None, now: str) -> None:
        """Note another address of an article, unless somebody has it already."""
        row = (url, url_key(url), article_id, how and how.value, now)
        sql = "INSERT OR IGNORE INTO aliases (url, url_key, article_id, how, first_seen_at) VALUES (?, ?, ?, ?, ?)"
        self._db.execute(sql, row)

    def _insert(self, decision: Decision, new: Candidate, origin: Origin, now: str) -> int:
        row = {
            **_row(new.article),
            "url": storable(decision.url),
            "url_key": url_key(decision.url),
            "content_hash": new.content_hash,
            "source_id": origin.source_id,
            "login": int(origin.login),
            "first_seen_at": now,
            "fetched_at": now,
        }
        if origin.number is not None:
            row["id"] = origin.number
        return inserted(self._db.conn, "articles", row)

    @staticmethod
    def columns(new: Candidate, names: Collection[str]) -> dict[str, Any]:
        """These fields of a candidate as columns; with a text goes all that is made of it."""
        row = _row(new.article)
        texts = not TEXTS.isdisjoint(names)
        made = {name: value for name, value in row.items() if name in names or (texts and name not in _RECORD)}
        return {**made, "content_hash": new.content_hash} if texts else made

    def renew(self, article_id: int, columns: Mapping[str, Any], now: str) -> None:
        """Write what newer rules make of an article's page, inside the caller's transaction. An earlier text is kept;
        when the article was seen, fetched and changed stays.
        """
        if not TEXTS.isdisjoint(columns):
            self._keep_text(article_id, REPARSED, Difference(Edit.REPARSED), now)
        assignments = ", ".join(f"{column} = ?" for column in columns)
        self._db.execute(f"UPDATE articles SET {assignments} WHERE id = ?", (*columns.values(), article_id))

    def _keep_text(self, article_id: int, reason: str, difference: Difference, now: str) -> None:
        """Make a revision of the present text, which is about to be replaced."""
        self.revisions.keep(article_id, reason, difference, now)
        self._db.execute("UPDATE articles SET revision = revision + 1 WHERE id = ?", (article_id,))

    def _replace(self, article_id: int, decision: Decision, new: Candidate, origin: Origin, now: str) -> None:
        self._keep_text(article_id, decision.reason, decision.difference or Difference(), now)
        old = self.by_id(article_id)
        row = _row(still_dated(new.article, old.article) if old is not None else new.article)
        # The article keeps the address it is known by: what it is cited as does not move with an edit.
        row.pop("url")
        row |= {"content_hash": new.content_hash, "fetched_at": now, "gone_at": None, "login": int(origin.login)}
        assignments = ", ".join(f"{column} = ?" for column in row)
        self._db.execute(f"UPDATE articles SET {assignments} WHERE id = ?", (*row.values(), article_id))

    def _id_of(self, key: str) -> int | None:
        """Whose URL key this is: an article's own goes before an alias's."""
        row = self._db.conn.execute(
            "SELECT id FROM articles WHERE url_key = ?1 UNION ALL"
            " SELECT article_id FROM (SELECT article_id FROM aliases WHERE url_key = ?1 ORDER BY rowid) LIMIT 1",
            (key,),
        ).fetchone()
        return None if row is None else int(row[0])

    def _one(self, sql: str, params: Sequence[Any]) -> StoredArticle | None:
        row = self._db.conn.execute(sql, tuple(params)).fetchone()
        return None if row is None else self._stored(row)

    def _stored(self, row: Any) -> StoredArticle:
        sql = "SELECT url, how FROM aliases WHERE article_id = ? ORDER BY rowid"
        aliases = self._db.conn.execute(sql, (row["id"],)).fetchall()
        return StoredArticle(
            id=row["id"],
            article=_article(row),
            url_key=row["url_key"],
            content_hash=row["content_hash"],
            revision=row["revision"],
            first_seen_at=row["first_seen_at"],
            fetched_at=row["fetched_at"],
            gone_at=row["gone_at"],
            source=row["source"],
            story_id=row["story_id"],
            login=bool(row["login"]),
            aliases=tuple(alias["url"] for alias in aliases),
            how={alias["url"]: _how(alias["how"]) for alias in aliases},
        )


def _how(text: str | None) -> How:
    return How(text) if text in set(How) else How.UNKNOWN


def _row(article: Article) -> dict[str, Any]:
    """The record as columns: enumerations as text, lists and maps as JSON, truth as 0 and 1; and as it is indexed."""
    row = {name: getattr(article, name) for name in _RECORD}
    for column in _JSON:
        row[column] = _dumped(row[column])
    row["kind"] = article.kind.value
    row["published_zone"] = article.published_zone and article.published_zone.value
    row["paywalled"] = None if article.paywalled is None else int(article.paywalled)
    row = {column: storable(value) if isinstance(value, str) else value for column, value in row.items()}
    return row | {"title_words": index_copy(row["title"]), "body_words": index_copy(row["body"])}


def _article(row: Any) -> Article:
    """The reverse of :func:`_row`."""
    try:
        return _read(row)
    except (ValueError, TypeError, LookupError) as error:
        raise DatabaseDamaged(f"article {row['id']} cannot be read, so news.db is damaged: {error}") from error


def _read(row: Any) -> Article:
    values = {name: row[name] for name in _RECORD}
    values["authors"] = tuple(json.loads(values["authors"]))
    values["tags"] = tuple(json.loads(values["tags"]))
    values["evidence"] = json.loads(values["evidence"])
    values["kind"] = Kind(values["kind"])
    values["published_zone"] = values["published_zone"] and Zone(values["published_zone"])
    values["paywalled"] = None if values["paywalled"] is None else bool(values["paywalled"])
    return Article(**values)
