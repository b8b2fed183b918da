"""A release is its tag's, and has its changes told; see tests/release.py."""

from __future__ import annotations

import pytest

import scraper
from tests.release import ROOT, notes, tracked, unfit_sdist, unfit_tag, unfit_wheel, version

TOLD = """# Changelog

## Unreleased

## 1.2.3 - 2026-11-26

### Added

- A thing.

## 1.2.2 - 2026-11-01

- Less.
"""


def test_one_version_is_told_everywhere() -> None:
    assert scraper.__version__ == version()


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_tag_that_is_told_of_is_fit() -> None:
    assert unfit_tag("v1.2.3", "1.2.3", TOLD) == []
    assert notes(TOLD, "1.2.3") == "### Added\n\n- A thing."


@pytest.mark.parametrize(
    ("tag", "of", "changelog", "why"),
    [
        ("v1.2.4", "1.2.3", TOLD, "the tag is v1.2.4"),
        ("1.2.3", "1.2.3", TOLD, "a release of it is v1.2.3"),
        ("v1.2.4", "1.2.4", TOLD, "is not headed '## 1.2.4 - YEAR-MONTH-DAY'"),
        ("v1.2.2", "1.2.2", TOLD, "is not headed '## 1.2.2"),
        ("v1.2.3", "1.2.3", TOLD.replace(" - 2026-11-26", ""), "is not headed '## 1.2.3"),
        ("v1.2.3", "1.2.3", TOLD.replace("### Added\n\n- A thing.\n", ""), "says nothing of 1.2.3"),
        ("v1.2.3", "1.2.3", TOLD.replace("## Unreleased\n", "## Unreleased\n\n- Another.\n"), "under Unreleased"),
        ("v1.2.3", "1.2.3", "# Changelog\n", "is not headed"),
    ],
)
def test_why_a_tag_is_not_fit(tag: str, of: str, changelog: str, why: str) -> None:
    assert why in "; ".join(unfit_tag(tag, of, changelog))


KNOWN = {"scraper/__init__.py", "config/scraper.toml", "config/sites/.gitkeep", "README.md"}


def test_a_wheel_holds_the_program_and_the_operators_files() -> None:
    held = ["scraper/__init__.py", "scraper/_defaults/config/scraper.toml", "article_scraper-1.2.3.dist-info/METADATA"]
    assert unfit_wheel(held, KNOWN) == []
    assert unfit_wheel([*held[:2], "scraper/_defaults/config/secrets.env"], KNOWN) == [
        "wheel: scraper/_defaults/config/secrets.env is not the repository's"
    ]
    assert unfit_wheel(held[1:], KNOWN) == ["wheel: scraper/__init__.py is missing"]


def test_an_sdist_holds_what_git_knows() -> None:
    held = [f"article_scraper-1.2.3/{name}" for name in (*KNOWN - {"config/sites/.gitkeep"}, "PKG-INFO")]
    assert unfit_sdist(held, KNOWN) == []
    assert unfit_sdist([*held, "article_scraper-1.2.3/config/login.cookies.txt"], KNOWN) == [
        "sdist: config/login.cookies.txt is not the repository's"
    ]


def test_git_knows_what_is_released() -> None:
    assert {"pyproject.toml", "scraper/__init__.py", "config/scraper.toml"} <= tracked()
