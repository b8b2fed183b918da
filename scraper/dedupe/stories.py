"""Stories: which articles belong together, who was first, and which text is read. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scraper.dedupe.urlkey import host_of, url_key
from scraper.dedupe.wire import AGENCIES
from scraper.errors import BadURL
from scraper.model import Kind, Zone, from_instant, instant

_AS_FULL = 0.95  # of the fullest text: what has so much has as much, but for a note and a credit
_LAST_ZONE = timedelta(hours=12)  # a day ends last in UTC-12


class Match(StrEnum):
    """How two articles are copies of each other."""

    EXACT = "exact"  # the same title and body, but for white space and letter case
    NEAR = "near"  # mostly the same body: scraper.dedupe.resemblance
    SAID = "said"  # its page names the other as where it was published, and the texts bear it out


@dataclass(frozen=True, slots=True)
class Likeness:
    """That an article is a copy of the article ``other_id``.

    ``similarity``: the share of all words of both that stand in passages which both have; ``contained``: the share of
    the shorter one's.
    """

    other_id: int
    how: Match = Match.EXACT
    similarity: float = 1.0
    contained: float = 1.0


@dataclass(frozen=True, slots=True)
class Member:
    """What of an article bears on its place in a story.

    ``length``: of its body; ``agency``: whose report it says it is.
    """

    id: int
    url: str
    kind: Kind
    first_seen_at: str
    length: int
    published_at: str | None = None
    published_zone: Zone | None = None
    canonical_url: str | None = None
    agency: str | None = None


def first_of(members: Collection[Member]) -> int:
    """The id of the first publisher's: whose report the others say it is, if they say so; else the earliest."""
    claims = _Claims(members)
    claimed = [member for member in members if claims.name(member)]
    original = [member for member in claimed if not claims.named_by(member)]
    return min(original or members, key=lambda member: (out_by(member), member.id)).id


def lead_of(members: Collection[Member], first: int) -> int:
    """The id of the version to read: the fullest that is no teaser; among about as full ones the first publisher's, or
    the earliest.
    """
    whole = [member for member in members if member.kind is not Kind.TEASER] or list(members)
    enough = _AS_FULL * max(member.length for member in whole)
    full = [member for member in whole if member.length >= enough]
    return min(full, key=lambda member: (member.id != first, out_by(member), member.id)).id


def out_by(member: Member) -> str:
    """The instant by which it was surely published.

    Where the zone of its date is known, that instant; of a bare day and of an assumed zone the last instant that may be
    meant. A page that we saw earlier was out by then, whatever it says.
    """
    if member.published_at is None or member.published_zone is None:
        return member.first_seen_at
    latest = from_instant(member.published_at)
    if len(member.published_at) == len("2026-11-23"):
        latest += timedelta(days=1) + _LAST_ZONE
    elif member.published_zone is Zone.ASSUMED:
        latest += _LAST_ZONE
    return min(instant(latest), member.first_seen_at)


class _Claims:
    """What articles say whose report theirs is: by a canonical address on another site, or by their credit.

    It grows with their number, not with its square: a report may have run at hundreds of sites.
    """

    def __init__(self, members: Collection[Member]) -> None:
        self._hosts = {member.id: _host(member.url) for member in members}
        self._at: dict[str, set[str]] = {}  # the key of an address: the hosts of the members there
        self._saying: dict[str, set[str]] = {}  # the key of a canonical address: the hosts of those that name it
        self._crediting: dict[tuple[str, ...], set[str]] = {}  # the homes of an agency: the hosts of its customers
        for member in members:
            host = self._hosts[member.id]
            if not host:
                continue
            self._at.setdefault(_key(member.url), set()).add(host)
            self._saying.setdefault(_key(member.canonical_url), set()).add(host)
            self._crediting.setdefault(_homes(member), set()).add(host)

    def name(self, member: Member) -> bool:
        """Whether a member of another site says that the report is this one's."""
        own = {self._hosts[member.id]}
        if own == {""}:
            return False
        if self._saying.get(_key(member.url), set()) - own:
            return True
        return any(by - own and _is_at(own, homes) for homes, by in self._crediting.items())

    def named_by(self, member: Member) -> bool:
        """Whether it says that the report is that of a member of another site."""
        own, said = {self._hosts[member.id]}, _key(member.canonical_url)
        if said and self._at.get(said, set()) - own:
            return True
        homes = _homes(member)
        return bool(homes) and _is_at(set(self._hosts.values()) - own, homes)


def _host(url: str) -> str:
    try:
        return host_of(url)
    except BadURL:  # an import may hold what is no address
        return ""


def _key(url: str | None) -> str:
    try:
        return url_key(url) if url else ""
    except BadURL:
        return ""


def _homes(member: Member) -> tuple[str, ...]:
    return AGENCIES.get(member.agency or "", ())


def _is_at(hosts: Iterable[str], homes: tuple[str, ...]) -> bool:
    return any(host == home or host.endswith(f".{home}") for host in hosts for home in homes)


def groups(ids: Iterable[int], ties: Iterable[tuple[int, int]]) -> list[set[int]]:
    """What hangs together, the largest group first, of as large ones that with the lowest id."""
    near: dict[int, set[int]] = {one: set() for one in ids}
    for one, other in ties:
        if one in near and other in near:
            near[one].add(other)
            near[other].add(one)
    found = []
    left = set(near)
    while left:
        group, ahead = set(), [left.pop()]
        while ahead:
            one = ahead.pop()
            group.add(one)
            ahead += near[one] - group
        found.append(group)
        left -= group
    return sorted(found, key=lambda group: (-len(group), min(group)))
