"""How fast search answers: ``python -m tests.benchmarks.searching [--articles N] [--keep FOLDER]``.

Stores made-up articles and asks for words of their headlines, drawn by seed: through ``Store.search``, through the same
statement on a connection as Datasette opens one, and, as the floor, plain FTS5 (``order by rank limit 20``, row numbers
only, without filters or excerpts). Every list of queries is asked twice and timed the second time, so that what is read
is in memory. Prints milliseconds, also of CPU alone (for a machine that has other work), and the bytes of each index. A
folder that is kept is used again.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from scraper.dedupe import candidate
from scraper.query import parse
from scraper.store import Filters, Store
from scraper.store.articles import _row
from scraper.store.search import SEARCH, teach
from tests.benchmarks.press import Press

_PIECE = 500  # that one process makes up at a time
_MAKERS = 3
_PARAMS = dict.fromkeys(("source", "since", "until", "lang", "author", "sort"), "")
_FLOOR = "select rowid from articles_fts where articles_fts match ? order by rank limit 20"


@cache
def _press() -> Press:
    return Press()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for, under a name; queries of one kind are timed together."""

    kind: str
    query: str
    filters: Filters = field(default_factory=Filters)


def fill(folder: Path, count: int, texts: int) -> None:
    """Store so many articles of so many texts, each again and again; each commit indexes its own."""
    with Store(folder) as store:
        news = store._news.conn  # noqa: SLF001 - past the decision about each, which costs what it finds
        if news.execute("select 1 from articles limit 1").fetchone():
            return
        for pragma in ("synchronous = off", "cache_size = -262144"):
            news.execute(f"pragma {pragma}")
        with store.transaction():
            outlets = [{"name": f"outlet{n}", "title": "", "url": "", "kind": "feed"} for n in range(_press().outlets)]
            store.frontier.sync_sources([row | {"enabled": 1, "language": None} for row in outlets], "2026-01-01")
        with ProcessPoolExecutor(_MAKERS) as makers, store.transaction():
            for rows in makers.map(partial(_rows, texts), range(0, texts, _PIECE)):
                marks = ", ".join(f":{column}" for column in rows[0])
                news.executemany(f"insert into articles ({', '.join(rows[0])}) values ({marks})", rows)
        columns = ", ".join(name for name in rows[0] if name not in {"url", "url_key", "published_at", "first_seen_at"})
        days = texts // _press().daily + 1
        for turn in range(1, -(-count // texts)):
            at = f"strftime('%Y-%m-%dT%H:%M:%SZ', published_at, '+{turn * days} days')"
            with store.transaction():
                news.execute(
                    f"insert into articles (url, url_key, published_at, first_seen_at, {columns})"
                    f" select url || '-{turn}', url_key || '-{turn}', {at}, {at}, {columns}"
                    " from articles where id <= ?",
                    (min(texts, count - turn * texts),),
                )


def _rows(count: int, start: int) -> list[dict[str, object]]:
    press = _press()  # made once a process
    return [_stored(press, number) for number in range(start, min(start + _PIECE, count))]


def _stored(press: Press, number: int) -> dict[str, object]:
    article = press.article(number)
    new = candidate(article)
    at = article.published_at
    facts = {"url_key": new.keys[0], "content_hash": new.content_hash, "first_seen_at": at, "fetched_at": at}
    return _row(article) | facts | {"source_id": number % press.outlets + 1}


def questions(press: Press, count: int, many: int, seed: int) -> Iterator[Question]:
    """So many of two words that stand together in a headline, and a fifth as many of each other kind."""
    chance = random.Random(seed)  # noqa: S311 - made-up questions
    for number in range(many):
        words: list[str] = []
        while len(words) < 2:  # a headline in Chinese is one
            article = press.article(chance.randrange(count))
            words = article.title.split()
        first, second = chance.sample(words, 2)
        at = chance.randrange(len(words) - 1)
        yield Question("two words", f"{first} {second}")
        if number % 5:
            continue
        yield Question("one word", first)
        yield Question("phrase", f'"{words[at]} {words[at + 1]}"')
        yield Question("prefix of 4", f"{max(words, key=len)[:4]}*")
        yield Question("OR, NOT", f"{first} OR {second} -{words[at]}")
        yield Question("two words, source", f"{first} {second}", Filters(source=f"outlet{number_of(article.url)}"))
        day = (article.published_at or "")[:10]
        yield Question("two words, day", f"{first} {second}", Filters(since=day, until=day))
        yield Question("two words, lang", f"{first} {second}", Filters(language="zh"))
        yield Question("two words, author", f"{first} {second}", Filters(author=article.authors[0]))
        chinese = press.article(chance.randrange(count // 25) * 25 + 24).title
        at = chance.randrange(len(chinese) - 1)
        yield Question("Chinese, two characters", chinese[at : at + 2])
        yield Question("Chinese, one character", chinese[at])
    for n in range(20):
        yield Question("latest", "")
        yield Question("latest, source", "", Filters(source=f"outlet{n}"))
        yield Question("latest, lang", "", Filters(language="zh"))
        yield Question("latest, until", "", Filters(until=f"2026-01-{n + 1:02d}"))
        yield Question("latest, author", "", Filters(author=press.article(n).authors[0]))


def number_of(url: str) -> str:
    """Which outlet an address is of."""
    return url.removeprefix("https://outlet").partition(".")[0]


def report(name: str, asked: Sequence[Question], ask: Callable[[Question], Sequence[object]]) -> None:
    """Print milliseconds, by the clock and of this thread alone, once what the queries read is in memory."""
    for question in asked:
        ask(question)
    took, own, rows = [], [], []
    for question in asked:
        start, began = time.perf_counter(), time.thread_time()
        rows.append(len(ask(question)))
        took.append(1000 * (time.perf_counter() - start))
        own.append(1000 * (time.thread_time() - began))
    sys.stdout.write(f"  {name:<10} {_spread(took)}   CPU {_spread(own)}   rows {median(rows):.0f}\n")
    sys.stdout.flush()


def _spread(values: list[float]) -> str:
    values.sort()
    return f"median {median(values):7.2f} p95 {values[int(0.95 * len(values))]:7.2f} worst {values[-1]:7.2f}"


def measure(folder: Path, asked: Sequence[Question]) -> None:
    """Ask all of them, kind by kind."""
    kinds = dict.fromkeys(question.kind for question in asked)
    uri = f"file:{folder / 'news.db'}?mode=ro"
    with Store(folder, readonly=True) as store, closing(sqlite3.connect(uri, uri=True)) as datasette:
        teach(datasette)

        def sql(question: Question) -> Sequence[object]:
            params = _PARAMS | question.filters.params() | {"q": question.query, "limit": "20"}
            return datasette.execute(SEARCH, params).fetchall()

        for kind in kinds:
            some = [question for question in asked if question.kind == kind]
            sys.stdout.write(f"{kind}, {len(some)} queries\n")
            report("Store", some, lambda question: store.search(question.query, question.filters))
            if some[0].query:
                report("Datasette", some, sql)
            if some[0].query and some[0].filters == Filters():
                report("plain FTS5", some, lambda question: plain(datasette, question.query))


def plain(conn: sqlite3.Connection, query: str) -> Sequence[object]:
    """What FTS5 does by itself with the same words."""
    return conn.execute(_FLOOR, (parse(query).expression or '""',)).fetchall()


def sizes(folder: Path, count: int) -> None:
    """Print what an article takes, of each index."""
    with closing(sqlite3.connect(folder / "news.db")) as db:
        names = ("articles_fts_data", "articles_fts_docsize", "articles_facts", "articles_latest")
        taken = [
            (name, db.execute("select pgsize from dbstat where name = ? and aggregate = true", (name,)).fetchone()[0])
            for name in names
        ]
        pages, size = (db.execute(f"pragma {what}").fetchone()[0] for what in ("page_count", "page_size"))
    for name, size_of in (*taken, ("news.db", pages * size)):
        sys.stdout.write(f"{name}: {size_of / count:,.0f} bytes an article\n")
    sys.stdout.flush()


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, metavar="N")
    parser.add_argument("--texts", type=int, default=200_000, metavar="M", help="different ones, at most")
    parser.add_argument(
        "--queries", type=int, default=200, metavar="K", help="of two words; a fifth of each other kind"
    )
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="build the archive here, and leave it")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        start = time.perf_counter()
        texts = min(options.texts, options.articles)
        fill(folder, options.articles, texts)
        sys.stdout.write(
            f"{options.articles:,} articles of {texts:,} texts, stored in {time.perf_counter() - start:,.0f} s\n"
        )
        sizes(folder, options.articles)
        measure(folder, list(questions(_press(), texts, options.queries, options.seed)))


if __name__ == "__main__":
    main()
