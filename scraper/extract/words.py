"""Text: white space, words in every script, and folding for comparison."""

from __future__ import annotations

import re
import unicodedata
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
_PERHAPS_UNSPACED = re.compile(r"[^\x00-\u0dff\u2000-\u2bff]")  # more than those, told in one step a letter
_SENTENCE_END = re.compile(
    r"[.!?\u2026\u3002\uff0e\uff01\uff1f\u061f\u06d4\u0964\u1362][\"'\u2019\u201d\u201c\u00bb\u300d\u300f\uff09)\]*_]*$"
)
_INVISIBLE = re.compile(r"[\x00\ud800-\udfff\u00ad\u200b\u2060\ufeff]")
_NOT_WORD = re.compile(r"[\W_]+")
_SHORT = 300  # characters of a text whose folding is kept: headlines and names are folded many times a page


def squeeze(text: str) -> str:
    """The text on one line: any white space becomes one space; NUL, invisible characters and lone surrogates go."""
    line = " ".join(text.split())
    return line if line.isprintable() else " ".join(_INVISIBLE.sub("", line).split())


def count_words(text: str) -> int:
    """Words in any script, signs that stand alone aside; where words are not spaced, characters stand for them."""
    if not _is_spaced(text):
        return _characters(text)
    words = text.split()
    return len(words) - sum([len(word) == 1 and not word.isalnum() for word in words])


def words_in(text: str) -> int:
    """About as many words as :func:`count_words` finds, signs counted: what every block of a page is asked."""
    return len(text.split()) if _is_spaced(text) else _characters(text)


def _is_spaced(text: str) -> bool:
    return text.isascii() or _PERHAPS_UNSPACED.search(text) is None or _UNSPACED.search(text) is None


def _characters(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, closing quotes and brackets aside."""
    return not text[-1:].isalnum() and _SENTENCE_END.search(text[-8:].rstrip()) is not None


def fold(text: str) -> str:
    """The letters and digits of a text, lower-case, one space between words: equal for equal headlines."""
    return _fold(text) if len(text) < _SHORT else _fold.__wrapped__(text)


@lru_cache(maxsize=2048)
def _fold(text: str) -> str:
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
