"""What an article says, as one short text that two copies share."""

from __future__ import annotations

import hashlib
import unicodedata

from scraper.model import Article

# What `str.split` splits on. A list of all words takes ten times the memory of the text, and a tenth of the time.
_WHITE_SPACE = dict.fromkeys(code for code in range(0x3001) if chr(code).isspace())
_LONG = 2**17  # characters


def content_hash(article: Article) -> str:
    """SHA-256 (hexadecimal) over title and body, blind to white space, letter case and compatible characters.

    White space is blind altogether: a paragraph that is split in two is no other text.
    """
    folded = unicodedata.normalize("NFKC", f"{article.title}\0{article.body}").casefold()
    dense = "".join(folded.split()) if len(folded) < _LONG else folded.translate(_WHITE_SPACE)
    return hashlib.sha256(dense.encode("utf-8", "replace")).hexdigest()
