from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dedupe import Action, Candidate, Decision, Known, Likeness, Move, candidate, content_hash, decide, url_key
from scraper.errors import BadURL, NotAnArticle
from scraper.model import Address, Article, How, Kind, Outcome, StoredArticle

URL = "https://news.example/2026/11/harbour"
BASE = Article(URL, "Harbour opens", "The first ship came in.", published_at="2026-11-20T10:00:00Z")
OTHER_TEXT: dict[str, Any] = {"body": "The second ship came in."}
OTHER_STORY: dict[str, Any] = {"title": "Bridge closed", "body": "No cars until May."}


def stored(
    article: Article, number: int = 1, aliases: tuple[str, ...] = (), how: Mapping[str, How] | None = None
) -> StoredArticle:
    return StoredArticle(
        id=number,
        article=article,
        url_key=url_key(article.url),
        content_hash=content_hash(article),
        revision=1,
        first_seen_at="2026-11-20T11:00:00Z",
        fetched_at="2026-11-20T11:00:00Z",
        aliases=aliases,
        how=how or {},
    )


class World:
    """What a store knows, and how it carries out a decision: a model of it, in a few lines."""

    def __init__(self) -> None:
        self.articles: list[StoredArticle] = []

    def known(self, new: Candidate) -> Known:
        owners = {key: owner for key in new.keys if (owner := self._owner(key)) is not None}
        by_url = next(iter(owners.values()), None)
        taken = frozenset(key for key, owner in owners.items() if by_url is not None and owner.id != by_url.id)
        others = {owner.id: owner for owner in owners.values() if by_url is not None and owner.id != by_url.id}
        twins = tuple(old for old in self.articles if old.content_hash == new.content_hash)
        return Known(by_url, taken, tuple(others.values()), twins)

    def meet(self, article: Article, came_by: list[str]) -> Decision:
        new = candidate(article, came_by)
        decision = decide(new, self.known(new))
        for move in decision.moves:
            self._move(move)
        if decision.action is Action.INSERT:
            assert self._owner(url_key(decision.url)) is None
            article = replace(new.article, url=decision.url)
            self._put(stored(article, len(self.articles) + 1), decision, new)
        else:
            assert decision.article_id is not None
            old = self.articles[decision.article_id - 1]
            text = replace(new.article, url=old.article.url) if decision.action is Action.REPLACE else old.article
            self._put(stored(text, old.id, old.aliases, old.how), decision, new)
        return decision

    def _put(self, old: StoredArticle, decision: Decision, new: Candidate) -> None:
        aliases, how = decision.aliases, decision.how
        how = {**old.how, **{url: how.get(url) or new.how[url] for url in aliases}}
        self.articles[old.id - 1 : old.id] = [replace(old, aliases=(*old.aliases, *aliases), how=how)]

    def _move(self, move: Move) -> None:
        old = self.articles[move.article_id - 1]
        aliases = tuple(url for url in old.aliases if url_key(url) not in move.lost and url != move.url)
        evidence = {name: rule for name, rule in old.article.evidence.items() if not name.startswith("url")}
        evidence |= {"url:read": move.read} if move.read else {}
        how = {url: known for url, known in old.how.items() if url in aliases}
        if move.how is not None:
            aliases, how[old.article.url] = (*aliases, old.article.url), move.how
        article = replace(old.article, url=move.url, evidence=evidence) if move.url else old.article
        self.articles[old.id - 1] = stored(article, old.id, aliases, how)

    def _owner(self, key: str) -> StoredArticle | None:
        own = (old for old in self.articles if old.url_key == key)
        others = (old for old in self.articles if key in map(url_key, old.aliases))
        return next(chain(own, others), None)


def test_a_page_that_is_no_article_is_no_candidate() -> None:
    other = replace(BASE, kind=Kind.OTHER, evidence={"kind": "hub: The page lists articles"})
    with pytest.raises(NotAnArticle, match="lists articles") as caught:
        candidate(other)
    assert caught.value.reason == "hub"


