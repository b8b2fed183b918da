"""Sitemaps and their faults. feedparser reads none, so they are no part of the comparison with it."""

from __future__ import annotations

import gzip

from tests.discover.feedset.case import BOTH, BUDGET, FERRY, Case, Told

_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_URLSET = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {_NEWS}>'


def _story(told: Told, date: str, more: str = "") -> str:
    url, title, _ = told
    return (
        f"<url><loc>{url}</loc>{more}<news:news><news:publication><news:name>Harbour News</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news></url>\n"
    )


_STORIES = _story(BUDGET, "2026-11-22T18:05:00+00:00") + _story(FERRY, "2026-11-23T12:40:00+01:00")
_WHOLE = f'<?xml version="1.0" encoding="UTF-8"?>\n{_URLSET}{_STORIES}</urlset>'


def _sitemap(text: str | bytes, entries: tuple[Told, ...] | None = BOTH, content_type: str = "application/xml") -> Case:
    body = text.encode() if isinstance(text, str) else text
    return Case(body, entries, content_type, "https://news.example/sitemaps/news.xml")


CASES = {
    "news": _sitemap(_WHOLE),
    "news, as text/html": _sitemap(_WHOLE, content_type="text/html"),
    "news, blank lines and a BOM first": _sitemap("\ufeff\n\n" + _WHOLE),
    "news, a script last": _sitemap(_WHOLE + "<script>if (a && b) c();</script>"),
    "news without its namespace": _sitemap(_WHOLE.replace(_NEWS, "")),
    "news under another prefix": _sitemap(_WHOLE.replace("news:", "n:")),
    "everything under a prefix": _sitemap(
        _WHOLE.replace("<url>", "<sm:url>")
        .replace("</url", "</sm:url")
        .replace("loc>", "sm:loc>")
        .replace("urlset xmlns=", "sm:urlset xmlns:sm=")
        .replace("</sm:urlset", "</sm:urlset")
    ),
    "gzip": _sitemap(gzip.compress(_WHOLE.encode(), mtime=0), content_type="application/x-gzip"),
    "UTF-16": _sitemap(_WHOLE.replace("UTF-8", "UTF-16").encode("utf-16")),
    "pictures, films and other languages": _sitemap(
        f"{_URLSET}"
        + _story(
            FERRY,
            "2026-11-23T11:40Z",
            "<image:image><image:loc>https://i.news.example/1.jpg</image:loc><image:title>A ferry</image:title>"
            "</image:image><video:video><video:title>Film</video:title><video:publication_date>2020-01-01"
            '</video:publication_date></video:video><xhtml:link hreflang="fr" href="https://news.example/fr"/>',
        )
        + "</urlset>",
        (FERRY,),
    ),
    "bare ampersands, entities and CDATA": _sitemap(
        "<urlset><url><loc><![CDATA[ https://news.example/1?a=1&b=2 ]]></loc></url>"
        "<url><loc>https://news.example/2?a=1&b=2</loc><news:news>"
        "<news:title>Bread &amp;amp; butter &nbsp;&#8211; dearer</news:title></news:news></url>"
        "<url><loc>\n https://news.example/3?a=1&amp;b=2\n</loc></url></urlset>",
        (
            ("https://news.example/2?a=1&b=2", "Bread & butter \u2013 dearer", None),
            ("https://news.example/3?a=1&b=2", None, None),
            ("https://news.example/1?a=1&b=2", None, None),
        ),
    ),
    "relative addresses, and none": _sitemap(
        "<urlset><url><loc>/1</loc></url><url><loc/></url><url/><url><loc>mailto:a@news.example</loc></url></urlset>",
        (("https://news.example/1", None, None),),
    ),
    "dates that differ": _sitemap(
        f"{_URLSET}{_story(FERRY, '23/11/2026 11:40')}{_story(BUDGET, '05/11/2026')}</urlset>",
        (FERRY, (*BUDGET[:2], None)),
    ),
    "lastmod orders and is no date": _sitemap(
        "<urlset><url><loc>/1</loc><lastmod>2026-11-20</lastmod></url><url><loc>/2</loc><lastmod>2026-11-23T10:00Z"
        "</lastmod></url><url><loc>/3</loc><lastmod>2026-11-21</lastmod></url></urlset>",
        tuple((f"https://news.example/{number}", None, None) for number in (2, 3, 1)),
    ),
    "cut short": _sitemap(_WHOLE[:-60], (BUDGET,)),
    "no addresses": _sitemap(f"{_URLSET}</urlset>", ()),
}
