"""What an article costs on its way into a small archive and into a large one.

The whole write path (decision, row, search index, sketch, page, attempt; a hundred articles a commit, as the writer
does) stores the same made-up articles (``tests.benchmarks.press``) into an archive of a thousand and into one of a
million, turn by turn, so that what else the machine does meets both. The large one's earlier articles are laid down in
bulk: rows of real ones over again, each under a key, a hash and fingerprints of its own, so that every index has its
full size.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scraper.dedupe import Candidate, candidate
from scraper.model import Page
from scraper.outcomes import decided, fetched
from scraper.store import Store
from scraper.store.sketches import WINDOW, Nearby, Sketches
from tests.benchmarks.press import Press

_BASE = 1_000  # articles of the small archive
_MEASURED = 4_000
_BATCH = 100  # articles a commit
_PIECE = 10_000  # rows that are laid down at once
_GENERATIONS, _ROOM = 8, 10_000  # of the index of near-copies
_DAILY = 10_000


@dataclass(slots=True)
class Archive:
    """A store, and the seconds that each batch took: all of it, and its near-copies alone."""

    store: Store
    sketches: Timed
    whole: list[float] = field(default_factory=list)
    near: list[float] = field(default_factory=list)


class Timed(Sketches):
    """The index of near-copies, with a clock."""

    seconds = 0.0

    def near(self, new: Candidate, now: datetime, but: int | None = None) -> Nearby:
        began = time.perf_counter()
        found = super().near(new, now, but)
        self.seconds += time.perf_counter() - began
        return found

    def keep(self, article_id: int, hashes: Sequence[int], now: datetime) -> None:
        began = time.perf_counter()
        super().keep(article_id, hashes, now)
        self.seconds += time.perf_counter() - began


def cost(articles: int, folder: Path | None) -> None:
    """Print milliseconds an article in both archives, their ratio, and bytes an article."""
    with TemporaryDirectory() as temporary:
        small, large = Path(temporary, "small"), (folder or Path(temporary)) / "large"
        press = Press(daily=_DAILY)
        began = time.perf_counter()
        if not (large / "news.db").exists():
            _lay_down(large, press, articles - _BASE)
        sys.stdout.write(f"{articles - _BASE:,} articles laid down in {time.perf_counter() - began:.0f} s\n")
        archives = [_opened(small), _opened(large)]
        stored = archives[1].store.articles.count()
        begin = -(-max(0, stored - articles + _BASE) // _BATCH) * _BATCH  # behind what an earlier run has stored there
        sketching = 0.0
        for first in range(begin, begin + _BASE + _MEASURED, _BATCH):
            works, seconds = _prepared(press, first)
            sketching += seconds
            for archive in archives[:: 1 if first // _BATCH % 2 else -1]:
                _store(archive, works)
        _report(archives, sketching / (_BASE + _MEASURED))
        for archive, name in zip(archives, (small, large), strict=True):
            archive.store.close()
            sys.stdout.write(f"{name.name}: {_sizes(name)}\n")


def _opened(folder: Path) -> Archive:
    store = Store(folder)
    timed = Timed(store._news, WINDOW)  # noqa: SLF001 - the store's own connection, with a clock around it
    store.sketches = timed
    return Archive(store, timed)


def _prepared(press: Press, first: int) -> tuple[list[tuple[Candidate, Page]], float]:
    articles = list(press.articles(_BATCH, first))
    pages = [press.page(article) for article in articles]
    began = time.perf_counter()
    made = [candidate(article) for article in articles]
    return list(zip(made, pages, strict=True)), time.perf_counter() - began


def _store(archive: Archive, works: Sequence[tuple[Candidate, Page]]) -> None:
    before, began = archive.sketches.seconds, time.perf_counter()
    with archive.store.transaction():
        for new, page in works:
            saved = archive.store.save(new, page, None, page.fetched_at)
            archive.store.attempts.add(decided(fetched(page.url, page, None), saved.decision, saved.article_id))
    archive.whole.append(time.perf_counter() - began)
    archive.near.append(archive.sketches.seconds - before)


def _report(archives: Sequence[Archive], sketching: float) -> None:
    warm = _BASE // _BATCH
    sys.stdout.write(f"{_MEASURED:,} articles, {_BATCH} a commit; ms an article (median of batches; mean)\n")
    for what in ("whole", "near"):
        times = [[seconds / _BATCH * 1e3 for seconds in getattr(one, what)[warm:]] for one in archives]
        middles, means = [median(some) for some in times], [sum(some) / len(some) for some in times]
        sys.stdout.write(
            f"{'whole path' if what == 'whole' else 'near-copies':12} small {middles[0]:.3f}; {means[0]:.3f}   "
            f"large {middles[1]:.3f}; {means[1]:.3f}   ratio {middles[1] / middles[0]:.2f}; {means[1] / means[0]:.2f}\n"
        )
    sys.stdout.write(f"candidate (keys, hash, sketch), before the writer: {sketching * 1e3:.3f}\n")


def _lay_down(folder: Path, press: Press, count: int) -> None:
    """So many articles with their attempts and pages, before the first of the press's."""
    with Store(folder) as store, store.transaction():
        start = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=count / _DAILY)
        for article in press.articles(min(_PIECE, count), 2_000_000):
            page = replace(press.page(article), fetched_at=start)
            saved = store.save(candidate(article), page, None, start)
            store.attempts.add(decided(fetched(page.url, page, None), saved.decision, saved.article_id))
        store._news.execute("DELETE FROM sketches")  # noqa: SLF001 - they are drawn for those that are recent
    step = timedelta(days=1) / _DAILY
    with closing(_fast(folder / "news.db")) as news, closing(_fast(folder / "pages.db")) as pages:
        pages.execute("UPDATE bodies SET zstd = substr(zstd, 1, 100)")  # the blobs are in no index
        made = min(_PIECE, count)
        while made < count:
            piece = min(_PIECE, count - made)
            at = f"strftime('%Y-%m-%dT%H:%M:%SZ', julianday('{start:%Y-%m-%d %H:%M:%S}') + (id + {made}) / {_DAILY}.0)"
            again = {"first_seen_at": at, "fetched_at": at, "published_at": at, "url": f"url || '?{made}'"}
            again |= {
                "content_hash": "lower(hex(randomblob(32)))",
                "url_key": f"url_key || '?{made}'",
                "story_id": "NULL",
            }
            _again(news, "articles", again, piece)
            _again(news, "fetches", {"at": at, "url": f"url || '?{made}'", "article_id": f"article_id + {made}"}, piece)
            _again(pages, "bodies", {"hash": "lower(hex(randomblob(32)))"}, piece, key="rowid")
            keys = {name: f"{name} || '?{made}'" for name in ("url", "url_key", "final_url", "final_url_key")}
            body = f"(SELECT hash FROM bodies WHERE bodies.rowid = pages.id + {made})"
            _again(pages, "pages", keys | {"fetched_at": at, "body_hash": body}, piece)
            made += piece
        _sketch(news, count, start + count * step)


