"""``scrape db``: backup, check, compact."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from scraper.store import Store
from scraper.store.soundness import check
from scraper.whole import reserved
from tests.cli.harness import command, configure, launched, rows, scrape, start, stocked
from tests.cli.test_terminal import on_a_terminal
from tests.store.samples import ROOT, run_sql
from tests.store.samples import start as begin

WRITER = """
import sys
from scraper.store import Store; from scraper.dedupe import candidate; from tests.store.samples import *
with Store(sys.argv[1]) as store:
    print("ready", flush=True)
    for number in range(10**6):
        with store.transaction():
            for part in range(5):
                url = f"https://news.example/{number}/{part}"
                which = article(url=url, title=f"Ship {number} {part}", body=f"It came {number} times. " * 50)
                store.save(candidate(which), page(url, f"{url} ".encode() * 200), None, NOW)
"""


@pytest.fixture(scope="module")
def filled(configured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As everybody's, but that the failures of other tests leave no pages here."""
    return stocked(configured, tmp_path_factory.mktemp("sound") / "home")


def sound(folder: Path) -> int:
    """How many articles a copy has, each of them with its page."""
    with closing(sqlite3.connect(folder / "news.db")) as conn:
        conn.execute("ATTACH ? AS archive", (str(folder / "pages.db"),))
        for name in ("main", "archive"):
            assert conn.execute(f"PRAGMA {name}.integrity_check").fetchall() == [("ok",)]
        lost = "SELECT url FROM articles WHERE kind = 'article' AND url_key NOT IN (SELECT url_key FROM archive.pages)"
        assert conn.execute(lost).fetchall() == []
        return int(conn.execute("SELECT count(*) FROM articles").fetchone()[0])


def test_a_backup_beside_a_real_writer_is_of_one_moment(home: Path, tmp_path: Path) -> None:
    writer = begin(WRITER, home / "storage")
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        counts = []
        for number in range(3):
            before = rows(home, "SELECT count(*) FROM articles")[0][0]
            scrape(home, "db", "backup", tmp_path / f"copy-{number}").done()
            counts.append(sound(tmp_path / f"copy-{number}"))
            assert counts[-1] >= before
            assert (counts[-1] - 2) % 5 == 0  # whole transactions
            while rows(home, "SELECT count(*) FROM articles")[0][0] == before:
                time.sleep(0.01)
    finally:
        writer.kill()
        writer.communicate()
    assert counts == sorted(set(counts))
    with Store(tmp_path / "copy-2") as store:  # it can be gone on with
        assert store.search("breakwater")


