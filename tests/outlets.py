"""Outlets of many kinds, by what they offer to follow: each a function of its host, to its paths and their answers."""

from __future__ import annotations

import gzip

from tests.fetch.loopback import Reply, moved
from tests.town import index, link, menu, news, page, robots, rss, sitemap, stories, teasers

FORBIDDEN = Reply(403, b"<title>Just a moment...</title>")
CONSENT = page(
    title="Before you continue",
    body="<h1>We value your privacy</h1><p>We use cookies.</p><form><button>Accept all</button></form>",
)


def wordpress(host: str) -> dict[str, Reply]:
    head = link("/feed/") + link("/comments/feed/", title="The Paper &raquo; Comments Feed")
    return {
        "/": page(head=head, body=menu("politics", "sport") + teasers(stories(host))),
        "/feed/": rss(stories(host, 10)),
        "/comments/feed/": rss(stories(host, 10), title="Comments for The Paper"),
    }


def unannounced(host: str) -> dict[str, Reply]:
    return {"/": page(body=teasers(stories(host))), "/feed.xml": rss(stories(host, 10))}


def news_in_an_index(host: str) -> dict[str, Reply]:
    names = ("post-sitemap.xml", "author-sitemap.xml", "sitemap-news.xml")
    return {
        "/": page(body=teasers(stories(host))),
        "/robots.txt": robots("Disallow:", f"Sitemap: http://{host}/sitemap_index.xml"),
        "/sitemap_index.xml": index(*(f"http://{host}/{name}" for name in names)),
        "/post-sitemap.xml": sitemap(stories(host, 50)),
        "/author-sitemap.xml": sitemap(stories(host, 5, section="author")),
        "/sitemap-news.xml": news(stories(host, 9)),
    }


def index_without_news(host: str) -> dict[str, Reply]:
    pages = news_in_an_index(host)
    pages["/sitemap_index.xml"] = index(f"http://{host}/author-sitemap.xml", f"http://{host}/post-sitemap.xml")
    return pages


def news_sitemap(host: str) -> dict[str, Reply]:
    lines = (f"Sitemap: http://{host}/sitemap.xml", f"Sitemap: http://{host}/news.xml")
    return {
        "/": page(body=teasers(stories(host))),
        "/robots.txt": robots(*lines),
        "/sitemap.xml": sitemap(stories(host, 40)),
        "/news.xml": news(stories(host, 9)),
    }


def gzipped(host: str) -> dict[str, Reply]:
    return {
        "/": page(),
        "/robots.txt": robots(f"Sitemap: http://{host}/sitemap.xml.gz"),
        "/sitemap.xml.gz": Reply(body=gzip.compress(sitemap(stories(host, 40)).body)),
    }


def sections(host: str) -> dict[str, Reply]:
    nav = menu("politics", "sport", "culture", "opinion", "login", "about")
    return {
        "/": page(body=nav + teasers(stories(host))),
        "/politics": page(body=nav + teasers(stories(host, section="politics"))),
        "/sport": page(body=nav + teasers(stories(host))),  # nothing that the front page does not link
        "/culture": page(body=nav + teasers(stories(host, section="culture"))),
    }


def based(host: str) -> dict[str, Reply]:
    head = '<base href="/en/">' + link("feed/", kind="atom")
    return {"/": page(head=head, body=teasers(stories(host))), "/en/feed/": rss(stories(host, 10))}


def dead(host: str) -> dict[str, Reply]:
    head = link("/old.rss") + link("/new.rss")
    return {"/": page(head=head), "/new.rss": rss(stories(host, 10))}


def elsewhere(host: str) -> dict[str, Reply]:
    return {"/": page(head=link(f"http://feeds.burner.example/{host}")), "/nothing": Reply()}


def sent_elsewhere(host: str) -> dict[str, Reply]:
    return {"/": page(head=link("/feed")), "/feed": moved(f"http://feeds.burner.example/{host}", 301)}


def redirected(host: str) -> dict[str, Reply]:
    return {"/": moved(f"http://www.{host}/home", 301)}


def languages(host: str) -> dict[str, Reply]:
    head = "".join(link(f"/{tag}.rss", more=f'hreflang="{tag}"') for tag in ("en", "de", "fr"))
    found = {f"/{tag}.rss": rss(stories(host, 10, section=tag), title=tag.upper()) for tag in ("en", "de", "fr")}
    return {"/": page(head=head, lang="de"), **found}


def podcast(host: str) -> dict[str, Reply]:
    sound = '<enclosure url="/a.mp3" type="audio/mpeg" length="1"/>'
    return {
        "/": page(head=link("/show.xml"), body=teasers(stories(host))),
        "/show.xml": rss(stories(host, 10, section="shows"), more=sound),
    }


def disallowed(host: str) -> dict[str, Reply]:
    return {
        "/": page(head=link("/feed")),
        "/robots.txt": robots("Disallow: /feed", f"Sitemap: http://{host}/news.xml"),
        "/feed": rss(stories(host)),
        "/news.xml": news(stories(host)),
    }