def test_new() -> None:
    decision = decide(candidate(BASE), Known())
    assert decision == Decision(Action.INSERT, Outcome.SAVED, "new", "new article", url=URL)


def test_the_other_addresses_of_a_new_article_are_its_aliases() -> None:
    new = candidate(replace(BASE, url=f"{URL}?utm_source=x"), ["https://t.example/abc", f"{URL}?utm_source=x"])
    assert new.article.url == URL
    assert decide(new, Known()).aliases == (f"{URL}?utm_source=x", "https://t.example/abc")


A, T, L, C = STORED = (Kind.ARTICLE, Kind.TEASER, Kind.LIVE, Kind.CLIPPING)
UNCHANGED, REVISED = Outcome.UNCHANGED, Outcome.REVISED
TABLE = [
    # was, now, the text is the same, what happens, and the reason
    (A, A, True, UNCHANGED, "known"),
    (A, A, False, REVISED, "changed"),
    (A, T, True, UNCHANGED, "teaser"),
    (A, T, False, UNCHANGED, "teaser"),
    (A, L, True, UNCHANGED, "known"),
    (A, L, False, REVISED, "changed"),
    (A, C, True, UNCHANGED, "known"),
    (A, C, False, UNCHANGED, "known"),
    (T, A, True, UNCHANGED, "known"),
    (T, A, False, REVISED, "changed"),
    (T, T, True, UNCHANGED, "known"),
    (T, T, False, REVISED, "changed"),
    (T, L, True, UNCHANGED, "known"),
    (T, L, False, REVISED, "changed"),
    (T, C, True, UNCHANGED, "known"),
    (T, C, False, UNCHANGED, "known"),
    (L, A, True, UNCHANGED, "known"),
    (L, A, False, REVISED, "changed"),
    (L, T, True, UNCHANGED, "teaser"),
    (L, T, False, UNCHANGED, "teaser"),
    (L, L, True, UNCHANGED, "known"),
    (L, L, False, REVISED, "changed"),
    (L, C, True, UNCHANGED, "known"),
    (L, C, False, UNCHANGED, "known"),
    (C, A, True, REVISED, "page over clipping"),
    (C, A, False, REVISED, "page over clipping"),
    (C, T, True, UNCHANGED, "teaser"),
    (C, T, False, UNCHANGED, "teaser"),
    (C, L, True, REVISED, "page over clipping"),
    (C, L, False, REVISED, "page over clipping"),
    (C, C, True, UNCHANGED, "known"),
    (C, C, False, REVISED, "changed"),
]


def test_the_table_is_whole() -> None:
    assert len({row[:3] for row in TABLE}) == len(TABLE) == 2 * len(STORED) ** 2
    assert {*STORED, Kind.OTHER} == set(Kind)


@pytest.mark.parametrize("new_address", [False, True], ids=["same address", "new address"])
@pytest.mark.parametrize(("was", "now", "same_text", "outcome", "reason"), TABLE)
def test_known_by_its_address(
    was: Kind,
    now: Kind,
    same_text: bool,
    outcome: Outcome,
    reason: str,
    new_address: bool,
) -> None:
    old = stored(replace(BASE, kind=was))
    article = replace(BASE, kind=now, **({} if same_text else OTHER_TEXT))
    alias = f"{URL}?utm_source=feed"
    new = candidate(article, [alias] if new_address else [])
    decision = decide(new, Known(by_url=old))
    if new_address and outcome is UNCHANGED:
        outcome, reason = Outcome.DUPLICATE, "known article"
    assert (decision.outcome, decision.reason) == (outcome, reason)
    seen = Action.NOTHING if now is C else Action.TOUCH  # a clipping is no visit to the page
    assert decision.action is (Action.REPLACE if outcome is REVISED else seen)
    assert decision.article_id == old.id
    assert decision.aliases == ((alias,) if new_address else ())
    assert decision.copies == ()


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"title": "Harbour shut"}, "headline changed: 'Harbour opens' -> 'Harbour shut'"),
        ({"body": "No ship came."}, "1 paragraph added, 1 removed"),
        (
            OTHER_STORY,
            "headline changed: 'Harbour opens' -> 'Bridge closed'; 1 paragraph added, 1 removed",
        ),
    ],
)
def test_a_revision_says_what_changed(changes: dict[str, Any], detail: str) -> None:
    decision = decide(candidate(replace(BASE, **changes)), Known(by_url=stored(BASE)))
    assert decision.detail == detail


