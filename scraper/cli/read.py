"""``scrape search`` and ``show``: what is stored, read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scraper.cli.completing import article_ids
from scraper.cli.filters import check_source, filtered, limited
from scraper.cli.formats import OF_STORED, Form, Output, formatted
from scraper.cli.hints import tell_of_nothing
from scraper.cli.printing import (
    bare,
    console,
    markdown,
    plain,
    print_address,
    print_article,
    print_json,
    print_lines,
)
from scraper.errors import BadUsage
from scraper.formats.record import stored_dict
from scraper.home import Home
from scraper.model import StoredArticle

if TYPE_CHECKING:
    from rich.console import Console

    from scraper.store import Filters, Hit, Store

OF_HITS = ("id", "title", "url", "source", "published_at", "snippet")
"""The fields that a search finds by itself."""


class _Searching(click.Command):
    """Takes ``-word`` as a search has it: without that word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put a space before such words: they are no options then, and the same search."""
        end = args.index("--") if "--" in args else len(args)
        options = ctx.help_option_names
        words = (f" {arg}" if re.match("-[^-]", arg) and arg not in options else arg for arg in args[:end])
        return super().parse_args(ctx, [*words, *args[end:]])


@click.command("search", cls=_Searching)
@click.argument("words", nargs=-1)
@filtered
@limited(20)
@click.option("--newest", is_flag=True, help="The newest matches first, in place of the best.")
@formatted((*OF_STORED, "snippet"))
@click.pass_context
def search_command(
    ctx: click.Context, /, words: tuple[str, ...], *, filters: Filters, newest: bool, limit: int, output: Output
) -> None:
    """Find articles by words; without any, the latest.

    Every word must occur in the title or the body, accents and letter case aside. Also: "a phrase" in quotation marks
    (quoted once more for the shell), beginnings*, this OR that, -word for those without it, (brackets), title:word. A
    text that is no such expression is read as plain words. The exit code is 1 if nothing is found. docs/searching.md
    tells all of it.

    \b
    Examples:
      scrape search peace talks --since 3d
      scrape search '"peace talks" OR ceasefire* -football' --newest
      scrape search --source moscow-times --since 2026-11-01 --json
    """
    from scraper.query import LONGEST
    from scraper.store import Store

    home: Home = ctx.obj
    text = " ".join(words)
    if len(text) > LONGEST:
        raise BadUsage(f"a search has {LONGEST:,} characters at most, and this one {len(text):,}")
    with Store(home.check().storage, readonly=True) as store:
        check_source(home, store, filters)
        hits = store.search(text, filters, limit, newest=newest)
        nothing = not hits and not store.latest(1)
        if output.is_json or output.fields:
            _print_records(store, hits, output)
    if output.form is Form.MARKDOWN:
        _print_list(hits)
    elif not output.is_json and not output.fields:
        _print_hits(console(styled=output.form is Form.PAGE), hits, found=bool(text.strip()))
    if not hits:
        if not output.is_json:
            click.echo("nothing found", err=True)
        if nothing and not output.is_json:
            tell_of_nothing(home)
        ctx.exit(1)


def _print_records(store: Store, hits: Sequence[Hit], output: Output) -> None:
    """As records; where fields are asked for that a hit has not, the articles are read for them."""
    from dataclasses import asdict

    records = (asdict(hit) for hit in hits)
    if not set(output.fields) <= set(OF_HITS):
        records = ({**stored_dict(store.get(hit.id)), "snippet": hit.snippet} for hit in hits)
    if output.form is Form.JSON:
        print_json([output.picked(record) for record in records])
        return
    for record in records:
        output.print_record(record)


def _print_list(hits: Sequence[Hit]) -> None:
    """As a list in Markdown."""
    for hit in hits:
        title = re.sub(r"([\\\[\]])", r"\\\1", plain(" ".join(hit.title.split())))
        facts = ", ".join(fact for fact in (hit.published_at and hit.published_at[:10], hit.source) if fact)
        click.echo(f"- [{title}](<{hit.url}>)" + (f" ({facts})" if facts else ""))


def _print_hits(out: Console, hits: Sequence[Hit], *, found: bool) -> None:
    """For people. ``found``: what was found is shown, too."""
    for hit in hits:
        print_lines(out, f"#{hit.id} {hit.title}", "bold")
        facts = " · ".join(fact for fact in (hit.published_at and hit.published_at[:10], hit.source) if fact)
        print_address(out, facts, hit.url)
        if found and hit.snippet:
            print_lines(out, " ".join(hit.snippet.split()), indent="  ")


@click.command("show")
@click.argument("which", metavar="ID|URL", shell_complete=article_ids)
@formatted(OF_STORED)
@click.pass_obj
def show_command(home: Home, which: str, output: Output) -> None:
    """Show one stored article.

    \b
    Examples:
      scrape show 12
      scrape show --json https://example.org/2026/11/story
    """
    from scraper.store import Store

    with Store(home.check().storage, readonly=True) as store:
        found = store.get(which.removeprefix("#"))
    if output.is_json or output.fields:
        output.print_record(stored_dict(found))
    elif output.form is Form.MARKDOWN:
        click.echo(markdown(found.article), nl=False)
    elif output.form is Form.TEXT:
        click.echo(bare(found.article), nl=False)
    else:
        _show(found)


def _show(found: StoredArticle) -> None:
    gone = f"its page is gone since {found.gone_at}" if found.gone_at else ""
    seen = f"first seen {found.first_seen_at}"
    revision = f"revision {found.revision}" if found.revision > 1 else ""
    story = f"story s{found.story_id}" if found.story_id is not None else ""
    facts = (f"#{found.id}", found.article.kind.value, found.source, seen, revision, story, gone)
    commands = [f"scrape diff {found.id}"] if revision else []
    commands += [f"scrape story {found.id}"] if story else []
    print_article(found.article, " · ".join(fact for fact in facts if fact), " · ".join(commands))
