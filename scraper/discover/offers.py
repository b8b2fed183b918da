"""What a site offers to follow, as far as one of its pages tells: feeds, sections, and what it is built with. Pure.

A feed is announced by a ``link`` in the head (https://blog.whatwg.org/feed-autodiscovery; many stand in the body), or
linked by an anchor whose address or words are a feed's. Feeds of comments, searches, authors, tags and single articles
are told by their addresses: they are named, so that nobody wonders, and not asked. What a site does not announce often
lies at one of a few usual paths, by the program that the site is built with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.discover.anchors import anchors, base_of, words
from scraper.discover.decoding import decode
from scraper.discover.gzipped import gunzip
from scraper.discover.links import MAX_LENGTH, Base, same_site
from scraper.discover.listing import line
from scraper.discover.shapes import Shape, section_of, shape_of
from scraper.errors import BadURL
from scraper.markup import bounded, tree_of
from scraper.model import SourceKind


class Origin(StrEnum):
    """How it is known that something may be followed."""

    GIVEN = "given"  # its address was typed
    HEAD = "head"  # the page announces it
    LINK = "link"  # the page links it
    MENU = "menu"  # the same, from the menu of its sections
    ROBOTS = "robots.txt"
    INDEX = "index"  # a sitemap index names it
    USUAL = "usual path"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that may be followed, not asked yet.

    ``narrow`` says of what less than a site a feed is ("comments"). ``scoped``: it is of the section that the page is
    of. ``language`` is what its link says.
    """

    url: str
    kind: SourceKind
    origin: Origin
    title: str = ""
    language: str = ""
    narrow: str = ""
    scoped: bool = False


@dataclass(frozen=True, slots=True)
class Front:
    """What a page tells of its site. ``section`` is what section it is the page of ("" for a whole site's, and for an
    article's page). ``feeds`` are in the order in which they are worth asking, the narrow ones last.
    """

    url: str
    title: str = ""
    language: str = ""
    generator: str = ""
    section: str = ""
    article: bool = False
    feeds: tuple[Offer, ...] = ()
    sections: tuple[Offer, ...] = ()


_TYPES = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:text|application)/(?:rss|atom)\b")
_VAGUE_TYPES = frozenset({"", "text/xml", "application/xml", "application/json"})
_FEED_PATH = re.compile(
    r"(?:^|/)(?:rss|atom|feed|feeds|rssfeed|rssfeeds|backend)(?:[/.]|\d*$)|\.(?:rss|atom|rdf)$"
    r"|[/_-](?:rss|feed)\.(?:xml|json|php)$"
)
_FEED_QUERY = re.compile(r"[?&](?:feed=(?:rss2?|atom|rdf)|format=(?:rss|feed|atom)|type=rss|outputtype=xml)")
_FEED_WORDS = re.compile(r"(?:subscribe (?:via|by|to) |our |flux |fil |canal )?(?:rss|atom|xml)(?:[- ]?feeds?| 2\.0)?")
_NARROW = {
    "comments": re.compile(r"comment|kommentar|comentario|commento|reacties|replytocom"),
    "a search": re.compile(r"/(?:search|suche|recherche)\b|[?&](?:s|q|query|search)="),
    "an author": re.compile(r"/(?:authors?|autor(?:en)?|auteurs?|by|people|profiles?|users?|contributors?)/"),
    "a tag": re.compile(r"/(?:tags?|stichwort|etiqueta|hashtag)/"),
    "a podcast": re.compile(r"podcast"),
}
_USUAL_FEEDS = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml")
_USUAL_BY_PROGRAM = {
    "wordpress": "/feed/", "ghost": "/rss/", "hugo": "/index.xml", "jekyll": "/feed.xml", "drupal": "/rss.xml",
    "blogger": "/feeds/posts/default", "joomla": "/?format=feed&type=rss", "pelican": "/feeds/all.atom.xml",
    "arc": "/arc/outboundfeeds/rss/?outputType=xml", "wix": "/blog-feed.xml", "squarespace": "/?format=rss",
}  # fmt: skip
_USUAL_SITEMAPS = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_index.xml")
_NEWS_NAME = re.compile(r"news(?!letter)|nachricht|noticia|actualit", re.IGNORECASE)
_OTHER_NAME = re.compile(
    r"image|video|author|autor|categor|tag(?:s|_|-|\.)|topic|product|static|page-sitemap|pages|recipe|event|podcast"
    r"|gallery|user",
    re.IGNORECASE,
)
_MENUS = ("nav", "[role=navigation]", "header", "[class*=menu]", "[class*=navbar]")
_MAX_FEEDS = 60
_MAX_SECTIONS = 30