def test_the_same_text_on_another_site_is_a_copy() -> None:
    decision = decide(candidate(replace(BASE, url="https://times.example/x")), Known(by_text=(stored(BASE, 3),)))
    assert (decision.action, decision.outcome, decision.reason) == (Action.INSERT, Outcome.SAVED, "copy")
    assert decision.copies == (Likeness(3),)


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T23:59:59Z", "known article"),
        ("2026-11-20", "2026-11-20T23:59:59Z", "known article"),
        (None, "2026-11-20", "known article"),
        ("2026-11-20", None, "known article"),
        ("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z", "copy"),  # a daily column repeats itself
    ],
)
def test_the_same_text_on_the_same_site_depends_on_the_day(was: str | None, now: str | None, reason: str) -> None:
    new = candidate(replace(BASE, url="https://www.news.example/other", published_at=now))
    decision = decide(new, Known(by_text=(stored(replace(BASE, published_at=was)),)))
    assert decision.reason == reason
    assert decision.aliases == (("https://www.news.example/other",) if reason == "known article" else ())


def test_a_second_address_on_a_copys_own_site_is_that_copy() -> None:
    agency = stored(replace(BASE, url="https://agency.example/1"), 1)
    copy = stored(replace(BASE, url="https://times.example/1"), 2)
    decision = decide(candidate(replace(BASE, url="https://times.example/2")), Known(by_text=(agency, copy)))
    assert (decision.outcome, decision.article_id) == (Outcome.DUPLICATE, 2)


def test_a_page_outranks_a_clipping_that_only_its_text_ties_to_it() -> None:
    clipping = stored(replace(BASE, url="https://news.example/old", kind=Kind.CLIPPING))
    decision = decide(candidate(BASE), Known(by_text=(clipping,)))
    assert (decision.action, decision.reason) == (Action.REPLACE, "page over clipping")
    assert decision.aliases == (URL,)


def test_forgotten_goes_before_all_else() -> None:
    decision = decide(candidate(BASE), Known(by_url=stored(BASE), by_text=(stored(BASE),), forgotten=True))
    assert (decision.action, decision.outcome, decision.reason) == (Action.NOTHING, Outcome.SKIPPED, "forgotten")
    assert decision.aliases == ()


class TestSignposts:
    """An address that redirects, and to another story than before."""

    def test_a_signpost_to_another_story_overwrites_nothing(self) -> None:
        latest = "https://news.example/latest"
        old = stored(BASE, aliases=(latest,))
        new = candidate(replace(BASE, url="https://news.example/bridge", **OTHER_STORY), [latest])
        decision = decide(new, Known(by_url=old))
        assert (decision.action, decision.aliases) == (Action.INSERT, ())

    def test_a_story_that_now_leads_to_the_front_page_is_kept(self) -> None:
        front = candidate(replace(BASE, url="https://news.example/", **OTHER_STORY), [URL])
        assert decide(front, Known(by_url=stored(BASE))).action is Action.INSERT

    @pytest.mark.parametrize("changes", [{}, OTHER_TEXT, {"title": "Harbour shut"}])
    def test_a_story_that_moved_keeps_its_title_or_its_text(self, changes: dict[str, Any]) -> None:
        new = candidate(replace(BASE, url="https://news.example/moved"), [URL])
        new = replace(new, article=replace(new.article, **changes))
        if "title" in changes:  # the text under a new title: a change of both is no longer the same story
            assert new.content_hash == content_hash(BASE)
        assert decide(new, Known(by_url=stored(BASE))).article_id == 1

    def test_the_page_itself_may_change_altogether(self) -> None:
        new = candidate(replace(BASE, **OTHER_STORY), ["https://news.example/latest"])
        assert decide(new, Known(by_url=stored(BASE))).action is Action.REPLACE

    def test_another_articles_address_is_no_alias(self) -> None:
        new = candidate(BASE, ["https://news.example/latest"])
        decision = decide(new, Known(by_url=stored(BASE), taken=frozenset(["news.example/latest"])))
        assert (decision.outcome, decision.aliases) == (Outcome.UNCHANGED, ())


