"""The daemon beside a Scrapy spider, doing the same fleet in one run: ``python -m tests.benchmarks.daemon``.

A fleet (``tests.fleet``) of small made-up pages and, with ``--corpora``, one of real pages, an article each. ``ours``
is `scrape run --once`; ``scrapy`` is ``spider.py``, run by an interpreter that has Scrapy and trafilatura
(``--spider-python``, made with ``pip install -e .[spider]``); ``floor`` is what is left when nothing is decided. All
begin with nothing and end when all is stored; neither waits between two requests to one host. Each has the fleet to
itself, and the same answers fail for each.

Columns: wall seconds, articles a second, requests an article (robots.txt, sources and failed answers included), CPU
milliseconds (user and system, children included) for each page that was fetched and for each article that was stored,
the most MiB that its processes held together, and articles stored. Not every real page is an article: some are
teasers or walls, which ours refuses and trafilatura does not know.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from scraper.model import SourceKind
from tests.benchmarks.daemon.contestants import CONTESTANTS, Race, Result
from tests.fleet import FleetProcess, Plan
from tests.fleet.server import real_pages

_HEAD = ("wall s", "articles/s", "req/article", "ms/page", "ms/article", "MiB", "stored", "pages")


def main() -> None:
    """Run all, print each part as it ends."""
    given = _parser().parse_args()
    names = [name for name in given.contestants if name != "scrapy" or given.spider_python]
    if "scrapy" in given.contestants and "scrapy" not in names:
        sys.stdout.write("scrapy is left out: --spider-python names no interpreter\n")
    if "small" in given.weights:
        plan = Plan(given.sites, given.articles, given.seed, given.failing, late=0.0, edited=0.0)
        _part(f"small pages: {plan.sites} sites of {plan.articles}", plan, None, names, given)
    if "real" in given.weights and given.corpora:
        pages = min(len(real_pages(given.corpora)), given.sites * given.articles)
        sites = max(1, pages // given.articles)  # no page twice: it would be a copy
        plan = Plan(sites, given.articles, given.seed, given.failing, late=0.0, edited=0.0)
        _part(f"real pages: {plan.sites} sites of {plan.articles}", plan, given.corpora, names, given)


def _part(title: str, plan: Plan, corpora: Path | None, names: list[str], given: argparse.Namespace) -> None:
    """One fleet done by all, in turn, as often as there are rounds; printed are the medians."""
    results: dict[str, list[Result]] = {name: [] for name in names}
    for _ in range(given.rounds):
        for name in names:
            with tempfile.TemporaryDirectory(dir=given.folder) as place:
                folder = Path(place)
                with FleetProcess(plan, folder, corpora=corpora, addresses=given.addresses) as fleet:
                    race = Race(given.kind, folder, given.spider_python)
                    results[name].append(CONTESTANTS[name](fleet, race))
    sys.stdout.write(f"{title}, by {given.kind.value}, {plan.failing:.0%} of answers failing\n")
    sys.stdout.write(f"  {'':10}" + "".join(f"{name:>13}" for name in _HEAD) + "\n")
    figures = {name: _figures(found) for name, found in results.items()}
    for name, values in figures.items():
        sys.stdout.write(f"  {name:10}" + "".join(f"{value:>13,.2f}" for value in values) + "\n")
    for name in names:
        if name != "ours" and "ours" in figures:
            page, article = (figures[name][column] / figures["ours"][column] for column in (3, 4))
            sys.stdout.write(f"  {name} / ours: {page:.2f} in CPU a page, {article:.2f} in CPU an article\n")
    sys.stdout.flush()


def _figures(found: list[Result]) -> list[float]:
    """A row of the table."""
    rows = [
        (
            each.cost.wall,
            each.stored / each.cost.wall,
            each.state.requests / each.stored,
            each.per_page,
            each.per_article,
            each.cost.memory,
            each.stored,
            each.state.articles,
        )
        for each in found
    ]
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.daemon",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    python, corpora = os.environ.get("SPIDER_PYTHON", ""), os.environ.get("CORPORA")
    parser.add_argument("--spider-python", default=python, metavar="FILE", help="or $SPIDER_PYTHON")
    parser.add_argument("--corpora", type=Path, default=corpora, metavar="DIR", help="real pages; or $CORPORA")
    parser.add_argument("--weights", nargs="+", choices=["small", "real"], default=["small", "real"])
    parser.add_argument("--contestants", nargs="+", choices=list(CONTESTANTS), default=list(CONTESTANTS))
    parser.add_argument("--kind", type=SourceKind, default=SourceKind.FEED, help="feed, sitemap or page (feed)")
    parser.add_argument("--sites", type=int, default=200, help="at most (200)")
    parser.add_argument("--articles", type=int, default=50, help="of each site (50)")
    parser.add_argument("--failing", type=float, default=0.1, help="share of answers that fail (0.1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="the table then shows medians (1)")
    parser.add_argument("--folder", type=Path, help="where the databases are made (the system's temporary folder)")
    parser.add_argument("--addresses", type=int, default=50 if sys.platform == "linux" else 1, help="of the sites")
    return parser


if __name__ == "__main__":
    main()
