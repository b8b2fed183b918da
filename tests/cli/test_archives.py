"""``scrape export --format warc`` and ``scrape import FILE.warc.gz``, as a person uses them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from scraper.model import Page
from scraper.store import Store
from tests.cli.harness import SEED, STORY, command, copy, environment, launched, rows, scrape
from tests.warc.samples import HTML, answer, packed, record

PATIENCE = 60.0


def uris(data: bytes, kind: str = "response") -> list[str]:
    """Where the records of that type were fetched."""
    found = ArchiveIterator(BytesIO(data))
    return [each.rec_headers.get_header("WARC-Target-URI") for each in found if each.rec_type == kind]


def add(home: Path, *pages: Page) -> None:
    with Store(home / "storage") as store, store.transaction():
        for page in pages:
            store.archive.add(page)


def page(name: str, day: int, **changes: object) -> Page:
    url = f"https://a.example/{name}"
    made = {"fetched_at": datetime(2026, 1, day, tzinfo=UTC), "headers": (("content-type", "text/html"),), **changes}
    return Page(url=url, final_url=url, status=200, body=HTML + name.encode(), **made)  # type: ignore[arg-type]


def test_a_file_appears_whole_and_says_how_much_it_holds(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    answer_ = scrape(home, "export", "--format", "warc", "-o", path)
    assert (answer_.code, answer_.out, answer_.err) == (0, "", f"{path}: 1 page\n")
    assert uris(path.read_bytes()) == [STORY]
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("pages")] == ["pages.warc.gz"]
    (info,) = [each for each in ArchiveIterator(BytesIO(path.read_bytes())) if each.rec_type == "warcinfo"]
    assert info.rec_headers.get_header("WARC-Filename") == "pages.warc.gz"


def test_a_name_that_ends_in_warc_is_not_packed(home: Path, tmp_path: Path) -> None:
    scrape(home, "export", "--format", "warc", "-o", tmp_path / "pages.warc")
    assert (tmp_path / "pages.warc").read_bytes().startswith(b"WARC/1.1\r\n")


def test_in_a_pipe_it_is_the_file_itself(home: Path) -> None:
    done = subprocess.run(
        command(home, "export", "--format", "warc"), env=environment(), capture_output=True, timeout=60, check=True
    )
    assert uris(done.stdout) == [STORY]
    assert done.stderr == b""


def test_a_pipe_and_a_link_are_written_through_and_not_replaced(home: Path, tmp_path: Path) -> None:
    pipe, link, file = tmp_path / "pipe", tmp_path / "link.warc.gz", tmp_path / "file.warc.gz"
    os.mkfifo(pipe)
    words = command(home, "export", "--format", "warc", "-o", pipe)
    with subprocess.Popen(words, env=environment()) as process:
        assert uris(pipe.read_bytes()) == [STORY]
    assert (process.returncode, pipe.is_fifo()) == (0, True)
    file.write_bytes(b"older")
    link.symlink_to(file)
    assert scrape(home, "export", "--format", "warc", "-o", link).code == 0
    assert (link.is_symlink(), uris(file.read_bytes())) == (True, [STORY])


def test_a_line_break_in_the_name_makes_no_header_of_its_own(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "a\r\nWARC-Type: response"
    assert scrape(home, "export", "--format", "warc", "-o", path).code == 0
    (info,) = [each for each in ArchiveIterator(BytesIO(path.read_bytes())) if each.rec_type == "warcinfo"]
    assert info.rec_headers.get_header("WARC-Filename") == "a WARC-Type: response"


def test_filters_name_articles_or_times_and_a_login_is_left_out(home: Path, tmp_path: Path) -> None:
    add(home, page("old", 1), page("mid", 5), page("new", 9), page("paid", 5, login=True))
    path = tmp_path / "x.warc"
    for words, wanted in (
        (("--since", "2026-01-05", "--until", "2026-01-05"), ["mid"]),
        (("--until", "2026-01-05"), ["old", "mid"]),
        (("--until", "2026-01-05", "--with-login"), ["old", "mid", "paid"]),
        (("--lang", "en"), [STORY]),
        (("--lang", "en", "--until", "2020-01-01"), []),
        (("--author", "nobody"), []),
    ):
        scrape(home, "export", "--format", "warc", *words, "-o", path)
        assert [uri.removeprefix("https://a.example/") for uri in uris(path.read_bytes())] == wanted, words


def test_what_was_exported_is_imported_and_again_adds_nothing(home: Path, configured: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages.warc.gz"
    scrape(home, "export", "--format", "warc", "-o", path)
    other = copy(configured, tmp_path / "other")
    assert scrape(other, "import", path).done().splitlines() == [
        f"{STORY}: saved #1: new article", "1 page: 1 saved", "other records: 1 warcinfo, 1 request"
    ]  # fmt: skip
    columns = "url, title, body, body_markdown, published_at, first_seen_at, content_hash, evidence"
    asked = f"SELECT {columns} FROM articles WHERE kind = 'article'"
    assert rows(other, asked) == rows(home, asked)
    told = json.loads(scrape(other, "import", "--json", path, SEED).done())
    assert (told["pages"], told["known"], told["outcomes"]) == (1, 1, {})
    assert told["clippings"] == {"saved": 1}
    assert rows(other, "SELECT kind, outcome, reason FROM fetches ORDER BY id") == [
        ("import", "saved", "new"), ("clipping", "saved", "new")
    ]  # fmt: skip
    assert "pages of the last 24 hours: nothing fetched" in scrape(other, "status").done()


def test_archives_are_told_from_clippings_by_what_is_in_them(fresh: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "a.txt").write_bytes(SEED.read_bytes())
    (folder / "b.txt").write_bytes(packed(record(block=answer())))
    (folder / "c.warc.gz").write_bytes(packed(record(block=answer(b"\x89PNG", "Content-Type: image/png"))))
    (folder / "d.jpeg").write_bytes(b"neither")
    told = json.loads(scrape(fresh, "import", "--json", folder).out)
    assert (told["files"], told["clippings"], told["pages"]) == (2, {"saved": 1}, 1)
    assert told["passed"] == {"image": 1}


def test_a_clipping_may_come_by_a_pipe(fresh: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        command(fresh, "import", "--json", pipe), env=environment(), stdout=subprocess.PIPE
    ) as process:
        pipe.write_bytes(SEED.read_bytes())
        out, _ = process.communicate(timeout=PATIENCE)
    assert json.loads(out)["clippings"] == {"saved": 1}


def test_a_damaged_archive_gives_what_it_can_and_exit_code_1(fresh: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(packed(record(block=answer()))[:-30])
    done = scrape(fresh, "import", path)
    assert done.code == 1
    assert "1 damaged place: what could be read around them was" in done.out
    assert "its record is cut short" in done.err
    assert "Traceback" not in done.err


def test_pages_that_are_no_articles_are_no_failure(fresh: Path, tmp_path: Path) -> None:
    path = tmp_path / "hub.warc.gz"
    path.write_bytes(packed(record(block=answer(b"<title>x</title>"))))
    assert scrape(fresh, "import", path).done().splitlines()[0] == "1 page: 1 skipped"


def test_an_unknown_source_is_bad_usage(fresh: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(packed(record(block=answer())))
    assert "no source is called 'nobody'" in scrape(fresh, "import", "--source", "nobody", path).complaint(2)


def test_a_folder_that_cannot_be_written(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "x.warc.gz"
    assert f"cannot write {path}" in scrape(home, "export", "--format", "warc", "-o", path).complaint(2)


@pytest.fixture(scope="session")
def large(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose pages take some seconds to export."""
    home = copy(filled, tmp_path_factory.mktemp("large") / "home")
    start = datetime(2026, 1, 1, tzinfo=UTC)
    noise = random.Random(1)  # noqa: S311 - what does not compress
    with Store(home / "storage") as store, store.transaction():
        for number in range(1500):
            url = f"https://a.example/{number}"
            store.archive.add(Page(url, url, 200, (), noise.randbytes(60_000), start))
    return home


def test_ctrl_c_leaves_no_file_that_looks_whole(large: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    words = launched("--interruptible", words=command(large, "export", "--format", "warc", "-o", path))
    with subprocess.Popen(words, env=environment(), stderr=subprocess.PIPE) as process:
        end = time.monotonic() + PATIENCE
        while not list(tmp_path.glob("x.warc.gz.part")) and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, said
    assert list(tmp_path.glob("x.warc*")) == []


def test_a_full_disk_leaves_none_either(large: Path, tmp_path: Path) -> None:
    exported = command(large, "export", "--format", "warc", "-o", tmp_path / "x.warc.gz")
    words = launched("--largest", "200000", words=exported)
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert "cannot write" in done.stderr
    assert list(tmp_path.glob("x.warc*")) == []
