"""What the addresses of a source's articles have in common, so that others like them are told from the rest. Pure.

A site's sitemap lists all that it has: other sections, tags, authors, service pages. A source's own entries say where
its articles live. Whether they say it exhaustively is told by how many of their sections were seen only once: of the
next entries, about as large a share is of a section that was never seen (Good and Turing's estimate).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.discover.links import Base, site_of
from scraper.discover.shapes import Shape, shape_of
from scraper.errors import BadURL

_ENOUGH = 20  # entries that must be known before their sections mean anything
_OPEN = 0.05  # the share of entries of unknown sections from which on all sections are taken
_RARE = 0.05  # the share of entries below which a host, or a shape, is an exception
_DATED = re.compile(r"\d{1,8}|[a-z]{3}")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Where the articles of a source live. ``sections`` is empty where they may be of any.

    Its hosts are of one site: where none has most of them, as with one that collects what others publish, they are its
    own alone.
    """

    hosts: frozenset[str]
    shape: Shape = Shape.LIKELY
    sections: frozenset[tuple[str, ...]] = frozenset()

    def fits(self, url: str) -> bool:
        """Whether an address may be that of an article of this source."""
        try:
            base = Base(url)
        except BadURL:
            return False
        if base.host.removeprefix("www.") not in self.hosts or shape_of(base) < self.shape:
            return False
        return not self.sections or _section(base) in self.sections

    @classmethod
    def of(cls, urls: Iterable[str], home: str) -> Likeness:
        """Of a source at ``home`` that announced these addresses."""
        bases = [Base(url) for url in urls]
        hosts = Counter(base.host.removeprefix("www.") for base in bases)
        sites = Counter(site_of(base.host) for base in bases)
        main = next((site for site, times in sites.items() if 2 * times > len(bases)), None)
        usual = frozenset(
            host for host, times in hosts.items() if times >= _RARE * len(bases) and site_of(host) == main
        )
        shapes = Counter(shape_of(base) for base in bases)
        plain = shapes[Shape.PLAIN] > _RARE * len(bases)
        sections = Counter(_section(base) for base in bases)
        once = sum(times == 1 for times in sections.values())
        known = len(bases) >= _ENOUGH and once <= _OPEN * len(bases)
        return cls(
            hosts=usual or frozenset({Base(home).host.removeprefix("www.")}),
            shape=Shape.PLAIN if plain else Shape.LIKELY,
            sections=frozenset(sections) if known else frozenset(),
        )


def _section(url: Base) -> tuple[str, ...]:
    """The first two steps of a path that are no date and not the article's own name."""
    steps = [step for step in url.path.lower().split("/") if step][:-1]
    return tuple(step for step in steps if not _DATED.fullmatch(step))[:2]
