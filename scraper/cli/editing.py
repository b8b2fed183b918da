"""How the commands change a file that belongs to the operator: whole, or not at all."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import ConfigError, StorageFull
from scraper.home import Home
from scraper.whole import locked, replacing

_PATIENCE = 10.0  # seconds; another command changes a file in a moment
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def replace_text(path: Path, text: str) -> None:
    """Replace what a file holds, in one step, or leave it as it was.

    Raises StorageFull where the disk is full, and ConfigError where the file may not be written.
    """
    with _writable(path), replacing(path.resolve()) as file:  # a symbolic link stays one
        file.write(text.encode())


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """For reading a file and writing it anew: other commands that would, wait. Raises as :func:`replace_text`."""
    target = path.resolve()
    with _writable(path), locked(target.with_name(f".{target.name}.lock"), path, _PATIENCE):
        yield


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        kind = StorageFull if error.errno in _FULL else ConfigError
        raise kind(f"cannot write {path}: {error.strerror}") from error


def append_sources(home: Home, tables: Iterable[Mapping[str, str]]) -> None:
    """Add sources at the end of sources.toml, which is made if there is none; what is empty of a table is left out.

    The key ``comment`` is no source's: it is written above it. Raises ConfigError for a source that cannot be.
    """
    import tomlkit

    path = home.sources_toml
    blocks = []
    for table in tables:
        if comment := table.get("comment"):
            blocks.append(f"# {comment}")
        said = {key: value for key, value in table.items() if value and key != "comment"}
        blocks.append("[[source]]\n" + tomlkit.dumps(said).rstrip())
    with changing(path):
        text = path.read_text(encoding="utf-8-sig").rstrip() if home.has_sources else ""
        rewrite_sources(home, "\n\n".join([text, *blocks] if text else blocks) + "\n")


def rewrite_sources(home: Home, text: str) -> None:
    """Replace sources.toml whole, or not at all; a text that would not load is refused. Called in :func:`changing`.

    Raises as :func:`replace_text`.
    """
    from scraper.settings import parse_sources

    parse_sources(text, home.sources_toml)
    replace_text(home.sources_toml, text)


def host_name(url: str) -> str:
    """What a source is called that has no name of its own: its host, without what all hosts begin with."""
    host = re.sub(r"^https?://(?:www\d?\.|feeds?\.|rss\.)?", "", url).partition("/")[0].partition(":")[0].lower()
    return plain_name(host) or "source"


def plain_name(text: str) -> str:
    """A text as what a name may be; "" where nothing is left of it."""
    return re.sub(r"[^a-z0-9.-]+", "-", text.lower()).strip("-.")


def free_name(base: str, taken: set[str]) -> str:
    """That name, or the first of ``name-2``, ``name-3``, … that nobody has."""
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def language_tag(written: str) -> str:
    """A language tag as sources.toml takes it; "" for what is none."""
    tag = written.strip().replace("_", "-")
    return tag if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) else ""
