from __future__ import annotations

import gzip

import pytest

from scraper.discover import discover
from scraper.discover.decoding import decode
from scraper.discover.gzipped import gunzip
from scraper.discover.links import MAX_LENGTH, Base, as_meant
from scraper.discover.listing import fold, heading, newest
from scraper.discover.prolog import root
from scraper.discover.repair import closed, items, mended, thinned
from scraper.discover.shapes import Shape, shape_of
from scraper.errors import BadURL, LimitExceeded, NotAFeed
from scraper.model import Date, Entry, SourceKind, Zone


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("../c", "https://a.example/c"),
        ("?p=1", "https://a.example/b/d?p=1"),
        ("//z.example/x#part", "https://z.example/x"),
        (" HTTPS://Ü.example:443/é ", "https://xn--tda.example/%C3%A9"),
    ],
)
def test_links_are_joined(link: str, address: str) -> None:
    assert Base("https://a.example/b/d").absolute(link) == address


@pytest.mark.parametrize(
    "link",
    ["", " ", "javascript:void(0)", "mailto:a@b.example", "ftp://a.example/", "http://[::1", "\ud800", "x" * 9000],
)
def test_what_is_no_link(link: str) -> None:
    with pytest.raises(BadURL):
        Base("https://a.example/").absolute(link)


@pytest.mark.parametrize(
    ("link", "meant"),
    [
        ("https://a.example/\n\t story", "https://a.example/story"),
        ("/a?b=1&amp;c=2", "/a?b=1&c=2"),
        ("www.a.example/b", "//www.a.example/b"),
        ("http://https://a.example/b", "https://a.example/b"),
        ("https:/a.example/b", "https://a.example/b"),
        ("#top", ""),
        ("httpsomething", "httpsomething"),
        ("/login?next=https://a.example/", "/login?next=https://a.example/"),
    ],
)
def test_links_are_taken_as_they_were_meant(link: str, meant: str) -> None:
    assert as_meant(link) == meant


def test_the_longest_address_is_kept_and_a_longer_one_is_not() -> None:
    base = Base("https://a.example/")
    path = "x" * (MAX_LENGTH - len("https://a.example/"))
    assert len(base.absolute(path)) == MAX_LENGTH
    with pytest.raises(BadURL):
        base.absolute(path + "x")


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("é".encode(), "text/xml; charset=iso-8859-1", "é"),
        ("é".encode("latin-1"), "text/xml; charset=iso-8859-1", "é"),
        ("“x”".encode("cp1252"), "text/xml; charset=iso-8859-1", "“x”"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + "ж".encode("cp1251"), "text/xml; charset=ISO-8859-1", "ж"),
        ("ж".encode("koi8-r"), "text/html; charset=koi8-r", "ж"),
        (b"<meta charset=windows-1251>" + "ж".encode("cp1251"), "", "ж"),
        (b'<?xml version="1.0" encoding="utf-16"?>' + "é".encode(), "", "é"),
        ("新聞".encode("iso-2022-jp"), "text/html; charset=iso-2022-jp", "新聞"),
        ("é" * 40 + "x", "", "é" * 40 + "x"),
        ("é".encode() * 40 + b"\xff", "text/html; charset=utf-8", "é" * 40 + "\ufffd"),
        ("éé".encode()[:-1], "", "é"),
        (b"<language>el</language>" + "ω".encode("iso-8859-7"), "", "ω"),
        (b"\xe9t\xe9", "text/html; charset=zlib_codec", "été"),
        (b"\xe9t\xe9", "text/html; charset=x-user-defined", "été"),
    ],
)
def test_decoding(body: bytes | str, content_type: str, text: str) -> None:
    assert decode(body.encode() if isinstance(body, str) else body, content_type).endswith(text)


def test_gunzip_reads_all_members_and_what_came_of_a_cut_one() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert gunzip(packed) == b"one two"
    assert gunzip(packed + b"trailing") == b"one two"
    assert gunzip(b"plain") == b"plain"
    assert gunzip(packed[:-10]).startswith(b"one ")
    with pytest.raises(NotAFeed):
        gunzip(b"\x1f\x8b\x08\x00 no gzip")


def test_gunzip_has_limits() -> None:
    with pytest.raises(LimitExceeded, match="100 times"):
        gunzip(gzip.compress(bytes(4 << 20)))
    noise = bytes(range(256)) * 8
    assert gunzip(gzip.compress(noise), limit=2048) == noise
    with pytest.raises(LimitExceeded, match="2,047 bytes"):
        gunzip(gzip.compress(noise), limit=2047)


@pytest.mark.parametrize(
    "prolog",
    [
        "",
        '\ufeff \n<?xml version="1.0"?>',
        "<!-- <rss> -- --><?php <html> ?>",
        '<!DOCTYPE rss [<!ENTITY a "]><html>"> <!-- ]> --> <?x ]> ?>]>',
        "<!DOCTYPE rss PUBLIC \"-//a>b//\" 'c>d'><!DOCTYPE again>",
        "words first, 1 < 2\n",
    ],
)
def test_the_prolog_is_passed_over(prolog: str) -> None:
    found = root(prolog + "<rdf:RDF a='b'>")
    assert (found.local, found.name, found.start) == ("rdf", "rdf:RDF", len(prolog))


@pytest.mark.parametrize("text", ["", "no markup", "<!-- open", "<!DOCTYPE rss [<!ENTITY", "<?xml", "<", "<1>"])
def test_there_may_be_no_root(text: str) -> None:
    assert root(text).name == ""


