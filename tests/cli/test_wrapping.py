from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scraper.cli.wrapping import wrapped

REPORT = "本报讯，11月18日清晨6时12分，望潮市首条“潮汐公交”从东滩站准时发车。全长9.6公里，连接市区与青螺岛。"  # noqa: RUF001 - such signs are meant
LETTERS = "abc de fg-hi 潮汐公交，。“”（）9.6กำลังйё 　\n"  # noqa: RUF001 - the same


def test_words_stay_whole_and_no_space_is_left_over() -> None:
    text = "The cost of mending the outer breakwater has doubled.\n\nDivers found cavities."
    assert list(wrapped(text, 20)) == [
        "The cost of mending", "the outer breakwater", "has doubled.", "", "Divers found", "cavities.",
    ]  # fmt: skip


def test_an_address_is_never_cut() -> None:
    url = "https://news.example/2026/11/a-title-of-many-words"
    assert list(wrapped(f"see {url} now", 20)) == ["see", url, "now"]


def test_wide_characters_take_two_columns_and_signs_stay_where_they_belong() -> None:
    lines = list(wrapped(REPORT, 20))
    assert "".join(lines) == REPORT
    assert max(map(cell_len, lines)) <= 20
    assert min(map(cell_len, lines[:-1])) > 12
    assert not [line for line in lines if line[0] in "，。”" or line[-1] == "“"]  # noqa: RUF001 - these signs are meant
    assert any("9.6" in line for line in lines)


def test_a_number_before_such_a_text_does_not_stand_alone() -> None:
    first, *_ = wrapped(f"#1 {REPORT}", 30)
    assert first.startswith("#1 本报讯")
    assert cell_len(first) > 24


def test_indents() -> None:
    assert list(wrapped("one two three", 9, "  ")) == ["  one two", "  three"]
    assert list(wrapped("one two three", 9, "", "    ")) == ["one two", "    three"]


def test_without_a_width_lines_are_as_they_are() -> None:
    assert list(wrapped("one  two \n\nthree", None, "  ")) == ["  one  two", "", "  three"]


@given(st.text(LETTERS), st.integers(1, 30))
def test_nothing_is_lost_and_only_what_cannot_be_parted_is_wider(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    kept = [letter for letter in text if letter not in " \n\u3000"]
    assert [letter for letter in "".join(lines) if letter not in " \u3000"] == kept
    for line in lines:
        assert cell_len(line) <= width or " " not in line
