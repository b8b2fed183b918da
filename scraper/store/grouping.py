"""Which articles of the store are copies of which: near-copies are looked for, and stories kept true."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from scraper.dedupe import Action, Candidate, Decision, Known, Likeness, candidate
from scraper.errors import NotStored
from scraper.model import StoredArticle, instant
from scraper.store.articles import Articles
from scraper.store.sketches import Nearby, Sketches
from scraper.store.stories import Copy, Stories, Story, earliest


class Grouping:
    """Articles, their sketches and their stories, kept in step. Inside the caller's transaction."""

    def __init__(self, articles: Articles, sketches: Sketches, stories: Stories) -> None:
        self._articles = articles
        self._sketches = sketches
        self._stories = stories

    def nearby(self, new: Candidate, known: Known, now: datetime) -> Nearby:
        """What a candidate is a near-copy of; nothing is looked for where it is known in these very words."""
        old = known.by_url
        if known.forgotten or (old is not None and old.content_hash == new.content_hash):
            return Nearby()
        return self._sketches.near(new, now, old.id if old is not None else None)

    def carry_out(self, article_id: int | None, decision: Decision, nearby: Nearby, now: datetime) -> None:
        """Put an article that is new, or has another text, into its story and into the index of near-copies."""
        if article_id is None or decision.action not in (Action.INSERT, Action.REPLACE):
            return
        if decision.action is Action.REPLACE:
            self._stories.reconsider(article_id)
        self._join(article_id, decision.copies, now)
        self._sketches.keep(article_id, nearby.telling, now, new=decision.action is Action.INSERT)

    def renewed(self, article_id: int, now: datetime) -> None:
        """Group an article anew that was given another text without a decision."""
        self._stories.reconsider(article_id)
        self._sketches.keep(article_id, self._found(article_id, now), now)

    def catch_up(self, now: datetime, limit: int) -> int:
        """Look for near-copies among articles from before that was done. Returns how many it read."""
        ids = self._sketches.unread(now, limit)
        for article_id in ids:
            self._sketches.keep_old(article_id, self._found(article_id, now))
        return len(ids)

    def leave(self, article_id: int) -> None:
        """Take an article out that is about to be erased."""
        self._stories.leave(article_id)
        self._sketches.forget(article_id)

    def story(self, of: StoredArticle) -> Story:
        """The story of an article. Raises NotStored where no copies of it are known."""
        if of.story_id is None:
            raise NotStored(f"no copies of #{of.id} are known")
        return self._story(of.story_id)

    def numbered(self, number: int) -> Story:
        """The story of a number, also of one that was merged. Raises NotStored."""
        story_id = self._stories.resolve(number)
        if story_id is None:
            raise NotStored(f"there is no story s{number}")
        return self._story(story_id)

    def latest(self, since: str, limit: int) -> tuple[int, ...]:
        """The numbers of the stories that came up last, since an instant, the latest first."""
        return self._stories.latest(since, limit)

    def _story(self, story_id: int) -> Story:
        row = self._stories.row(story_id)
        alike = self._stories.likenesses(story_id)
        members = self._articles.all("articles.story_id = ?", (story_id,))
        copies = earliest(Copy(stored, alike.get(stored.id)) for stored in members)
        return Story(story_id, row["title"], row["created_at"], row["first_article_id"], row["lead_article_id"], copies)

    def _found(self, article_id: int, now: datetime) -> Sequence[int]:
        """Join a stored article to its copies. Returns by which hashes it is found."""
        stored = self._articles.by_id(article_id)
        if stored is None:
            return ()
        nearby = self._sketches.near(candidate(stored.article), now, article_id)
        twins = self._articles.by_text(stored.content_hash) if stored.article.body else ()
        exact = tuple(Likeness(twin.id) for twin in twins if twin.id != article_id and not _together(twin, stored))[:1]
        near = tuple(like for like in nearby.copies if like.other_id not in {twin.id for twin in twins})
        self._join(article_id, exact + near, now)
        return nearby.telling

    def _join(self, article_id: int, copies: Sequence[Likeness], now: datetime) -> None:
        if copies:
            self._stories.join(article_id, copies, instant(now))


def _together(one: StoredArticle, other: StoredArticle) -> bool:
    """Whether two are of one story already."""
    return one.story_id is not None and one.story_id == other.story_id
