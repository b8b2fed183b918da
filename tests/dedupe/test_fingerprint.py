from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dedupe import content_hash
from scraper.model import Article

anything = st.text(st.characters())  # lone surrogates too


def article(title: str, body: str) -> Article:
    return Article("https://news.example/a", title, body)


@settings(deadline=None)
@given(anything, anything)
def test_every_text_has_a_hash(title: str, body: str) -> None:
    digest = content_hash(article(title, body))
    assert len(digest) == 64
    assert digest == content_hash(article(f" {title}\n", body.replace(" ", "\u00a0\n\n")))


def test_white_space_case_and_compatible_characters_do_not_count() -> None:
    one = content_hash(article("Harbour Opens", "The ﬁrst  ship\n\ncame in."))
    assert one == content_hash(article("HARBOUR OPENS", "The first ship came\u00a0in."))


def test_words_and_the_border_of_the_title_count() -> None:
    one = content_hash(article("Harbour opens", "The first ship."))
    assert one != content_hash(article("Harbour opens", "The second ship."))
    assert one != content_hash(article("Harbour", "opens The first ship."))


def test_nothing_but_title_and_body_counts() -> None:
    plain = Article("https://news.example/a", "Title", "Body")
    rich = Article("https://other.example/b", "Title", "Body", authors=("A",), tags=("x",), body_markdown="**Body**")
    assert content_hash(plain) == content_hash(rich)
