"""Labelled pairs: copies made of real bodies by edits, and texts that only look like copies. By seed, kept nowhere."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from scraper.dedupe import host_of
from scraper.dedupe.resemblance import Wording
from tests.benchmarks.dedupe.edits import EDITS, beginning, size_of
from tests.benchmarks.dedupe.series import pairs as series
from tests.benchmarks.extraction.corpora import corpora

SETS = ("news", "news-rouge", "wcxb")
_WORDS = 150  # words that a body to be edited has, so that a third of it is a text


@dataclass(frozen=True, slots=True)
class Report:
    """A real body, and whose it is."""

    name: str
    host: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bodies, and whether one is a copy of the other. ``kind``: the edit, or what they are."""

    kind: str
    one: str
    other: str
    is_copy: bool


def reports(folder: Path) -> list[Report]:
    """The distinct bodies of the corpora that are long enough."""
    found: dict[bytes, Report] = {}
    for corpus in corpora(folder, SETS):
        for case in corpus.cases:
            body = case.truth.bodies[0] if case.truth.bodies else ""
            wording = Wording(body)
            if len(wording.words) >= _WORDS and case.url:
                report = Report(f"{corpus.name}/{case.id}", host_of(case.url), case.truth.title or "", body)
                found.setdefault(wording.words[:40].tobytes(), report)
    return list(found.values())


def halves(found: Sequence[Report], seed: int) -> tuple[list[Report], list[Report]]:
    """The bodies to tune on and those held out, host by host: nothing of a site is in both."""
    hosts = sorted({report.host for report in found})
    random.Random(seed).shuffle(hosts)  # noqa: S311 - the same halves every time
    tuned = set(hosts[: len(hosts) // 2])
    return [one for one in found if one.host in tuned], [one for one in found if one.host not in tuned]


def copies(found: Sequence[Report], seed: int) -> Iterator[Pair]:
    """Every body under every edit."""
    rng = random.Random(seed)  # noqa: S311 - the same pairs every time
    for report in found:
        for edit in EDITS:
            other = rng.choice(found)
            while other is report:
                other = rng.choice(found)
            edited = edit(_paragraphs(report.body), rng, _paragraphs(other.body))
            yield Pair(edit.__name__.replace("_", " "), report.body, "\n\n".join(edited), is_copy=True)


def others(found: Sequence[Report], seed: int, count: int, *, tuning: bool) -> Iterator[Pair]:
    """So many pairs of each series; every two articles of one site; and as many of different sites."""
    rng = random.Random(seed)  # noqa: S311 - the same pairs every time
    for kind, one, other in series(rng, count, tuning=tuning):
        yield Pair(kind, one, other, is_copy=False)
    for one_, other_ in combinations(found, 2):
        if one_.host == other_.host:
            yield Pair("same site", one_.body, other_.body, is_copy=False)
    for _ in range(3 * count):
        today, tomorrow, before = rng.sample(found, 3)
        yield _running(today, tomorrow, before, rng)
    for _ in range(10 * count):
        a, b = rng.sample(found, 2)
        if a.host != b.host:
            yield Pair("other site", a.body, b.body, is_copy=False)


def _running(today: Report, tomorrow: Report, before: Report, rng: random.Random) -> Pair:
    """Two days of one running story: news of their own, and a third to half of each the same background."""
    one, other = _paragraphs(today.body), _paragraphs(tomorrow.body)
    size = min(size_of(one), size_of(other))
    one, other = beginning(one, size / size_of(one)), beginning(other, size / size_of(other))
    old = _paragraphs(before.body)
    known = beginning(old, rng.uniform(0.5, 0.9) * size / size_of(old))
    return Pair("running story", "\n\n".join([*one, *known]), "\n\n".join([*other, *known]), is_copy=False)


def _paragraphs(body: str) -> list[str]:
    return [text for text in body.split("\n") if text.strip()]
