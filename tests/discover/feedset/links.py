"""Where an entry leads."""

from __future__ import annotations

from tests.discover.feedset.case import Case, linked, rss, told

_ATOM_IN_RSS = '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
_HOME = "https://news.example/"


def _atom(*links: tuple[str, str | None]) -> Case:
    """Atom entries with these links and ids."""
    entries = "".join(f"<entry><title>{n}</title>{markup}</entry>" for n, (markup, _) in enumerate(links, 1))
    meant = tuple((url, str(n), None) for n, (_, url) in enumerate(links, 1) if url is not None)
    return told(
        f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>', meant, content_type="application/atom+xml"
    )


CASES = {
    "relative to the feed": linked(
        ("<link>/2026/ferry</link>", _HOME + "2026/ferry"),
        ("<link>ferry.html</link>", _HOME + "rss/ferry.html"),
        ("<link>../story?id=1</link>", _HOME + "story?id=1"),
        ("<link>//cdn.news.example/story</link>", "https://cdn.news.example/story"),
        ("<link>?p=17</link>", _HOME + "rss/all.xml?p=17"),
    ),
    "relative, the feed on another host than its channel": linked(
        ("<link>/ferry</link>", "https://news.example/ferry"), url="https://feeds.cdn.example/news"
    ),
    "relative to an xml:base in RSS": told(
        "<rss version='2.0' xml:base='https://www.news.example/'><channel><item><title>1</title><link>ferry</link></item>"
        "<item xml:base='https://old.news.example/a/'><title>2</title><link>budget</link></item></channel></rss>",
        (("https://www.news.example/ferry", "1", None), ("https://old.news.example/a/budget", "2", None)),
    ),
    "relative to an xml:base in Atom": told(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/news/'>"
        "<entry><title>1</title><link href='ferry'/></entry>"
        "<entry xml:base='2025/'><title>2</title><link href='budget'/></entry></feed>",
        (("https://news.example/news/ferry", "1", None), ("https://news.example/news/2025/budget", "2", None)),
    ),
    "a guid instead of a link": linked(
        ("<guid>https://news.example/1</guid>", _HOME + "1"),
        ('<guid isPermaLink="true">https://news.example/2</guid>', _HOME + "2"),
        ('<guid isPermaLink="false">https://news.example/?p=3</guid>', None),
        ("<guid>17</guid>", None),
        ('<guid isPermaLink="false">urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</guid>', None),
        ("<guid>news.example:17</guid>", None),
        ("<link></link><guid>https://news.example/7</guid>", _HOME + "7"),
    ),
    "a guid beside a link": linked(
        ("<guid>https://news.example/id/1</guid><link>https://news.example/1</link>", _HOME + "1"),
        ("<link>https://news.example/2</link><guid isPermaLink='true'>17</guid>", _HOME + "2"),
        ("<link>https://news.example/3</link><guid ispermalink='false'>tag:news.example,2026:3</guid>", _HOME + "3"),
    ),
    "the address before FeedBurner's": told(
        '<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>1</title>'
        "<link>http://feedproxy.example/~r/news/~3/abc/</link>"
        "<feedburner:origLink>https://news.example/1</feedburner:origLink></item></channel></rss>",
        (("https://news.example/1", "1", None),),
    ),
    "a tracker's address alone": linked(
        (
            "<link>https://rss.tracker.example/c/1/s/2?u=https%3A%2F%2Fnews.example%2F1</link>",
            "https://rss.tracker.example/c/1/s/2?u=https%3A%2F%2Fnews.example%2F1",
        ),
    ),
    "an enclosure": linked(
        ('<enclosure url="https://news.example/1.mp3" type="audio/mpeg" length="1"/>', None),
        (
            '<link>https://news.example/2</link><enclosure url="https://news.example/2.jpg" type="image/jpeg"/>',
            _HOME + "2",
        ),
        (
            '<enclosure url="https://news.example/3.mp3" type="audio/mpeg"/><guid>https://news.example/3.mp3</guid>',
            None,
        ),
    ),
    "Atom's links in RSS": told(
        _ATOM_IN_RSS + '<atom:link rel="self" href="https://news.example/rss"/>'
        '<item><title>1</title><atom:link href="https://news.example/1"/></item>'
        '<item><title>2</title><atom:link rel="replies" href="https://news.example/2/comments"/>'
        "<link>https://news.example/2</link></item>"
        '<item><title>3</title><link rel="alternate" href="https://news.example/3" type="text/html"/></item>'
        '<item><title>4</title><atom:link rel="standout" href="https://news.example/4/s"/><link>/4</link></item></channel></rss>',
        tuple((f"https://news.example/{n}", str(n), None) for n in range(1, 5)),
    ),
    "a link and white space": linked(
        ("<link>\n\t https://news.example/1 \n</link>", _HOME + "1"),
        ("<link><![CDATA[\n https://news.example/2?a=1&b=2\n]]></link>", _HOME + "2?a=1&b=2"),
        ("<link>https://news.example/3-long-\n  title</link>", _HOME + "3-long-title"),
        ("<link>https://news.example/a b</link>", _HOME + "a%20b"),
    ),
    "a link escaped too often": linked(
        ("<link>https://news.example/1?a=1&amp;b=2</link>", _HOME + "1?a=1&b=2"),
        ("<link>https://news.example/2?a=1&amp;amp;b=2</link>", _HOME + "2?a=1&b=2"),
        ("<link><![CDATA[https://news.example/3?a=1&amp;b=2]]></link>", _HOME + "3?a=1&b=2"),
        ("<link>https://news.example/4?a=1&section=2&copy=3&lang=de</link>", _HOME + "4?a=1&section=2&copy=3&lang=de"),
    ),
    "links to no page": linked(
        ("<link>javascript:void(0)</link>", None),
        ("<link>mailto:desk@news.example</link>", None),
        ("<link>#</link>", None),
        ("<link>about:blank</link>", None),
        ("<link>http://</link>", None),
        ("<link>ftp://news.example/1</link>", None),
        ("<link/>", None),
    ),
    "links with faults": linked(
        ("<link>www.news.example/1</link>", "https://www.news.example/1"),
        ("<link>http://https://news.example/2</link>", _HOME + "2"),
        ("<link>https:\\\\news.example\\3</link>", _HOME + "3"),
        ("<link>https:/news.example/4</link>", _HOME + "4"),
        ("<link>HTTPS://NEWS.example:443/5</link>", _HOME + "5"),
        ("<link>&lt;https://news.example/6&gt;</link>", _HOME + "6"),
    ),
    "names and paths of other scripts": linked(
        ("<link>https://новости.example/мост</link>", "https://xn--b1amnebsh.example/%D0%BC%D0%BE%D1%81%D1%82"),
        ("<link>https://xn--b1amnebsh.example/1</link>", "https://xn--b1amnebsh.example/1"),
        ("<link>https://news.example/2026/%E6%A9%8B</link>", _HOME + "2026/%E6%A9%8B"),
        ("<link>https://news.example/橋?q=橋</link>", _HOME + "%E6%A9%8B?q=%E6%A9%8B"),
    ),
    "fragments and campaigns": linked(
        ("<link>https://news.example/1#comments</link>", _HOME + "1"),
        (
            "<link>https://news.example/2?utm_source=rss&amp;utm_medium=feed</link>",
            _HOME + "2?utm_source=rss&utm_medium=feed",
        ),
    ),
    "the same link twice": rss(
        "<item><title>Ferry back</title><link>/1</link><guid>a</guid></item><item><title>Ferry is back</title>"
        "<link>/1#top</link><guid>b</guid><pubDate>2026-11-23T10:00:00Z</pubDate></item>",
        (("https://news.example/1", "Ferry back", "2026-11-23T10:00:00Z"),),
    ),
    "the same guid with other links": linked(
        ("<link>/1</link><guid isPermaLink='false'>same</guid>", _HOME + "1"),
        ("<link>/2</link><guid isPermaLink='false'>same</guid>", _HOME + "2"),
    ),
    "two links in an item": linked(
        ("<link>https://news.example/1</link><link>https://news.example/amp/1</link>", _HOME + "1"),
        ("<comments>https://news.example/2#c</comments><link>https://news.example/2</link>", _HOME + "2"),
        ("<source url='https://wire.example/rss'>Wire</source><link>https://news.example/3</link>", _HOME + "3"),
    ),
    "a link that was read as HTML": linked(
        ("<link/>https://news.example/1<guid isPermaLink='false'>17</guid>", _HOME + "1"),
    ),
    "Atom's relations": _atom(
        ('<link rel="edit" href="/edit/1"/><link rel="alternate" href="/1"/>', _HOME + "1"),
        ('<link rel="enclosure" href="/2.mp3"/><link href="/2"/>', _HOME + "2"),
        ('<link rel="alternate" type="application/pdf" href="/3.pdf"/><link type="text/html" href="/3"/>', _HOME + "3"),
        (
            '<link rel="alternate" hreflang="en" href="/4"/><link rel="alternate" hreflang="fr" href="/fr/4"/>',
            _HOME + "4",
        ),
        ('<link rel="related" href="https://other.example/"/><link rel="alternate" href="/5"/>', _HOME + "5"),
        ('<link rel="self" href="/atom/6"/><id>https://news.example/6</id>', _HOME + "6"),
        ('<link rel="http://www.iana.org/assignments/relation/alternate" href="/7"/>', _HOME + "7"),
        ('<link rel="ALTERNATE" href=" /8 "/>', _HOME + "8"),
    ),
    "Atom's ids": _atom(
        ("<id>https://news.example/1</id>", _HOME + "1"),
        ("<id>tag:news.example,2026:2</id>", None),
        ("<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id><link href='/3'/>", _HOME + "3"),
        ("<id>17</id><content src='https://news.example/4.html' type='text/html'/>", None),
    ),
}
