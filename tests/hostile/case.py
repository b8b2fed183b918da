"""What one case is: the answers of a host, and how asking it must end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from scraper.fetch.options import FetchOptions, Manners
from scraper.model import Outcome, SourceKind
from scraper.settings import Settings, StorageOptions
from scraper.units import Duration, Period
from tests.fetch.loopback import Reply, Script

STORY = "/2026/03/01/harbour-reopens-after-the-storm"
FEED = "/feed.xml"
SITEMAP = "/sitemap.xml"

PATIENCE = 5.0  # seconds that a case may wait for its host's budget
PARSING = 10.0  # seconds after which the parser's process is stopped
STARTING = 10.0  # seconds for processes to start in, and for a machine that has other things to do


@dataclass(frozen=True, slots=True)
class Behind:
    """An answer for whoever sends that cookie, and one for everybody else."""

    cookie: str
    inside: Script
    outside: Script


Answers = Script | Behind | tuple[Script, ...]


class Pace(Enum):
    """How long is waited, and how often a fault is tried again."""

    HASTY = (2.0, 0.8, 0)
    STUBBORN = (15.0, 10.0, 2)
    CALM = (15.0, 10.0, 0)
    TRICKLING = (15.0, 10.0, 0, 1.0)

    def __init__(self, timeout: float, read_timeout: float, retries: int, rate_window: float = 20.0) -> None:
        self.rate_window = rate_window
        self.timeout = timeout
        self.read_timeout = read_timeout
        self.retries = retries

    def settings(self, port: int) -> Settings:
        """All limits but those of time are the defaults. Port 80 of an address stands for a port that may be asked."""
        return Settings(
            fetch=FetchOptions(
                timeout=Period(self.timeout),
                connect_timeout=Period(self.timeout / 2),
                read_timeout=Period(self.read_timeout),
                retries=self.retries,
                rate_window=Period(self.rate_window),
                ports=(port, 80),
                allow_private=("127.0.0.0/8",),
            ),
            manners=Manners(spacing=Duration(0.01), latency_factor=0, per_address=50),
            storage=StorageOptions(busy_timeout=Period(10)),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """One host. ``page`` is what the asked path answers: once each, the last one for all that follows.

    ``kind`` says as what the path is polled; None: it is an article's page, and is ingested. It is asked ``times``, and
    the last answer is judged. A case that is ``alone`` has the process to itself, so that the memory is its
    own; one that is ``fresh`` has a process that has seen nothing else.
    One with ``two`` hosts has another address, which answers alike.
    ``says`` stands in the attempt's detail; ``title`` is the article's, ``unasked`` are paths that may not be asked.
    """

    name: str
    page: Answers
    outcome: Outcome
    reason: str
    says: str = ""
    title: str | None = None
    path: str = STORY
    kind: SourceKind | None = None
    robots: Answers = field(default_factory=lambda: Reply(404, b""))
    others: Mapping[str, Answers] = field(default_factory=dict)
    pace: Pace = Pace.CALM
    times: int = 1
    alone: bool = False
    fresh: bool = False
    two: bool = False
    unasked: tuple[str, ...] = ()

    @property
    def scripts(self) -> dict[str, list[Any]]:
        """Every path's answers, in lists of this call's own: the server takes from them."""
        pages: dict[str, Answers] = {"/robots.txt": self.robots, **self.others, self.path: self.page}
        return {path: list(script) if isinstance(script, tuple) else [script] for path, script in pages.items()}

    @property
    def within(self) -> float:
        """When it must have ended, in seconds: each try of a fetch has its time, and robots.txt's before it."""
        fetches = 2 * (self.pace.retries + 1) * self.pace.timeout
        return self.times * (fetches + PATIENCE + PARSING) + STARTING


def saved(name: str, page: Answers, title: str | None = None, **more: Any) -> Case:
    """A case that yields a new article."""
    return Case(name, page, Outcome.SAVED, "new", title=title or name, **more)


def skipped(name: str, page: Answers, reason: str, says: str = "", **more: Any) -> Case:
    """A case that yields nothing, and need not be tried again."""
    return Case(name, page, Outcome.SKIPPED, reason, says, **more)


def failed(name: str, page: Answers, reason: str, says: str = "", **more: Any) -> Case:
    """A case that another try may mend."""
    return Case(name, page, Outcome.FAILED, reason, says, **more)
