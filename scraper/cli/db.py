"""``scrape db backup|check|compact``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.printing import console, counted, on_terminal, plain, print_json
from scraper.cli.progress import progress
from scraper.errors import AlreadyRunning
from scraper.home import Home

if TYPE_CHECKING:
    from scraper.store.checks import Finding


@click.group("db")
def db_command() -> None:
    """Back up, check and compact the databases.

    \b
    Examples:
      scrape db backup ~/backups/2026-11-26
      scrape db check
    """


@db_command.command("backup")
@click.argument("where", metavar="FILE|DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def backup_command(home: Home, where: Path, as_json: bool) -> None:
    """Copy both databases, also while the daemon writes.

    The copies are of one moment: every article has its page. They are checked, and get their names at the end; no file
    is written over. DIR gets news.db and pages.db; FILE, such as x.db, gets news.db, and x-pages.db beside it the
    pages.

    \b
    Examples:
      scrape db backup ~/backups/2026-11-26
      scrape db backup archive.db --json
    """
    from scraper.store.backup import Target, back_up

    with progress("copying", "bytes") as tell:
        copies = back_up(home.check().storage, Target.named(where), tell)
    if as_json:
        print_json([{"file": str(path), "bytes": size} for path, size in copies.items()])
        return
    for path, size in copies.items():
        click.echo(f"{path}: {size / 1e6:,.1f} MB, checked")


@db_command.command("check")
@click.option("--deep", is_flag=True, help="Look into everything, and not into a sample; writers wait meanwhile.")
@click.option("--repair", is_flag=True, help="Rebuild the search index and drop orphaned bodies, where that is needed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def check_command(ctx: click.Context, deep: bool, repair: bool, as_json: bool) -> None:
    """Say what is wrong with the databases, and what to do about it.

    Integrity, references, the search index, pages and their bodies, URL keys, JSON, content hashes: one line for each
    thing that is not as it should be. The exit code is 1 if there is any. Nothing is changed without --repair, and
    that changes nothing but what can be made anew.

    \b
    Examples:
      scrape db check
      scrape db check --deep --repair
    """
    from scraper.settings import load_settings
    from scraper.store import Store, soundness

    home: Home = ctx.obj
    folder = home.check().storage
    Store(folder, readonly=True).close()  # raises where a file is not ours, or of an older version
    found = _check(folder, deep=deep)
    mended = {finding.mends for finding in found if finding.mends} if repair else set()
    if mended:
        soundness.repair(folder, mended, load_settings(home).storage.busy_timeout)
        found = _check(folder, deep=deep)
    counts = soundness.counts(folder) if not any("cannot be read" in finding.what for finding in found) else {}
    if as_json:
        print_json({"findings": [asdict(finding) for finding in found], "repaired": sorted(mended), "counts": counts})
    else:
        _say(found, mended, counts)
    if found:
        ctx.exit(1)


def _check(folder: Path, *, deep: bool) -> list[Finding]:
    from scraper.store import soundness

    with _status() as tell:
        return list(soundness.check(folder, deep=deep, tell=tell))


@contextmanager
def _status() -> Iterator[Callable[[str], None]]:
    if not on_terminal():
        yield lambda _what: None
        return
    with console(stderr=True).status("checking") as status:
        yield lambda what: status.update(f"checking {what}")


def _say(found: list[Finding], mended: set[str], counts: dict[str, int]) -> None:
    for what in sorted(mended):
        click.echo(f"repaired: {what}")
    for finding in found:
        click.echo(plain(f"{finding.file}: {finding.what} ({finding.advice})"))
    if not found:
        click.echo(
            f"{counted(counts['articles'], 'article')} and {counted(counts['pages'], 'page')} are sound;"
            f" of {counts['pages_without_article']:,} pages no article came, which is normal"
        )
    else:
        files = Counter(finding.file for finding in found)
        summary = ", ".join(f"{counted(count, 'finding')} in {name}" for name, count in sorted(files.items()))
        click.echo(summary, err=True)


@db_command.command("compact")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def compact_command(home: Home, as_json: bool) -> None:
    """Give back the room that erased and dropped rows left.

    Rewrites both files and merges the search index; nobody can write meanwhile, so the daemon must be stopped. Takes
    twice the larger file's size on the disk for a while.

    \b
    Examples:
      scrape db compact
      scrape db compact --json
    """
    from scraper import __version__
    from scraper.instance import only_instance
    from scraper.settings import load_settings
    from scraper.store import Store
    from scraper.store.compaction import compact

    folder, busy_timeout = home.check().storage, load_settings(home).storage.busy_timeout
    Store(folder, readonly=True).close()  # raises where there is nothing to compact
    try:
        with only_instance(home.lock, __version__), progress("compacting", "files") as tell:
            done = compact(folder, busy_timeout, tell)
    except AlreadyRunning as error:
        raise AlreadyRunning(f"{error}: stop it first, for nobody can write while the files are compacted") from error
    if as_json:
        print_json([asdict(each) for each in done])
        return
    for each in done:
        given = each.before - each.after
        click.echo(f"{each.name}: {each.after / 1e6:,.1f} MB, {max(0, given) / 1e6:,.1f} MB given back")
