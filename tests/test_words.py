# ruff: noqa: RUF001 - words of many scripts look like each other
from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.words import flat, has_word, index_copy, indexed

ALPHABETS = "aZé ßŁıİøœ Άήςϊ Ёйї أى٣ـׁً 北京カガ゛ー々 กำลั ພ မြန် ខ្មែ 서울 हिन्दी ＡｶﾞﬁⅧ \u00ad\u200d\u0301 .,-1"
TOKENIZE = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc' separators '\ufe0e\ufe0f'"


def tokens(text: str) -> list[str]:
    """What FTS5 makes of a text once it is as we index it."""
    db = sqlite3.connect(":memory:")
    try:
        db.execute(f'CREATE VIRTUAL TABLE t USING fts5(a, tokenize="{TOKENIZE}")')
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        db.execute("INSERT INTO t VALUES (?)", (indexed(text),))
        return [row[0] for row in db.execute("SELECT term FROM v ORDER BY offset")]
    finally:
        db.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße STRASSE Strasse", ["strasse"] * 3),
        ("Łódź Lodz", ["lodz"] * 2),
        ("Sørensen Đà Nẵng ấm Œuvre", ["sorensen", "da", "nang", "am", "oeuvre"]),
        ("İstanbul Istanbul Diyarbakır IRAK ırak", ["istanbul", "istanbul", "diyarbakir", "irak", "irak"]),
        ("Αθήνα ΑΘΗΝΑ πόλις ΠΟΛΙΣ ΰ ἄνθρωπος", ["αθηνα", "αθηνα", "πολισ", "πολισ", "υ", "ανθρωποσ"]),
        ("ещё еще Ёлка Йод йод", ["еще", "еще", "елка", "йод", "йод"]),
        ("جدًا جدا مـحمد مُحَمَّد إلى الى ٢٠٢٤", ["جدا", "جدا", "محمد", "محمد", "الي", "الي", "2024"]),
        ("کتاب\u200cها كتابها", ["كتابها"] * 2),
        ("שָׁלוֹם שלום", ["שלום"] * 2),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("ＡＢＣ１２３ ﬁn Ⅷ", ["abc123", "fin", "viii"]),
        ("ガイド ｶﾞｲﾄﾞ", ["ガ", "イ", "ド"] * 2),
        ("今天AI技術，很好", ["今", "天", "ai", "技", "術", "很", "好"]),
        ("กำลัง", ["ก", "ำ", "ลั", "ง"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("서울에서", ["서울에서"]),
        ("in\u00adter", ["inter"]),
        ("❤\ufe0f Paris", ["paris"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
    ],
)  # fmt: skip
def test_words_as_the_index_has_them(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "text", ["Plain words.", "“Café” – naïve 5 €", "Привет, мир", "한국어 뉴스", "", "🙂 ok", "हिन्दी"]
)
def test_most_texts_need_no_copy(text: str) -> None:
    assert index_copy(text) is None


@pytest.mark.parametrize("text", ["北京", "Straße", "Łódź", "Αθήνα", "ещё", "جدًا", "Ａ"])
def test_others_do(text: str) -> None:
    assert index_copy(text) == indexed(text) != text


@given(st.text(st.sampled_from(ALPHABETS) | st.characters(exclude_categories=["Cs"])))
@settings(deadline=None)
def test_composed_and_taken_apart_are_indexed_alike(text: str) -> None:
    assert indexed(unicodedata.normalize("NFD", text)) == indexed(unicodedata.normalize("NFC", text))


@given(st.text(st.sampled_from(ALPHABETS) | st.characters(exclude_categories=["Cs"])))
@settings(deadline=None)
def test_what_is_found_has_its_place_in_the_text(text: str) -> None:
    assert len(flat(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "has"), [("a", True), ("—", False), ("\u0301", False), ("٣", True), ("❤\ufe0f", False)]
)
def test_what_a_word_is(text: str, has: bool) -> None:
    assert has_word(text) is has
