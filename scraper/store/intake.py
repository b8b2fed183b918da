"""Articles that another archive's export tells, put among those that are here."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlite_utils import Database

from scraper.dedupe import Action, Candidate, Decision
from scraper.dedupe.intake import restrained
from scraper.model import SourceKind, StoredArticle, instant
from scraper.store.articles import Articles, Origin
from scraper.store.frontier import Frontier
from scraper.store.opening import inserted

_HIGHEST = 2**53  # a number that others can count on from, and that JavaScript can hold


class Intake:
    """What is written when such an article comes. Inside the caller's transaction."""

    def __init__(self, db: Database, articles: Articles, frontier: Frontier) -> None:
        self._db = db
        self._articles = articles
        self._frontier = frontier

    def carry_out(
        self, decision: Decision, new: Candidate, told: StoredArticle, now: datetime
    ) -> tuple[Decision, int | None]:
        """Do what was decided, as far as an import may. Returns what was done, and the article's id.

        A new article keeps its number if that is above all others here, and so the order in which they came.
        """
        old = self._articles.by_id(decision.article_id) if decision.article_id is not None else None
        decision = restrained(decision, new, old)
        source_id = self._source_id(told) if decision.action is Action.INSERT else None
        origin = Origin(source_id, login=told.login, number=self._number(told.id))
        seen = told.first_seen_at if decision.action is Action.INSERT else instant(now)
        article_id = self._articles.carry_out(decision, new, origin, seen)
        if decision.action in (Action.INSERT, Action.REPLACE):
            self._db.execute(
                "UPDATE articles SET first_seen_at = min(first_seen_at, ?), fetched_at = ?, gone_at = ? WHERE id = ?",
                (told.first_seen_at, told.fetched_at, told.gone_at, article_id),
            )
        return decision, article_id

    def _number(self, number: int) -> int | None:
        highest = self._db.conn.execute("SELECT max(id) FROM articles").fetchone()[0] or 0
        return number if highest < number < _HIGHEST else None

    def _source_id(self, told: StoredArticle) -> int | None:
        """The source of that name. One that nobody here follows is written down as such, so that its articles can be
        asked for.
        """
        if told.source is None:
            return None
        found = self._frontier.source_id(told.source)
        if found is not None:
            return found
        parts = urlsplit(told.article.url)
        row = {"name": told.source, "title": told.article.publisher or told.source, "kind": SourceKind.PAGE.value}
        return inserted(self._db.conn, "sources", {**row, "url": f"{parts.scheme}://{parts.netloc}/", "enabled": 0})
