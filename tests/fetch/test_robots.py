from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robots import Robots, RobotsRecord, product_token

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
AGENT = "article-scraper/0.1.0 (+mailto:me@example.org)"


def robots(text: str, status: int = 200, agent: str = AGENT) -> Robots:
    return Robots(RobotsRecord("example.org", status, text, NOW), agent)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /print/", False),
        ("\ufeffUser-agent: *\nDisallow: /print/", False),
        ("User-agent: *\r\rDisallow: /print/\r\n", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /\nAllow: /print/", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: article-scraper\nAllow: /", True),
        ("User-agent: ARTICLE-SCRAPER\nDisallow: /", False),
        ("User-agent: article-scraper/2.0\nDisallow: /", False),
        ("User-agent: article-scraper Bot\nDisallow: /", False),
        ("User-agent: article\nDisallow: /", True),
        ("User-agent: scraper\nDisallow: /", True),
        ("User-agent: otherbot\nDisallow: /", True),
        ("User-agent: article-scraper\nFoo: bar\nUser-agent: otherbot\nDisallow: /", False),
        ("User-agent: *\nDisallow: /print/ # not for robots", False),
        ("User-agent: *\nDisallow: /*.html$", False),
        ("<!doctype html><p>User-agent: *</p><p>Disallow: /</p>", True),
    ],
)
def test_verdicts(text: str, *, allowed: bool) -> None:
    assert robots(text).allows("https://example.org/print/a.html") is allowed


def test_the_message_names_host_and_place() -> None:
    verdict = robots("User-agent: *\nDisallow: /print/").verdict("https://example.org/print/?id=1")
    assert verdict.reason == "robots.txt of example.org, line 2, disallows /print/ for our agent"


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (401, True), (403, True), (302, True), (500, False), (429, False), (0, False)]
)
def test_statuses(status: int, *, allowed: bool) -> None:
    assert robots("User-agent: *\nDisallow: /", status).allows("https://example.org/") is allowed


def test_crawl_delay() -> None:
    assert robots("User-agent: *\nCrawl-delay: 7").crawl_delay == 7
    assert robots("User-agent: *\nCrawl-delay: never").crawl_delay is None
    assert robots("User-agent: *\nDisallow: /x").crawl_delay is None


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        (AGENT, "article-scraper"),
        ("MyBot", "mybot"),
        ("Mozilla/5.0 (compatible; NewsBot/1.0; +https://example.org)", "newsbot"),
        ("", ""),
    ],
)
def test_product_token(agent: str, token: str) -> None:
    assert product_token(agent) == token


lines = st.lists(
    st.sampled_from(
        ["User-agent: *", "Disallow: /", "Allow: /*a$", "Crawl-delay: 1", "%", "\x0c", "Disallow: %zz", "User-agent:"]
    )
    | st.text(max_size=30)
)


@given(lines.map("\n".join), st.text(max_size=20))
def test_no_text_breaks_it(text: str, path: str) -> None:
    rules = robots(text)
    rules.allows("https://example.org/" + path)
    assert rules.crawl_delay is None or rules.crawl_delay >= 0
