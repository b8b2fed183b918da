from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.dedupe import candidate
from scraper.errors import BadURL, NotStored
from scraper.model import Article, Kind, Outcome, Zone
from scraper.store import Store
from tests.store.samples import BASE, LATER, NOW, URL, article, rows, save

anything = st.text(st.characters())  # NULs and lone surrogates too
optional = st.none() | anything
numbers = st.integers(0, 2**62)
articles = st.builds(
    Article,
    url=st.integers(0, 10**9).map("https://news.example/{}".format),
    title=anything,
    body=anything,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.OTHER]),
    body_markdown=anything,
    canonical_url=optional,
    published_at=optional,
    published_raw=optional,
    published_zone=st.none() | st.sampled_from(Zone),
    modified_at=optional,
    authors=st.lists(anything, max_size=3).map(tuple),
    summary=optional,
    section=optional,
    tags=st.lists(anything, max_size=3).map(tuple),
    language=optional,
    image_url=optional,
    image_caption=optional,
    credit=optional,
    publisher=optional,
    paywalled=st.none() | st.booleans(),
    word_count=numbers,
    extractor=anything,
    evidence=st.dictionaries(anything, anything, max_size=3),
)


def mended(value: Any) -> Any:
    """What comes back: UTF-8 has no lone surrogates."""
    if isinstance(value, (tuple, list)):
        return tuple(map(mended, value))
    if isinstance(value, dict):
        return {mended(key): mended(item) for key, item in value.items()}
    if isinstance(value, str) and not isinstance(value, (Kind, Zone)):
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in value)
    return value


@given(articles)
@settings(max_examples=40, deadline=None)
@example(article(title="\ud83d", body="\x00\ud800", authors=("\udfff",), evidence={"\ud800": "\x00"}))
@example(article(title="t" * 10**6, body="b\n\n" * 10**6, tags=tuple("x" * 2000 for _ in range(500))))
@example(article(title="", body=""))
def test_every_article_comes_back_as_it_was(original: Article) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with Store(folder) as store:
            saved = save(store, original)
            assert saved.article_id is not None
        with Store(folder, readonly=True) as store:
            back = store.get(saved.article_id).article
    expected = candidate(original).article
    for field in fields(Article):
        assert getattr(back, field.name) == mended(getattr(expected, field.name)), field.name


def test_saving_twice_changes_nothing(store: Store) -> None:
    assert save(store, BASE).decision.outcome is Outcome.SAVED
    before = store.get(1)
    again = save(store, BASE, at=LATER)
    assert (again.decision.outcome, again.article_id) == (Outcome.UNCHANGED, 1)
    after = store.get(1)
    assert after == replace(before, fetched_at="2026-11-23T11:00:00Z")
    assert store.articles.count() == 1


def test_broken_text_is_recognised_too(store: Store) -> None:
    broken = article(title="Half an emoji \ud83d")
    assert save(store, broken).decision.outcome is Outcome.SAVED
    assert save(store, broken).decision.outcome is Outcome.UNCHANGED


def test_a_duplicate_becomes_an_alias(store: Store) -> None:
    save(store, BASE)
    alias = f"{URL}?utm_source=feed"
    saved = save(store, article(url=alias))
    assert (saved.decision.outcome, saved.article_id) == (Outcome.DUPLICATE, 1)
    assert store.get(alias) == store.get(URL) == store.get("www.news.example/2026/11/harbour/")
    assert store.get(1).aliases == (alias,)
    assert store.articles.addresses(1) == [URL, alias]
    assert save(store, article(url=alias)).decision.outcome is Outcome.UNCHANGED


def test_a_revision_keeps_the_old_text(store: Store, folder: Path) -> None:
    save(store, BASE)
    revised = save(store, article(title="Harbour shut", body="No ship came.", kind=Kind.LIVE), at=LATER)
    assert revised.decision.outcome is Outcome.REVISED
    save(store, article(body="Two ships came."), at=LATER)
    now = store.get(1)
    assert (now.revision, now.article.title, now.article.body) == (3, "Harbour opens", "Two ships came.")
    assert now.first_seen_at == "2026-11-23T10:00:00Z"
    query = "SELECT revision, kind, title, body, fetched_at, replaced_at, reason FROM revisions ORDER BY id"
    assert rows(folder / "news.db", query) == [
        (1, "article", BASE.title, BASE.body, "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", "changed"),
        (2, "live", "Harbour shut", "No ship came.", "2026-11-23T11:00:00Z", "2026-11-23T11:00:00Z", "changed"),
    ]
    assert [hit.id for hit in store.search("two ships")] == [1]
    assert store.search("shut") == []


