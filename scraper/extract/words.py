"""Text: white space, words in every script, and folding for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Scripts written without spaces: a Han character or a kana is counted as a word, as editors of those languages count;
# four characters of Thai, Lao, Burmese or Khmer come to about one word.
_WORD = re.compile(
    r"[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
    r"|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{1,4}"
    r"|[^\W_\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+(?:['\u2019\-.][^\W_]+)*"
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u9fff\uf900-\ufaff]")
_SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002\uff0e\uff01\uff1f\u061f\u06d4\u0964\u1362][\"'\u2019\u201d\u201c\u00bb\u300d\u300f\uff09)\]*_]*$"
)
_SPACED_BYTES = bytes(byte for byte in range(256) if byte < 0xE0 or byte == 0xE2)  # in no letter of those, as UTF-8
# Lead bytes, as UTF-8, of nearly all letters that stand alone: those left over begin marks that join a letter before.
_COMPOSED_BYTES = bytes(byte for byte in range(256) if not (0xCC <= byte <= 0xCD or 0xE0 <= byte <= 0xE1))
_STOPS = ".!?"
_INVISIBLE = re.compile(r"[\x00\ud800-\udfff\u00ad\u200b\u2060\ufeff]")
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 300  # characters of a text whose folding is kept: headlines and names are folded many times a page


def squeeze(text: str) -> str:
    """The text on one line: any white space becomes one space; NUL, invisible characters and lone surrogates go."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(_INVISIBLE.sub("", line).split())


def squeeze_all(texts: Iterable[str]) -> list[str]:
    """Each text as :func:`squeeze` has it, in Unicode's composed form (NFC)."""
    lines = [" ".join(text.split()) for text in texts]
    joined = "".join(lines)
    if not joined.isprintable():
        lines = [squeeze(line) for line in lines]
    if not joined.isascii() and joined.encode("utf-8", "replace").translate(None, _COMPOSED_BYTES):
        lines = [unicodedata.normalize("NFC", line) for line in lines]
    return lines


def is_blank(text: str) -> bool:
    """Whether a text has nothing but white space and invisible characters."""
    first = text.lstrip()[:1]
    return not first or (not first.isprintable() and not squeeze(text))


def count_words(text: str) -> int:
    """Words in any script, signs that stand alone aside; where words are not spaced, characters stand for them."""
    if not is_spaced(text):
        return _characters(text)
    words = text.split()
    return len(words) - sum(not words[place].isalnum() for place, size in enumerate(map(len, words)) if size == 1)


def words_in(text: str) -> int:
    """About as many words as :func:`count_words` finds, signs counted."""
    return len(text.split()) if is_spaced(text) else _characters(text)


def sizes_of(lines: Sequence[str]) -> list[int]:
    """Of each line, squeezed, about as many words as :func:`words_in` finds; what every block of a page is asked."""
    if is_spaced("".join(lines)):
        return [line.count(" ") + 1 if line else 0 for line in lines]
    return [words_in(line) for line in lines]


def is_spaced(text: str) -> bool:
    """Whether the words of a text stand apart: it has no script that is written without spaces."""
    if text.isascii() or not text.encode("utf-8", "replace").translate(None, _SPACED_BYTES):
        return True
    return _UNSPACED.search(text) is None


def _characters(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, closing quotes and brackets aside."""
    last = text[-1:]
    if last in _STOPS:
        return bool(last)
    return not last.isalnum() and _SENTENCE_END.search(text[-8:].rstrip()) is not None


def fold(text: str) -> str:
    """The letters and digits of a text, lower-case, one space between words: equal for equal headlines."""
    return _fold(text) if len(text) < _SHORT else _fold.__wrapped__(text)


def folds_to(text: str, folded: str) -> bool:
    """Whether the folded text is that. Most are told apart by their first letter, which costs less."""
    first = text[:1]
    return not (first.isascii() and first.isalnum() and first.lower() != folded[:1]) and fold(text) == folded


@lru_cache(maxsize=2048)
def _fold(text: str) -> str:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