def test_a_backup_is_named_for_a_file_or_a_folder_and_never_writes_over_one(home: Path, tmp_path: Path) -> None:
    said = json.loads(scrape(home, "db", "backup", tmp_path / "x.db", "--json").done())
    assert [each["file"] for each in said] == [str(tmp_path / "x-pages.db"), str(tmp_path / "x.db")]
    assert all(Path(each["file"]).stat().st_size == each["bytes"] for each in said)
    before = (tmp_path / "x.db").read_bytes()
    assert "x.db is there already" in scrape(home, "db", "backup", tmp_path / "x.db").complaint(2)
    (tmp_path / "x.db").unlink()
    assert "x-pages.db is there already" in scrape(home, "db", "backup", tmp_path / "x.db").complaint(2)
    assert scrape(home, "db", "backup", tmp_path / "new" / "folder").done().count("checked") == 2
    assert sound(tmp_path / "new" / "folder") == 2
    assert (tmp_path / "new" / "folder" / "news.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.rglob("*.partial")) == []


def test_two_backups_to_one_place_do_not_share_a_half_copy(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    target.mkdir()
    with reserved(target / "news.db", ".partial") as partial:
        partial.write_text("half")
        assert "another process is writing" in scrape(home, "db", "backup", target).complaint(2)
        assert partial.read_text() == "half"
    assert scrape(home, "db", "backup", target).done().count("checked") == 2
    assert sorted(path.name for path in target.iterdir()) == ["news.db", "pages.db"]


def test_a_backup_to_a_full_disk_leaves_nothing(home: Path, tmp_path: Path) -> None:
    words = command(home, "db", "backup", tmp_path / "copy")
    assert "cannot be written" in start(launched("--largest", "100000", words=words)).complaint(3)
    assert list((tmp_path / "copy").iterdir()) == []
    (tmp_path / "file").touch()
    assert "cannot write" in scrape(home, "db", "backup", tmp_path / "file" / "copy").complaint(3)


def test_a_damaged_file_is_not_passed_off_as_a_backup(home: Path, tmp_path: Path) -> None:
    path = home / "storage" / "pages.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)
    assert "damaged" in scrape(home, "db", "backup", tmp_path / "copy").complaint(3)
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_sound_archive_is_said_to_be_so(filled: Path) -> None:
    for words in ([], ["--deep"]):
        shown = scrape(filled, "db", "check", *words).done()
        assert shown.startswith("2 articles and 1 page are sound; of 0 pages no article came")
    code, shown, _ = on_a_terminal(filled, "db", "check")
    assert (code, "checking" in shown) == (0, True)


FAULTS = {
    "index": ("news", "UPDATE articles_fts_docsize SET sz = x'0101' WHERE id = 1", "has other words of #1 than it"),
    "not in the index": ("news", "DELETE FROM articles_fts_docsize WHERE id = 1", "#1 is not in the search index"),
    "reference": ("news", "UPDATE articles SET story_id = 77 WHERE id = 1", "refers to a row of stories"),
    "key": ("news", "UPDATE articles SET url_key = 'a.example/b' WHERE id = 1", "and should be harbour-gazette"),
    "JSON": ("news", "UPDATE articles SET tags = 'x[' WHERE id = 1", "tags of row 1 is no JSON"),
    "hash": ("news", "UPDATE articles SET content_hash = 'x' WHERE id = 1", "content hash of #1 is not that"),
    "story": ("news", "INSERT INTO stories (title, created_at) VALUES ('x', 'y')", "story 1 has no article"),
    "lone body": ("pages", "INSERT INTO bodies VALUES ('aa', x'00', 0)", "the body aa… belongs to no page"),
    "lost body": ("pages", "DELETE FROM bodies", "the body of page 1 is not there"),
    "packed": ("pages", "UPDATE bodies SET zstd = x'00'", "cannot be unpacked"),
    "other body": ("pages", "UPDATE bodies SET hash = 'bb'", "is not what its hash says"),
    "size": ("pages", "UPDATE bodies SET size = size + 1", "and should have"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_found_and_said_with_what_to_do(home: Path, fault: str) -> None:
    name, sql, said = FAULTS[fault]
    run_sql(home / "storage" / f"{name}.db", sql)
    found = list(check(home / "storage", deep=False, tell=lambda _what: None))
    (finding,) = [finding for finding in found if said in finding.what]
    assert finding.file == f"{name}.db"
    assert finding.advice


def test_what_was_changed_behind_the_index_is_found_word_by_word_and_repaired(home: Path) -> None:
    path = home / "storage" / "news.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("DROP TRIGGER articles_fts_update")
        (body,) = conn.execute("SELECT body FROM articles WHERE id = 1").fetchone()
        conn.execute("UPDATE articles SET body = ? WHERE id = 1", (body.replace("breakwater", "zanzibarine"),))
    found = json.loads(scrape(home, "db", "check", "--deep", "--json").out)["findings"]
    assert "the search index does not say what the articles say" in {finding["what"] for finding in found}
    assert scrape(home, "search", "zanzibarine").code == 1
    repaired = scrape(home, "db", "check", "--deep", "--repair")
    assert repaired.out.splitlines()[0] == "repaired: search index"
    assert repaired.code == 1  # the content hash is still that of the old text
    assert scrape(home, "search", "zanzibarine").code == 0


def test_orphaned_bodies_are_dropped_where_that_is_asked_for(home: Path) -> None:
    run_sql(home / "storage" / "pages.db", "INSERT INTO bodies VALUES ('aa', x'00', 0)")
    said = json.loads(scrape(home, "db", "check", "--repair", "--json").done())
    assert (said["findings"], said["repaired"]) == ([], ["orphaned bodies"])
    assert rows(home, "SELECT count(*) FROM bodies", database="pages") == [(1,)]


def test_many_findings_of_a_kind_are_told_in_a_few_lines(home: Path) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
    run_sql(home / "storage" / "pages.db", f"INSERT INTO bodies {many} SELECT 'aa' || i, x'00', 0 FROM n")
    answer = scrape(home, "db", "check")
    assert (answer.code, answer.out.count("belongs to no page")) == (1, 10)
    assert answer.err == "22 findings in pages.db\n"
    assert "pages.db: and 490 more like that (`scrape db check --repair` drops it)" in answer.out


@pytest.mark.parametrize(
    "change",
    ["UPDATE articles SET title = CAST(x'41ff42' AS TEXT)", "UPDATE articles SET url = x'00'",
     "UPDATE articles SET body = 7", "UPDATE articles SET content_hash = x'ff'"],
)  # fmt: skip
def test_a_value_that_is_no_text_any_more_is_a_finding(home: Path, change: str) -> None:
    run_sql(home / "storage" / "news.db", "DROP TRIGGER articles_fts_update")
    run_sql(home / "storage" / "news.db", change)
    answer = scrape(home, "db", "check")
    assert answer.code == 1
    assert "restore a backup" in answer.out or "content hash" in answer.out
    assert "Traceback" not in answer.err


def test_damage_is_a_finding_and_the_rest_is_looked_at_all_the_same(home: Path) -> None:
    path = home / "storage" / "news.db"
    (root,) = rows(home, "SELECT rootpage FROM sqlite_master WHERE name = 'aliases'")[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    run_sql(home / "storage" / "pages.db", "INSERT INTO bodies VALUES ('aa', x'00', 0)")
    answer = scrape(home, "db", "check")
    assert answer.code == 1
    assert "restore a backup" in answer.out
    assert "belongs to no page" in answer.out
    assert "Traceback" not in answer.err


def test_room_is_given_back(home: Path) -> None:
    path = home / "storage" / "news.db"
    run_sql(path, "CREATE TABLE filler (x)")
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
    run_sql(path, f"INSERT INTO filler {many} SELECT randomblob(4000) FROM n")
    run_sql(path, "DROP TABLE filler")
    before = path.stat().st_size
    said = {each["name"]: each for each in json.loads(scrape(home, "db", "compact", "--json").done())}
    assert said["news.db"]["before"] >= before > 2_000_000
    assert said["news.db"]["after"] == path.stat().st_size < before - 1_500_000
    assert "given back" in scrape(home, "db", "compact").done()
    scrape(home, "db", "check", "--deep").done()
    assert scrape(home, "search", "breakwater").done()


def test_nothing_is_compacted_under_a_running_daemon(home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from scraper.instance import only_instance\n"
        "with only_instance(Path(sys.argv[1])):\n    print('ready', flush=True); time.sleep(60)"
    )
    daemon = begin(code, home / "storage" / "daemon.lock")
    try:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == "ready\n"
        line = scrape(home, "db", "compact").complaint(2)
    finally:
        daemon.kill()
        daemon.communicate()
    assert "`scrape run` is at work on" in line
    assert "stop it first" in line


def test_compacting_needs_room_and_a_writer_that_goes(home: Path) -> None:
    words = command(home, "db", "compact")
    assert "cannot be written" in start(launched("--largest", "20000", words=words)).complaint(3)
    configure(home, "storage", 'busy_timeout = "100ms"')
    with closing(sqlite3.connect(home / "storage" / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "another process is writing to it" in scrape(home, "db", "compact").complaint(3)
    scrape(home, "db", "check").done()


@pytest.mark.parametrize("words", [("backup", "x"), ("check",), ("compact",)], ids=" ".join)
def test_without_anything_stored_they_say_so(fresh: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    answer = start(command(fresh, "db", *words), cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert "nothing was stored yet" in answer.complaint(3)
    assert not (tmp_path / "x").exists()
