"""The index of recent articles by hashes of what they say: where near-copies are looked for.

It is kept in generations. One ends when it is as old as the window or has ``_ROOM`` articles, whichever is sooner;
what is looked for is looked for in the latest ``_KEPT``, and housekeeping drops older ones. Only the present one is
written to, so the pages that a commit writes stay few however many articles there are (a hash falls anywhere in it);
and dropping takes whole runs of them. One that two have followed gets a Bloom filter: most hashes of an article are in
no other, and eight look-ups for each cost a quarter of a millisecond (with filters .06). Not sooner, since the
transaction in which it ended might be undone, and more come to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlite_utils import Database

from scraper.dedupe import Candidate, Likeness, Match
from scraper.model import from_instant, instant

if TYPE_CHECKING:
    from scraper.dedupe.resemblance import Wording

WINDOW = timedelta(days=14)
"""How long an article is compared with those that come after it, if nothing else is configured."""

_ROOM = 10_000  # articles of a generation: 3.5 MB
_KEPT = 8  # generations that are looked at
_BEFORE = 50_000  # articles that are read of those from before there was this index
_WORN = 32  # articles of a generation that share a run of words: it is a set phrase, and tells no more of them apart
_SHARED = 2  # hashes that two have in common, for it to be worth to compare them
_CLOSEST = 8  # that are compared
_REMEMBERED = 64  # texts that were compared: those that are filled in by form come by the hundred, and alike
_BRIEF = 20_000  # characters of such a text
_FILTER = 1 << 22  # bits: 200,000 hashes set two each, and one in a hundred that is not there seems to be
_SPREAD = 0x9E3779B97F4A7C15  # the smallest hashes have their leading bits in common


@dataclass(frozen=True, slots=True)
class Nearby:
    """What a sketch led to: the near-copies, the closest first, and those of its hashes that are no set phrases."""

    copies: tuple[Likeness, ...] = ()
    telling: tuple[int, ...] = ()


class Sketches:
    """The tables sketches and generations of news.db. Without a window, nothing is kept and nothing is found."""

    def __init__(self, db: Database, window: timedelta) -> None:
        self._db = db
        self._window = window
        self._filters: dict[int, bytes] = {}
        self._brief_wording = lru_cache(maxsize=_REMEMBERED)(_wording)

    def near(self, new: Candidate, now: datetime, but: int | None = None) -> Nearby:
        """What a candidate is a near-copy of, among those of the window. ``but``: itself."""
        if not new.sketch or not self._window:
            return Nearby()
        rows = self._found(new.sketch)
        if not rows:
            return Nearby((), new.sketch)
        uses = Counter(row[0] for row in rows)
        telling = tuple(value for value in new.sketch if uses.get(value, 0) < _WORN)
        shared = Counter(row[1] for row in rows if row[1] != but)
        close = sorted((-count, one) for one, count in shared.items() if count >= _SHARED)
        return Nearby(self._compared(new, [one for _, one in close[:_CLOSEST]], now), telling)

    def keep(self, article_id: int, hashes: Sequence[int], now: datetime, *, new: bool = False) -> None:
        """Have an article found by these, if it is of the window: an older one that was revised is not looked for."""
        if not hashes or not self._window:
            return
        if not new:
            row = self._db.conn.execute("SELECT first_seen_at FROM articles WHERE id = ?", (article_id,)).fetchone()
            if row is None or row[0] < instant(now - self._window):
                return
        generation = self._begun(article_id, now)
        self._put(generation, article_id, hashes)

    def forget(self, article_id: int) -> None:
        """Drop an article's hashes. They are found by looking through all: a second for a million articles."""
        self._db.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))

    def drop_old(self, limit: int) -> int:
        """Drop some of what is not looked at any more. Returns how many rows."""
        oldest = self._present() - _KEPT + 1
        dropped: int = self._db.execute(
            "DELETE FROM sketches WHERE (generation, hash, article_id) IN"
            " (SELECT generation, hash, article_id FROM sketches WHERE generation < ? LIMIT ?)",
            (oldest, limit),
        ).rowcount
        if dropped < limit:
            self._db.execute("DELETE FROM generations WHERE id < ?", (oldest,))
        return dropped

    def unread(self, now: datetime, limit: int) -> list[int]:
        """Articles of the window that were stored before there was this index, the latest first."""
        row = self._db.conn.execute("SELECT first_article_id FROM generations WHERE id = 0").fetchone()
        if row is None or not self._window or self._present() >= _KEPT:
            return []
        rows = self._db.conn.execute(
            "SELECT id FROM articles WHERE id < ? AND id > (SELECT max(id) FROM articles) - ? AND first_seen_at >= ?"
            " ORDER BY id DESC LIMIT ?",
            (row[0], _BEFORE, instant(now - self._window), limit),
        )
        return [int(found[0]) for found in rows]

    def keep_old(self, article_id: int, hashes: Sequence[int]) -> None:
        """Have an article found that :meth:`unread` named; it is not named again."""
        self._put(0, article_id, hashes)
        self._db.execute("UPDATE generations SET first_article_id = ? WHERE id = 0", (article_id,))

    def _found(self, hashes: Sequence[int]) -> list[tuple[int, int]]:
        """Which of these hashes which articles have."""
        present, found = self._present(), []
        for generation in range(max(0, present - _KEPT + 1), present + 1):
            wanted = hashes if generation > present - 2 else _passing(self._filter(generation), hashes)
            if wanted:
                marks = ", ".join("?" * len(wanted))
                sql = f"SELECT hash, article_id FROM sketches WHERE generation = ? AND hash IN ({marks})"
                found += self._db.conn.execute(sql, (generation, *wanted)).fetchall()
        return found

    def _filter(self, generation: int) -> bytes:
        """The filter of a generation; empty where it has none. It stays in memory, half a megabyte."""
        known = self._filters.get(generation)
        if known is None:
            row = self._db.conn.execute("SELECT filter FROM generations WHERE id = ?", (generation,)).fetchone()
            known = (row and row[0]) or b""
            self._filters = {number: bits for number, bits in self._filters.items() if number > generation - _KEPT}
            self._filters[generation] = known
        return known

    def _close(self, generation: int) -> None:
        """Give a generation to which nothing more comes its filter."""
        bits = bytearray(_FILTER // 8)
        for (value,) in self._db.conn.execute("SELECT hash FROM sketches WHERE generation = ?", (generation,)):
            for place in _places(value):
                bits[place >> 3] |= 1 << (place & 7)
        self._db.execute("UPDATE generations SET filter = ? WHERE id = ?", (bytes(bits), generation))

    def _put(self, generation: int, article_id: int, hashes: Sequence[int]) -> None:
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO sketches VALUES (?, ?, ?)", [(generation, value, article_id) for value in hashes]
        )

    def _compared(self, new: Candidate, ids: Collection[int], now: datetime) -> tuple[Likeness, ...]:
        """The articles among these that it is a copy of. Of a story, one is enough."""
        if not ids:
            return ()
        from scraper.dedupe.resemblance import compare  # numpy takes its time, and most articles have no copies

        mine, found, stories = self._worded(new.article.body), [], set()
        since = instant(now - self._window)
        for one in ids:
            row = self._db.conn.execute(
                "SELECT body, story_id FROM articles WHERE id = ? AND first_seen_at >= ? AND kind <> 'live'",
                (one, since),
            ).fetchone()
            if row is None or row["story_id"] in stories:
                continue
            alike = compare(mine, self._worded(row["body"]))
            if alike.is_copy:
                found.append(Likeness(one, Match.NEAR, round(alike.similarity, 3), round(alike.contained, 3)))
                stories |= {row["story_id"]} - {None}
        return tuple(sorted(found, key=lambda like: -like.contained))

    def _worded(self, body: str) -> Wording:
        return self._brief_wording(body) if len(body) <= _BRIEF else _wording(body)

    def _present(self) -> int:
        row = self._db.conn.execute("SELECT max(id) FROM generations").fetchone()
        return int(row[0] or 0)

    def _begun(self, article_id: int, now: datetime) -> int:
        """The generation for an article that is stored now: the present one, or the next."""
        row = self._db.conn.execute(
            "SELECT id, first_article_id, begun_at FROM generations ORDER BY id DESC LIMIT 1"
        ).fetchone()
        is_open = row["id"] > 0 and article_id - row["first_article_id"] < _ROOM
        if is_open and now - from_instant(row["begun_at"]) < self._window:
            return int(row["id"])
        generation = row["id"] + 1
        if generation > 2:
            self._close(generation - 2)
        # Not from the article on: one that was revised may be an old one.
        latest = self._db.conn.execute("SELECT max(id) FROM articles").fetchone()[0]
        self._db.execute(
            "INSERT INTO generations (id, first_article_id, begun_at) VALUES (?, ?, ?)",
            (generation, latest, instant(now)),
        )
        return int(generation)


def _wording(body: str) -> Wording:
    from scraper.dedupe.resemblance import Wording

    return Wording(body)


def _places(value: int) -> tuple[int, int]:
    """The two bits of a hash in a filter."""
    mixed = value * _SPREAD
    return mixed >> 20 & _FILTER - 1, mixed >> 42 & _FILTER - 1


def _passing(bits: bytes, hashes: Sequence[int]) -> Sequence[int]:
    """Those of the hashes that a filter lets through; all, without one."""
    if not bits:
        return hashes
    return [
        value
        for value in hashes
        if bits[(one := value * _SPREAD >> 20 & _FILTER - 1) >> 3] >> (one & 7) & 1
        and all(bits[place >> 3] >> (place & 7) & 1 for place in _places(value))
    ]
