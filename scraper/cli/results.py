"""What became of pages that were fetched, printed one after the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.formats import OF_ARTICLES, Form, Output
from scraper.cli.printing import GOOD, attempt_line, bare, complain, counted, markdown, print_article
from scraper.cli.progress import Line
from scraper.errors import BadURL
from scraper.formats.record import article_dict

if TYPE_CHECKING:
    from scraper.model import Attempt
    from scraper.pipeline import Ingested

_OF_ATTEMPTS = ("requested_url", "outcome", "reason", "detail", "status", "from_cache", "id")
_TOLD = frozenset(_OF_ATTEMPTS) - {"id"}  # what is known of a page that yielded no article, too
OF_RESULTS = (*_OF_ATTEMPTS, *OF_ARTICLES)
"""The fields of a result: how it ended, and its article's."""


@dataclass(slots=True)
class Results:
    """What was printed of the pages: those that have an order wait for the ones before them."""

    output: Output
    in_order: bool
    outcomes: Counter[str] = field(default_factory=Counter)
    no_urls: int = 0
    line: Line = field(default_factory=Line)
    _early: dict[int, Ingested] = field(default_factory=dict)
    _next: int = 0
    _articles: int = 0

    def add(self, number: int, result: Ingested) -> None:
        """One is done; ``number`` is its place."""
        self.outcomes[result.attempt.outcome] += 1
        self.no_urls += result.attempt.reason == BadURL.reason
        if not self.in_order:
            self._print(result)
            return
        self._early[number] = result
        while self._next in self._early:
            self._print(self._early.pop(self._next))
            self._next += 1

    @property
    def failed(self) -> int:
        """How many yielded nothing."""
        return sum(many for outcome, many in self.outcomes.items() if outcome not in GOOD)

    def flush(self) -> None:
        """Print what waits for others that will not come."""
        for number in sorted(self._early):
            self._print(self._early.pop(number))

    def far(self, of: int | None) -> None:
        """Say how far it is, on a terminal."""
        self.line.show(self.outcomes.total(), of, self.failed)

    def summary(self) -> str:
        """What became of all of them, in a line."""
        told = ", ".join(f"{many:,} {outcome}" for outcome, many in self.outcomes.most_common())
        return f"{counted(self.outcomes.total(), 'page')}: {told or 'none was fetched'}"

    def _print(self, result: Ingested) -> None:
        self.line.clear()
        article, attempt = result.article, result.attempt
        if self.output.is_json and not self.output.fields:
            self.output.print_record(_record(result))
        elif self.output.is_json or (self.output.fields and (article or not _TOLD.isdisjoint(self.output.fields))):
            self.output.print_record(_flat(result))
        elif article is not None and not self.output.fields:
            between = "\n---\n\n" if self.output.form in {Form.MARKDOWN, Form.TEXT} else "\n"
            click.echo(between if self._articles else "", nl=False)
            self._articles += 1
            if self.output.form is Form.PAGE:
                print_article(article, attempt_line(attempt), _next_step(attempt))
            else:
                click.echo(markdown(article) if self.output.form is Form.MARKDOWN else bare(article), nl=False)
        if attempt.outcome not in GOOD:
            complain(attempt)


def _record(result: Ingested) -> dict[str, Any]:
    attempt = result.attempt
    return {
        "requested_url": attempt.url,
        "outcome": attempt.outcome,
        "reason": attempt.reason,
        "detail": attempt.detail,
        "status": attempt.status,
        "from_cache": attempt.from_cache,
        "id": attempt.article_id,
        "article": article_dict(result.article) if result.article is not None else None,
    }


def _flat(result: Ingested) -> dict[str, Any]:
    """All fields of a result side by side."""
    record = _record(result)
    return {**record, **(record.pop("article") or {})}


def _next_step(attempt: Attempt) -> str:
    """The command that shows more of what became of an article."""
    more = {"revised": "diff", "copy": "story", "near-copy": "story"}
    command = more.get(attempt.outcome) or more.get(attempt.reason)
    return f"scrape {command} {attempt.article_id}" if command and attempt.article_id is not None else ""
