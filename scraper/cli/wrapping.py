"""Text in lines of so many columns of a terminal, where a wide character of East Asia takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.words import CHARACTER

WIDEST = 88  # columns; longer lines are hard to read
_FULL = "\u3000-\u303f\u30fb-\u30fc\uff01-\uffef"  # full-width punctuation, digits and letters
_ATOM = re.compile(rf"{CHARACTER.pattern}|[{_FULL}]|(?:(?!{CHARACTER.pattern})[^{_FULL}])+")
"""What is not parted: a character of a script that is written without spaces, or a run of anything else."""
_STARTS_NONE = frozenset("、。，．！？：；）」』】〕》〉〗］｝…‥・ー々”’%‰％℃,.!?:;)]}")  # noqa: RUF001 - these signs are meant
"""What begins no line: it belongs to the character before."""
_ENDS_NONE = frozenset("（「『【〔《〈〖［｛“‘([{$￥¥£€＄#＃")  # noqa: RUF001 - the same
"""What ends no line: it belongs to the character behind."""


def wrapped(text: str, width: int | None, indent: str = "", hang: str = "") -> Iterator[str]:
    """The lines of a text, each at most so many columns wide; None: as long as they are. No line has space at its end.

    ``indent`` is before every line, ``hang`` also before those that a line goes on in.

    What cannot be parted and is longer (an address) has a line of its own, and is left whole.
    """
    from rich.cells import cell_len

    for paragraph in text.split("\n"):
        if width is None:
            yield f"{indent}{paragraph.rstrip()}".rstrip()
            continue
        line, used, before, room = "", 0, indent, max(1, width - len(indent))
        for space, piece in _pieces(paragraph):
            size = cell_len(piece)
            if line and used + len(space) + size > room:
                yield before + line
                line, used, before, room = piece, size, indent + hang, max(1, width - len(indent + hang))
            else:
                line += space + piece if line else piece
                used += len(space) + size if used else size
        yield (before + line).rstrip()


def _pieces(paragraph: str) -> Iterator[tuple[str, str]]:
    """What may stand on a line of its own, each with the space that is before it on the same line."""
    space = ""
    for word in paragraph.split(" "):
        if not word:
            space += " "
            continue
        held = ""
        for atom in _glued(word):
            if held and not _belongs(held, atom):
                yield space, held
                space, held = "", ""
            held += atom
        yield space, held
        space = " "


def _glued(word: str) -> list[str]:
    return _ATOM.findall(word) if CHARACTER.search(word) else [word]


def _belongs(before: str, behind: str) -> bool:
    return before[-1] in _ENDS_NONE or behind[0] in _STARTS_NONE
