"""Who does the fleet: each is a command, and a database with a table ``articles`` at its end."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from scraper.model import SourceKind
from tests.benchmarks.daemon.cost import Cost, measured
from tests.fleet import FleetProcess, Manner, State, write_home

_SPIDER = Path(__file__).with_name("spider.py")
_MANNER = Manner(spacing="0s", interval="1h", revisits=(), concurrency=64)


@dataclass(frozen=True, slots=True)
class Result:
    """What one contestant did: its cost, what the fleet saw, and how many articles it stored."""

    cost: Cost
    state: State
    stored: int

    @property
    def per_page(self) -> float:
        """CPU milliseconds for a page that was wholly fetched."""
        return self.cost.cpu / self.state.articles * 1000

    @property
    def per_article(self) -> float:
        """The same for an article that was stored."""
        return self.cost.cpu / self.stored * 1000


@dataclass(frozen=True, slots=True)
class Race:
    """What all contestants get: a fleet of their own each time, how it is to be read, and a folder."""

    kind: SourceKind
    folder: Path
    spider_python: str = ""


def ours(fleet: FleetProcess, race: Race) -> Result:
    """The daemon, as `scrape run --once`."""
    home = race.folder / "home"
    write_home(home, fleet, race.kind, _MANNER)
    words = [sys.executable, "-m", "scraper", "--home", str(home), "run", "--once"]
    cost = measured(words, race.folder / "ours.log", well=1)  # 1: some real page could not be read
    return Result(cost, fleet.state(), _count(home / "storage" / "news.db"))


def scrapy(fleet: FleetProcess, race: Race) -> Result:
    """The spider."""
    database = race.folder / "spider.db"
    words = [race.spider_python, str(_SPIDER), race.kind.value, str(database), *fleet.plan.hosts]
    cost = measured(words, race.folder / "scrapy.log", more=_by_proxy(fleet))
    return Result(cost, fleet.state(), _count(database))


def floor(fleet: FleetProcess, race: Race) -> Result:
    """As little as can be done: see ``floor``."""
    database = race.folder / "floor.db"
    words = [sys.executable, "-m", "tests.benchmarks.daemon.floor", str(database), *fleet.plan.hosts]
    cost = measured(words, race.folder / "floor.log", more=_by_proxy(fleet))
    return Result(cost, fleet.state(), _count(database))


CONTESTANTS: dict[str, Callable[[FleetProcess, Race], Result]] = {"ours": ours, "scrapy": scrapy, "floor": floor}


def _by_proxy(fleet: FleetProcess) -> dict[str, str]:
    return {"http_proxy": f"http://127.0.0.1:{fleet.port}"}


def _count(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
