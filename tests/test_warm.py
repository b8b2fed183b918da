"""Commands that start warm are what they are when Python starts afresh for them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm
from tests.cli.harness import SEED, Answer, command, environment, scrape, start

COLD = [sys.executable, "-m", "scraper"]


def both(*words: str, home: Path | None = None, text: str = "", cwd: Path | None = None) -> tuple[Answer, Answer]:
    return scrape(home, *words, text=text, cwd=cwd), start(command(home, *words), text=text, cwd=cwd)


@pytest.mark.parametrize("words", [["--version"], ["nonsense"], ["search", "x"], ["import"], ["show", "--help"]])
def test_they_say_the_same_and_end_the_same(words: list[str], tmp_path: Path) -> None:
    warm_one, cold_one = both(*words, home=tmp_path)
    assert warm_one == cold_one


def test_they_have_their_own_folder_variables_and_input(tmp_path: Path) -> None:
    given = {"SCRAPE_HOME": str(tmp_path / "news")}
    scrape(None, "init", env=given)
    assert scrape(None, "import", SEED.name, cwd=SEED.parent, env=given).done().startswith(f"{SEED.name}: saved #1")
    assert (
        scrape(None, "search", "kazakhstan", env=given).done() == start([*COLD, "search", "kazakhstan"], env=given).out
    )
    assert (tmp_path / "news" / "storage" / "news.db").is_file()


def test_what_steers_python_itself_starts_it_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    assert warm.words(LC_ALL="C") == warm.words(PYTHONUTF8="0") == COLD
    assert warm.words(NO_COLOR="1") != COLD
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    assert warm.words() == COLD


def test_many_at_once_and_one_that_is_killed(tmp_path: Path) -> None:
    scrape(tmp_path, "init", tmp_path)
    words = [*warm.words(), "--home", str(tmp_path), "status", "--watch"]
    endless = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE)
    others = [subprocess.Popen([*warm.words(), "--version"], stdout=subprocess.PIPE, text=True) for _ in range(8)]
    assert {one.communicate(timeout=60)[0].split()[0] for one in others} == {"scrape,"}
    assert endless.poll() is None
    endless.kill()
    endless.communicate(timeout=60)  # until the command has closed its output, too


def test_the_script_is_a_command_for_shells() -> None:
    done = subprocess.run(
        ["sh", "-c", "scrape --version | tr a-z A-Z"],
        env=environment(PATH=f"{warm.folder()}{os.pathsep}{os.environ['PATH']}"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("SCRAPE, VERSION ")
