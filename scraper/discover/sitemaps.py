"""Sitemaps, news sitemaps, sitemap indexes and lists of addresses.

XML is streamed through expat, without a tree and without namespaces (they are often missing or wrong): a ``loc`` counts
where it stands right inside a ``url`` or a ``sitemap``, so images and videos are passed over. There is no DTD to
expand (see :mod:`scraper.discover.prolog`), and a declaration that came later would end the parse.
Sources: https://www.sitemaps.org/protocol.html and
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import chain, groupby
from xml.parsers import expat

from scraper.discover.dates import announced
from scraper.discover.decoding import decode
from scraper.discover.document import Document
from scraper.discover.gzipped import gunzip
from scraper.discover.links import Base, as_meant, site_of
from scraper.discover.listing import by_ends, fold, heading, line, newest_looking
from scraper.discover.lookback import Lookback, made_at
from scraper.discover.prolog import root
from scraper.discover.repair import ended, mended
from scraper.errors import BadURL, NotAFeed
from scraper.model import Entry, Listing

MAX_URLS = 50_000
"""URLs a file, by the protocol. What follows is counted, not read."""

MAX_NESTED = 500
"""Files of an index, the newest: what a host may be asked for (DESIGN section 7). Looking back, it is ``MAX_URLS``: all
are wanted, over days."""

_FIELDS = {
    ("url", "loc"): "loc",
    ("sitemap", "loc"): "loc",
    ("url", "lastmod"): "lastmod",
    ("sitemap", "lastmod"): "lastmod",
    ("news", "title"): "title",
    ("news", "publication_date"): "date",
    ("publication", "language"): "language",
    ("publication", "name"): "name",
}
WATCHED = 4000
"""Entries over the limit that are remembered, so that a new one among them is seen: those nearest to either end."""

_RARE = 0.1  # the share of entries below which a site is none of those that a sitemap is for
_MAX_TEXT = 16_384
_CHUNK = 65_536


def read(document: Document) -> Listing:
    """The entries of a sitemap: news first, then by date, newest first; an index yields ``nested`` files instead.

    ``lastmod`` orders, but is no entry's date: it says when a page changed. Of those of one date (or of none) nothing
    tells which are the newest: some count upwards, some downwards. So they are taken from both ends, and those without
    a date that are over the limit are ``doubtful``. Raises NotAFeed, and BadURL where the document's own address is
    none.
    """
    base = Base(document.url)
    text = decode(document.body, document.content_type)
    first = root(text)
    if not first.name:
        return _lines(text, document)
    reader = _parse(ended(mended(text, first), first))
    if first.local == "sitemapindex":
        lookback = Lookback(document, [record.lastmod for record in reader.records], alike=2)
        return _index(reader, base, lookback, MAX_NESTED if document.since is None else MAX_URLS)
    return _entries(reader, base, document)


def last_change(body: bytes, content_type: str | None = None) -> str:
    """The newest ``lastmod`` of a sitemap or of an index: when something of it changed; "" where it says nothing.

    Raises NotAFeed.
    """
    text = decode(gunzip(body), content_type or "")
    first = root(text)
    if not first.name:
        return ""
    changes = [announced([record.lastmod], None) for record in _parse(ended(mended(text, first), first)).records]
    return max((change.at for change in changes if change is not None), default="")


@dataclass(frozen=True, slots=True)
class _Record:
    """One ``url`` or ``sitemap`` element, as text."""

    loc: str = ""
    lastmod: str = ""
    news: bool = False
    title: str = ""
    date: str = ""
    language: str = ""
    name: str = ""


@dataclass(slots=True)
class _Reader:
    """What the parser's events add up to: whole records, and a count of those over the limit."""

    records: list[_Record] = field(default_factory=list)
    over: int = 0
    path: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)

    def start(self, name: str, _attributes: object) -> None:
        local = name.rpartition(":")[2].lower()
        self.path.append(local)
        self.pieces.clear()
        if local in {"url", "sitemap"} and len(self.path) == 2:
            self.texts.clear()
        elif local == "news":
            self.texts["news"] = "yes"

    def data(self, text: str) -> None:
        self.pieces.append(text)

    def end(self, _name: str) -> None:
        local = self.path.pop()
        parent = self.path[-1] if self.path else ""
        if name := _FIELDS.get((parent, local)):
            self.texts.setdefault(name, "".join(self.pieces)[:_MAX_TEXT].strip())
        elif local in {"url", "sitemap"} and len(self.path) == 1:
            self._whole()
        self.pieces.clear()

    def _whole(self) -> None:
        if len(self.records) >= MAX_URLS:
            self.over += 1
            return
        texts = dict(self.texts)
        self.records.append(_Record(news=bool(texts.pop("news", "")), **texts))


