"""What a fleet's server saw, and what follows from it: what is announced by now, and which version is served next."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fleet.plan import DISALLOWED, FOREIGN, Article, Plan


@dataclass(frozen=True, slots=True)
class State:
    """Counts so far: requests (and of those: answers that were made to fail, 304, by ``kinds`` of what was asked for),
    requests that nobody may make (``foreign``, ``disallowed``), and ``served``: versions of articles wholly sent once.
    """

    requests: int = 0
    failed: int = 0
    unchanged: int = 0
    foreign: int = 0
    disallowed: int = 0
    articles: int = 0
    served: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass
class Record:
    """The memory of a fleet's server."""

    plan: Plan
    asked: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    polls: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    unchanged: int = 0
    foreign: int = 0
    disallowed: int = 0

    def count(self, host: str, path: str, kind: str) -> int:
        """Note a request. Returns how often its address was asked before."""
        url = host + path
        before = self.asked[url]
        self.asked[url] += 1
        self.kinds[kind] += 1
        self.foreign += host == FOREIGN
        self.disallowed += path.startswith(DISALLOWED)
        return before

    def announced(self, articles: tuple[Article, ...]) -> list[Article]:
        """Those of one site's articles that are published by now: by how often it was asked what is new."""
        polls = self.polls[articles[0].host]
        return [article for article in articles if article.appears <= polls]

    def version(self, article: Article) -> int:
        """The version that is served next, from 0: an edit comes once what stood there was wholly sent to somebody."""
        return min(self.served[article.url], article.versions - 1)

    def sent(self, article: Article, version: int) -> None:
        """Note that a version was wholly sent."""
        self.served[article.url] = max(self.served[article.url], version + 1)

    def state(self) -> dict[str, Any]:
        """As :class:`State`, for JSON."""
        return asdict(
            State(
                requests=self.asked.total(),
                failed=self.failed,
                unchanged=self.unchanged,
                foreign=self.foreign,
                disallowed=self.disallowed,
                articles=sum(count > 0 for count in self.served.values()),
                served=self.served.total(),
                kinds=dict(self.kinds),
            )
        )
