"""Stories: articles that are copies of each other, with the first publisher's and the version to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from scraper.dedupe import Likeness, Match
from scraper.dedupe.stories import Member, first_of, groups, lead_of, out_by
from scraper.dedupe.wire import agency_of
from scraper.model import Kind, StoredArticle, Zone
from scraper.store.opening import inserted

_VOTERS = 200  # articles of a story among which first and lead are chosen: the earliest stored, and the latest


@dataclass(frozen=True, slots=True)
class Copy:
    """An article in its story, and the article there that it was found to be a copy of (none: others are of it)."""

    stored: StoredArticle
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that are copies of each other, the earliest first. ``first`` and ``lead`` are articles' ids."""

    id: int
    title: str
    created_at: str
    first: int
    lead: int
    copies: tuple[Copy, ...]


class Stories:
    """The tables stories and resemblances of news.db, and ``articles.story_id``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def resolve(self, story_id: int) -> int | None:
        """The story of that number, or the one that it was merged into; None if there is none."""
        row = self._db.conn.execute("SELECT id, merged_into FROM stories WHERE id = ?", (story_id,)).fetchone()
        return None if row is None else int(row["merged_into"] or row["id"])

    def row(self, story_id: int) -> Any:
        """A story's row."""
        return self._db.conn.execute("SELECT * FROM stories WHERE id = ?", (story_id,)).fetchone()

    def latest(self, since: str, limit: int) -> tuple[int, ...]:
        """The numbers of so many stories since an instant, the latest first."""
        rows = self._db.conn.execute(
            "SELECT id FROM stories WHERE merged_into IS NULL AND created_at >= ? ORDER BY id DESC LIMIT ?",
            (since, limit),
        )
        return tuple(int(row["id"]) for row in rows)

    def likenesses(self, story_id: int) -> dict[int, Likeness]:
        """For the articles of a story what each was found to be a copy of; the closest, where there are several."""
        rows = self._db.conn.execute(
            "SELECT resemblances.* FROM articles JOIN resemblances ON resemblances.article_id = articles.id"
            " WHERE articles.story_id = ? ORDER BY resemblances.contained, resemblances.similarity",
            (story_id,),
        )
        return {
            row["article_id"]: Likeness(row["other_id"], Match(row["how"]), row["similarity"], row["contained"])
            for row in rows
        }

    def join(self, article_id: int, copies: Sequence[Likeness], now: str) -> None:
        """Put an article into the story of what it is a copy of. Where that is of several stories, they were one all
        along: the later ones merge into the earliest.
        """
        for like in copies:
            self._tie(article_id, like, now)
        together = [article_id, *(like.other_id for like in copies)]
        marks = ", ".join("?" * len(together))
        rows = self._db.conn.execute(
            f"SELECT DISTINCT story_id FROM articles WHERE id IN ({marks}) AND story_id IS NOT NULL", together
        )
        known = sorted(int(row[0]) for row in rows)
        story_id = known[0] if known else inserted(self._db.conn, "stories", {"title": "", "created_at": now})
        for other in known[1:]:
            self._merge(other, story_id)
        self._db.execute(f"UPDATE articles SET story_id = ? WHERE id IN ({marks})", (story_id, *together))
        self._elect(story_id)

    def reconsider(self, article_id: int) -> None:
        """An article has another text now: it stays a copy of what its text is still like."""
        story_id, mine = self._story_of(article_id), self._text(article_id)
        rows = self._db.conn.execute(
            "SELECT id, iif(article_id = ?1, other_id, article_id) AS other FROM resemblances"
            " WHERE article_id = ?1 OR other_id = ?1",
            (article_id,),
        ).fetchall()
        kept = 0
        for row in rows[:_VOTERS]:
            like = _compared(mine, self._text(row["other"]))
            if like is None:
                self._db.execute("DELETE FROM resemblances WHERE id = ?", (row["id"],))
            else:
                self._db.execute(
                    "UPDATE resemblances SET how = ?, similarity = ?, contained = ? WHERE id = ?",
                    (like.how, like.similarity, like.contained, row["id"]),
                )
                kept += 1
        if not kept:  # the rest, of thousands, are as those were
            self._db.execute("DELETE FROM resemblances WHERE article_id = ?1 OR other_id = ?1", (article_id,))
            self._db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", (article_id,))
        if story_id is not None:
            self._sort_out(story_id)

    def leave(self, article_id: int) -> None:
        """Take an article out of its story, as if it had never been there: it is about to be erased."""
        story_id = self._story_of(article_id)
        self._db.execute("DELETE FROM resemblances WHERE article_id = ?1 OR other_id = ?1", (article_id,))
        if story_id is not None:
            self._db.execute("UPDATE articles SET story_id = NULL WHERE id = ?", (article_id,))
            self._sort_out(story_id)

    def _merge(self, story_id: int, into: int) -> None:
        """The number of a story that is merged leads to the other from now on."""
        self._db.execute("UPDATE articles SET story_id = ? WHERE story_id = ?", (into, story_id))
        self._db.execute("UPDATE stories SET merged_into = ? WHERE merged_into = ?", (into, story_id))
        self._db.execute(
            "UPDATE stories SET merged_into = ?, title = '', first_article_id = NULL, lead_article_id = NULL"
            " WHERE id = ?",
            (into, story_id),
        )

    def _sort_out(self, story_id: int) -> None:
        """See what of a story still hangs together: the rest leaves it, alone or as stories of their own."""
        texts: dict[str, int] = {}
        ids, ties = [], []
        for row in self._db.conn.execute("SELECT id, content_hash FROM articles WHERE story_id = ?", (story_id,)):
            ids.append(int(row["id"]))
            ties.append((ids[-1], texts.setdefault(row["content_hash"], ids[-1])))
        noted = self._db.conn.execute(
            "SELECT article_id, other_id FROM resemblances JOIN articles ON articles.id = article_id "
            " WHERE story_id = ?",
            (story_id,),
        )
        ties += [(row["article_id"], row["other_id"]) for row in noted]
        found = self._tied(groups(ids, ties), story_id)
        for group in found[1:]:
            row = self._db.conn.execute("SELECT created_at FROM stories WHERE id = ?", (story_id,)).fetchone()
            new = inserted(self._db.conn, "stories", {"title": "", "created_at": row[0]}) if len(group) > 1 else None
            marks = ", ".join("?" * len(group))
            self._db.execute(f"UPDATE articles SET story_id = ? WHERE id IN ({marks})", (new, *group))
            if new is not None:
                self._elect(new)
        if found and len(found[0]) > 1:
            self._elect(story_id)
            return
        self._db.execute("UPDATE articles SET story_id = NULL WHERE story_id = ?", (story_id,))
        self._db.execute("DELETE FROM stories WHERE merged_into = ?", (story_id,))
        self._db.execute("DELETE FROM stories WHERE id = ?", (story_id,))

    def _tied(self, found: list[set[int]], story_id: int) -> list[set[int]]:
        """The groups, each once more compared with the largest: only one of a story was looked at when they came.

        Of thousands the first are compared, and the rest stay.
        """
        if len(found) < 2:
            return found
        noted_at, pivot, ties = self.row(story_id)["created_at"], min(found[0]), []
        ties += [(min(group), pivot) for group in found[_VOTERS:]]
        for group in found[1:_VOTERS]:
            like = _compared(self._text(min(group)), self._text(pivot))
            if like is not None:
                self._tie(min(group), like, noted_at)
                ties.append((min(group), pivot))
        ids = [one for group in found for one in group]
        return groups(ids, [*ties, *((min(group), one) for group in found for one in group)])

    def _tie(self, article_id: int, like: Likeness, noted_at: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO resemblances (article_id, other_id, how, similarity, contained, noted_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (article_id, like.other_id, like.how, like.similarity, like.contained, noted_at),
        )

    def _elect(self, story_id: int) -> None:
        members = self._members(story_id)
        first = first_of(members)
        lead = lead_of(members, first)
        self._db.execute(
            "UPDATE stories SET first_article_id = ?1, lead_article_id = ?2,"
            " title = (SELECT title FROM articles WHERE id = ?2) WHERE id = ?3",
            (first, lead, story_id),
        )

    def _members(self, story_id: int) -> list[Member]:
        rows = self._db.conn.execute(
            "SELECT id, url, kind, first_seen_at, length(body) AS length, published_at, published_zone, canonical_url,"
            " credit, publisher, substr(body, 1, 200) AS head, substr(body, -600) AS tail FROM articles"
            " WHERE story_id = ?1 AND (id IN (SELECT id FROM articles WHERE story_id = ?1 ORDER BY id LIMIT ?2)"
            " OR id = (SELECT max(id) FROM articles WHERE story_id = ?1))",
            (story_id, _VOTERS),
        )
        return [_member(row) for row in rows]

    def _story_of(self, article_id: int) -> int | None:
        row = self._db.conn.execute("SELECT story_id FROM articles WHERE id = ?", (article_id,)).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    def _text(self, article_id: int) -> Any:
        return self._db.conn.execute(
            "SELECT id, kind, body, content_hash FROM articles WHERE id = ?", (article_id,)
        ).fetchone()


def _compared(one: Any, other: Any) -> Likeness | None:
    """How one row of articles is a copy of another, if it is; ``other_id`` is the other's."""
    if one["content_hash"] == other["content_hash"]:
        return Likeness(other["id"])
    if Kind.LIVE in (one["kind"], other["kind"]):
        return None
    from scraper.dedupe.resemblance import Wording, compare  # numpy takes its time, and reading needs none of it

    alike = compare(Wording(one["body"]), Wording(other["body"]))
    if not alike.is_copy:
        return None
    return Likeness(other["id"], Match.NEAR, round(alike.similarity, 3), round(alike.contained, 3))


def earliest(copies: Iterable[Copy]) -> tuple[Copy, ...]:
    """Copies in the order in which they were surely out."""
    return tuple(sorted(copies, key=lambda copy: (out_by(_as_member(copy.stored)), copy.stored.id)))


def _as_member(stored: StoredArticle) -> Member:
    article = stored.article
    return Member(
        stored.id,
        article.url,
        article.kind,
        stored.first_seen_at,
        len(article.body),
        article.published_at,
        article.published_zone,
    )


def _member(row: Any) -> Member:
    said = (row["credit"] or "", row["publisher"] or "", row["head"] + "\n" + row["tail"])
    return Member(
        id=row["id"],
        url=row["url"],
        kind=Kind(row["kind"]),
        first_seen_at=row["first_seen_at"],
        length=row["length"],
        published_at=row["published_at"],
        published_zone=row["published_zone"] and Zone(row["published_zone"]),
        canonical_url=row["canonical_url"],
        agency=next(filter(None, map(agency_of, said)), None),
    )
