from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.datasette.archive import PATIENCE, ROOT, STORAGE, fill
from tests.datasette.reference import DOCUMENT, current

TEXT = DOCUMENT.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    assert found, f"no examples in {language}"
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    fill(folder / "storage")
    return folder


def run(words: list[str], home: Path) -> str:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(words, cwd=home, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_its_tables_are_current() -> None:
    assert current(TEXT) == TEXT, "run python -m tests.datasette.reference"


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_sqlite_utils_examples_print_something(line: str, home: Path) -> None:
    assert run(["sh", "-ec", line], home).strip()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the sqlite3 shell")
@pytest.mark.parametrize("block", blocks("sqlite3"))
def test_sqlite3_examples_run(block: str, home: Path) -> None:
    printed = run(["sh", "-ec", block], home)
    assert printed.strip() or ".backup" in block


@pytest.mark.parametrize("block", blocks("python"))
def test_python_examples_run(block: str, home: Path) -> None:
    run([sys.executable, "-W", "error", "-c", block], home)


@pytest.mark.parametrize("sql", blocks("sql"))
def test_sql_examples_run(sql: str, home: Path) -> None:
    with closing(sqlite3.connect(home / "storage" / "news.db")) as db:
        db.execute(sql).fetchall()


def test_the_readme_of_storage_names_what_lies_there(home: Path) -> None:
    readme = (STORAGE / "README.md").read_text(encoding="utf-8")
    shipped = {path.name for path in STORAGE.iterdir() if not path.name.endswith((".db", ".lock", "-wal", "-shm"))}
    made = {path.name for path in (home / "storage").glob("*.db")}
    for name in (shipped - {"README.md"}) | made | {"daemon.lock"}:
        assert f"`{name}" in readme, name
