from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from scraper.store import Store
from tests.datasette.archive import fill, load_metadata, serving, ship_storage

METADATA = load_metadata()
TABLES = [
    (database, table)
    for database, about in METADATA["databases"].items()
    for table, words in about["tables"].items()
    if not words.get("hidden")
]
QUERIES = [(database, query) for database, about in METADATA["databases"].items() for query in about["queries"]]
NASTY = [
    "", " ", '"', '""', '" "', '"a', 'a"b"c', '"a\nb"', "\0", '"\0"', "a\0b", "AND", "a AND", "OR OR", "NOT",
    "NEAR(a b)", "NEAR(", "title:", "title : talks", "*", '"*"', "talks*", "^talks", "-talks", "+", "(", ")", "'",
    "'; drop table",
    "%", "_", "\\", "é", "peace\u00a0talks", "和平", "🙂", "“talks”", "a" * 3000, "talks\r\n",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    storage = tmp_path_factory.mktemp("home") / "storage"
    ship_storage(storage)
    fill(storage)
    with serving(storage) as client:
        yield client


def html(site: httpx.Client, path: str, **params: str) -> str:
    answer = site.get(path, params=params or None)
    assert answer.status_code == 200, f"{answer.url}: {answer.text[:2000]}"
    assert "text/html" in answer.headers["content-type"]
    assert 'class="message-error"' not in answer.text
    return answer.text


def rows(site: httpx.Client, path: str, **params: str) -> list[dict[str, object]]:
    answer = site.get(f"{path}.json", params={"_shape": "objects", **params})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["rows"]
    return found


class Cells(HTMLParser):
    """The columns that a page has cells of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self.names |= {word.removeprefix("col-") for word in (dict(attrs)["class"] or "").split()[:1]}


def test_home_names_every_query_and_no_trouble(site: httpx.Client) -> None:
    text = html(site, "/")
    for database, query in QUERIES:
        assert f'href="/{database}/{query}"' in text
    assert 'action="/-/search"' in text
    assert "Nothing is stored yet" not in text


def test_its_own_style_is_served(site: httpx.Client) -> None:
    assert "/static/archive.css" in html(site, "/")
    assert site.get("/static/archive.css").status_code == 200


@pytest.mark.parametrize(("database", "table"), TABLES)
def test_every_table_answers(site: httpx.Client, database: str, table: str) -> None:
    text = html(site, f"/{database}/{table}")
    assert "These facets timed out" not in text
    assert rows(site, f"/{database}/{table}"), "the archive of these tests has something in every table"
    assert f"/{database}/{table}" in html(site, f"/{database}")


@pytest.mark.parametrize(("database", "table"), TABLES)
def test_lists_leave_out_what_metadata_says_and_rows_show_all(site: httpx.Client, database: str, table: str) -> None:
    about = METADATA["databases"][database]["tables"][table]
    left_out = set(about.get("lists_without", []))
    # Where several columns are the key, Datasette puts a link before them.
    assert Cells(html(site, f"/{database}/{table}")).names - {"Link"} == set(about["columns"]) - left_out
    if left_out:
        column = min(left_out)
        assert column in Cells(html(site, f"/{database}/{table}", _col=column)).names
        assert left_out <= set(rows(site, f"/{database}/{table}")[0])
    link = re.search(r'class="col-\w+ type-pk"><a href="([^"]+)"', html(site, f"/{database}/{table}"))
    assert link is not None
    assert Cells(html(site, link[1])).names == set(about["columns"])


def test_a_row_shows_the_whole_body_escaped_and_links_the_original(site: httpx.Client) -> None:
    text = html(site, "/news/articles/1")
    assert "Delegates met again on Monday.\n\nA &lt;b&gt;spokesman&lt;/b&gt;" in text
    assert '<a href="https://one.example/news/talks">' in text
    assert '<a href="/news/sources/1">1</a>' in text
    assert '<a href="/news/sources/1">one</a>' in html(site, "/news/articles")


def test_lists_link_the_original(site: httpx.Client) -> None:
    for path in ("/news/articles", "/news/latest_articles", "/news/search?q=talks"):
        assert '<a href="https://one.example/news/talks">' in html(site, path)


def test_lengths_and_times_have_units(site: httpx.Client) -> None:
    assert "250&nbsp;ms" in html(site, "/news/fetches")


def test_internal_tables_are_hidden(site: httpx.Client) -> None:
    for database in METADATA["databases"]:
        tables = site.get(f"/{database}.json").json()["tables"]
        shown = {table["name"] for table in tables if not table["hidden"]}
        assert shown == {table for about, table in TABLES if about == database}


def test_tables_are_searched(site: httpx.Client) -> None:
    assert [row["id"] for row in rows(site, "/news/articles", _search="geneva delegates")] == [1]
    assert rows(site, "/news/articles", _search="nowhere") == []
    assert 'name="_search"' in html(site, "/news/articles")


def test_scripts_without_spaces_are_searched(site: httpx.Client) -> None:
    assert [row["id"] for row in rows(site, "/news/articles", _search="和平")] == [4]
    assert [row["id"] for row in rows(site, "/news/articles", _search="谈")] == [4]
    assert rows(site, "/news/articles", _search="平和") == []
    assert rows(site, "/news/search", q="日内瓦")[0]["found"] == "各方在[日内瓦]恢复会谈。"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("geneva OR harvest", [1, 2, 3]),
        ("talks -geneva", []),
        ("harv*", [2, 3]),
        ("title:geneva", [1]),
        ("body:geneva", []),
    ],
)
def test_search_boxes_speak_the_language(site: httpx.Client, text: str, found: list[int]) -> None:
    assert sorted(int(str(row["id"])) for row in rows(site, "/news/articles", _search=text)) == found
    assert sorted(int(str(row["article_id"])) for row in rows(site, "/news/search", q=text)) == found


def test_what_fts5_reads_is_shown_to_nobody(site: httpx.Client) -> None:
    assert "articles_fts_text" not in html(site, "/news")
    assert site.get("/news/articles_fts_text").status_code == 403


@pytest.mark.parametrize(("database", "query"), QUERIES)
def test_every_query_answers(site: httpx.Client, database: str, query: str) -> None:
    params = METADATA["databases"][database]["queries"][query].get("params", [])
    for value in (None, "", "1", "two", "-5", "99999999999", "%27"):
        given = {} if value is None else dict.fromkeys(params, value)
        html(site, f"/{database}/{query}", **given)
        rows(site, f"/{database}/{query}", **given)
    assert site.get(f"/{database}/{query}.csv").status_code == 200


@pytest.mark.parametrize("text", NASTY)
def test_no_search_text_is_an_error(site: httpx.Client, text: str) -> None:
    html(site, "/news/search", q=text)
    rows(site, "/news/search", q=text)
    html(site, "/news/articles", _search=text)
    rows(site, "/news/articles", _search=text)


def test_what_the_queries_find(site: httpx.Client) -> None:
    def ids(query: str, column: str = "article_id", **params: str) -> list[object]:
        return [row[column] for row in rows(site, f"/news/{query}", **params)]

    assert sorted(map(str, ids("latest_articles"))) == ["1", "2", "3", "4"]
    assert ids("latest_articles", source="two") == [3]
    assert ids("search", q="peace TALKS") == [1]
    assert ids("search", q='"talks went"') == [1]
    assert ids("search", q='"went talks"') == []
    assert ids("search", q="peace OR harvest", sort="newest") == [3, 2, 1]
    assert ids("search", q="peace OR harvest", source="two") == [3]
    assert ids("search", q="peace OR harvest", limit="1") == [1]
    assert ids("search", q="peace OR harvest", author="other") == [1]
    assert ids("search", q="peace OR harvest", until="2000-01-01") == []
    assert rows(site, "/news/search", q="spokesman")[0]["found"] == (
        "Delegates met again on Monday.\n\nA <b>[spokesman]</b> said the talks went “well”."
    )
    assert sum(int(str(row["articles"])) for row in rows(site, "/news/articles_per_day_by_source")) == 4
    assert sorted(map(str, ids("failures_by_reason", "reason"))) == ["robots.txt", "server trouble"]
    assert rows(site, "/news/slow_hosts")[0]["slowest_ms"] == 250
    assert ids("stories_with_copies", "copies") == [2]
    assert ids("revisions_latest") == [1]
    assert rows(site, "/news/paused_hosts")[0]["waiting"] == 1
    assert ids("quiet_sources", "name") == ["one", "two"]
    assert ids("waiting_by_host", "waiting") == [1]
    pages = rows(site, "/pages/pages_of_article", url_key="one.example/news/talks")
    assert [page["size"] for page in pages] == [18]


def test_queries_link_rows(site: httpx.Client) -> None:
    assert '<a href="/news/articles/1">1</a>' in html(site, "/news/search", q="geneva")
    assert '<a href="/news/stories/1">1</a>' in html(site, "/news/stories_with_copies")
    assert '<a href="/pages/pages/1">1</a>' in html(site, "/pages/latest_pages")


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    storage = tmp_path / "storage"
    ship_storage(storage)
    Store(storage).close()
    with serving(storage) as site:
        assert "scrape fetch URL" in html(site, "/")
        for database, name in [*TABLES, *QUERIES]:
            html(site, f"/{database}/{name}")
