"""Where an earlier text of an article belongs among those that are known: archives come in any order. Pure.

A version stands from its ``since`` on, up to the next one's; ``seen_at`` is when it was last seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scraper.model import Kind


@dataclass(frozen=True, slots=True)
class Version:
    """One text of an article; the instants are as in :mod:`scraper.model`, so that their order is that of time.

    ``readings`` is how many revisions in a row, the last of them number ``revision``, are the same page as ever newer
    rules read it: no edit of its publisher is between them.
    """

    revision: int
    kind: Kind
    content_hash: str
    since: str
    seen_at: str
    readings: int = 1

    @property
    def first(self) -> int:
        """The number of its first reading."""
        return self.revision - self.readings + 1


@dataclass(frozen=True, slots=True)
class Place:
    """What becomes of an earlier text.

    ``revision`` is the number that it gets, those from there on move up; None: it is known, nothing is inserted.
    ``ended`` is the version that it ended, ``seen`` the one that was seen again. ``splits``: it stood within the time
    of the version of that number, which stood before it and after it.
    """

    revision: int | None = None
    ended: int | None = None
    seen: int | None = None
    splits: bool = False


def place(versions: Sequence[Version], kind: Kind, content_hash: str, at: str) -> Place:
    """Where a text that was fetched at an instant before the last one's belongs. ``versions`` are in their order."""
    standing = [version for version in versions if version.since <= at]
    following = versions[len(standing)] if len(standing) < len(versions) else None
    if kind is Kind.TEASER and any(version.kind is not Kind.TEASER for version in standing):
        return Place()  # the full text was known by then
    if not standing:
        first = versions[0]
        return Place() if first.content_hash == content_hash else Place(first.first)
    last = standing[-1]
    if last.content_hash == content_hash:
        return Place(seen=last.revision)
    if at < last.seen_at:
        return Place(last.revision, splits=True)
    if following is not None and following.content_hash == content_hash:
        return Place(ended=last.revision)
    return Place(last.revision + 1, ended=last.revision)


def outranks(new: Kind, old: Kind) -> bool:
    """Whether a page is worth more than what is stored, whichever is older: a page than a clipping, a text than a
    teaser.
    """
    if old is Kind.CLIPPING:
        return new is not Kind.CLIPPING
    return old is Kind.TEASER and new in (Kind.ARTICLE, Kind.LIVE)
