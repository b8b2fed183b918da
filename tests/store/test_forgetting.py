"""What `scrape forget` erased is in no table and in no byte of any file, also after a kill in the middle."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import zstandard

from scraper.dedupe import candidate, content_hash
from scraper.dedupe.renewal import Renewal, Verdict
from scraper.model import Article, Attempt, Entry, Event, EventKind, Outcome
from scraper.store import Store
from scraper.store.reparses import Selection
from tests.store.samples import LATER, NOW, article, finish, page, run_sql, save, source, start

WORDS = ("zanzibarine", "quillwort", "xylophagous", "jabberwock", "mnemonicish", "borogoves", "frumiously")
TITLE, OLD, BODY, FAULT, REREAD, LOST, ANNOUNCED = WORDS
URL = "https://news.example/2026/11/secret"
ALIAS = f"{URL}?utm_source=x"
FIRST = f"<p>{OLD}</p>".encode() * 3000
SECOND = f"<p>{BODY}</p>".encode() * 3000


def neighbours(store: Store, what: str) -> None:
    """Others on the same pages of the file, before and after."""
    for number in range(15):
        text = f"Neighbour {number} {what}. " * 20
        save(store, article(url=f"https://news.example/{number}", title=f"Neighbour {number}", body=text))


def fill(folder: Path) -> None:
    """An article that all that can speak of one speaks of."""
    with Store(folder) as store:
        with store.transaction():
            store.frontier.sync_sources([source("herald")], "2026-11-23T10:00:00Z")
            store.frontier.admit([Entry(URL, f"{ANNOUNCED} soon")], 1, "2026-11-23T10:00:00Z")
        neighbours(store, "has words of its own")
        which = article(url=URL, title=f"A {TITLE} thing", body=f"The {OLD} of it. " * 400)
        store.save(candidate(which, [ALIAS]), page(URL, FIRST), "herald", NOW)
        store.save(candidate(replace(which, url="https://other.example/copy")), None, None, NOW)
        which = replace(which, body=f"The {BODY} of it. " * 400, summary=BODY, tags=(BODY,))
        saved = store.save(candidate(which, [ALIAS]), page(URL, SECOND, fetched_at=LATER), "herald", LATER)
        assert saved.article_id == 16
        store.save(candidate(replace(which, url="https://third.example/copy")), None, None, LATER)
        store.note(failed(FAULT, saved.article_id))
        with store.transaction():
            reread(store, which)
            told = Event(EventKind.REVISED, LATER, f"A {TITLE} thing", "herald", 16, {"title": f"A {TITLE} thing"})
            store.events.add(told, tell=True)
        neighbours(store, "was revised since then")
    run_sql(folder / "news.db", "UPDATE entries SET article_id = 16")


def failed(detail: str, article_id: int) -> Attempt:
    return Attempt(URL, "page", Outcome.FAILED, "unreachable", detail, NOW, article_id=article_id)


def reread(store: Store, which: Article) -> None:
    (standing,) = store.reparses.standings(Selection(ids=(16,)))
    found = candidate(replace(which, body=f"It is {REREAD}."))
    store.reparses.put(standing, "5", Renewal(Verdict.CHANGED, LOST, ("body",), found))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled") / "storage"
    fill(folder)
    assert {word for word, _ in told(folder)} == set(WORDS)  # so what looks for them can find them
    assert {"stories.lead_article_id", "resemblances.other_id"} < set(referring(folder))
    assert len(referring(folder)) >= 9
    assert set(raw(folder)) >= {TITLE, OLD, BODY, FAULT, "first page", "second page"}
    return folder


def erase_copies(folder: Path) -> None:
    """The copies at other outlets are other articles: they keep their words, and would hide what is left."""
    with Store(folder) as store:
        store.erase(["https://other.example/copy", "https://third.example/copy"], LATER)


def told(folder: Path) -> Iterator[tuple[str, str]]:
    """Every word with the table and column that holds it, whatever tables there are, and whatever is packed."""
    for table, column, value in values(folder):
        text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
        yield from ((word, f"{table}.{column}") for word in WORDS if word in text)


def values(folder: Path) -> Iterator[tuple[str, str, object]]:
    for name in ("news.db", "pages.db"):
        with closing(sqlite3.connect(folder / name)) as conn:
            for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                cursor = conn.execute(f"SELECT * FROM [{table}]")
                columns = [column for column, *_ in cursor.description]
                for row in cursor:
                    for column, value in zip(columns, row, strict=True):
                        yield table, column, unpacked(value)


def unpacked(value: object) -> object:
    packed = isinstance(value, bytes) and value[:4] == b"\x28\xb5\x2f\xfd"
    return zstandard.ZstdDecompressor().decompress(value) if packed else value  # type: ignore[arg-type]


def referring(folder: Path, article_id: int = 16) -> list[str]:
    """Every column that refers to the article, and holds its number."""
    found: list[str] = []
    with closing(sqlite3.connect(folder / "news.db")) as conn:
        for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            keys = conn.execute(f"SELECT [from] FROM pragma_foreign_key_list('{table}') WHERE [table] = 'articles'")
            columns = {column for (column,) in keys} | ({"id"} if table == "articles" else set())
            columns |= {row[1] for row in conn.execute(f"PRAGMA table_info([{table}])") if row[1] == "article_id"}
            held = "SELECT 1 FROM [{}] WHERE [{}] = ?"
            found += [
                f"{table}.{column}"
                for column in sorted(columns)
                if conn.execute(held.format(table, column), (article_id,)).fetchone()
            ]
    return found


def raw(folder: Path) -> dict[str, list[str]]:
    """Every word, and every page as it is packed, with the files whose bytes hold it."""
    pack = zstandard.ZstdCompressor(level=3).compress
    wanted = {word: word.encode() for word in WORDS}
    wanted |= {"first page": pack(FIRST)[8:40], "second page": pack(SECOND)[8:40]}
    found: dict[str, list[str]] = {}
    for file in sorted(folder.iterdir()):
        data = file.read_bytes()
        for name, what in wanted.items():
            if what in data:
                found.setdefault(name, []).append(file.name)
    return found


def check_gone(folder: Path) -> None:
    assert list(told(folder)) == []
    assert referring(folder) == []
    assert raw(folder) == {}
    hashes = {content_hash(article(title=f"A {TITLE} thing", body=f"The {text} of it. " * 400)) for text in (OLD, BODY)}
    assert [(table, column) for table, column, value in values(folder) if value in hashes] == []
    for name in ("news.db", "pages.db"):
        with closing(sqlite3.connect(folder / name)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_table_and_no_byte_of_any_file_has_it(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    shutil.copytree(filled, folder)
    erase_copies(folder)
    with Store(folder) as store:
        assert store.erase([ALIAS], LATER) == 1
        assert raw(folder) == {}  # also while the files are open
        assert store.articles.count() == 15
    check_gone(folder)
    with Store(folder) as store:
        assert store.tombstones.cover(["news.example/2026/11/secret"])
        assert len(store.search("neighbour", limit=100)) == 15


def test_no_story_is_called_by_the_title_of_what_was_erased(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    shutil.copytree(filled, folder)
    titles = "SELECT title, lead_article_id FROM stories"
    with closing(sqlite3.connect(folder / "news.db")) as conn:
        ((title, lead),) = conn.execute(titles).fetchall()
    with Store(folder) as store:
        assert store.get(lead).article.title == title
        store.erase([str(lead)], LATER)
    with closing(sqlite3.connect(folder / "news.db")) as conn:
        assert title not in {row[0] for row in conn.execute(titles)}


KILLED = """
import os, shutil, sys
from pathlib import Path
from scraper.store import Store
from tests.store.samples import LATER

