"""Whether a file of a home is there, told apart from one that this user may not look at."""

from __future__ import annotations

from pathlib import Path

from scraper.errors import Stop, unreadable


def is_there(path: Path, refused: type[Stop]) -> bool:
    """Whether there is such a file. Raises ``refused`` where that cannot be seen."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise refused(unreadable(path, error)) from error
    return True
