"""All that is read of a storage folder and written nowhere: articles, their texts and stories, pages, what happened."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from scraper.dedupe import url_key
from scraper.errors import NotStored
from scraper.model import Revision, StoredArticle, instant
from scraper.store.archive import Damaged, KeptPage, refuse
from scraper.store.choosing import Selection, chosen, each, last_updated
from scraper.store.counts import Count, Per, counts, latest_at
from scraper.store.files import Files
from scraper.store.glance import Glance, Rates, Undelivered, due, left_alone, rate, rhythms, sources
from scraper.store.inquiry import Findings, inquire
from scraper.store.lately import Changed, Told, changed, in_vain, told
from scraper.store.overview import Overview, overview
from scraper.store.search import Filters, Hit, search
from scraper.store.stories import Story

_BATCH = 100  # articles that are read at a time: a few hundred kB


class Queries(Files):
    """The reading half of :class:`scraper.store.Store`."""

    def get(self, which: int | str) -> StoredArticle:
        """One article, by id or by any of its URLs. Raises NotStored."""
        with self.reading():
            found = self._find(str(which))
        if found is None:
            raise NotStored(f"no article {which} is stored")
        return found

    def revisions(self, which: int | str) -> tuple[Revision, ...]:
        """The earlier texts of an article, by id or by any of its URLs, the first one first; its present text is in
        :meth:`get`. Raises NotStored.
        """
        with self.reading():
            return self.articles.revisions.all(self.get(which).id)

    def search(
        self, query: str = "", filters: Filters | None = None, limit: int = 20, *, newest: bool = False
    ) -> list[Hit]:
        """The best matches for a query (or the newest), or the latest articles where there is none."""
        with self.reading():
            return search(self._news, query, filters or Filters(), limit, newest=newest)

    def latest(self, limit: int = 20, filters: Filters | None = None) -> list[Hit]:
        """The articles that were published last, the latest first; ``snippet`` is the summary."""
        return self.search("", filters, limit)

    def counts(self, filters: Filters, per: Per, edges: Sequence[str]) -> list[Count]:
        """How many articles the filters let through in each span of time: see :func:`scraper.store.counts.counts`."""
        with self.reading():
            return counts(self._news, filters, per, edges)

    def latest_at(self, filters: Filters | None = None) -> str | None:
        """When the latest article was published; None: there is none."""
        with self.reading():
            return latest_at(self._news, filters or Filters())

    def select(self, selection: Selection, *, newest: bool = False) -> array[int]:
        """The numbers of the articles that are asked for, by id or the latest first."""
        with self.reading():
            return chosen(self._news, selection, newest=newest)

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

    def each(self, ids: array[int], damaged: Damaged = refuse) -> Iterator[StoredArticle]:
        """Articles by their numbers, read as they are asked for; ``damaged`` is told of those that cannot be read."""
        return each(self.articles, ids, damaged, self._news_path)

    def updated_at(self, selection: Selection) -> str | None:
        """When one of these articles last changed, as feeds say it; None where there are none."""
        with self.reading():
            return last_updated(self._news, selection)

    def revised_at(self, stored: StoredArticle) -> str | None:
        """When an article's present text took the place of another; None: it is the first."""
        if stored.revision == 1:
            return None
        return max((each.replaced_at for each in self.articles.revisions.all(stored.id)), default=None)

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

    def stories(self, limit: int = 20, since: str | date = "") -> Iterator[Story]:
        """The stories that came up last (since an instant or a day), the latest first, read as they are asked for."""
        begin, _ = Filters(since=since).times
        with self.reading():
            ids = self.grouping.latest(begin, limit)
        for story_id in ids:
            try:
                found = self.story(f"s{story_id}")
            except NotStored:
                continue  # it was taken apart meanwhile
            if found.id == story_id:  # else it was merged meanwhile, into one that has its own turn
                yield found

    def pages(self, filters: Filters | None = None, damaged: Damaged = refuse) -> Iterator[KeptPage]:
        """The raw pages of the articles that the filters let through, by id; of filters that name only a time, and
        without any, the pages that were fetched then, articles or not. ``damaged`` is told of those that cannot be
        read.
        """
        wanted = filters or Filters()
        with self.reading():
            where, params = wanted.sql()
            if wanted.of_articles:
                ids = self.archive.select("", "", self.articles.keys(where, params))
            else:
                ids = self.archive.select(*wanted.times)
            for kept in self.archive.selected(ids, public=wanted.public, damaged=damaged):
                keys = (url_key(kept.page.final_url), url_key(kept.page.url))
                yield replace(kept, source=self.articles.source_of(keys))

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

    def glance(self, now: datetime) -> Glance:
        """What `scrape status` shows of this folder."""
        at, hour_ago, day_ago = (instant(now - timedelta(hours=hours)) for hours in (0, 1, 24))
        with self.reading():
            new, again = self.frontier.queued()
            return Glance(
                articles=self.articles.count(),
                pages=self.archive.count(),
                archive_bytes=self.retention.used(),
                waiting=new,
                revisits=again,
                backfills=self.backfills.under_way(),
                next_due=self.frontier.next_due(),
                sources=sources(self._news),
                last_day=self.attempts.counts_since(day_ago),
                problems=self.attempts.problems_since(day_ago),
                alarms=self.alarms.all(),
                events=self.events.latest(5),
                undelivered=Undelivered(*self.events.queued()),
                due=due(self._news, at),
                rates=Rates(rate(self._news, hour_ago), rate(self._news, day_ago)),
                hosts=left_alone(self._news, at),
            )

    def rhythms(self) -> dict[str, str | None]:
        """How often each source publishes, by its name, as ``scraper.rhythm`` wrote it."""
        with self.reading():
            return rhythms(self._news)

    def overview(self, now: str) -> Overview:
        """What there is and what waits, in numbers that are cheap to come by."""
        with self.reading():
            return overview(self._news, now)

    def _find(self, which: str) -> StoredArticle | None:
        """By id (no longer one than SQLite's are) or by URL."""
        if which.isdecimal():
            return self.articles.by_id(int(which)) if len(which) < 19 else None
        return self.articles.by_keys([url_key(which)])
