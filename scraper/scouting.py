"""What to follow of a site, found by asking it.

::

    look ── the address itself ─┬─ a feed or a sitemap: that is it
                                └─ a page: the feeds that it announces and links
                                     └─ none that is lively and reaches back a day?  robots.txt's sitemaps
                                          └─ nothing yet?  the usual paths
                                               └─ nothing yet?  the page itself, and its sections

Each step asks only for what the steps before left open, so that most sites are asked for three or four documents and
none for more than a dozen; each request waits for the host's slot. What robots.txt disallows is not asked. What to make
of the answers is decided in ``scraper.discover.fitness``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from scraper.boundary import OF_ONE_INPUT
from scraper.discover.fitness import Finding, Judged, judge, needs_more, usable
from scraper.discover.links import Base, same_site
from scraper.discover.offers import (
    Front,
    Offer,
    Origin,
    is_news_name,
    named_sitemaps,
    usual_feeds,
    usual_sitemaps,
)
from scraper.errors import Disallowed, NotAnArticle, PageGone, PageRefused, Skip, TryLater
from scraper.model import FetchKind, Page, SourceKind, from_instant
from scraper.probing import Probe, is_page, kind_of
from scraper.tools import Tools

_MOST, _MOST_THOROUGH = 13, 26  # documents that a site is asked for, robots.txt not counted
_FEEDS, _FEEDS_THOROUGH = 4, 12  # of those that a page announces
_SITEMAPS = 3  # of those that robots.txt names
_NEWS_CHILDREN = 2  # of those that an index names
_SECTIONS = 3
_SOFT_PAGES = 3  # usual paths that answer with a page: the next ones will too
_WALLS = frozenset({"bot check", "consent wall", "login wall", "javascript shell", "error page"})
_OLD = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found at an address. ``site`` is what its page told; ``judged`` has the chosen first. ``notes`` are what
    stood in the way; ``asked`` is how many documents the site was asked for.
    """

    url: str
    site: Front
    judged: tuple[Judged, ...]
    notes: tuple[str, ...] = ()
    asked: int = 0

    @property
    def chosen(self) -> tuple[Judged, ...]:
        """What to follow."""
        return tuple(one for one in self.judged if one.chosen)

    @property
    def useful(self) -> tuple[Judged, ...]:
        """All that may be followed, the chosen first."""
        return tuple(one for one in self.judged if one.useful)


