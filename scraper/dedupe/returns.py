"""A page that shows an earlier text again: a change that was taken back, or one of two texts that take turns.

Headlines are tested on readers, servers of one site are of different age, and a promotion comes round again. A text
whose every change against the present one an earlier revision had already is a return. It is noted on that revision,
and counts as a change once it was seen twice in a row; for a page that went to and fro before, twice as often each
time, so that taking turns for ever makes a handful of revisions and taking a change back makes one. After WINDOW an
earlier text is as good as a new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from scraper.dedupe.changes import Changes, paragraphs
from scraper.dedupe.noise import folded
from scraper.model import Edit, Revision, from_instant, instant

WINDOW = timedelta(days=14)
MOST = 16
_LONG = 200_000  # characters; a dozen earlier texts of a megabyte take seconds to fold
REASON = "returned"
"""Why a text was replaced that gave way to an earlier one."""


def recent(past: Iterable[Revision], now: str) -> list[Revision]:
    """The revisions that were seen within the window before an instant; all of them where there is none."""
    since = instant(from_instant(now) - WINDOW) if now else ""
    return [revision for revision in past if max(revision.replaced_at, revision.seen_again_at or "") >= since]


def returned_to(found: Changes, past: Sequence[Revision]) -> Revision | None:
    """The revision whose text is shown again: that holds all that is different, else most of it, if all is held."""
    holders = [(revision, _held(found, revision)) for revision in past]
    wanted = _parts(found)
    if not wanted or set().union(*(held for _, held in holders)) < wanted:
        return None
    return max(holders, key=lambda holder: (len(holder[1]), holder[0].revision))[0]


def times_wanted(past: Iterable[Revision]) -> int:
    """How often in a row an earlier text is to be seen before that is a change."""
    turns = sum(revision.reason == REASON for revision in past)
    return min(2 << min(turns, MOST), MOST)


def redates_itself(found: Changes, past: Iterable[Revision]) -> bool:
    """Whether only the date is another, as it was already: such a page calls itself new all the time."""
    dated = any(revision.change is Edit.DATE for revision in past)
    return dated and not (found.title or found.body or found.signed)


def _parts(found: Changes) -> set[tuple[str, str]]:
    """What is different, piece by piece."""
    parts = {("removed", folded(line)) for line in found.removed} | {("added", folded(line)) for line in found.added}
    named = {"title": found.title, "moved": found.moved, "dated": found.dated, "signed": found.signed}
    return parts | {(name, "") for name, is_so in named.items() if is_so}


def _held(found: Changes, revision: Revision) -> set[tuple[str, str]]:
    """Which of these differences an earlier text has as well; of a long one all or none."""
    if len(revision.body) > _LONG:
        is_same = (revision.title, revision.body) == (found.new.title, found.new.body)
        return _parts(found) if is_same else set()
    lines = {folded(line) for line in paragraphs(revision.body)}
    new = found.new
    whole = {
        ("title", ""): folded(revision.title) == folded(new.title),
        ("moved", ""): folded(revision.body) == folded(new.body),
        ("dated", ""): revision.published_at == new.published_at,
        ("signed", ""): revision.authors == new.authors,
    }
    parts = _parts(found)
    held = {part for part in parts if part[1] and (part[1] in lines) is (part[0] == "added")}
    return held | {part for part in parts if whole.get(part, False)}
