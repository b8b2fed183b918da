"""The house as docs/architecture.md draws it: the layers of the contract in pyproject.toml, and what each holds."""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections.abc import Iterator

from tests.docs.documents import ROOT, read


def body() -> str:
    """The part of the document that is written."""
    drawn = "\n".join(_drawn())
    return f"```text\n{drawn}\n```\n"


def _drawn() -> Iterator[str]:
    contracts = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    for number, layer in enumerate(layers, start=1):
        for beside, module in enumerate(layer.split(" | ")):
            named = f"{number if not beside else '':>2}  {module:<14} "
            yield textwrap.fill(_purpose(module), 116, initial_indent=named, subsequent_indent=" " * len(named))


def _purpose(module: str) -> str:
    """The first sentence of a module's docstring."""
    path = ROOT / "scraper" / f"{module}.py"
    tree = ast.parse(read(path if path.exists() else path.with_suffix("") / "__init__.py"))
    first = " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())
    plain = re.sub(r":\w+:|`", "", first)
    return re.split(r"(?<=[.?!])\s|: (?=[a-z])", plain)[0].rstrip(".:")
