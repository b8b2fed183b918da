"""The program as people install it: a wheel in a fresh venv, used from elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.local_news import LocalNews, write_home

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "program.py"
SEED = ROOT / "fixtures" / "seed" / "000_a7afc849934ed496.txt"
STORY = "http://harbour-gazette.example/2026/11/18/night-ferry-returns/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a venv that has the wheel and the locked dependencies."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=True, symlinks=True)
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock"), cwd=folder)
    _run(*pip, "--no-deps", str(wheel), cwd=folder)
    return folder / "bin"


def test_the_wheel_holds_the_operators_files_and_nothing_of_this_machine(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {
        "scraper/_defaults/config/scraper.toml",
        "scraper/_defaults/config/sources.toml",
        "scraper/_defaults/storage/metadata.yaml",
        "scraper/_defaults/storage/settings.json",
        "scraper/_defaults/storage/plugins/archive.py",
        "scraper/_defaults/storage/plugins/reading/views.py",
        "scraper/_defaults/storage/templates/reading/home.html",
        "scraper/_defaults/storage/static/reading.css",
        "scraper/py.typed",
    } <= names
    told = subprocess.run(["git", "ls-files", "config"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    below = "scraper/_defaults/"
    shipped = {name.removeprefix(below) for name in names if name.startswith(f"{below}config/")}
    assert shipped == {path for path in told.split() if not path.endswith(".gitkeep")}  # and no secret of ours
    assert not [name for name in names if name.endswith((".db", ".pyc", ".lock")) or "__pycache__" in name]
    assert {name.split("/")[0].split("-")[0] for name in names} == {"scraper", "article_scraper"}


def test_it_works_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    scrape = str(installed / "scrape")
    assert "files written" in _run(scrape, "init", str(home), "--contact", "me@paper.example", cwd=elsewhere)
    assert 'contact = "me@paper.example"' in (home / "config" / "scraper.toml").read_text(encoding="utf-8")
    assert "moscow-times" in _run(scrape, "--home", str(home), "sources", "list", cwd=elsewhere)
    assert "saved #1" in _run(scrape, "--home", str(home), "import", str(SEED), cwd=elsewhere)
    with LocalNews() as site:
        write_home(home, site.outlets, port=site.port)
        assert "saved #2" in _run(scrape, "--home", str(home), "fetch", STORY, cwd=elsewhere)
    assert "Peacekeeping" in _run(scrape, "search", "kazakhstan", cwd=elsewhere, SCRAPE_HOME=str(home))
    assert "2 articles" in _run(scrape, "status", cwd=home)
    assert not list(elsewhere.iterdir())


def test_a_program_that_uses_the_library_works_from_elsewhere(installed: Path, tmp_path: Path) -> None:
    home, program = tmp_path / "home", tmp_path / "program.py"
    shutil.copy(PROGRAM, program)
    _run(str(installed / "scrape"), "init", str(home), "--contact", "me@paper.example", cwd=tmp_path)
    with LocalNews() as site:
        write_home(home, site.outlets, port=site.port)
        printed = _run(str(installed / "python"), "-W", "error", str(program), str(home), STORY, cwd=tmp_path)
    assert printed.splitlines() == [
        "1",
        "True",
        "Night ferry to the Skerry islands returns after eleven years",
        "2026-11-18 given",
        "0 1 0 1",
        "never: not stored",
    ]


def test_its_types_hold_strictly_against_the_installed_package(installed: Path, tmp_path: Path) -> None:
    shutil.copy(PROGRAM, tmp_path / "program.py")
    words = ["-m", "mypy", "--strict", "--warn-unreachable", "--disallow-any-expr", "--config-file=", "program.py"]
    words += ["--follow-imports=silent", f"--cache-dir={tmp_path}", "--python-executable", str(installed / "python")]
    assert "Success" in _run(sys.executable, *words, cwd=tmp_path)


def _run(*words: str, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPE", "PYTHON"))}
    done = subprocess.run(
        words, cwd=cwd, env={**environment, **variables}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
