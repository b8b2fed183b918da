"""Notices by which a publisher says that a text was corrected, or brought up to date."""

# ruff: noqa: RUF001 - signs of the world's alphabets

from __future__ import annotations

import re
from functools import cache

from scraper.dedupe.differences import words
from scraper.dedupe.noise import folded
from scraper.dedupe.vocabulary import CORRECTIONS, UPDATES

_LONGEST = 10  # words of a phrase
_LABEL = re.compile(r"[*_ ]*(?:[:.。\uff1a)(\[\]\-\u2013\u2014|]|\d|,[^,;:]{1,12}\d|$)")


@cache  # not made by a command that only reads
def _phrases() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(map(folded, words(phrase))) for phrase in CORRECTIONS.replace("\n", " ").split(";"))


@cache
def _updates() -> tuple[str, ...]:
    return tuple(map(folded, UPDATES.split()))


def is_correction(line: str) -> bool:
    """Whether a paragraph is such a notice: it begins as one does.

    After a single word ("Correction") there is a colon or the like, or a date: an article may be about corrections. A
    phrase in Chinese characters or kana ends there, too.
    """
    start = line[:200].lstrip("*_•-–—[(【《<>\"' ")
    pieces = words(start)[:_LONGEST]
    for size in range(len(pieces), 0, -1):
        if tuple(map(folded, pieces[:size])) in _phrases():
            rest = start[start.index(pieces[size - 1]) + len(pieces[size - 1]) :]
            return (size > 1 and len(pieces[0]) > 1) or _LABEL.match(rest) is not None or _is_spaced(pieces, rest)
    return False


def tells_of_update(line: str) -> bool:
    """Whether a paragraph begins by saying that something is new."""
    return folded(line[:80]).startswith(_updates())


def _is_spaced(pieces: list[str], rest: str) -> bool:
    return len(pieces[0]) == 1 and rest[:1].isspace()