def closed(host: str) -> dict[str, Reply]:
    return {"/": page(head=link("/feed")), "/robots.txt": robots("Disallow: /"), "/feed": rss(stories(host))}


def walled(host: str) -> dict[str, Reply]:
    return {"/": FORBIDDEN, "/feed": rss(stories(host, 10))}


def consent(host: str) -> dict[str, Reply]:
    return {"/": moved(f"http://consent.gate.example/ask?for={host}"), "/rss.xml": rss(stories(host, 10))}


def stale(host: str) -> dict[str, Reply]:
    return {
        "/": page(head=link("/feed"), body=teasers(stories(host))),
        "/robots.txt": robots(f"Sitemap: http://{host}/news.xml"),
        "/feed": rss(stories(host, 10), ago=3 * 365 * 24),
        "/news.xml": news(stories(host, first=20)),
    }


def slow(host: str) -> dict[str, Reply]:
    return {
        "/": page(head=link("/feed"), body=teasers(stories(host))),
        "/robots.txt": robots(f"Sitemap: http://{host}/sitemap.xml"),
        "/feed": rss(stories(host, 10), every=200, ago=10 * 24),
        "/sitemap.xml": sitemap(stories(host, 20)),  # pages change without any news
    }


def dead_for_years(host: str) -> dict[str, Reply]:
    return {"/": page(head=link("/feed")), "/feed": rss(stories(host, 10), ago=3 * 365 * 24)}


def busy(host: str) -> dict[str, Reply]:
    return {
        "/": page(head=link("/feed")),
        "/robots.txt": robots(f"Sitemap: http://{host}/news.xml"),
        "/feed": rss(stories(host, 20), every=0.1, ago=0),
        "/news.xml": news(stories(host, 300)),
    }


def shell(host: str) -> dict[str, Reply]:
    assert host
    return {"/": page(body='<div id="root"></div><script src="/app.js"></script>')}


def says_yes_to_all(host: str) -> dict[str, Reply]:
    return {"/*": page(body=teasers(stories(host)))}


def twins(host: str) -> dict[str, Reply]:
    head = link("/rss") + link("/atom", kind="atom") + link("/sport.rss", title="Sport")
    return {
        "/": page(head=head),
        "/rss": rss(stories(host, 10)),
        "/atom": rss(stories(host, 10)),
        "/sport.rss": rss(stories(host, 10, section="sport"), every=30),
    }


def directory(host: str) -> dict[str, Reply]:
    listed = '<h1>Our feeds</h1><ul><li><a href="/rss/all.xml">All</a><li><a href="/rss/tags/x.xml">X</a></ul>'
    return {
        "/": page(body='<a href="/about/feeds">RSS</a><a href="http://other.example/feed">a friend</a>'),
        "/about/feeds": page(body=listed),
        "/rss/all.xml": rss(stories(host, 10)),
    }


def json_feed(host: str) -> dict[str, Reply]:
    items = ",".join(f'{{"id": "{url}", "url": "{url}", "title": "{title}"}}' for url, title in stories(host))
    text = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "items": [{items}]}}'
    head = '<link rel="alternate" type="application/feed+json" href="/feed.json">'
    head += '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">'
    return {"/": page(head=head), "/feed.json": Reply(body=text.encode())}


def too_much(host: str) -> dict[str, Reply]:
    return {
        "/": page(head=link("/feed") + link("/rss"), body=teasers(stories(host))),
        "/feed": Reply(429, b"", (("Retry-After", "3600"),)),
        "/rss": rss(stories(host)),
    }


def crowded(host: str) -> dict[str, Reply]:
    assert host
    nav = menu(*(f"section{number}" for number in "abcdefghijkl"))
    return {"/": page(head="".join(link(f"/{number}.rss") for number in range(500)), body=nav)}


OUTLETS = {
    made.__name__.replace("_", "-"): made
    for made in (
        wordpress, unannounced, news_in_an_index, index_without_news, news_sitemap, gzipped, sections, based, dead,
        elsewhere, sent_elsewhere, redirected, languages, podcast, disallowed, closed, walled, consent, stale, slow,
        dead_for_years, busy, shell, says_yes_to_all, twins, directory, json_feed, too_much, crowded,
    )
}  # fmt: skip


def everything() -> dict[str, Reply]:
    outlets = {f"{name}.example": made(f"{name}.example") for name, made in OUTLETS.items()}
    pages = {f"{host}{path}": reply for host, paths in outlets.items() for path, reply in paths.items()}
    pages["www.redirected.example/home"] = page(head=link("feed.xml"))
    pages["www.redirected.example/feed.xml"] = rss(stories("www.redirected.example", 10))
    for name in ("elsewhere", "sent-elsewhere"):
        pages[f"feeds.burner.example/{name}.example"] = rss(stories(f"{name}.example", 10))
    pages["consent.gate.example/ask?for=consent.example"] = CONSENT
    return pages
