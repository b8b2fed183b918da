"""Near-copies measured: whether they are found (``python -m tests.benchmarks.dedupe --corpora DIR``), and what that
costs (``python -m tests.benchmarks.dedupe --cost [--articles N]``).

The corpora are folders of labelled pages (``tests.benchmarks.extraction``). Pairs are made of their bodies when this
runs, by seed, and kept nowhere (``tests.benchmarks.dedupe.pairs``). Half of the sites are to tune on; the figures are
of the other half, and of kinds of texts that nothing was tuned on. Ours goes through a real store. Beside it stands
datasketch's MinHashLSH over the same shingles, at the threshold that is best for it on the half to tune on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.dedupe.pairs import Pair, copies, halves, others, reports

_SERIES = 150  # pairs of each series of texts


def _line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def found(folder: Path, seed: int) -> None:
    """Print precision and recall over the pairs that were held out, and how each class fares."""
    from tests.benchmarks.dedupe.contestants import datasketch, ours  # which --cost needs not

    tuning, holding = halves(reports(folder), seed)
    tuned = [*copies(tuning, seed), *others(tuning, seed, _SERIES, tuning=True)]
    held = [*copies(holding, seed + 1), *others(holding, seed + 1, _SERIES, tuning=False)]
    _line(
        f"{len(tuning)} + {len(holding)} bodies, {len(tuned):,} pairs to tune on, {len(held):,} held out, seed {seed}"
    )
    began = time.perf_counter()
    with TemporaryDirectory() as temporary:
        before = ours(tuned, Path(temporary, "tuned"))
        said = ours(held, Path(temporary, "held"))
    _line(f"ours: {(time.perf_counter() - began) / (len(tuned) + len(held)) * 1e3:.2f} ms a pair, both stored")
    began = time.perf_counter()
    threshold, peer = datasketch(tuned, held)
    _line(f"datasketch: {time.perf_counter() - began:.0f} s, best threshold {threshold}")
    _line(f"\n{'':18}{'pairs':>7}{'ours':>9}{'datasketch':>12}")
    kinds = Counter((not pair.is_copy, pair.kind) for pair in held)
    for is_other, title in ((False, "copies: found"), (True, "no copies: taken for one")):
        _line(title)
        for kind in [kind for other, kind in kinds if other is is_other]:
            shares = [_share(held, who, kind, is_copy=not is_other) for who in (said, peer)]
            _line(f"  {kind:16}{kinds[is_other, kind]:7,}{shares[0]:9.1%}{shares[1]:12.1%}")
    for name, pairs, who in (("ours, tuned on", tuned, before), ("ours", held, said), ("datasketch", held, peer)):
        precision, recall = _scores(pairs, who)
        _line(f"{name:16} precision {precision:.4f}  recall {recall:.4f}")


def _share(pairs: Sequence[Pair], said: Sequence[bool], kind: str, *, is_copy: bool) -> float:
    theirs = [one for pair, one in zip(pairs, said, strict=True) if pair.kind == kind and pair.is_copy is is_copy]
    return sum(theirs) / len(theirs)


def _scores(pairs: Sequence[Pair], said: Sequence[bool]) -> tuple[float, float]:
    right = sum(one and pair.is_copy for pair, one in zip(pairs, said, strict=True))
    return right / max(1, sum(said)), right / max(1, sum(pair.is_copy for pair in pairs))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, metavar="DIR", help="folders of labelled pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--cost", action="store_true", help="what an article costs in a small archive and in a large one"
    )
    parser.add_argument("--articles", type=int, default=1_000_000, metavar="N", help="of the large one")
    parser.add_argument("--folder", type=Path, help="where to put the large one (some GB); else a temporary one")
    options = parser.parse_args()
    if options.corpora is None and not options.cost:
        parser.error("name the corpora with --corpora, or ask for --cost")
    if options.corpora is not None:
        found(options.corpora, options.seed)
    if options.cost:
        from tests.benchmarks.dedupe.cost import cost  # which needs no corpora

        cost(options.articles, options.folder)


if __name__ == "__main__":
    main()
