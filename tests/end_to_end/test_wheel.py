"""The program as people install it: a wheel built from an sdist, in a fresh venv, used from elsewhere."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

from tests.local_news import LocalNews, write_home
from tests.release import tracked, unfit_dist, version

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests" / "program.py"
SEED = ROOT / "fixtures" / "seed" / "000_a7afc849934ed496.txt"
STORY = "http://harbour-gazette.example/2026/11/18/night-ferry-returns/"
STRAY = [
    *(
        "config/login.cookies.txt",
        "config/secrets.env",
        "config/sites/mine.toml",
        "storage/news.db",
        "storage/notes.txt",
    ),
    *(
        "demo/storage/news.db",
        ".venv/pyvenv.cfg",
        "node_modules/axe-core/axe.js",
        "notes.txt",
        "scraper/__pycache__/x.pyc",
    ),
]
"""What lies in a checkout that is somebody's home, and in no release."""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist, and the wheel that was built from it."""
    checkout, folder = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("dist")
    for path in [*tracked(), *STRAY]:
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        if path in STRAY:
            (checkout / path).write_text("nobody's business", encoding="utf-8")
        else:
            shutil.copyfile(ROOT / path, checkout / path)
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(checkout), cwd=folder)
    return folder


@pytest.fixture(scope="module", params=["our dependencies", pytest.param("locked ones", marks=pytest.mark.soak)])
def installed(request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a venv that has the wheel, and these dependencies."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--disable-pip-version-check"]
    if request.param == "locked ones":
        _run(*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock"), cwd=folder)
    else:  # by a .pth file: of the .pth files over there, by which our program itself is installed, none is read
        (packages,) = folder.glob("lib/python*/site-packages")
        (packages / "ours.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    _run(*pip, "--no-deps", "--no-index", str(next(dist.glob("*.whl"))), cwd=folder)
    return folder / "bin"


def test_they_hold_what_git_knows_and_nothing_of_this_machine(dist: Path) -> None:
    assert unfit_dist(dist, version(), tracked()) == []
    with tarfile.open(next(dist.glob("*.tar.gz"))) as sdist:
        assert not {path for name in sdist.getnames() for path in STRAY if name.endswith(f"/{path}")}


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


def test_it_is_the_wheels_own_program(installed: Path, tmp_path: Path) -> None:
    file = _run(str(installed / "python"), "-c", "import scraper; print(scraper.__file__)", cwd=tmp_path).strip()
    assert Path(file).is_relative_to(installed.parent)


def _run(*words: str, cwd: Path, **variables: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SCRAPE", "PYTHON"))}
    done = subprocess.run(
        words, cwd=cwd, env={**environment, **variables}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
