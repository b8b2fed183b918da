"""Completion, asked for as a shell asks; bash itself does, and zsh and fish where they are installed."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.harness import environment, follow, scrape
from tests.local_news import LocalNews

SHELLS = {"bash": "complete -o nosort -F _scrape_completion scrape", "zsh": "#compdef scrape", "fish": "complete "}
ASK = """
eval "$(scrape completion bash)"
COMP_WORDS=({words}) COMP_CWORD={cursor}
_scrape_completion scrape
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH on which ``scrape`` is this program."""
    folder = tmp_path_factory.mktemp("bin")
    ours = folder / "scrape"
    ours.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m scraper "$@"\n', encoding="utf-8")
    ours.chmod(0o755)
    return f"{folder}:{environment()['PATH']}"


def completed(path: str, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    script = ASK.format(words=shlex.join(words), cursor=len(words) - 1)
    asked = ["bash", "--norc", "-c", script]
    done = subprocess.run(asked, env=environment(PATH=path), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script(shell: str, tmp_path: Path) -> None:
    script = scrape(tmp_path / "none", "completion", shell).done()
    assert SHELLS[shell] in script
    assert f"_SCRAPE_COMPLETE={shell}_complete" in script
    told = scrape(None, "completion", "--help").done()
    assert f"  {shell}  " in told
    if shutil.which(shell):
        file = tmp_path / "script"
        file.write_text(script, encoding="utf-8")
        checked = subprocess.run([shell, "-n", str(file)], capture_output=True, text=True, timeout=60, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_another_shell_is_refused() -> None:
    assert "'tcsh' is not one of 'bash', 'zsh', 'fish'" in scrape(None, "completion", "tcsh").complaint(2)


def test_bash_completes_commands_options_and_what_the_home_has(path: str, filled: Path, site: LocalNews) -> None:
    assert completed(path, "scrape", "sea") == ["search"]
    assert completed(path, "scrape", "sources", "ch") == ["check"]
    assert completed(path, "scrape", "run", "--on") == ["--once"]
    named = ("scrape", "--home", str(filled))
    assert completed(path, *named, "sources", "remove", "harb") == ["harbour-gazette"]
    everyone = sorted(outlet.name for outlet in site.outlets.values())
    assert sorted(completed(path, *named, "doctor", "")) == everyone
    assert completed(path, *named, "why", "old-") == ["old-county-post"]
    assert sorted(completed(path, *named, "story", "")) == ["1", "2"]


def test_where_there_is_nothing_to_read_nothing_is_offered(path: str, fresh: Path, tmp_path: Path) -> None:
    assert completed(path, "scrape", "--home", str(tmp_path / "none"), "doctor", "") == []
    assert completed(path, "scrape", "--home", str(fresh), "diff", "") == []
    (fresh / "config" / "sources.toml").write_text("[[sauce]]\n", encoding="utf-8")
    assert completed(path, "scrape", "--home", str(fresh), "sources", "check", "") == []


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_zsh_and_fish_are_told_what_a_name_means(shell: str, fresh: Path, site: LocalNews) -> None:
    follow(fresh, site.outlets, "harbour-gazette")
    asked = {"COMP_WORDS": f"scrape --home {fresh} sources check har", "COMP_CWORD": "5"}
    if shell == "fish":
        asked["COMP_CWORD"] = "har"
    answer = scrape(None, env={**asked, "_SCRAPE_COMPLETE": f"{shell}_complete"}).done()
    assert "harbour-gazette" in answer
    assert "Harbour Gazette" in answer
