"""What hosts answered judged: who may be asked, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scraper.doctor.finding import Finding, Verdict
from scraper.doctor.network import Answer, network
from scraper.errors import HostPaused, HostUnreachable, ServerTrouble, UnsafeAddress
from scraper.fetch.options import Manners
from scraper.fetch.robots import Robots, RobotsRecord
from scraper.model import SourceKind
from scraper.settings import Settings, Source
from scraper.units import Duration

OK, WARNING, WRONG = Verdict
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
HOST = "paper.example"
DNS = HostUnreachable("cannot reach paper.example: name does not resolve", reason="dns")


def source(name: str = "paper", host: str = HOST) -> Source:
    return Source(name=name, url=f"http://{host}/feed.xml", kind=SourceKind.FEED)


def robots(*lines: str, status: int = 200, ago: float = 0) -> Robots:
    body = "\n".join(("User-agent: *", *lines))
    return Robots(RobotsRecord(HOST, status, body, NOW - timedelta(seconds=ago)), "article-scraper/1")


def judged(answer: Answer, settings: Settings | None = None) -> list[Finding]:
    return network([(source(), answer)], settings or Settings(), NOW)


@pytest.mark.parametrize(
    ("answer", "verdicts", "told"),
    [
        (robots(), [OK, OK], "answers (robots.txt: 200)"),
        (robots(status=404), [OK, OK], "has no robots.txt (404)"),
        (robots("Disallow: /feed"), [OK, WRONG], "line 2, disallows /feed"),
        (robots("Disallow: /print"), [OK, OK], "says nothing against it"),
        (robots("Crawl-delay: 5"), [OK, OK], "5 s between two requests"),
        (robots("Crawl-delay: 60"), [OK, WARNING], "expect 1,440 pages a day at most"),
        (robots("Crawl-delay: 600"), [OK, WARNING], "of which 120 are obeyed"),
        (robots(status=503), [WRONG, OK], "answered 503"),
        (robots(ago=3600), [WARNING, OK], "robots.txt of 2026-11-26T02:00:00Z holds meanwhile"),
        (DNS, [WRONG], "is this machine online?"),
        (HostPaused("paper.example is paused until 04:00", retry_after=60), [WARNING], "asked again by itself"),
        (ServerTrouble("paper.example answered 500", status=500), [WRONG], "scrape sources check"),
        (UnsafeAddress("10.0.0.1 is not a public address (private)"), [WRONG], "fetch.allow_private"),
        (HostUnreachable("cannot verify paper.example", reason="certificate"), [WRONG], "fetch.ca_file"),
    ],
)
def test_a_source_that_cannot_be_asked_is_told_with_the_reason(
    answer: Answer, verdicts: list[Verdict], told: str
) -> None:
    found = judged(answer)
    names = [f"host {HOST}", "source paper"][: len(found)]
    assert [finding.name for finding in found] == names
    if verdicts == [WRONG, OK]:  # what stands in the way is the host's, and told once
        assert found[0].verdict is WRONG
    else:
        assert [finding.verdict for finding in found] == verdicts
    assert told in " ".join(f"{finding.detail} {finding.remedy}" for finding in found)
    assert all(finding.remedy for finding in found if finding.verdict is not OK)


def test_whoever_disobeys_robots_is_not_stopped_by_it() -> None:
    settings = Settings(manners=Manners(obey_robots=False, max_crawl_delay=Duration(10)))
    assert [finding.verdict for finding in judged(robots("Disallow: /"), settings)] == [OK, OK]


def test_a_host_is_told_once_and_each_of_its_sources() -> None:
    answers = [(source("one"), robots()), (source("two"), robots("Disallow: /"))]
    found = network(answers, Settings(), NOW)
    assert [finding.name for finding in found] == [f"host {HOST}", "source one", "source two"]


def test_where_no_name_resolves_it_is_the_machine() -> None:
    away = [(source(), DNS), (source("far", "far.example"), DNS)]
    (alone,) = network(away, Settings(), NOW)
    assert (alone.verdict, alone.name) == (WRONG, "names")
    assert len(network([*away, (source("near", "near.example"), robots())], Settings(), NOW)) == 4
