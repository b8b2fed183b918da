"""The values that flow through the program, one a stage, all frozen.

::

    Source --announces--> Entry --fetched as--> Page --yields--> Article --stored as--> StoredArticle
                                                                              every step of it an Attempt

Instants are ISO 8601 text in UTC (``2026-11-23T20:15:00Z``), made and read by :func:`instant` and
:func:`from_instant`: that is what the database holds and what Datasette sorts. A field that is not known is ``None``
(text) or empty (tuples), never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum

from scraper.errors import BadUsage, NotAnArticle


class Kind(StrEnum):
    """What an article is."""

    ARTICLE = "article"
    TEASER = "teaser"  # the free part of a paid article
    LIVE = "live"  # a live blog: many small texts under one URL
    CLIPPING = "clipping"  # imported from plain text
    OTHER = "other"  # a page with a text that is no article (a list, a thread, a product): never stored


class Edit(StrEnum):
    """What kind of change an article's text went through."""

    HEADLINE = "headline"
    BODY = "body"
    BOTH = "headline and body"
    CORRECTION = "correction"  # a correction, clarification or editor's note appeared, or changed
    SILENT = "silent"  # the body, while the page says it was last changed when it said so before, and no note tells
    DATE = "date"  # it was dated anew, and nothing else
    BYLINE = "byline"  # other authors, and nothing else
    FULLER = "fuller"  # the whole text in place of a teaser, or the page in place of a clipping
    REPARSED = "reparsed"  # newer rules read the same page another way: no edit of its publisher


class Outcome(StrEnum):
    """How one attempt ended."""

    SAVED = "saved"  # a new article (or, for a source, a poll that announced new entries)
    UNCHANGED = "unchanged"
    REVISED = "revised"  # a known article whose text changed
    DUPLICATE = "duplicate"  # a known article under another URL
    SKIPPED = "skipped"  # nothing to store, and trying again will not change that
    FAILED = "failed"  # trying again may change that


class Zone(StrEnum):
    """How the time zone of a date was known."""

    GIVEN = "given"  # written beside the date
    SOURCE = "source"  # the source's configured zone
    ASSUMED = "assumed"  # nothing was said: read as UTC
    NONE = "none"  # a bare day has no zone


class FetchKind(StrEnum):
    """What a request is for: it decides the size limit and the types that are taken."""

    PAGE = "page"  # an article's
    SECTION = "section"  # a source's: the same limits and types
    FEED = "feed"
    SITEMAP = "sitemap"
    ROBOTS = "robots"


class SourceKind(StrEnum):
    """What a source's URL answers with."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"


class EventKind(StrEnum):
    """What happened: to an article, or to a source."""

    NEW = "new"  # an article was stored
    REVISED = "revised"  # the text of a stored article changed
    QUIET = "quiet"  # a source announces nothing for longer than its rhythm lets expect
    FAILING = "failing"  # a source has not answered for a day
    DRIFT = "drift"  # what is made of a source's pages is not what it was
    BACK = "back"  # one of those three has ended
    GAP = "gap"  # a source showed entries and took them away between two polls


OF_ARTICLES = (EventKind.NEW, EventKind.REVISED)
"""The events that the table articles tells by itself: they are written down only for whoever is to be told."""


class How(StrEnum):
    """How an address is known to lead to an article: a row of ``aliases``; docs/identity.md says what each is worth."""

    ASKED = "asked"  # it was asked for, and led on
    REDIRECT = "redirect"  # it was passed on the way
    ANSWERED = "answered"  # it answered with the page, which names another address as its own
    CANONICAL = "canonical"  # the page's rel=canonical
    OG_URL = "og:url"  # the page's og:url
    JSONLD = "jsonld"  # the address in the page's JSON-LD
    AMP = "amp"  # the AMP page of the article
    MOBILE = "mobile"  # its page for telephones
    PRINT = "print"  # its page for printers
    TEXT = "text"  # the same text stood there
    SHARED = "shared"  # several articles name it as canonical: it is no one's own
    SOURCE = "source"  # where the page says that it was published first; never an alias
    UNKNOWN = "unknown"  # noted before this was


VARIANTS = frozenset({How.AMP, How.MOBILE, How.PRINT})
"""Other pages of the same article."""


def instant(moment: datetime) -> str:
    """An aware datetime as the text that the database keeps: UTC, whole seconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:-6] + "Z"


