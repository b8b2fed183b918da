"""Which of an entry's dates counts. How dates are written is tests/discover/habits.py's."""

from __future__ import annotations

from tests.discover.feedset.case import CHANNEL, Case, dated, rss, told

_AT = "2026-11-23T11:40:00Z"


def _named(names: str, *pairs: tuple[str, str | None]) -> Case:
    """The same as :func:`dated`, with namespaces."""
    return told(dated(*pairs).body.replace(b"<rss ", f"<rss {names} ".encode()), dated(*pairs).entries)


CASES = {
    "white space and CDATA": dated(
        ("<pubDate><![CDATA[ Mon, 23 Nov 2026 11:40:00 GMT ]]></pubDate>", _AT),
        ("<pubDate>\n   Mon, 23 Nov 2026\n 11:40:00 GMT\n</pubDate>", _AT),
        ("<pubDate>Mon, 23 Nov 2026 12:40:00 &#43;0100</pubDate>", _AT),
    ),
    "none, or none that can be read": dated(
        ("", None),
        ("<pubDate/>", None),
        ("<pubDate>soon</pubDate>", None),
        ("<pubDate>0000-00-00 00:00:00</pubDate>", None),
    ),
    "only the channel has one": told(
        f"<rss version='2.0'><channel>{CHANNEL}<pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate>"
        "<lastBuildDate>Mon, 23 Nov 2026 11:40:00 GMT</lastBuildDate><item><title>1</title><link>/1</link></item>"
        "</channel></rss>",
        (("https://news.example/1", "1", None),),
    ),
    "two vocabularies": _named(
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"',
        ("<pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate><dc:date>2026-11-25T00:00:00Z</dc:date>", _AT),
        ("<dc:date>2026-11-25T00:00:00Z</dc:date><pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate>", _AT),
        ("<pubDate>soon</pubDate><dc:date>2026-11-23T11:40:00Z</dc:date>", _AT),
        ("<dc:date>2026-11-23T12:40:00+01:00</dc:date>", _AT),
        (
            "<dcterms:issued>2026-11-23T11:40:00Z</dcterms:issued><dcterms:modified>2026-11-24T00:00:00Z</dcterms:modified>",
            _AT,
        ),
        ("<atom:updated>2026-11-24T00:00:00Z</atom:updated><pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate>", _AT),
        ("<atom:published>2026-11-23T11:40:00Z</atom:published><atom:updated>2026-11-24T00:00:00Z</atom:updated>", _AT),
        ("<atom:updated>2026-11-23T11:40:00Z</atom:updated>", _AT),
    ),
    "under other names": dated(
        ("<pubdate>Mon, 23 Nov 2026 11:40:00 GMT</pubdate>", _AT),
        ("<published>2026-11-23T11:40:00Z</published>", _AT),
        ("<date>2026-11-23T11:40:00Z</date>", _AT),
        ("<updated>2026-11-23T11:40:00Z</updated>", _AT),
    ),
    "the same one twice": dated(
        ("<pubDate>2026-11-23 11:40:00.0</pubDate><pubDate>2026-11-23 11:40:00.0</pubDate>", _AT),
    ),
    "in the future, as it was announced": dated(
        ("<pubDate>Mon, 23 Nov 2099 11:40:00 GMT</pubDate>", "2099-11-23T11:40:00Z")
    ),
    "ambiguous, and said again clearly": _named(
        'xmlns:dc="http://purl.org/dc/elements/1.1/"',
        ("<pubDate>05/11/2026 10:00</pubDate><dc:date>2026-11-05T10:00:00Z</dc:date>", "2026-11-05T10:00:00Z"),
    ),
    "oldest first": rss(
        "".join(
            f"<item><title>{day}</title><link>/{day}</link><pubDate>{day} Nov 2026 10:00 GMT</pubDate></item>"
            for day in (20, 22, 21)
        ),
        tuple((f"https://news.example/{day}", str(day), f"2026-11-{day}T10:00:00Z") for day in (22, 21, 20)),
    ),
}
