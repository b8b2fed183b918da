"""``scrape import``."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from glob import glob
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from scraper.cli.archives import Report, import_warcs
from scraper.cli.completing import source_names
from scraper.cli.hints import tell_next
from scraper.cli.printing import GOOD, attempt_line, complain, counted, print_json
from scraper.cli.progress import progress
from scraper.errors import BadUsage, NotAClipping, StorageFull
from scraper.home import Home
from scraper.inputs import Input
from scraper.model import Attempt, Outcome

if TYPE_CHECKING:
    from scraper.pipeline import Pipeline
    from scraper.settings import Source

_STDIN = "-"
_NAMES = re.compile(r"\.(txt|jsonl|ndjson|md|w?arc(\.(gz|zst))?)$", re.IGNORECASE)
_KINDS = ("clipping", "export", "archive")
_HEAD = 4096
_AT_ONCE = 100  # one transaction's worth
_LARGEST = 10 * 2**20  # bytes; a clipping is a page of text


@click.command("import")
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--source",
    metavar="NAME",
    shell_complete=source_names,
    help="Of web archives: read the pages as this source's, and file them there.",
)
@click.option("--quiet", "-q", is_flag=True, help="Print only the summary.")
@click.option("--json", "as_json", is_flag=True, help="Print only the summary, as JSON.")
@click.pass_context
def import_command(ctx: click.Context, names: tuple[str, ...], source: str | None, quiet: bool, as_json: bool) -> None:
    """Store articles from text files (clippings), web archives (WARC) and our own exports.

    Each FILE is one, a folder (every .txt, .jsonl, .warc and .arc below it, and every .md that an export wrote), a
    pattern such as 'old/*.txt', or - for standard input. A clipping is a title line, a date line, perhaps a credit,
    paragraphs, and at the end "Original url:" with an address. Pages of a web archive are read as if they had been
    fetched when it says. Exports are those of `scrape export` as jsonl or markdown: an article that is here already
    keeps its text, but where it is a clipping or a teaser. What is here adds nothing. What cannot be read is
    refused, and the rest go on; the exit code is 1 then.

    \b
    Examples:
      scrape import clippings/ 'archive/2021-*.txt'
      scrape import --source moscow-times crawl-2021.warc.gz
      scrape import articles.jsonl notes/
    """
    from scraper.settings import named_source

    home: Home = ctx.obj
    given = named_source(home, source) if source is not None else None
    with _spooled(names) as spooled:
        done = asyncio.run(_import(home, list(_inputs(names, spooled)), given, quiet=quiet or as_json))
    if as_json:
        print_json({"clippings": _named(done.clippings), "articles": _named(done.articles)} | done.report.as_dict())
    else:
        if done.clippings:
            click.echo(_told(done.clippings))
        if done.articles:
            click.echo(f"{counted(done.articles.total(), 'exported article')}: {_told(done.articles)}")
        for line in done.report.lines() if done.report.files else ():
            click.echo(line)
        if stored := done.clippings.total() + done.articles.total():
            tell_next(home, ("search", f"{'reads what is' if stored == 1 else 'the latest of what is'} stored now"))
    if any(outcome not in GOOD for outcome in done.clippings | done.articles) or not done.report.is_good:
        ctx.exit(1)


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of clippings, of exported articles and of web archives."""

    clippings: Counter[Outcome]
    articles: Counter[Outcome]
    report: Report


def _named(counts: Counter[Outcome]) -> dict[str, int]:
    return {outcome.value: number for outcome, number in counts.items()}


def _told(counts: Counter[Outcome]) -> str:
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items()))


@contextmanager
def _spooled(names: Sequence[str]) -> Iterator[Input | None]:
    """What comes by standard input, if one of the names is ``-``, in a file: what a stream holds shows at its
    beginning, which is read twice. Raises StorageFull where there is no room for it.
    """
    if _STDIN not in names:
        yield None
        return
    with ExitStack() as stack:
        try:
            spool = Path(stack.enter_context(TemporaryDirectory()), "standard-input")
            with spool.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
        except OSError as error:
            raise StorageFull(f"cannot keep what comes by standard input: {error.strerror or error}") from error
        yield Input(spool, "standard input")


