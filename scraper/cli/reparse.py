"""``scrape reparse``."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.filters import check_source, filtered
from scraper.cli.printing import console, counted, plain, speaks_unicode
from scraper.cli.progress import progress
from scraper.dedupe.renewal import RENEWED, Verdict
from scraper.errors import BadUsage, StorageFull, StoreError
from scraper.home import Home
from scraper.presence import is_there

if TYPE_CHECKING:
    from scraper.reparse import Reparse
    from scraper.settings import Settings
    from scraper.store import Store
    from scraper.store.reparses import Found, Selection

_SHOWN = 3  # examples of each change
_AROUND = 40  # characters shown on either side of the place where two texts part
_LISTS = ("authors", "tags", "evidence")  # columns that hold JSON
_KEPT = {
    Verdict.REFUSED: "would be refused now, and are kept as they are",
    Verdict.TEASER: "are read as teasers now, and their full text is kept",
    Verdict.ASTRAY: "have a page of another story, and are kept as they are",
}


@click.command("reparse")
@filtered
@click.option("--rule", default="", metavar="NAME", help="Only where this rule gave a field; title=NAME: the title.")
@click.option("--id", "ids", metavar="ID", multiple=True, help="Only this article; may be given again.")
@click.option("--workers", type=click.IntRange(1, 256), help="How many pages are read at once.  [default: all cores]")
@click.option("--apply", is_flag=True, help="Write what changes. Without it nothing of an article changes.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with every change.")
@click.pass_context
def reparse_command(ctx: click.Context, /, **given: Any) -> None:
    """Extract stored articles again, from the pages that are kept.

    Reads the page that each article's text is from by the rules of today (those for all pages, config/sites/, the
    source's zone and language), and reports what that changes, field by field. What is read is kept, so a run that was
    interrupted goes on where it was, and --apply writes what the report said. No site is asked for anything.

    An earlier title or body stays as a revision, with the reason "reparsed". What would be refused now is kept.

    \b
    Examples:
      scrape reparse --source moscow-times
      scrape reparse --rule 'title=jsonld:*' --since 2026-11-01 --apply
    """
    from scraper.settings import load_settings
    from scraper.store import Store

    home: Home = ctx.obj
    settings = load_settings(home)
    if not is_there(home.storage / "news.db", StorageFull):
        raise StoreError(f"no database at {home.storage}: nothing was stored yet")
    with Store(home.storage, busy_timeout=settings.storage.busy_timeout) as store:
        check_source(home, store, given["filters"])
        ended = asyncio.run(_read(home, store, _selection(given), given["workers"] or _cores()))
        _report(store, ended, as_json=given["as_json"])
        if given["apply"]:
            _apply(settings, store, ended, quiet=given["as_json"])
        elif not given["as_json"] and ended.ready:
            click.echo("Nothing of the articles was changed: the same with --apply writes it.", err=True)
        if not ended.selected:
            click.echo("no stored article is what was asked for", err=True)
    if ended.failed or not ended.selected:
        ctx.exit(1)


def _selection(given: dict[str, Any]) -> Selection:
    from scraper.store.reparses import Selection

    ids = [word.removeprefix("#") for word in given["ids"]]
    if wrong := [word for word in ids if not (word.isascii() and word.isdecimal() and len(word) < 19)]:
        raise BadUsage(f"{wrong[0]!r} is no article's id; `scrape search` shows them")
    return Selection(given["filters"], given["rule"], tuple(map(int, ids)))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


async def _read(home: Home, store: Store, selection: Selection, workers: int) -> Reparse:
    from scraper.parsing import Parsers
    from scraper.reader import Reader
    from scraper.reparse import Reparser
    from scraper.settings import load_sites, load_sources

    sources = {source.name: source for source in load_sources(home)} if home.has_sources else {}
    async with Parsers(workers) as parsers:
        reparser = Reparser(store, Reader(parsers, load_sites(home)), sources, workers)
        with progress("reading pages", "pages") as tell:
            return await reparser.read(selection, tell)


def _apply(settings: Settings, store: Store, ended: Reparse, *, quiet: bool) -> None:
    from scraper.home import check_room
    from scraper.reparse import apply
    from scraper.tools import utc_now

    check_room(store.folder, settings.storage.min_free)
    with progress("writing", "articles") as tell:
        changed = apply(store, ended.ready, utc_now(), tell)
    if not quiet:
        click.echo(f"{counted(changed, 'article')} changed")


# --- the report -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Tally:
    """What was found, counted by verdict, and by field and way of changing; with the first examples of each."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in RENEWED})
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, found: Found) -> None:
        """Count one."""
        self.verdicts[found.verdict] += 1
        if found.verdict in _KEPT:
            self._show(found.verdict, f"  #{found.id} {found.url}\n    {found.detail}")
        for name, new in found.new.items():
            old = found.old[name]
            self.fields[name][_way(old, new)] += 1
            self._show(name, f"  #{found.id} {found.url}\n{_difference(old, new)}")

    def rows(self) -> dict[str, dict[str, int]]:
        """Field by field: how often it is the same, changed, gained (there was no value) and lost."""
        compared = self.verdicts[Verdict.SAME] + self.verdicts[Verdict.CHANGED]
        ways = ("changed", "gained", "lost")
        return {
            name: {"same": compared - counts.total(), **{way: counts[way] for way in ways}}
            for name, counts in self.fields.items()
        }

    def _show(self, what: str, example: str) -> None:
        shown = self.examples.setdefault(what, [])
        if len(shown) < _SHOWN:
            shown.append(example)