def from_instant(text: str) -> datetime:
    """The reverse of :func:`instant`; a bare day is its midnight in UTC."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_or_instant(name: str, said: object) -> str:
    """A bare day, or an instant as :func:`instant` writes it, from how a program may say it: a date, an aware datetime,
    or either as ISO 8601 text. Raises BadUsage that begins with ``name``.
    """
    with suppress(ValueError, OverflowError):
        when = said
        if isinstance(said, str):
            when = datetime.fromisoformat(said) if len(said) > 10 else date.fromisoformat(said)
        if isinstance(when, datetime) and when.tzinfo is not None:
            return instant(when)
        if isinstance(when, date) and not isinstance(when, datetime):
            return when.isoformat()
    forms = "2026-11-23, 2026-11-23T20:15:00Z or 2026-11-23T21:15:00+01:00"
    raise BadUsage(f"{name}: {str(said)[:40]!r} is no day, and no instant with its zone; write it as {forms}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A link that a source announced, with what it said of it. Not fetched yet."""

    url: str
    title: str | None = None
    published: Date | None = None

    @property
    def dated(self) -> str | None:
        """When it was published, as far as that is sure: the day alone where the zone is only assumed."""
        if self.published is None:
            return None
        return self.published.at[: len("2026-11-23")] if self.published.zone is Zone.ASSUMED else self.published.at


@dataclass(frozen=True, slots=True)
class Listing:
    """What one fetch of a source yielded.

    ``nested`` names further documents to fetch in the same way (the sitemaps of a sitemap index); ``title`` and
    ``language`` are what the document says of itself; ``dropped`` counts entries beyond the limit or without a URL.
    ``ends`` is how many of ``nested``, the first ones, are as likely to hold what is newest. ``doubtful`` are links of
    a web page that may be articles, and entries of a sitemap beyond the limit that have no date.
    Where it was asked what was published since a day, what is older is left out, ``undated`` counts what was left
    out because nothing says when it was published, and ``following`` is where the list goes on.
    ``ttl`` is for how many seconds a feed says that nothing new is to come, a day at most.
    """

    entries: tuple[Entry, ...]
    title: str | None = None
    language: str | None = None
    nested: tuple[str, ...] = ()
    dropped: int = 0
    doubtful: tuple[Entry, ...] = ()
    undated: int = 0
    following: str | None = None
    ttl: float | None = None
    ends: int = 0


@dataclass(frozen=True, slots=True)
class Date:
    """A date as it was found: ``at`` is an instant or a bare day, ``raw`` the text it was read from."""

    at: str
    raw: str
    zone: Zone


