"""What of that which a site offers is to be followed, and why (not). Pure: the findings and the time are arguments.

The rules, in order: the best feed, if it is alive; beside it a news sitemap, if the feed reaches back less than a day
at its rate; without a feed the news sitemap, else a sitemap whose pages changed lately, else the pages themselves, else
a sitemap that says nothing of when. A feed that is a week behind a news sitemap, or has been silent for 90 days, gives
way.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scraper.discover.links import Base, same_site
from scraper.discover.offers import Front, Offer, same_language
from scraper.discover.shapes import Shape, shape_of
from scraper.errors import BadURL
from scraper.model import Entry, Listing, SourceKind, from_instant, instant

LIVELY = timedelta(days=3)
"""A feed whose newest entry is older is compared with what else there is."""

_RECENT = timedelta(days=14)
_OLD = timedelta(days=90)
_BEHIND = timedelta(days=7)  # by which something else must be fresher than a feed to take its place
_REACH = 24.0  # hours that a feed must reach back at its rate
_FEW_LINKS = 3  # that a page must have to be followed
_MOST_PAGES = 4
_TWINS = 0.8  # the share of entries in common that makes two feeds one
_SAMPLE = 3
_AUDIO = re.compile(rb"<(?:[\w.-]+:)?enclosure\b[^<>]{0,2000}?type\s*=\s*[\"']audio/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """An offer that was asked, and what it lists.

    ``url`` is the address to follow. ``fault`` says why it cannot be read, or was not asked. ``changed`` is the newest
    ``lastmod`` of a sitemap; ``nested`` counts the sitemaps of an index, whose ``listing`` is then one of them.
    ``per_day`` is how many entries a day to expect (None: their dates do not tell), ``interval`` the seconds between
    two polls that this proposes. ``audio``: it is a podcast.
    """

    offer: Offer
    url: str
    listing: Listing = field(default_factory=lambda: Listing(()))
    fault: str = ""
    changed: str = ""
    nested: int = 0
    per_day: float | None = None
    interval: float = 0.0
    audio: bool = False

    @property
    def kind(self) -> SourceKind:
        """What it would be followed as."""
        return self.offer.kind

    @property
    def dates(self) -> tuple[str, ...]:
        """When its entries were published, where that is known."""
        return tuple(entry.published.at for entry in self.listing.entries if entry.published)

    @property
    def is_news(self) -> bool:
        """Whether it is a news sitemap: one that says when its articles were published."""
        return self.kind is SourceKind.SITEMAP and bool(self.dates) and not self.nested

    @property
    def articles(self) -> float:
        """The share of its links whose addresses look like articles'."""
        return _share([_shape(entry) >= Shape.LIKELY for entry in self.listing.entries])

    @property
    def reach(self) -> float:
        """Hours that it reaches back at its rate."""
        return 24 * len(self.listing.entries) / self.per_day if self.per_day else math.inf

    def newest(self, now: datetime) -> str:
        """When its newest entry was published (or a sitemap's page changed); "" where nothing tells."""
        latest = instant(now + timedelta(days=1))
        return max((date for date in (*self.dates, self.changed) if date <= latest), default="")

    def sample(self) -> tuple[Entry, ...]:
        """Its first entries."""
        return self.listing.entries[:_SAMPLE]

    def near(self, home: str) -> float:
        """The share of its links that lead to the site of that address."""
        host = Base(home).host
        return _share([same_site(Base(entry.url).host, host) for entry in self.listing.entries])


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and what is to be done with it. ``useful``: it may be followed too, if all is wanted."""

    finding: Finding
    why: str
    chosen: bool = False
    useful: bool = False


def is_podcast(body: bytes, entries: int) -> bool:
    """Whether most items of a feed are there for the sound that they enclose."""
    return entries > 0 and 2 * len(_AUDIO.findall(body)) > entries


def needs_more(findings: Sequence[Finding], site: Front, now: datetime) -> bool:
    """Whether the feeds that were found so far leave something to be wished for."""
    best = next(iter(_best(findings, site, now)), None)
    return best is None or best.reach < _REACH or _age(best, now) > LIVELY


def usable(finding: Finding, site: Front) -> str:
    """Why a feed cannot be followed; "" for one that can."""
    if finding.fault:
        return finding.fault
    if finding.offer.narrow:
        return f"it is of {finding.offer.narrow} alone"
    if not finding.listing.entries:
        return "it lists nothing"
    if finding.audio:
        return "it is a podcast"
    if finding.near(site.url) < 0.5 and finding.articles < 0.5:
        return "its links lead to other sites, and do not look like articles'"
    return ""


def judge(findings: Sequence[Finding], site: Front, now: datetime) -> tuple[Judged, ...]:
    """What to follow of a site, the chosen ones first, and why not the others."""
    feeds = _best(findings, site, now)
    news = [one for one in _sitemaps(findings, now) if one.is_news]
    maps = [one for one in _sitemaps(findings, now) if not one.is_news]
    pages = _pages(findings)
    chosen = _chosen(feeds, (*news, *maps), pages, site, now)
    best = next((one for one, _ in chosen if one.kind is SourceKind.FEED), None)
    told = [Judged(one, why, chosen=True, useful=True) for one, why in chosen]
    taken = {id(one) for one, _ in chosen}
    best = best or (chosen[0][0] if chosen else None)
    told += [_passed_over(one, best, site, now) for one in findings if id(one) not in taken]
    return tuple(told)


def _chosen(
    feeds: list[Finding], maps: Sequence[Finding], pages: list[Finding], site: Front, now: datetime
) -> list[tuple[Finding, str]]:
    listed = [one for one in maps if _age(one, now) <= _RECENT]
    if site.section and pages and not (feeds and feeds[0].offer.scoped):
        return [(pages[0], "the page of the section that you named, which has no feed of its own")]
    feed = feeds[0] if feeds else None
    if feed is not None and not _is_outrun(feed, listed, now):
        why = "the one feed" if len(feeds) == 1 else f"the best of {len(feeds)} feeds"
        beside = next((one for one in listed if one.is_news), None)
        if feed.reach < _REACH and beside is not None:
            short = f"beside the feed, which reaches back only {_hours(feed.reach)}"
            return [(feed, why), (beside, short)]
        return [(feed, why)]
    without = "there is no feed to follow" if feed is None else f"the feed's newest entry is of {feed.newest(now)[:10]}"
    if listed:
        what = "the news sitemap" if listed[0].is_news else "a sitemap whose pages changed lately"
        return [(listed[0], f"{what}; {without}")]
    if pages:
        return [(one, f"{without}, and no sitemap that says what is new") for one in pages[:_MOST_PAGES]]
    undated = [one for one in maps if not one.newest(now) and one.articles >= 0.5]
    return [(one, f"{without}; it does not say what is new, but new links are seen") for one in undated[:1]]


def _is_outrun(feed: Finding, maps: Sequence[Finding], now: datetime) -> bool:
    """Whether a feed is behind what else there is."""
    newest = feed.newest(now)
    if not newest:
        return False
    # What a plain sitemap says is when pages changed, which they do without any news.
    rivals = [from_instant(one.newest(now)) for one in maps if one.is_news]
    if rivals and max(rivals) - from_instant(newest) > _BEHIND:
        return True
    return _age(feed, now) > _OLD  # nobody is helped by following what is dead, even where nothing else is found


def _best(findings: Sequence[Finding], site: Front, now: datetime) -> list[Finding]:
    """The feeds that can be followed, the best first; of those that list the same, one."""
    feeds = [one for one in findings if one.kind is SourceKind.FEED and not usable(one, site)]
    ranked = sorted(feeds, key=lambda one: _rank(one, site, now), reverse=True)
    kept: list[Finding] = []
    for one in ranked:
        if not any(_are_twins(one, other) for other in kept):
            kept.append(one)
    return kept


def _rank(one: Finding, site: Front, now: datetime) -> tuple[float, ...]:
    age = _age(one, now)
    fresh = 3 if age <= LIVELY else 2 if age <= _RECENT else 1 if age <= _OLD else 0
    if not one.newest(now):
        fresh = 2
    language = one.listing.language or one.offer.language
    ours = not (language and site.language) or same_language(language, site.language)
    return (
        bool(site.section) and one.offer.scoped,
        fresh,
        one.near(site.url) >= 0.5,
        ours,
        one.articles >= 0.5,
        round(math.log2(1 + (one.per_day or 0.0))),
        len(one.listing.entries),
    )


def _sitemaps(findings: Sequence[Finding], now: datetime) -> list[Finding]:
    """The sitemaps that list something; those of news first, then the newest."""
    found = [
        one
        for one in findings
        if one.kind is SourceKind.SITEMAP and not one.fault and one.listing.entries and not one.offer.narrow
    ]
    return sorted(found, key=lambda one: (one.is_news, one.newest(now)), reverse=True)


def _pages(findings: Sequence[Finding]) -> list[Finding]:
    """The pages that link articles; of the menu's, those that link some that the pages before them do not."""
    kept: list[Finding] = []
    seen: set[str] = set()
    for one in findings:
        links = {entry.url for entry in one.listing.entries}
        if one.kind is SourceKind.PAGE and not one.fault and len(links) >= _FEW_LINKS and not links <= seen:
            kept.append(one)
            seen |= links
    return kept


