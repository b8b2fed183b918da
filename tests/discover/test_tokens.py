"""Entries that are known under another address, and those that only look like it."""

from __future__ import annotations

from scraper.discover.tokens import Earlier, renamed
from scraper.model import Date, Entry, Outcome, Zone

AT = "2026-11-20T09:00:00Z"
NEW, EARLIER = "n.example/story?t=2", "n.example/story?t=1"


def entry(title: str | None = "Story", at: str | None = AT) -> Entry:
    return Entry(f"https://{NEW}", title, Date(at, at, Zone.GIVEN) if at else None)


def earlier(
    number: int = 1, at: str | None = AT, outcome: Outcome | None = None, article: int | None = None
) -> Earlier:
    return Earlier(f"n.example/story?t={number}", "Story", at, outcome, article)


def known(one: Entry, *before: Earlier, shown: tuple[str, ...] = ()) -> bool:
    return renamed({NEW: one}, {NEW, *shown}, before) == {NEW}


def test_title_path_and_moment_tell() -> None:
    assert known(entry(), earlier())
    assert known(entry(), earlier(outcome=Outcome.SAVED, article=7))
    assert not known(entry("Another story"), earlier())
    assert not known(entry(at="2026-11-20T10:00:00Z"), earlier())


def test_what_is_shown_still_is_another_one() -> None:
    assert not known(entry(), earlier(), shown=(EARLIER,))


def test_a_day_is_no_moment_and_what_was_lost_is_tried_again() -> None:
    assert not known(entry(at="2026-11-20"), earlier(at="2026-11-20"))
    assert not known(entry(), earlier(outcome=Outcome.SKIPPED))


def test_without_a_date_two_that_were_the_same_article_tell() -> None:
    one = earlier(1, None, Outcome.DUPLICATE, 7)
    assert not known(entry(at=None), one)
    assert known(entry(at=None), one, earlier(3, None, Outcome.DUPLICATE, 7))
    assert not known(entry(at=None), one, earlier(3, None, Outcome.DUPLICATE, 8))
    assert not known(entry(at=None), earlier(1, None, Outcome.SAVED, 7), earlier(3, None, Outcome.SAVED, 8))


def test_an_address_without_parameters_says_what_it_is() -> None:
    plain = "n.example/story-2"
    assert renamed({plain: entry()}, {plain}, [Earlier("n.example/story-1", "Story", AT, None, None)]) == set()
