"""What becomes of a report on its way through other newsrooms: edits of a real body, by seed. Each leaves a copy."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Paragraphs = list[str]

_PLACES = (
    ("Kyiv", "Kiev"), ("Kharkiv", "Kharkov"), ("Odesa", "Odessa"), ("Zelenskyy", "Zelensky"), ("Beijing", "Peking"),
    ("Turkey", "Türkiye"), ("Mumbai", "Bombay"), ("Gaza Strip", "Gaza"), ("U.S.", "US"), ("United States", "US"),
    ("U.K.", "UK"), ("Washington", "Washington, D.C."), ("New York", "New York City"), ("Myanmar", "Burma"),
)  # fmt: skip
_STYLE = (
    ("percent", "per cent"), ("color", "colour"), ("center", "centre"), ("defense", "defence"), ("labor", "labour"),
    ("organiz", "organis"), ("recogniz", "recognis"), ("program ", "programme "), ("said.", "told reporters."),
    ("toward ", "towards "), ("traveled", "travelled"), ("adviser", "advisor"), ("more than", "over"),
    ("%", " percent"),
)  # fmt: skip
_SYNONYMS = {
    "said": "stated", "big": "large", "began": "started", "show": "reveal", "but": "however", "also": "too",
    "many": "numerous", "help": "assist", "get": "obtain", "people": "persons", "because": "since", "about": "around",
    "after": "following", "use": "employ", "need": "require", "make": "produce", "small": "little", "while": "whereas",
}  # fmt: skip
_DATELINES = ("LONDON (Reuters) - ", "WASHINGTON (AP) — ", "PARIS, Nov 3 (AFP) - ", "(Reuters) - ", "BERLIN (dpa) -- ")
_NOTES = (
    "(Reporting by Ann Other in London; editing by Sam Body)", "This story has been updated.",
    "© 2026 Agence France-Presse", "The Associated Press contributed to this report.",
    "Our Standards: The Trust Principles.",
    "This material may not be published, broadcast, rewritten or redistributed.", "Sign up for our newsletter here.",
)  # fmt: skip


def headline(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """Only the headline changed: the body is the same."""
    return paragraphs


def cut_to_a_third(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """A paper prints the beginning."""
    return beginning(paragraphs, rng.uniform(0.3, 0.4))


def cut_throughout(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """Paragraphs and sentences are dropped everywhere but at the beginning."""
    if len(paragraphs) < 4:
        return _sentences(paragraphs, rng, 0.7)
    return [paragraphs[0], *(text for text in paragraphs[1:] if rng.random() < 0.6)]


def added(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:
    """A third to two thirds as much of the desk's own, at the end or in one place within."""
    own = beginning(other, rng.uniform(0.33, 0.66) * size_of(paragraphs) / max(1, size_of(other)))
    at = rng.choice([len(paragraphs), rng.randint(1, len(paragraphs))])
    return [*paragraphs[:at], *own, *paragraphs[at:]]


