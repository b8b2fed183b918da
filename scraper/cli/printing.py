"""How values look: articles on a terminal, as JSON and as Markdown; attempts as one line."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from scraper.cli.wrapping import WIDEST, wrapped
from scraper.model import Article, Attempt, Kind, Outcome

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

GOOD = frozenset({Outcome.SAVED, Outcome.UNCHANGED, Outcome.REVISED, Outcome.DUPLICATE})
_SPECIAL = frozenset({Kind.TEASER, Kind.LIVE})  # of which a reader should know that they are
_WIDEST = 100  # columns of a table
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Text from the network without what could steer a terminal: escape sequences, direction overrides."""
    return _CONTROL.sub("", text)


def console(*, stderr: bool = False, styled: bool = True) -> Console:
    """Where to print for people: colours on a terminal (unless NO_COLOR), plain text elsewhere, no markup.

    Not ``styled``: as if it were a pipe.
    """
    from rich.console import Console

    class Ours(Console):
        def on_broken_pipe(self) -> None:
            """Leave it to the door in __main__; rich would end with exit code 1 here."""
            raise BrokenPipeError

    made = Ours(stderr=stderr, markup=False, highlight=False, emoji=False, force_terminal=None if styled else False)
    if made.is_terminal:
        made.width = min(made.width, _WIDEST)
    else:
        made.width = 10_000  # a pipe wraps nothing
    return made


def print_article(article: Article, note: str = "", more: str = "") -> None:
    """Title, byline, date with zone, body, and where it is from; on a terminal in lines that are easily read.

    ``note`` is what became of it, ``more`` the command that shows more of that.
    """
    out = console()
    kind = article.kind.value if article.kind in _SPECIAL else ""
    who = (", ".join(article.authors), article.publisher or "", date_line(article), kind)
    print_lines(out, article.title, "bold")
    print_lines(out, " · ".join(part for part in who if part), "dim")
    out.print(plain(article.url), style="cyan", soft_wrap=True)
    out.print()
    print_lines(out, article.body)
    for text, style in ((article.credit or "", "dim"), (note, "green"), (more if out.is_terminal else "", "dim")):
        if text:
            out.print()
            print_lines(out, text, style)


def print_lines(out: Console, text: str, style: str = "", indent: str = "", hang: str = "") -> None:
    """A text in lines of the terminal's width, but not too wide to be read; in a pipe the lines are as they are."""
    from rich.text import Text

    for line in wrapped(plain(text), _room(out), indent, hang):
        out.print(Text(line), style=style, soft_wrap=True)


def print_styled(out: Console, text: Text, indent: str = "") -> None:
    """The same of a text that has styles of its own."""
    from rich.text import Text

    room = _room(out)
    at = 0
    for line in wrapped(text.plain, room and room - len(indent)):
        begin = max(at, text.plain.find(line, at))
        at = begin + len(line)
        out.print(Text(indent).append_text(text[begin:at]), soft_wrap=True)


def _room(out: Console) -> int | None:
    return min(out.width, WIDEST) if out.is_terminal else None


def print_address(out: Console, facts: str, url: str) -> None:
    """Facts and an address, dim and set in: side by side where there is room, and the address is never cut."""
    from rich.cells import cell_len

    line = f"  {facts} · {url}" if facts else f"  {url}"
    if out.is_terminal and facts and cell_len(line) > out.width:
        print_lines(out, facts, "dim", indent="  ")
        line = f"  {url}"
    out.print(plain(line), style="dim", soft_wrap=True)


def bare(article: Article) -> str:
    """Title and body as plain text."""
    return plain(f"{article.title}\n\n{article.body}\n")


def date_line(article: Article) -> str:
    """The date as a person reads it, and how its zone was known where that leaves a doubt."""
    if not article.published_at:
        return "no date"
    shown = article.published_at.replace("T", " ").replace(":00Z", " UTC").replace("Z", " UTC")
    there = f" ({article.date} where it was published)" if article.date != article.published_at[:10] else ""
    return f"{shown} (zone assumed)" if article.published_zone == "assumed" else shown + there


def print_json(value: Any) -> None:
    """One JSON document."""
    click.echo(json.dumps(value, ensure_ascii=not speaks_unicode(sys.stdout), indent=2))


def speaks_unicode(file: TextIO) -> bool:
    """Whether a file takes every character. In JSON for one that does not, characters are escaped."""
    return (file.encoding or "").lower().startswith("utf")


def markdown(article: Article) -> str:
    """An article as a Markdown document with its facts on top."""
    facts = [f"By {', '.join(article.authors)}" if article.authors else "", article.publisher or "", date_line(article)]
    head = f"# {article.title}\n\n{' · '.join(fact for fact in facts if fact)}  \n<{article.url}>"
    return f"{head}\n\n{article.body_markdown or article.body}\n"


def attempt_line(attempt: Attempt) -> str:
    """How an attempt ended, in one line."""
    stored = f" #{attempt.article_id}" if attempt.article_id is not None else ""
    return plain(f"{attempt.outcome}{stored}: {attempt.detail}")


def complain(attempt: Attempt) -> None:
    """Say on standard error why an input yielded nothing."""
    where = "" if attempt.url in attempt.detail else f"{attempt.url}: "
    click.echo(plain(f"scrape: {attempt.outcome}: {where}{attempt.detail}"), err=True)


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: ``1 entry``, ``2 entries``; the plural is given where an s does not make it."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def on_terminal() -> bool:
    """Whether progress has somebody to see it."""
    return sys.stderr.isatty()
