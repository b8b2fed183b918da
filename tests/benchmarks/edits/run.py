"""Pages served again and again to a real store: with noise alone, and with an edit under noise."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from scraper.dedupe import candidate
from scraper.errors import ScrapeError
from scraper.model import Article, Edit, Outcome, Page
from scraper.store import Store
from tests.benchmarks.edits.edits import EDITS, correction
from tests.benchmarks.edits.noise import NOISE, Texts, noisy
from tests.benchmarks.edits.pages import Served

_BEGIN = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
_Fetched = tuple[Served, Article]


@dataclass
class Tally:
    """By class: how often it was tried, and how often it became a revision; of edits, how often of the right kind."""

    tried: Counter[str] = field(default_factory=Counter)
    revised: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def share(self, counter: Counter[str]) -> float:
        """Of all that was tried."""
        return counter.total() / max(1, self.tried.total())


class Bench:
    """A store that pages are served to, each under an address of its own."""

    def __init__(self, half: int | None, seed: int) -> None:
        self._half, self._random = half, Random(seed)  # noqa: S311 - made-up edits
        self.noise, self.edits = Tally(), Tally()

    def run(self, pages: Sequence[Served]) -> None:
        """Serve each page with every kind of noise alone, with all of them, and with every edit under all of them."""
        with tempfile.TemporaryDirectory() as folder, Store(folder) as store:
            for number, page in enumerate(pages):
                with store.transaction():
                    self._noise(store, page, number)
                    self._edits(store, page, number)

    def _noise(self, store: Store, page: Served, number: int) -> None:
        for name in (*NOISE, "all"):
            names = tuple(NOISE) if name == "all" else (name,)
            for visit in range(3):
                fetched = self._served(page, names)
                if fetched is None:
                    break
                self._judge(store, fetched, f"/{number}/noise/{name}", self.noise, (name, visit))

    def _edits(self, store: Store, page: Served, number: int) -> None:
        for name, (edit, right) in EDITS.items():
            before = self._served(page, tuple(NOISE))
            changed = correction(page, self._random, self._half) if edit is correction else edit(page, self._random)
            after = self._served(changed, tuple(NOISE)) if changed is not None else None
            if before is None or after is None:
                continue
            url = f"/{number}/edits/{name}"
            self._judge(store, before, url, self.edits, (name, 0))
            kind = self._judge(store, after, url, self.edits, (name, 1))
            self.edits.right[name] += kind in right

    def _served(self, page: Served, names: tuple[str, ...]) -> _Fetched | None:
        made = noisy(page, Texts(self._half, self._random), names)
        try:
            return made, made.read().storable()
        except ScrapeError:
            return None

    def _judge(
        self, store: Store, fetched: tuple[Served, Article], path: str, tally: Tally, what: tuple[str, int]
    ) -> Edit | None:
        name, visit = what
        served, article = fetched
        address = f"https://{path.strip('/').replace('/', '-').replace(' ', '-')}.example/story"
        now = _BEGIN + timedelta(hours=visit)
        page = Page(address, address, 200, (("content-type", "text/html; charset=utf-8"),), served.html.encode(), now)
        new = candidate(replace(article, url=address, canonical_url=None))
        old = store.articles.by_keys(new.keys)
        began = time.process_time()
        decision = store.save(new, page, None, now).decision
        tally.seconds.append(time.process_time() - began)
        if visit:
            tally.tried[name] += 1
            revised = decision.outcome is Outcome.REVISED
            tally.revised[name] += revised
            if revised is (tally is self.noise):
                tally.told.append(_told(name, decision.detail, old.article if old else None, article))
        return decision.difference.edit if decision.difference else None


def _told(name: str, detail: str, old: Article | None, new: Article) -> str:
    before = set(old.body.split("\n")) if old else set()
    after = set(new.body.split("\n"))
    gone, come = (sorted(line[:100] for line in lines)[:3] for lines in (before - after, after - before))
    return f"{name}: {detail}\n    {new.url}\n    - {gone}\n    + {come}"


def halves(pages: Sequence[Served], seed: int) -> Iterator[tuple[str, int, list[Served]]]:
    """The pages for tuning and those held out, by chance; each half goes with its half of the texts."""
    shuffled = Random(seed).sample(list(pages), len(pages))  # noqa: S311 - a draw
    yield "tuned", 0, shuffled[::2]
    yield "held out", 1, shuffled[1::2]
