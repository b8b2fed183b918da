"""URLs to read: words of the command line, lines of files, lines of standard input as they come."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path

from scraper.errors import BadUsage

STDIN = "-"
_CHUNK = 65536
_LONGEST = 2**20  # bytes of a line; no URL is so long, and a file without lines is no list


def check_lists(files: Sequence[Path]) -> None:
    """Raise BadUsage where one of the files cannot be read."""
    for path in files:
        if str(path) == STDIN:
            continue
        try:
            with path.open("rb") as file:
                if stat.S_ISDIR(os.fstat(file.fileno()).st_mode):
                    raise IsADirectoryError(21, "Is a directory")
        except OSError as error:
            raise BadUsage(f"{path}: cannot be read: {error.strerror}") from error


async def addresses(words: Sequence[str], files: Sequence[Path]) -> AsyncGenerator[list[str]]:
    """The URLs in the order given, those that are there together; a word or file ``-`` is standard input."""
    for word in words:
        if word != STDIN:
            yield [word]
            continue
        async for some in _listed(Path(STDIN)):
            yield some
    for path in files:
        async for some in _listed(path):
            yield some


async def _listed(path: Path) -> AsyncIterator[list[str]]:
    """Of a list, the first word of each line; blank lines and those that begin with # are none."""
    begun = b""
    async for chunk in _chunks(path):
        *lines, begun = (begun + chunk).split(b"\n")
        if len(begun) > _LONGEST:
            raise BadUsage(f"{'standard input' if str(path) == STDIN else path}: no list of URLs, one on each line")
        if urls := [url for line in lines if (url := _url(line))]:
            yield urls
    if last := _url(begun):
        yield [last]


def _url(line: bytes) -> str:
    """What is no UTF-8 stays recognisable, and is refused as no URL."""
    words = line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape").split(maxsplit=1)
    return words[0] if words and not words[0].startswith("#") else ""


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    """The bytes as they come. Nothing else waits meanwhile, nor does Ctrl-C."""
    descriptor = sys.stdin.fileno() if str(path) == STDIN else os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        while chunk := await _chunk(descriptor):
            yield chunk
    finally:
        if str(path) != STDIN:
            os.close(descriptor)


async def _chunk(descriptor: int) -> bytes:
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    try:
        loop.add_reader(descriptor, _set, ready)
    except PermissionError:  # a file on disk, which nobody has to wait for
        return os.read(descriptor, _CHUNK)
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)
    return os.read(descriptor, _CHUNK)


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
