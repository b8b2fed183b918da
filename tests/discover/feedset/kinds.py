"""Every kind and version of feed, and the dialects that programs write."""

from __future__ import annotations

from tests.discover.feedset.case import BOTH, CHANNEL, FERRY, FERRY_ITEM, ITEMS, Case, rss, told

ATOM = "application/atom+xml"
JSON = "application/feed+json"
_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_NO_DATES = tuple((url, title, None) for url, title, _ in BOTH)
_PLAIN_ITEMS = """<item><title>Ferry back after storm</title><link>https://news.example/ferry</link></item>
<item><title>Council passes budget</title><link>https://news.example/budget</link></item>"""
_ABOUT_ITEMS = """<item rdf:about="https://news.example/budget"><title>Council passes budget</title>
<link>https://news.example/budget</link><dc:date>2026-11-22T18:05:00Z</dc:date></item>
<item rdf:about="https://news.example/ferry"><title>Ferry back after storm</title>
<link>https://news.example/ferry</link><dc:date>2026-11-23T11:40:00+00:00</dc:date></item>"""
_ATOM_ENTRIES = """<entry><title>Ferry back after storm</title><link href="https://news.example/ferry"/>
<id>tag:news.example,2026:ferry</id><published>2026-11-23T11:40:00Z</published>
<updated>2026-11-24T07:00:00Z</updated></entry>
<entry><title>Council passes budget</title><link rel="alternate" type="text/html" href="https://news.example/budget"/>
<id>tag:news.example,2026:budget</id><updated>2026-11-22T19:05:00+01:00</updated></entry>"""
_ATOM_HEAD = (
    '<title>Harbour News</title><link href="https://news.example/"/>'
    "<id>tag:news.example,2026:all</id><updated>2026-11-24T07:00:00Z</updated>"
)


def _atom(entries: str, told_as: tuple[tuple[str, str | None, str | None], ...] = BOTH) -> Case:
    text = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">{_ATOM_HEAD}{entries}'
    return told(f"{text}</feed>", told_as, content_type=ATOM)


def _json(
    items: str, entries: tuple[tuple[str, str | None, str | None], ...] | None = BOTH, version: str = "1.1"
) -> Case:
    head = f'{{"version": "https://jsonfeed.org/version/{version}", "title": "Harbour News", "items": '
    return told(f"{head}[{items}]}}", entries, content_type=JSON)


_JSON_ITEMS = """{"id": "2", "url": "https://news.example/budget", "title": "Council passes budget",
 "content_text": "…", "date_published": "2026-11-22T18:05:00Z"},
{"id": "1", "url": "https://news.example/ferry", "title": "Ferry back after storm", "content_html": "<p>…</p>",
 "date_published": "2026-11-23T12:40:00+01:00", "date_modified": "2026-11-24T07:00:00Z"}"""