def test_a_moved_article_keeps_the_address_it_is_cited_by(store: Store) -> None:
    save(store, BASE)
    moved = "https://news.example/moved"
    saved = save(store, article(url=moved, body="Two ships came."), URL)
    assert (saved.decision.outcome, saved.article_id) == (Outcome.REVISED, 1)
    assert store.get(1).article.url == URL
    assert store.get(moved).id == 1


def test_a_signpost_stays_with_its_first_story(store: Store) -> None:
    latest = "https://news.example/latest"
    bridge = article(url="https://news.example/bridge", title="Bridge closed", body="No cars.")
    save(store, BASE, latest)
    for outcome in (Outcome.SAVED, Outcome.UNCHANGED, Outcome.UNCHANGED):
        assert save(store, bridge, latest).decision.outcome is outcome
    assert store.get(1).article.body == BASE.body
    assert store.get(latest).id == 1
    assert store.get(2).aliases == ()


def test_copies_share_a_story(store: Store, folder: Path) -> None:
    sites = [f"https://site{number}.example/harbour" for number in range(3)]
    saved = [save(store, article(url=url)) for url in sites]
    assert [each.decision.reason for each in saved] == ["new", "copy", "copy"]
    assert {store.get(url).story_id for url in sites} == {1}
    assert rows(folder / "news.db", "SELECT id, title FROM stories") == [(1, BASE.title)]
    # A second address on a copy's own site is that copy.
    again = save(store, article(url="https://site1.example/harbour-2"))
    assert (again.decision.outcome, again.article_id) == (Outcome.DUPLICATE, 2)
    assert store.articles.count() == 3


def test_articles_without_a_body_are_no_copies(store: Store) -> None:
    for number in range(3):
        saved = save(store, article(url=f"https://site{number}.example/", title="Gallery", body=""))
        assert saved.decision.reason == "new"


def test_a_page_replaces_a_clipping_and_never_the_reverse(store: Store) -> None:
    clipping = article(kind=Kind.CLIPPING, body="The first ship. Came in.", credit="Photo: a friend")
    assert store.save(candidate(clipping), None, None, NOW).decision.outcome is Outcome.SAVED
    assert save(store, BASE).decision.outcome is Outcome.REVISED
    fetched = store.get(1).fetched_at
    assert store.save(candidate(clipping), None, None, LATER).decision.outcome is Outcome.UNCHANGED
    assert store.get(1).article == BASE
    assert store.get(1).fetched_at == fetched


def test_an_article_that_is_seen_again_is_not_gone(store: Store) -> None:
    save(store, BASE)
    with store.transaction():
        assert store.articles.mark_gone(["news.example/2026/11/harbour"], "2026-11-23T10:30:00Z") == 1
        assert store.articles.mark_gone(["news.example/2026/11/harbour"], "2026-11-23T10:45:00Z") == 1
        assert store.articles.mark_gone(["news.example/unknown"], "2026-11-23T10:30:00Z") is None
    assert store.get(1).gone_at == "2026-11-23T10:30:00Z"
    save(store, BASE)
    assert store.get(1).gone_at is None


@pytest.mark.parametrize("which", ["7", 7, "https://news.example/none", "9" * 30, "9" * 5000, str(2**63), "٣"])
def test_what_is_not_stored_is_said(store: Store, which: int | str) -> None:
    with pytest.raises(NotStored):
        store.get(which)
    if str(which).isdecimal():
        with pytest.raises(NotStored):
            store.forget(str(which), NOW)


@pytest.fixture(scope="module")
def one_article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("storage")
    with Store(folder) as store:
        save(store, BASE)
    return folder


@given(st.text(st.characters()))
@settings(deadline=None)
def test_any_text_can_be_asked_for(one_article: Path, which: str) -> None:
    with Store(one_article, readonly=True) as store, pytest.raises((NotStored, BadURL)):
        store.get(f"none{which}")


def test_of_an_article_so_many_addresses_are_noted(store: Store, folder: Path) -> None:
    story = article(url=URL, canonical_url=URL)
    for visit in range(205):
        saved = save(store, replace(story, url=f"{URL}/visit-{visit}"))
    assert saved.article_id == 1
    assert saved.decision.reason == "known article"
    assert rows(folder / "news.db", "SELECT count(*) FROM aliases") == [(200,)]
    assert store.articles.count() == 1
