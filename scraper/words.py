"""Text as the search index takes it: scripts written without spaces are split into characters, and letters are folded
that SQLite's own tokenizer leaves as they are.

FTS5's unicode61 with ``remove_diacritics 2`` lowers case and takes marks off Latin letters (é ễ ą ş). It knows nothing
of ß, ł, ø, đ and Turkish dotless i, of Greek accents, of ё, of Arabic vowel signs and forms of letters, of full width.
What is done here to an article is done to a query as well; both agree because every character is folded by itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Han, kana, Bopomofo; then Thai and Lao, Burmese and its extensions, Khmer.
_IDEOGRAPHS = (
    "\u3005-\u3007\u3021-\u3029\u3038-\u303c\u3040-\u3096\u309b-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00016fe0-\U00016ff1\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
_SYLLABIC = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))
_VOICED = (0x3099, 0x309A)  # sound marks of kana that have no composed form


def _span(first: int, last: int) -> str:
    return f"{chr(first)}-{chr(last)}"


_MARKS = "".join(
    chr(code)
    for first, last in (*_SYLLABIC, _VOICED)
    for code in range(first, last + 1)
    if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)
"""Vowel signs and tone marks, which stay with the letter before."""

_UNSPACED = _IDEOGRAPHS + "".join(_span(*span) for span in (*_SYLLABIC, _VOICED))
_RUN = re.compile(f"[{_UNSPACED}]+")
_MARKED = re.compile(f"[{_MARKS}]")
CHARACTER = re.compile(f"[{_UNSPACED}][{_MARKS}]*")
"""One character of a script without spaces, with its marks."""

# Full and half width, ligatures, Arabic presentation forms, Roman numerals, radicals. Whole runs are looked at, because
# a half-width kana and its sound mark are one letter.
_FORMS = re.compile("[\u2160-\u217f\u2f00-\u2fd5\ufb00-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\uff01-\uffdc]+")


def _folded() -> dict[int, str]:
    table = dict.fromkeys((0x00AD, 0x0640, 0x200C, 0x200D, 0x2060, 0xFEFF), "")  # soft hyphen, tatweel, joiners
    table |= dict.fromkeys(range(0xE0100, 0xE01F0), "")  # which of its forms an ideograph has
    for first, last in ((0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED)):
        # Hebrew points, Arabic vowel signs.
        table |= {code: "" for code in range(first, last + 1) if unicodedata.category(chr(code)) == "Mn"}
    singles = {
        "آأإٱىیئکۀہةؤ": "اااايييكهههو",
        "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹": "01234567890123456789",
        "ЀЁЍѐёѝ": "ЕЕИееи",
        "ŁłØøĐđÐð\u0131ĦħŦŧ": "llooddddihhtt",
    }
    for letters, plain in singles.items():
        table |= {ord(letter): to for letter, to in zip(letters, plain, strict=True)}
    for letters, plain in {"ßẞ": "ss", "Ææ": "ae", "Œœ": "oe", "Þþ": "th", "Ĳĳ": "ij"}.items():
        table |= dict.fromkeys(map(ord, letters), plain)
    for code in (*range(0x0370, 0x0400), *range(0x1F00, 0x2000)):
        plain = "".join(part for part in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(part))
        if plain != chr(code) and plain.isalpha():
            table[code] = plain  # Greek without its accents
    return table


_LETTERS = _folded()
_LETTER = re.compile(f"[{''.join(chr(code) for code in _LETTERS if code < 0x10000)}\U000e0100-\U000e01ef]")
# Letters and signs of alphabets that are indexed as they stand, none of which joins another: most texts have no others.
_PLAIN = [
    *range(0x250),
    *range(0x400, 0x483),
    *range(0x48A, 0x530),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2040),
    0x20AC,
]
_OTHER = re.compile(f"[^{re.escape(''.join(chr(code) for code in _PLAIN if code not in _LETTERS))}]")


def indexed(text: str) -> str:
    """What the index takes for a text, and what a query must be made of; most texts as they are."""
    if text.isascii() or _OTHER.search(text) is None:
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if _LETTER.search(text) is not None:
        text = text.translate(_LETTERS)
    return _RUN.sub(_apart, text)


def index_copy(text: str) -> str | None:
    """What to index in place of a text, or None if it can be indexed as it stands."""
    words = indexed(text)
    return None if words == text else words


def has_word(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(unicodedata.category(letter)[0] in "LN" for letter in text)


def is_unspaced(letter: str) -> bool:
    """Whether a character belongs to a script that is written without spaces."""
    return _RUN.match(letter) is not None


def flat(text: str) -> str:
    """The text with every letter lower-case and plain, each in its place: for finding where words stand in it.

    What becomes two letters (ß) stays; what is left out of the index becomes a soft hyphen.
    """
    if not text.isascii():
        letters, table = _flattened()
        text = letters.sub(lambda match: table[match[0]], text)
    low = text.lower()
    return low if len(low) == len(text) else "".join(letter.lower()[:1] for letter in text)


def _apart(run: re.Match[str]) -> str:
    text = run[0]
    return f" {' '.join(text if _MARKED.search(text) is None else CHARACTER.findall(text))} "


@cache
def _flattened() -> tuple[re.Pattern[str], dict[str, str]]:
    """Letters by what FTS5 and this module make of them, where that is one letter; and an expression for them."""
    table = {chr(code): plain or "\u00ad" for code, plain in _LETTERS.items() if len(plain) < 2 and code < 0x10000}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code) and base.isascii():
            table.setdefault(chr(code), base)
    for code in range(0xFF01, 0xFFDD):
        form = unicodedata.normalize("NFKC", chr(code))
        if len(form) == 1:
            table[chr(code)] = form
    return re.compile(f"[{re.escape(''.join(table))}]"), table
