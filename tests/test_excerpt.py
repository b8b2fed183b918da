# ruff: noqa: RUF001 - words of many scripts look like each other
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.excerpt import excerpt

LONG = "Rain fell on the town for days. " * 20


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("A ship came in.", "ship", "A [ship] came in."),
        ("A ship and shipping.", "ship", "A [ship] and shipping."),
        ("A ship and shipping.", "shi*", "A [ship] and [shipping]."),
        ("Peace talks, then talks.", '"peace talks"', "[Peace talks], then talks."),
        ("Peace or war.", "peace -war", "[Peace] or war."),
        ("Große Straße, STRASSE", "strasse grosse", "[Große] [Straße], [STRASSE]"),
        ("Łódź, Cafés", "lodz cafes", "[Łódź], [Cafés]"),
        ("İstanbul, Diyarbakır", "istanbul diyarbakir", "[İstanbul], [Diyarbakır]"),
        ("Η Αθήνα", "αθηνα", "Η [Αθήνα]"),
        ("قال مُحَمَّد", "محمد", "قال [مُحَمَّد]"),
        ("今天，北京举行了会议", "北京", "今天，[北京]举行了会议"),
        ("ประเทศไทยกำลัง", "กำลัง", "ประเทศไทย[กำลัง]"),
        ("서울에서 열린", "서울", "[서울에서] 열린"),
        ("新しいｶﾞｲﾄﾞ", "新しい", "[新しい]ｶﾞｲﾄﾞ"),
        ("新しいｶﾞｲﾄﾞ", "ガイド", "新しい[ｶﾞｲﾄﾞ]"),
        ("Nothing of it.", "ship", "Nothing of it."),
        ("", "ship", ""),
        ("A ship.", "", "A ship."),
        ("A ship.", '"', "A ship."),
    ],
)
def test_words_are_marked_in_the_text_as_it_is_written(text: str, query: str, expected: str) -> None:
    assert excerpt(text, query) == expected


def test_a_long_text_is_cut_where_the_words_stand_together() -> None:
    text = f"{LONG}A ship was seen. {LONG}The harbour took a ship in. {LONG}"
    found = excerpt(text, "harbour ship")
    assert found.startswith("…")
    assert "The [harbour] took a [ship] in." in found
    assert found.endswith("…")
    assert len(found) < 260
    assert found.replace("[", "").replace("]", "").strip("…") in text


def test_without_a_hit_it_is_the_beginning() -> None:
    assert excerpt(LONG, "ship").startswith("Rain fell")


def test_scripts_without_spaces_are_cut_sooner() -> None:
    found = excerpt("今日天气很好，我们去公园散步。" * 20 + "北京举行会议。" + "今日天气很好。" * 20, "北京")
    assert "[北京]举行会议" in found
    assert len(found) < 100


texts = st.text(st.sampled_from('ab ß北京กำĳ\u200d[]*"-() ') | st.characters())


@given(texts, texts)
@settings(deadline=None)
def test_it_is_always_a_part_of_the_text(text: str, query: str) -> None:
    found = excerpt(text, query)
    assert found.replace("[", "").replace("]", "").strip("…") in text.replace("[", "").replace("]", "")
