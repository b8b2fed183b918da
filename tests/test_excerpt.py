# ruff: noqa: RUF001 - words of many scripts look like each other
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.excerpt import _hits, _variety, _window, excerpt
from scraper.words import flat

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


class Looked(list[Any]):
    """Hits that count how often one of them is looked at."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        for hit in super().__iter__():
            self.times += 1
            yield hit

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        self.times += len(found) if isinstance(key, slice) else 1
        return found


def test_of_many_hits_each_is_looked_at_beside_its_neighbours_alone() -> None:
    words = [f"w{number}" for number in range(700)]
    text = " ".join(words * 20)
    hits = Looked(_hits(flat(text), " OR ".join(words)))
    assert len(hits) > 10_000
    assert _window(text, hits)[1] <= 250  # the beginning is as good as any other place
    assert hits.times < 100 * len(hits)


@given(st.lists(st.sampled_from(["peace", "talks", "old", "war", "and then nothing", "x" * 30]), max_size=80))
@settings(deadline=None)
def test_near_a_hit_are_all_that_end_within_reach(parts: list[str]) -> None:
    hits = _hits(flat(" ".join(parts)), 'peace OR talks OR "old war" OR war')
    for place, first in enumerate(hits):
        near = {hit.term for hit in hits if first.start <= hit.start and hit.end <= first.start + 30}
        assert _variety(hits, place, 30) == len(near)


texts = st.text(st.sampled_from('ab ß北京กำĳ\u200d[]*"-() ') | st.characters())


@given(texts, texts)
@settings(deadline=None)
def test_it_is_always_a_part_of_the_text(text: str, query: str) -> None:
    found = excerpt(text, query)
    assert found.replace("[", "").replace("]", "").strip("…") in text.replace("[", "").replace("]", "")
