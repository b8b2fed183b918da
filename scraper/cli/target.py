"""Where an export is written to: a file that appears once it is whole, a device, or standard output."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import click

from scraper.cli.printing import counted, plain, speaks_unicode
from scraper.errors import BadUsage, DatabaseDamaged, StorageFull
from scraper.whole import replacing


@dataclass
class Damages:
    """What could not be read, each said on standard error as it is met."""

    number: int = 0

    def add(self, error: DatabaseDamaged) -> None:
        """Leave one out."""
        self.number += 1
        click.echo(plain(f"scrape: left out: {error}"), err=True)

    def said(self, what: str) -> str:
        """The end of the line that says how much was written."""
        return f"; {counted(self.number, f'damaged {what}')} left out" if self.number else ""


@dataclass(frozen=True, slots=True)
class Sink:
    """What takes text; ``unicode``: every character of it."""

    write: Callable[[str], object]
    unicode: bool


def named(_ctx: click.Context, _param: click.Parameter, output: Path | None) -> Path | None:
    """What ``-o`` names: ``-`` is standard output, as no name is."""
    return None if output == Path("-") else output


@contextmanager
def binary(output: Path | None, what: str) -> Iterator[BinaryIO]:
    """A file for bytes; without ``output``, standard output, but no terminal: ``what`` it is that is nothing for one.

    Raises BadUsage for what cannot be opened, and StorageFull where there is no room.
    """
    if output is None and sys.stdout.isatty():
        raise BadUsage(f"{what} is nothing for a terminal: name a file with -o, or send it into a pipe")
    with written(output) as file:
        yield file


@contextmanager
def written(output: Path | None) -> Iterator[BinaryIO]:
    """The same for bytes that are text and say in which encoding they are."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with _opened(output) as file:
        yield file


@contextmanager
def text(output: Path | None) -> Iterator[Sink]:
    """The same for text: UTF-8, but on a terminal what that speaks."""
    has_bytes = isinstance(sys.stdout, io.TextIOWrapper)  # a StringIO takes text alone
    if output is None and (sys.stdout.isatty() or not has_bytes):
        yield Sink(sys.stdout.write, unicode=speaks_unicode(sys.stdout))
        return
    with written(output) as file:
        yield Sink(lambda text: file.write(text.encode("utf-8", "replace")), unicode=True)


@contextmanager
def _opened(output: Path) -> Iterator[BinaryIO]:
    begun = False
    try:
        if output.is_file() or not output.exists():
            goal = output.resolve()  # it is the file that is replaced, and not a link to it
            if goal.exists() and not os.access(goal, os.W_OK):
                raise BadUsage(f"cannot write {output}: it is read-only")
            with replacing(goal) as file:
                begun = True
                yield file
        else:  # a device or a pipe is written to as it is
            with output.open("wb") as file:
                begun = True
                yield file
    except OSError as error:
        refused = StorageFull if begun else BadUsage
        raise refused(f"cannot write {output}: {error.strerror}") from error
