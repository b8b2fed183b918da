"""Where config/ and storage/ lie, whether the program runs from a checkout, an editable install or a wheel."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import BadUsage, ConfigError, StorageFull, unreadable, unwritable
from scraper.presence import is_there
from scraper.whole import replacing

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = ("config", "storage")
_MADE_HERE = (".db", ".db-wal", ".db-shm", ".db-journal", ".lock")
"""Endings of what the program itself writes into storage/; everything else there is shipped."""
_PROGRAM = ("storage/plugins/", "storage/templates/", "storage/static/")
"""Parts of the program, which fit each other and no other version: they are always those of the installed one."""
_MANIFEST = ".shipped.json"
"""In storage/: the SHA-256 of each file of it as it was shipped last, by which an edited one is told."""
_EARLIER = {
    "storage/README.md": "818bd8ee2f68d1a4403b55d0ad9a677f9dd6750a575edbec66d5c2907828265c",
    "storage/metadata.yaml": "c093a703d0ec57efb6211d35b971b92b416beb8699010169566569e1526f99bf",
}
"""What the manifest would say of a home from the time before there was one."""


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

    @property
    def has_settings(self) -> bool:
        """Whether it has been set up. Raises ConfigError where that cannot be seen; so does the next one."""
        return is_there(self.scraper_toml, ConfigError)

    @property
    def has_sources(self) -> bool:
        """Whether there is a file of sources."""
        return is_there(self.sources_toml, ConfigError)

    @property
    def is_usual(self) -> bool:
        """Whether commands find it by themselves, without --home."""
        try:
            return find_home() == self
        except BadUsage:
            return False

    @property
    def setting_up(self) -> str:
        """The command that sets it up."""
        return "scrape init" if self.is_usual else f"scrape init {shlex.quote(str(self.root))}"

    def check(self) -> Home:
        """This home, if it has been set up. Raises ConfigError that says how to mend what is not so."""
        if not self.has_settings:
            raise ConfigError(
                f"no home at {self.root} (no configuration there); run `{self.setting_up}`, or name another with --home"
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
        if _may_be(home := Home(folder)):
            return home
    from platformdirs import user_data_path  # only where it is needed: 10 ms

    return Home(user_data_path("article-scraper", appauthor=False))


def _may_be(home: Home) -> bool:
    """Whether it is set up; one that cannot be looked into is rather complained of than passed over."""
    try:
        return home.has_settings
    except ConfigError:
        return True


def init_home(root: Path) -> list[Path]:
    """Copy the shipped config/ and storage/ into ``root``; what its operator has there stays as it is.

    After an upgrade, Datasette's plugin, templates and styles are made those of this version (an edited one is kept
    beside as NAME.old), and the rest of storage/ likewise where nobody edited it.
    Returns the files that were written. Raises StorageFull where the folder cannot be written.
    """
    if root.exists() and not root.is_dir():
        raise BadUsage(f"{root} is a file; name a folder")
    return _ship(root, list(_shipped_files()))


def renew_storage(root: Path) -> list[Path]:
    """As `init_home`, of storage/ alone, and of what is there or belongs to the program."""
    shipped = [(source, path) for source, path in _shipped_files() if path.parts[0] == "storage"]
    there = os.path.exists  # which raises nothing: a folder that may not be looked into may not be written either
    return _ship(root, [(source, path) for source, path in shipped if _is_program(path) or there(root / path)])


def left_behind(root: Path) -> list[Path]:
    """The files of storage/ that their operator edited, and that this version ships in other words.

    Raises StorageFull where one cannot be read.
    """
    others = ((source, root / path) for source, path in _shipped_files() if path.parts[0] == "storage")
    try:
        return [target for source, target in others if target.is_file() and _digest(target) != _digest(source)]
    except OSError as error:
        raise StorageFull(unreadable(error.filename or root, error)) from error


def free_room(folder: Path) -> int:
    """How many bytes are free on the disk of ``folder``, or of its nearest parent."""
    there = os.path.exists  # Path.exists raises for what is in a locked folder
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if there(path))).free


def check_room(folder: Path, floor: int) -> None:
    """Raise StorageFull if the disk of ``folder`` (or of its nearest parent) has less than ``floor`` bytes free."""
    free = free_room(folder)
    if free < floor:
        raise StorageFull(
            f"{folder} has {free / 1e6:.0f} MB free, under the {floor / 1e6:.0f} MB of storage.min_free; make room"
        )


def _ship(root: Path, files: Sequence[tuple[Path, Path]]) -> list[Path]:
    """Put shipped files where they belong, each whole or not at all. Returns those that were written."""
    if root.resolve() == _base().resolve():  # a checkout is its own home
        return []
    manifest = root / "storage" / _MANIFEST
    try:
        manifest.parent.mkdir(parents=True, exist_ok=True)
        before = _noted(manifest)
        written = [target for source, path in files if (target := _put(source, path, root, before)) is not None]
        fresh = {path.as_posix(): _digest(source) for source, path in files if path.parts[0] == "storage"}
        current = {name: digest for name, digest in fresh.items() if _digest(root / name) == digest}
        if {**before, **current} != before:
            with replacing(manifest) as file:
                file.write((json.dumps({**before, **current}, indent=1) + "\n").encode())
    except OSError as error:
        raise StorageFull(unwritable(error.filename or root, error)) from error
    return written


def _put(source: Path, path: Path, root: Path, before: Mapping[str, str]) -> Path | None:
    """Copy one file, unless the one that is there is the same or its operator's. Returns where it was written."""
    target = root / path
    edited = False
    if target.exists():
        present = _digest(target)
        edited = present != before.get(path.as_posix())
        if present == _digest(source) or (edited and not _is_program(path)):
            return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as file:
        file.write(source.read_bytes())
        if edited:
            target.replace(target.with_name(f"{target.name}.old"))
    return target


def _is_program(path: Path) -> bool:
    return path.as_posix().startswith(_PROGRAM)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _noted(manifest: Path) -> Mapping[str, str]:
    """What the manifest says; without one that can be read, what was shipped before there was any."""
    try:
        noted = json.loads(manifest.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return _EARLIER
    return noted if isinstance(noted, dict) else _EARLIER


def _base() -> Path:
    """Where the shipped files are: in the wheel, or in the checkout."""
    defaults = _PACKAGE / "_defaults"
    return defaults if defaults.is_dir() else _PACKAGE.parent


def _shipped_files() -> Iterator[tuple[Path, Path]]:
    """Every shipped file with its path below the home."""
    base = _base()
    for name in _SHIPPED:
        for path in sorted((base / name).rglob("*")):
            made = path.name.endswith(_MADE_HERE) or path.name == _MANIFEST or "__pycache__" in path.parts
            if path.is_file() and not made:
                yield path, path.relative_to(base)
