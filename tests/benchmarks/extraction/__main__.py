"""Our extractor beside others, on the same pages in one run: ``python -m tests.benchmarks.extraction``.

Without ``--corpora`` it runs over this repository's own fixtures. With it, over every corpus in a folder (the form of
one is told in ``corpora``). The peers come with ``pip install -e .[peers]``; those that are not there are left out.

Columns: body by the corpus' own metric, share of exact titles and of same days, F1 of author names; ``-date`` and
``-auth``, the share of pages said to have no date or author for which one was given (low is good); pages that raised
(ours does on a page that it takes for no article); CPU milliseconds a page, and their mean and 95th percentile as
multiples of those of bare Lexbor parses of the same pages. Under each corpus stands ours less each peer, with the 95 %
interval of a paired bootstrap over pages.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.extraction.corpora import Corpus, corpora
from tests.benchmarks.extraction.extractors import EXTRACTORS, OURS, PEERS, available
from tests.benchmarks.extraction.paired import differences
from tests.benchmarks.extraction.race import Taken, race
from tests.benchmarks.extraction.scoring import Scores, known, score, summary
from tests.benchmarks.extraction.table import intervals, raised, rows

_SEED = 20261124


def main(arguments: Sequence[str]) -> None:
    """Run all, print each corpus as it ends."""
    asked = _asked(arguments)
    peers, missing = available(asked.peers)
    if missing:
        sys.stdout.write(f"Not installed, and left out: {', '.join(missing)} (pip install -e .[peers])\n")
    results = {}
    found = list(corpora(asked.corpora, asked.only))
    if not found:
        raise SystemExit(f"{asked.corpora or 'our fixtures'}: no corpus there (a folder with truth.jsonl and pages/)")
    for corpus in found:
        results[corpus.name] = _compare(_sample(corpus, asked.sample), [OURS, *peers])
    if asked.json:
        asked.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _compare(corpus: Corpus, names: Sequence[str]) -> dict[str, Any]:
    """Print one corpus' part; give back all that was found, page by page."""
    taken: dict[str, list[Taken]] = {name: [] for name in names}
    scores: dict[str, list[Scores]] = {name: [] for name in names}
    for case, answers in race(names, corpus.cases):
        for name, one in answers.items():
            taken[name].append(one)
            truth = known(case.truth, EXTRACTORS[name].fields)
            scores[name].append(score(truth, one.answer, corpus.metric))
    summaries = {name: summary(scores[name], taken[name]) for name in names}
    gaps = {peer: differences(scores[OURS], scores[peer]) for peer in names if peer != OURS}
    errors = {name: [one.error for one in answers if one.error] for name, answers in taken.items()}
    sys.stdout.write(f"{rows(corpus, summaries)}\n{raised(errors)}{intervals(gaps)}\n")
    sys.stdout.flush()
    return {
        "metric": corpus.metric,
        "summaries": {name: asdict(found) for name, found in summaries.items()},
        "differences": {peer: {name: asdict(gap) for name, gap in fields.items()} for peer, fields in gaps.items()},
        "pages": [
            {"id": case.id, "url": case.url}
            | {name: asdict(scores[name][number]) | _cost(taken[name][number]) for name in names}
            for number, case in enumerate(corpus.cases)
        ],
    }


def _cost(taken: Taken) -> dict[str, Any]:
    return {"ms": taken.milliseconds, "parse_ms": taken.parse_milliseconds, "error": taken.error}


def _sample(corpus: Corpus, size: int | None) -> Corpus:
    """Some of a corpus' pages, the same at every run."""
    if size is None or size >= len(corpus.cases):
        return corpus
    drawn = random.Random(_SEED).sample(range(len(corpus.cases)), size)  # noqa: S311 (for statistics)
    return replace(corpus, cases=tuple(corpus.cases[number] for number in sorted(drawn)))


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.extraction",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--corpora", type=Path, metavar="DIR", help="a folder of corpora; without it, our fixtures")
    parser.add_argument("--only", type=_names, default=(), metavar="NAME,…", help="these corpora")
    parser.add_argument("--peers", type=_peers, default=PEERS, metavar="NAME,…", help=f"of {', '.join(PEERS)}")
    parser.add_argument("--sample", type=int, metavar="N", help="so many pages of each corpus")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all scores to this file")
    return parser.parse_args(arguments)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


def _peers(text: str) -> tuple[str, ...]:
    if unknown := set(_names(text)) - set(PEERS):
        raise argparse.ArgumentTypeError(f"no such peer: {', '.join(sorted(unknown))}")
    return _names(text)


if __name__ == "__main__":
    main(sys.argv[1:])
