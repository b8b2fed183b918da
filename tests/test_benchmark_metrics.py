"""The benchmark's metrics, on cases small enough to be worked out by hand."""

from __future__ import annotations

import pytest

from tests.benchmarks.extraction import metrics
from tests.benchmarks.extraction.corpora import Truth
from tests.benchmarks.extraction.extractors import EXTRACTORS, Answer, available
from tests.benchmarks.extraction.paired import difference_of_means, difference_of_segments
from tests.benchmarks.extraction.race import Taken
from tests.benchmarks.extraction.rouge import rouge_lsum
from tests.benchmarks.extraction.scoring import Scores, known, score, summary


@pytest.mark.parametrize(
    ("answer", "truth", "expected"),
    [
        ("The ferry sails", "the ferry sails", 1.0),
        ("the ferry", "the ferry sails at noon", 4 / 7),  # 2 of 2 answered, 2 of 5 wanted
        ("ferry ferry ferry", "ferry", 1 / 2),  # a word counts as often as both have it
        ("sails", "ferry", 0.0),
        ("", "ferry", 0.0),
        ("", "", 1.0),
        ("ferry", "", 0.0),
    ],
)
def test_words(answer: str, truth: str, expected: float) -> None:
    assert metrics.word_f1(answer, truth) == pytest.approx(expected)


def test_segments_are_counted_over_all_pages() -> None:
    one = metrics.Segments.of("A ferry\n\nsails at noon.", ["ferry sails", "tide"], ["Imprint"])
    other = metrics.Segments.of("Imprint", ["harbour"], ["Imprint"])
    assert (one, other) == (metrics.Segments(1, 0, 1), metrics.Segments(0, 1, 1))
    assert metrics.segment_f1([one, other]) == pytest.approx(2 / 5)  # precision 1/2, recall 1/3
    assert metrics.segment_f1([other]) == 0.0


def test_snippets_kept_out() -> None:
    assert metrics.kept_out("Subscribe\nnow. The ferry sails.", ["Subscribe now", "Imprint"]) == 0.5


@pytest.mark.parametrize(
    ("answer", "truth", "expected"),
    [
        ("Ferry\N{RIGHT SINGLE QUOTATION MARK}s last trip \N{EN DASH} at noon", "FERRY'S last trip: at noon", True),
        ("Ferry's last trip | The Gazette", "Ferry's last trip", False),
        (None, "Ferry", False),
        ("", "", False),
    ],
)
def test_titles(answer: str | None, truth: str, *, expected: bool) -> None:
    assert metrics.same_title(answer, truth) is expected


@pytest.mark.parametrize(
    ("answer", "truth", "expected"),
    [
        ("2026-03-01", "2026-3-1", True),
        ("2026-02-28T23:30:00Z", "2026-03-01T00:30:00+01:00", True),  # one instant, two days
        ("2026-03-01", "2026-03-02", False),
        ("2026-03-17", "2026-03", True),  # the truth knows the month only
        ("2026-04-17", "2026-03", False),
        (None, "2026-03-01", False),
        ("yesterday", "2026-03-01", False),
    ],
)
def test_days(answer: str | None, truth: str, *, expected: bool) -> None:
    assert metrics.same_day(answer, truth) is expected


@pytest.mark.parametrize(
    ("answer", "truth", "expected"),
    [
        (["José Álvarez"], ["By Jose Alvarez, Madrid"], 1.0),
        (["Ann Lee", "Bo Ek"], ["Ann Lee"], 2 / 3),
        (["Ann Lee"], ["Bo Ek"], 0.0),
        ([], [], 1.0),
        (["Ann Lee"], [], 0.0),
    ],
)
def test_authors(answer: list[str], truth: list[str], expected: float) -> None:
    assert metrics.author_f1(answer, truth) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answer", "paragraphs", "expected"),
    [
        ("the ferry sails", ["The ferry sails."], 1.0),
        ("sails ferry the", ["the ferry sails"], 1 / 3),  # one word of three in order, of three answered
        ("the ferry. The tide.", ["The ferry and the tide"], 8 / 9),  # two sentences follow 4 words of 5, of 4
        ("the ferry sails", ["the ferry sails", "[a picture]"], 1.0),  # optional, and left out
        ("the ferry a picture", ["the ferry", "[a picture]"], 1.0),  # optional, and counted
        ("", ["the ferry"], 0.0),
        ("the ferry", ["the ferry", *["[x y]"] * 7], 1.0),  # more optional ones than are tried in all choices
    ],
)
def test_rouge(answer: str, paragraphs: list[str], expected: float) -> None:
    assert rouge_lsum(answer, paragraphs) == pytest.approx(expected)


def test_scores_are_for_what_the_truth_says() -> None:
    assert score(Truth(), Answer("A title", ("Ann Lee",), "2026-03-01", "A body"), "word_f1") == Scores()
    truth = Truth(title="A title", authors=(), date="", bodies=("another text", "a body"))
    assert score(truth, Answer("A title", ("Ann Lee",), None, "A body"), "word_f1") == Scores(
        body=1.0, title=1.0, invented_date=0.0, invented_authors=1.0
    )
    assert known(truth, {"title"}) == Truth(title="A title", bodies=truth.bodies)


def test_a_summary() -> None:
    times = [Taken(Answer(), milliseconds, 2.0) for milliseconds in (4.0, 6.0, 20.0)]
    found = summary([Scores(body=1.0, date=1.0), Scores(body=0.5), Scores(body=0.0)], times)
    assert (found.body, found.title, found.date) == (0.5, None, 1.0)
    assert (found.mean, found.median, found.x_parse) == (10.0, 6.0, 5.0)
    assert found.raised == 0


def test_the_interval_of_a_mean() -> None:
    assert difference_of_means([0.25] * 9, 50).low == difference_of_means([0.25] * 9, 50).high == 0.25
    found = difference_of_means([0.0, 1.0] * 50, 2000)
    assert found.value == 0.5
    # The standard error is 0.5 / sqrt(100): the interval is about 0.5 ± 0.098.
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)
    assert found == difference_of_means([0.0, 1.0] * 50, 2000)


def test_the_interval_of_segments() -> None:
    good, bad = metrics.Segments(2, 0, 0), metrics.Segments(1, 1, 1)
    found = difference_of_segments([(good, bad)] * 8, 50)
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_a_peer_that_is_not_installed_is_named() -> None:
    assert available(("ours",)) == (["ours"], [])
    installed, missing = available(tuple(EXTRACTORS))
    assert sorted(installed + missing) == sorted(EXTRACTORS)
