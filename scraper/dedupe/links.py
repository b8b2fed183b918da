"""Lines of a text that are links to other pages and nothing else."""

from __future__ import annotations

import re

from scraper.dedupe.differences import words
from scraper.dedupe.noise import folded

_LINK = re.compile(r"!?\[((?:[^\[\]\\]|\\.)*)\]\((?:[^()\s\\]|\\.|\([^()\s]*\))*\)")
_BEFORE = re.compile(r"^(?:[>#*+\s-]|\d+[.)])+")
_ESCAPED = re.compile(r"\\(.)")
_LONGEST = 30  # words: longer than any headline


def linked_lines(markdown: str) -> frozenset[str]:
    """The short lines of a Markdown text that are links only, as plain text, folded: related stories."""
    found = set()
    for line in markdown.split("\n"):
        if "](" not in line:
            continue
        text = _BEFORE.sub("", line)
        rest = _LINK.sub("", text)
        plain = _LINK.sub(r"\1", text)
        if not words(rest) and len(words(plain)) <= _LONGEST:
            found.add(folded(_ESCAPED.sub(r"\1", plain).strip("*_ ")))
    return frozenset(found)
