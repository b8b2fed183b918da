from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.dedupe.differences import Change, ChangeKind, word_differences, words

SAME, REMOVED, ADDED = ChangeKind.SAME, ChangeKind.REMOVED, ChangeKind.ADDED


def shown(old: str, new: str) -> str:
    marks = {SAME: "{}", REMOVED: "[-{}-]", ADDED: "{{+{}+}}"}
    return "".join(marks[change.kind].format(change.text) for change in word_differences(old, new))


def sides(changes: tuple[Change, ...]) -> tuple[str, str]:
    old = "".join(change.text for change in changes if change.kind is not ADDED)
    new = "".join(change.text for change in changes if change.kind is not REMOVED)
    return old, new


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("One word", "One word", "One word"),
        ("", "New.", "{+New.+}"),
        ("Old.", "", "[-Old.-]"),
        ("Police said 5 people died.", "Police said 7 people died.", "Police said [-5-]{+7+} people died."),
        ("It cost 1,250.50 euros.", "It cost 1,350.50 euros.", "It cost [-1,250.50-]{+1,350.50+} euros."),
        ("At 10:30 he didn't come.", "At 10:45 he didn't come.", "At [-10:30-]{+10:45+} he didn't come."),
        ("They don't know.", "They won't know.", "They [-don't-]{+won't+} know."),
        ("Ein großes Haus", "Ein kleines Haus", "Ein [-großes-]{+kleines+} Haus"),
        ("東京都は5日発表した。", "東京都は7日発表した。", "東京都は[-5-]{+7+}日発表した。"),
        ("北京市长说", "南京市长说", "[-北-]{+南+}京市长说"),
        ("กินน้ำมาก", "กินข้าวมาก", "กิน[-น้ำ-]{+ข้าว+}มาก"),
        ("हिन्दी समाचार", "हिन्दी खबर", "हिन्दी [-समाचार-]{+खबर+}"),
        ("He said so. She left.", "He said so, and she left.", "He said so[-. She-]{+, and she+} left."),
        ("First.\n\nSecond.\n\nThird.", "First.\n\nThird.", "First.\n\n[-Second.\n\n-]Third."),
        ("First.\n\nThird.", "First.\n\nSecond.\n\nThird.", "First.\n\n{+Second.\n\n+}Third."),
        (
            "A dog ran.\n\nThe mayor said no.\n\nRain fell.",
            "A cat ran.\n\nThe mayor said yes.\n\nSnow fell.",
            "A [-dog-]{+cat+} ran.\n\nThe mayor said [-no-]{+yes+}.\n\n[-Rain-]{+Snow+} fell.",
        ),
    ],
)
def test_word_by_word(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


def test_a_chance_agreement_does_not_cut_a_rewritten_sentence_in_shreds() -> None:
    old = "Twelve ministers gathered quietly before the dawn broke over their northern capital"
    new = "Nobody expected that anyone could reach the summit without ropes or bottled oxygen"
    assert [change.kind for change in word_differences(old, new)] == [REMOVED, ADDED]


def test_a_paragraph_put_between_two_that_changed_is_told_from_them() -> None:
    old = "The council of Arbroath met on Monday.\n\nIts chairman Neil Shaw spoke for 5 minutes."
    new = (
        "The council of Arbroath met on Tuesday.\n\nNobody had expected that.\n\n"
        "Its chairman Neil Shaw spoke for 9 minutes."
    )
    assert shown(old, new) == (
        "The council of Arbroath met on [-Monday-]{+Tuesday+}.\n\n{+Nobody had expected that.\n\n+}"
        "Its chairman Neil Shaw spoke for [-5-]{+9+} minutes."
    )


def test_a_paragraph_that_went_or_came_is_whole() -> None:
    old = "Five fell.\n\nThe mayor said no.\n\nThe ferry left."
    assert shown(old, "Five fell.\n\nThe ferry left.") == "Five fell.\n\n[-The mayor said no.\n\n-]The ferry left."
    assert shown("Ships came in.", "Ships came in.\n\nOne left.") == "Ships came in.{+\n\nOne left.+}"
    assert shown("The mayor ran.", "The man sat.\n\nThe lady ran.") == "{+The man sat.\n\n+}The [-mayor-]{+lady+} ran."
    assert shown("He left on Monday.", "He left on Tuesday.\n\nNobody came.") == (
        "He left on [-Monday-]{+Tuesday+}.{+\n\nNobody came.+}"
    )


TEXTS = st.lists(
    st.sampled_from(["a", "b", "c", " ", "\n\n", "\n", ". ", "京", "กิ", "1.5", "\u0301", "x y z "]), max_size=40
)


@given(TEXTS.map("".join) | st.text(max_size=40), TEXTS.map("".join) | st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_both_texts_can_be_read_from_the_differences(old: str, new: str) -> None:
    changes = word_differences(old, new)
    assert sides(changes) == (old, new)
    assert all(change.text for change in changes)
    kinds = [change.kind for change in changes]
    for one, other in pairwise(kinds):
        assert one is not other
        assert (one, other) != (ADDED, REMOVED)
    if old == new:
        assert set(kinds) <= {SAME}


@given(TEXTS.map("".join), TEXTS.map("".join), st.text("xyz ", max_size=9), st.text("xyz ", max_size=9))
@settings(max_examples=100, deadline=None)
def test_what_both_begin_and_end_with_is_no_change(old: str, new: str, head: str, tail: str) -> None:
    head, tail = f"First {head}\n\n", f"\n\n{tail} last"
    changes = word_differences(head + old + tail, head + new + tail)
    assert changes[0].kind is SAME
    assert changes[0].text.startswith(head.rstrip("\n"))
    assert changes[-1].kind is SAME
    assert changes[-1].text.endswith(tail.lstrip("\n"))


HOSTILE = {
    "shifted": ("a b " * 60_000, "b a " * 60_000),
    "other paragraphs": ("a " * 120_000, "a\n\n" * 80_000),
    "three characters": ("中国人" * 30_000, "人国中" * 30_000),
    "turned round": (" ".join(map(str, range(40_000))), " ".join(map(str, range(40_000, 0, -1)))),
    "in pairs": (" ".join(str(n // 2) for n in range(40_000)), " ".join(str(n // 2) for n in range(40_000, 0, -1))),
    "punctuation": ("." * 250_000, ".," * 125_000),
    "white space": ("\n \n" * 80_000, "\n\n \n" * 60_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_end(name: str) -> None:
    # A quadratic comparison of these takes minutes, and a memory to match: it would not end within CI's limit.
    old, new = HOSTILE[name]
    assert sides(word_differences(old, new)) == (old, new)


@pytest.mark.slow
def test_a_long_text_with_many_small_edits_keeps_what_was_not_edited() -> None:
    # Every word comes again and again, so that none is an anchor by itself.
    old = " ".join(f"w{number * number % 997} w{number % 331}" for number in range(20_000))
    pieces = old.split(" ")
    pieces[::200] = ["edited"] * len(pieces[::200])
    changes = word_differences(old, " ".join(pieces))
    kept = sum(len(words(change.text)) for change in changes if change.kind is SAME)
    assert kept > 0.95 * len(pieces)


def test_words() -> None:
    text = "\u201cDon\u2019t pay 1,000.50!\u201d \u2013 東京 said U-turn…"
    assert words(text) == ["Don\u2019t", "pay", "1,000.50", "東", "京", "said", "U-turn"]
