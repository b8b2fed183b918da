"""docs/comparison.md and docs/by-hand.md say no more than was measured, and name what is there."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
COMPARISON = (DOCS / "comparison.md").read_text(encoding="utf-8")
BY_HAND = (DOCS / "by-hand.md").read_text(encoding="utf-8")


def rows(text: str) -> list[str]:
    """The rows of its tables, without their heads."""
    return [line for before, line in pairwise(text.splitlines()) if line.startswith("| ") and before.startswith("|")]


def test_every_figure_stands_in_the_page_that_says_how_it_was_measured() -> None:
    measured = {row for page in DOCS.glob("benchmarks-*.md") for row in rows(page.read_text(encoding="utf-8"))}
    quoted = rows(COMPARISON.partition("\n## Measured\n")[2])
    assert len(quoted) >= 12
    assert [row for row in quoted if row not in measured] == []


def test_every_program_has_a_column_and_a_section_with_a_link() -> None:
    sections = re.findall(r"^### (.+?)\n(.*?)(?=^##)", COMPARISON, re.DOTALL | re.MULTILINE)
    assert len(sections) == 8
    key = COMPARISON.partition("MF Miniflux")[2].partition("\n\n")[0]
    for name, text in sections:
        assert name in f"Miniflux{key}".replace("\n", " "), name
        assert "](https://" in text, name
        assert "**Better**" in text, name


def test_every_row_of_the_comparison_has_a_cell_for_each() -> None:
    table = rows(COMPARISON.partition("## What each does")[2].partition("## Each of them")[0])
    assert len(table) > 15
    assert {len(re.findall(r"\|", row)) for row in table} == {11}
    marks = {cell.strip() for row in table for cell in row.split("|")[2:-1]}
    assert marks <= {"●", "◐", "\u2013", ""}


def test_what_is_written_by_hand_is_where_the_list_says_and_about_as_long() -> None:
    path = r"`(?:scraper|storage)/[\w/]+(?:\.py|/)`"
    text = " ".join(BY_HAND.split())
    said = re.findall(rf"((?:{path}(?:, | and )?)+), (\d[\d,]*\d)", text)
    assert len(said) > 25
    assert sum(len(re.findall(path, paths)) for paths, _ in said) == len(re.findall(path, text))
    for paths, count in said:
        lines = sum(lines_of(ROOT / each) for each in re.findall(r"`(.+?)`", paths))
        assert lines / 1.5 < int(count.replace(",", "")) < lines * 1.5, (paths, lines)


def lines_of(path: Path) -> int:
    files = path.glob("*.py") if path.is_dir() else [path]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)
