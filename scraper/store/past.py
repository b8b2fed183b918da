"""Earlier texts of articles, put among their revisions where they belong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlite_utils import Database

from scraper.dedupe import Action, Candidate, Decision
from scraper.dedupe.changes import changes
from scraper.dedupe.past import Place, Version, outranks, place
from scraper.dedupe.renewal import REPARSED
from scraper.model import Article, Kind, Outcome, StoredArticle
from scraper.store.articles import Articles, Origin
from scraper.store.opening import inserted, storable

_TEXT = "kind, title, body, body_markdown, content_hash, published_at, modified_at, authors"


class Past:
    """The revisions of news.db, as somebody sees them who learns of an older page. Inside the caller's transaction."""

    def __init__(self, db: Database, articles: Articles) -> None:
        self._db = db
        self._articles = articles

    def carry_out(self, decision: Decision, new: Candidate, origin: Origin, at: str) -> tuple[Decision, int | None]:
        """Do what was decided about a page that was fetched at an instant. Returns what was done in the end.

        Where a newer page is known, the article keeps its text, and this one is put among the earlier ones.
        """
        old = self._articles.by_id(decision.article_id) if decision.article_id is not None else None
        if old is not None and at < old.fetched_at and not outranks(new.article.kind, old.article.kind):
            decision = replace(decision, action=Action.NOTHING)
            if decision.reason != "noise" and self._take_in(old, new, at):
                detail = f"an earlier version of #{old.id}"
                decision = replace(decision, outcome=Outcome.REVISED, reason="earlier version", detail=detail)
            elif decision.outcome is Outcome.REVISED:
                detail = "an earlier version that is known"
                decision = replace(decision, outcome=Outcome.UNCHANGED, reason="known", detail=detail)
            return decision, old.id
        article_id = self._articles.carry_out(decision, new, origin, at)
        if old is not None:
            self._db.execute(
                # That it was there before it was seen to be gone says nothing new.
                "UPDATE articles SET first_seen_at = min(first_seen_at, ?1), fetched_at = max(fetched_at, ?2),"
                " gone_at = iif(?3 > ?1, ?3, gone_at) WHERE id = ?4",
                (at, old.fetched_at, old.gone_at, old.id),
            )
        return decision, article_id

    def _take_in(self, old: StoredArticle, new: Candidate, at: str) -> bool:
        """Note an earlier text of an article. Returns whether it was not known."""
        versions = self._versions(old.id)
        found = place(versions, new.article.kind, new.content_hash, at)
        for url in new.addresses:
            if url not in (old.article.url, *old.aliases):
                self._articles.add_alias(url, old.id, new.how.get(url), at)
        run, one = self._db.execute, "article_id = ? AND revision = ?"
        if found.ended is not None:
            run(f"UPDATE revisions SET replaced_at = ? WHERE {one}", (at, old.id, found.ended))
        if found.seen is not None:
            run(f"UPDATE revisions SET fetched_at = max(fetched_at, ?) WHERE {one}", (at, old.id, found.seen))
        if found.revision is not None:
            self._insert(old.id, found, versions, (new, at))
        run("UPDATE articles SET first_seen_at = min(first_seen_at, ?) WHERE id = ?", (at, old.id))
        return found.revision is not None

    def _versions(self, article_id: int) -> list[Version]:
        rows = self._db.conn.execute(
            "SELECT revision, kind, content_hash, fetched_at, replaced_at, reason FROM revisions WHERE article_id = ?1"
            " UNION ALL SELECT revision, kind, content_hash, fetched_at, NULL, '' FROM articles WHERE id = ?1"
            " ORDER BY revision",
            (article_id,),
        ).fetchall()
        since = self._db.conn.execute("SELECT first_seen_at FROM articles WHERE id = ?", (article_id,)).fetchone()[0]
        found, readings = list[Version](), 1
        for row in rows:
            if row["reason"] == REPARSED:  # the next one is the same page
                readings += 1
                continue
            kind = Kind(row["kind"])
            found.append(Version(row["revision"], kind, row["content_hash"], since, row["fetched_at"], readings))
            since, readings = row["replaced_at"], 1
        return found

    def _insert(
        self, article_id: int, found: Place, versions: Sequence[Version], fetched: tuple[Candidate, str]
    ) -> None:
        """The text as a revision; those from its place on move up."""
        new, at = fetched
        first = number = found.revision or 1
        later = next(version for version in versions if version.first <= number <= version.revision)
        moved = 2 if found.splits else 1
        self._move_up(article_id, number, moved)
        if found.splits:
            self._copy(article_id, number + moved, number, (later.since, at))
            number += 1
        article = new.article
        row = {
            "article_id": article_id,
            "revision": number,
            "kind": article.kind.value,
            "title": storable(article.title),
            "body": storable(article.body),
            "body_markdown": storable(article.body_markdown),
            "content_hash": new.content_hash,
            "published_at": article.published_at,
            "modified_at": article.modified_at,
            "authors": json.dumps(article.authors, ensure_ascii=False),
            "fetched_at": at,
            "replaced_at": later.seen_at if found.splits else later.since,
            "reason": "changed",
        }
        inserted(self._db.conn, "revisions", row)
        self._judge(article_id, range(max(1, first - 1), number + 1))

    def _judge(self, article_id: int, numbers: Sequence[int]) -> None:
        """Say of these versions what replaced each, now that others stand after them."""
        versions = {
            row["revision"]: Article(
                url="",
                title=row["title"],
                body=row["body"],
                kind=Kind(row["kind"]),
                published_at=row["published_at"],
                modified_at=row["modified_at"],
                authors=tuple(json.loads(row["authors"] or "[]")),
            )
            for row in self._db.conn.execute(
                f"SELECT revision, {_TEXT} FROM revisions WHERE article_id = ?1"
                f" UNION ALL SELECT revision, {_TEXT} FROM articles WHERE id = ?1",
                (article_id,),
            )
        }
        for number in numbers:
            found = changes(versions[number], versions[number + 1])
            if found:
                removed, added = found.words
                self._db.execute(
                    "UPDATE revisions SET change = ?, words_added = ?, words_removed = ?"
                    " WHERE article_id = ? AND revision = ? AND reason = 'changed'",
                    (found.edit.value, added, removed, article_id, number),
                )

    def _move_up(self, article_id: int, first: int, by: int) -> None:
        # By way of negative numbers: two rows may not have one number even for a moment.
        self._db.execute(
            "UPDATE revisions SET revision = -(revision + ?) WHERE article_id = ? AND revision >= ?",
            (by, article_id, first),
        )
        self._db.execute(
            "UPDATE revisions SET revision = -revision WHERE article_id = ? AND revision < 0", (article_id,)
        )
        self._db.execute("UPDATE articles SET revision = revision + ? WHERE id = ?", (by, article_id))

    def _copy(self, article_id: int, revision: int, to: int, stood: tuple[str, str]) -> None:
        """A version once more: the first part of the time that it stood."""
        self._db.execute(
            f"INSERT INTO revisions (article_id, revision, {_TEXT}, fetched_at, replaced_at, reason)"
            f" SELECT ?1, ?3, {_TEXT}, ?4, ?5, 'changed' FROM (SELECT article_id, revision, {_TEXT} FROM revisions"
            f" UNION ALL SELECT id, revision, {_TEXT} FROM articles) WHERE article_id = ?1 AND revision = ?2",
            (article_id, revision, to, *stood),
        )
