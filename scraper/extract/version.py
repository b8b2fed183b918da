"""Which rules these are: the version that is stored with what they make of a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_LIBRARIES = ("selectolax", "charset-normalizer")  # which trees and which text a page's bytes become


@cache
def digest() -> str:
    """Eight hexadecimal digits that change with any rule, weight or list of words here, and with the parser's version.

    Taken of the files themselves: no number that somebody forgets to raise lets `scrape reparse` pass over articles.
    """
    found = hashlib.sha256()
    root = files("scraper")
    for path in (*_below(root / "extract"), root / "markup.py"):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    found.update(" ".join(version(name) for name in _LIBRARIES).encode())
    return found.hexdigest()[:8]


def _below(folder: Traversable) -> Iterator[Traversable]:
    """The files of a package that bear on what it does, in an order that is always the same."""
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.is_dir() and path.name != "__pycache__":
            yield from _below(path)
        elif path.name.endswith((".py", ".npz")) and path.name != "train.py":
            yield path
