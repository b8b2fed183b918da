"""A file to take in, and what people know it by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Input:
    """Where bytes to take in lie, and ``name``: what messages and rows call that."""

    path: Path
    name: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """A file that goes by its path."""
        return cls(path, str(path))
