"""What an article costs on its way into a small archive and into a large one.

The whole write path (keys and fingerprints, the packed page, the entry, decision, row, search index, attempt; a hundred
articles a commit, as the writer does) stores the same made-up articles (``tests.benchmarks.press``) into an archive of
a thousand and into one of a million, turn by turn, so that what else the machine does meets both. The large one's
earlier articles are laid down in bulk: rows of real ones over again, each under a key, a hash and fingerprints of its
own, so that every index has its full size. By the clock, disk and all; the commits by themselves, and the processor's
time, tell where a difference comes from.
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

from sqlite_utils import Database

from scraper.dedupe import Candidate, candidate
from scraper.model import Article, Entry, Page, instant
from scraper.outcomes import decided, fetched
from scraper.store import Store
from scraper.store.archive import Packed, pack
from scraper.store.grouping import Grouping
from scraper.store.search import index_new
from scraper.store.sketches import WINDOW, Nearby, Sketches
from scraper.store.stories import Stories
from tests.benchmarks.press import Press

_BASE = 1_000  # articles of the small archive
_MEASURED = 4_000
_BATCH = 100  # articles a commit
_PIECE = 10_000  # rows that are laid down at once
_GENERATIONS, _ROOM = 8, 10_000  # of the index of near-copies
_DAILY = 10_000
_SOURCE = "a"
_PARTS = {
    "whole": "whole path", "before": "prepared", "near": "near-copies", "commit": "commit", "cpu": "processor",
}  # fmt: skip


@dataclass(slots=True)
class Archive:
    """A store, and the seconds that each batch took: all of it, what is done before it comes to the writer, its
    near-copies and its commit alone, and the processor's for all of it.
    """

    store: Store
    sketches: Timed
    whole: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    near: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


class Timed(Sketches):
    """The index of near-copies, with a clock."""

    seconds = 0.0

    def near(self, new: Candidate, now: datetime, but: int | None = None) -> Nearby:
        began = time.perf_counter()
        found = super().near(new, now, but)
        self.seconds += time.perf_counter() - began
        return found

    def keep(self, article_id: int, hashes: Sequence[int], now: datetime, *, new: bool = False) -> None:
        began = time.perf_counter()
        super().keep(article_id, hashes, now, new=new)
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
        for first in range(begin, begin + _BASE + _MEASURED, _BATCH):
            batch = list(press.articles(_BATCH, first))
            pages = [press.page(article) for article in batch]
            for archive in archives[:: 1 if first // _BATCH % 2 else -1]:
                _store(archive, batch, pages)
        _report(archives)
        for archive, name in zip(archives, (small, large), strict=True):
            archive.store.close()
            sys.stdout.write(f"{name.name}: {_sizes(name)}\n")


def _opened(folder: Path) -> Archive:
    store = Store(folder)
    with store.transaction():
        row = {"name": _SOURCE, "title": "", "url": "https://a.example/feed", "kind": "feed", "enabled": 1}
        store.frontier.sync_sources([row | {"language": None}], "2026-01-01T00:00:00Z")
    timed = Timed(store._news, WINDOW)  # noqa: SLF001 - the store's own connection, with a clock around it
    store.grouping = Grouping(store.articles, timed, Stories(store._news))  # noqa: SLF001 - as above
    return Archive(store, timed)


def _store(archive: Archive, articles: Sequence[Article], pages: Sequence[Page]) -> None:
    near, began, cpu = archive.sketches.seconds, time.perf_counter(), time.thread_time()
    made = [candidate(article, [page.final_url]) for article, page in zip(articles, pages, strict=True)]
    packed = [pack(page) for page in pages]
    prepared = time.perf_counter()
    with archive.store.transaction():
        _write(archive.store, made, packed)
        written = time.perf_counter()
    archive.whole.append(time.perf_counter() - began)
    archive.before.append(prepared - began)
    archive.commit.append(time.perf_counter() - written)
    archive.cpu.append(time.thread_time() - cpu)
    archive.near.append(archive.sketches.seconds - near)


def _write(store: Store, made: Sequence[Candidate], packed: Sequence[Packed]) -> None:
    """What the daemon has done in the writer's thread, once a source announced them and once their pages are read."""
    (last,) = store._news.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()  # noqa: SLF001 - no public way
    new = store.frontier.admit([Entry(one.article.url) for one in made], 1, instant(packed[0].page.fetched_at))
    assert len(new) == len(made)
    for entry_id, (one, page) in enumerate(zip(made, packed, strict=True), start=last + 1):
        attempt = replace(fetched(page.page.url, page.page, None), source=_SOURCE)
        saved = store.save(one, page, _SOURCE, attempt.at)
        done = decided(attempt, saved.decision, saved.article_id)
        store.attempts.add(done)
        store.frontier.finished(entry_id, done, instant(attempt.at + timedelta(hours=1)), instant(attempt.at))


def _report(archives: Sequence[Archive]) -> None:
    warm = _BASE // _BATCH
    sys.stdout.write(f"{_MEASURED:,} articles, {_BATCH} a commit; ms an article (median of batches; mean)\n")
    for what, name in _PARTS.items():
        times = [[seconds / _BATCH * 1e3 for seconds in getattr(one, what)[warm:]] for one in archives]
        middles, means = [median(some) for some in times], [sum(some) / len(some) for some in times]
        sys.stdout.write(
            f"{name:12} small {middles[0]:.3f}; {means[0]:.3f}   "
            f"large {middles[1]:.3f}; {means[1]:.3f}   ratio {middles[1] / middles[0]:.2f}; {means[1] / means[0]:.2f}\n"
        )


def _lay_down(folder: Path, press: Press, count: int) -> None:
    """So many articles with their attempts and pages, before the first of the press's."""
    start = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(days=count / _DAILY)
    with closing(_opened(folder).store) as store, store.transaction():
        articles = list(press.articles(min(_PIECE, count), 2_000_000))
        packed = [pack(replace(press.page(article), fetched_at=start)) for article in articles]
        _write(store, [candidate(article) for article in articles], packed)
        store._news.execute("DELETE FROM sketches")  # noqa: SLF001 - they are drawn for those that are recent
        store._news.execute("UPDATE entries SET next_due = NULL")  # noqa: SLF001 - old ones are not fetched again
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
            entered = {"url": f"url || '?{made}'", "url_key": f"url_key || '?{made}'", "first_seen_at": at}
            _again(news, "entries", entered | {"article_id": f"article_id + {made}"}, piece)
            _again(news, "fetches", {"at": at, "url": f"url || '?{made}'", "article_id": f"article_id + {made}"}, piece)
            _again(pages, "bodies", {"hash": "lower(hex(randomblob(32)))"}, piece, key="rowid")
            keys = {name: f"{name} || '?{made}'" for name in ("url", "url_key", "final_url", "final_url_key")}
            body = f"(SELECT hash FROM bodies WHERE bodies.rowid = pages.id + {made})"
            _again(pages, "pages", keys | {"fetched_at": at, "body_hash": body}, piece)
            index_new(news)
            news.commit()
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
        db.execute(
            "INSERT INTO generations (id, first_article_id, begun_at) VALUES (?, ?, ?)",
            (generation, count - back + 1, begun),
        )
        ids = range(count - back + 1, count - back + 1 + room)
        rows = ((generation, chance.getrandbits(47), one) for one in ids for _ in range(20))
        db.executemany("INSERT INTO sketches VALUES (?, ?, ?)", rows)
        db.commit()
    sketches = Sketches(Database(db), WINDOW)
    for generation in range(1, _GENERATIONS - 1):
        sketches._close(generation)  # noqa: SLF001 - as if they had ended one by one
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
