"""The only code that speaks SQL: two files in WAL, ``news.db`` (all there is to read) and ``pages.db`` (raw pages)."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scraper.dedupe import Action, Candidate, Decision, Known, Sources, Whole, candidate, decide, url_key
from scraper.dedupe.sources import LONGEST
from scraper.errors import DatabaseBusy, Forgotten, NotStored, StorageFull
from scraper.model import Article, Attempt, Page, Revision, StoredArticle, from_instant, instant
from scraper.store import migrations
from scraper.store.alarms import Alarms
from scraper.store.archive import Archive, Damaged, KeptPage, Packed, refuse
from scraper.store.articles import TEXTS, Articles, Origin
from scraper.store.attempts import Attempts
from scraper.store.backfills import Backfill, Backfills, DueDocument, Read, Wanted
from scraper.store.choosing import Selection, chosen, each, last_updated
from scraper.store.clock import take_back
from scraper.store.counts import Count, Per, counts, latest_at
from scraper.store.events import Events
from scraper.store.frontier import DueEntry, Frontier, SourceState
from scraper.store.grouping import Grouping
from scraper.store.hosts import Hosts
from scraper.store.inquiry import Findings, inquire
from scraper.store.intake import Intake
from scraper.store.lately import Changed, Told, changed, in_vain, told
from scraper.store.links import Links
from scraper.store.opening import (
    check_sound,
    immediate,
    open_database,
    open_empty,
    open_readonly,
    part,
    translated,
)
from scraper.store.overview import Overview, glance, overview
from scraper.store.past import Past
from scraper.store.reparses import Reparses
from scraper.store.retention import Retention
from scraper.store.search import Filters, Hit, index_new, search, teach
from scraper.store.sketches import WINDOW, Nearby, Sketches
from scraper.store.stories import Copy, Stories, Story

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

_BATCH = 100  # articles that are read at a time: a few hundred kB
_GROUPED = TEXTS | {"kind"}  # what an article's copies are told by


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an article that was handed to the store."""

    decision: Decision
    article_id: int | None


