"""config/scraper.toml and config/sources.toml as frozen, typed settings.

What is not said has its default; an unknown key or a wrong type is a ConfigError that names file, line and key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from scraper.dedupe import normalise
from scraper.errors import BadURL, ConfigError
from scraper.fetch.options import FetchOptions, Manners, Positive
from scraper.home import Home
from scraper.model import SourceKind
from scraper.units import Duration, Period, Size


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[schedule]``: how often sources are asked, and when failed entries are tried again."""

    interval: Period = Period(15 * 60)
    min_interval: Period = Period(10 * 60)
    max_interval: Period = Period(24 * 3600)
    tick: Period = Period(5)
    retry_after: Period = Period(10 * 60)
    max_attempts: Positive = 5
    max_entries: Positive = 1000


class StorageOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[storage]``: what is kept, and when fetching stops for want of room."""

    min_free: Size = Size(500 * 10**6)
    keep_fetches: Period = Period(90 * 86400)
    busy_timeout: Period = Period(30)


class LogOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[log]``: what the daemon says. ``auto`` is human on a terminal and JSON otherwise."""

    format: Literal["auto", "human", "json"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ``[[source]]``: a place that announces articles.

    ``timezone`` (IANA name) is read into dates that name no zone. ``include`` and ``exclude`` are regular expressions
    searched in an entry's URL: one of the former must match (if there are any), none of the latter may.
    """

    name: str
    url: str
    kind: SourceKind
    title: str = ""
    enabled: bool = True
    interval: Period | None = None
    language: str = ""
    timezone: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    user_agent: str = ""

    def wants(self, url: str) -> bool:
        """Whether this source's patterns let an entry's URL through."""
        included = not self.include or any(re.search(pattern, url) for pattern in self.include)
        return included and not any(re.search(pattern, url) for pattern in self.exclude)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """config/scraper.toml, table by table."""

    fetch: FetchOptions = FetchOptions()
    manners: Manners = Manners()
    schedule: Schedule = Schedule()
    storage: StorageOptions = StorageOptions()
    log: LogOptions = LogOptions()


class _Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: tuple[Source, ...] = ()


_Shape = TypeVar("_Shape", Settings, _Sources)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def load_settings(home: Home) -> Settings:
    """The settings of a home. Raises ConfigError."""
    path = home.check().scraper_toml
    text = _read(path)
    settings = _convert(text, path, Settings)
    ca_file = settings.fetch.ca_file
    if ca_file and not (home.root / ca_file).is_file():
        raise _error(text, path, ["fetch", "ca_file"], f"no such file: {ca_file}")
    # Relative to the home, so that the file can be copied with it.
    absolute = str(home.root / ca_file) if ca_file else ""
    return msgspec.structs.replace(settings, fetch=msgspec.structs.replace(settings.fetch, ca_file=absolute))


def load_sources(home: Home) -> tuple[Source, ...]:
    """The sources of a home, in the order of the file. Raises ConfigError."""
    path = home.sources_toml
    if not path.is_file():
        raise ConfigError(f"no sources at {path}: run `scrape init {home.root}` or `scrape sources add URL`")
    return parse_sources(_read(path), path)


def parse_sources(text: str, path: Path) -> tuple[Source, ...]:
    """The sources that ``text`` (the content of ``path``) configures. Raises ConfigError."""
    sources = _convert(text, path, _Sources).source
    seen: dict[str, int] = {}
    for index, source in enumerate(sources):
        fault = _fault(source)
        if fault is None and source.name in seen:
            fault = ("name", f"{source.name!r} is used twice; every source needs a name of its own")
        if fault is not None:
            raise _error(text, path, ["source", index, fault[0]], fault[1])
        seen[source.name] = index
    return sources


def _fault(source: Source) -> tuple[str, str] | None:
    """The first key of a source that has the right type and cannot work all the same, and why."""
    if not _NAME.fullmatch(source.name):
        return "name", f"{source.name!r} is no name: use lower-case letters, digits, '-', '_' and '.'"
    if not _is_address(source.url):
        return "url", f"{source.url!r} is no http(s) address"
    if source.timezone and not _zone_exists(source.timezone):
        return "timezone", f"{source.timezone!r} is no time zone; use an IANA name such as 'Europe/Paris'"
    for key in ("include", "exclude"):
        for pattern in getattr(source, key):
            try:
                re.compile(pattern)
            except re.error as error:
                return key, f"{pattern!r} is no regular expression: {error}"
    return None


def _is_address(url: str) -> bool:
    try:
        normalise(url)
    except BadURL:
        return False
    return "://" in url


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error


def _convert(text: str, path: Path, shape: type[_Shape]) -> _Shape:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_broken_toml(path, text, str(error))) from error
    try:
        return msgspec.convert(data, shape, dec_hook=_decode)
    except msgspec.ValidationError as error:
        # msgspec says "what - at `$.fetch.timeout`"; for an unknown key the path is its table's.
        what, _, where = str(error).partition(" - at `$")
        keys: list[str | int] = [int(n) if n else k for n, k in re.findall(r"\[(\d+)\]|\.?([\w-]+)", where.rstrip("`"))]
        named = re.search(r"(?:unknown field|required field) `([^`]+)`", what)
        if named and what.startswith("Object contains unknown"):
            hint = _did_you_mean(named[1], _hint_at(shape, keys))
            raise _error(text, path, [*keys, named[1]], f"unknown key{hint}") from error
        if named:
            raise _error(text, path, keys, f"the key {named[1]!r} is missing") from error
        hint = _choices(_hint_at(shape, keys)) if what.startswith("Invalid enum value") else ""
        raise _error(text, path, keys, what + hint) from error


def _decode(kind: type, value: object) -> object:
    if kind in (Duration, Period, Size):
        return kind.parse(value)
    raise NotImplementedError(f"no decoder for {kind}")  # msgspec's own protocol for hooks


def _hint_at(shape: Any, keys: Sequence[str | int]) -> Any:
    """The type that the settings give the value at ``keys``."""
    for key in keys:
        shape = get_args(shape)[0] if isinstance(key, int) else get_type_hints(shape)[key]
    return shape


def _did_you_mean(wrong: str, table: Any) -> str:
    from difflib import get_close_matches  # only on the way to an error

    known = table.__struct_fields__
    close = get_close_matches(wrong, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known here: {', '.join(known)}"


def _choices(hint: Any) -> str:
    values = get_args(hint) or list(hint)
    return f"; use one of: {', '.join(str(value) for value in values)}"


def _broken_toml(path: Path, text: str, message: str) -> str:
    at = re.search(r" ?\(at line (\d+), column \d+\)| \(at end of document\)", message)
    line = (at and at[1]) or text.rstrip().count("\n") + 1
    return f"{path}:{line}: not TOML: {message.replace(at[0], '') if at else message}"


def _error(text: str, path: Path, keys: Sequence[str | int], what: str) -> ConfigError:
    shown = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
    return ConfigError(f"{path}:{find_line(text, keys)}: {shown}: {what}")


def find_line(text: str, keys: Sequence[str | int]) -> int:
    """The line (from 1) of ``text`` where the deepest of ``keys`` that can be found is set.

    tomllib keeps no positions, so this looks for table headers and keys line by line; a key inside an inline table
    is found at the line of the key that holds it.
    """
    best, depth = 1, 0
    table: list[str | int] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        header = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line)
        assigned = re.match(r"\s*([\w.\"' -]+?)\s*=", line)
        if header:
            table = _key_path(header[2])
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], -1) + 1
                table = [*table, counts[header[2]]]
            path: list[str | int] = table
        elif assigned:
            path = [*table, *_key_path(assigned[1])]
        else:
            continue
        common = _shared(path, keys)
        if common > depth and common in (len(path), len(keys)):
            best, depth = number, common
    return best


def _key_path(dotted: str) -> list[str | int]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]


def _shared(path: Sequence[str | int], keys: Sequence[str | int]) -> int:
    """How many of the first members agree."""
    return next((i for i, (a, b) in enumerate(zip(path, keys, strict=False)) if a != b), min(len(path), len(keys)))
