"""What is known of one site goes before the rules for all pages, and gives way to them where it finds nothing."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import BadUsage, NotAnArticle, ScrapeError
from scraper.extract import extract_article
from scraper.extract.sites import FIELDS, Hint, Layout, Pick, SiteRules, Sites, check_domain, check_selector
from scraper.model import Article, Kind, Zone

URL = "https://www.paper.example/2026/story"
ONE = "The ferry stopped running on Monday after divers found a crack in its second propeller, the board said."
TWO = "A replacement is being cast in a foundry inland and should arrive before the winter timetable begins."
PAGE = f"""<html lang="en"><title>Ferry stops</title><base href="/base/"><meta name="author" content="The Desk">
<meta name="date" content="2026-03-02"><h1>Ferry stops</h1><h2 class="t">Ferry stops for want of a propeller</h2>
<p class="s">By <a href="/a">Ana Ruiz</a> and <a href="/b">Bo Li</a>, Chief Reporter</p><i class="d">1.3.2026, 10:00</i>
<div class="one"><p>{ONE}</p><div class="promo"><p class="promo">{TWO} Read about it in our letter.</p></div></div>
<ol class="two"><li>{TWO}</li><li><b>Bold</b> words.</li></ol><img class="i" data-at="i.jpg"><div class="wall"></div>
<span class="k">Ferries, Ships</span><span class="k">ships</span></html>"""


def picks(*texts: str) -> tuple[Pick, ...]:
    return tuple(map(Pick.parse, texts))


def read(layout: Layout, page: str = PAGE, *, now: datetime | None = None) -> Article:
    return extract_article(page, URL, zone="Europe/Berlin", now=now, site=SiteRules(layout))


def test_fields_are_found_and_cleaned_as_others_are() -> None:
    article = read(
        Layout(
            {
                "title": picks(".none", ".t"),
                "authors": picks(".s"),
                "published_at": picks("time@datetime", ".d"),
                "image_url": picks(".i@src", ".i@data-at"),
                "language": picks("p@lang", "html@lang"),
                "tags": picks(".k"),
                "paywalled": picks(".wall"),
                "section": picks(".none"),
            }
        )
    )
    assert article.title == "Ferry stops for want of a propeller"
    assert article.authors == ("Ana Ruiz", "Bo Li")
    assert (article.published_at, article.published_zone) == ("2026-03-01T09:00:00Z", Zone.SOURCE)
    assert article.published_raw == "1.3.2026, 10:00"
    assert article.image_url == "https://www.paper.example/base/i.jpg"
    assert {fold.lower() for fold in article.tags} == {"ferries", "ships"}
    assert article.paywalled is True
    told = {name for name, rule in article.evidence.items() if rule == f"site:{name}"}
    assert told == {"title", "authors", "published_at", "image_url", "language", "tags", "paywalled"}


def test_what_finds_nothing_gives_way() -> None:
    nothing = Layout({name: picks(".none") for name in FIELDS}, body=(".none",), drop=(".none",))
    assert read(nothing) == read(Layout()) == extract_article(PAGE, URL, zone="Europe/Berlin")
    assert read(Layout({"published_at": picks(".t")})).published_at == "2026-03-02"


def test_the_parts_of_a_body_are_joined_in_the_order_of_the_page() -> None:
    article = read(Layout(body=(".two", ".one", ".one p"), drop=(".promo",)))
    assert article.body == f"{ONE}\n\n{TWO}\n\nBold words."
    assert "1. A replacement" in article.body_markdown
    assert "**Bold** words." in article.body_markdown
    assert article.evidence["body"] == "site:body"
    listed = read(Layout(body=("li", "b"), hints=(Hint.parse("article", "h1"),)))
    assert listed.body == f"{TWO}\n\nBold words."
    assert listed.body_markdown.startswith("- ")


def test_what_is_dropped_is_read_by_nobody() -> None:
    assert read(Layout(drop=("meta[name=author]",))).authors != read(Layout()).authors
    assert "letter" not in read(Layout(drop=(".promo", ".promo p"))).body
    assert read(Layout(drop=("meta[name=date]", ".d"))).published_at is None
    with pytest.raises(NotAnArticle):
        read(Layout(drop=("body", "head", "html", "*")))


@pytest.mark.parametrize("verdict", ["hub", "gallery", "other"])
def test_a_hint_refuses(verdict: str) -> None:
    for sign in (".wall", "url:/2026/"):
        with pytest.raises(NotAnArticle, match="rules of its site") as raised:
            read(Layout(hints=(Hint.parse("article", "p"), Hint.parse(verdict, sign))))
        assert raised.value.reason == verdict
    assert read(Layout(hints=(Hint.parse(verdict, ".none"), Hint.parse(verdict, "url:/2025/")))).kind is Kind.ARTICLE


@pytest.mark.parametrize("kind", [Kind.LIVE, Kind.TEASER, Kind.ARTICLE])
def test_a_hint_names_the_kind_though_its_sign_is_dropped(kind: Kind) -> None:
    article = read(Layout(hints=(Hint.parse(kind, ".wall"),), drop=(".wall",)))
    assert (article.kind, article.evidence["kind"]) == (kind, "site:kind")
    # Less than the rules for all pages ask for will do; nothing at all will not.
    short = f"<h1>Ferry stops</h1><p class=wall>{ONE[:40]}</p>"
    assert read(Layout(body=("p",), hints=(Hint.parse(kind, ".wall"),)), short).body == ONE[:40].strip()
    with pytest.raises(NotAnArticle) as raised:
        read(Layout(hints=(Hint.parse(kind, ".wall"),)), "<h1>Ferry stops</h1><b class=wall></b>")
    assert raised.value.reason == "no article"


OLD = Layout({"title": picks("h1")}, body=(".one",), until=date(2026, 3, 2))
OLDER = Layout(body=(".older",), until=date(2026, 3, 1))
NEW = Layout({"title": picks(".t")})


@pytest.mark.parametrize(
    ("page", "now", "evidence"),
    [
        (PAGE, None, "old"),  # published on its last day
        (PAGE.replace("2026-03-02", "2026-03-03").replace("1.3.2026", ""), None, "new"),
        (PAGE.replace("one", "1"), None, "new"),  # of its time, in the new dress
        (PAGE.replace("2026-03-02", "").replace("1.3.2026", ""), datetime(2026, 3, 2, 9, tzinfo=UTC), "old"),
        (PAGE.replace("2026-03-02", "").replace("1.3.2026", ""), datetime(2026, 3, 3, tzinfo=UTC), "new"),
        (PAGE.replace("2026-03-02", "").replace("1.3.2026", ""), None, "new"),
    ],
)
def test_the_layout_is_that_of_the_pages_day(page: str, now: datetime | None, evidence: str) -> None:
    article = extract_article(page, URL, now=now, site=SiteRules(NEW, (OLDER, OLD)))
    assert article.title == {"old": "Ferry stops", "new": "Ferry stops for want of a propeller"}[evidence]
    assert (article.evidence["body"] == "site:body") is (evidence == "old")


def test_an_earlier_layouts_own_rule_tells_the_day() -> None:
    early = Layout({"published_at": picks(".d"), "title": picks("h1")}, until=date(2026, 3, 1))
    assert extract_article(PAGE, URL, site=SiteRules(NEW, (early,))).title == "Ferry stops"


def test_the_most_specific_site_wins() -> None:
    wide, narrow = SiteRules(), SiteRules(Layout(drop=("b",)))
    sites = Sites({"paper.example": wide, "sport.paper.example": narrow})
    assert sites.of("https://paper.example/x") is wide
    assert sites.of("http://www.paper.example:8080/x") is wide
    assert sites.of("https://live.sport.paper.example/x") is narrow
    for url in (None, "", "nonsense", "https://otherpaper.example/", "https://example/", "https://paper.example.org/"):
        assert sites.of(url) is None


def test_rules_cross_the_border_to_the_parsers_process() -> None:
    rules = SiteRules(Layout({"title": picks("h1@x")}, ("p",), ("b",), (Hint.parse("hub", "url:x"),)), (OLD,))
    assert pickle.loads(pickle.dumps(rules)) == rules  # noqa: S301 - our own bytes


def test_attributes_are_what_follows_the_last_at() -> None:
    assert Pick.parse("time.out@datetime") == Pick("time.out", "datetime")
    assert Pick.parse("a[href*='@x.org']") == Pick("a[href*='@x.org']")
    assert Pick.parse("meta[content*='@']@content") == Pick("meta[content*='@']", "content")


@pytest.mark.parametrize(
    "selector", ["", " ", "p[", "p[a='b'", "p /* c", "p >", "p:nope", ":scope p", "@x", "a,", "p {}"]
)
def test_a_bad_selector_is_bad_usage(selector: str) -> None:
    for parse in (check_selector, Pick.parse, lambda text: Hint.parse("hub", text)):
        with pytest.raises(BadUsage, match="no CSS selector"):
            parse(selector)


def test_a_bad_pattern_is_bad_usage() -> None:
    with pytest.raises(BadUsage, match="no regular expression"):
        Hint.parse("hub", "url:(")


@pytest.mark.parametrize("name", ["example.org", "www2.paper.co.uk", "xn--bcher-kva.example", "localhost.localdomain"])
def test_domains(name: str) -> None:
    assert check_domain(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "org",
        "localhost",
        "Example.org",
        "www.example.org",
        "bücher.example",
        "a b.org",
        "a/b.org",
        "a..",
        "u@h.org",
    ],
)
def test_no_domains(name: str) -> None:
    with pytest.raises(BadUsage, match=r"no domain|write .* as"):
        check_domain(name)


@given(st.text(max_size=30))
def test_any_selector_is_taken_or_refused_and_what_is_taken_works(text: str) -> None:
    try:
        layout = Layout({"title": (Pick.parse(text),)}, (check_selector(text),), (text,))
    except BadUsage:
        return
    try:
        read(layout)
    except ScrapeError:
        return
