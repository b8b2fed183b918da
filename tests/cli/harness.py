"""Runs ``python -m scraper`` and reads what it left behind."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import warm
from tests.local_news import Outlet, sources_toml

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "fixtures" / "seed" / "000_a7afc849934ed496.txt"
SEED_URL = "https://www.themoscowtimes.com/2022/01/19/russia-completes-pullout-from-unrest-hit-kazakhstan-a76083"
STORY = "http://harbour-gazette.example/2026/11/12/breakwater-repair-bill/"
TITLE = "Breakwater repair bill doubles as divers find older damage"
LAUNCH = Path(__file__).with_name("launch.py")
_OURS = ("SCRAPE_HOME", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "TERM", "LC_ALL", "PYTHONIOENCODING")
ESCAPE = "\x1b"

Kept = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Answer:
    """What a run of the program left: its exit code and all it wrote."""

    code: int
    out: str
    err: str

    def done(self) -> str:
        """The output of a run that went well and had nothing to complain about."""
        assert self.code == 0, f"exit code {self.code}\n{self.err}"
        assert self.err == ""
        return self.out

    def complaint(self, code: int) -> str:
        """The one line that it said on standard error when it ended with this code."""
        lines = self.err.splitlines()
        assert len(lines) == 1, f"one line was expected:\n{self.err}"
        assert lines[0].startswith("scrape: ")
        assert self.code == code, f"exit code {self.code}: {self.err}"
        assert "Traceback" not in self.out + self.err
        return lines[0].removeprefix("scrape: ")


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what steers the program, in UTF-8; a warning is an error there too."""
    kept = {name: value for name, value in os.environ.items() if name not in _OURS}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "LC_ALL": "C.UTF-8", **more}


def command(home: Path | None, *words: str | bytes | Path) -> list[str | bytes]:
    """The words that start the program afresh."""
    named = [] if home is None else ["--home", str(home)]
    given = [word if isinstance(word, bytes) else str(word) for word in words]
    return [sys.executable, "-m", "scraper", *named, *given]


def launched(*hardships: str, words: Sequence[str | bytes]) -> list[str | bytes]:
    """The words that start a program under some hardships of ``launch.py``."""
    return [sys.executable, str(LAUNCH), *hardships, "--", *words]


def start(
    words: Sequence[str | bytes], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, text: str = ""
) -> Answer:
    """Run a program to its end."""
    ended = subprocess.run(
        words,
        cwd=cwd,
        env=environment(**(env or {})),
        input=text.encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    out, err = (stream.decode(errors="backslashreplace") for stream in (ended.stdout, ended.stderr))
    return Answer(ended.returncode, out, err)


def scrape(home: Path | None, *words: str | bytes | Path, **around: Any) -> Answer:
    """Run ``scrape`` in a home, to its end."""
    _, _, _, *given = command(home, *words)
    return start([*warm.words(**around.get("env", {})), *given], **around)


def configure(home: Path, table: str, *assignments: str) -> None:
    """Put settings such as ``min_free = 0`` into a table of the home's scraper.toml."""
    path = home / "config" / "scraper.toml"
    text = path.read_text(encoding="utf-8")
    header = f"[{table}]\n"
    if header not in text:
        text += f"\n{header}"
    path.write_text(text.replace(header, header + "".join(f"{line}\n" for line in assignments), 1), encoding="utf-8")


def follow(home: Path, outlets: Mapping[str, Outlet], *names: str) -> None:
    """Let the home follow these outlets alone."""
    text = sources_toml(outlet for outlet in outlets.values() if outlet.name in names)
    (home / "config" / "sources.toml").write_text(text, encoding="utf-8")


def rows(home: Path, sql: str, *params: object, database: str = "news") -> list[tuple[Any, ...]]:
    """What a query finds in one of the home's databases."""
    uri = f"{(home / 'storage' / database).as_uri()}.db?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as conn:
        return conn.execute(sql, params).fetchall()


def kept(home: Path) -> Kept:
    """Everything in the home's database that a failure must not touch."""
    found = {
        table: rows(home, f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("articles", "revisions", "aliases", "stories", "forgotten")
    }
    found["found"] = rows(home, "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'peacekeepers'")
    found["pages"] = rows(home, "SELECT * FROM pages WHERE status = 200 AND url = ?", STORY, database="pages")
    found["sound"] = rows(home, "PRAGMA integrity_check")
    assert found["sound"] == [("ok",)]
    return found


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder with its bytes and its time of change."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copy(home: Path, to: Path) -> Path:
    """A home of one's own to break."""
    # What a reader leaves beside a closed database is empty, and would look like a change.
    shutil.copytree(home, to, ignore=shutil.ignore_patterns("*-shm", "*-wal"))
    return to


def stocked(configured: Path, target: Path) -> Path:
    """A copy of a home with one fetched article (#1) and one clipping (#2)."""
    home = copy(configured, target)
    scrape(home, "fetch", STORY).done()
    scrape(home, "import", SEED).done()
    return home


def clipping(number: int, body: str = "") -> str:
    """A clipping that is no other number's."""
    text = body or "\n\n".join(
        f"Paragraph {part} of report {number} says what happened at the quay." for part in "abcde"
    )
    return (
        f"Report number {number}\n\nJanuary {number % 28 + 1}, 2022\n\n{text}\n\n"
        f"Original url:\n\nhttps://clippings.example/2022/01/report-{number}\n"
    )


def colours(text: str) -> list[str]:
    """The escape sequences that set a colour (not those that make text bold)."""
    found = re.findall(r"\x1b\[([0-9;]*)m", text)
    return [codes for codes in found if any(code and 30 <= int(code) < 108 for code in codes.split(";"))]