def _way(old: object, new: object) -> str:
    nothing = (None, "", "[]", "{}")
    return "gained" if old in nothing else "lost" if new in nothing else "changed"


def _difference(old: object, new: object) -> str:
    """Two values as two lines, from a little before the place where they part."""
    was, now = (" ".join(str("" if value is None else value).split()) for value in (old, new))
    parted = (place for place, (one, other) in enumerate(zip(was, now, strict=False)) if one != other)
    same = next(parted, min(len(was), len(now)))
    start = max(0, same - _AROUND)
    lines = []
    for sign, text in (("-", was), ("+", now)):
        shown = text[start : same + 2 * _AROUND]
        lines.append(f"    {sign} {'…' if start else ''}{shown}{'…' if same + 2 * _AROUND < len(text) else ''}")
    return "\n".join(lines)


def _report(store: Store, ended: Reparse, *, as_json: bool) -> None:
    with store.reading():
        if as_json:
            _print_json(store, ended)
            return
        tally = _Tally()
        for found in store.reparses.found(ended.ready):
            tally.add(found)
    _print(tally, ended)


def _standing(ended: Reparse) -> dict[str, int]:
    return {
        "articles": ended.selected,
        "current": ended.current,
        "pageless": ended.pageless,
        "failed": len(ended.failed),
    }


def _print_json(store: Store, ended: Reparse) -> None:
    """One JSON document, written as it is read: every article that is not the same, then the counts."""
    import sys

    tally = _Tally()
    ascii_only = not speaks_unicode(sys.stdout)
    click.echo('{"articles": [', nl=False)
    comma = "\n"
    for found in store.reparses.found(ended.ready):
        tally.add(found)
        if found.verdict is not Verdict.SAME:
            click.echo(comma + json.dumps(_as_dict(found), ensure_ascii=ascii_only), nl=False)
            comma = ",\n"
    click.echo("\n],")
    rest = {
        "counts": {**_standing(ended), **{verdict.value: tally.verdicts[verdict] for verdict in Verdict}},
        "fields": tally.rows(),
        "failed": [{"id": key, "detail": ended.failed[key]} for key in sorted(ended.failed)],
    }
    click.echo(json.dumps(rest, ensure_ascii=ascii_only, indent=2).removeprefix("{\n"))


def _as_dict(found: Found) -> dict[str, Any]:
    changes = {
        name: {"way": _way(found.old[name], new), "old": _value(name, found.old[name]), "new": _value(name, new)}
        for name, new in found.new.items()
    }
    about = {name: getattr(found, name) for name in ("id", "url", "verdict", "detail", "extractor", "page_fetched_at")}
    return {**about, "changes": changes}


def _value(name: str, column: Any) -> Any:
    if name in _LISTS:
        return json.loads(column)
    return bool(column) if name == "paywalled" and column is not None else column


def _print(tally: _Tally, ended: Reparse) -> None:
    from rich.table import Table

    out = console()
    standing = _standing(ended)
    out.print(
        f"{counted(standing['articles'], 'article')}: {tally.verdicts[Verdict.CHANGED]:,} would change,"
        f" {tally.verdicts[Verdict.SAME]:,} stay the same, {standing['current']:,} are of today's rules,"
        f" {standing['pageless']:,} have no page"
    )
    table = Table("field", box=None, pad_edge=False)
    for way in ("same", "changed", "gained", "lost"):
        table.add_column(way, justify="right")
    rows = {
        name: counts for name, counts in tally.rows().items() if counts["changed"] + counts["gained"] + counts["lost"]
    }
    for name, counts in rows.items():
        table.add_row(name, *(f"{count:,}" for count in counts.values()))
    if rows:
        out.print(table)
    for name in rows:
        _examples(name, tally.examples[name])
    for verdict, what in _KEPT.items():
        if tally.verdicts[verdict]:
            _examples(f"{tally.verdicts[verdict]:,} {what}", tally.examples[verdict])
    for key in sorted(ended.failed)[:_SHOWN]:
        click.echo(plain(f"scrape: failed: #{key}: {ended.failed[key]}"), err=True)
    if ended.failed:
        click.echo(f"scrape: {counted(len(ended.failed), 'page')} could not be read; they are tried again", err=True)


def _examples(title: str, examples: list[str]) -> None:
    out = console()
    out.print(f"\n{title}", style="bold")
    for example in examples:
        out.print(plain(example), soft_wrap=True)
