"""The local news is what it says it is: served right over real HTTP, and true to its expected records."""

from __future__ import annotations

import gzip
import html
import http.client
import json
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from scraper.model import Article, Zone
from tests.local_news import LocalNews, Outlet, load_outlets, scraper_toml, sources_toml
from tests.local_news.outlets import FIXTURES, load_expected

OUTLETS = load_outlets()
EXPECTED = load_expected()
DOMAINS = sorted(OUTLETS)
FOLDERS = {
    json.loads(path.read_text(encoding="utf-8"))["url"]: path.parent
    for domain in DOMAINS
    for path in sorted((FIXTURES / "articles" / domain).glob("*/request.json"))
}
URLS = sorted(FOLDERS)
SPECIAL = ("robots", "missing", "consent", "redirect")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@pytest.fixture(scope="module")
def site() -> Iterator[LocalNews]:
    with LocalNews() as running:
        yield running


def ask(site: LocalNews, url: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, headers={"Host": parts.netloc, "User-Agent": "tests", **(headers or {})})
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read())
    finally:
        connection.close()


class Text(HTMLParser):
    """The text of a page without its scripts and styles; tags that stand in a line of text leave no gap."""

    INLINE = frozenset({"a", "b", "em", "i", "strong", "span", "font", "small"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.silent += tag in {"script", "style"}
        self.parts.append("" if tag in self.INLINE else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}
        self.parts.append("" if tag in self.INLINE else "\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def fold(text: str) -> str:
    return " ".join(text.split())


def page_text(folder: Path) -> str:
    """What a reader sees, decoded the way a browser decides: the header first, then the page's own word."""
    raw = (folder / "page.html").read_bytes()
    kind = json.loads((folder / "request.json").read_text(encoding="utf-8"))["headers"]["content-type"]
    declared = re.search(r"charset=([\w-]+)", kind) or re.search(
        r"charset=[\"']?([\w-]+)", raw[:1024].decode("latin-1")
    )
    return raw.decode(declared[1] if declared else "cp1252")


def visible(folder: Path) -> str:
    parser = Text()
    parser.feed(page_text(folder))
    return fold("".join(parser.parts))


def announced(outlet: Outlet, raw: bytes) -> list[str]:
    """The links of a feed or a sitemap, without what only counts visitors."""
    if raw.startswith(b"{"):
        links = [item["url"] for item in json.loads(raw)["items"]]
    else:
        root = ET.fromstring(raw)  # noqa: S314 - our own fixtures
        links = [element.text or element.get("href", "") for element in root.iter() if _is_link(element)]
    home = f"http://{outlet.domain}/"
    return [link.split("?utm_")[0] for link in links if link.startswith(home) and link != home]


def _is_link(element: ET.Element) -> bool:
    name = element.tag.rpartition("}")[2]
    return (name == "loc" and "sitemap/0.9" in element.tag) or (name == "link" and element.get("rel") != "self")


def wanted(outlet: Outlet) -> list[str]:
    return sorted([*outlet.articles, *(outlet.special[key] for key in SPECIAL)])


# ------------------------------------------------------------------------------------------------ the server


@pytest.mark.parametrize("url", URLS)
def test_an_article_is_served_byte_for_byte_under_its_headers(site: LocalNews, url: str) -> None:
    answer = ask(site, url)
    request = json.loads((FOLDERS[url] / "request.json").read_text(encoding="utf-8"))
    assert answer.status == request["status"] == 200
    assert answer.body == (FOLDERS[url] / "page.html").read_bytes()
    assert answer.headers["content-type"] == request["headers"]["content-type"]
    assert answer.headers["content-length"] == str(len(answer.body))


def test_one_connection_serves_many_requests_and_many_connections_serve_at_once(site: LocalNews) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", "/", headers={"Host": "haiwan-ribao.example"})
        assert connection.getresponse().read() == (FIXTURES / "outlets/haiwan-ribao.example/index.html").read_bytes()
        assert connection.sock is socket
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda url: ask(site, url).status, URLS * 3))
    connection.close()
    assert set(answers) == {200}


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_usual_paths_answer(site: LocalNews, domain: str) -> None:
    for path in ("/", "/robots.txt", "/news-sitemap.xml", "/images/logo.svg"):
        assert ask(site, f"http://{domain}{path}").status == 200
    robots = ask(site, f"http://{domain}/robots.txt").body.decode("utf-8-sig")
    assert "Disallow: /print/" in robots
    sitemaps = re.findall(r"^Sitemap: (\S+)", robots, re.MULTILINE)
    assert sitemaps
    assert all(ask(site, url).status == 200 for url in sitemaps)


def test_one_outlet_asks_for_a_crawl_delay(site: LocalNews) -> None:
    asking = [domain for domain in DOMAINS if b"Crawl-delay: 1" in ask(site, f"http://{domain}/robots.txt").body]
    assert asking == ["old-county-post.example"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_links_of_a_home_page_lead_somewhere(site: LocalNews, domain: str) -> None:
    home = f"http://{domain}/"
    body = ask(site, home).body.decode("latin-1")
    links = {urljoin(home, link) for link in re.findall(r'(?i)<a [^>]*href="([^"#]+)"', body)}
    assert len(links) > 6
    assert {link: ask(site, link).status for link in links if ask(site, link).status != 200} == {}


@pytest.mark.parametrize("url", [url for url in URLS if "image_url" in EXPECTED[url]])
def test_a_picture_is_a_picture(site: LocalNews, url: str) -> None:
    answer = ask(site, EXPECTED[url]["image_url"])
    assert answer.headers["content-type"] == "image/png"
    assert answer.body.startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_special_entries_answer_as_they_should(site: LocalNews, domain: str) -> None:
    special = OUTLETS[domain].special
    assert urlsplit(special["robots"]).path.startswith("/print/")
    assert ask(site, special["robots"]).status == 200
    assert ask(site, special["missing"]).status == 404
    redirect = ask(site, special["redirect"])
    assert (redirect.status, redirect.headers["location"]) == (301, special["redirect_to"])
    assert redirect.headers["content-length"] == "0"
    assert special["redirect_to"] in OUTLETS[domain].articles
    consent = ask(site, special["consent"])
    assert consent.status == 200
    assert b"cmp-container" in consent.body


def test_an_unknown_host_and_an_unknown_path_are_not_found(site: LocalNews) -> None:
    assert ask(site, "http://nobody.example/").status == 404
    answer = ask(site, "http://nordlicht-blatt.example/nirgends")
    assert answer.status == 404
    assert "Diese Seite gibt es nicht" in answer.body.decode()


def test_a_query_that_nobody_knows_changes_nothing_and_head_has_no_body(site: LocalNews) -> None:
    url = URLS[0]
    assert ask(site, url + "?utm_source=rss").body == ask(site, url).body
    head = ask(site, url, method="HEAD")
    assert head.body == b""
    assert head.headers["content-length"] == str(len(ask(site, url).body))


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_source_that_did_not_change_answers_304(site: LocalNews, domain: str) -> None:
    url = OUTLETS[domain].source_url
    first = ask(site, url)
    named = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    validators = {named[name]: value for name, value in first.headers.items() if name in named}
    assert validators
    again = ask(site, url, validators)
    assert (again.status, again.body) == (304, b"")
    for name, value in validators.items():
        assert ask(site, url, {name: value}).status == 304
    assert ask(site, url, {"If-None-Match": '"old"'}).status == 200
    assert ask(site, url, {"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}).status == 200


def test_only_nordlicht_compresses_and_only_for_those_who_take_it(site: LocalNews) -> None:
    for url in URLS:
        packed = ask(site, url, {"Accept-Encoding": "gzip, br"})
        assert ("content-encoding" in packed.headers) == ("nordlicht-blatt" in url)
        if "content-encoding" in packed.headers:
            assert gzip.decompress(packed.body) == ask(site, url).body
            assert packed.headers["content-length"] == str(len(packed.body))
            assert "content-encoding" not in ask(site, url, {"Accept-Encoding": "br, gzip;q=0"}).headers


def test_requests_are_written_down() -> None:
    with LocalNews() as site:
        before = time.monotonic()
        ask(site, "http://harbour-gazette.example/feed.xml?x=1", {"X-Test": "yes"})
        ask(site, "http://nobody.example/")
        first, second = site.requests
        assert before <= first.at <= second.at <= time.monotonic()
        assert first.url == "http://harbour-gazette.example/feed.xml?x=1"
        assert (first.status, first.user_agent, first.headers["x-test"]) == (200, "tests", "yes")
        assert (second.host, second.path, second.status) == ("nobody.example", "/", 404)
        site.forget_requests()
        assert site.requests == ()


def test_an_override_changes_an_answer_while_the_site_runs(site: LocalNews) -> None:
    url = OUTLETS["harbour-gazette.example"].source_url
    before = ask(site, url)
    site.override(url, status=503, headers={"Retry-After": "7"})
    assert (ask(site, url).status, ask(site, url).headers["retry-after"]) == (503, "7")
    site.override(url, body=b"<rss/>")
    changed = ask(site, url, {"If-None-Match": before.headers["etag"]})
    assert (changed.status, changed.body) == (200, b"<rss/>")
    site.override("http://harbour-gazette.example/new", body=b"fresh")
    assert ask(site, "http://harbour-gazette.example/new").body == b"fresh"
    site.restore("http://harbour-gazette.example/new")
    site.restore(url)
    assert ask(site, "http://harbour-gazette.example/new").status == 404
    assert ask(site, url).body == before.body


def test_an_answer_can_be_slow_and_stopping_does_not_wait_for_it() -> None:
    site = LocalNews(delay=0.2).start()
    began = time.monotonic()
    assert ask(site, URLS[0]).status == 200
    assert time.monotonic() - began >= 0.2
    site.delay = 60.0
    seen: list[type[BaseException]] = []

    def hang() -> None:
        try:
            ask(site, URLS[0])
        except (OSError, http.client.HTTPException) as error:
            seen.append(type(error))

    client = threading.Thread(target=hang)
    client.start()
    while len(site.requests) < 2:
        time.sleep(0.01)
    site.stop()
    client.join(5)
    assert not client.is_alive()
    assert len(seen) == 1


# ------------------------------------------------------------------------------------------------ the command


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "tests.local_news", "--port-file", str(port_file)]
    with subprocess.Popen(command, cwd=FIXTURES.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        deadline = time.monotonic() + 10
        while not port_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        port = int(port_file.read_text())
        assert line == f"local news: 7 outlets on http://127.0.0.1:{port}\n"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/", headers={"Host": "old-county-post.example"})
        assert connection.getresponse().status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        connection.close()


def test_the_command_writes_a_home(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.local_news", "home", str(tmp_path), "--port", "8123", "--spacing", "1s"]
    subprocess.run(command, cwd=FIXTURES.parent, check=True)
    scraper = tomllib.loads((tmp_path / "config/scraper.toml").read_text(encoding="utf-8"))
    sources = tomllib.loads((tmp_path / "config/sources.toml").read_text(encoding="utf-8"))
    assert scraper["fetch"]["resolve"]["harbour-gazette.example:80"] == "127.0.0.1:8123"
    assert scraper["manners"]["spacing"] == "1s"
    assert {source["name"] for source in sources["source"]} == {outlet.name for outlet in OUTLETS.values()}


def test_config_names_every_outlet_and_its_source(site: LocalNews) -> None:
    config = tomllib.loads(scraper_toml(site.resolve))
    assert config["fetch"] == {"contact": "demo@localhost", "resolve": site.resolve}
    sources = tomllib.loads(sources_toml(site.outlets.values()))["source"]
    assert {source["kind"] for source in sources} == {"feed", "sitemap", "page"}
    for source in sources:
        assert ask(site, source["url"]).status == 200
    assert [source["name"] for source in sources if "timezone" not in source] == ["le-courrier-du-port"]


# ---------------------------------------------------------------------------------------------- the fixtures


@pytest.mark.parametrize("domain", DOMAINS)
def test_feed_and_news_sitemap_announce_every_article_and_the_special_entries(site: LocalNews, domain: str) -> None:
    outlet = OUTLETS[domain]
    for url in (outlet.feed_url, f"http://{domain}/news-sitemap.xml"):
        assert sorted(announced(outlet, ask(site, url).body)) == wanted(outlet)


def test_the_sitemap_index_leads_to_every_article(site: LocalNews) -> None:
    outlet = OUTLETS["le-courrier-du-port.example"]
    nested = announced(outlet, ask(site, outlet.source_url).body)
    assert len(nested) == 2
    assert sorted(link for url in nested for link in announced(outlet, ask(site, url).body)) == wanted(outlet)


def test_the_section_page_links_to_every_article(site: LocalNews) -> None:
    outlet = OUTLETS["old-county-post.example"]
    body = ask(site, outlet.source_url).body.decode("ascii")
    links = {urljoin(outlet.source_url, link) for link in re.findall(r'HREF="([^"]+)"', body)}
    assert links >= set(wanted(outlet))


def test_feeds_come_in_all_their_habits(site: LocalNews) -> None:
    feeds = {domain: ask(site, OUTLETS[domain].feed_url).body for domain in DOMAINS}
    assert b'encoding="windows-1251"' in feeds["vechernie-vesti.example"]
    assert "Вечерние вести" in feeds["vechernie-vesti.example"].decode("windows-1251")
    assert b"http://www.w3.org/2005/Atom" in feeds["nordlicht-blatt.example"].splitlines()[1]
    assert b"jsonfeed.org" in feeds["haiwan-ribao.example"]
    assert b'version="0.91"' in feeds["old-county-post.example"]
    assert {domain for domain, raw in feeds.items() if b"utm_source=" in raw} == {
        "harbour-gazette.example",
        "nordlicht-blatt.example",
    }


def test_russian_pages_are_windows_1251_and_declare_it_in_different_places() -> None:
    places = set()
    for url in OUTLETS["vechernie-vesti.example"].articles:
        raw = (FOLDERS[url] / "page.html").read_bytes()
        kind = json.loads((FOLDERS[url] / "request.json").read_text(encoding="utf-8"))["headers"]["content-type"]
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")
        assert EXPECTED[url]["title"] in raw.decode("windows-1251")
        places.add(("charset" in kind, re.search(rb"<(?i:meta)[^>]*charset=", raw[:1024]) is not None))
    assert places == {(True, False), (False, True), (True, True)}


def test_every_page_has_its_request_and_its_record() -> None:
    for domain in DOMAINS:
        folders = [path for path in (FIXTURES / "articles" / domain).iterdir() if path.is_dir()]
        assert len(folders) == len(OUTLETS[domain].articles) >= 4
        for folder in folders:
            assert {path.name for path in folder.iterdir()} == {"page.html", "request.json", "article.json"}
    assert set(EXPECTED) == set(FOLDERS)
    assert len(EXPECTED) >= 35


@pytest.mark.parametrize("url", URLS)
def test_a_record_is_complete(url: str) -> None:
    record: dict[str, Any] = EXPECTED[url]
    domain = urlsplit(url).hostname or ""
    assert set(record) <= set(Article.__dataclass_fields__)
    assert record["language"] == OUTLETS[domain].language
    assert record["title"] == fold(record["title"]) != ""
    assert re.fullmatch(r"2026-1[01]-\d\d(T\d\d:\d\d:\d\dZ)?", record["published_at"])
    assert (Zone(record["published_zone"]) is Zone.NONE) == (len(record["published_at"]) == 10)
    request = json.loads((FOLDERS[url] / "request.json").read_text(encoding="utf-8"))
    zone = OUTLETS[domain].timezone if record["published_zone"] == "source" else None
    assert request.get("timezone") == zone
    assert isinstance(record["authors"], list)
    paragraphs = record["body"].split("\n\n")
    assert 4 <= len(paragraphs) <= 10
    assert all(paragraph == fold(paragraph) != "" for paragraph in paragraphs)


@pytest.mark.parametrize("url", URLS)
def test_every_word_of_a_record_stands_in_its_page_and_in_order(url: str) -> None:
    record, text = EXPECTED[url], visible(FOLDERS[url])
    assert record["title"] in text
    at = 0
    for paragraph in record["body"].split("\n\n"):
        found = text.find(paragraph, at)
        assert found >= 0, paragraph
        at = found + len(paragraph)
    for author in record["authors"]:
        assert author in text
    source = html.unescape(page_text(FOLDERS[url]).replace("\\/", "/"))
    for name in ("summary", "section", "image_caption", "credit", "publisher", "canonical_url"):
        assert record.get(name, "") in source or record[name] in text, name
    assert all(tag in source for tag in record.get("tags", []))
    assert urlsplit(record.get("image_url", "")).path in source


@pytest.mark.parametrize("url", URLS)
def test_a_page_gives_an_extractor_something_to_leave_out(url: str) -> None:
    text = visible(FOLDERS[url])
    others = [EXPECTED[other]["title"] for other in OUTLETS[urlsplit(url).hostname or ""].articles if other != url]
    assert sum(title in text for title in others) >= 3
    assert re.search(r"(?i)<script", page_text(FOLDERS[url]))
    assert len(text) > len(fold(EXPECTED[url]["body"])) + 250


def test_one_story_is_syndicated() -> None:
    by_text: dict[tuple[str, str], list[str]] = {}
    for url, record in EXPECTED.items():
        by_text.setdefault((record["title"], record["body"]), []).append(url)
    shared = [urls for urls in by_text.values() if len(urls) > 1]
    assert [[urlsplit(url).hostname for url in urls] for urls in shared] == [
        ["harbour-gazette.example", "old-county-post.example"]
    ]


def test_dates_and_authors_come_in_every_form() -> None:
    assert {record["published_zone"] for record in EXPECTED.values()} == {"given", "source", "assumed", "none"}
    assert {min(len(record["authors"]), 2) for record in EXPECTED.values()} == {0, 1, 2}
