"""A TOML file as a frozen, typed value; whatever is wrong with it is a ConfigError that names file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from scraper.errors import ConfigError, unreadable
from scraper.units import Duration, Endpoint, Period, Size

_ASSIGNED = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w. -])+?)\s*=""")
_PART = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|[^."']+)""")
_Shape = TypeVar("_Shape", bound=msgspec.Struct)


def read_text(path: Path) -> str:
    """A file's text, without a byte order mark. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(unreadable(path, error)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error


def convert(text: str, path: Path, shape: type[_Shape]) -> _Shape:
    """The value of that type that ``text`` (the content of ``path``) says. Raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        twice = re.search(r"Cannot declare \('(\w+)',\) twice", str(error))
        hint = _brackets(shape, [twice[1]]) if twice and twice[1] in shape.__struct_fields__ else ""
        raise ConfigError(_broken_toml(path, text, str(error)) + hint) from error
    try:
        return msgspec.convert(data, shape, dec_hook=_decode)
    except msgspec.ValidationError as error:
        # msgspec says "what - at `$.fetch.timeout`"; for an unknown key the path is its table's.
        what, _, where = str(error).partition(" - at `$")
        keys: list[str | int] = [int(n) if n else k for n, k in re.findall(r"\[(\d+)\]|\.?([\w-]+)", where.rstrip("`"))]
        named = re.search(r"(?:unknown field|required field) `([^`]+)`", what)
        if named and what.startswith("Object contains unknown"):
            hint = _did_you_mean(named[1], _hint_at(shape, keys))
            raise error_at(text, path, [*keys, named[1]], f"unknown key{hint}") from error
        if named:
            raise error_at(text, path, keys, f"the key {named[1]!r} is missing") from error
        raise error_at(text, path, keys, what + _advice(what, shape, keys)) from error


def _decode(kind: type, value: object) -> object:
    if kind in (Duration, Endpoint, Period, Size):
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


def _advice(what: str, shape: Any, keys: Sequence[str | int]) -> str:
    """What to write in place of a value that msgspec does not take, where its words do not tell."""
    if what.startswith("Invalid enum value"):
        return _choices(_hint_at(shape, keys))
    return _brackets(shape, keys) if what == "Expected `array`, got `object`" else ""


def _brackets(shape: Any, keys: Sequence[str | int]) -> str:
    """How a table is written of which there may be several; nothing for what is none."""
    many = get_args(_hint_at(shape, keys))[:1]
    is_table = bool(many) and isinstance(many[0], type) and issubclass(many[0], msgspec.Struct)
    return f"; there may be several: write [[{keys[-1]}]]" if is_table else ""


def _choices(hint: Any) -> str:
    values = get_args(hint) or list(hint)
    return f"; use one of: {', '.join(str(value) for value in values)}"


def _broken_toml(path: Path, text: str, message: str) -> str:
    at = re.search(r" ?\(at line (\d+), column \d+\)| \(at end of document\)", message)
    line = (at and at[1]) or text.rstrip().count("\n") + 1
    return f"{path}:{line}: not TOML: {message.replace(at[0], '') if at else message}"


def error_at(text: str, path: Path, keys: Sequence[str | int], what: str) -> ConfigError:
    """What is wrong with the value at ``keys``: ``file:line: key: what``. Numbers count tables from 0."""
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
        assigned = _ASSIGNED.match(line)
        if header:
            parts = _key_path(header[2])
            if header[1] == "[[":
                name = ".".join(map(str, parts))
                counts[name] = counts.get(name, -1) + 1
            table = _counted(parts, counts)
            path: list[str | int] = table
        elif assigned:
            path = [*table, *_key_path(assigned[1])]
        else:
            continue
        common = _shared(path, keys)
        if common > depth and common in (len(path), len(keys)):
            best, depth = number, common
    return best


def _counted(parts: Sequence[str | int], counts: Mapping[str, int]) -> list[str | int]:
    """A table's path with the number of each ``[[table]]`` on it: ``version.fields`` -> version, 1, fields."""
    path: list[str | int] = []
    for end, part in enumerate(parts, start=1):
        path.append(part)
        number = counts.get(".".join(map(str, parts[:end])))
        if number is not None:
            path.append(number)
    return path


def _key_path(dotted: str) -> list[str | int]:
    return [part.strip().strip("\"'") for part in _PART.findall(dotted)]


def _shared(path: Sequence[str | int], keys: Sequence[str | int]) -> int:
    """How many of the first members agree."""
    return next((i for i, (a, b) in enumerate(zip(path, keys, strict=False)) if a != b), min(len(path), len(keys)))
