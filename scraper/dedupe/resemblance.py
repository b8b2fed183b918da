"""Near-copies: whether two bodies tell one report in (mostly) one wording. Pure.

Two steps, because an exact comparison with every stored article is too dear:

1. :func:`sketch`: of all runs of five words of a body (shingles), those with the smallest hashes. What is cut out of a
   text keeps its share of them, so a paper that prints the first third of an agency's report still shares some with it
   (bottom-k sketches: Cohen & Kaplan, "Summarizing data using bottom-k sketches", 2007). Who shares some is compared.
2. :func:`compare`: the two bodies, word by word. Shared wording alone makes no copy: market and match reports, weather
   and court lists share their sentences, and differ in their numbers and names. So where two texts say something else
   in the same place, that counts against them (``Resemblance.slots``).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from scraper.dedupe.wire import without_boilerplate
from scraper.model import Article, Kind

Hashes = npt.NDArray[np.uint64]

_RUN = 5  # words of a shingle
_CHARACTERS = 8  # of a shingle, in scripts written without spaces: about as much as five words
_BITS = 47  # of a hash in a sketch: SQLite keeps it in six bytes
_SKETCH = 20  # hashes; of a third of a text, seven are expected to be the whole's
_SHORT = 40  # words; what has fewer says too little to be told from a template
_LETTERS = 18  # of a shingle, to be in a sketch: "at the end of the" is everybody's
_LONG = 400_000  # characters that are looked at

_ENOUGH = 0.6  # of the shorter text, where the beginning is shared
_PLENTY = 0.8  # of the shorter text, where it is not
_LEAD = 40  # words
_LEAD_SHARE = 0.5
_SWAP = 25  # words; what is longer is another passage, and no slot of a form
_PER_SLOT = 125  # shared words for each slot; one there may always be, for a figure that was brought up to date

_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 2**64)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SILENT, _SIGN, _LETTER, _ALONE = range(4)  # what a character is; ALONE: a word by itself
_APOSTROPHES = "'`\u00b4\u02bc\u2018\u2019\uff07"
_ACCENTS = "".join(map(chr, range(0x300, 0x370)))
_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF))


@cache
def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Of every character up to U+FFFF what it is, and how it is compared: in lower case, without its accent."""
    kinds, forms = np.full(0x10000, _SIGN, np.uint8), np.arange(0x10000, dtype=np.uint32)
    for code in range(0x10000):
        category = unicodedata.category(chr(code))
        if category[0] in "LN":
            kinds[code] = _ALONE if any(low <= code <= high for low, high in _UNSPACED) else _LETTER
            form = chr(code).lower()[0]
            bare = unicodedata.normalize("NFKD", form).rstrip(_ACCENTS) if not 0x2500 <= code < 0xFF00 else form
            forms[code] = ord(bare if len(bare) == 1 else form)
        elif category[0] == "M" or category == "Cf" or chr(code) in _APOSTROPHES:
            kinds[code] = _SILENT
    return kinds, forms


def _mixed(values: Hashes) -> Hashes:
    """Hashes whose small ones are as good as drawn by lot (the finish of splitmix64)."""
    values = (values ^ (values >> np.uint64(29))) * _MIX
    return values ^ (values >> np.uint64(32))


