"""docs/configuration.md, written from the types of the settings and the comments of config/.

The types say what a value may be, the comments of config/scraper.toml and config/sources.toml what it means. Of
config/sites/, docs/sites.md says what a field is taken from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from scraper.extract.sites import VERDICTS
from scraper.settings import Settings, SiteFields, SiteFile, SiteVersion, Source
from scraper.units import Duration, Endpoint, Period, Size
from tests.docs.documents import ROOT, read, wrapped

_KEY = re.compile(r"(?:# )?(\w+) = (.*?)(?:\s+# (.*))?")
_TABLE = re.compile(r"(?:# )?\[([\w.]+)\]")
_KINDS = {Period: "duration, more than 0", Duration: "duration", Size: "size", Endpoint: "address:port, or empty"}
_PLAIN: dict[type, str] = {
    msgspec.inspect.StrType: "text",
    msgspec.inspect.BoolType: "true or false",
    msgspec.inspect.DateType: "date",
    msgspec.inspect.DictType: "table of texts",
    msgspec.inspect.StructType: "table",
}
_SEVERAL = {"text": "texts", "number": "numbers", "duration, more than 0": "durations, each more than 0"}
_SELECTORS = "selector, or a list of them"
_LAYOUT = {
    "drop": "what is taken out of the page before anything else reads it",
    "fields": "where each field stands: a table, see below",
    "kind": "the signs by which a kind of page is known: a table, see below",
    "version": "how pages were built in the past: tables of the same keys, and `until`",
    "until": "of a version: the last day on which pages were published that way",
}


def body() -> str:
    """The part of the document that is written."""
    return "\n".join([*_tables(), _sources(), _sites()])


def _fields(struct: type) -> Any:
    """The keys of a table, as msgspec knows them."""
    return getattr(msgspec.inspect.type_info(struct), "fields")  # noqa: B009 - what type_info gives has many types


def _table(columns: str, rows: Iterable[tuple[str, ...]]) -> str:
    names = columns.split(", ")
    lines = [names, ["---"] * len(names), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _tables() -> Iterator[str]:
    yield "## config/scraper.toml\n"
    said = _comments()
    for table in _fields(Settings):
        doc = " ".join((table.type.cls.__doc__ or "").partition("\n\n")[0].split()).replace("``", "`")
        about = doc.partition(": ")[2] if doc.startswith("`[") else doc
        yield f"### [{table.name}]\n\n{wrapped(about[0].upper() + about[1:])}\n"
        told = [(key, *said[table.name, key.name]) for key in table.type.fields]
        rows = [(f"`{key.name}`", f"`{default}`", _value(key.type), meaning) for key, default, meaning in told]
        yield _table("key, default, value, what it means", rows)


def _comments() -> dict[tuple[str, str], tuple[str, str]]:
    """What config/scraper.toml shows of each key: its default, and what it means."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    table = ""
    above: list[str] = []
    for line in read(ROOT / "config" / "scraper.toml").splitlines():
        if named := _TABLE.fullmatch(line):
            table, _, inner = named[1].partition(".")
            if inner:
                found[table, inner] = ("{}", " ".join(above))
        elif key := _KEY.fullmatch(line):
            found[table, key[1]] = (key[2], key[3] or " ".join(above))
            assert found[table, key[1]][1], f"config/scraper.toml says nothing of {table}.{key[1]}"
        elif line.startswith("# "):
            above.append(line.removeprefix("# "))
            continue
        above = []
    return found


def _sources() -> str:
    meanings = _meanings()
    rows = [(f"`{key.name}`", _default(key), _value(key.type), meanings[key.name]) for key in _fields(Source)]
    about = "Each `[[source]]` has these keys; name, url and kind it must have."
    return f"## config/sources.toml\n\n{about}\n\n{_table('key, default, value, what it means', rows)}"


def _meanings() -> dict[str, str]:
    """What the comment at the top of config/sources.toml says of each key; what is in quotes or braces is code."""
    found: dict[str, str] = {}
    for line in read(ROOT / "config" / "sources.toml").partition("\n[[")[0].splitlines():
        if key := re.fullmatch(r"#   (\w+) +(.+)", line):
            found[name := key[1]] = re.sub(r"\s*\(optional, .*\)", "", key[2])
        elif more := re.fullmatch(r"# {10,}(.+)", line):
            found[name] += f" {more[1]}"
    code = re.compile(r'(\{ .*? \}|\[?"[^"]*"\]?)')
    return {name: code.sub(r"`\1`", re.sub(r"\s+", " ", meaning)) for name, meaning in found.items()}


def _sites() -> str:
    taken = dict(_taken())
    keys = {key.name: key for key in (*_fields(SiteFile), *_fields(SiteVersion))}
    rows = [(f"`{name}`", _value(key.type), _LAYOUT[name]) for name, key in keys.items()]
    rows += [(f"`fields.{field}`", _SELECTORS, taken[field]) for field in SiteFields.__struct_fields__]
    rows += [(f"`kind.{kind}`", f"{_SELECTORS}; or `url:` and a pattern", _kind(kind)) for kind in VERDICTS]
    about = "Explained, with a worked example, in [sites.md](sites.md)."
    return f"## config/sites/\\<domain\\>.toml\n\n{about}\n\n{_table('key, value, what it means', rows)}"


def _taken() -> Iterator[tuple[str, str]]:
    """What docs/sites.md says each field takes of what its selector finds."""
    table = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \| (.+) \|$", re.MULTILINE)
    for names, what in table.findall(read(ROOT / "docs" / "sites.md")):
        for name in re.findall(r"\w+", names):
            yield name, what


def _kind(kind: str) -> str:
    refused = VERDICTS.index(kind) < VERDICTS.index("live")
    return "the page is none to store, and is refused" if refused else f"the article's kind is {kind}"


def _value(kind: Any) -> str:
    """What a key takes, in a word or two."""
    match kind:
        case msgspec.inspect.CustomType(cls=cls):
            said = _KINDS[cls]
        case msgspec.inspect.IntType(ge=least, le=most):
            bounds = f"{least} or more" if most is None else f"{least} to {most}"
            said = "number" if least is None else f"number, {bounds}"
        case msgspec.inspect.LiteralType(values=values):
            said = ", ".join(f"`{word}`" for word in values)
        case msgspec.inspect.EnumType(cls=cls):
            said = ", ".join(f"`{each.value}`" for each in cls)
        case msgspec.inspect.VarTupleType(item_type=item):
            inner = _value(item)
            said = "tables" if inner == "table" else f"list of {_SEVERAL.get(inner, inner)}"
        case msgspec.inspect.UnionType(types=types):
            some = {_value(each) for each in types if not isinstance(each, msgspec.inspect.NoneType)}
            said = _SELECTORS if "text" in some else some.pop()
        case _:
            said = _PLAIN[type(kind)]
    return said


def _default(key: Any) -> str:
    if key.required:
        return "must be given"
    value = key.default if key.default is not msgspec.NODEFAULT else key.default_factory()
    said = {None: "", "": '`""`', True: "`true`", False: "`false`", (): "`[]`"}
    return "`{}`" if isinstance(value, dict) else said[value]
