"""The documents of a fleet: robots.txt, the home page, the feed, the sitemaps and the articles. Pure.

Each that lists articles has links beside them that nobody may follow: to another host, and below what robots.txt
disallows; and links that are no articles'.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from tests.fleet.plan import DISALLOWED, FOREIGN, Article, Plan, Story, story

FEED, SITEMAP, HOME, ROBOTS = "/feed.xml", "/sitemap.xml", "/", "/robots.txt"
PART = "/sitemap-{}.xml"
PARTS = 2
_SECTIONS = ("Politics", "Business", "Culture", "Sport", "Weather", "Local")
_STYLE = "body{font:16px/1.5 serif}.grid{display:grid;gap:1rem}.card h2{margin:0}.promo{border:1px solid}" * 6


def is_index(site: int) -> bool:
    """Whether a site's sitemap is an index of others."""
    return site % 3 == 0


def is_news(site: int) -> bool:
    """Whether a site's sitemap is a news sitemap, with titles and dates."""
    return site % 3 == 1


def has_nonce(site: int) -> bool:
    """Whether a site's pages are a little different each time, and carry no ETag."""
    return site % 4 == 3


def robots(host: str) -> str:
    return f"User-agent: *\nDisallow: {DISALLOWED}\n\nSitemap: http://{host}{SITEMAP}\n"


def planted(host: str) -> tuple[tuple[str, str], ...]:
    """Addresses that a document lists and nobody may ask for, with their headlines: one of its own, one foreign."""
    own = f"http://{host}{DISALLOWED}2025/03/12/minutes-of-the-closed-session-{host[5:8]}.html"
    other = f"http://{FOREIGN}/2025/03/12/a-story-that-somebody-else-tells-{host[5:8]}.html"
    return (own, "Minutes of the closed session of the editors"), (other, "A story that somebody else tells in full")


def feed(plan: Plan, articles: Sequence[Article], host: str) -> str:
    """RSS; some sites add tracking to each link."""
    (_, _), (other, _) = planted(host)
    tracking = "?utm_source=rss&utm_medium=feed" if int(host[5:8]) % 5 == 4 else ""
    items = [_item(a.url + tracking, story(plan, a, 0).title, a.published, other) for a in articles]
    items += [_item(url, title, None, other) for url, title in planted(host)]
    head = f"<title>{_name(host)}</title><link>http://{host}/</link><description>News</description>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def _item(url: str, title: str, published: datetime | None, mentioned: str) -> str:
    told = html.escape(f'<p>Read it here, or <a href="{mentioned}">what others say of it</a>.</p>')
    date = f"<pubDate>{format_datetime(published)}</pubDate>" if published else ""
    return (
        f"<item><title>{html.escape(title)}</title><link>{html.escape(url)}</link>"
        f'<guid isPermaLink="false">{hash_of(url)}</guid>{date}<description>{told}</description></item>'
    )


def hash_of(text: str) -> str:
    """A short name for a text."""
    import hashlib

    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def index(host: str, polls: int) -> str:
    """A sitemap index of the parts; what it says of their change moves on with each look."""
    changed = f"<lastmod>2025-03-{11 + min(polls, 15):02}</lastmod>"
    parts = "".join(f"<sitemap><loc>http://{host}{PART.format(part)}</loc>{changed}</sitemap>" for part in range(PARTS))
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>'
    )


def sitemap(plan: Plan, articles: Sequence[Article], host: str, *, news: bool) -> str:
    urls = [_url(a.url, story(plan, a, 0).title, a.published, news=news) for a in articles]
    urls += [f"<url><loc>{url}</loc></url>" for url, _ in planted(host)]
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    if news:
        spaces += ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="utf-8"?><urlset {spaces}>{"".join(urls)}</urlset>'


def _url(url: str, title: str, published: datetime, *, news: bool) -> str:
    date = published.isoformat()
    if not news:
        return f"<url><loc>{url}</loc><lastmod>{date}</lastmod></url>"
    paper = "<news:publication><news:name>The Site</news:name><news:language>en</news:language></news:publication>"
    told = f"<news:publication_date>{date}</news:publication_date><news:title>{html.escape(title)}</news:title>"
    return f"<url><loc>{url}</loc><news:news>{paper}{told}</news:news></url>"


def home(plan: Plan, articles: Sequence[Article], host: str) -> str:
    """The section page: every article as a card, between what is none."""
    cards = "".join(_card(a.path, story(plan, a, 0).title, a.published) for a in articles)
    cards += "".join(_card(url, title, None) for url, title in planted(host))
    main = f'<main><h1>{_name(host)}</h1><div class="grid">{cards}</div></main>'
    return _document(_name(host), "", main, host)


def _card(href: str, title: str, published: datetime | None) -> str:
    time = f'<time datetime="{published.isoformat()}">{published:%d %B}</time>' if published else ""
    return f'<article class="card"><h2><a href="{href}">{html.escape(title)}</a></h2>{time}</article>\n'


def page(plan: Plan, article: Article, version: int) -> str:
    """An article's page. What it says of itself is in meta elements on some sites, in JSON-LD on the others."""
    told = story(plan, article, version)
    title, url = html.escape(told.title), article.url
    head = _json_ld(told, article) if article.site % 2 else _metas(told, article)
    head += f'<link rel="canonical" href="{url}"><meta property="og:url" content="{url}">'
    byline = f'<p class="byline">By {html.escape(" and ".join(told.authors))}</p>'
    time = f'<time datetime="{article.published.isoformat()}">{article.published:%d %B %Y, %H:%M}</time>'
    body = "\n".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in told.paragraphs)
    main = f'<main><article><h1>{title}</h1>{byline}{time}<div class="article-body">\n{body}\n</div></article></main>'
    return _document(f"{title} - {_name(article.host)}", head, main, article.host)


def _metas(told: Story, article: Article) -> str:
    author = html.escape(", ".join(told.authors))
    return (
        f'<meta property="og:type" content="article"><meta property="og:title" content="{html.escape(told.title)}">'
        f'<meta property="article:published_time" content="{article.published.isoformat()}">'
        f'<meta name="author" content="{author}">'
    )


def _json_ld(told: Story, article: Article) -> str:
    fields = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.title,
        "datePublished": article.published.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in told.authors],
        "mainEntityOfPage": article.url,
    }
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def _document(title: str, head: str, main: str, host: str) -> str:
    """A page in the frame of its site: menus, a column beside the story, a foot."""
    menu = "".join(f'<li><a href="/{name.lower()}/">{name}</a></li>' for name in _SECTIONS)
    links = "".join(f'<li><a href="{url}">{title}</a></li>' for url, title in planted(host))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"<style>{_STYLE}</style></head>\n"
        f"<body><header><a href='/'>{_name(host)}</a><nav><ul>{menu}</ul></nav></header>\n{main}\n"
        f"<aside><h3>Most read</h3><ul>{links}</ul><div class='promo'>Subscribe to our newsletter</div></aside>\n"
        f"<footer><ul><li><a href='/about'>About us</a></li><li><a href='/contact'>Contact</a></li>"
        f"<li><a href='/privacy'>Privacy policy</a></li></ul><p>All rights reserved.</p></footer></body></html>\n"
    )


def _name(host: str) -> str:
    return f"The Gazette of Town {int(host[5:8])}"
