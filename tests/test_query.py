from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.query import LONGEST, Term, parse, shortened


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("peace", '"peace"'),
        ("peace talks", '("peace" AND "talks")'),
        ("peace peace", '"peace"'),
        ('"peace talks"', '"peace talks"'),
        ("“peace talks”", '"peace talks"'),
        ("peace OR talks war", '("peace" OR ("talks" AND "war"))'),
        ("peace AND talks", '("peace" AND "talks")'),
        ("peace and talks", '("peace" AND "and" AND "talks")'),
        ("peace -talks", '("peace" NOT "talks")'),
        ("-talks peace", '("peace" NOT "talks")'),
        ("peace NOT talks -war", '("peace" NOT ("talks" OR "war"))'),
        ("peace AND NOT talks", '("peace" NOT "talks")'),
        ("-(war OR crime) peace", '("peace" NOT ("war" OR "crime"))'),
        ("(war OR peace) talks", '(("war" OR "peace") AND "talks")'),
        ("negot*", '"negot" *'),
        ('"peace tal"*', '"peace tal" *'),
        ("ne*", '"ne"'),
        ("title:peace", 'title : "peace"'),
        ('Title:"peace talks" war', '(title : "peace talks" AND "war")'),
        ("title:neg*", 'title : "neg" *'),
        ("mother-in-law", '"mother-in-law"'),
        ("peace - talks", '("peace" AND "talks")'),
        ("peace — talks", '("peace" AND "talks")'),
        ("北京", '"北 京"'),
        ("京", '"京"'),
        ("京*", '"京" *'),
        ("AI技術", '"AI 技 術"'),
        ("コンピューター", '"コ ン ピ ュ ー タ"'),
        ('"コンピューター"', '"コ ン ピ ュ ー タ ー"'),
        ("서울", '"서울" *'),
        ('"서울"', '"서울"'),
        ("Straße", '"Strasse"'),
        ("", ""),
        ("—", ""),
    ],
)
def test_what_is_asked_for(text: str, expression: str) -> None:
    assert parse(text).expression == expression


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"peace talks', ["peace", "talks"]),
        ("peace AND", ["peace", "AND"]),
        ("OR peace", ["OR", "peace"]),
        ("OR", ["OR"]),
        ("NOT peace", ["NOT", "peace"]),
        ("-peace", ["-peace"]),
        ("peace OR -war", ["peace", "OR", "-war"]),
        ("(peace talks", ["peace", "talks"]),
        ("peace)", ["peace"]),
        ("()", []),
        ("(" * 30 + "peace" + ")" * 30, ["peace"]),
        ("peace\0talks", ["peace", "talks"]),
    ],
)
def test_what_is_no_expression_is_read_as_plain_words(text: str, words: list[str]) -> None:
    assert parse(text).expression.strip("()") == " AND ".join(f'"{word}"' for word in words)


@pytest.mark.parametrize(
    "text", ["body_words:x", "{title body}: x", "NEAR(a b, 3)", "^first", "a + b", "rowid:1", "a' --"]
)
def test_nothing_of_fts5_reaches_it_but_strings(text: str) -> None:
    bare = parse(text).expression.split('"')[::2]
    assert set("".join(bare)) <= set("() AND")


def test_terms_are_what_a_hit_has_of_it() -> None:
    assert parse('title:peace (talks OR "old war") -crime neg*').terms == (
        Term("peace", in_title=True), Term("talks"), Term("old war"), Term("neg", begins=True),
    )  # fmt: skip


def test_of_a_long_text_the_beginning_is_read() -> None:
    words = [f"word{number}" for number in range(5000)]
    read = [term.text for term in parse(" ".join(words)).terms]
    assert read == words[: len(read)]
    assert 1000 < len(read) < 2000
    assert parse("a" * (LONGEST + 1)).terms == ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("peace talks in Gen|eva", "peace talks in"),
        ("peace or war OR |Geneva", "peace or war"),
        ("peace NOT talks -NO|T", "peace NOT talks"),
        ("peace AND NOT Gen|eva", "peace"),
        ('peace -"talks in| Geneva"', "peace"),
        ('peace Title:"talks in| Geneva"', "peace"),
        ("(peace OR (war title:crime) ta|lks)", "(peace OR (war title:crime))"),
        ("(peace OR war) (Gen|eva OR talks)", "(peace OR war)"),
        ("peace (war OR ( Gen|eva OR talks))", "peace (war)"),
        ('an 8" gun was s|een in Geneva', 'an 8" gun was'),
        ("OR|", ""),
    ],
)
def test_a_text_is_shortened_where_it_stays_an_expression(text: str, kept: str) -> None:
    # "|" is where there is no more room, but for the brackets that close.
    assert shortened(text.replace("|", "") + " more" * 9, text.index("|") + 20) == kept


@given(st.text('ab "()-ANDOR', max_size=60), st.integers(22, 40))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most


def test_what_is_one_of_many_is_still_one_of_many_when_it_is_cut() -> None:
    words = [f"word{number}" for number in range(3000)]
    for sought in (" OR ".join(words), f"({' OR '.join(words)})", f'"{words[0]}" OR "{" ".join(words)}"'):
        assert "AND" not in parse(sought).expression
        assert parse(sought).terms[0] == Term("word0")