class TestMoves:
    """Articles of a site that gives all of them new addresses, and has announced those already."""

    AT, LONG = "https://news.example/story-1", "The first ship came in before noon, with grain from the south. " * 3

    def decided(self, was: Article, now: Article) -> Decision:
        others = (stored(replace(was, url=URL), 2),)
        known = Known(by_url=stored(now, 1), taken=frozenset({url_key(URL)}), others=others)
        return decide(candidate(now, [URL, now.url]), known)

    def test_an_article_whose_address_leads_to_the_same_one_under_another_is_gone(self) -> None:
        now = replace(BASE, url=self.AT, body=f"{self.LONG} And one more came at night.")
        decision = self.decided(replace(BASE, body=self.LONG), now)
        assert (decision.article_id, decision.outcome, decision.moved) == (1, Outcome.UNCHANGED, (2,))
        assert decision.detail == f"nothing changed; the address of #2 ({URL}) leads here now"

    def test_one_whose_address_leads_to_another_story_or_another_site_is_not(self) -> None:
        was = replace(BASE, body=self.LONG)
        assert self.decided(was, replace(BASE, url=self.AT, **OTHER_TEXT)).moved == ()
        assert self.decided(was, replace(was, url="https://times.example/story-1")).moved == ()

    def test_one_whose_address_leads_to_its_own_alias_is_not(self) -> None:
        own = stored(BASE, aliases=(self.AT,), how={self.AT: How.CANONICAL})
        assert decide(candidate(replace(BASE, url=self.AT), [URL]), Known(by_url=own)).moved == ()


kinds = st.sampled_from(STORED)
urls = st.sampled_from(
    [
        URL,
        f"{URL}?utm_source=x",
        f"{URL}/amp",
        "https://m.news.example/b",
        "https://news.example/b",
        "https://times.example/c",
    ]
)
articles = st.builds(
    Article,
    url=urls,
    title=st.sampled_from(["Harbour opens", "Bridge closed"]),
    body=st.sampled_from(["One ship.", "Two ships."]),
    kind=kinds,
    canonical_url=st.none() | urls,
    addresses=st.lists(st.builds(Address, urls, st.sampled_from(How)), max_size=2).map(tuple),
    published_at=st.sampled_from([None, "2026-11-20", "2026-11-21T00:00:00Z"]),
)
meetings = st.lists(st.tuples(articles, st.lists(urls, max_size=2)), min_size=1, max_size=6)


def test_articles_that_share_a_canonical_address_stay_apart() -> None:
    section = "https://news.example/harbour"
    world = World()
    stories = [
        replace(BASE, url=f"{section}/{n}", title=f"Title {n}", body=f"{n} ships came in. " * n, canonical_url=section)
        for n in (1, 2, 3)
    ]
    for _ in range(2):
        for story in stories:
            world.meet(story, [story.url])
    assert [each.article.title for each in world.articles] == ["Title 1", "Title 2", "Title 3"]
    assert [each.revision for each in world.articles] == [1, 1, 1]
    # The first came under the shared address, before anybody could know; the second told, and it got its own.
    assert [each.article.url for each in world.articles] == [f"{section}/{n}" for n in (1, 2, 3)]
    assert world.articles[0].aliases == (section,)
    assert world.articles[0].how == {section: How.SHARED}


def test_a_page_that_moved_keeps_its_title_or_its_text() -> None:
    known = stored(BASE, 1)
    moved = replace(BASE, url=f"{URL}-moved", canonical_url=URL)
    for changed in (replace(moved, title="Another headline"), replace(moved, body="Another text.")):
        decision = decide(candidate(changed), Known(by_url=known))
        assert (decision.outcome, decision.article_id) == (Outcome.REVISED, 1)


