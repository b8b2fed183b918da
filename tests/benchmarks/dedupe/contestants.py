"""Who says which pairs are copies: ours, through a real store; and datasketch's MinHashLSH over the same shingles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from datasketch import MinHash, MinHashLSH

from scraper.dedupe import candidate
from scraper.dedupe.resemblance import Wording
from scraper.model import Article
from scraper.store import WINDOW, Store
from tests.benchmarks.dedupe.pairs import Pair

_START = datetime(2026, 11, 23, 10, tzinfo=UTC)
_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_PERMUTATIONS = 128


def ours(pairs: Sequence[Pair], folder: Path) -> list[bool]:
    """Store each pair as articles of two sites under two headlines; is the second a copy? Each has its own window."""
    with Store(folder) as store, store.transaction():
        return [_stored_together(store, number, pair) for number, pair in enumerate(pairs)]


def _stored_together(store: Store, number: int, pair: Pair) -> bool:
    now = _START + 2 * WINDOW * number
    stories = []
    for side, body in enumerate((pair.one, pair.other)):
        made = Article(f"https://site{side}.example/{number}", f"Headline {number} of paper {side}", body)
        saved = store.save(candidate(made), None, None, now)
        stories.append(saved.decision.copies)
    return bool(stories[-1])


def datasketch(tuned: Sequence[Pair], held: Sequence[Pair]) -> tuple[float, list[bool]]:
    """The threshold that is best (by F1) on the pairs to tune on, and what MinHashLSH says of the others by it."""
    known, asked = _hashed(tuned), _hashed(held)
    best = max(_THRESHOLDS, key=lambda threshold: f1(tuned, _near(known, threshold)))
    return best, _near(asked, best)


def _hashed(pairs: Sequence[Pair]) -> list[tuple[MinHash, MinHash]]:
    seen: dict[str, MinHash] = {}
    for body in {body for pair in pairs for body in (pair.one, pair.other)}:
        seen[body] = MinHash(_PERMUTATIONS)
        seen[body].update_batch([value.tobytes() for value in Wording(body).shingles])
    return [(seen[pair.one], seen[pair.other]) for pair in pairs]


def _near(hashed: Sequence[tuple[MinHash, MinHash]], threshold: float) -> list[bool]:
    """Whether the index leads from one to the other, and their hashes agree by so much."""
    lsh, said = MinHashLSH(threshold, _PERMUTATIONS), []
    for number, (one, other) in enumerate(hashed):
        lsh.insert(number, one)
        said.append(number in lsh.query(other) and one.jaccard(other) >= threshold)
        lsh.remove(number)
    return said


def f1(pairs: Sequence[Pair], said: Sequence[bool]) -> float:
    """The harmonic mean of precision and recall."""
    right = sum(one and pair.is_copy for pair, one in zip(pairs, said, strict=True))
    return 2 * right / max(1, sum(said) + sum(pair.is_copy for pair in pairs))
