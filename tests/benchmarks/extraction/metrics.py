"""How near an answer is to the truth: scores between 0 and 1, from texts alone.

Each is the published metric of one of the corpora, so that figures compare with what others print: words (WCXB),
segments (trafilatura's evaluation), ROUGE-LSum (fundus-evaluation). Titles, days and names are compared after folding
away what two honest transcriptions of one page may differ in.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"\d{4}-\d{2}")
_BYLINE = re.compile(r"(?:by|von|par|por|di|door|written by)[:\s]+")
_TYPOGRAPHY = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "", "\N{LEFT SINGLE QUOTATION MARK}": "", "'": ""})


def f1(hits: float, answered: float, wanted: float) -> float:
    """The harmonic mean of precision (hits among what was answered) and recall (hits among what was wanted)."""
    return 2 * hits / (answered + wanted) if hits else 0.0


def word_f1(answer: str, truth: str) -> float:
    """The share of lower-cased words that both texts have, as often as both have them."""
    answered, wanted = Counter(_words(answer)), Counter(_words(truth))
    if not wanted:
        return float(not answered)
    return f1((answered & wanted).total(), answered.total(), wanted.total())


@dataclass(frozen=True, slots=True)
class Segments:
    """How many short texts of a page that belong in its body were there, and how many that do not."""

    found: int
    unwanted: int
    missed: int

    @classmethod
    def of(cls, answer: str, wanted: Sequence[str], unwanted: Sequence[str]) -> Self:
        """Look for each text, letter by letter but for white space."""
        text = squeeze(answer)
        found = sum(squeeze(segment) in text for segment in wanted) if text else 0
        return cls(found, sum(squeeze(segment) in text for segment in unwanted) if text else 0, len(wanted) - found)


def segment_f1(pages: Iterable[Segments]) -> float:
    """F1 over the segments of all pages together: a page has too few for a score of its own."""
    found = unwanted = missed = 0
    for page in pages:
        found, unwanted, missed = found + page.found, unwanted + page.unwanted, missed + page.missed
    return f1(found, found + unwanted, found + missed)


def kept_out(answer: str, unwanted: Sequence[str]) -> float:
    """The share of texts that are not in the answer, white space aside."""
    text = squeeze(answer)
    return sum(squeeze(segment) not in text for segment in unwanted) / len(unwanted)


def same_title(answer: str | None, truth: str) -> bool:
    """Whether two titles are equal but for case, typography, punctuation and white space."""
    folded = _folded_title(answer or "")
    return bool(folded) and folded == _folded_title(truth)


def same_day(answer: str | datetime | None, truth: str) -> bool:
    """Whether two stamps share a calendar day: as written or, with a zone, in UTC. A truth may be a month."""
    if _MONTH.fullmatch(truth):
        return any(day.startswith(truth) for day in _days(answer))
    return not _days(answer).isdisjoint(_days(truth))


def author_f1(answer: Iterable[str], truth: Iterable[str]) -> float:
    """F1 over names, without accents, case, a leading "By" or what follows a comma."""
    answered, wanted = ({_folded_name(name) for name in names} - {""} for names in (answer, truth))
    return f1(len(answered & wanted), len(answered), len(wanted)) if wanted else float(not answered)


def squeeze(text: str) -> str:
    """A text with single spaces for all white space."""
    return _SPACE.sub(" ", text).strip()


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _folded_title(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).casefold()))


def _folded_name(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    name = bare.casefold().partition(",")[0].strip()
    byline = _BYLINE.match(name)
    return " ".join(_WORD.findall(name[byline.end() :] if byline else name))


def _days(stamp: str | datetime | None) -> set[str]:
    text = stamp.isoformat() if isinstance(stamp, datetime) else (stamp or "").strip()
    written = _DAY.search(text)
    if written is None:
        return set()
    year, month, day = written.groups()
    days = {f"{year}-{int(month):02}-{int(day):02}"}
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return days
    return days if instant.tzinfo is None else days | {instant.astimezone(UTC).date().isoformat()}
