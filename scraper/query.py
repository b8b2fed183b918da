"""The language of searches, and what FTS5 is asked in its place.

::

    peace talks          both words            "peace talks"        next to each other, in this order
    peace OR talks       one of them           peace -talks         the first without the second (also: peace NOT talks)
    negot*               words that begin so   title:peace          in the title
    (war OR peace) talks

A text that is no such expression (a quotation mark left open, an operator without its words) is read as plain words,
all of which must occur: nothing that anybody types is an error, and nothing reaches FTS5 but quoted strings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scraper.words import has_word, indexed

LONGEST = 10_000
"""Characters of a text that are read: of a thousand words, each costs a look into every hit."""

_PIECE = re.compile(
    r'(?P<sign>[()]|-(?=[^\s)-]))|(?P<title>title:(?=[^\s:()*]))?(?:"(?P<phrase>[^"]*)"(?P<begun>\*?)|(?P<word>[^\s()"]+))',
    re.IGNORECASE,
)
_WORD = re.compile(r'[^\s()"]+')
_CUT_WORD = re.compile(r"\S+\Z")
_WAITING = re.compile("[(-]|AND|OR|NOT|(?i:title:)")
_LAST = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»\uff02", '"') | {"\0": " "})
_UNSTORABLE = re.compile("[\ud800-\udfff]")
_HANGUL = re.compile("[\uac00-\ud7a3]$")
_LONG_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]{3}\u30fc$")
_SHORTEST_BEGINNING = 3  # letters of an alphabet: of a million articles, "co*" takes a second, and finds nearly all
_FIRST_SYLLABLE = "\u1100"  # scripts from here on (Hangul, kana, Han) say as much in one character
_DEEPEST = 20  # brackets within brackets; FTS5's own parser ends at a hundred


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase to look for, as the index has it; with ``begins``, its last word may go on."""

    text: str
    begins: bool = False
    in_title: bool = False

    @property
    def expression(self) -> str:
        """It as FTS5 is told."""
        return f'{"title : " * self.in_title}"{self.text}"{" *" * self.begins}'


@dataclass(frozen=True, slots=True)
class Query:
    """``expression``: what FTS5 is asked; empty where there is nothing to look for. ``terms``: what a hit has of it."""

    expression: str
    terms: tuple[Term, ...]


class _NoExpressionError(Exception):
    """The text is to be read as plain words."""


@lru_cache(maxsize=64)
def parse(text: str) -> Query:
    """What somebody typed, understood."""
    text = _UNSTORABLE.sub("\ufffd", shortened(text, LONGEST)).translate(_QUOTES)
    try:
        return _Parser(text).query()
    except _NoExpressionError:
        terms = dict.fromkeys(filter(None, (_term(word) for word in _WORD.findall(text))))
        return Query(" AND ".join(term.expression for term in terms), tuple(terms))


def shortened(text: str, most: int) -> str:
    """The beginning of a text of more than ``most`` characters: whole words, and nothing that waits for more of it, so
    that an expression stays one.
    """
    if len(text) <= most:
        return text
    whole = text.translate(_QUOTES)
    text = _CUT_WORD.sub("", whole[: most - _DEEPEST + 1])  # there is room to close brackets
    if text.count('"') % 2 > whole.count('"') % 2:  # in a phrase
        text = text.rpartition('"')[0]
    pieces = list(_PIECE.finditer(text))
    while pieces and _WAITING.fullmatch(pieces[-1][0]):
        pieces.pop()
    signs = [piece["sign"] for piece in pieces]
    return text[: pieces[-1].end() if pieces else 0] + ")" * (signs.count("(") - signs.count(")"))


def _term(text: str, *, begins: bool = False, in_title: bool = False) -> Term | None:
    """A word as people write it, also where it goes on in writing; None if there is no letter or digit in it."""
    if _LONG_KATAKANA.search(text):  # コンピューター is also written コンピュータ
        text = text[:-1]
    # Korean words end in particles: 서울 is in 서울에서.
    return _exact(text, begins=begins or _HANGUL.search(text) is not None, in_title=in_title)


def _exact(text: str, *, begins: bool = False, in_title: bool = False) -> Term | None:
    words = " ".join(indexed(text).replace('"', " ").split())
    if not has_word(words):
        return None
    last = _LAST.findall(words)[-1]
    enough = len(last) >= _SHORTEST_BEGINNING or last >= _FIRST_SYLLABLE
    return Term(words, begins and enough, in_title)


class _Parser:
    """Recursive descent: ``a b OR c`` is ``(a AND b) OR c``."""

    def __init__(self, text: str) -> None:
        if text.count('"') % 2:
            raise _NoExpressionError
        self._pieces = list(_PIECE.finditer(text))
        self._at = 0
        self._terms: dict[Term, None] = {}
        self._denied = False

    def query(self) -> Query:
        expression = self._either(0) if self._pieces else ""
        if self._at < len(self._pieces):
            raise _NoExpressionError
        return Query(expression, tuple(self._terms))

    def _next(self) -> str:
        """The sign or operator that comes next; "word" for anything else, and nothing at the end."""
        if self._at == len(self._pieces):
            return ""
        piece = self._pieces[self._at]
        return piece["sign"] or (piece[0] if piece[0] in {"AND", "OR", "NOT"} else "word")

    def _take(self, sign: str) -> bool:
        taken = self._next() == sign
        self._at += taken
        return taken

    def _either(self, depth: int) -> str:
        parts = [self._all(depth)]
        while self._take("OR"):
            parts.append(self._all(depth))
        return _joined(" OR ", parts)

    def _all(self, depth: int) -> str:
        wanted: list[str] = []
        unwanted: list[str] = []
        while True:
            if self._take("NOT") or self._take("-"):
                denied, self._denied = self._denied, True
                unwanted.append(self._one(depth))
                self._denied = denied
            else:
                wanted.append(self._one(depth))
            if not self._take("AND") and self._next() in {"", ")", "OR"}:
                break
        found, without = _joined(" AND ", wanted), _joined(" OR ", unwanted)
        if without and not found:
            raise _NoExpressionError
        return f"({found} NOT {without})" if without else found

    def _one(self, depth: int) -> str:
        if self._take("("):
            if depth == _DEEPEST:
                raise _NoExpressionError
            inner = self._either(depth + 1)
            if not self._take(")"):
                raise _NoExpressionError
            return inner
        if not self._take("word"):
            raise _NoExpressionError
        piece = self._pieces[self._at - 1]
        in_title = piece["title"] is not None
        if piece["phrase"] is not None:
            term = _exact(piece["phrase"], begins=bool(piece["begun"]), in_title=in_title)
        else:
            term = _term(piece["word"].rstrip("*"), begins=piece["word"].endswith("*"), in_title=in_title)
        if term is None:
            return ""
        if not self._denied:
            self._terms[term] = None
        return term.expression


def _joined(operator: str, parts: list[str]) -> str:
    """Those parts that say something, bracketed where they are several."""
    said = list(dict.fromkeys(filter(None, parts)))
    return f"({operator.join(said)})" if len(said) > 1 else "".join(said)