CASES = {
    "RSS 0.90": told(
        f'<?xml version="1.0"?><rdf:RDF {_RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel>{CHANNEL}'
        f"</channel>{_PLAIN_ITEMS}</rdf:RDF>",
        _NO_DATES,
        content_type="text/xml",
    ),
    "RSS 0.91, Netscape's DTD and what it defines": told(
        '<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        f' "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>{CHANNEL}'
        "<item><title>Caf&eacute; reopens &copy; 2026</title><link>https://news.example/cafe</link></item>"
        "</channel></rss>",
        (("https://news.example/cafe", "Café reopens © 2026", None),),
    ),
    "RSS 0.91, UserLand's": told(
        f'<rss version="0.91"><channel>{CHANNEL}<skipDays><day>Sunday</day></skipDays>'
        f"<textInput><title>Search</title><link>https://news.example/search</link></textInput>{_PLAIN_ITEMS}"
        "</channel></rss>",
        _NO_DATES,
    ),
    "RSS 0.92, items of a description alone": told(
        f'<rss version="0.92"><channel>{CHANNEL}{_PLAIN_ITEMS}<item><description>Fog on the quay.</description></item>'
        '<item><description>Wire: <a href="https://wire.example/1">tug lost</a></description>'
        '<source url="https://wire.example/rss">The wire</source></item></channel></rss>',
        _NO_DATES,
    ),
    "RSS 0.93 and its expirationDate": told(
        f'<rss version="0.93"><channel>{CHANNEL}'
        + FERRY_ITEM.replace("</item>", "<expirationDate>Tue, 01 Dec 2026 00:00:00 GMT</expirationDate></item>")
        + "</channel></rss>",
        (FERRY,),
    ),
    "RSS 0.94": told(f'<rss version="0.94"><channel>{CHANNEL}{ITEMS}</channel></rss>'),
    "RSS 2.0": rss(ITEMS, BOTH),
    "RSS without a version": told(f"<rss><channel>{CHANNEL}{ITEMS}</channel></rss>"),
    "RSS of a version that never was": told(f'<rss version="2.1.3"><channel>{CHANNEL}{ITEMS}</channel></rss>'),
    "RSS in a namespace of its own": told(
        f'<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel>{CHANNEL}{ITEMS}</channel></rss>'
    ),
    "RSS in Atom's namespace": told(
        f'<rss version="2.0" xmlns="http://www.w3.org/2005/Atom"><channel>{CHANNEL}{ITEMS}</channel></rss>'
    ),
    "RSS without its outermost element": told(f"<?xml version='1.0'?><channel>{CHANNEL}{ITEMS}</channel>"),
    "RSS 1.0": told(
        f'<rdf:RDF {_RDF} {_DC} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://news.example/">{CHANNEL}'
        '<items><rdf:Seq><rdf:li rdf:resource="https://news.example/ferry"/></rdf:Seq></items></channel>'
        f"{_ABOUT_ITEMS}</rdf:RDF>",
        content_type="application/rdf+xml",
    ),
    "RSS 1.0 with a prefix on every name": told(
        f'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {_DC} xmlns:rss="http://purl.org/rss/1.0/">'
        "<rss:channel><rss:title>Harbour News</rss:title><rss:link>https://news.example/</rss:link></rss:channel>"
        '<rss:item r:about="https://news.example/ferry"><rss:title>Ferry back after storm</rss:title>'
        "<rss:link>https://news.example/ferry</rss:link><dc:date>2026-11-23T11:40Z</dc:date></rss:item></r:RDF>",
        (FERRY,),
    ),
    "RSS 1.0, its namespace on the channel and the items": told(
        f'<rdf:RDF {_RDF} {_DC}><channel rdf:about="https://news.example/" xmlns="http://purl.org/rss/1.0/">{CHANNEL}'
        "</channel>" + _ABOUT_ITEMS.replace("<item ", '<item xmlns="http://purl.org/rss/1.0/" ') + "</rdf:RDF>"
    ),
    "RSS 1.0, items known by rdf:about alone": told(
        f'<rdf:RDF {_RDF} {_DC} xmlns="http://purl.org/rss/1.0/"><channel>{CHANNEL}</channel>'
        '<item rdf:about="https://news.example/ferry"><title>Ferry back after storm</title>'
        "<dc:date>2026-11-23T11:40:00Z</dc:date></item></rdf:RDF>",
        (FERRY,),
    ),
    "RSS 1.1": told(
        f'<Channel xmlns="http://purl.org/net/rss1.1#" {_RDF} {_DC} rdf:about="https://news.example/rss">{CHANNEL}'
        f'<items rdf:parseType="Collection">{_ABOUT_ITEMS}</items></Channel>',
        content_type="application/rdf+xml",
    ),
    "CDF": told(
        '<?xml version="1.0"?><CHANNEL HREF="https://news.example/"><TITLE>Harbour News</TITLE>'
        '<ITEM HREF="https://news.example/ferry" LASTMOD="2026-11-23T11:40Z"><TITLE>Ferry back after storm</TITLE>'
        "<ABSTRACT>Boats run.</ABSTRACT></ITEM></CHANNEL>",
        (FERRY,),
        content_type="application/x-cdf",
    ),
    "Atom 1.0": _atom(_ATOM_ENTRIES),
    "Atom 1.0 with a prefix": told(
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom">'
        + (_ATOM_HEAD + _ATOM_ENTRIES).replace("</", "</a:").replace("<", "<a:").replace("<a:/a:", "</a:")
        + "</a:feed>",
        content_type=ATOM,
    ),
    "Atom 1.0 without its namespace": told(f"<feed>{_ATOM_HEAD}{_ATOM_ENTRIES}</feed>", content_type=ATOM),
    "Atom 1.0, its namespace misspelt": told(
        f'<feed xmlns="https://www.w3.org/2005/atom/">{_ATOM_HEAD}{_ATOM_ENTRIES}</feed>', content_type=ATOM
    ),
    "Atom 0.3": told(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Harbour News</title><modified>2026-11-24T00:00:00Z'
        "</modified><entry><title mode='escaped' type='text/html'>Ferry &lt;b&gt;back&lt;/b&gt; after storm</title>"
        '<link rel="alternate" type="text/html" href="https://news.example/ferry"/><id>tag:news.example,2026:1</id>'
        "<created>2026-11-23T08:00:00Z</created><issued>2026-11-23T11:40:00Z</issued>"
        "<modified>2026-11-24T00:00:00Z</modified></entry>"
        '<entry><title mode="base64">Q291bmNpbCBwYXNzZXMgYnVkZ2V0</title>'
        '<link rel="service.edit" href="https://news.example/edit/2"/>'
        '<link rel="alternate" href="https://news.example/budget"/><modified>2026-11-22T18:05:00Z</modified></entry></feed>'
    ),
    "Atom titles of each type": _atom(
        """<entry><title type="text">1 &lt; 2 &amp; 3 &gt; 2</title><link href="/a"/>
        <updated>2026-11-23T03:00:00Z</updated>
        </entry><entry><title type="html">&lt;em&gt;Ferry&lt;/em&gt; &amp;amp; &amp;quot;quay&amp;quot;</title>
        <link href="/b"/><updated>2026-11-23T02:00:00Z</updated></entry>
        <entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Ferry <b>late</b> again</div></title>
        <link href="/c"/><updated>2026-11-23T01:00:00Z</updated></entry>""",
        (
            ("https://news.example/a", "1 < 2 & 3 > 2", "2026-11-23T03:00:00Z"),
            ("https://news.example/b", 'Ferry & "quay"', "2026-11-23T02:00:00Z"),
            ("https://news.example/c", "Ferry late again", "2026-11-23T01:00:00Z"),
        ),
    ),
    "Atom as Blogger writes it": _atom(
        """<entry><id>tag:blogger.com,1999:blog-1.post-2</id><published>2026-11-23T12:40:00.003+01:00</published>
        <updated>2026-11-23T13:00:00.000+01:00</updated><title type='text'>Ferry back after storm</title>
        <link rel='replies' type='application/atom+xml' href='https://news.example/feeds/2/comments/default'/>
        <link rel='edit' type='application/atom+xml' href='https://www.blogger.com/feeds/1/posts/default/2'/>
        <link rel='self' type='application/atom+xml' href='https://www.blogger.com/feeds/1/posts/default/2'/>
        <link rel='alternate' type='text/html' href='https://news.example/ferry' title='Ferry back'/></entry>""",
        (FERRY,),
    ),
    "Atom as YouTube writes it": _atom(
        """<entry xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/">
        <id>yt:video:abc</id><yt:videoId>abc</yt:videoId><title>Ferry back after storm</title>
        <link rel="alternate" href="https://news.example/ferry"/><published>2026-11-23T11:40:00+00:00</published>
        <media:group><media:title>Another title</media:title>
        <media:content url="https://news.example/v/abc" type="video/mp4"/>
        <media:thumbnail url="https://i.news.example/abc.jpg"/></media:group></entry>""",
        (FERRY,),
    ),
    "Atom of a planet, entries with their sources": _atom(
        """<entry><source><title>Another paper</title><id>urn:x</id><link href="https://other.example/"/>
        <updated>2026-01-01T00:00:00Z</updated></source><title>Ferry back after storm</title>
        <link href="https://news.example/ferry"/><id>urn:1</id><updated>2026-11-23T11:40:00Z</updated></entry>""",
        (FERRY,),
    ),
    "RSS as WordPress writes it": told(
        f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
        xmlns:wfw="http://wellformedweb.org/CommentAPI/" {_DC} xmlns:atom="http://www.w3.org/2005/Atom"
        xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
        <channel>{CHANNEL}<atom:link href="https://news.example/feed/" rel="self" type="application/rss+xml"/>
        <sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t1\t</sy:updateFrequency>
        <item><title>Ferry back after storm</title><link>https://news.example/ferry</link>
        <comments>https://news.example/ferry#respond</comments><dc:creator><![CDATA[Ines]]></dc:creator>
        <pubDate>Mon, 23 Nov 2026 11:40:00 +0000</pubDate><category><![CDATA[Harbour]]></category>
        <guid isPermaLink="false">https://news.example/?p=17</guid><description><![CDATA[Boats &#8230;]]></description>
        <content:encoded><![CDATA[<p>Boats run.</p><title>not a title</title>]]></content:encoded>
        <wfw:commentRss>https://news.example/ferry/feed/</wfw:commentRss><slash:comments>4</slash:comments></item>
        </channel></rss>""",
        (FERRY,),
    ),
    "RSS as WCF writes it": told(
        f"""<rss xmlns:a10="http://www.w3.org/2005/Atom" version="2.0"><channel>{CHANNEL}<item>
        <guid isPermaLink="false">1</guid>
        <link>https://news.example/ferry</link><title>Ferry back after storm</title>
        <a10:updated>2026-11-23T11:40:00Z</a10:updated></item></channel></rss>""",
        (FERRY,),
    ),
    "RSS of a podcast with pages": told(
        f"""<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>{CHANNEL}<item>
        <title>Ferry back after storm</title><itunes:title>Episode 1</itunes:title>
        <itunes:duration>12:00</itunes:duration>
        <enclosure url="https://cdn.news.example/1.mp3" length="1" type="audio/mpeg"/>
        <link>https://news.example/ferry</link><guid>https://cdn.news.example/1.mp3</guid>
        <pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate></item></channel></rss>""",
        (FERRY,),
    ),
    "RSS with pictures and their titles": told(
        f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>{CHANNEL}<item>
        <title>Ferry back after storm</title><media:content url="https://news.example/1.jpg" medium="image">
        <media:title>A ferry</media:title><media:description>In port</media:description></media:content>
        <link>https://news.example/ferry</link><pubDate>Mon, 23 Nov 2026 11:40:00 GMT</pubDate>
        <image><url>https://news.example/1.jpg</url><title>Picture</title><link>https://news.example/pictures/1</link></image>
        </item></channel></rss>""",
        (FERRY,),
    ),
    "RSS with a wrapper around its items": told(
        f"<rss version='2.0'><channel>{CHANNEL}<items>{ITEMS}</items></channel></rss>", content_type="text/xml"
    ),
    "JSON Feed 1.0": _json(_JSON_ITEMS, version="1"),
    "JSON Feed 1.1": _json(_JSON_ITEMS),
    "JSON Feed with a BOM, as text/html": told(
        b"\xef\xbb\xbf" + _json(_JSON_ITEMS).body, content_type="text/html; charset=utf-8"
    ),
    "JSON Feed in escapes": _json(
        r'{"id": 3, "url": "https:\/\/news.example\/cafe", "title": "Caf\u00e9 \ud83d\ude00 reopens"}',
        (("https://news.example/cafe", "Café 😀 reopens", None),),
    ),
    "JSON Feed of links to elsewhere, notes and numbers": _json(
        """{"id": 1, "external_url": "https://wire.example/tug", "title": "Tug lost"},
        {"id": "https://news.example/note", "content_text": "Fog.", "title": null, "date_published": null},
        {"id": 2, "content_text": "No address at all."}, "junk", {"id": "x", "url": "", "title": "y"}""",
        (("https://wire.example/tug", "Tug lost", None), ("https://news.example/note", None, None)),
    ),
    "JSON Feed with relative addresses and dates of changes": _json(
        '{"id": "1", "url": "/ferry", "title": "Ferry back after storm", "date_modified": "2026-11-23T11:40:00Z"}',
        (FERRY,),
    ),
    "JSON Feed with line breaks in its texts": _json(
        '{"id": "1", "url": "https://news.example/ferry", "title": "Ferry back\n after storm", "content_text": "a\tb",'
        ' "date_published": "2026-11-23T11:40:00Z"}',
        (FERRY,),
    ),
    "JSON Feed with entities in a title": _json(
        '{"id": "1", "url": "https://news.example/1", "title": "Bread &amp; butter &#8212; dearer"}',
        (("https://news.example/1", "Bread & butter — dearer", None),),
    ),
    "JSON Feed without items": _json("", ()),
    "JSON Feed cut short": told(_json(_JSON_ITEMS).body[:-40], None, content_type=JSON),
    "other JSON": told('{"articles": [{"url": "https://news.example/ferry"}]}', None, content_type="application/json"),
    "OPML": told(
        '<opml version="2.0"><head/><body><outline type="rss" xmlUrl="https://news.example/rss"/></body></opml>', None
    ),
    "an error in XML": told('<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>No</Message></Error>', None),
    "a login page": told("<!DOCTYPE html><html><head><title>Log in</title></head><body><form/></body></html>", None),
    "nothing": told("", None),
    "white space": told("\n\n  \n", None),
}
