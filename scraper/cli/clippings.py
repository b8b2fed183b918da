"""``scrape import``."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.printing import GOOD, attempt_line, complain
from scraper.errors import BadUsage, NotAClipping
from scraper.home import Home
from scraper.model import Attempt, Outcome

if TYPE_CHECKING:
    from scraper.pipeline import Pipeline

_AT_ONCE = 100  # one transaction's worth
_LARGEST = 10 * 2**20  # bytes; a clipping is a page of text


@click.command("import")
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
@click.option("--quiet", "-q", is_flag=True, help="Print only the summary.")
@click.pass_context
def import_command(ctx: click.Context, names: tuple[str, ...], quiet: bool) -> None:
    """Store articles kept as plain text (clippings).

    Each FILE is a text file, a folder (every .txt below it) or a pattern such as 'old/*.txt'. A clipping is a title
    line, a date line, perhaps a credit, paragraphs, and at the end "Original url:" with the address. A file that is
    none is refused with its line, and the rest go on; the exit code is 1 then.

    \b
    Examples:
      scrape import story.txt
      scrape import clippings/ 'archive/2021-*.txt'
    """
    home: Home = ctx.obj
    counts = asyncio.run(_import(home, list(_files(names)), quiet=quiet))
    click.echo(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())))
    if any(outcome not in GOOD for outcome in counts):
        ctx.exit(1)


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name too long and for a locked folder
            found = sorted(path.rglob("*.txt"))
            if not found:
                raise BadUsage(f"{name}: no .txt file in this folder")
            yield from found
        elif os.path.exists(path) or not set(name) & set("*?["):  # noqa: PTH110 - the same
            yield path
        else:
            matches = sorted(glob(name, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
            if not matches:
                raise BadUsage(f"{name}: nothing matches this pattern")
            yield from _files(matches)


async def _import(home: Home, files: list[Path], *, quiet: bool) -> Counter[Outcome]:
    from scraper.home import check_room
    from scraper.pipeline import open_pipeline
    from scraper.settings import load_settings
    from scraper.store.writer import Writer

    settings = load_settings(home)
    check_room(home.storage, settings.storage.min_free)
    counts: Counter[Outcome] = Counter()
    async with (
        Writer(home.storage, busy_timeout=settings.storage.busy_timeout) as writer,
        open_pipeline(settings, writer) as pipeline,
    ):
        for start in range(0, len(files), _AT_ONCE):
            chunk = files[start : start + _AT_ONCE]
            for path, attempt in zip(chunk, await asyncio.gather(*(_clip(pipeline, p) for p in chunk)), strict=True):
                counts[attempt.outcome] += 1
                if attempt.outcome not in GOOD:
                    complain(attempt)
                elif not quiet:
                    click.echo(f"{path}: {attempt_line(attempt)}")
    return counts


async def _clip(pipeline: Pipeline, path: Path) -> Attempt:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)  # and no more: /dev/zero has no size and no end
    except OSError as error:
        refused = NotAClipping(f"{path}: cannot be read: {error.strerror}", reason="unreadable")
        return (await pipeline.refuse(str(path), refused)).attempt
    if len(data) > _LARGEST:
        refused = NotAClipping(f"{path}: larger than {_LARGEST // 2**20} MiB; a clipping is a page of text")
        return (await pipeline.refuse(str(path), refused)).attempt
    return (await pipeline.clip(str(path), data)).attempt