def work(folder, last):
    seen = 0
    def count(statement):  # what only reads leaves nothing to be found
        nonlocal seen
        seen += statement.split()[0] in ("INSERT", "UPDATE", "DELETE", "COMMIT", "PRAGMA")
        if seen == last:
            os._exit(9)
    store = Store(folder)
    for database in (store._news, store._pages):
        database.conn.set_trace_callback(count)
    store.erase([sys.argv[2]], LATER)
    os._exit(0)

last, code = 0, 9
while code == 9:
    last += 1
    folder = Path(sys.argv[1]).with_name(f"killed-{last}")
    shutil.copytree(sys.argv[1], folder)
    child = os.fork()
    if not child:
        work(folder, last)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(last, code)
"""


def test_a_kill_at_any_statement_leaves_it_whole_or_to_be_finished(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "storage"
    shutil.copytree(filled, folder)
    erase_copies(folder)
    whole = sorted(told(folder))
    statements, code = finish(start(KILLED, folder, URL))[0].split()
    assert (int(statements) > 20, code) == (True, "0")
    stages = set()
    for last in range(1, int(statements)):
        killed = tmp_path / f"killed-{last}"
        with Store(killed, readonly=True) as store:
            there = store.articles.by_id(16) is not None
            pages = len(list(store.archive.of(["news.example/2026/11/secret"])))
        if there and pages:
            assert sorted(told(killed)) == whole
        stages.add((there, bool(pages)))
        with Store(killed) as store:
            store.erase([URL], LATER)
        check_gone(killed)
        shutil.rmtree(killed)
    assert stages == {(True, True), (True, False), (False, False)}


def test_what_a_killed_run_left_in_the_logs_goes_with_the_next_whatever_it_erases(tmp_path: Path) -> None:
    code = (
        "import os, sys; from scraper.store import Store; from tests.store.samples import *;"
        f"from tests.store.test_forgetting import fill; from pathlib import Path; fill(Path(sys.argv[1]));"
        f"store = Store(sys.argv[1]);\nwith store.transaction():\n  store.forget({URL!r}, LATER)\nos._exit(0)"
    )
    folder = tmp_path / "storage"
    finish(start(code, folder))
    assert raw(folder) != {}
    with Store(folder) as store:
        store.erase(["https://other.example/copy", "https://third.example/copy"], LATER)
        assert raw(folder) == {}