def _inputs(names: Iterable[str], spooled: Input | None) -> Iterator[Input]:
    for name in names:
        if name == _STDIN and spooled is not None:
            yield spooled
        else:
            yield from map(Input.of, _files([name]))


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name too long and for a locked folder
            found = sorted(each for each in path.rglob("*") if _NAMES.search(each.name) and not _is_foreign(each))
            if not found:
                raise BadUsage(f"{name}: no .txt, .jsonl or .warc file in this folder, and no .md that an export wrote")
            yield from found
        elif os.path.exists(path) or not set(name) & set("*?["):  # noqa: PTH110 - the same
            yield path
        else:
            matches = sorted(glob(name, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
            if not matches:
                raise BadUsage(f"{name}: nothing matches this pattern")
            yield from _files(matches)


def _is_foreign(path: Path) -> bool:
    """Whether a Markdown file that a folder holds is somebody's own."""
    return path.suffix.lower() == ".md" and not _is_export(path, _head(path))


async def _import(home: Home, files: list[Input], given: Source | None, *, quiet: bool) -> _Done:
    from scraper.home import check_room
    from scraper.importing import Sources
    from scraper.intake import in_order
    from scraper.pipeline import open_pipeline
    from scraper.polling import follow
    from scraper.settings import load_settings, load_sites, load_sources
    from scraper.store.writer import Writer
    from scraper.tools import utc_now

    settings = load_settings(home)
    check_room(home.storage, settings.storage.min_free)
    window = timedelta(seconds=settings.dedupe.window)
    kinds = {file: _kind(file.path) for file in files}
    clippings, exports, warcs = ([file for file in files if kinds[file] == kind] for kind in _KINDS)
    exports = in_order((file, _head(file.path)) for file in exports)
    known = load_sources(home) if (warcs or exports) and home.has_sources else ()
    async with (
        Writer(home.storage, busy_timeout=settings.storage.busy_timeout, window=window) as writer,
        open_pipeline(settings, writer, sites=load_sites(home) if warcs else None) as pipeline,
    ):
        if known:  # one that was never asked has no row yet
            await writer.run(lambda store: follow(store, known, utc_now()))
        clipped = await _clip_all(pipeline, clippings, quiet=quiet)
        taken = await _take_all(pipeline, exports)
        return _Done(clipped, taken, await import_warcs(pipeline, warcs, Sources(known, given), quiet=quiet))


async def _clip_all(pipeline: Pipeline, files: list[Input], *, quiet: bool) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    for start in range(0, len(files), _AT_ONCE):
        chunk = files[start : start + _AT_ONCE]
        for file, attempt in zip(chunk, await asyncio.gather(*(_clip(pipeline, f) for f in chunk)), strict=True):
            counts[attempt.outcome] += 1
            if attempt.outcome not in GOOD:
                complain(attempt)
            elif not quiet:
                click.echo(f"{file.name}: {attempt_line(attempt)}")
    return counts


async def _take_all(pipeline: Pipeline, files: list[Input]) -> Counter[Outcome]:
    """Take in exports, one after the other."""
    from scraper.intake import Taken

    size = sum(file.path.stat().st_size for file in files)
    with progress("importing", "bytes") as tell:

        def heard(attempt: Attempt, taken: Taken) -> None:
            tell(taken.position, size)
            if attempt.outcome not in GOOD:
                complain(attempt)

        return (await pipeline.intake().run(files, heard)).outcomes


def _kind(path: Path) -> str:
    """By what is in it; one that cannot be read is refused as a clipping is, and a pipe, whose head is gone once it is
    looked at, is taken for one.
    """
    from scraper.warc.unpacking import is_archive

    head = _head(path)
    return "archive" if is_archive(head) else "export" if _is_export(path, head) else "clipping"


def _head(path: Path) -> bytes:
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _is_export(path: Path, head: bytes) -> bool:
    from scraper.intake import is_export

    return is_export(head, path.name)


async def _clip(pipeline: Pipeline, given: Input) -> Attempt:
    name = given.name
    try:
        with given.path.open("rb") as file:
            data = file.read(_LARGEST + 1)  # and no more: /dev/zero has no size and no end
    except OSError as error:
        refused = NotAClipping(f"{name}: cannot be read: {error.strerror}", reason="unreadable")
        return (await pipeline.refuse(name, refused)).attempt
    if len(data) > _LARGEST:
        refused = NotAClipping(f"{name}: larger than {_LARGEST // 2**20} MiB; a clipping is a page of text")
        return (await pipeline.refuse(name, refused)).attempt
    return (await pipeline.clip(name, data)).attempt