def _parse(text: str) -> _Reader:
    """Everything whole that a file holds. Raises NotAFeed where it breaks off before the first whole record."""
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    try:
        for at in range(0, len(text), _CHUNK):
            parser.Parse(text[at : at + _CHUNK].encode("utf-8", "replace"), False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        if not reader.records:
            raise NotAFeed(f"A sitemap that cannot be parsed: {error}") from error
    return reader


def _entries(reader: _Reader, base: Base, document: Document) -> Listing:
    dropped = reader.over
    lastmods = [record.lastmod for record in reader.records]
    lookback, made = Lookback(document, lastmods), made_at(lastmods)
    ranked: list[tuple[bool, str, Entry]] = []
    for record in reader.records:
        try:
            entry = _entry(record, base, document.zone)
        except BadURL:
            dropped += 1
            continue
        tells = not made or not record.lastmod.startswith(made)
        changed = entry.published or (announced([record.lastmod], document.zone) if tells else None)
        if lookback.wants(entry, record.lastmod):
            ranked.append((record.news, changed.at if changed else "", entry))
    ranked.sort(key=_rank, reverse=True)
    alike = (by_ends([entry for *_, entry in some]) for _, some in groupby(ranked, _rank))
    folded, foreign = _own(fold(chain.from_iterable(alike)), base)
    told = {entry.url for is_news, at, entry in ranked if is_news or at}
    entries = tuple(folded[: document.limit])
    return Listing(
        entries=entries,
        title=_agreed(record.name for record in reader.records),
        language=_agreed(record.language for record in reader.records),
        dropped=dropped + foreign + len(folded) - len(entries),
        doubtful=_doubtful(folded, document.limit, told),
        undated=lookback.undated,
    )


def _rank(ranked: tuple[bool, str, Entry]) -> tuple[bool, str]:
    return ranked[:2]


def _doubtful(entries: list[Entry], limit: int, told: Container[str] = ()) -> tuple[Entry, ...]:
    """Those over the limit of which nothing tells how old they are: not at the addresses of ``told``."""
    return tuple(entry for entry in entries[limit:] if entry.url not in told)[:WATCHED]


def _own(entries: list[Entry], base: Base) -> tuple[list[Entry], int]:
    """The entries of the sitemap's own site, and how many others there were.

    By the protocol it lists no others, unless their robots.txt names it: so one that lies with a content network lists
    mostly those. Advertisements and mistakes are few.
    """
    sites = [site_of(Base(entry.url).host) for entry in entries]
    home, many = site_of(base.host), Counter(sites)
    own = {home} if 2 * many[home] >= len(entries) else {site for site, n in many.items() if n > _RARE * len(entries)}
    kept = [entry for entry, site in zip(entries, sites, strict=True) if site in own]
    return kept, len(entries) - len(kept)


def _entry(record: _Record, base: Base, zone: tzinfo | None) -> Entry:
    published = announced([record.date], zone) if record.date else None
    return Entry(url=base.absolute(as_meant(record.loc)), title=heading(record.title), published=published)


def _index(reader: _Reader, base: Base, lookback: Lookback, most: int) -> Listing:
    dropped = reader.over
    dated: dict[str, str] = {}
    for record in reader.records:
        try:
            changed = announced([record.lastmod], None)
            if lookback.may_list(address := base.absolute(record.loc), record.lastmod):
                dated.setdefault(address, changed.at if changed else "")
        except BadURL:
            dropped += 1
    files, ends = newest_looking(_of_one_site(dated, base), dated.__getitem__)
    nested = tuple(files[:most])
    return Listing(entries=(), nested=nested, ends=ends, dropped=dropped + len(dated) - len(nested))


def _of_one_site(addresses: Iterable[str], base: Base) -> list[str]:
    """The files of an index that are of its own site, or of the one other that all the rest are of: a content network
    is, and what leads to many sites is not to be asked for at a server's bidding.
    """
    sites = {address: site_of(Base(address).host) for address in addresses}
    home = site_of(base.host)
    foreign = set(sites.values()) - {home}
    return [address for address, site in sites.items() if site == home or len(foreign) == 1]


def _lines(text: str, document: Document) -> Listing:
    """A list of addresses, one a line, in its order: it says nothing of dates."""
    written = [written for each in text.splitlines() if (written := each.strip())]
    entries: list[Entry] = []
    for address in written[:MAX_URLS]:
        try:
            entries.append(Entry(url=Base(address).absolute(address)))
        except BadURL:
            continue
    if 2 * len(entries) < len(written[:MAX_URLS]):
        raise NotAFeed("Text, but not a list of addresses")
    lookback, folded = Lookback(document), fold(entries)
    wanted = by_ends([entry for entry in folded if lookback.wants(entry)])
    dropped = len(written) - len(entries) + max(0, len(wanted) - document.limit)
    doubtful = _doubtful(wanted, document.limit)
    return Listing(tuple(wanted[: document.limit]), dropped=dropped, doubtful=doubtful, undated=lookback.undated)


def _agreed(values: Iterable[str]) -> str | None:
    """What all records that say anything say; None where they say nothing or differ."""
    said = {line(value) for value in values if value}
    return said.pop() if len(said) == 1 else None
