"""Which edits become revisions, and which noise does: ``python -m tests.benchmarks.edits [--corpora DIR] [--pages N]``.

Pages of a corpus (without ``--corpora``: our fixtures) are served again and again through the real extractor and the
real store. Prints, for the half that rules were tuned on and for the half that was held out (pages, texts of notices
and noise), the recall of edits with the share of them whose kind was told, the share of fetches with noise alone that
became a revision, and what a decision costs. ``--tell`` shows what went wrong in the tuned half.
"""

# ruff: noqa: T201 - its output is its purpose

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from pathlib import Path

from tests.benchmarks.edits.pages import served
from tests.benchmarks.edits.run import Bench, Tally, halves
from tests.benchmarks.extraction.corpora import corpora


def _row(name: str, tried: int, *counts: int) -> str:
    return f"  {name:24}{tried:7}" + "".join(f"{count:9}{count / max(1, tried):9.1%}" for count in counts)


def _table(tally: Tally, heads: str, *counters: Counter[str]) -> None:
    print(f"  {'':24}{'tried':>7}{heads}")
    for name in tally.tried:
        print(_row(name, tally.tried[name], *(counter[name] for counter in counters)))
    print(_row("together", tally.tried.total(), *(counter.total() for counter in counters)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, help="a folder of corpora; without it, our fixtures")
    parser.add_argument("--only", nargs="*", default=(), help="these corpora of it")
    parser.add_argument("--pages", type=int, default=200, help="how many pages, by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=["tuned", "held out"], help="only this half")
    parser.add_argument("--tell", action="store_true", help="show what went wrong in the tuned half")
    asked = parser.parse_args()
    cases = [case for corpus in corpora(asked.corpora, tuple(asked.only)) for case in corpus.cases]
    cases.sort(key=lambda case: (hash_of(case.id, asked.seed), case.id))
    found = served(cases)
    pages = [page for page, _ in zip(found, range(asked.pages), strict=False)]
    print(f"{len(pages)} pages, seed {asked.seed}")
    for name, half, some in halves(pages, asked.seed):
        if asked.half not in (None, name):
            continue
        bench = Bench(half, asked.seed)
        bench.run(some)
        print(f"\n{name}: {len(some)} pages\n edits")
        _table(bench.edits, "  revised   recall    right", bench.edits.revised, bench.edits.right)
        print(" noise alone")
        _table(bench.noise, "  revised    false", bench.noise.revised)
        times = sorted(bench.edits.seconds + bench.noise.seconds)
        print(f" a decision: {statistics.median(times) * 1e3:.2f} ms at the median, "
              f"{times[len(times) * 95 // 100] * 1e3:.2f} ms at the 95th percentile")  # fmt: skip
        if asked.tell and half == 0:
            print("\n".join(bench.edits.told + bench.noise.told))


def hash_of(text: str, seed: int) -> str:
    """A place in an order that chance made, the same for the same page and seed."""
    import hashlib

    return hashlib.sha256(f"{seed} {text}".encode()).hexdigest()


if __name__ == "__main__":
    main()
