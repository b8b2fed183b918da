"""What pages are taken for: ``python -m tests.benchmarks.outcomes [--corpora DIR]``.

Prints a confusion matrix for each half of ``fixtures/outcomes``: a row is what a page is, a column what it was taken
for. Only counts are printed, so that the held-out half stays unseen. With ``--corpora``, the folder that holds
``wcxb/truth.jsonl`` and ``wcxb/pages/``, it does the same for the page types of that corpus.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scraper.errors import NotAnArticle, ScrapeError
from scraper.extract import extract_article

OUTCOMES = Path(__file__).resolve().parents[2] / "fixtures" / "outcomes"
HALVES = ("tuned", "held-out")
STORED = frozenset({"article", "teaser", "live"})

# What a fixture's folder says -> the kinds and reasons that are right for it.
RIGHT = {
    "article": {"article"},
    "teaser": {"teaser"},
    "live": {"live"},
    "wall": {"consent wall", "login wall"},
    "bot-check": {"bot check"},
    "soft-404": {"soft 404"},
    "javascript-shell": {"javascript shell"},
    "hub": {"hub"},
    "gallery": {"gallery"},
    "error-page": {"error page"},
    "other": {"other page", "no article"},
}

Pairs = Counter[tuple[str, str]]
Test = Callable[[str], bool]


def taken_for(page: bytes, url: str | None, content_type: str | None = None) -> str:
    """The kind of article that a page was taken for, else the reason why it was refused."""
    try:
        return str(extract_article(page, url, content_type=content_type).storable().kind.value)
    except NotAnArticle as refusal:
        return refusal.reason
    except ScrapeError as error:
        return type(error).__name__


def cases(half: str) -> Iterator[tuple[str, Path]]:
    """What each page of a half is, and its folder."""
    for request in sorted((OUTCOMES / half).glob("*/*/request.json")):
        yield request.parent.parent.name, request.parent


def outcome(folder: Path) -> str:
    """What the page in a fixture's folder is taken for."""
    request = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    return taken_for((folder / "page.html").read_bytes(), request["url"], request.get("content_type"))


def fixtures(half: str) -> Pairs:
    """How often a page of each kind was taken for each outcome."""
    return Counter((expected, outcome(folder)) for expected, folder in cases(half))


def wcxb(corpora: Path) -> Pairs:
    """The same for the page types of wcxb."""
    found: Pairs = Counter()
    for line in (corpora / "wcxb" / "truth.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
        truth = json.loads(line)
        page = gzip.decompress((corpora / "wcxb" / "pages" / f"{truth['id']}.html.gz").read_bytes())
        found[truth["page_type"], taken_for(page, truth.get("url"))] += 1
    return found


def accuracy(pairs: Pairs) -> float:
    """The share of the pages that were taken for what they are."""
    return sum(count for (expected, found), count in pairs.items() if found in RIGHT[expected]) / pairs.total()


def articles_kept(pairs: Pairs) -> float:
    """The share of articles, teasers and live blogs that were not refused."""
    return _share(pairs, lambda expected: expected in STORED, lambda found: found in STORED)


def others_refused(pairs: Pairs) -> float:
    """The share of the other pages that were refused."""
    return _share(pairs, lambda expected: expected not in STORED, lambda found: found not in STORED)


def _share(pairs: Pairs, of: Test, are: Test) -> float:
    counted = {pair: count for pair, count in pairs.items() if of(pair[0])}
    return sum(count for (_, found), count in counted.items() if are(found)) / max(1, sum(counted.values()))


def matrix(pairs: Pairs) -> Iterable[str]:
    """The lines of a confusion matrix."""
    columns = sorted({found for _, found in pairs})
    rows = sorted({expected for expected, _ in pairs})
    width = max(map(len, rows))
    yield " " * width + "".join(f"  {column}" for column in columns)
    for row in rows:
        counts = (str(pairs[row, column] or "-").rjust(len(column) + 2) for column in columns)
        yield row.ljust(width) + "".join(counts)


def main(arguments: list[str]) -> None:
    """Print the matrices."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, help="folder that holds wcxb/")
    options = parser.parse_args(arguments)
    for half in HALVES:
        pairs = fixtures(half)
        sys.stdout.write(
            f"{half}: {pairs.total()} pages, {accuracy(pairs):.3f} right, "
            f"{articles_kept(pairs):.3f} of articles kept, {others_refused(pairs):.3f} of others refused\n"
        )
        sys.stdout.writelines(f"{line}\n" for line in matrix(pairs))
    if options.corpora is not None:
        sys.stdout.write("\nwcxb, by page type\n")
        sys.stdout.writelines(f"{line}\n" for line in matrix(wcxb(options.corpora)))


if __name__ == "__main__":
    main(sys.argv[1:])
