"""How what a stage returned or raised becomes an :class:`Attempt`: a row of ``fetches`` and a line of output. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from scraper.dedupe import Decision, Difference
from scraper.errors import ScrapeError, Skip, TryLater
from scraper.fetch.permit import says_none
from scraper.model import Article, Attempt, Entry, Event, EventKind, FetchKind, Listing, Outcome, Page, SourceKind
from scraper.settings import Source

FETCH_KINDS = {
    SourceKind.FEED: FetchKind.FEED,
    SourceKind.SITEMAP: FetchKind.SITEMAP,
    SourceKind.PAGE: FetchKind.SECTION,
}

EVENTS = {Outcome.SAVED: EventKind.NEW, Outcome.REVISED: EventKind.REVISED}
"""What an attempt at a page did to its article, where that is worth telling."""


def failed(url: str, kind: str, error: ScrapeError, at: datetime, page: Page | None = None) -> Attempt:
    """An attempt that ended with an error: failed where another try may work, skipped otherwise."""
    outcome = Outcome.FAILED if isinstance(error, TryLater) else Outcome.SKIPPED
    status = error.status if isinstance(error, (Skip, TryLater)) else None
    attempt = Attempt(url, kind, outcome, error.reason, str(error), at, status=status)
    # An error that has an answer of its own speaks of that, and not of the page before it.
    return attempt if status is not None else _answered(attempt, page)


def robots_attempt(url: str, found: Page | ScrapeError, at: datetime) -> Attempt:
    """An attempt at a robots.txt. None being there is no fault of anybody's."""
    if isinstance(found, (Skip, TryLater)) and says_none(found):
        detail = f"there is no robots.txt ({found}), so everything may be asked for"
        return Attempt(url, FetchKind.ROBOTS, Outcome.SAVED, "no robots.txt", detail, at, status=found.status)
    if isinstance(found, ScrapeError):
        return failed(url, FetchKind.ROBOTS, found, at)
    outcome, reason, detail = Outcome.SAVED, "robots.txt", "kept for the time that it is good for"
    if found.from_cache:
        outcome, reason, detail = Outcome.UNCHANGED, "not modified", "the kept robots.txt is still right"
    return _answered(Attempt(url, FetchKind.ROBOTS, outcome, reason, detail, at), found)


def nested_attempt(url: str, page: Page, entries: int) -> Attempt:
    """An attempt at a sitemap that an index names, and that could be read."""
    detail = f"{entries} entries, for the index that names it"
    return _answered(Attempt(url, FetchKind.SITEMAP, Outcome.SAVED, "sitemap", detail, page.fetched_at), page)


def fetched(url: str, page: Page, source: Source | None) -> Attempt:
    """An attempt that yielded an article, before anything was decided about it."""
    attempt = Attempt(url, FetchKind.PAGE, Outcome.SAVED, "new", "not stored", page.fetched_at)
    return _answered(replace(attempt, source=source.name if source else None), page)


def decided(attempt: Attempt, decision: Decision, article_id: int | None) -> Attempt:
    """The same attempt, once it is decided what becomes of the article."""
    return replace(
        attempt, outcome=decision.outcome, reason=decision.reason, detail=decision.detail, article_id=article_id
    )


def article_event(done: Attempt, article: Article, difference: Difference | None = None) -> Event:
    """What an attempt, of one of the outcomes in ``EVENTS``, did to the article that it yielded.

    ``difference`` is what is new in a revised one.
    """
    data: dict[str, object] = {
        "url": article.url,
        "title": article.title,
        "kind": article.kind.value,
        "published_at": article.published_at,
        "language": article.language,
        "word_count": article.word_count,
        "reason": done.reason,
    }
    if difference is not None:
        data["change"] = difference.edit.value
        data["words_added"], data["words_removed"] = difference.words_added, difference.words_removed
    detail = f"{article.title}: {done.detail}"
    return Event(EVENTS[done.outcome], done.at, detail, done.source, done.article_id, data)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a source's answer lists, with the attempts at the sitemaps that it names. ``fault``: none of those could be
    read.
    """

    listing: Listing
    nested: tuple[Attempt, ...] = ()
    fault: ScrapeError | None = None


class Audit(Enum):
    """Whether a 304 was taken for an answer, or the whole answer was asked for at once, and whether that came."""

    NONE = auto()
    DONE = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Poll:
    """What became of asking a source: its answer and what that lists (nothing if it did not change), or the error."""

    source: Source
    page: Page | None = None
    reading: Reading | None = None
    error: ScrapeError | None = None
    audit: Audit = Audit.NONE

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is announced now."""
        return self.reading.listing.entries if self.reading is not None else ()

    def attempts(self, new: int, wanted: int, at: datetime) -> list[Attempt]:
        """The poll's own attempt first, then those at nested sitemaps: where nothing is new, those that went wrong."""
        nested = self.reading.nested if self.reading is not None else ()
        if not new:
            nested = tuple(attempt for attempt in nested if attempt.outcome in {Outcome.FAILED, Outcome.SKIPPED})
        return [replace(attempt, source=self.source.name) for attempt in (self._own(new, wanted, at), *nested)]

    def _own(self, new: int, wanted: int, at: datetime) -> Attempt:
        url, kind = self.source.url, FETCH_KINDS[self.source.kind]
        entries = f"{wanted} entries{self._left_out()}"
        if self.error is not None:
            return failed(url, kind, self.error, at, self.page)
        if self.reading is None and self.page is not None and self.page.from_cache:
            outcome, reason, detail = Outcome.UNCHANGED, "not modified", "the source says that it did not change"
        elif self.reading is None:
            outcome, reason, detail = Outcome.UNCHANGED, "same bytes", "the same bytes as the last time"
        elif new and self.audit is Audit.DONE:
            outcome, reason = Outcome.SAVED, "new entries"
            detail = f"{new} new of {entries}, which a 304 had just denied: it is not believed for a while"
        elif new:
            outcome, reason, detail = Outcome.SAVED, "new entries", f"{new} new of {entries}"
        else:
            outcome, reason, detail = Outcome.UNCHANGED, "nothing new", f"nothing new in {entries}"
        return _answered(Attempt(url, kind, outcome, reason, detail, at), self.page)

    def _left_out(self) -> str:
        dropped = self.reading.listing.dropped if self.reading is not None else 0
        return f" ({dropped} more are listed)" if dropped else ""


def _answered(attempt: Attempt, page: Page | None) -> Attempt:
    if page is None:
        return attempt
    size = 0 if page.from_cache else len(page.body)
    return replace(attempt, status=page.status, size=size, elapsed=page.elapsed, from_cache=page.from_cache)