class Store:
    """The databases of one storage folder. Made where they do not exist, unless ``readonly``.

    For reading, news.db is enough by itself: without pages.db there are no raw pages. ``window``: for so long after an
    article near-copies of it are looked for.

    A store belongs to the thread that opened it. Everything that writes happens inside :meth:`transaction`::

        with Store("storage") as store:
            for hit in store.search("peacekeepers"):
                print(hit.title, hit.url)

    Raises StoreError (ForeignDatabase, StorageFull, DatabaseBusy, DatabaseDamaged) from every method.
    """

    def __init__(
        self,
        folder: str | Path,
        *,
        readonly: bool = False,
        busy_timeout: float = 30.0,
        window: timedelta = WINDOW,
    ) -> None:
        self.folder = Path(folder).expanduser()
        if not readonly:
            _make(self.folder)
        opened = open_readonly if readonly else open_database
        self._news_path, self._pages_path = self.folder / "news.db", self.folder / "pages.db"
        self._news = opened(self._news_path, migrations.NEWS_ID, migrations.news, busy_timeout)
        try:
            if readonly and not self._pages_path.exists():
                self._pages = open_empty(migrations.pages)
            else:
                self._pages = opened(self._pages_path, migrations.PAGES_ID, migrations.pages, busy_timeout)
        except BaseException:
            self._news.close()
            raise
        teach(self._news.conn)
        self.articles = Articles(self._news)
        self.sketches = Sketches(self._news, window)
        self.grouping = Grouping(self.articles, self.sketches, Stories(self._news))
        self.frontier = Frontier(self._news)
        self.attempts = Attempts(self._news)
        self.events = Events(self._news)
        self.alarms = Alarms(self._news)
        self.hosts = Hosts(self._news)
        self.backfills = Backfills(self._news)
        self.links = Links(self._news)
        self.past = Past(self._news, self.articles)
        self.intake = Intake(self._news, self.articles, self.frontier)
        self.archive = Archive(self._pages, self._pages_path)
        self.retention = Retention(self._pages, self._pages_path)
        self.reparses = Reparses(self._news, self._pages, self._pages_path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @staticmethod
    def check(folder: Path, seconds: float) -> None:
        """Raise DatabaseDamaged if SQLite cannot read what is in a file, as far as that shows in so many seconds, and
        ForeignDatabase for what is not ours. Nothing is changed.
        """
        check_sound(folder / "news.db", migrations.NEWS_ID, migrations.news, seconds)
        check_sound(folder / "pages.db", migrations.PAGES_ID, migrations.pages, seconds)

    def close(self) -> None:
        """Close both files."""
        self._news.close()
        self._pages.close()

    def wait_for_lock(self, seconds: float) -> None:
        """From now on, wait so long for another process that writes."""
        for database in (self._news, self._pages):
            database.conn.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Give SQLite's errors their names."""
        with translated(self._news_path):
            yield

    @property
    def changes(self) -> int:
        """How many rows were written since the store was opened: what is the same wrote nothing."""
        return self._news.conn.total_changes + self._pages.conn.total_changes

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and on disk when it ends. Inside another transaction: all or nothing of this part.

        pages.db commits first: a kill between the two leaves a page without an article, which is harmless, and never
        an article without its page.
        """
        if self._news.conn.in_transaction:
            with translated(self._news_path), part(self._news.conn), part(self._pages.conn):
                yield
            return
        with (
            translated(self._news_path),
            immediate(self._news.conn, self._news_path),
            immediate(self._pages.conn, self._pages_path),
        ):
            yield
            index_new(self._news.conn)

    def _at_once(self) -> AbstractContextManager[None]:
        """All or nothing: a transaction, or where the caller is in one, his, without a savepoint."""
        return nullcontext() if self._news.conn.in_transaction else self.transaction()

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
                self.archive.add(packed or page)
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
        # Of what did not change, the page is there already: its bytes differ by a nonce or an advertisement.
        return decision.action is Action.TOUCH and self.archive.has([url_key(page.final_url)])

    def pages(self, filters: Filters | None = None, damaged: Damaged = refuse) -> Iterator[KeptPage]:
        """The raw pages of the articles that the filters let through, by id; of filters that name only a time, and
        without any, the pages that were fetched then, articles or not. ``damaged`` is told of those that cannot be
        read.
        """
        wanted = filters or Filters()
        with self.reading():
            where, params = wanted.sql()
            if wanted.of_articles:
                ids = self.archive.select(None, None, self.articles.keys(where, params))
            else:
                ids = self.archive.select(wanted.since, wanted.until)
            for kept in self.archive.selected(ids, public=wanted.public, damaged=damaged):
                keys = (url_key(kept.page.final_url), url_key(kept.page.url))
                yield replace(kept, source=self.articles.source_of(keys))

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

    def story(self, which: int | str) -> Story:
        """The story of an article (by id or by any of its URLs), or of a number (``s5``; also of one that was merged).

        Raises NotStored where there is none.
        """
        name = str(which)
        if name[:1] == "s" and name[1:].isdecimal() and len(name) < 19:
            with self.reading():
                return self.grouping.numbered(int(name[1:]))
        found = self.get(name)
        with self.reading():
            return self.grouping.story(found)

    def _sources(self, old: StoredArticle, page: Page) -> Sources:
        """What the page of a stored article said as a whole when its text was taken, and says now."""
        kept = self.archive.last([old.url_key, url_key(page.final_url)])
        return Sources(_whole(kept) if kept is not None else Whole(), _whole(page))

    def note(self, attempt: Attempt) -> None:
        """Write down how an attempt ended."""
        with self.transaction():
            self.attempts.add(attempt)

    def get(self, which: int | str) -> StoredArticle:
        """One article, by id or by any of its URLs. Raises NotStored."""
        with self.reading():
            found = self._find(str(which))
        if found is None:
            raise NotStored(f"no article {which} is stored")
        return found

    def revisions(self, article_id: int) -> tuple[Revision, ...]:
        """The earlier texts of an article, the first one first; its present text is in :meth:`get`."""
        with self.reading():
            return self.articles.revisions.all(article_id)

    def search(
        self, query: str = "", filters: Filters | None = None, limit: int = 20, *, newest: bool = False
    ) -> list[Hit]:
        """The best matches for a query (or the newest), or the latest articles where there is none."""
        with self.reading():
            return search(self._news, query, filters or Filters(), limit, newest=newest)

    def counts(self, filters: Filters, per: Per, edges: Sequence[str]) -> list[Count]:
        """How many articles the filters let through in each span of time: see :func:`scraper.store.counts.counts`."""
        with self.reading():
            return counts(self._news, filters, per, edges)

    def latest_at(self, filters: Filters | None = None) -> str | None:
        """When the latest article was published; None: there is none."""
        with self.reading():
            return latest_at(self._news, filters or Filters())

    def latest(self, limit: int = 20, filters: Filters | None = None) -> list[Hit]:
        """The articles that were published last, the latest first; ``snippet`` is the summary."""
        return self.search("", filters, limit)

    def export(self, filters: Filters | None = None) -> Iterator[StoredArticle]:
        """Every article that the filters let through, by id, as it is when its turn comes.

        A hundred are read at a time, and between them nothing is: however slowly they are asked for, no log grows.
        """
        where, params = (filters or Filters()).sql()
        with self.reading():
            ids = self.articles.select(where, params)
        for start in range(0, len(ids), _BATCH):
            with self.reading():
                batch = self.articles.some(ids[start : start + _BATCH])
            yield from batch

    def stories(self, limit: int = 20, since: str = "") -> Iterator[Story]:
        """The stories that came up last (since an instant or a day), the latest first, read as they are asked for."""
        with self.reading():
            ids = self.grouping.latest(since, limit)
        for story_id in ids:
            try:
                found = self.story(f"s{story_id}")
            except NotStored:
                continue  # it was taken apart meanwhile
            if found.id == story_id:  # else it was merged meanwhile, into one that has its own turn
                yield found

    def add(self, article: Article, *, source: str | None = None, now: datetime | None = None) -> int:
        """Store an article without its page, as `scrape fetch` would with it. Returns the id under which it is known:
        that of an earlier one where it is the same article, whose text it then revises.

        ``source`` is the name of the source that announced it. Raises BadURL without a URL, NotAnArticle for the text
        of a page that is none, and Forgotten where its operator had it erased.
        """
        saved = self.save(candidate(article), None, source, now or datetime.now(UTC))
        if saved.article_id is None:
            raise Forgotten(f"{article.url} was erased by `scrape forget` and is not stored again")
        return saved.article_id

    def select(self, selection: Selection, *, newest: bool = False) -> array[int]:
        """The numbers of the articles that are asked for, by id or the latest first."""
        with self.reading():
            return chosen(self._news, selection, newest=newest)

    def updated_at(self, selection: Selection) -> str | None:
        """When one of these articles last changed, as feeds say it; None where there are none."""
        with self.reading():
            return last_updated(self._news, selection)

    def revised_at(self, stored: StoredArticle) -> str | None:
        """When an article's present text took the place of another; None: it is the first."""
        if stored.revision == 1:
            return None
        return max((each.replaced_at for each in self.revisions(stored.id)), default=None)

    def each(self, ids: array[int], damaged: Damaged = refuse) -> Iterator[StoredArticle]:
        """Articles by their numbers, read as they are asked for; ``damaged`` is told of those that cannot be read."""
        return each(self.articles, ids, damaged, self._news_path)

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
            urls = [url for article_id in ids for url in self.articles.addresses(article_id)] or urls
            keys = tuple(dict.fromkeys(url_key(url) for url in urls))
            for article_id in ids:
                self.grouping.leave(article_id)
            for erased in ids or (None,):
                self.articles.forget(erased, keys, instant(now))
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
            return take_back(self._news, now)

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

    def _find(self, which: str) -> StoredArticle | None:
        """By id (no longer one than SQLite's are) or by URL."""
        if which.isdecimal():
            return self.articles.by_id(int(which)) if len(which) < 19 else None
        return self.articles.by_keys([url_key(which)])

    def inquire(self, what: str, now: datetime, limit: int = 10) -> Findings:
        """All that bears on why an address, a host or a source (by name) was fetched or was not."""
        with self.reading():
            return inquire(self._news, self.hosts, what, limit, instant(now))

    def changed(self, filters: Filters, limit: int) -> list[Changed]:
        """The latest changes of articles."""
        with self.reading():
            return changed(self._news, filters, limit)

    def told(self, filters: Filters, limit: int) -> list[Told]:
        """The latest stories."""
        with self.reading():
            return told(self._news, filters, limit)

    def in_vain(self, filters: Filters, limit: int) -> list[dict[str, Any]]:
        """The latest attempts that came to nothing."""
        with self.reading():
            return in_vain(self._news, filters, limit)

    def status(self, since: str) -> dict[str, object]:
        """The sources as rows, what waits, and what happened since an instant: what `scrape status` shows."""
        with self.reading():
            sources = self._news.query(
                "SELECT sources.name, sources.kind, sources.url, sources.enabled, sources.last_fetched_at,"
                " sources.last_success_at, sources.last_outcome, sources.last_detail, sources.failures,"
                " sources.next_due,"
                " (SELECT count(*) FROM articles WHERE source_id = sources.id) AS articles,"
                " (SELECT count(*) FROM entries WHERE source_id = sources.id AND next_due IS NOT NULL"
                " AND changed_at IS NULL) AS waiting"
                " FROM sources ORDER BY sources.name"
            )
            new, again = self.frontier.queued()
            return {
                "articles": self.articles.count(),
                "pages": self.archive.count(),
                "archive_bytes": self.retention.used(),
                "waiting": new,
                "revisits": again,
                "backfills": self.backfills.under_way(),
                "next_due": self.frontier.next_due(),
                "sources": [dict(row) for row in sources],
                "last_day": self.attempts.counts_since(since),
                "problems": self.attempts.problems_since(since),
                "alarms": self.alarms.all(),
                "events": self.events.latest(5),
                "undelivered": dict(zip(("waiting", "given_up"), self.events.queued(), strict=True)),
            }

    def overview(self, now: str) -> Overview:
        """What there is and what waits, in numbers that are cheap to come by."""
        with self.reading():
            return overview(self._news, now)

    def glance(self, now: str, hour_ago: str, day_ago: str) -> dict[str, Any]:
        """How fast things go, and which hosts are left alone: what `scrape status` shows beside :meth:`status`."""
        with self.reading():
            return glance(self._news, now, hour_ago, day_ago)


def _whole(page: Page) -> Whole:
    from scraper.extract.charset import decode  # with its detector, which a search or a list needs not

    return Whole(decode(page.body, page.header("content-type")).text if len(page.body) <= LONGEST else "")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFull(f"cannot make {folder}: {error.strerror}") from error