def background(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:
    """The whole report stands behind an introduction of the paper's own."""
    own = beginning(other, rng.uniform(0.2, 0.5) * size_of(paragraphs) / max(1, size_of(other)))
    return [*own, *paragraphs]


def boilerplate(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """Datelines, credits and notes of agencies come and go."""
    return [rng.choice(_DATELINES) + paragraphs[0], *paragraphs[1:], *rng.sample(_NOTES, rng.randint(1, 4))]


def typography(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """Other quotation marks, dashes, dots and spaces."""
    opening, closing = rng.choice([("“", "”"), ("„", "“"), ("«", "»"), ('"', '"'), ("\u2018", "\u2019")])
    dash = rng.choice([" \u2013 ", " — ", "—", " - ", "\u2013"])

    def respelled(text: str) -> str:
        text = re.sub(r"[“„«]", opening, re.sub(r"[”»]", closing, text))
        text = re.sub(r"\"([^\"\n]*)\"", rf"{opening}\1{closing}", text)
        text = re.sub(r"\s+[-\u2013—]+\s+|—", dash, text)
        text = re.sub("['\u2019]", rng.choice(["'", "\u2019"]), text)
        return text.replace("...", "…").replace(" ", "\u00a0", 3)

    return [respelled(text) for text in paragraphs]


def house_style(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """Other spellings of places and words, and an edit every thirty words."""
    text = "\n\n".join(paragraphs)
    for one, another in (*_PLACES, *_STYLE):
        text = text.replace(one, another)
    return _touched(text.split("\n\n"), rng, 30)


def light_edits(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:  # noqa: ARG001
    """A word changed, dropped or put in every twenty, and a sentence gone here and there."""
    return _sentences(_touched(paragraphs, rng, 20), rng, 0.92)


def syndicated(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:
    """All at once: cut to a half or more, a dateline, lightly edited, other signs, a paragraph of the paper's own."""
    kept = beginning(paragraphs, rng.uniform(0.5, 0.8))
    own = beginning(other, min(0.3 * size_of(kept), 80) / max(1, size_of(other)))
    return [*boilerplate(typography(_touched(kept, rng, 35), rng, other), rng, other), *own]


def localised(paragraphs: Paragraphs, rng: random.Random, other: Paragraphs) -> Paragraphs:
    """Cut to half or more, a word edited every fifteen, and a quarter as much of the paper's own around it."""
    kept = _touched(beginning(paragraphs, rng.uniform(0.5, 0.75)), rng, 15)
    own = beginning(other, rng.uniform(0.2, 0.35) * size_of(kept) / max(1, size_of(other)))
    return [*own, *kept] if rng.random() < 0.5 else [*kept, *own]


EDITS: tuple[Callable[[Paragraphs, random.Random, Paragraphs], Paragraphs], ...] = (
    headline, cut_to_a_third, cut_throughout, added, background, boilerplate, typography, house_style, light_edits,
    syndicated, localised,
)  # fmt: skip


def size_of(paragraphs: Sequence[str]) -> int:
    """In words, or in characters of a script without spaces."""
    return sum(_length(text) for text in paragraphs)


def _length(text: str) -> int:
    words = len(text.split())
    return words if len(text) < 15 * words else len(text) // 2


def beginning(paragraphs: Paragraphs, share: float) -> Paragraphs:
    """The beginning, up to the end of the paragraph (of a long one: of the sentence) where the share is reached."""
    wanted, kept = share * size_of(paragraphs), 0
    pieces: Paragraphs = []
    for text in paragraphs:
        if kept >= wanted:
            break
        if kept + _length(text) > 1.5 * wanted:
            sentences = re.split("(?<=[.!?\u3002\uff01\uff1f])\\s*", text)
            while len(sentences) > 1 and kept + _length(" ".join(sentences)) > 1.3 * wanted:
                sentences.pop()
            text = " ".join(sentences)  # noqa: PLW2901 - the rest of it is cut
        pieces.append(text)
        kept += _length(text)
    return pieces


def _sentences(paragraphs: Paragraphs, rng: random.Random, share: float) -> Paragraphs:
    """Most sentences; the first stays."""
    kept = []
    for number, text in enumerate(paragraphs):
        sentences = re.split(r"(?<=[.!?])\s+", text)
        left = [one for at, one in enumerate(sentences) if number + at == 0 or rng.random() < share]
        if left:
            kept.append(" ".join(left))
    return kept


def _touched(paragraphs: Paragraphs, rng: random.Random, every: int) -> Paragraphs:
    """A word in so many is changed, dropped, put in or doubled by another."""

    def edited(word: str) -> list[str]:
        if word.lower() in _SYNONYMS:
            return [_SYNONYMS[word.lower()]] if rng.random() < 6 / every else [word]
        if rng.random() >= 0.8 / every:
            return [word]
        return rng.choice([[], [word, "also"], ["the", word], [word, "reportedly"], ["some"]])

    return [" ".join(new for word in text.split() for new in edited(word)) for text in paragraphs]