class Wording:
    """The words of a body, ready to be compared: a hash each, and of every run of them.

    A word is letters and digits, whatever their case, accents and apostrophes; in scripts written without spaces it is
    a character.
    """

    def __init__(self, body: str) -> None:
        self._text = without_boilerplate(body[:_LONG])
        kinds, forms = _tables()
        codes = np.frombuffer(self._text.encode("utf-32-le", "replace"), np.uint32)
        if len(codes) and codes.max() > 0xFFFF:  # rare ideographs count as one of the common ones, emoji as signs
            codes = np.where(codes <= 0xFFFF, codes, np.where((codes >> 16) - 2 < 2, 0x4E00, 0x20)).astype(np.uint32)
        kept = np.flatnonzero(kinds[codes])  # without the silent ones
        kind, form = kinds[codes[kept]], forms[codes[kept]]
        is_word = kind >= _LETTER
        # A word begins behind a sign, and with and behind each character that is a word by itself.
        cut = np.append(True, kind[1:] + kind[:-1] > 2 * _LETTER) if len(kind) else is_word
        before = np.append(False, is_word[:-1]) if len(kind) else is_word
        starts = np.flatnonzero(is_word & (~before | cut))
        after = np.append(is_word[1:] & ~cut[1:], False) if len(kind) else is_word
        ends = np.flatnonzero(is_word & ~after) + 1
        self.words = _word_hashes(form, starts, ends)
        self._places, self._lengths = (kept[starts], kept[ends - 1] + 1), ends - starts
        self._is_unspaced = bool(len(starts)) and bool((kind[starts] == _ALONE).mean() > 0.5)
        self.run = _CHARACTERS if self._is_unspaced else _RUN
        self.shingles = _shingles(self.words, self.run)

    @property
    def is_short(self) -> bool:
        """Whether it says too little for a near-copy of it to be told from chance."""
        return len(self.words) < _SHORT * (2 if self._is_unspaced else 1)

    @cached_property
    def ordered(self) -> tuple[npt.NDArray[np.intp], Hashes]:
        """Its shingles by their hash: the place of each, and the hash."""
        order = np.argsort(self.shingles, kind="stable")
        return order, self.shingles[order]

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Its words that stand in lower case."""
        return frozenset(word for word in self.spelled(slice(None)) if word.islower())

    def sketch(self) -> tuple[int, ...]:
        """The smallest hashes of its shingles; none of a short text."""
        if self.is_short:
            return ()
        telling = self.shingles
        if not self._is_unspaced:
            letters = np.concatenate(([0], np.cumsum(self._lengths)))
            telling = telling[letters[self.run :] - letters[: -self.run] >= _LETTERS]
        if len(telling) > 4 * _SKETCH:  # sorting the few smallest is cheaper than all; some may come twice
            telling = np.partition(telling, 2 * _SKETCH)[: 2 * _SKETCH]
        return tuple(np.unique(telling >> np.uint64(64 - _BITS))[:_SKETCH].tolist())

    def spelled(self, places: slice) -> list[str]:
        """Some of the words as they stand in the text, with their capitals."""
        starts, ends = (some[places].tolist() for some in self._places)
        return [self._text[start:end] for start, end in zip(starts, ends, strict=True)]


def _word_hashes(form: npt.NDArray[np.uint32], starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]) -> Hashes:
    """A hash for each word: the difference of two prefixes of a polynomial, moved to its beginning."""
    if not len(starts):
        return np.empty(0, np.uint64)
    size = int(ends[-1])
    powers, back = _powers(1 << size.bit_length())
    prefixes = np.zeros(size + 1, np.uint64)
    np.cumsum((form[:size].astype(np.uint64) + np.uint64(1)) * powers[:size], out=prefixes[1:])
    return _mixed((prefixes[ends] - prefixes[starts]) * back[starts])


@lru_cache(maxsize=4)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """The powers of the base and of its inverse, from the first on."""
    forth, back = (np.multiply.accumulate(np.full(size, base, np.uint64)) for base in (_BASE, _INVERSE))
    return forth, back


def _shingles(words: Hashes, run: int) -> Hashes:
    """A hash for each run of words, one for every word that begins one."""
    count = len(words) - run + 1
    if count < 1:
        return np.empty(0, np.uint64)
    total = words[:count].copy()
    for offset in range(1, run):
        total = total * np.uint64(_BASE) + words[offset : offset + count]
    return _mixed(total)


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How alike two bodies are.

    ``similarity``: the share of all their words that stand in passages which both have. ``contained``: the share of the
    shorter one's. ``slots``: in how many places, between shared passages, each has another number or another name; not
    counted further than one more than a copy may have.
    ``is_copy``: whether all that makes one a copy of the other.
    """

    similarity: float
    contained: float
    slots: int
    is_copy: bool


