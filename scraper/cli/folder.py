"""A folder of Markdown files, one an article, that is written again and again."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import BadUsage, StorageFull
from scraper.formats import notes
from scraper.model import StoredArticle
from scraper.whole import locked

_PART = ".part"
_LOCK = ".scrape-export.lock"


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The folder, which is made if there is none, for this process alone. Raises BadUsage and StorageFull."""
    begun = False
    try:
        path.mkdir(parents=True, exist_ok=True)
        with locked(path / _LOCK, path):
            folder = Folder(path)
            begun = True
            yield folder
    except OSError as error:
        refused = StorageFull if begun else BadUsage
        raise refused(f"cannot write {error.filename or path}: {error.strerror}") from error


class Folder:
    """What is in a folder of such files, by the marks in their names: a file may be renamed or moved below it.

    Nothing is deleted or written over but what was written here and not touched since. ``counts`` says how many were
    "new", "changed", the "same", and "kept" because somebody changed them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = dict(_marked(path))
        self.counts: Counter[str] = Counter()

    def write(self, stored: StoredArticle) -> None:
        """Write an article's file, where it is not there as it would be."""
        path = self._known.get(notes.mark(stored.url_key))
        text = notes.note(stored)
        if path is None:
            path = self._path / notes.folder_of(stored) / notes.file_name(stored)
            path.parent.mkdir(exist_ok=True)
            self._known[notes.mark(stored.url_key)] = path
            how = "new"
        else:
            how = _told(_read(path), text)
        self.counts[how] += 1
        if how in {"new", "changed"}:
            _replace(path, text)

    def said(self) -> str:
        """What became of the files, as the end of a line."""
        counts = self.counts
        parts = [f"{counts[how]} {how}" for how in ("new", "changed", "deleted") if counts[how]]
        parts += [f"{counts['same']} as they were"] if counts["same"] else []
        parts += [f"{counts['kept']} left alone, as somebody changed them"] if counts["kept"] else []
        return f": {', '.join(parts)}" if parts else ""

    def drop(self, keys: Iterable[str]) -> None:
        """Delete the files of articles that were erased since."""
        for key in keys:
            path = self._known.get(notes.mark(key))
            found = _read(path) if path is not None else None
            if path is not None and found is not None and notes.is_untouched(found):
                path.unlink()
                self.counts["deleted"] += 1


def _told(found: str | None, text: str) -> str:
    if found is None or not (notes.is_same(found, text) or notes.is_untouched(found)):
        return "kept"
    return "same" if notes.is_same(found, text) else "changed"


def _marked(path: Path) -> Iterator[tuple[str, Path]]:
    for folder, _, names in os.walk(path):
        for name in names:
            if name.startswith(".") and notes.marked(name.removesuffix(_PART)) and name.endswith(_PART):
                Path(folder, name).unlink()  # of one that was killed
            elif mark := notes.marked(name):
                yield mark, Path(folder, name)


def _read(path: Path) -> str | None:
    """What a file holds; None where it is no text, or no file of its own."""
    try:
        return path.read_bytes().decode() if path.is_file() and not path.is_symlink() else None
    except UnicodeDecodeError:
        return None


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}{_PART}")
    try:
        with part.open("w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
