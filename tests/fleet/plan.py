"""What there is in a fleet: its sites, their articles, and in which order things happen. Pure, and all by seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

from tests.fleet import text

_FIRST = datetime(2025, 3, 10, 6, tzinfo=UTC)
FOREIGN = "elsewhere.example"
"""A host that is no site of any fleet; the sites link to it, and it answers."""
DISALLOWED = "/intern/"
"""Below this, each robots.txt says no; the sites link there, and there are articles."""
_SHAPES = (
    "/{date:%Y/%m/%d}/{slug}/",
    "/news/{slug}-{number}.html",
    "/{date:%Y/%m}/{slug}-a{number}",
    "/politics/{date:%Y-%m-%d}-{slug}",
    "/article/{number}/{slug}",
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article: it is announced once its site was asked so often (``appears``), and has so many ``versions``."""

    site: int
    number: int
    host: str
    path: str
    published: datetime
    appears: int
    versions: int

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.path}"


@dataclass(frozen=True)
class Plan:
    """``sites`` of ``articles`` each. Shares: ``failing`` of all answers, ``late`` of the articles that are published
    while it is looked at, ``edited`` of those that are edited once or twice.
    """

    sites: int = 200
    articles: int = 50
    seed: int = 1
    failing: float = 0.1
    late: float = 0.2
    edited: float = 0.15

    def host(self, site: int) -> str:
        return f"site-{site:03}.example"

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        return tuple(self.host(site) for site in range(self.sites))

    @cached_property
    def by_site(self) -> tuple[tuple[Article, ...], ...]:
        """The articles of each site, the newest first."""
        return tuple(tuple(self._articles(site)) for site in range(self.sites))

    @property
    def everything(self) -> Iterator[Article]:
        for articles in self.by_site:
            yield from articles

    @property
    def versions(self) -> int:
        """How many texts there are in all."""
        return sum(article.versions for article in self.everything)

    def chance(self, *what: object) -> random.Random:
        """Chance of its own for each thing, so that one more draw there changes nothing here."""
        return random.Random(f"{self.seed}/{what}")  # noqa: S311 - the same every time

    def _articles(self, site: int) -> Iterator[Article]:
        chance = self.chance("site", site)
        shape, late = _SHAPES[site % len(_SHAPES)], round(self.articles * self.late)
        for place in range(self.articles):
            published = _FIRST + timedelta(hours=3 * (self.articles - place), minutes=chance.randrange(60))
            number = 70_000 + site * self.articles + place
            path = shape.format(date=published, slug=text.slug(self.chance("slug", site, place)), number=number)
            if shape.count("{number}") == 0:  # two slugs may be the same
                path = f"{path.rstrip('/')}-{place}{'/' if path.endswith('/') else ''}"
            appears = chance.randrange(1, 4) if place < late else 0
            versions = 1 + (chance.randrange(1, 3) if chance.random() < self.edited else 0)
            yield Article(site, number, self.host(site), path, published, appears, versions)


@dataclass(frozen=True, slots=True)
class Story:
    """What one version of an article says."""

    title: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...] = field(repr=False)

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


@cache
def story(plan: Plan, article: Article, version: int) -> Story:
    """A version's text: an edit changes a headline, a paragraph in the middle, or adds a correction at the end."""
    chance = plan.chance("story", article.site, article.number)
    title = text.headline(chance)
    authors = tuple(text.name(chance) for _ in range(chance.randrange(1, 3)))
    paragraphs = [text.paragraph(chance) for _ in range(chance.randrange(5, 13))]
    for edit in range(1, version + 1):
        again = plan.chance("edit", article.site, article.number, edit)
        kind = again.randrange(3)
        if kind == 0:
            title = text.headline(again)
        elif kind == 1:
            paragraphs[len(paragraphs) // 2] = text.paragraph(again)
        else:
            told = text.sentence(again)
            paragraphs.append(f"Correction: an earlier version of this report misstated a figure. {told}")
    return Story(title, authors, tuple(paragraphs))
