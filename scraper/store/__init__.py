"""The only code that speaks SQL: two files in WAL, ``news.db`` (all there is to read) and ``pages.db`` (raw pages)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scraper.dedupe import Action, Candidate, Decision, Known, Sources, Whole, candidate, decide, url_key
from scraper.dedupe.sources import LONGEST
from scraper.errors import BadUsage, DatabaseBusy, Forgotten, NotStored
from scraper.model import Article, Attempt, How, Page, StoredArticle, from_instant, instant
from scraper.store.archive import Packed
from scraper.store.articles import TEXTS, Origin
from scraper.store.backfills import Backfill, DueDocument, Read, Wanted
from scraper.store.choosing import Selection
from scraper.store.clock import take_back
from scraper.store.frontier import DueEntry, SourceState
from scraper.store.inquiry import Findings
from scraper.store.lately import Changed, Told
from scraper.store.opening import translated
from scraper.store.queries import Queries
from scraper.store.search import Filters, Hit
from scraper.store.sketches import WINDOW, Nearby
from scraper.store.stories import Copy, Story

__all__ = [
    "WINDOW",
    "Backfill",
    "Changed",
    "Copy",
    "DueDocument",
    "DueEntry",
    "Filters",
    "Findings",
    "Hit",
    "Read",
    "Saved",
    "Selection",
    "SourceState",
    "Store",
    "Story",
    "Told",
    "Wanted",
]

_GROUPED = TEXTS | {"kind"}  # what an article's copies are told by
_SHARED = (How.SHARED,)  # how addresses are known that are other articles' as well
_PASSED = (*_SHARED, How.REDIRECT)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an article that was handed to the store."""

    decision: Decision
    article_id: int | None


