"""What the command line imports: `scrape --help` has to feel like nothing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.cli.harness import start

LOOK = """
import sys
before = set(sys.modules)
{code}
ours = {{name.partition(".")[0] for name in set(sys.modules) - before}}
print(sorted(ours - sys.stdlib_module_names - {{"scraper"}}))
print(sorted(name for name in sys.modules if name.startswith("scraper.")))
"""
HELP = """
from contextlib import redirect_stdout, suppress
from io import StringIO
from scraper.__main__ import main
with suppress(SystemExit), redirect_stdout(StringIO()):
    main(["--help"])
"""
HEAVY = {
    "httpx", "selectolax", "datasette", "apscheduler", "sqlite_utils", "rich", "feedparser", "msgspec", "pebble",
    "tomlkit", "zstandard", "brotli", "can_ada", "charset_normalizer", "platformdirs",
}  # fmt: skip


def imported(code: str, tmp_path: Path) -> tuple[set[str], set[str]]:
    """The third-party packages that some code brings in, and our own modules."""
    out = start([sys.executable, "-c", LOOK.format(code=code)], cwd=tmp_path).done().splitlines()
    return set(ast.literal_eval(out[0])), set(ast.literal_eval(out[1]))


def test_import_scraper_brings_nothing(tmp_path: Path) -> None:
    assert imported("import scraper", tmp_path) == (set(), set())


def test_help_brings_click_alone(tmp_path: Path) -> None:
    packages, modules = imported(HELP, tmp_path)
    assert packages == {"click"}
    assert not packages & HEAVY
    assert {name for name in modules if name.startswith("scraper.cli.")} == set()
    assert "scraper.store" not in modules
    assert "scraper.pipeline" not in modules


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["fetch", "--help"], HEAVY),
        (["serve", "--help"], HEAVY),
        (["run", "--help"], HEAVY),
        (["export"], HEAVY - {"sqlite_utils", "zstandard", "can_ada"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_brings_only_what_it_needs(
    tmp_path: Path, filled: Path, words: list[str], unwanted: set[str]
) -> None:
    named = ["--home", str(filled), *words]
    packages, _ = imported(HELP.replace('["--help"]', repr(named)), tmp_path)
    assert not packages & unwanted


def test_the_public_names_come_when_they_are_used(tmp_path: Path) -> None:
    packages, _ = imported("from scraper import Article", tmp_path)
    assert packages == set()
    packages, _ = imported("from scraper import extract_article", tmp_path)
    assert not packages & {"httpx", "datasette", "apscheduler", "sqlite_utils", "rich"}
    packages, _ = imported("from scraper import Store", tmp_path)
    assert not packages & {"httpx", "datasette", "apscheduler", "selectolax", "rich"}