def sketch(article: Article) -> tuple[int, ...]:
    """What the index keeps of an article: some of the hashes of its body's shingles, all below 2**47.

    Nothing of a live blog: its days share what went before, and are no copies of each other.
    """
    return () if article.kind is Kind.LIVE else Wording(article.body).sketch()


def compare(one: Wording, other: Wording) -> Resemblance:
    """How alike two bodies are, and whether one is a copy of the other."""
    if not len(one.shingles) or not len(other.shingles) or one.run != other.run:
        return Resemblance(0.0, 0.0, 0, is_copy=False)
    here, there = _shared(one, other), _shared(other, one)
    shorter = here if len(here) <= len(there) else there
    similarity = float((here.sum() + there.sum()) / (len(here) + len(there)))
    contained = float(shorter.mean())
    leads = max(float(here[:_LEAD].mean()), float(there[:_LEAD].mean())) >= _LEAD_SHARE
    if contained < (_ENOUGH if leads else _PLENTY) or one.is_short or other.is_short:
        return Resemblance(similarity, contained, 0, is_copy=False)
    allowed = max(1, int(shorter.sum()) // _PER_SLOT)
    slots = len(_slots(one, other, allowed + 1))
    return Resemblance(similarity, contained, slots, slots <= allowed)


def _shared(text: Wording, other: Wording) -> npt.NDArray[np.bool_]:
    """For each word, whether it stands in a run that the other text has, too."""
    _, found = _places(text, other)
    begun = np.zeros(len(text.words) + text.run, np.int32)
    np.cumsum(found, out=begun[text.run : text.run + len(found)])
    begun[text.run + len(found) :] = begun[text.run + len(found) - 1]
    shared: npt.NDArray[np.bool_] = begun[text.run :] > begun[: -text.run]
    return shared


def _places(text: Wording, other: Wording) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where each shingle of one text stands first in the other, and whether it does."""
    order, hashes = other.ordered
    at = np.minimum(np.searchsorted(hashes, text.shingles), len(hashes) - 1)
    return order[at], hashes[at] == text.shingles


def _swaps(one: Wording, other: Wording) -> list[tuple[slice, slice]]:
    """The places between two shared runs where each text has something of its own."""
    where, found = _places(one, other)
    here = np.flatnonzero(found)
    there = where[here]
    gap, twin = np.diff(here) - one.run, np.diff(there) - one.run
    swapped = np.flatnonzero((gap > 0) & (gap <= _SWAP) & (twin > 0) & (twin <= _SWAP))
    return [
        (slice(here[at] + one.run, here[at + 1]), slice(there[at] + one.run, there[at + 1])) for at in swapped.tolist()
    ]


def _slots(one: Wording, other: Wording, most: int) -> set[tuple[frozenset[str], frozenset[str]]]:
    """Where the two fill one form differently: other numbers, or other names. What comes again counts once.

    No more than so many are looked for: forms come by the hundred, and all of them are compared.
    """
    swaps = _swaps(one, other)
    if not swaps:
        return set()
    ordinary = one.ordinary | other.ordinary
    found = set()
    for gap, twin in swaps:
        here, there = _facts(one.spelled(gap), ordinary), _facts(other.spelled(twin), ordinary)
        ours, others = here - there, there - here
        if ours and others:
            found.add((ours, others))
            if len(found) == most:
                break
    return found


def _facts(words: list[str], ordinary: frozenset[str]) -> frozenset[str]:
    """The numbers and names among some words, in lower case."""
    return frozenset(
        word.lower()
        for word in words
        if any(map(str.isdigit, word)) or (word[0].isupper() and word.lower() not in ordinary)
    )