def _passed_over(one: Finding, best: Finding | None, site: Front, now: datetime) -> Judged:
    """Why a finding was not chosen."""
    newest, page = one.newest(now), one.kind is SourceKind.PAGE
    language = one.listing.language or one.offer.language
    if why := _unusable(one, site):
        return Judged(one, why)
    if newest and _age(one, now) > _OLD:
        return Judged(one, f"its newest entry is of {newest[:10]}")
    if best is not None and one.kind is best.kind and _are_twins(one, best):
        return Judged(one, "it lists the same")
    if best is None:
        why = "it says nothing of what is new"
    elif one.kind is not best.kind:
        why = _other_kind(one, best)
    elif language and site.language and not same_language(language, site.language):
        why = f"in another language ({language})"
    else:
        why = f"the other {best.kind.value} is better"
    return Judged(one, why, useful=not page)


def _unusable(one: Finding, site: Front) -> str:
    if one.kind is SourceKind.FEED:
        return usable(one, site)
    if one.fault or one.offer.narrow:
        return one.fault or f"it is of {one.offer.narrow}"
    if one.kind is SourceKind.PAGE and len(one.listing.entries) < _FEW_LINKS:
        return "it links no articles that can be told from its other links"
    if one.nested and not one.listing.entries:
        return f"an index of {one.nested} sitemaps, of which those were asked that matter"
    return "" if one.listing.entries else "it lists nothing"


def _other_kind(one: Finding, best: Finding) -> str:
    if best.kind is SourceKind.FEED and one.kind is SourceKind.SITEMAP:
        return "the feed reaches back far enough"
    return f"the {best.kind.value} says more"


def _are_twins(one: Finding, other: Finding) -> bool:
    ours, theirs = ({entry.url for entry in each.listing.entries} for each in (one, other))
    return len(ours & theirs) >= _TWINS * min(len(ours), len(theirs)) > 0


def _age(one: Finding, now: datetime) -> timedelta:
    """How old its newest entry is. Where nothing tells: for a sitemap, the longest time there is; for a feed, none."""
    newest = one.newest(now)
    if not newest:
        return timedelta.max if one.kind is SourceKind.SITEMAP else timedelta()
    return now - from_instant(newest)


def _share(told: Sequence[bool]) -> float:
    return sum(told) / len(told) if told else 0.0


def _shape(entry: Entry) -> Shape:
    try:
        return shape_of(Base(entry.url))
    except BadURL:
        return Shape.NEVER


def _hours(hours: float) -> str:
    return f"{hours:.0f} h" if hours >= 2 else f"{hours * 60:.0f} min"
