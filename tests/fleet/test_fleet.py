from __future__ import annotations

import http.client
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.discover import discover
from scraper.extract import extract_article
from scraper.model import SourceKind
from tests.fleet import FleetProcess, Plan, pages
from tests.fleet.faults import Fault, fault
from tests.fleet.plan import DISALLOWED, FOREIGN, story
from tests.fleet.server import CONTROL, Fleet

PLAN = Plan(sites=6, articles=6, failing=0.0)


def test_the_same_seed_gives_the_same_fleet_and_another_one_another() -> None:
    assert list(Plan(sites=3, articles=4).everything) == list(Plan(sites=3, articles=4).everything)
    assert list(Plan(sites=3, articles=4).everything) != list(Plan(sites=3, articles=4, seed=2).everything)


def test_no_two_texts_and_no_two_addresses_are_equal() -> None:
    plan = Plan(sites=40, articles=20)
    texts = [story(plan, article, version) for article in plan.everything for version in range(article.versions)]
    assert len({(told.title, told.paragraphs) for told in texts}) == plan.versions
    assert len({article.url for article in plan.everything}) == 800


def test_faults_are_as_many_as_asked_for_of_every_kind_and_never_for_long() -> None:
    drawn = [[fault(1, f"site/{page}", time, 0.1) for time in range(100)] for page in range(100)]
    failed = [one for page in drawn for one in page if one]
    assert 800 < len(failed) < 1200
    assert set(failed) == set(Fault)
    assert all(None in three for page in drawn for three in zip(page, page[1:], page[2:], strict=False))
    assert not [one for time in range(100) if (one := fault(1, "site/page", time, 0.0))]


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.SITEMAP, SourceKind.PAGE])
def test_each_way_announces_all_articles_and_what_nobody_may_ask_for(kind: SourceKind) -> None:
    fleet = Fleet(Plan(sites=6, articles=6, failing=0.0, late=0.0))
    path = {SourceKind.FEED: pages.FEED, SourceKind.SITEMAP: pages.SITEMAP, SourceKind.PAGE: pages.HOME}[kind]
    for site, host in enumerate(fleet.plan.hosts):
        found = _entries(fleet, kind, host, path)
        wanted = {article.url for article in fleet.plan.by_site[site]}
        assert {url.partition("?")[0] for url in found} >= wanted
        others = {url for url in found if url.partition("?")[0] not in wanted}
        assert any(DISALLOWED in url for url in others)
        assert all(DISALLOWED in url or FOREIGN in url for url in others)


def test_an_edit_comes_once_what_stood_there_was_sent() -> None:
    fleet = Fleet(PLAN)
    article = next(article for article in PLAN.everything if article.versions == 3)
    seen = []
    for _ in range(4):
        answer, _ = fleet.answer(article.host, article.path)
        found = extract_article(answer.body, article.url)
        seen.append((found.title, found.body))
        answer.sent()
    told = [story(PLAN, article, min(version, 2)) for version in range(4)]
    assert seen == [(each.title, each.body) for each in told]


def test_late_articles_come_with_the_polls() -> None:
    fleet = Fleet(PLAN)
    many = []
    for _ in range(5):
        many.append(len(fleet.record.announced(PLAN.by_site[0])))
        answer, _ = fleet.answer(PLAN.host(0), pages.FEED)
        answer.sent()
    assert all(a <= b for a, b in pairwise(many))
    assert many[0] < many[-1] == PLAN.articles


def test_what_is_asked_is_recorded(tmp_path: Path) -> None:
    with FleetProcess(PLAN, tmp_path) as fleet:
        article = next(PLAN.everything)
        etag = _get(fleet, article.host, article.path).headers["etag"]
        assert _get(fleet, article.host, article.path, {"If-None-Match": etag}).status in {200, 304}
        assert _get(fleet, FOREIGN, "/a").status == 200
        assert _get(fleet, article.host, f"{DISALLOWED}a").status == 200
        assert _get(fleet, article.host, "/about").status == 404
        state = fleet.state()
    assert (state.requests, state.foreign, state.disallowed, state.articles) == (5, 1, 1, 1)
    assert state.kinds == {"article": 2, "other": 3}
    assert CONTROL not in state.kinds


def _entries(fleet: Fleet, kind: SourceKind, host: str, path: str) -> list[str]:
    answer, _ = fleet.answer(host, path)
    listing = discover(kind, answer.body, f"http://{host}{path}", content_type=answer.kind)
    nested = [url.removeprefix(f"http://{host}") for url in listing.nested]
    return [entry.url for entry in listing.entries] + [
        url for part in nested for url in _entries(fleet, kind, host, part)
    ]


def _get(fleet: FleetProcess, host: str, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", fleet.port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()