def front(body: bytes, url: str, content_type: str | None = None) -> Front:
    """What a page tells of its site. ``url`` is where it came from. Raises ScrapeError for what is no page at all."""
    home = Base(url)
    tree = tree_of(bounded(decode(gunzip(body), content_type or "").encode("utf-8", "replace")))
    base = base_of(tree, home)
    shape = shape_of(home)
    told = Front(
        url=url,
        title=_title(tree),
        language=_language(tree),
        generator=_generator(tree, body),
        section=section_of(home),
        article=shape is Shape.ARTICLE,
    )
    feeds = _distinct([*_announced(tree, base), *_linked(tree, base, home)])[:_MAX_FEEDS]
    placed = [_placed(offer, told, home) for offer in feeds if offer.url != home.href]
    return replace(told, feeds=tuple(sorted(placed, key=_order(told))), sections=tuple(_sections(tree, base, home)))


def usual_feeds(site: Front) -> tuple[Offer, ...]:
    """Where a feed often lies that nobody announces, the likeliest first."""
    words = set(re.findall(r"[a-z]+", site.generator.lower()))
    by_program = [path for name, path in _USUAL_BY_PROGRAM.items() if name in words]
    paths = dict.fromkeys([*by_program, *_USUAL_FEEDS])
    if "/feed/" in paths:
        paths.pop("/feed", None)
    return _at(site, paths, SourceKind.FEED)


def usual_sitemaps(site: Front) -> tuple[Offer, ...]:
    """Where a sitemap often lies that robots.txt does not name."""
    return _at(site, _USUAL_SITEMAPS, SourceKind.SITEMAP)


def named_sitemaps(urls: Iterable[str], base: str, origin: Origin) -> tuple[Offer, ...]:
    """Sitemaps that robots.txt or an index names, those of news first; those of pictures, authors and the like, which
    announce no articles, last.
    """
    home, offers = Base(base), []
    for url in dict.fromkeys(urls):
        try:
            offers.append(Offer(home.absolute(url), SourceKind.SITEMAP, origin, narrow=_other_sitemap(url)))
        except BadURL:
            continue
    return tuple(sorted(offers, key=lambda offer: (bool(offer.narrow), not is_news_name(offer.url))))


def is_news_name(url: str) -> bool:
    """Whether a sitemap's path says that it lists news."""
    return bool(_NEWS_NAME.search(Base(url).path))


def _other_sitemap(url: str) -> str:
    file = url.rstrip("/").rpartition("/")[2]
    return "other pages than articles" if _OTHER_NAME.search(file) and not _NEWS_NAME.search(file) else ""


def _at(site: Front, paths: Iterable[str], kind: SourceKind) -> tuple[Offer, ...]:
    home = Base(site.url)
    return tuple(Offer(home.absolute(path), kind, Origin.USUAL) for path in paths)


def _title(tree: LexborHTMLParser) -> str:
    for selector, attribute in (
        ("meta[property='og:site_name']", "content"),
        ("meta[name='application-name']", "content"),
    ):
        node = tree.css_first(selector)
        if node is not None and (named := line(node.attributes.get(attribute) or "")):
            return named
    head = tree.css_first("head > title")
    return line(head.text()) if head is not None else ""


def _language(tree: LexborHTMLParser) -> str:
    root = tree.root
    return ((root.attributes.get("lang") if root else None) or "").strip()


def _generator(tree: LexborHTMLParser, body: bytes) -> str:
    if b"/pf/resources/" in body or b"/arc/outboundfeeds" in body:
        return "arc"
    if b"/wp-content/" in body or b"/wp-includes/" in body:
        return "wordpress"
    node = tree.css_first("meta[name='generator']")
    return line(node.attributes.get("content") or "") if node is not None else ""


def _announced(tree: LexborHTMLParser, base: Base) -> Iterator[Offer]:
    for node in anchors(tree, "link[href]"):
        attributes = node.attributes
        rel, type_ = (attributes.get("rel") or "").lower().split(), (attributes.get("type") or "").strip().lower()
        href, title = attributes.get("href") or "", line(attributes.get("title") or "")
        if not {"alternate", "feed"}.intersection(rel) or "oembed" in type_ or "stylesheet" in rel:
            continue
        looks = _looks_like_feed(href)
        if not (_TYPES.match(type_) or ("feed" in rel and "html" not in type_) or (type_ in _VAGUE_TYPES and looks)):
            continue
        language = (attributes.get("hreflang") or attributes.get("lang") or "").strip()
        yield from _offer(base, href, Origin.HEAD, title, language)


