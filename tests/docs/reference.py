"""Writes what of the documents is made from the program: ``python -m tests.docs.reference`` (``make docs``).

A test fails where one of them is not what this writes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.datasette import reference as database
from tests.docs import commands, configuration, layers
from tests.docs.documents import ROOT, read

_BEGIN = "<!-- written by python -m tests.docs.reference -->\n"
_END = "<!-- end of what is written -->\n"


def _between(body: Callable[[], str]) -> Callable[[str], str]:
    def current(document: str) -> str:
        before, _, rest = document.partition(_BEGIN)
        _, _, after = rest.partition(_END)
        return f"{before}{_BEGIN}\n{body()}\n{_END}{after}"

    return current


WRITTEN: dict[Path, Callable[[str], str]] = {
    ROOT / "docs" / "commands.md": _between(commands.body),
    ROOT / "docs" / "configuration.md": _between(configuration.body),
    ROOT / "docs" / "architecture.md": _between(layers.body),
    database.DOCUMENT: database.current,
}
"""Each document, and what it should be, given what it is."""

if __name__ == "__main__":
    for document, current in WRITTEN.items():
        document.write_text(current(read(document)), encoding="utf-8")
