from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scraper.dedupe import candidate, content_hash, url_key
from scraper.dedupe.announced import dated
from scraper.dedupe.renewal import RENEWED, Renewal, Verdict, renew
from scraper.model import Article, Kind, StoredArticle, Zone

URL = "https://news.example/2026/11/harbour"
BASE = Article(
    URL,
    "Harbour opens",
    "The first ship came in.",
    published_at="2026-11-20T10:00:00Z",
    published_raw="11:00",
    published_zone=Zone.SOURCE,
    language="de",
    extractor="3",
    evidence={"title": "dom:h1", "published_at": "dom:time", "language": "config:source"},
)


def stored(article: Article, **more: Any) -> StoredArticle:
    at = "2026-11-20T11:00:00Z"
    return StoredArticle(1, article, url_key(article.url), content_hash(article), 1, at, at, **more)


def reread(old: Article = BASE, *, followed: bool = True, **changes: Any) -> Renewal:
    new = replace(old, **{"extractor": "4", **changes})
    return renew(stored(old), candidate(new, [URL]), followed=followed)


def test_the_same_record_by_newer_rules_is_the_same() -> None:
    assert reread() == Renewal(Verdict.SAME)


@pytest.mark.parametrize("name", RENEWED)
def test_every_field_is_compared(name: str) -> None:
    values: dict[str, Any] = {
        "kind": Kind.LIVE, "authors": ("Ann",), "tags": ("sea",), "paywalled": True, "word_count": 9,
        "published_zone": Zone.GIVEN, "evidence": {"title": "og:title"},
    }  # fmt: skip
    found = reread(**{name: values.get(name, "https://news.example/other")})
    assert (found.verdict, found.names) == (Verdict.CHANGED, (name,))


def test_the_date_that_its_source_gave_stays() -> None:
    old = dated(replace(BASE, published_at=None, evidence={"title": "dom:h1"}), "2026-11-20", "", datetime.now(UTC))
    nothing: dict[str, Any] = {
        "published_at": None,
        "published_raw": None,
        "published_zone": None,
        "evidence": {"title": "dom:h1"},
    }
    assert reread(old, **nothing) == Renewal(Verdict.SAME)
    found = reread(old, **nothing | {"published_at": "2026-11-19", "evidence": {"published_at": "dom:time"}})
    assert {"published_at", "evidence"} <= set(found.names)


def test_the_address_does_not_move() -> None:
    found = reread(canonical_url="https://news.example/moved")
    assert found.names == ("canonical_url",)


def test_a_teaser_does_not_overwrite_a_full_text_but_marks_one() -> None:
    assert reread(kind=Kind.TEASER, body="The first").verdict is Verdict.TEASER
    marked = reread(kind=Kind.TEASER)
    assert (marked.verdict, marked.names) == (Verdict.CHANGED, ("kind",))
    longer = reread(replace(BASE, kind=Kind.TEASER), body="The first ship came in. It left.")
    assert (longer.verdict, longer.names) == (Verdict.CHANGED, ("body",))


def test_a_page_that_only_a_redirect_ties_to_the_article_tells_another_story() -> None:
    new = replace(BASE, url="https://news.example/bridge", title="Bridge closed", body="No cars.")
    assert renew(stored(BASE), candidate(new, [URL]), followed=True).verdict is Verdict.ASTRAY
    told = replace(new, title=BASE.title)
    assert renew(stored(BASE), candidate(told, [URL]), followed=True).verdict is Verdict.CHANGED


def test_what_the_settings_of_a_source_gave_stays_when_it_is_followed_no_more() -> None:
    lost: dict[str, Any] = {
        "published_at": "2026-11-20T11:00:00Z", "published_zone": Zone.ASSUMED, "language": None,
        "evidence": {"title": "dom:h1", "published_at": "dom:time"},
    }  # fmt: skip
    assert reread(**lost).names == ("published_at", "published_zone", "language", "evidence")
    assert reread(**lost, followed=False) == Renewal(Verdict.SAME)
    better = lost | {"published_zone": Zone.GIVEN, "language": "en"}
    assert reread(**better, followed=False).names == ("published_at", "published_zone", "language", "evidence")


def test_broken_letters_are_no_change() -> None:
    broken: dict[str, Any] = {"summary": "half \ud83d", "tags": ("\ud83d",), "evidence": {"title": "\ud83d"}}
    mended: dict[str, Any] = {"summary": "half \ufffd", "tags": ("\ufffd",), "evidence": {"title": "\ufffd"}}
    assert reread(replace(BASE, **mended), **broken).verdict is Verdict.SAME