@dataclass(frozen=True, slots=True)
class Page:
    """The bytes that a URL answered with, and how.

    ``url`` is what was asked for, ``final_url`` what answered after ``redirects`` (the URLs passed on the way, without
    ``final_url``). ``headers`` have lower-case names; secret ones (cookies, authorization) are already gone. ``body``
    has its content coding undone, but is bytes: decoding to text is the parser's work. ``elapsed`` is in seconds.
    A 304 answer has ``status`` 304, and an empty body or that of the kept copy which it says is still right. ``login``:
    it was fetched with the cookies of a login, and is not for everybody.
    """

    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    elapsed: float = 0.0
    redirects: tuple[str, ...] = ()
    request_headers: tuple[tuple[str, str], ...] = ()
    login: bool = False

    @property
    def from_cache(self) -> bool:
        """Whether its body did not come now: the server said that the kept copy is still right."""
        return self.status == 304

    def header(self, name: str) -> str | None:
        """The first header of that (lower-case) name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Address:
    """An address, and how it is known."""

    url: str
    how: How


@dataclass(frozen=True, slots=True)
class Article:
    """The normalised record that a page (or a clipping) yields.

    ``url`` is the original URL: where the article was published. ``published_at`` is an ISO 8601 UTC instant, or a
    bare day (``2022-01-19``) where only the day is known; ``published_zone`` says how the zone was known. ``body`` is
    plain text, paragraphs apart by a blank line; ``body_markdown`` carries the structure of the same text.
    ``evidence`` maps a field's name to the rule that gave its value; ``published_at:rivals`` lists other days that the
    page names for its publication, each with its rule ("2026-03-02 meta:date; 2026-02-27 url:path"), and
    ``published_at:day`` the day on the publisher's calendar where it is not that of the instant in UTC. It has ``url``
    where the page that was read, at ``url:read``, named another address as its own.

    ``addresses`` are those that the page names for itself, in the order in which they are believed, and for its
    variants. They are on their way to ``aliases``, and no part of the record that is stored.
    """

    url: str
    title: str
    body: str
    kind: Kind = Kind.ARTICLE
    body_markdown: str = ""
    canonical_url: str | None = None
    published_at: str | None = None
    published_raw: str | None = None
    published_zone: Zone | None = None
    modified_at: str | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    image_url: str | None = None
    image_caption: str | None = None
    credit: str | None = None
    publisher: str | None = None
    paywalled: bool | None = None
    word_count: int = 0
    extractor: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[Address, ...] = field(default=(), compare=False)

    @property
    def date(self) -> str | None:
        """The day of publication on its publisher's calendar (``2026-03-01``): what the page prints.

        An article of Sunday evening in New York has an instant on Monday in UTC; ``published_at:day`` in the evidence
        names the day then, and what told it.
        """
        told = self.evidence.get("published_at:day") or self.published_at
        return told[:10] if told else None

    def storable(self) -> Article:
        """This, if it is an article to store. Raises NotAnArticle for the text of a page that is none."""
        if self.kind is Kind.OTHER:
            reason, _, explanation = self.evidence.get("kind", "").partition(": ")
            raise NotAnArticle(explanation or "The page is no article", reason=reason or "other page")
        return self


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the database holds it: the record, and what the store knows beside it.

    ``how`` says of each of its ``aliases`` how it is known.
    """

    id: int
    article: Article
    url_key: str
    content_hash: str
    revision: int
    first_seen_at: str
    fetched_at: str
    gone_at: str | None = None
    source: str | None = None
    story_id: int | None = None
    login: bool = False
    aliases: tuple[str, ...] = ()
    how: Mapping[str, How] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of an article: a row of ``revisions``.

    ``change`` is the kind of the change that replaced it, in so many words of title and body added and removed (None:
    replaced before they were counted; so are ``authors``). ``seen_again`` is how often in a row its page showed this
    text again in place of a later one that is kept as the present text, ``seen_again_at`` when it last did.
    """

    revision: int
    kind: Kind
    title: str
    body: str
    published_at: str | None
    modified_at: str | None
    authors: tuple[str, ...] | None
    fetched_at: str
    replaced_at: str
    reason: str
    change: Edit
    words_added: int | None = None
    words_removed: int | None = None
    seen_again: int = 0
    seen_again_at: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt at a URL ended: a row of ``fetches``, and a line of output.

    ``reason`` is a stable word that queries group by, ``detail`` one clear line for people. ``from_cache``: the answer
    was that the kept copy is still right, so ``size`` (bytes that came) is 0.
    """

    url: str
    kind: str
    outcome: Outcome
    reason: str
    detail: str
    at: datetime
    source: str | None = None
    status: int | None = None
    size: int | None = None
    elapsed: float | None = None
    article_id: int | None = None
    next_due: str | None = None
    from_cache: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that its operator may want to be told of: a row of ``events``.

    ``detail`` is one clear line for people, ``data`` the same for machines (what JSON can hold). ``source`` is a
    source's name; None: fetched or imported by hand.
    """

    kind: EventKind
    at: datetime
    detail: str
    source: str | None = None
    article_id: int | None = None
    data: Mapping[str, object] = field(default_factory=dict)
