"""Parameters that say where a reader came from: ``tracking.toml``, read once."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_ADDERS: list[dict[str, Any]] = tomllib.loads(
    files("scraper.dedupe").joinpath("tracking.toml").read_text(encoding="utf-8")
)["adder"]


def _by_value() -> Mapping[str, re.Pattern[str]]:
    """Name -> what its value must look like, for names that mean something else elsewhere."""
    shapes: dict[str, list[str]] = defaultdict(list)
    for adder in _ADDERS:
        for name in adder["names"] if "values" in adder else ():
            shapes[name].append(_scoped(adder["values"]))
    return {name: re.compile("|".join(found), re.IGNORECASE) for name, found in shapes.items()}


def _scoped(values: str) -> str:
    """An expression as a group of its own; Python allows flags at the beginning of the whole alone."""
    return f"(?x:{values[4:]})" if values.startswith("(?x)") else f"(?:{values})"


_WHOLE = [adder for adder in _ADDERS if "values" not in adder]
NAMES = frozenset(name for adder in _WHOLE for name in adder.get("names", ()))
PREFIXES = tuple(prefix for adder in _WHOLE for prefix in adder.get("prefixes", ()))
BY_VALUE = _by_value()


def is_tracking(name: str, value: str) -> bool:
    """Whether a parameter says only where its reader came from.

    Both come with their percent-encoding in one way, the name in lower case.
    """
    if name in NAMES or name.startswith(PREFIXES):
        return True
    shape = BY_VALUE.get(name)
    return shape is not None and shape.fullmatch(value) is not None
