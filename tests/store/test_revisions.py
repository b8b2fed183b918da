from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlite_utils

from scraper.dedupe import Decision
from scraper.errors import DatabaseDamaged, NotStored
from scraper.model import Edit, Kind, Outcome
from scraper.store import Store, migrations
from tests.store.samples import NOW, URL, article, page, rows, run_sql, save

A: dict[str, Any] = {"title": "Harbour opens", "body": "Police said 5 people were hurt when the crane fell."}
B: dict[str, Any] = A | {"title": "Harbour opens at last"}
C: dict[str, Any] = B | {"body": "Police said 7 people were hurt when the crane fell."}
FAR = 15 * 24
"""Hours after which an earlier text is as good as a new one."""


def as_of_a_table(number: int) -> Any:
    """As pandas hands over an id."""
    return np.int64(number)


class Visits:
    """Visits to one page, an hour apart unless told otherwise."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._at = NOW

    def see(self, text: dict[str, Any], hours: float = 1) -> Decision:
        self._at += timedelta(hours=hours)
        return save(self._store, article(**text), at=self._at).decision

    def outcomes(self, *texts: dict[str, Any]) -> list[str]:
        return [decision.reason for decision in map(self.see, texts)]

    @property
    def at(self) -> datetime:
        return self._at


@pytest.fixture
def visits(store: Store) -> Visits:
    return Visits(store)


def test_a_revision_says_what_replaced_it(store: Store, visits: Visits) -> None:
    visits.outcomes(A | {"authors": ("Ann Other",)}, B, C)
    first, second = store.revisions(1)
    assert (first.revision, first.title, first.change, first.authors) == (1, A["title"], Edit.HEADLINE, ("Ann Other",))
    assert (first.words_added, first.words_removed) == (2, 0)
    assert (second.change, second.words_added, second.words_removed) == (Edit.BODY, 1, 1)
    assert (second.fetched_at, second.replaced_at) == ("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z")
    assert (second.kind, second.reason, second.seen_again, second.seen_again_at) == (Kind.ARTICLE, "changed", 0, None)
    assert store.revisions(URL) == store.revisions(as_of_a_table(1)) == (first, second)
    save(store, article(url="https://news.example/quiet", title="Quay", body="Nothing new."))
    assert store.revisions(2) == ()
    for unknown in (3, as_of_a_table(3), "https://news.example/none"):
        with pytest.raises(NotStored):
            store.revisions(unknown)


def test_noise_leaves_the_text_as_it_is(store: Store, visits: Visits) -> None:
    visits.see(A)
    noisy = A | {"body": f"Updated 5 minutes ago\n\n{A['body']}"}
    decision = visits.see(noisy)
    assert (decision.outcome, decision.reason) == (Outcome.UNCHANGED, "noise")
    assert (store.get(1).article.body, store.get(1).fetched_at) == (A["body"], "2026-11-23T12:00:00Z")


class TestReturns:
    """A page that shows an earlier text again."""

    def test_two_texts_that_take_turns_make_one_revision(self, store: Store, visits: Visits) -> None:
        assert visits.outcomes(A, B, *[A, B] * 20) == ["new", "changed", *["flapping", "known"] * 20]
        (revision,) = store.revisions(1)
        assert revision.seen_again == 0  # the present text was seen after it
        assert revision.seen_again_at == "2026-11-25T03:00:00Z"
        assert store.get(1).article.title == B["title"]

    def test_a_change_that_is_taken_back_for_good_is_a_revision(self, store: Store, visits: Visits) -> None:
        assert visits.outcomes(A, B, A, A, A) == ["new", "changed", "flapping", "returned", "known"]
        assert [revision.reason for revision in store.revisions(1)] == ["changed", "returned"]
        assert store.get(1).article.title == A["title"]
        assert store.get(1).revision == 3

    def test_chance_makes_a_handful_of_revisions(self, store: Store, visits: Visits) -> None:
        import random

        rng = random.Random(2026)  # noqa: S311 - the same turns every time
        visits.outcomes(A, B)
        for _ in range(200):
            visits.see(rng.choice((A, B)))
        assert len(store.revisions(1)) <= 6

    def test_a_third_text_is_a_revision_at_once(self, visits: Visits) -> None:
        assert visits.outcomes(A, B, A, C) == ["new", "changed", "flapping", "changed"]

    def test_each_part_may_have_been_there_before(self, visits: Visits) -> None:
        # The headline of the first version over the body of the third: nothing of it is new.
        mixed = A | {"body": C["body"]}
        assert visits.outcomes(A, B, C, mixed, C, mixed, mixed) == [
            "new", "changed", "changed", "flapping", "known", "flapping", "returned",
        ]  # fmt: skip

    def test_lines_that_came_and_went(self, visits: Visits) -> None:
        more = A | {"body": f"{A['body']}\n\nA boat of the coast guard lay at the pier"}
        assert visits.outcomes(A, more, A, more) == ["new", "changed", "flapping", "known"]

    def test_noise_beside_it_does_not_matter(self, visits: Visits) -> None:
        noisy = A | {"body": f"{A['body']}\n\nRead more: The pier that fell"}
        assert visits.outcomes(A, B, noisy, A) == ["new", "changed", "flapping", "returned"]

    def test_after_a_fortnight_an_earlier_text_is_as_good_as_a_new_one(self, visits: Visits) -> None:
        visits.outcomes(A, B)
        assert visits.see(A, hours=FAR).reason == "changed"

    def test_under_a_new_address_it_is_noted_as_well(self, store: Store, visits: Visits) -> None:
        visits.outcomes(A, B)
        saved = save(store, article(**A), "https://news.example/other", at=visits.at)
        assert saved.decision.outcome is Outcome.DUPLICATE
        assert store.revisions(1)[0].seen_again == 1

    def test_bylines_that_take_turns(self, visits: Visits) -> None:
        ann, bo = A | {"authors": ("Ann Other",)}, A | {"authors": ("Bo Ek",)}
        assert visits.outcomes(ann, bo, ann, bo) == ["new", "changed", "flapping", "known"]

    def test_a_page_that_dates_itself_anew_all_the_time_does_so_once(self, visits: Visits) -> None:
        rule = {"published_at": "meta:date"}
        dated = [A | {"published_at": f"2026-11-{day}", "evidence": rule} for day in (20, 22, 24, 26)]
        assert visits.outcomes(*dated) == ["new", "changed", "known", "known"]


def test_what_both_pages_say_was_read_differently_and_not_edited(store: Store) -> None:
    whole, part = (
        "Police said 5 people were hurt.\n\nThe pier will be shut until May.",
        "Police said 5 people were hurt.",
    )
    html = b"<p>Police said 5 people were hurt.</p><p>The pier will be <b>shut</b> until May.</p>"

    def see(body: str, html: bytes, hour: int) -> str:
        from scraper.dedupe import candidate

        now = NOW + timedelta(hours=hour)
        return store.save(candidate(article(body=body)), page(body=html, fetched_at=now), None, now).decision.reason

    assert see(whole, html, 0) == "new"
    assert see(part, html + b"<p>Advertisement</p>", 1) == "noise"
    assert see(part, b"<p>Police said 5 people were hurt.</p>", 2) == "changed"


def test_a_revision_that_means_nothing_is_damage(store: Store, folder: Path, visits: Visits) -> None:
    visits.outcomes(A, B)
    store.close()
    run_sql(folder / "news.db", "UPDATE revisions SET change = 'other'")
    with Store(folder) as again, pytest.raises(DatabaseDamaged, match="revision 1 of article 1"):
        again.revisions(1)


def test_older_revisions_are_given_their_kind_of_change(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite_utils.Database(sqlite3.connect(folder / "news.db", isolation_level=None))) as old:
        migrations.news.apply(old, stop_before="m012_revisions")
        old.execute(f"PRAGMA application_id = {migrations.NEWS_ID}")
        texts = [
            ("clipping", "One", "a"),
            ("teaser", "One", "a b"),
            ("article", "One", "a b c"),
            ("article", "Two", "a b c"),
        ]
        texts += [("article", "Three", "d"), ("article", "Three", "e")]
        for number, (kind, title, body) in enumerate(texts, 1):
            old.execute(
                "INSERT INTO revisions (article_id, revision, kind, title, body, body_markdown, content_hash,"
                " fetched_at, replaced_at, reason) VALUES (1, ?, ?, ?, ?, '', '', '2026', '2026', ?)",
                (number, kind, title, body, "page over clipping" if kind == "clipping" else "changed"),
            )
        old.execute(
            "INSERT INTO articles (id, kind, url, url_key, title, body, body_markdown, word_count, first_seen_at,"
            " fetched_at, revision, content_hash, extractor)"
            " VALUES (1, 'article', 'https://news.example/', 'k', 'Four', 'e', '', 1, '2026', '2026', 7, '', '')"
        )
    with Store(folder) as store:
        found = store.revisions(1)
        assert [revision.change.value for revision in found] == [
            "fuller", "fuller", "headline", "headline and body", "body", "headline",
        ]  # fmt: skip
        assert {(each.authors, each.words_added, each.seen_again) for each in found} == {(None, None, 0)}
        assert store.get(1).revision == 7
    assert rows(folder / "news.db", "PRAGMA integrity_check") == [("ok",)]
