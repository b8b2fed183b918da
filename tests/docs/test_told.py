"""Every option, word and key is told of in the document that is about it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from scraper.cli.finding import add_command
from scraper.cli.formats import OF_STORED
from scraper.cli.opml import export_command, import_command
from scraper.cli.read import search_command
from scraper.cli.reparse import reparse_command
from scraper.cli.results import OF_RESULTS
from scraper.cli.stats import stats_command
from scraper.dedupe.renewal import Verdict
from scraper.model import Edit
from scraper.settings import SiteFields, SiteKinds
from tests.docs.documents import DOCUMENTS, ROOT, links, name, read

README = read(ROOT / "README.md")
ARCHITECTURE, DAILY, REPARSE, REVISIONS, SEARCHING, SITES, SOURCES = (
    read(ROOT / "docs" / f"{name}.md")
    for name in ("architecture", "daily", "reparse", "revisions", "searching", "sites", "sources")
)


def test_the_options_of_finding_sources_are_explained() -> None:
    options = {option for command in (add_command, import_command, export_command) for option in command.params}
    flags = {flag for option in options for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in flags if f"`{flag}" not in SOURCES} == set()


def test_reading_again_is_explained() -> None:
    options = {flag for option in reparse_command.params for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in options if f"`{flag}" not in REPARSE} == set()
    assert [verdict for verdict in Verdict if f"| `{verdict}` |" not in REPARSE] == []


def test_the_options_of_searching_are_explained() -> None:
    flags = {flag for option in search_command.params for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in flags if f"`{flag}" not in SEARCHING} == set()


def test_the_options_and_fields_of_every_day_are_explained() -> None:
    flags = {flag for option in stats_command.params for flag in option.opts if flag.startswith("--")}
    assert {flag for flag in flags if f"`{flag}" not in DAILY} == set()
    assert {field for field in OF_RESULTS if field not in OF_STORED and f"`{field}`" not in DAILY} == set()


def test_every_key_of_a_sites_rules_is_explained() -> None:
    keys = {*SiteFields.__struct_fields__, *SiteKinds.__struct_fields__, "drop", "until"}
    assert [key for key in sorted(keys) if f"`{key}`" not in SITES] == []


def test_every_stop_of_the_flow_exists() -> None:
    stops = re.findall(r"`(scraper/[\w/]+\.py):([\w.]+)`", ARCHITECTURE)
    assert len(stops) >= 10
    for file, stop in stops:
        assert stop in _names(ast.parse(read(ROOT / file))), f"{file}:{stop}"


def _names(tree: ast.Module) -> set[str]:
    """Functions, classes, methods and imported names of a module."""
    names = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        if isinstance(node, ast.ClassDef):
            inner = (ast.FunctionDef, ast.AsyncFunctionDef)
            names |= {f"{node.name}.{method.name}" for method in node.body if isinstance(method, inner)}
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def test_every_kind_of_edit_is_explained() -> None:
    assert [kind for kind in Edit if f"| `{kind}` |" not in REVISIONS] == []


def test_every_document_is_in_the_index() -> None:
    index = set(links(read(ROOT / "docs" / "README.md")))
    there = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in there if name not in index} == set()
    decisions = set(links(read(ROOT / "docs" / "decisions" / "README.md")))
    assert {path.name for path in (ROOT / "docs" / "decisions").glob("0*.md")} == decisions


def test_the_figures_of_the_readme_are_those_that_were_measured() -> None:
    rows = re.findall(r"^\| .+ \| (.+) \| (.+) \| \[.+\]\((docs/benchmarks-\w+\.md)\) \|$", README, re.MULTILINE)
    assert len(rows) > 5
    for here, beside, document in rows:
        _compare(f"{here} {beside}", read(ROOT / document))


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if "([measured](" in read(each)], ids=name)
def test_figures_that_are_said_to_be_measured_were(document: Path) -> None:
    text = " ".join(read(document).split())
    for link in re.finditer(r"\(\[measured\]\(([^)#]+)(#[\w-]+)?\)\)", text):
        clause = re.split(r"[.;:|]\s", text[: link.start()])[-1]
        _compare(clause, read(document.parent / link[1]))


def _compare(said: str, measured: str) -> None:
    """Each figure that is said is one that was measured, or what one is rounded to."""
    known = [_value(figure) for figure in re.findall(_FIGURE, measured)]
    for figure in re.findall(_FIGURE, said):
        digits = len(figure.partition(".")[2])
        assert any(round(one, digits) == _value(figure) for one in known), f"{figure} was not measured"


_FIGURE = r"\d[\d,]*\d(?:\.\d+)?|\d\.\d+|\.\d+"


def _value(figure: str) -> float:
    return float(figure.replace(",", ""))
