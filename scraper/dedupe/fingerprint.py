"""What an article says, in short: one text that two copies share, and what near-copies are looked for by."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from scraper.model import Article

# What `str.split` splits on. A list of all words takes ten times the memory of the text, and a tenth of the time.
_WHITE_SPACE = dict.fromkeys(code for code in range(0x3001) if chr(code).isspace())
_LONG = 2**17  # characters


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Of a text its content hash, and its sketch (``scraper.dedupe.resemblance``)."""

    content_hash: str
    sketch: tuple[int, ...] = ()


def fingerprints(article: Article) -> Fingerprints:
    """Both of an article: a third of a millisecond."""
    from scraper.dedupe.resemblance import sketch  # numpy takes its time, and few commands store anything

    return Fingerprints(content_hash(article), sketch(article))


def content_hash(article: Article) -> str:
    """SHA-256 (hexadecimal) over title and body, blind to white space, letter case and compatible characters.

    White space is blind altogether: a paragraph that is split in two is no other text.
    """
    folded = unicodedata.normalize("NFKC", f"{article.title}\0{article.body}").casefold()
    dense = "".join(folded.split()) if len(folded) < _LONG else folded.translate(_WHITE_SPACE)
    return hashlib.sha256(dense.encode("utf-8", "replace")).hexdigest()
