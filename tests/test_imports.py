from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import scraper

ROOT = Path(__file__).resolve().parents[1]

HEAVY = [
    *("httpx", "httpcore", "anyio", "selectolax", "datasette", "apscheduler", "sqlite_utils", "sqlite3", "msgspec"),
    *("can_ada", "charset_normalizer", "click", "feedparser", "pebble", "platformdirs", "rich", "tomlkit"),
    *("webencodings", "zstandard", "brotli", "asyncio", "multiprocessing"),
]
"""What ``import scraper`` must not cost its users; all together it takes 0.4 s."""

_OF_STORE = ("scraper.store", {"httpx", "selectolax", "apscheduler", "datasette"})
_VALUE = ("scraper.model", {*HEAVY})
_ERROR = ("scraper.errors", {*HEAVY})
_OPTIONS = ("scraper.fetch.options", {*HEAVY} - {"msgspec"})
_FETCHING = ("scraper.session", {"apscheduler", "datasette", "feedparser", "pebble"})
PUBLIC = {
    **dict.fromkeys(("Article", "Kind", "Revision", "StoredArticle", "Zone"), _VALUE),
    **dict.fromkeys(("ScrapeError", "Skip", "Stop", "TryLater"), _ERROR),
    **dict.fromkeys(("FetchOptions", "Manners"), _OPTIONS),
    **dict.fromkeys(("Copy", "Filters", "Hit", "Store", "Story"), _OF_STORE),
    **dict.fromkeys(("Session", "fetch_article", "fetch_article_async"), _FETCHING),
    "extract_article": ("scraper.extract", {"httpx", "sqlite_utils", "apscheduler", "datasette"}),
}


def loaded_after(code: str) -> set[str]:
    """The packages that a fresh interpreter has loaded after running ``code``."""
    code = f"{code}\nimport json, sys; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(done.stdout))


def test_importing_the_package_is_light() -> None:
    # Site files of a virtual environment may load something before us.
    assert (loaded_after("import scraper; dir(scraper)") - loaded_after("")).isdisjoint(HEAVY)


@pytest.mark.parametrize("home", sorted({home for home, _ in PUBLIC.values()}))
def test_each_public_name_loads_what_it_needs_and_no_more(home: str) -> None:
    names = [name for name, (its_home, _) in PUBLIC.items() if its_home == home]
    code = "".join(f"from scraper import {name}; assert {name}.__module__.startswith({home!r})\n" for name in names)
    assert (loaded_after(code) - loaded_after("")).isdisjoint(PUBLIC[names[0]][1])


def test_the_public_names_are_these() -> None:
    assert set(scraper.__all__) == set(PUBLIC) == set(PUBLIC) & set(dir(scraper))
    folders = {path.name for path in (ROOT / "scraper").iterdir() if path.is_dir()}
    assert not folders & set(PUBLIC)
    for name in PUBLIC:
        assert getattr(scraper, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        scraper.nothing  # noqa: B018
    with pytest.raises(ImportError):
        from scraper import nothing  # noqa: F401
    assert not hasattr(scraper, "__path_of_nothing__")


def test_the_table_of_homes_is_whole_and_sorted() -> None:
    assert sorted(scraper._HOMES) == scraper.__all__ == sorted(scraper.__all__)  # noqa: SLF001 - the table itself


def test_type_checkers_see_our_types(tmp_path: Path) -> None:
    assert (ROOT / "scraper" / "py.typed").is_file()
    script = tmp_path / "uses.py"
    script.write_text(
        "from scraper import Article, Store, extract_article, fetch_article\n"
        "reveal_type(extract_article)\nreveal_type(fetch_article)\nreveal_type(Store.get)\nreveal_type(Article)\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(script)]
    command += ["--config-file=", f"--cache-dir={tmp_path}", "--follow-imports=silent", "--ignore-missing-imports"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    revealed = done.stdout.splitlines()
    assert len(revealed) == 4, done.stdout + done.stderr
    for line, shown in zip(
        revealed, ["scraper.model.Article", "scraper.model.Article", "StoredArticle", "Article"], strict=True
    ):
        assert "Any" not in line.partition("note:")[2].rpartition("->")[2]
        assert shown in line
