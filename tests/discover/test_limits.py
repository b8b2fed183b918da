"""Input that is large, broken or hostile: a listing or one of our errors, in bounded memory."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.discover import discover, opml, sniff
from scraper.discover.anchors import heading_in, words
from scraper.discover.decoding import decode
from scraper.discover.offers import front
from scraper.errors import LimitExceeded, ScrapeError
from scraper.model import Listing, SourceKind

FEEDS = Path(__file__).parents[2] / "fixtures" / "feeds"
INPUTS = sorted(
    (path for path in FEEDS.glob("*/*") if path.suffix != ".json" or path.name == "feed.json"),
    key=str,
)
HOME = "https://n.example/"
KINDS = st.sampled_from(SourceKind)
TYPES = st.sampled_from([None, "text/html", "text/xml; charset=utf-8", "application/json; charset=koi8-r", ";charset="])

hostile = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def look(kind: SourceKind, body: bytes, content_type: str | None) -> None:
    try:
        listing = discover(kind, body, HOME, content_type=content_type, limit=5)
        sniff(body, content_type)
    except ScrapeError:
        return
    assert isinstance(listing, Listing)
    assert len(listing.entries) <= 5
    assert all(entry.url.startswith(("http://", "https://")) for entry in listing.entries)
    assert len({entry.url for entry in listing.entries}) == len(listing.entries)
    assert all(entry.title != "" for entry in listing.entries)


@hostile
@given(KINDS, st.binary(max_size=400), TYPES)
def test_any_bytes(kind: SourceKind, body: bytes, content_type: str | None) -> None:
    look(kind, body, content_type)


@hostile
@given(
    KINDS,
    st.sampled_from([b"<rss>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<urlset>", b"<html><body>", b"{"]),
    st.lists(
        st.sampled_from(
            """
            <item> </item> <entry> </entry> <link> </link> <link/> <title> </title> <guid> </guid> <pubDate> </pubDate>
            <url> </url> <loc> </loc> <news:news> <a href=/x-y-z-w> </a> <h2> <article> <![CDATA[ ]]> <!-- --> <? ?>
            <!DOCTYPE & &amp; &#0; &#xD800; &#99999999; &lol; http://n.example/a-b-c-d http://[ 2026-11-23 " ' < > ]]
            <svg> </svg> <content type=base64> <source> </source> <image> </image> xml:base='x' <enclosure/> \0 \ud83d
            """.split()  # noqa: SIM905 -- a list of words reads best as one
        ),
        max_size=30,
    ),
)
def test_any_markup(kind: SourceKind, start: bytes, pieces: list[str]) -> None:
    look(kind, start + " ".join(pieces).encode("utf-8", "replace"), None)


@hostile
@given(st.data(), st.sampled_from(INPUTS), KINDS, TYPES)
def test_any_damage(data: st.DataObject, path: Path, kind: SourceKind, content_type: str | None) -> None:
    body = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        end = min(len(body), at + data.draw(st.integers(0, 40)))
        body[at:end] = data.draw(st.binary(max_size=12))
    look(kind, bytes(body), content_type)


@pytest.mark.slow
def test_a_feed_of_100_000_entries_keeps_the_newest_1_000() -> None:
    # Their order is scattered: 77,777 and 100,000 have no common divisor.
    numbers = [index * 77_777 % 100_000 for index in range(100_000)]
    items = "".join(
        f"<item><link>/{n}</link><pubDate>2026-11-{1 + n // 5000:02}T{n % 5000 // 250:02}:{n % 250 // 5:02}:{n % 5:02}Z"
        "</pubDate></item>"
        for n in numbers
    )
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    listing = discover(SourceKind.FEED, body, HOME)
    assert [entry.url for entry in listing.entries] == [f"{HOME}{n}" for n in range(99_999, 98_999, -1)]
    assert listing.dropped == 99_000


@pytest.mark.slow
def test_a_sitemap_of_more_than_50_000_urls_is_read_up_to_there() -> None:
    body = b"<urlset>" + b"".join(b"<url><loc>/%d</loc></url>" % n for n in range(50_010)) + b"</urlset>"
    listing = discover(SourceKind.SITEMAP, body, HOME, limit=60_000)
    assert len(listing.entries) == 50_000
    assert listing.dropped == 10


def test_an_index_names_its_newest_500_files() -> None:
    body = b"<sitemapindex>" + b"".join(b"<sitemap><loc>/%d.xml</loc></sitemap>" % n for n in range(510))
    listing = discover(SourceKind.SITEMAP, body, HOME)
    assert (len(listing.nested), listing.dropped) == (500, 10)


def test_an_index_without_dates_names_its_first_and_last_files() -> None:
    body = b"<sitemapindex>" + b"".join(b"<sitemap><loc>/%d.xml</loc></sitemap>" % n for n in range(2_000))
    nested = discover(SourceKind.SITEMAP, body, HOME).nested
    assert nested[:4] == tuple(f"{HOME}{n}.xml" for n in (1_999, 0, 1_998, 1))
    assert set(nested) == {f"{HOME}{n}.xml" for n in [*range(250), *range(1_750, 2_000)]}


@pytest.mark.parametrize(
    ("hosts", "kept"),
    [
        (["n.example", "www.n.example"], 2),
        (["cdn.example", "cdn.example", "a.cdn.example"], 3),  # a content network's
        (["n.example", "cdn.example"], 2),
        (["n.example", *(f"victim-{n}.example.org" for n in range(9))], 10),  # of one site, whatever their names
        (["n.example", *(f"victim-{n}.example" for n in range(400))], 1),
    ],
)
def test_an_index_leads_to_one_other_site_at_most(hosts: list[str], kept: int) -> None:
    files = "".join(f"<sitemap><loc>https://{host}/{n}.xml</loc></sitemap>" for n, host in enumerate(hosts))
    listing = discover(SourceKind.SITEMAP, f"<sitemapindex>{files}</sitemapindex>".encode(), HOME)
    assert (len(listing.nested), listing.dropped) == (kept, len(hosts) - kept)


def test_text_of_no_known_charset_is_sampled_in_one_go() -> None:
    # Quadratic, this took an hour and a half.
    body = b"<p>" + b"a" * 1_000_000 + b"<p>\xe9t\xe9 \xe0 la plage"
    assert decode(body, "").endswith("<p>été à la plage")


def test_a_page_offers_no_feed_whose_address_is_too_long() -> None:
    # Quadratic, this took most of an hour.
    page = f"<a href='/{'feed' * 1_000_000}'>x</a><a href=/main-rss-all.xml>x</a><a href='/{'feed' * 500}.xml'>y</a>"
    assert [offer.url for offer in front(page.encode(), HOME).feeds] == [
        f"{HOME}main-rss-all.xml", f"{HOME}{'feed' * 500}.xml",
    ]  # fmt: skip
    many = "<a href=/x>x</a>" * 4_999
    assert front(f"{many}<a href=/y>RSS</a><a href=/z>RSS</a>".encode(), HOME).feeds[0].url == f"{HOME}y"
    assert len(front(f"{many}<a href=/y>RSS</a><a href=/z>RSS</a>".encode(), HOME).feeds) == 1


def test_of_a_link_no_more_words_are_read_than_needed() -> None:
    def link(inside: str) -> LexborNode:
        found = LexborHTMLParser(f"<body><a href=/x>{inside}</a>".encode()).css_first("a")
        assert found is not None
        return found

    assert words(link(" One\n <b>two</b><i> three</i>")) == "One two three"
    assert len(words(link("word " * 500_000))) <= 1_000
    assert words(link("<i></i>" * 500 + "far away")) == ""
    assert heading_in(link("<i></i>" * 500 + "<h2>far away</h2>")) is None
    assert heading_in(link("<i></i><h2>near</h2>")) is not None


def test_folders_are_not_looked_for_outwards() -> None:
    # Quadratic, this took minutes.
    feeds = "".join(f"<outline xmlUrl='https://n.example/{n}'/>" for n in range(50_000))
    nested = "<outline>" * 100_000 + feeds + "</outline>" * 100_000
    found = opml.read(f"<opml><body><outline text='Top'>{nested}</outline></body></opml>".encode())
    assert (len(found.feeds), {feed.folder for feed in found.feeds}) == (50_000, {"Top"})


def test_of_many_dates_of_one_story_none_is_its_own() -> None:
    # Every link went through all of them.
    dates = "".join(f"<time datetime=2026-11-01T00:00:{n % 60:02}.{n}Z></time>" for n in range(20_000))
    links = "".join(f"<a href=/{n}-a-long-slug-here>Some words for link {n}</a>" for n in range(5_000))
    listing = discover(SourceKind.PAGE, f"<body><article>{dates}{links}</article>".encode(), HOME, limit=10_000)
    assert (len(listing.entries), {entry.published for entry in listing.entries}) == (5_000, {None})


def test_a_page_is_read_up_to_5_000_links() -> None:
    link = "<a href=/{0}-a-long-slug-here>Some words for link {0}</a>"
    body = "<body>" + "".join(link.format(number) for number in range(5_020))
    listing = discover(SourceKind.PAGE, body.encode(), HOME, limit=10_000)
    assert (len(listing.entries), listing.dropped) == (5_000, 20)


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "<rss><item " + "".join(f"a{number}='>' " for number in range(1001)) + "/></rss>",
        "<rss><item><title>" + "&" * 2_000_001 + "</title></item></rss>",
    ],
)
def test_feeds_built_to_choke_a_parser_are_refused(body: str) -> None:
    with pytest.raises(LimitExceeded):
        discover(SourceKind.FEED, body.encode(), HOME)


LAUGHS = (
    b"<!DOCTYPE x [<!ENTITY a0 '" + b"ha" * 5000 + b"'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)  # fmt: skip
QUADRATIC = b"&a0;" * 20_000
BOMBS = {
    "feed": LAUGHS + b"<rss><channel><title>&a11;</title><item><link>/a</link><title>%s</title></item>" % QUADRATIC,
    "feed in UTF-16": (LAUGHS + b"<feed><title>&a11;</title><entry/></feed>").decode().encode("utf-16"),
    "feed with the DTD late": b"<rss>" + LAUGHS + b"<channel><title>&a11;</title></channel></rss>",
    "sitemap": LAUGHS + b"<urlset><url><loc>/a</loc><lastmod>&a11;</lastmod></url></urlset>",
    "sitemap with the DTD late": b"<urlset><url><loc>/a</loc></url>" + LAUGHS + b"<url><loc>&a11;</loc></url></urlset>",
    "gzip": gzip.compress(b"<urlset>" + bytes(200 << 20), 1),
    "parameter entities": b"<!DOCTYPE rss [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]><rss><channel/></rss>",
}
MEASURE = """
import sys
from scraper.discover import discover, sniff
from scraper.errors import ScrapeError
body = sys.stdin.buffer.read()
try:
    listing = discover(sniff(body, None), body, "https://n.example/")
    assert all(len(entry.title or "") <= 1000 for entry in listing.entries)
except ScrapeError:
    pass
# Not ru_maxrss: it starts with the parent's.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_entity_bombs_stay_small(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=BOMBS[name], capture_output=True, check=True, timeout=60
    )
    assert int(done.stdout) < 100 * 1024  # KiB, the interpreter and its packages among them


def test_importing_the_package_is_cheap() -> None:
    script = (
        "import sys, scraper.discover; "
        "print(sorted({'feedparser', 'selectolax', 'charset_normalizer', 'json', 'can_ada'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"
