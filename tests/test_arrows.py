"""The contract in pyproject.toml: it holds, and it notices what it is there to notice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    command = [sys.executable, "-c", code, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "scraper", tmp_path / "scraper", ignore=shutil.ignore_patterns("__pycache__", "_defaults"))
    return tmp_path


def plant(folder: Path, path: str, line: str) -> None:
    file = folder / "scraper" / path
    text = file.read_text(encoding="utf-8") if file.exists() else '"""Planted."""\n'
    file.write_text(f"{text}\n{line}\n", encoding="utf-8")


def test_the_arrows_run_one_way(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("store/search.py", "import httpx", "scraper.store.search -> httpx"),
        ("dedupe/fingerprint.py", "from scraper import cli", "scraper.dedupe.fingerprint -> scraper.cli"),
        ("dedupe/decide.py", "import time", "scraper.dedupe.decide -> time"),
        ("pipeline.py", "import sqlite3", "scraper.pipeline -> sqlite3"),
        ("ledger.py", "import sqlite_utils", "scraper.ledger -> sqlite_utils"),
        ("polling.py", "import httpx", "scraper.polling -> httpx"),
        ("schedule.py", "import random", "scraper.schedule -> random"),
        ("store/hosts.py", "from scraper import fetch", "scraper.store.hosts -> scraper.fetch"),
        ("model.py", "from scraper import settings", "scraper.model -> scraper.settings"),
        ("nobodys.py", "VALUE = 1", "nobodys"),
    ],
)
def test_an_arrow_that_runs_back_is_noticed(copy: Path, path: str, line: str, complaint: str) -> None:
    plant(copy, path, line)
    done = lint(copy)
    assert done.returncode == 1, done.stdout + done.stderr
    assert complaint in done.stdout