def test_references_are_mended_outside_cdata() -> None:
    text = "<a>x & y &nbsp;&eacute;&bogus; &lt;&#65;&#x41;&#1;&LT; <![CDATA[& &eacute; ]] ]]>&</a>"
    assert mended(text, root(text)) == (
        "<a>x &amp; y \u00a0é&amp;bogus; &lt;AA&lt; <![CDATA[& &eacute; ]] ]]>&amp;</a>"
    )


def test_a_feed_cut_short_is_closed_after_its_last_whole_item() -> None:
    text = "<rss><channel><item>1</item><item>2</ite"
    assert closed(text, root(text)) == "<rss><channel><item>1</item></channel></rss>"
    text = "<a:feed><entry>1</entry><!-- </entry> -->"
    assert closed(text, root(text)) == "<a:feed><entry>1</entry></a:feed>"
    assert closed("<rss/>", root("<rss/>")) == "<rss/>"
    assert closed("<rss></rss >junk", root("<rss>")) == "<rss></rss>"


def test_items_are_found_where_they_are_not_quoted() -> None:
    text = "<items/><item>1</item><!--<item>--><item><![CDATA[</item>]]></item><item/><a:item>4</a:item>"
    assert [text[start:end] for start, end in items(text)] == [
        "<item>1</item>",
        "<item><![CDATA[</item>]]></item>",
        "<item/>",
        "<a:item>4</a:item>",
    ]


def test_thinning_keeps_the_newest_in_their_order() -> None:
    text = "<rss>" + "".join(f"<item><pubDate>2026-11-{day:02}</pubDate></item>" for day in (3, 9, 1, 7)) + "</rss>"
    thin, gone = thinned(text, 2)
    assert gone == 2
    assert [thin[start:end][15:25] for start, end in items(thin)] == ["2026-11-09", "2026-11-07"]
    assert thin.startswith("<rss><item>")
    assert thin.endswith("</item></rss>")


def test_undated_entries_stay_beside_their_neighbours() -> None:
    assert newest(["", "2026-11-20", "", "2026-11-22", ""]) == [3, 4, 0, 1, 2]
    assert newest(["", "", ""]) == [0, 1, 2]
    assert newest([]) == []


def test_doubles_complete_each_other() -> None:
    date = Date(at="2026-11-23", raw="2026-11-23", zone=Zone.NONE)
    first, second = Entry(url="u"), Entry(url="u", title="t", published=date)
    assert fold([first, second, Entry(url="v")]) == [second, Entry(url="v")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bread &amp;amp; butter", "Bread & butter"),
        ("<p>One</p><p>two<br/>three</p>", "One two three"),
        ("<a href='/x'>Vector<int></a> and <AAPL.O>", "Vector<int> and <AAPL.O>"),
        ("&lt;![CDATA[Ferry]]&gt;", "Ferry"),
        ("ends in ]] and ]]>", "ends in ]] and ]]>"),
        (" \n ", None),
        ("x" * 9000, "x" * 1000),
    ],
)
def test_headings_lose_their_markup(text: str, title: str | None) -> None:
    assert heading(text) == title


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/2026/11/23/bridge", Shape.ARTICLE),
        ("/2026/nov/23/bridge", Shape.ARTICLE),
        ("/news/2026-11-23-bridge", Shape.ARTICLE),
        ("/harbour-bridge-closed-again", Shape.ARTICLE),
        ("/world-12345678", Shape.ARTICLE),
        ("/2022/01/19/completes-pullout-a76083", Shape.ARTICLE),
        ("/news/1234567", Shape.ARTICLE),
        ("/story.php?id=17", Shape.ARTICLE),
        ("/%D0%BC%D0%BE%D1%81%D1%82-%D1%87%D0%B5%D1%80%D0%B5%D0%B7-%D1%80%D0%B5%D0%BA%D1%83-%D0%B2", Shape.ARTICLE),
        ("/a/0fa1b2c3-1111-2222-3333-0123456789ab", Shape.ARTICLE),
        ("/local/budget-vote", Shape.LIKELY),
        ("/news/bridge.html", Shape.LIKELY),
        ("/local", Shape.PLAIN),
        ("/", Shape.NEVER),
        ("/2026/11/23/", Shape.NEVER),
        ("/tag/a-long-tag-with-words", Shape.NEVER),
        ("/author/someone-with-a-long-name", Shape.NEVER),
        ("/login?id=7", Shape.NEVER),
        ("/files/2026/11/23/picture.jpg", Shape.NEVER),
    ],
)
def test_shapes(path: str, shape: Shape) -> None:
    assert shape_of(Base("https://a.example" + path)) is shape


def test_a_sitemap_lists_its_own_site_or_those_that_it_is_for() -> None:
    def urls(*hosts: str, at: str = "https://www.paper.example/sitemap.xml") -> list[str]:
        lines = "".join(f"<url><loc>https://{host}/{n}</loc></url>" for n, host in enumerate(hosts))
        listing = discover(SourceKind.SITEMAP, f"<urlset>{lines}</urlset>".encode(), at)
        assert listing.dropped == len(hosts) - len(listing.entries)
        return sorted(entry.url.split("/")[2] for entry in listing.entries)

    assert urls("www.paper.example", "sport.paper.example", "casino.test") == [
        "sport.paper.example",
        "www.paper.example",
    ]
    content_network = "https://maps.cdn.test/paper.xml"
    assert urls(*["www.paper.example"] * 12, "casino.invalid", at=content_network) == ["www.paper.example"] * 12
    assert urls("a.example", "b.test", at=content_network) == ["a.example", "b.test"]
