"""Web archives (WARC): ``scrape export --format warc`` and what ``scrape import`` does with them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.cli.printing import GOOD, attempt_line, complain, counted, on_terminal
from scraper.cli.target import Damages, binary
from scraper.model import Attempt, Outcome

if TYPE_CHECKING:
    from scraper.importing import Sources, Tally
    from scraper.inputs import Input
    from scraper.pipeline import Pipeline
    from scraper.store import Filters, Store

_OFTEN = 0.2  # seconds from one line of progress to the next


def export_warc(store: Store, filters: Filters, output: Path | None, robots: str) -> bool:
    """Write the raw pages that the filters let through. Returns whether all of them could be read.

    ``robots`` is how robots.txt was kept to, for the record that says how the pages came about.
    """
    from scraper.warc.writing import Writing

    packed = output is None or output.suffix != ".warc"
    damages = Damages()
    with binary(output, "a WARC") as file:
        writing = Writing(file, packed=packed)
        writing.info(output.name if output is not None else "", {**_about(), "robots": robots})
        count = 0
        with _progress("exported") as show:
            for kept in store.pages(filters, damages.add):
                writing.page(kept.page, kept.id, source=kept.source, again=kept.shared)
                count += 1
                show(count, "")
    if output is not None:
        click.echo(f"{output}: {counted(count, 'page')}{damages.said('page')}", err=True)
    return not damages.number


def _about() -> dict[str, str]:
    from scraper.warc.writing import CONFORMS_TO, FORMAT

    return {"software": f"article-scraper/{__version__}", "format": FORMAT, "conformsTo": CONFORMS_TO}


@dataclass
class Report:
    """What became of the files: of their pages by outcome, of other records by what they are."""

    files: int = 0
    pages: int = 0
    known: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    damages: int = 0
    seconds: float = 0.0

    def add(self, tally: Tally) -> None:
        """Count one more file."""
        self.files += 1
        self.pages += tally.pages
        self.known += tally.known
        self.outcomes += tally.outcomes
        self.reasons += tally.reasons
        self.passed += tally.passed
        self.damages += tally.damages

    @property
    def is_good(self) -> bool:
        """Whether every record could be read, and every page be dealt with."""
        from scraper.importing import DAMAGED

        return not self.damages and not self.outcomes[Outcome.FAILED.value] and not self.reasons[DAMAGED]

    def as_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: dict(value) if isinstance(value, Counter) else value for name, value in values.items()}

    def lines(self) -> Iterator[str]:
        """For people."""
        outcomes = [f"{number} {outcome}" for outcome, number in sorted(self.outcomes.items())]
        known = [f"{self.known} here already"] if self.known else []
        yield f"{counted(self.pages, 'page')}: {', '.join([*outcomes, *known]) or 'nothing to store'}"
        if self.passed:
            others = ", ".join(f"{number} {what or 'other'}" for what, number in self.passed.most_common(12))
            yield f"other records: {others}"
        if self.damages:
            yield f"{counted(self.damages, 'damaged place')}: what could be read around them was"


async def import_warcs(pipeline: Pipeline, files: list[Input], sources: Sources, *, quiet: bool) -> Report:
    """Take in web archives, one after the other."""
    from scraper.importing import DAMAGED

    report, began = Report(), time.monotonic()
    importing = pipeline.importing(sources)
    for file in files:
        size = max(1, file.path.stat().st_size)
        with _progress(f"{Path(file.name).name}:") as show:

            def heard(attempt: Attempt | None, tally: Tally) -> None:
                show(tally.pages, f", {min(100, 100 * tally.position // size)} %")  # noqa: B023 - of this file
                if attempt is not None and (attempt.outcome is Outcome.FAILED or attempt.reason == DAMAGED):
                    complain(attempt)
                elif attempt is not None and attempt.outcome in GOOD and not quiet:
                    click.echo(f"{attempt.url}: {attempt_line(attempt)}")

            report.add(await importing.run(file, heard))
    report.seconds = round(time.monotonic() - began, 3)
    return report


@contextmanager
def _progress(what: str) -> Iterator[Any]:
    """A line on a terminal that is written over: how many pages, and how many a second."""
    if not on_terminal():
        yield lambda _count, _more: None
        return
    began = time.monotonic()
    shown = began

    def show(count: int, more: str) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= _OFTEN:
            shown = now
            click.echo(f"\r\x1b[K{what} {count:,} pages, {count / (now - began):,.0f}/s{more}", nl=False, err=True)

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