def _fast(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    for pragma in ("synchronous = OFF", "cache_size = -400000", "foreign_keys = OFF", "wal_autocheckpoint = 100000"):
        db.execute(f"PRAGMA {pragma}")
    return db


def _again(db: sqlite3.Connection, table: str, changed: dict[str, str], count: int, key: str = "id") -> None:
    """The first rows of a table once more, with some columns other."""
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    values = ", ".join(changed.get(column, column) for column in columns)
    db.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {key} <= ? ORDER BY {key}",
        (count,),
    )
    db.commit()


def _sketch(db: sqlite3.Connection, count: int, until: datetime) -> None:
    """Generations of hashes drawn by lot, for the latest articles."""
    chance = random.Random(1)  # noqa: S311 - made-up hashes
    db.execute("DELETE FROM generations")
    room = min(_ROOM, count // _GENERATIONS)
    for generation in range(1, _GENERATIONS + 1):
        back = (_GENERATIONS - generation + 1) * room
        begun = f"{until - timedelta(days=back / _DAILY):%Y-%m-%dT%H:%M:%SZ}"
        db.execute("INSERT INTO generations VALUES (?, ?, ?)", (generation, count - back + 1, begun))
        ids = range(count - back + 1, count - back + 1 + room)
        rows = ((generation, chance.getrandbits(47), one) for one in ids for _ in range(20))
        db.executemany("INSERT INTO sketches VALUES (?, ?, ?)", rows)
        db.commit()


def _sizes(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "news.db")) as db:
        articles, (indexed, hashes) = (
            db.execute("SELECT max(id) FROM articles").fetchone()[0],
            db.execute("SELECT count(DISTINCT article_id), count(*) FROM sketches").fetchone(),
        )
        pages = (
            db.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'sketches'").fetchone()[0] if _has_dbstat(db) else 0
        )
    size = (folder / "news.db").stat().st_size
    return (
        f"{articles:,} articles, news.db {size / 1e9:.2f} GB ({size / articles:,.0f} bytes each); index of near-copies:"
        f" {indexed:,} articles, {hashes / max(1, indexed):.1f} hashes and {pages / max(1, indexed):,.0f} bytes each"
    )


def _has_dbstat(db: sqlite3.Connection) -> bool:
    return any(row[0] == "dbstat" for row in db.execute("PRAGMA module_list"))
