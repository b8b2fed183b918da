"""Where config/ and storage/ lie, whether the program runs from a checkout, an editable install or a wheel."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import BadUsage, ConfigError, StorageFull

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = ("config", "storage")
_MADE_HERE = (".db", ".db-wal", ".db-shm", ".db-journal", ".lock")
"""Endings of what the program itself writes into storage/; everything else there is shipped."""


@dataclass(frozen=True, slots=True)
class Home:
    """One installation's folders: what its operator tells it, and what it remembers."""

    root: Path

    @property
    def scraper_toml(self) -> Path:
        """The settings."""
        return self.root / "config" / "scraper.toml"

    @property
    def sources_toml(self) -> Path:
        """The sources."""
        return self.root / "config" / "sources.toml"

    @property
    def sites(self) -> Path:
        """What is known of single sites, a file for each."""
        return self.root / "config" / "sites"

    @property
    def storage(self) -> Path:
        """Datasette's configuration directory, and the databases in it."""
        return self.root / "storage"

    @property
    def lock(self) -> Path:
        """The file that the daemon holds while it runs."""
        return self.storage / "daemon.lock"

    def check(self) -> Home:
        """This home, if it has been set up. Raises ConfigError that says how to set it up."""
        if not self.scraper_toml.is_file():
            raise ConfigError(
                f"no configuration at {self.scraper_toml}; run `scrape init {self.root}`, or name a home with --home"
            )
        return self


def find_home(named: str | os.PathLike[str] | None = None, *, environ: Mapping[str, str] = os.environ) -> Home:
    """The home to work in, which need not exist yet.

    In this order: ``named`` (--home), ``$SCRAPE_HOME``, the nearest parent of the working folder that has a
    ``config/scraper.toml``, and the data folder of the system (XDG's on Linux).
    """
    explicit = named or environ.get("SCRAPE_HOME")
    try:
        if explicit:
            return Home(Path(explicit).expanduser().absolute())
        here = Path.cwd()
    except RuntimeError as error:
        raise BadUsage(f"no home at {explicit}: there is no such user") from error
    except FileNotFoundError as error:
        raise BadUsage("the working folder is gone; name a home with --home") from error
    for folder in (here, *here.parents):
        if (folder / "config" / "scraper.toml").is_file():
            return Home(folder)
    from platformdirs import user_data_path  # only where it is needed: 10 ms

    return Home(user_data_path("article-scraper", appauthor=False))


def init_home(root: Path) -> list[Path]:
    """Copy the shipped config/ and storage/ into ``root``; what is already there stays as it is.

    Returns the files that were written. Raises StorageFull where the folder cannot be written.
    """
    if root.exists() and not root.is_dir():
        raise BadUsage(f"{root} is a file; name a folder")
    written = []
    try:
        root.mkdir(parents=True, exist_ok=True)
        for source, relative in _shipped_files():
            target = root / relative
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
                written.append(target)
    except OSError as error:
        raise StorageFull(f"cannot write {error.filename or root}: {error.strerror}") from error
    return written


def free_room(folder: Path) -> int:
    """How many bytes are free on the disk of ``folder``, or of its nearest parent."""
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free


def check_room(folder: Path, floor: int) -> None:
    """Raise StorageFull if the disk of ``folder`` (or of its nearest parent) has less than ``floor`` bytes free."""
    free = free_room(folder)
    if free < floor:
        raise StorageFull(
            f"{folder} has {free / 1e6:.0f} MB free, under the {floor / 1e6:.0f} MB of storage.min_free; make room"
        )


def _shipped_files() -> Iterator[tuple[Path, Path]]:
    """Every shipped file with its path below the home."""
    defaults = _PACKAGE / "_defaults"
    base = defaults if defaults.is_dir() else _PACKAGE.parent
    for name in _SHIPPED:
        for path in sorted((base / name).rglob("*")):
            if path.is_file() and not path.name.endswith(_MADE_HERE) and "__pycache__" not in path.parts:
                yield path, path.relative_to(base)
