"""What a poll brought: what of it is queued, and what its source shows that it did not show before.

The two are not the same where sources announce the same articles: what another one announced first is queued already,
and still says when this one publishes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from scraper.dedupe import normalise, url_key
from scraper.discover.repetition import PAGE, SITEMAP, newcomers
from scraper.discover.sitemaps import WATCHED
from scraper.discover.tokens import may_have_tokens, renamed
from scraper.errors import BadURL
from scraper.model import Entry, SourceKind, from_instant, instant
from scraper.outcomes import Poll
from scraper.settings import Source
from scraper.store import SourceState, Store


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The entries of a poll that its source wants, those of them that were queued, and those that it shows for the
    first time.
    """

    wanted: Sequence[Entry]
    admitted: Sequence[Entry]
    fresh: Sequence[Entry]


def arrived(store: Store, state: SourceState, poll: Poll, now: datetime) -> Arrivals:
    """Queue what a poll brought, inside the caller's transaction."""
    wanted = _wanted(poll.source, poll.entries)
    listed = dict[str, Entry]()
    for entry in wanted:
        listed.setdefault(url_key(entry.url), entry)
    known = store.frontier.announced(listed)
    theirs = [key for key, source_id in known.items() if source_id != state.id]
    seen = store.links.known(state.id, listed)
    # What it showed before anybody noted that, nobody knows.
    is_told = state.rhythm is None or (bool(theirs) and store.links.since(state.id) is not None)
    doubtful = poll.reading.listing.doubtful[:WATCHED] if poll.reading is not None else ()
    new = _newcomers(store, state, poll.source, _wanted(poll.source, doubtful), now)
    # What was doubtful in a sitemap is old, wherever it stands now.
    old = seen.difference(known) if doubtful and poll.source.kind is SourceKind.SITEMAP else set()
    old |= _renamed(store, state, listed, known)
    store.links.seen(state.id, theirs, instant(now))
    queue = [*(entry for key, entry in listed.items() if key not in old), *new]
    admitted = store.frontier.admit(queue, state.id, instant(now))
    queued = {entry.url for entry in admitted}
    unseen = [listed[key] for key in theirs if key not in seen] if is_told else []
    return Arrivals([*wanted, *new], admitted, [*admitted, *(entry for entry in unseen if entry.url not in queued)])


def _renamed(store: Store, state: SourceState, listed: Mapping[str, Entry], known: Collection[str]) -> set[str]:
    """The keys of entries that were announced before under another address."""
    unknown = {key: entry for key, entry in listed.items() if key not in known}
    return renamed(unknown, listed, store.frontier.latest(state.id)) if may_have_tokens(unknown) else set()


def _newcomers(
    store: Store, state: SourceState, source: Source, doubtful: Sequence[Entry], now: datetime
) -> Sequence[Entry]:
    """The doubtful entries of a source that were not there before, where that tells articles."""
    links = {url_key(entry.url): entry for entry in doubtful}
    if not links:
        return ()
    since = store.links.since(state.id)
    known = store.links.seen(state.id, links, instant(now)).union(store.frontier.announced(links))
    unknown = [entry for key, entry in links.items() if key not in known]
    watched = now - from_instant(since) if since is not None else None
    return newcomers(unknown, len(links), watched, SITEMAP if source.kind is SourceKind.SITEMAP else PAGE)


def _wanted(source: Source, entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if source.wants(entry.url) and _is_url(entry.url)]


def _is_url(url: str) -> bool:
    try:
        normalise(url)
    except BadURL:
        return False
    return True
