"""The reader's pages in Debian's chromium: no complaint of its console or of axe-core, nothing wider than a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import httpx
import pytest

from scraper.store import Store
from tests.browser.chromium import Browser, Look, chromium
from tests.browser.town import build, hostile, wordy
from tests.datasette.archive import ROOT, serving, ship_storage

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (360, 1280)
LOST = "/-/article/999"
HOSTILE, WORDY = "/-/article/11", "/-/article/12"
PAGES = [
    "/", "/?days=90", "/-/article/1", "/-/article/4", HOSTILE, "/-/article/1/diff/1/3", LOST,
    "/-/search", "/-/search?q=bridge&source=harbour", "/-/sources", "/-/source/northline",
]  # fmt: skip
DATASETTES = ["/news", "/news/articles", "/news/articles?_facet=source_id", "/news/articles/1", "/news/search?q=bridge"]


@dataclass(frozen=True)
class Site:
    """A served archive, and the browser that looks at it."""

    client: httpx.Client
    browser: Browser

    def open(self, path: str, look: Look) -> None:
        self.browser.open(str(self.client.base_url).rstrip("/") + path, look)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("town") / "storage"
    ship_storage(folder)
    build(folder, datetime.now(UTC))
    hostile(folder, datetime.now(UTC))
    wordy(folder, datetime.now(UTC))
    with serving(folder) as client:
        yield Site(client, browser)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("empty") / "storage"
    ship_storage(folder)
    Store(folder).close()
    with serving(folder) as client:
        yield Site(client, browser)


@pytest.fixture(scope="module")
def axe() -> str:
    assert AXE.is_file(), f"{AXE} is missing; `make test-browser` fetches it"
    return AXE.read_text(encoding="utf-8")


def look_through(site: Site, path: str, width: int, axe: str) -> None:
    """No complaint of the console, and none of axe-core in the light or in the dark; nothing to scroll sideways for."""
    browser = site.browser
    site.open(path, Look(width))
    expected = "404" if path == LOST else "nothing"  # the browser itself says so
    assert [line for line in browser.complaints if expected not in line] == []
    assert browser.run("document.documentElement.scrollWidth") <= width
    browser.run(f"{axe}; null")
    for dark in (False, True):
        browser.darken(dark)
        assert browser.run("matchMedia('(prefers-color-scheme: dark)').matches") is dark
        found = json.loads(browser.run("axe.run().then(result => JSON.stringify(result))"))
        assert len(found["passes"]) > 20
        assert [
            f"{one['impact']} {one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well(site: Site, axe: str, path: str, width: int) -> None:
    look_through(site, path, width, axe)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/", "/-/search?q=x", "/-/sources"])
def test_an_empty_archive_is_well(empty: Site, axe: str, path: str, width: int) -> None:
    look_through(empty, path, width, axe)


@pytest.mark.parametrize("path", ["/", WORDY, "/-/search?q=Kraft"])
def test_no_word_is_wider_than_a_phone(site: Site, path: str) -> None:
    site.open(path, Look(360))
    assert "Rindfleisch" in site.browser.run("document.querySelector('main').innerText")
    assert site.browser.run("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", DATASETTES)
def test_datasettes_own_scripts_run(site: Site, path: str) -> None:
    site.open(path, Look(1280))
    assert site.browser.complaints == []  # the policy that we send refuses none of them
    if "/search" in path:
        assert site.browser.run("document.querySelector('#sql-format').hidden") is False


def test_nothing_is_asked_of_others_and_no_script_of_an_article_runs(site: Site) -> None:
    site.open(HOSTILE, Look(1280))
    assert site.browser.run("document.title").startswith("<script>")  # as text; had it run, it would say "stolen" alone
    loaded = site.browser.run("performance.getEntriesByType('resource').map(entry => new URL(entry.name).host)")
    assert set(loaded) == {site.client.base_url.netloc.decode()}
    assert site.browser.run("document.scripts.length") == 0
    addresses = site.browser.run("[...document.links].map(link => link.href)")
    assert [address for address in addresses if not address.startswith("http")] == []


def test_it_is_read_with_the_keyboard(site: Site) -> None:
    site.open("/-/article/1", Look(1280))
    assert site.browser.run("document.querySelector('a').textContent") == "Skip to the text"
    assert site.browser.run("document.querySelector(document.querySelector('a').hash).tagName") == "MAIN"
    levels = site.browser.run("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(one => +one.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_texts_say_their_language_and_direction(site: Site) -> None:
    site.open("/-/article/4", Look(360))
    assert site.browser.run("getComputedStyle(document.querySelector('article h1')).direction") == "rtl"
    assert site.browser.run("document.querySelector('article').lang") == "ar"