@settings(deadline=None)
@given(meetings)
def test_deciding_twice_changes_nothing_the_second_time(met: list[tuple[Article, list[str]]]) -> None:
    world = World()
    for article, came_by in met:
        world.meet(article, came_by)
        again = world.meet(article, came_by)
        assert again.action in (Action.TOUCH, Action.NOTHING)
        assert again.outcome is Outcome.UNCHANGED
        assert again.aliases == ()


@settings(deadline=None)
@given(meetings)
def test_no_address_belongs_to_two_and_no_full_text_gives_way_to_less(met: list[tuple[Article, list[str]]]) -> None:
    world = World()
    for article, came_by in met:
        before = {old.id: old.article.kind for old in world.articles}
        decision = world.meet(article, came_by)
        if decision.action is Action.REPLACE:
            was = before[decision.article_id or 0]
            assert not (article.kind is Kind.CLIPPING and was is not Kind.CLIPPING)
            assert not (article.kind is Kind.TEASER and was is not Kind.TEASER)
        keys = [{old.url_key, *map(url_key, old.aliases)} for old in world.articles]
        assert sum(map(len, keys)) == len(set().union(*keys))


class TestCandidate:
    """Which address is the original one."""

    @pytest.mark.parametrize(
        ("canonical", "own"),
        [
            (None, URL),
            ("https://news.example/2026/11/harbour-opens", "https://news.example/2026/11/harbour-opens"),
            ("https://www.news.example/2026/11/harbour?utm_source=x#top", "https://www.news.example/2026/11/harbour"),
            ("https://amp.news.example/harbour", "https://amp.news.example/harbour"),
            ("https://news.example/", URL),  # the home page
            ("https://news.example/index.html", URL),
            ("https://news.example/?from=/2026/", URL),
            ("https://other.example/2026/11/harbour", URL),
            ("https://news.example.evil.example/harbour", URL),
            ("/2026/11/harbour-opens", URL),  # relative
            ("news.example/2026/11/harbour-opens", URL),
            ("//news.example/2026/11/harbour-opens", URL),
            ("", URL),
            ("\ud800", URL),
            ("javascript:void(0)", URL),
            ("https://me:secret@news.example/harbour", "https://news.example/harbour"),
        ],
    )
    def test_a_canonical_address_is_believed_on_its_own_site(self, canonical: str | None, own: str) -> None:
        new = candidate(replace(BASE, canonical_url=canonical))
        assert new.article.url == new.addresses[0] == own
        assert new.article.canonical_url == canonical
        assert set(new.keys) == {url_key(own), url_key(URL)}
        assert URL in new.addresses

    def test_tracking_goes_and_other_parameters_stay(self) -> None:
        new = candidate(replace(BASE, url=f"{URL}?z=1&utm_source=x&a=2"))
        assert new.article.url == f"{URL}?z=1&a=2"
        assert len(new.keys) == 1

    def test_no_address_keeps_a_password_or_a_fragment(self) -> None:
        new = candidate(
            replace(BASE, url="https://me:secret@news.example/a#b"), ["https://me:secret@t.example/#secret"]
        )
        assert new.addresses == ("https://news.example/a", "https://t.example/")
        assert new.answered == "https://news.example/a"

    @pytest.mark.parametrize("bad", ["", "mailto:a@b.example", "\ud800", "/relative"])
    def test_an_article_without_an_address_is_refused(self, bad: str) -> None:
        with pytest.raises(BadURL):
            candidate(replace(BASE, url=bad))

    @settings(deadline=None)
    @given(st.text(st.characters()) | st.text().map("https://news.example/{}".format))
    def test_no_canonical_address_is_too_strange(self, canonical: str) -> None:
        new = candidate(replace(BASE, canonical_url=canonical))
        assert new.article.url.startswith(("https://", "http://"))