def _linked(tree: LexborHTMLParser, base: Base, home: Base) -> Iterator[Offer]:
    for node in anchors(tree, "a[href]"):
        href = node.attributes.get("href") or ""
        label = words(node) or line(node.attributes.get("title") or "")
        if not _looks_like_feed(href) and not _FEED_WORDS.fullmatch(label.lower()):
            continue
        for offer in _offer(base, href, Origin.LINK, label, ""):
            # A link to another site's feed is a recommendation, not an offer, unless it is a service's.
            host = Base(offer.url).host
            if same_site(host, home.host) or "feed" in host or "rss" in host:
                yield offer


def _offer(base: Base, href: str, origin: Origin, title: str, language: str) -> Iterator[Offer]:
    # feed:https://… and feed://… are what browsers once opened in their readers.
    bare = re.sub(r"^\s*feed:(?://(?!/))?(?=https?:)|^\s*feed:(?=//)", "", href, flags=re.IGNORECASE)
    try:
        yield Offer(base.absolute(bare), SourceKind.FEED, origin, title, language)
    except BadURL:
        return


def _looks_like_feed(href: str) -> bool:
    if len(href) > MAX_LENGTH:
        return False
    path, mark, query = href.strip().lower().partition("#")[0].partition("?")
    if "sitemap" in path or path.endswith((".css", ".js", ".png", ".svg", "opensearch.xml")):
        return False
    path = path.rstrip("/")
    file = path.rpartition("/")[2]
    named = file.endswith(".xml") and ("rss" in file or "feed" in file)
    return named or bool(_FEED_PATH.search(path) or _FEED_QUERY.search(mark + query))


def _distinct(offers: Iterable[Offer]) -> list[Offer]:
    kept: dict[str, Offer] = {}
    for offer in offers:
        kept.setdefault(offer.url, offer)
    return list(kept.values())


def _placed(offer: Offer, site: Front, home: Base) -> Offer:
    """An offer with what it is narrower than the site, and whether it is of the page's own section."""
    address = unquote(offer.url).lower()
    path = "/" + address.partition("://")[2].partition("/")[2]
    told = [name for name, pattern in _NARROW.items() if pattern.search(path)]
    told += ["comments"] * bool(_NARROW["comments"].search(offer.title.lower()))
    own = home.path.rstrip("/").lower()
    if site.article and own and path.startswith(unquote(own)):
        told.append("one article")
    words = re.split(r"[/?&=._-]", path)
    return replace(offer, narrow=told[0] if told else "", scoped=bool(site.section) and site.section in words)


def _order(site: Front) -> Callable[[Offer], tuple[bool, ...]]:
    def key(offer: Offer) -> tuple[bool, ...]:
        wrong = bool(offer.language and site.language and not same_language(offer.language, site.language))
        announced = offer.origin is Origin.HEAD
        return (bool(offer.narrow), bool(site.section) and not offer.scoped, not announced, wrong)

    return key


def same_language(one: str, other: str) -> bool:
    """Whether two language tags name one language, whatever the country."""
    return re.split(r"[-_]", one.lower())[0] == re.split(r"[-_]", other.lower())[0]


def _sections(tree: LexborHTMLParser, base: Base, home: Base) -> list[Offer]:
    """Section pages that the menus link; where there is no menu, those that the page links in few words."""
    menus = anchors(tree, ", ".join(f"{menu} a[href]" for menu in _MENUS))
    found = _distinct(_section_offers(menus, base, home))
    return (found or _distinct(_section_offers(anchors(tree, "a[href]"), base, home)))[:_MAX_SECTIONS]


def _section_offers(nodes: Iterable[LexborNode], base: Base, home: Base) -> Iterator[Offer]:
    for node in nodes:
        label = words(node)
        if not label or len(label) > 30 or label.count(" ") > 3:
            continue
        try:
            url = base.absolute(node.attributes.get("href") or "")
        except BadURL:
            continue
        place = Base(url)
        if same_site(place.host, home.host) and url != home.href and section_of(place):
            yield Offer(url, SourceKind.PAGE, Origin.MENU, label)
