"""The place in a text where the words of a query stand, for a list of hits."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from scraper.query import Term, parse
from scraper.words import CHARACTER, flat, is_unspaced

_LENGTH = 200  # characters, of scripts with spaces
_SHORT = 90  # of those without, which say more in fewer
_BEFORE = 5  # of so many parts, one stands before the first hit
_HITS = 20  # of each term, looked at to choose the place
_LONGEST_WORD = 30  # which is not cut
_ELLIPSIS = "…"
_PAIRS = {"ss": "ß", "ae": "æ", "oe": "œ", "th": "þ", "ij": "ĳ"}
_PAIR = re.compile("|".join(_PAIRS))
_SKIPPED = "\u00ad"  # what flat() makes of signs that the index leaves out
_WORD = re.compile(f"{CHARACTER.pattern}|(?:(?!{CHARACTER.pattern})[^\\W_])+")
_LAST_WORD, _WORD_REST = re.compile(r"\S*$"), re.compile(r"\S*")


@dataclass(frozen=True, slots=True, order=True)
class _Hit:
    """Where the ``term``-th term stands."""

    start: int
    end: int
    term: int


def excerpt(text: str, query: str) -> str:
    """A part of ``text``, as it is written there, with the words of ``query`` in ``[…]``; its beginning without any."""
    hits = _hits(flat(text), query)
    start, end = _window(text, hits)
    parts, at = [_ELLIPSIS if start else ""], start
    for hit in hits:
        if at <= hit.start and hit.end <= end:
            parts += [text[at : hit.start], "[", text[hit.start : hit.end], "]"]
            at = hit.end
    return "".join([*parts, text[at:end], _ELLIPSIS if end < len(text) else ""])


def _hits(plain: str, query: str) -> list[_Hit]:
    found = []
    for term, (sought, spaced) in enumerate(_sought(query, _SKIPPED in plain)):
        # That it begins a word is looked at here: a search that begins with letters is ten times as fast.
        places = (match.span() for match in sought.finditer(plain))
        whole = (span for span in places if not spaced or not span[0] or not plain[span[0] - 1].isalnum())
        found += [_Hit(*span, term) for span in islice(whole, _HITS)]
    return sorted(found)


def _window(text: str, hits: list[_Hit]) -> tuple[int, int]:
    """From where to where: the first place with the most different words, and a little before it."""
    length = _SHORT if is_unspaced(text[hits[0].start] if hits else text[:1]) else _LENGTH
    if len(text) <= length * 1.2:
        return 0, len(text)
    reach = length * (_BEFORE - 1) // _BEFORE
    _, best = max(enumerate(hits), key=lambda pair: _variety(hits, pair[0], reach), default=(0, None))
    start = 0 if best is None or best.end <= reach else _word_begin(text, best.start - length // _BEFORE)
    return start, _word_end(text, start + length)


def _variety(hits: list[_Hit], place: int, reach: int) -> int:
    """How many different terms stand from a hit on, within reach. ``hits`` are in order."""
    end = hits[place].start + reach
    beyond = bisect_left(hits, end, lo=place, key=attrgetter("start"))
    return len({hit.term for hit in hits[place:beyond] if hit.end <= end})


def _word_begin(text: str, at: int) -> int:
    """Where the word begins that stands there; in scripts without spaces, right there."""
    found = _LAST_WORD.search(text, max(0, at - _LONGEST_WORD), at)
    return at if found is None or len(found[0]) == _LONGEST_WORD else found.start()


def _word_end(text: str, at: int) -> int:
    found = _WORD_REST.match(text, min(at, len(text)), at + _LONGEST_WORD)
    return at if found is None or len(found[0]) == _LONGEST_WORD else found.end()


@lru_cache(maxsize=64)
def _sought(query: str, skips: bool) -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Each term as an expression over flat text, and whether it must begin a word. ``skips``: the text has signs that
    the index leaves out.
    """
    words = [(term, _WORD.findall(flat(term.text))) for term in parse(query).terms]
    return tuple((_pattern(each, term, skips), not is_unspaced(each[0])) for term, each in words if each)


def _pattern(words: list[str], term: Term, skips: bool) -> re.Pattern[str]:
    between = f"{_SKIPPED}*" if skips else ""
    pattern, was_spaced = "", False
    for word in words:
        spaced = not is_unspaced(word)
        gap = "[\\W_]+" if spaced and was_spaced else "[\\W_]*"
        letters = [between.join(map(_spelled, part)) for part in _PAIR.split(word)]
        pairs = [f"(?:{pair}|{_PAIRS[pair]})" for pair in _PAIR.findall(word)]
        pattern += gap * bool(pattern) + between.join(
            letter + pair for letter, pair in zip(letters, [*pairs, ""], strict=True)
        )
        was_spaced = spaced
    if was_spaced:
        pattern += "[^\\W_]*" if term.begins else "(?![^\\W_])"
    return re.compile(pattern)


def _spelled(letter: str) -> str:
    """A letter as an expression: a kana's sound mark may stand apart, as it does in half width."""
    apart = unicodedata.normalize("NFD", letter) if is_unspaced(letter) else letter
    return re.escape(letter) if apart == letter else f"(?:{letter}|{apart})"
