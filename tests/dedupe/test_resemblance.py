from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dedupe.resemblance import Resemblance, Wording, compare, sketch
from scraper.model import Article, Kind
from tests.benchmarks.dedupe.edits import EDITS
from tests.benchmarks.dedupe.series import FORMS
from tests.dedupe.made_up import pairs, written

NOT_ALIKE = Resemblance(0.0, 0.0, 0, is_copy=False)
REPORT = written()[0].body
CHINESE = "市政府周一宣布，今年冬天将关闭两座旧桥进行维修，预计工程需要十四个月，费用约为三亿元。" * 4  # noqa: RUF001
THAI = "เทศบาลประกาศเมื่อวันจันทร์ว่าจะปิดสะพานเก่าสองแห่งเพื่อซ่อมแซมในฤดูหนาวนี้และคาดว่าจะใช้เวลาสิบสี่เดือน" * 2


def alike(one: str, other: str) -> Resemblance:
    return compare(Wording(one), Wording(other))


def said(one: str, other: str) -> bool:
    """As the store finds them: by two hashes or more, and then by comparison."""
    shared = set(Wording(one).sketch()) & set(Wording(other).sketch())
    return len(shared) > 1 and alike(one, other).is_copy


@pytest.mark.parametrize("kind", [edit.__name__.replace("_", " ") for edit in EDITS])
def test_edited_reports_are_copies(kind: str) -> None:
    found = [said(pair.one, pair.other) for pair in pairs() if pair.kind == kind]
    assert len(found) == len(written())
    assert sum(found) / len(found) >= 0.89  # all but two


@pytest.mark.parametrize("kind", [*FORMS, "live updates", "translated", "running story", "other site"])
def test_what_only_looks_like_a_copy_is_none(kind: str) -> None:
    found = [said(pair.one, pair.other) for pair in pairs() if pair.kind == kind]
    assert len(found) >= 10
    assert sum(found) / len(found) <= 0.02


def test_precision_and_recall_over_all() -> None:
    found = [(pair.is_copy, said(pair.one, pair.other)) for pair in pairs()]
    right = found.count((True, True))
    assert right / sum(claimed for _, claimed in found) >= 0.98
    assert right / sum(is_copy for is_copy, _ in found) >= 0.98


def test_the_words_and_not_how_they_are_set() -> None:
    one = Wording("“Don’t” go to São Paulo — it’s 5 % dearer… ＡＢ")  # noqa: RUF001
    other = Wording('"dont" GO to Sao Paulo - its 5% dearer AB')
    assert one.words.tolist() == other.words.tolist()
    assert one.spelled(slice(0, 5)) == ["Don\u2019t", "go", "to", "São", "Paulo"]


@pytest.mark.parametrize("text", [CHINESE, THAI])
def test_scripts_without_spaces_go_by_characters(text: str) -> None:
    cut = text[: len(text) * 2 // 3]
    assert Wording(text).run > Wording(REPORT).run
    assert said(text, cut + "。")
    assert not alike(text, text[::-1]).is_copy


def test_rare_ideographs_and_emoji() -> None:
    assert len(Wording("𠀀𠀁 \U0001f600 a").words) == 3


def test_a_short_text_is_compared_by_its_hash_alone() -> None:
    short = " ".join(REPORT.split()[:30])
    assert Wording(short).sketch() == ()
    assert not alike(short, short).is_copy


def test_a_live_blog_has_no_sketch() -> None:
    assert sketch(Article("https://a.example/", "Live", REPORT, kind=Kind.LIVE)) == ()
    assert len(sketch(Article("https://a.example/", "Report", REPORT))) == 20


def test_a_figure_that_was_brought_up_to_date_makes_no_other_report() -> None:
    assert REPORT.count("115") == 1
    found = alike(REPORT, REPORT.replace("115", "120"))
    assert (found.slots, found.is_copy) == (1, True)


def test_a_name_that_is_spelled_otherwise_counts_once() -> None:
    words = REPORT.split(" ")
    for at in range(20, len(words), 25):
        words[at] += " Kiev"
    text = " ".join(words)
    found = alike(text, text.replace("Kiev", "Kyiv"))
    assert (found.slots, found.is_copy) == (1, True)


@given(st.text(max_size=400), st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_texts_can_be_compared(one: str, other: str) -> None:
    found, turned = alike(one, other), alike(other, one)
    assert (found.similarity, found.is_copy) == (turned.similarity, turned.is_copy)
    assert 0.0 <= found.similarity <= 1.0
    wording = Wording(one)
    assert len(wording.spelled(slice(None))) == len(wording.words)
    assert all(0 <= value < 2**47 for value in wording.sketch())
    if len(wording.shingles):
        assert alike(one, one).contained == 1.0


@pytest.mark.parametrize("text", ["", "\ud800", "a", "\0" * 50, "a " * 30_000, "一" * 30_000, "x" * 30_000])
def test_odd_texts(text: str) -> None:
    assert not alike(text, REPORT).is_copy
    assert alike(text, "") == NOT_ALIKE
