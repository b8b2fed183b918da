"""What an article says, as one short text that two copies share."""

from __future__ import annotations

import hashlib
import unicodedata

from scraper.model import Article

# What `str.split` splits on. A list of all words would take ten times the memory of the text.
_WHITE_SPACE = dict.fromkeys(code for code in range(0x3001) if chr(code).isspace())


def content_hash(article: Article) -> str:
    """SHA-256 (hexadecimal) over title and body, blind to white space, letter case and compatible characters.

    White space is blind altogether: a paragraph that is split in two is no other text.
    """
    folded = unicodedata.normalize("NFKC", f"{article.title}\0{article.body}").casefold()
    return hashlib.sha256(folded.translate(_WHITE_SPACE).encode("utf-8", "replace")).hexdigest()
