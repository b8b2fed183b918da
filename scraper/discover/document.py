"""What every reader is handed: one value instead of six arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes that a source answered with (gzip undone), and how they are to be read.

    ``content_type`` is the header as it was sent, or empty. ``limit`` is how many entries are kept. ``zone`` is for
    dates that name none. ``since`` is for looking back: the day from which on what was published is wanted; None: this
    is no looking back, and all that is announced counts. ``undated``: what may be of any time is wanted too.
    """

    body: bytes
    url: str
    content_type: str
    limit: int
    zone: tzinfo | None
    since: str | None = None
    undated: bool = False
