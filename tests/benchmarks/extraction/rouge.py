"""ROUGE-LSum: how much of the truth an answer follows, sentence by sentence and in order (fundus-evaluation's metric).

For each sentence of the truth, the words that lie on a longest common subsequence with any sentence of the answer are
hits; a word counts no more often than both texts have it. A paragraph of the truth in [brackets] is optional and counts
only where that helps the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from tests.benchmarks.extraction.metrics import f1

_WORD = re.compile(r"[a-z0-9]+")
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")  # noqa: RUF001 (quotation marks are meant)
_ALL_CHOICES = 6
"""With up to so many optional paragraphs every choice of them is tried; with more, one after another."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One of the truth: its words, and those of them that the answer follows."""

    optional: bool
    words: Counter[str]
    hits: Counter[str]


def rouge_lsum(answer: str, paragraphs: Sequence[str]) -> float:
    """The F1 of an answer against the paragraphs of the truth."""
    answered = _sentences(answer)
    words = Counter(word for sentence in answered for word in sentence)
    truth = [_paragraph(text, answered) for text in paragraphs]
    needed = [paragraph for paragraph in truth if not paragraph.optional]
    optional = [paragraph for paragraph in truth if paragraph.optional]
    if len(optional) <= _ALL_CHOICES:
        sizes = range(len(optional) + 1)
        return max(_score(words, [*needed, *some]) for size in sizes for some in combinations(optional, size))
    best = _score(words, needed)
    for paragraph in optional:
        score = _score(words, [*needed, paragraph])
        if score > best:
            needed.append(paragraph)
            best = score
    return best


def _score(words: Counter[str], truth: Iterable[_Paragraph]) -> float:
    wanted: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for paragraph in truth:
        wanted.update(paragraph.words)
        hits.update(paragraph.hits)
    return f1((hits & wanted & words).total(), words.total(), wanted.total())


def _paragraph(text: str, answered: list[list[str]]) -> _Paragraph:
    optional = len(text) > 1 and text[0] == "[" and text[-1] == "]"
    words: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for sentence in _sentences(text[1:-1] if optional else text):
        words.update(sentence)
        followed: set[int] = set()
        for other in answered:
            if len(followed) == len(sentence):
                break
            followed |= _common(sentence, other)
        hits.update(sentence[place] for place in followed)
    return _Paragraph(optional, words, hits)


def _sentences(text: str) -> list[list[str]]:
    parts = (part for line in text.split("\n") for part in _END.split(line))
    return [words for part in parts if (words := _WORD.findall(part.lower()))]


def _common(truth: list[str], answer: list[str]) -> set[int]:
    """Where in the truth the words of one longest common subsequence stand.

    There may be several; the one that is found by walking the table from its end, up rather than left where both are
    as good, is the one that the rouge-score package takes.
    """
    shared = set(truth) & set(answer)
    if not shared:
        return set()
    places = [place for place, word in enumerate(truth) if word in shared]
    rows, columns = [truth[place] for place in places], [word for word in answer if word in shared]
    lengths = _lengths(rows, columns)
    found: set[int] = set()
    row, column = len(rows), len(columns)
    while row and column:
        if rows[row - 1] == columns[column - 1]:
            row, column = row - 1, column - 1
            found.add(places[row])
        elif lengths[row][column - 1] > lengths[row - 1][column]:
            column -= 1
        else:
            row -= 1
    return found


def _lengths(rows: list[str], columns: list[str]) -> list[list[int]]:
    """At [i][j], the length of a longest common subsequence of the first i rows and the first j columns."""
    table = [[0] * (len(columns) + 1)]
    for word in rows:
        above, row = table[-1], [0]
        for column, other in enumerate(columns):
            row.append(above[column] + 1 if word == other else max(above[column + 1], row[column]))
        table.append(row)
    return table
