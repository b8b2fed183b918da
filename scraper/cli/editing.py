"""How the commands change a file that belongs to the operator: whole, or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from scraper.errors import StorageFull


def replace_text(path: Path, text: str) -> None:
    """Replace what a file holds, in one step; a full disk leaves it as it was. Raises StorageFull."""
    target = path.resolve()  # a symbolic link stays one
    beside = target.with_name(target.name + ".new")
    try:
        try:
            with beside.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, beside)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise StorageFull(f"cannot write {path}: {error.strerror}") from error
