"""docs/api.md names what is stable, as it is; and the recipes of docs/recipes.md keep out of a writer's way."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import scraper
from scraper import errors, units
from scraper.home import init_home
from scraper.store import Store
from tests.datasette.archive import fill
from tests.docs import running
from tests.end_to_end.tls import trusted_server
from tests.store.samples import rows

ROOT = Path(__file__).parents[1]
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
RECIPES = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HOST = "www.themoscowtimes.com"
HEADINGS = re.findall(r"^#{3,4} (`.+`)$", API, re.MULTILINE)
SIGNATURES = dict(re.findall(r"`([\w.]+)(\([^`]*\)(?: -> [^`]+)?)`", "\n".join(HEADINGS)))
NAMES = [name for heading in HEADINGS for name in re.findall(r"`([\w.]+)", heading)]
VALUES = [name for name in scraper.__all__ if is_dataclass(getattr(scraper, name))]


def resolved(name: str) -> object:
    found: object = scraper
    for part in name.split("."):
        found = getattr(found, part)
    return found


def signature(name: str) -> str:
    """As the page writes it: no types of parameters, and defaults that are a word."""
    found = inspect.signature(resolved(name))  # type: ignore[arg-type] # they are all to be called
    parameters = []
    for each in found.parameters.values():
        if each.name == "self":
            continue
        plain = each.default in (each.empty, None, "") or isinstance(each.default, (bool, int, float))
        default = each.default if plain else type("Other", (), {"__repr__": lambda _: "…"})()
        parameters.append(each.replace(annotation=each.empty, default=default))
    returned = "" if isinstance(resolved(name), type) else f" -> {found.return_annotation}"
    return f"{found.replace(parameters=parameters, return_annotation=found.empty)}{returned}"


def test_every_public_name_has_its_heading_and_nothing_else_has() -> None:
    assert sorted(name for name in NAMES if "." not in name) == sorted(scraper.__all__)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", [name for name in SIGNATURES if SIGNATURES[name] != "(…)"])
def test_signatures_are_as_written(name: str) -> None:
    assert SIGNATURES[name] == signature(name).replace("Found", "tuple[str, Article | ScrapeError]")
    assert inspect.getdoc(resolved(name))


@pytest.mark.parametrize("name", VALUES)
def test_every_field_of_a_value_is_told_and_no_other(name: str) -> None:
    (section,) = re.findall(rf"^### `{name}\b.*?`$(.*?)(?=^##|\Z)", API, re.DOTALL | re.MULTILINE)
    cells = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    told = [word for cell in cells for word in re.findall(r"`(\w+)`", cell)]
    assert sorted(told) == sorted(field.name for field in fields(resolved(name)))  # type: ignore[arg-type] # a dataclass


def test_every_member_of_an_enumeration_is_told() -> None:
    for kind in (scraper.Kind, scraper.Zone):
        assert [each.name for each in kind if f"`{each.name}`" not in API] == []


def test_every_error_is_told_under_what_the_caller_does_next() -> None:
    below = API.partition("\n## Errors\n")[2]
    classes = [each for each in vars(errors).values() if isinstance(each, type) and each.__module__ == errors.__name__]
    assert len(classes) > 25
    for root in (errors.TryLater, errors.Skip, errors.Stop):
        (section,) = re.findall(rf"^### `{root.__name__}`$(.*?)(?=^###|^```|\Z)", below, re.DOTALL | re.MULTILINE)
        kinds = {each.__name__ for each in classes if issubclass(each, root)} - {root.__name__}
        assert set(re.findall(r"`([A-Z]\w+)`", section)) - {"None"} == kinds


def test_the_units_are_told() -> None:
    for name in ("Duration", "Period", "Size"):
        assert f"`{name}`" in API
        assert hasattr(units, name)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """~/news of somebody, who stands in it; the outlet is on this machine."""
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "news"
    init_home(folder)
    monkeypatch.chdir(folder)
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    with trusted_server(HOST) as server:
        server.trust(folder)
        yield folder


@pytest.mark.parametrize("block", re.findall(PYTHON, RECIPES))
def test_the_recipes_run_beside_a_writer(
    block: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(running.RECIPES)])
    fill(home / "storage")
    before = rows(home / "storage" / "news.db", "SELECT type, name, sql FROM sqlite_master")
    with Store(home / "storage", busy_timeout=0) as store, store.transaction():
        exec(block, {"__name__": "__main__"})  # noqa: S102 - the recipe itself
    assert capsys.readouterr().out
    assert rows(home / "storage" / "news.db", "SELECT type, name, sql FROM sqlite_master") == before
    with Store(home / "storage") as store:
        store.scrub()  # raises DatabaseBusy where a recipe left a read open


def test_the_last_recipe_does_without_the_fixtures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(re.findall(PYTHON, RECIPES)[-1], {"__name__": "__main__"})  # noqa: S102 - the recipe itself
    assert capsys.readouterr().out == "0\n"
