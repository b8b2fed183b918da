"""What an answer is worth: the scores of a page, and of a corpus."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from tests.benchmarks.extraction import metrics
from tests.benchmarks.extraction.corpora import Truth
from tests.benchmarks.extraction.extractors import Answer
from tests.benchmarks.extraction.race import Taken
from tests.benchmarks.extraction.rouge import rouge_lsum


@dataclass(frozen=True, slots=True)
class Scores:
    """What one page's answer is worth, as far as its truth says; None where it does not."""

    body: float | None = None
    segments: metrics.Segments | None = None
    title: float | None = None
    date: float | None = None
    authors: float | None = None
    invented_date: float | None = None  # 1 where the page has none and the answer has one
    invented_authors: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of the table: means over the pages that have the field, times in CPU milliseconds a page."""

    body: float | None
    title: float | None
    date: float | None
    authors: float | None
    invented_date: float | None
    invented_authors: float | None
    raised: int
    mean: float
    median: float
    p95: float
    x_parse: float
    x_parse_p95: float


def known(truth: Truth, fields: Container[str]) -> Truth:
    """What an extractor that gives only these fields can be asked."""
    return replace(
        truth,
        title=truth.title if "title" in fields else None,
        authors=truth.authors if "authors" in fields else None,
        date=truth.date if "date" in fields else None,
    )


def score(truth: Truth, answer: Answer, metric: str) -> Scores:
    """Score one page, its body by this metric."""
    return Scores(
        body=_body(truth, answer.body, metric),
        segments=metrics.Segments.of(answer.body, truth.wanted, truth.unwanted) if metric == "segment_f1" else None,
        title=None if truth.title is None else float(metrics.same_title(answer.title, truth.title)),
        date=float(metrics.same_day(answer.date, truth.date)) if truth.date else None,
        authors=metrics.author_f1(answer.authors, truth.authors) if truth.authors else None,
        invented_date=float(bool(answer.date)) if truth.date == "" else None,
        invented_authors=float(bool(answer.authors)) if truth.authors == () else None,
    )


def summary(scores: Sequence[Scores], taken: Sequence[Taken]) -> Summary:
    """The row of one extractor on one corpus."""
    times = sorted(one.milliseconds for one in taken)
    parses = sorted(one.parse_milliseconds for one in taken)
    return Summary(
        body=body_score(scores),
        title=_mean(scores, lambda page: page.title),
        date=_mean(scores, lambda page: page.date),
        authors=_mean(scores, lambda page: page.authors),
        invented_date=_mean(scores, lambda page: page.invented_date),
        invented_authors=_mean(scores, lambda page: page.invented_authors),
        raised=sum(one.error is not None for one in taken),
        mean=statistics.fmean(times),
        median=statistics.median(times),
        p95=_p95(times),
        x_parse=sum(times) / sum(parses),
        x_parse_p95=_p95(times) / _p95(parses),
    )


def body_score(scores: Iterable[Scores]) -> float | None:
    """The mean over pages, or of segments the score of all pages together."""
    pages = list(scores)
    segments = [page.segments for page in pages if page.segments is not None]
    return metrics.segment_f1(segments) if segments else _mean(pages, lambda page: page.body)


def _body(truth: Truth, answer: str, metric: str) -> float | None:
    if metric == "rouge_lsum":
        return rouge_lsum(answer, truth.paragraphs)
    if metric == "word_f1" and truth.bodies:
        return max(metrics.word_f1(answer, body) for body in truth.bodies)
    return None


def _mean(scores: Iterable[Scores], field: Callable[[Scores], float | None]) -> float | None:
    values = [value for page in scores if (value := field(page)) is not None]
    return statistics.fmean(values) if values else None


def _p95(ordered: Sequence[float]) -> float:
    """The value that 95 of 100 stay under."""
    return ordered[max(0, int(len(ordered) * 0.95) - 1)]