class Scout:
    """Finds what to follow. ``tools`` are what it works with."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def look(self, url: str, heard: Callable[[str], None] = lambda _: None, *, thorough: bool = False) -> Report:
        """What to follow of the site of an address. Nothing is stored.

        ``heard`` is told each address before it is asked for. ``thorough``: more of what a page announces is asked.
        Raises BadUsage for an address that answers with something else than a feed, a sitemap or a page, TryLater
        where no answer came, and Skip where there is nothing there.
        """
        probe = Probe(self._tools, heard, _MOST_THOROUGH if thorough else _MOST)
        return await _Search(self._tools, probe, url, thorough=thorough).run()


@dataclass(slots=True)
class _Search:
    """One look at one site: what it offers, and what became of that."""

    tools: Tools
    probe: Probe
    url: str
    thorough: bool = field(kw_only=True)
    site: Front = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    pages: int = 0

    def __post_init__(self) -> None:
        self.site = Front(self.url)

    async def run(self) -> Report:
        page = await self._first()
        if page is not None and (kind := kind_of(page)) is not SourceKind.PAGE:
            return self._report((await self._itself(Offer(self.url, kind, Origin.GIVEN), page),))
        if page is not None:
            await self._meet(page)
        sitemaps = await self._robots()
        await self._announced()
        if self._wants():
            await self._sitemaps(sitemaps)
        if self._wants() and not self._feeds() and not self._news():
            await self._usual(usual_feeds(self.site), self._feeds)
        if self._wants() and not self._maps():
            await self._usual(usual_sitemaps(self.site), self._maps)
        if page is not None and not self.site.article:
            await self._pages(page)
        judged = judge(self.findings, self.site, self.tools.clock())
        if self.probe.over and not self._feeds():
            # What was not asked may be better than what was found: another try, later, is.
            judged = tuple(replace(one, chosen=False, useful=False) for one in judged)
        return self._report(judged)

    def _report(self, judged: tuple[Judged, ...]) -> Report:
        if self.probe.over:
            self.notes.append(f"the search was cut short, try again later: {self.probe.over}")
        return Report(self.url, self.site, judged, tuple(dict.fromkeys(self.notes)), self.probe.asked)

    def _wants(self) -> bool:
        return needs_more(self.findings, self.site, self.tools.clock())

    def _feeds(self) -> bool:
        return any(one.kind is SourceKind.FEED and not usable(one, self.site) for one in self.findings)

    def _news(self) -> bool:
        return any(one.is_news for one in self.findings)

    def _maps(self) -> bool:
        return any(one.kind is SourceKind.SITEMAP and bool(one.listing.entries) for one in self.findings)

    async def _first(self) -> Page | None:
        """What the address answers with; None where it is refused, as the rest of the site may not be."""
        try:
            return await self.probe.fetch(self.url, FetchKind.FEED)
        except (Disallowed, PageRefused) as error:
            self.notes.append(str(error))
        except PageGone as error:
            if Base(self.url).path != "/":
                raise
            self.notes.append(str(error))
        return None

    async def _itself(self, offer: Offer, page: Page) -> Judged:
        """What the address is, where it is something to follow: it is taken, whatever it lists."""
        self.site = Front(page.final_url)
        finding = await self.probe.read(offer, page)
        if finding.nested:
            finding = await self.probe.peeked(finding)
        now = self.tools.clock()
        newest = finding.newest(now)
        why = "you named it"
        if newest and now - from_instant(newest) > _OLD:
            why = f"you named it, though its newest entry is of {newest[:10]}"
        elif not finding.listing.entries:
            why = f"you named it, though {finding.fault or 'it lists nothing now'}"
        return Judged(replace(finding, url=self.url), why, chosen=True, useful=True)

    async def _meet(self, page: Page) -> None:
        """Learn what the page tells of its site, and whether it is one that keeps visitors out."""
        self.site = told = Front(page.final_url)
        try:
            self.site = told = await self.probe.front(page)
            if not (told.feeds or told.sections):
                await self.tools.reader.article(page)
        except NotAnArticle as error:
            if error.reason in _WALLS:
                self.notes.append(f"{page.final_url}: {error}")
                if not same_site(Base(page.final_url).host, Base(self.url).host):
                    self.site = replace(told, url=self.url)  # consent is often asked for on another host
        except (Skip, TryLater) as error:
            self.notes.append(f"{page.final_url}: {error}")

    async def _robots(self) -> tuple[Offer, ...]:
        """The sitemaps that robots.txt names, which was asked before all else."""
        try:
            robots = await self.tools.fetcher.robots(self.tools.request(None, self.site.url, FetchKind.SITEMAP))
        except (Skip, TryLater) as error:
            self.notes.append(f"robots.txt: {error}")
            return ()
        self.probe.slow_down(min(robots.crawl_delay or 0.0, self.tools.settings.manners.max_crawl_delay))
        return named_sitemaps(robots.sitemaps, self.site.url, Origin.ROBOTS)

    async def _announced(self) -> None:
        """The feeds that the page announces or links; a page that lists feeds is looked into."""
        waiting, most = list(self.site.feeds), _FEEDS_THOROUGH if self.thorough else _FEEDS
        while waiting:
            offer = waiting.pop(0)
            if offer.narrow or most <= 0:
                self._leave(offer, "" if offer.narrow else "not asked: --all asks more of them")
                continue
            most -= 1
            waiting = [*await self._try(offer), *waiting]

    async def _sitemaps(self, offers: Iterable[Offer]) -> None:
        for place, offer in enumerate(offers):
            if offer.narrow or place >= _SITEMAPS or self._news():
                self._leave(offer, "" if offer.narrow else "not asked: others say enough")
            else:
                await self._try(offer)

    async def _usual(self, offers: Iterable[Offer], found: Callable[[], bool]) -> None:
        for offer in offers:
            if found() or self.pages >= _SOFT_PAGES:
                break
            await self._try(offer)
        self.pages = 0

    async def _pages(self, page: Page) -> None:
        """The page itself, and some of its sections where nothing better was found."""
        better = any(one.chosen for one in judge(self.findings, self.site, self.tools.clock()))
        self.findings.append(await self.probe.read(Offer(page.final_url, SourceKind.PAGE, Origin.GIVEN), page))
        if better or self.site.section:
            return
        for place, offer in enumerate(self.site.sections):
            if place < _SECTIONS:
                await self._try(offer)
            else:
                self._leave(offer, "not asked: --kind page adds it")

    async def _try(self, offer: Offer) -> list[Offer]:
        """Ask for an offer, and keep what it answers. What is returned are offers that it leads to."""
        if offer.url in self.seen:
            return []
        if self.probe.spent:
            self._leave(offer, "not asked: the site was asked for enough")
            return []
        self.seen.add(offer.url)
        finding, page = await self.probe.ask(offer)
        if page is not None:
            self.seen.add(page.final_url)
            if finding.fault and is_page(page):
                self.pages += 1
                if offer.origin is Origin.LINK and (more := await self._directory(page)):
                    return more
        if finding.nested:
            finding = await self._index(finding)
        self.findings.append(finding)
        return []

    def _leave(self, offer: Offer, why: str) -> None:
        if offer.url not in self.seen:
            self.seen.add(offer.url)
            self.findings.append(Finding(offer, offer.url, fault=why))

    async def _directory(self, page: Page) -> list[Offer]:
        """The feeds that a page lists which is linked as if it were one."""
        try:
            listed = await self.probe.front(page)
        except OF_ONE_INPUT:
            return []  # the finding says that it is no feed
        return [offer for offer in listed.feeds if not offer.narrow and offer.url not in self.seen][:_FEEDS]

    async def _index(self, index: Finding) -> Finding:
        """An index with what it lists: news sitemaps become findings of their own; else one of them is looked into."""
        children = named_sitemaps(index.listing.nested, index.url, Origin.INDEX)
        for child in [child for child in children if is_news_name(child.url)][:_NEWS_CHILDREN]:
            await self._try(child)
        if self._news():
            return index
        return await self.probe.peeked(index)
