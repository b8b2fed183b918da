"""What every reader is handed: one value instead of six arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes that a source answered with (gzip undone), and how they are to be read.

    ``content_type`` is the header as it was sent, or empty. ``limit`` is how many entries are kept. ``zone`` is for
    dates that name none.
    """

    body: bytes
    url: str
    content_type: str
    limit: int
    zone: tzinfo | None
