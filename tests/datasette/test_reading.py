"""The reader's pages, asked of a real Datasette."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import httpx
import pytest

from scraper.dedupe import candidate
from scraper.discover import Document, read
from scraper.model import Article, Kind, SourceKind, Zone, instant
from scraper.store import Store
from tests.browser.town import build
from tests.datasette.archive import PATIENCE, fill, serving, ship_storage

NOW = datetime.now(UTC)
SCRIPT = "<script>alert(1)</script>"
HOSTILE = Article(
    url="https://hostile.example/1",
    title=f"{SCRIPT}\x0b ]]> &amp; {chr(0xFFFF)}",
    body=f"{SCRIPT} nowhere else",
    body_markdown=f"{SCRIPT}\n\n[a](javascript:alert(1)) [b](data:a,x) ![c](https://track.example/p.gif)\n\n# Deep",
    summary=SCRIPT,
    authors=(SCRIPT,),
    tags=(SCRIPT,),
    section=SCRIPT,
    language='en" onload="alert(1)',
    publisher=SCRIPT,
    image_url="javascript:alert(1)",
    image_caption=SCRIPT,
    credit=SCRIPT,
    published_raw=SCRIPT,
    published_at="2026-11-01",
    published_zone=Zone.NONE,
    kind=Kind.LIVE,
    canonical_url='https://hostile.example/"><script>',
    evidence={SCRIPT: SCRIPT, "title": SCRIPT},
)
PAGES = [
    "/", "/?days=90", "/?days=x", "/-/sources", "/-/source/one", "/-/source/two?days=90",
    "/-/search", "/-/search?q=talks",
    "/-/search?q=talks&source=one&lang=en&author=zoë&since=2000-01-01&until=2999-01-01",
    "/-/search?page=999", "/-/search?q=talks&page=-1", "/-/search?sort=newest&q=talks", "/-/search?since=never",
    "/-/search?source=nobody", "/-/article/1", "/-/article/2", "/-/article/4", "/-/article/5", "/-/article/1/diff/1/2",
    "/-/article/1/diff/2/1", "/-/article/1/diff/2/2", "/-/feed.atom", "/-/feed.json",
    "/-/feed.atom?source=one&size=9999",
]  # fmt: skip
LOST = [
    f"/-/article/{'9' * 5000}", f"/-/article/1/diff/1/{'9' * 5000}",
    "/-/source/nobody", "/-/source/%3Cscript%3E", "/-/article/0", "/-/article/999", "/-/article/-1", "/-/article/one",
    "/-/article/1.5", "/-/article/99999999999999999999", "/-/article/%C2%B2", "/-/article/1/diff/1/3",
    "/-/article/1/diff/0/1",
    "/-/article/1/diff/a/b", "/-/article/999/diff/1/2", "/-/feed.atom?source=nobody", "/-/feed.json?since=never",
]  # fmt: skip
NASTY = [
    "", " ", '"', '""', '"a', 'a"b"c', "\0", "a\0b", "AND", "OR OR", "NOT", "NEAR(", "title:", "*", '"*"', "-talks",
    "(",
    "'", "%", "\\", "和平", "🙂", "“talks”", "a" * 3000, "<script>", "&amp;",
]  # fmt: skip


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home") / "storage"
    ship_storage(folder)
    fill(folder)
    huge = replace(HOSTILE, url="https://huge.example/1", title="Huge", body="word " * 200_000)
    arabic = Article("https://arabic.example/1", "عنوان", "نص", language="ar", published_at=instant(NOW))
    with Store(folder) as store:
        for article in (
            HOSTILE,
            replace(huge, body_markdown=huge.body),
            Article("https://paid.example/1", "Behind a wall", "Read with a login.", language="en"),
            Article("https://unseen.example/1", "\u200b \u2060", "Its title is of characters that nobody sees."),
            replace(arabic, body_markdown="نص"),
        ):
            store.save(candidate(article), None, "one", NOW)
    with closing(sqlite3.connect(folder / "news.db")) as db:
        db.execute("UPDATE articles SET login = 1 WHERE url LIKE 'https://paid.example/%'")
        db.commit()
    return folder


@pytest.fixture(scope="module")
def site(storage: Path) -> Iterator[httpx.Client]:
    with serving(storage) as client:
        yield client


def article(storage: Path, host: str) -> str:
    """The page of the article of a host."""
    with closing(sqlite3.connect(storage / "news.db")) as db:
        row = db.execute("SELECT id FROM articles WHERE url_key LIKE ? || '/%'", (host,)).fetchone()
    return f"/-/article/{row[0]}"


def text_of(site: httpx.Client, path: str, status: int = 200) -> str:
    answer = site.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers(site: httpx.Client, path: str) -> None:
    answer = site.get(path)
    assert answer.status_code == 200, answer.text[:2000]
    assert "<script" not in answer.text.replace("&lt;script", "") or "feed.json" in path
    assert answer.headers["x-content-type-options"] == "nosniff"
    if "feed" not in path:
        assert "script-src" not in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", LOST)
def test_what_is_not_there_is_said_on_a_page(site: httpx.Client, path: str) -> None:
    text = text_of(site, path, 404)
    assert "<h1>Not here</h1>" in text
    assert 'class="note"' in text


def test_no_page_fills_the_log_with_tracebacks(site: httpx.Client, storage: Path) -> None:
    for path in LOST:
        site.get(path)
    assert "Traceback" not in (storage.parent / "datasette.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", NASTY)
def test_no_search_is_an_error(site: httpx.Client, words: str) -> None:
    for path in ("/-/search", "/-/feed.atom", "/-/feed.json"):
        for name in ("q", "author", "lang", "source") if path == "/-/search" else ("q",):
            assert site.get(path, params={name: words}).status_code == 200, (path, name)


def test_a_search_that_is_cut_says_so(site: httpx.Client) -> None:
    assert "Only the first 977 characters" in site.get("/-/search", params={"q": "talks " * 200}).text
    assert "Only the first" not in text_of(site, "/-/search?q=talks")


def test_the_home_page_is_for_readers(site: httpx.Client) -> None:
    text = text_of(site, "/")
    assert '<a href="/-/article/1">Peace talks resume in Geneva after a week</a>' in text
    assert text.count("A poor harvest</a>") == 1  # its copy is told beside it
    assert "also in" in text
    assert '<a href="/-/source/one">One</a>' in text
    assert 'role="img"' in text
    assert ">server trouble</a>" in text
    assert '<a href="/news/fetches?host=one.example&amp;_sort_desc=at">one.example</a>' in text


def test_an_article_reads_like_one(site: httpx.Client) -> None:
    text = text_of(site, "/-/article/1")
    for part in (
        "<h1>Peace talks resume in Geneva after a week</h1>",
        "<p>Delegates met <strong>again</strong> on Monday.</p>",
        "Ann Other, Zoë Öst",
        'href="https://one.example/news/talks" rel="nofollow noopener noreferrer"',
        'href="/-/article/1/diff/1/2"',
        '<a href="/news/articles/1">1</a>',
        "<td>jsonld</td>",
        "ended: server trouble",
        "/-/search?q=%22peace%22",
    ):
        assert part in text
    copies = text_of(site, "/-/article/2")
    assert "Who ran this story" in copies
    assert 'href="/-/article/3"' in copies


def test_a_right_to_left_article_says_so(site: httpx.Client, storage: Path) -> None:
    assert '<article lang="ar" dir="rtl">' in text_of(site, article(storage, "arabic.example"))


def test_an_article_can_do_no_harm(site: httpx.Client, storage: Path) -> None:
    text = text_of(site, article(storage, "hostile.example"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    for harm in ("<script", "<img", 'href="javascript:', 'href="data:', 'onload="', 'src="https://track'):
        assert harm not in text
    assert '<a href="https://track.example/p.gif" rel="nofollow noopener noreferrer">[image: c]</a>' in text
    assert "<h2>Deep</h2>" in text  # the page has its h1 already


def test_a_title_that_nobody_sees_can_be_followed(site: httpx.Client, storage: Path) -> None:
    path = article(storage, "unseen.example")
    assert "<h1>Without a title</h1>" in text_of(site, path)
    for page in ("/", "/-/search?q=nobody", "/news/articles"):
        assert re.search(f'<a href="{path}"[^>]*>Without a title</a>', text_of(site, page)), page


def test_a_search_of_many_words_finds_what_has_one_of_them(site: httpx.Client) -> None:
    for before in range(1, 8):  # the thousandth character is of a word, of an operator, between them
        words = f"spokesman OR {'z' * before}{' OR dog' * 300}"
        assert '"/-/article/1"' in site.get("/-/search", params={"q": words}).text
        assert "one.example/news/talks" in site.get("/-/feed.json", params={"q": words}).text


def test_a_huge_body_is_cut_and_says_so(site: httpx.Client, storage: Path) -> None:
    text = text_of(site, article(storage, "huge.example"))
    assert len(text) < 150_000
    assert "The text goes on." in text
    assert len(text_of(site, "/-/feed.json?source=one")) < 150_000


def test_titles_in_tables_and_queries_lead_to_the_article(site: httpx.Client) -> None:
    for path in ("/news/articles", "/news/latest_articles", "/news/search?q=geneva"):
        assert '<a href="/-/article/1" dir="auto">Peace talks' in text_of(site, path)
    assert '<a href="/-/article/1">Read this article</a>' in text_of(site, "/news/articles/1")


def test_a_search_has_snippets_facets_and_a_feed(site: httpx.Client) -> None:
    text = text_of(site, "/-/search?q=spokesman")
    assert "<mark>spokesman</mark>" in text
    assert "&lt;b&gt;" in text
    assert 'href="/-/search?q=spokesman&amp;source=one"' in text
    assert 'href="/-/feed.atom?q=spokesman"' in text
    assert "0 found" in text_of(site, "/-/search?q=spokesman&source=two")
    assert "is no day" in text_of(site, "/-/search?since=never")


def test_pages_of_a_search_hold_every_hit_once(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ship_storage(storage)
    with Store(storage) as store:
        for number in range(45):
            article = Article(f"https://a.example/{number}", f"Ferry {number}", f"text {number}")
            store.save(candidate(article), None, None, NOW)
    with serving(storage) as site:
        for query in ("q=ferry&", ""):
            found = []
            for page in (1, 2, 3):
                answer = site.get(f"/-/search?{query}page={page}").text
                found += [part.split('"')[0] for part in answer.split('href="/-/article/')[1:]]
                assert ("Next page" in answer) is (page < 3)
            assert len(found) == len(set(found)) == 45


@pytest.mark.parametrize("query", ["", "?q=talks", "?source=one", "?q=talks&since=2020-01-01"])
def test_feeds_are_read_by_others_and_by_us(site: httpx.Client, query: str) -> None:
    atom = site.get(f"/-/feed.atom{query}")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    theirs = feedparser.parse(atom.content)
    assert theirs.bozo == 0
    assert theirs.entries
    assert all(entry.id and entry.title and entry.updated and entry.content for entry in theirs.entries)
    links = [entry.link for entry in theirs.entries]
    told = site.get(f"/-/feed.json{query}")
    assert told.headers["content-type"].startswith("application/feed+json")
    feed = told.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in theirs.entries]
    for answer in (atom, told):
        document = Document(answer.content, str(answer.url), answer.headers["content-type"], 1000, None)
        assert [entry.url for entry in read(SourceKind.FEED, document).entries] == links


def test_a_feed_has_the_whole_article_and_nothing_that_runs(site: httpx.Client) -> None:
    items = {httpx.URL(item["url"]).host: item for item in site.get("/-/feed.json").json()["items"]}
    talks = items["one.example"]
    assert talks["content_html"] == "<p>Delegates met <strong>again</strong> on Monday.</p>\n"
    assert [author["name"] for author in talks["authors"]] == ["Ann Other", "Zoë Öst"]
    assert talks["date_modified"] > talks["date_published"]  # it was revised
    assert "<script" not in items["hostile.example"]["content_html"]
    assert items["hostile.example"]["date_published"] == "2026-11-01T00:00:00Z"


def test_what_took_a_login_is_in_no_feed_unless_asked_for(site: httpx.Client, storage: Path) -> None:
    assert "read with a login" in text_of(site, article(storage, "paid.example"))
    for query in ("?", "?q=login&", "?source=one&"):
        assert "paid.example" not in text_of(site, f"/-/feed.atom{query}")
        assert "paid.example" in text_of(site, f"/-/feed.atom{query}login=1")


def test_a_feed_that_is_known_is_not_sent_again(site: httpx.Client, storage: Path) -> None:
    first = site.get("/-/feed.atom?source=two")
    again = site.get("/-/feed.atom?source=two", headers={"if-none-match": f'W/{first.headers["etag"]}, "x"'})
    assert (again.status_code, again.content) == (304, b"")
    assert site.get("/-/feed.atom?source=two", headers={"if-none-match": '"x"'}).status_code == 200
    assert site.get("/-/feed.json?source=two", headers={"if-none-match": first.headers["etag"]}).status_code == 200
    harvest = Article("https://two.example/harvest", "A poor harvest", "Rain came late, and then hail.")
    with Store(storage) as store:
        store.save(candidate(harvest), None, "two", NOW + timedelta(hours=1))
    changed = site.get("/-/feed.atom?source=two", headers={"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert feedparser.parse(changed.content).entries[0].id == feedparser.parse(first.content).entries[0].id


@pytest.mark.parametrize("column", ["authors", "tags", "language", "body_markdown", "body"])
def test_a_feed_that_shows_anything_else_is_sent_again(site: httpx.Client, storage: Path, column: str) -> None:
    first = site.get("/-/feed.json?source=two")
    with closing(sqlite3.connect(storage / "news.db")) as db:
        value = '["Someone"]' if column in {"authors", "tags"} else "xx"
        db.execute(f"UPDATE articles SET {column} = ? WHERE url = 'https://two.example/harvest'", (value,))
        db.commit()
    again = site.get("/-/feed.json?source=two", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200


def test_a_feed_is_sent_again_after_something_was_forgotten(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ship_storage(storage)
    with Store(storage) as store:
        for name in ("stays", "goes"):
            store.save(candidate(Article(f"https://a.example/{name}", name, f"It {name}.")), None, None, NOW)
    with serving(storage) as site:
        first = site.get("/-/feed.atom")
        with Store(storage) as store:
            store.forget("https://a.example/goes", NOW)
        for known in ({"if-none-match": first.headers["etag"]}, {"if-modified-since": first.headers["date"]}):
            again = site.get("/-/feed.atom", headers=known).text
            assert "a.example/stays" in again
            assert "a.example/goes" not in again


def test_pages_name_their_feeds(site: httpx.Client) -> None:
    assert 'type="application/atom+xml" title="News archive" href="/-/feed.atom"' in text_of(site, "/")
    assert 'title="One" href="/-/feed.atom?source=one"' in text_of(site, "/-/source/one")
    assert 'title="This search" href="/-/feed.json?q=talks"' in text_of(site, "/-/search?q=talks")


def test_whoever_may_not_see_the_table_sees_no_page_made_of_it(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ship_storage(storage)
    fill(storage)
    with (storage / "metadata.yaml").open("a", encoding="utf-8") as metadata:
        metadata.write("\nallow: false\n")
    with serving(storage) as site:
        for path in ("/", "/-/search?q=talks", "/-/article/1", "/-/feed.atom", "/-/sources", "/-/source/one"):
            answer = site.get(path)
            assert answer.status_code == 403
            assert "Geneva" not in answer.text


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ship_storage(storage)
    Store(storage).close()
    with serving(storage) as site:
        assert "Nothing is stored yet" in text_of(site, "/")
        for path in ("/-/search", "/-/search?q=x", "/-/sources"):
            text_of(site, path)
        feed = feedparser.parse(site.get("/-/feed.atom").content)
        assert (feed.bozo, feed.entries) == (0, [])
        assert json.loads(site.get("/-/feed.json").content)["items"] == []


def get(storage: Path, path: str, without: str = "", *words: str) -> str:
    """A page of a Datasette that has no such packages beside it."""
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({without.split()}));"
        " from datasette.cli import cli; cli(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "serve", str(storage), "--get", path, *words]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_it_works_in_a_datasette_that_knows_no_scraper(storage: Path) -> None:
    harmless = get(storage, article(storage, "hostile.example"), "scraper markdown_it")
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; nowhere else</p>" in harmless
    changed = get(storage, "/-/article/1/diff/1/2", "scraper markdown_it")
    assert "<del>Peace talks resume in Geneva</del>" in changed
    assert "Here are both texts" in changed
    assert 'href="/-/article/1"' in get(storage, "/-/search?q=spokesman", "scraper markdown_it")


def test_a_kind_of_change_is_told_of_one_change_alone(tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    ship_storage(folder)
    build(folder, datetime.now(UTC))
    assert "Kind of change: headline and body." in get(folder, "/-/article/1/diff/2/3", "")
    assert "Kind of change" not in get(folder, "/-/article/1/diff/1/3", "")


def test_links_keep_to_the_prefix_that_a_proxy_gives(storage: Path) -> None:
    home = get(storage, "/prefix/", "", "--setting", "base_url", "/prefix/")
    links = re.findall(r' (?:href|action)="(/[^"]*)"', home)
    assert len(links) > 20
    assert [link for link in links if not link.startswith("/prefix/")] == []
    feed = feedparser.parse(get(storage, "/prefix/-/feed.atom?source=one", "", "--setting", "base_url", "/prefix/"))
    assert feed.feed.id.endswith("/prefix/-/feed.atom?source=one")
    assert "/prefix/prefix/" not in str(feed)