class Store(Queries):
    """The databases of one storage folder. Made where they do not exist, unless ``readonly``.

    For reading, news.db is enough by itself: without pages.db there are no raw pages. ``window``: for so long after an
    article near-copies of it are looked for.

    A store belongs to the thread that opened it. Everything that writes happens inside :meth:`transaction`::

        with Store("storage") as store:
            for hit in store.search("peacekeepers"):
                print(hit.title, hit.url)

    Raises StoreError (ForeignDatabase, StorageFull, DatabaseBusy, DatabaseDamaged) from every method.
    """

    def save(
        self, new: Candidate, page: Page | Packed | None, source: str | None, now: datetime, *, past: bool = False
    ) -> Saved:
        """Decide about an article and carry it out, with its page, in one transaction; inside the caller's, if there
        is one, who undoes it if this raises.

        ``page`` is better packed beforehand, in another thread. ``past``: an archive hands it over, which was fetched
        ``now``; newer pages may be known, and their text stays.
        """
        packed, page = page, page.page if isinstance(page, Packed) else page
        with self._at_once():
            known = self.articles.known(new, instant(now))
            # What an archive shows again was there again: nobody has to wait whether it stays.
            decision, nearby = self._decide(new, page, replace(known, past=()) if past else known, now)
            if decision.reason == "forgotten":
                return Saved(decision, None)
            if page is not None and not page.from_cache and not self._is_kept(page, decision, past=past):
                self.archive.add(packed or page, of=self._keys(decision))
            source_id = self.frontier.source_id(source) if source else None
            origin = Origin(source_id, login=page is not None and page.login)
            if past:
                decision, article_id = self.past.carry_out(decision, new, origin, instant(now))
            else:
                article_id = self.articles.carry_out(decision, new, origin, instant(now))
            self.grouping.carry_out(article_id, decision, nearby, now)
            return Saved(decision, article_id)

    def take(self, told: StoredArticle, new: Candidate, now: datetime) -> Saved:
        """Put an article here that another archive tells (``scraper.dedupe.intake``), with what it knows beside it.

        Looked for are copies as when it came there.
        """
        came = from_instant(told.first_seen_at)
        with self._at_once():
            known = replace(self.articles.known(new), past=())
            decision, nearby = self._decide(new, None, known, came)
            if decision.reason == "forgotten":
                return Saved(decision, None)
            decision, article_id = self.intake.carry_out(decision, new, told, now)
            self.grouping.carry_out(article_id, decision, nearby, came)
            return Saved(decision, article_id)

    def _is_kept(self, page: Page, decision: Decision, *, past: bool) -> bool:
        """Whether there is no need to keep a page, for one like it is there."""
        if past:
            return self.archive.holds(page)
        # Of what did not change, the page is there already, under whatever address: its bytes differ by a nonce or an
        # advertisement.
        return decision.action is Action.TOUCH and self.archive.has([url_key(page.final_url), *self._keys(decision)])

    def _keys(self, decision: Decision) -> tuple[str, ...]:
        """The keys of all addresses at which the article that a decision is about is known."""
        known = decision.article_id
        return tuple({url_key(url) for url in self.articles.addresses(known)}) if known is not None else ()

    def judge_pages(self, limit: int) -> int:
        """Rank pages that an earlier version kept, so many at most, by what came of them. Returns how many."""
        rows = self.retention.unjudged(limit)
        for row in rows:
            stored = self.articles.by_keys([row["final_url_key"], row["url_key"]]) is not None
            self.retention.judge(row, yielded=stored and not self.attempts.refused(row["url"], row["fetched_at"]))
        return len(rows)

    def _decide(self, new: Candidate, page: Page | None, known: Known, now: datetime) -> tuple[Decision, Nearby]:
        """What to do with a candidate, and what it is a near-copy of."""
        nearby = self.grouping.nearby(new, known, now)
        known = replace(known, near=nearby.copies) if nearby.copies else known
        decision = decide(new, known)
        # The whole pages are compared only where it matters: it takes reading the kept one.
        old = known.by_url
        if decision.action is Action.REPLACE and old is not None and old.id == decision.article_id and page is not None:
            decision = decide(new, replace(known, sources=self._sources(old, page)))
        return decision, nearby

    def renew(self, article_id: int, now: datetime) -> bool:
        """Write what newer rules read of an article. Returns whether its record changed."""
        with self.transaction():
            changed = self.reparses.apply(article_id, instant(now))
            if not _GROUPED.isdisjoint(changed):
                self.grouping.renewed(article_id, now)
        return bool(changed)

    def catch_up(self, now: datetime, limit: int) -> int:
        """Look for near-copies among articles from before that was done. Returns how many it read."""
        with self.transaction():
            return self.grouping.catch_up(now, limit)

    def _sources(self, old: StoredArticle, page: Page) -> Sources:
        """What the page of a stored article said as a whole when its text was taken, and says now."""
        kept = self.archive.last([old.url_key, url_key(page.final_url)])
        return Sources(_whole(kept) if kept is not None else Whole(), _whole(page))

    def note(self, attempt: Attempt) -> None:
        """Write down how an attempt ended."""
        with self.transaction():
            self.attempts.add(attempt)

    def add(self, article: Article, *, source: str | None = None, now: datetime | None = None) -> int:
        """Store an article without its page, as `scrape fetch` would with it. Returns the id under which it is known:
        that of an earlier one where it is the same article, whose text it then revises.

        ``source`` is the name of the source that announced it. Raises BadURL without a URL, BadUsage for a field that
        cannot be stored as it is, and for a source that this folder does not know, NotAnArticle for the text of a page
        that is none, and Forgotten where its operator had it erased.
        """
        from scraper.store.given import given  # with msgspec, which nobody needs who only reads

        article = given(article)
        if source is not None:
            self._check_source(source)
        saved = self.save(candidate(article), None, source, now or datetime.now(UTC))
        if saved.article_id is None:
            raise Forgotten(f"{article.url} was erased by `scrape forget` and is not stored again")
        return saved.article_id

    def _check_source(self, name: str) -> None:
        with self.reading():
            known = self.frontier.source_id(name) is not None
        if not known:
            raise BadUsage(
                f"source: {name!r} is none that {self.folder} knows: `scrape sources list` lists them, and one that is "
                "new is known there from the next `scrape run` on"
            )

    def forget(self, which: str, now: datetime) -> tuple[int, ...]:
        """Erase an article for good: text, revisions, pages, index, attempts; keep its keys, so it stays away.

        With it go those that a migration found under its key: a page of theirs could not be told from its. Returns all
        their ids. A URL that nothing is stored of gets its tombstone all the same; then the answer is empty.
        """
        with self.transaction():
            found = self._find(which)
            if found is None and which.isdecimal():
                raise NotStored(f"no article {which} is stored")
            urls = self.articles.addresses(found.id) if found else [which]
            ids = self.articles.sharing(url_key(urls[0])) if found else ()
            urls = [url for each in ids for url in self.articles.addresses(each, _SHARED)] or urls
            keys = tuple(dict.fromkeys(url_key(url) for url in urls))
            # Every page of a site may pass through one address (a check for cookies): with it, all would stay away.
            own = [url for each in ids for url in self.articles.addresses(each, _PASSED)] or urls
            for article_id in ids:
                self.grouping.leave(article_id)
            for erased in ids or (None,):
                self.tombstones.bury(erased, keys, {url_key(url) for url in own}, instant(now))
            self.attempts.forget(urls)
            self.archive.forget(keys)
        return ids

    def erase(self, which: Sequence[str], now: datetime) -> int:
        """Forget these, all or none of them, and leave no trace in the files. Returns how many articles they were.

        A kill in the middle leaves them as they were, at most without their pages, or erased: the next call, whatever
        it is asked to erase, empties the logs.
        """
        try:
            erased: set[str] = set()
            with self.transaction():
                for each in which:
                    if each not in erased:  # with another one
                        erased.update(map(str, self.forget(each, now)))
                self._merge_index()
        finally:
            self.scrub()
        return len(erased)

    def set_clock(self, now: datetime) -> timedelta:
        """Take back what was written under a clock that was ahead. Returns by how much it was."""
        with self.transaction():
            return take_back(self._news, self._pages, now)

    def scrub(self) -> None:
        """Leave no trace of what was forgotten in the search index and the write-ahead logs.

        Raises DatabaseBusy where another process reads for so long that a log cannot be emptied.
        """
        with self.transaction():
            self._merge_index()
        for path, database in ((self._news_path, self._news), (self._pages_path, self._pages)):
            with translated(path):
                if database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    raise DatabaseBusy(f"{path}: another process is reading it, so its log keeps old text; try again")

    def _merge_index(self) -> None:
        """Write the search index anew without what was deleted, which it only marks as such."""
        self._news.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")


def _whole(page: Page) -> Whole:
    from scraper.extract.charset import decode  # with its detector, which a search or a list needs not

    return Whole(decode(page.body, page.header("content-type")).text if len(page.body) <= LONGEST else "")
