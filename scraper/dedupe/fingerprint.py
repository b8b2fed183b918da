"""What an article says, as one short text that two copies share."""

from __future__ import annotations

import hashlib
import unicodedata

from scraper.model import Article

_RUN = 16


def content_hash(article: Article) -> str:
    """SHA-256 (hexadecimal) over title and body, blind to white space, letter case and compatible characters.

    White space is blind altogether: a paragraph that is split in two is no other text.
    """
    folded = _folded(f"{article.title}\0{article.body}")
    return hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()


def shared_text(one: str, other: str) -> float:
    """How much of the shorter of two texts stands in the other too, from 0 to 1, in runs of sixteen characters.

    Runs of characters rather than of words: they work for scripts that write none apart.
    """
    runs = [{text[i : i + _RUN] for i in range(max(1, len(text) - _RUN + 1))} for text in map(_folded, (one, other))]
    shorter = min(len(runs[0]), len(runs[1]))
    return len(runs[0] & runs[1]) / shorter


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
