"""One document of a site asked, and what it lists: a :class:`Finding`, with how often it would be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.boundary import OF_ONE_INPUT
from scraper.discover import sniff
from scraper.discover.fitness import Finding, is_podcast
from scraper.discover.links import Base, same_site
from scraper.discover.offers import Front, Offer, Origin, front, named_sitemaps
from scraper.discover.sitemaps import last_change
from scraper.errors import BadUsage, Disallowed, HostPaused, HostUnreachable, NotAFeed, ScrapeError, ServerTrouble
from scraper.model import FetchKind, Page, SourceKind, from_instant
from scraper.outcomes import FETCH_KINDS
from scraper.polling import published
from scraper.rhythm import Rhythm
from scraper.schedule import Standing, next_poll
from scraper.settings import Schedule, Source
from scraper.tools import Tools

_LONGEST = 240.0  # seconds that a crawl-delay may make of all requests together
_FEWEST = 6
_SILENT = 2  # faults of the network in a row, after which no more is asked
_LIMIT = 1000  # entries that are looked at
_TELLING = ("post", "article", "story", "stories", "artikel", "articulo")  # in the names of sitemaps


@dataclass(slots=True)
class Probe:
    """Asks for the documents of one site, ``most`` of them, and counts them. ``heard`` is told each address before."""

    tools: Tools
    heard: Callable[[str], None]
    most: int
    asked: int = 0
    silent: int = 0
    over: str = ""  # why no more is asked

    def slow_down(self, delay: float) -> None:
        """Ask for fewer, as so many seconds lie between two requests."""
        self.most = min(self.most, max(_FEWEST, int(_LONGEST / max(delay, 1.0))))

    @property
    def spent(self) -> bool:
        """Whether no more is to be asked for."""
        return bool(self.over) or self.asked >= self.most

    async def fetch(self, url: str, kind: FetchKind) -> Page:
        """What an address answers with. Raises ScrapeError."""
        self.heard(url)
        self.asked += 1
        try:
            page = await self.tools.fetcher.fetch(self.tools.request(None, url, kind))
        except ScrapeError as error:
            self._note(error)
            raise
        self.silent = 0
        return page

    async def ask(self, offer: Offer) -> tuple[Finding, Page | None]:
        """What an offer lists, or why it cannot be read."""
        try:
            page = await self.fetch(offer.url, FETCH_KINDS[offer.kind])
        except OF_ONE_INPUT as error:
            return Finding(offer, offer.url, fault=str(error)), None
        return await self.read(offer, page), page

    async def read(self, offer: Offer, page: Page) -> Finding:
        """What an answer lists. A sitemap index lists nothing yet: see :meth:`peeked`."""
        source = Source(name="probe", url=offer.url, kind=offer.kind)
        near = same_site(Base(page.final_url).host, Base(offer.url).host)
        # Where a site sends us elsewhere for its feed, its own address will outlast the service's.
        finding = Finding(offer, page.final_url if near else offer.url)
        try:
            listing = await self.tools.reader.listing(source, page, _LIMIT)
            finding = replace(finding, listing=listing, nested=len(listing.nested))
            if offer.kind is SourceKind.SITEMAP and sniff(page.body, None) is SourceKind.SITEMAP:
                changed = await self.tools.reader.parsers.run(last_change, page.body, page.header("content-type"))
                finding = replace(finding, changed=changed)
        except OF_ONE_INPUT as error:
            return replace(finding, fault=str(error))
        audio = offer.kind is SourceKind.FEED and is_podcast(page.body, len(listing.entries))
        return self._paced(replace(finding, audio=audio))

    async def peeked(self, index: Finding, depth: int = 2) -> Finding:
        """An index with the entries of the one of its sitemaps that is the likeliest to list what is new."""
        named = named_sitemaps(index.listing.nested, index.url, Origin.INDEX)
        children = [child for child in named if not child.narrow]
        if not children or self.spent:
            return index
        telling = [child for child in children if any(word in child.url.lower() for word in _TELLING)]
        inner, _ = await self.ask((telling or children)[0])
        if inner.nested and depth > 1:
            inner = await self.peeked(inner, depth - 1)
        listing = replace(inner.listing, nested=index.listing.nested)
        changed = max(index.changed, inner.changed)
        return self._paced(replace(index, listing=listing, changed=changed))

    async def front(self, page: Page) -> Front:
        """What a page tells of its site. Raises ScrapeError."""
        return await self.tools.reader.parsers.run(front, page.body, page.final_url, page.header("content-type"))

    def _note(self, error: ScrapeError) -> None:
        self.silent = self.silent + 1 if isinstance(error, HostUnreachable) else 0
        if isinstance(error, Disallowed):
            self.asked -= 1  # by robots.txt, before anything was asked
        asked_too_much = isinstance(error, ServerTrouble) and error.status in {429, 503}
        if isinstance(error, HostPaused) or asked_too_much or self.silent >= _SILENT:
            self.over = str(error)

    def _paced(self, finding: Finding) -> Finding:
        """A finding with the rhythm that the dates of its entries tell."""
        now = self.tools.clock()
        dates = [published(entry) for entry in finding.listing.entries]
        rhythm = Rhythm().watched(now, dates, len(dates))
        per_day = rhythm.rate * 24 if rhythm.is_known else None
        return replace(finding, per_day=per_day, interval=proposed(self.tools.settings.schedule, rhythm, now))


def proposed(schedule: Schedule, rhythm: Rhythm, now: datetime) -> float:
    """How many seconds apart the polls of a source with that rhythm are in the next 24 hours, on average."""
    source = Source(name="probe", url="http://probe.invalid/", kind=SourceKind.FEED)
    standing, moment, polls = Standing(rhythm=rhythm), now, 0
    while moment < now + timedelta(days=1):
        due = from_instant(next_poll(source, schedule, standing, moment, 0))
        moment = max(due, moment + timedelta(minutes=1))
        polls += 1
    return (moment - now).total_seconds() / polls


def kind_of(page: Page) -> SourceKind:
    """What an answer is. Raises BadUsage for what cannot be followed."""
    try:
        return sniff(page.body, page.header("content-type"))
    except NotAFeed as error:
        raise BadUsage(f"{page.url} is neither a feed nor a sitemap nor a web page; name one of those") from error


def is_page(page: Page) -> bool:
    """Whether an answer is a web page."""
    try:
        return sniff(page.body, page.header("content-type")) is SourceKind.PAGE
    except NotAFeed:
        return False
