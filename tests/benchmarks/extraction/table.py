"""The table, in columns that a terminal shows and a document may quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from tests.benchmarks.extraction.corpora import Corpus
from tests.benchmarks.extraction.extractors import OURS
from tests.benchmarks.extraction.paired import Difference
from tests.benchmarks.extraction.scoring import Summary

_SCORES = ("body", "title", "date", "author", "-date", "-auth")
_TIMES = ("raised", "ms", "median", "p95", "x parse", "x p95")


def rows(corpus: Corpus, summaries: Mapping[str, Summary]) -> str:
    """A corpus' part of the table: a line an extractor."""
    head = f"{corpus.name}: {len(corpus.cases)} pages, body by {corpus.metric}"
    names = "".join(f"{name:>8}" for name in (*_SCORES, *_TIMES))
    return "\n".join([head, f"  {'':24}{names}", *(_row(name, found) for name, found in summaries.items())])


def intervals(differences: Mapping[str, Mapping[str, Difference]]) -> str:
    """Ours less each peer, field by field."""
    return "".join(f"  ours - {peer:18}{_fields(fields)}\n" for peer, fields in differences.items() if fields)


def raised(errors: Mapping[str, Sequence[str]]) -> str:
    """What each extractor raised, most often first: a line each, for those that did."""
    kinds = {name: Counter(error.partition(":")[0] for error in found).most_common(3) for name, found in errors.items()}
    return "".join(
        f"  {name} raised {', '.join(f'{kind} ({times})' for kind, times in most)}\n"
        for name, most in kinds.items()
        if most
    )


def _fields(gaps: Mapping[str, Difference]) -> str:
    return "   ".join(f"{name} {gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]" for name, gap in gaps.items())


def _row(name: str, found: Summary) -> str:
    scores = (found.body, found.title, found.date, found.authors, found.invented_date, found.invented_authors)
    times = (found.mean, found.median, found.p95)
    cells = [
        *("-" if value is None else f"{value:.3f}" for value in scores),
        str(found.raised),
        *(f"{value:.2f}" for value in times),
        *(f"{value:.1f}" for value in (found.x_parse, found.x_parse_p95)),
    ]
    return f"  {_labelled(name):24}" + "".join(f"{cell:>8}" for cell in cells)


def _labelled(name: str) -> str:
    """An extractor with its version: figures hold for no other."""
    try:
        return name if name == OURS else f"{name} {version(name)}"
    except PackageNotFoundError:
        return name
