"""White space, words in every script, and the ends of sentences."""

from __future__ import annotations

import pytest

from scraper.extract.words import count_words, ends_sentence, fold, is_blank, sizes_of, squeeze, squeeze_all


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop: 3.5 miles, an ex-Soviet state.", 7),
        ("望潮市首条公交", 7),
        ("東京タワーに行く", 8),
        ("Трамвай вернётся на мост", 4),
        ("عودة الأعشاب البحرية", 3),
        ("한국 신문의 기사", 3),
        ("ข่าวภาษาไทย", 3),
        ("— … !", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_white_space_is_one_space_and_invisible_characters_go() -> None:
    assert squeeze(" a\u00a0\n\tb\u200bc\u00ad \ud800 ") == "a bc"


def test_lines_are_squeezed_and_measured_together() -> None:
    lines = squeeze_all([" a\n b ", "c\u200bd", "", "\u671b\u6f6e e", "o\u0308"])
    assert lines == ["a b", "cd", "", "\u671b\u6f6e e", "\u00f6"]
    assert sizes_of(lines) == [2, 1, 0, 3, 1]
    assert sizes_of(["Don't stop", ""]) == [2, 0]


@pytest.mark.parametrize(
    ("text", "blank"), [("", True), (" \n\u00a0", True), (" \u200b\ufeff ", True), ("\u200ba", False), (" .", False)]
)
def test_what_is_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize("text", ["So.", 'He said: "No!"', "Как?»", "结束。", "終わり。」", "انتهى؟", "So…", "(So.)"])
def test_sentences_end(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["A Headline", "'Full Power'", "A list:", "A / B", ""])
def test_fragments_do_not(text: str) -> None:
    assert not ends_sentence(text)


def test_fold_is_equal_for_equal_headlines() -> None:
    assert fold("“Full  Power”, says… Élise") == fold("'FULL POWER' says — Élise")
