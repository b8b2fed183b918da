from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scraper.store import Store
from scraper.store.search import SEARCH
from tests.datasette.archive import STORAGE, load_metadata

METADATA = load_metadata()

# In a process of its own: importing it leaves a connection open, of which newer Pythons warn some time later.
LIST_SETTINGS = "import json; from datasette.app import DEFAULT_SETTINGS; print(json.dumps(list(DEFAULT_SETTINGS)))"


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """Every table that the migrations make, without FTS5's own, with its columns."""
    folder = tmp_path_factory.mktemp("storage")
    Store(folder).close()
    return {path.stem: _tables(path) for path in sorted(folder.glob("*.db"))}


def _tables(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        names = [
            row[0]
            for row in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%' ORDER BY name"
            )
        ]
        return {name: [row[1] for row in db.execute(f"PRAGMA table_info([{name}])")] for name in names}


def _described() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (database, table, words)
        for database, about in METADATA["databases"].items()
        for table, words in about["tables"].items()
        if not words.get("hidden")
    ]


def test_it_names_every_table_and_no_other(schema: dict[str, dict[str, list[str]]]) -> None:
    named = {database: sorted(about["tables"]) for database, about in METADATA["databases"].items()}
    assert named == {database: sorted(tables) for database, tables in schema.items()}


def test_it_describes_every_column_in_its_order_and_no_other(schema: dict[str, dict[str, list[str]]]) -> None:
    described = {(database, table): list(words["columns"]) for database, table, words in _described()}
    assert described == {key: schema[key[0]][key[1]] for key in described}


def test_no_description_is_empty_or_ends_in_a_stop() -> None:
    for database, table, words in _described():
        assert words["description"].strip(), (database, table)
        for column, text in words["columns"].items():
            assert isinstance(text, str), (table, column)
            assert text.strip(), (table, column)
            assert not text.endswith("."), (table, column)


def test_every_nullable_column_says_what_empty_means(tmp_path: Path) -> None:
    Store(tmp_path).close()
    for database, table, words in _described():
        with closing(sqlite3.connect(tmp_path / f"{database}.db")) as db:
            for _, column, _, not_null, _, key in db.execute(f"PRAGMA table_info([{table}])"):
                if not not_null and not key:
                    assert "empty" in words["columns"][column], (table, column)


def test_what_it_says_of_columns_is_said_of_columns_that_exist() -> None:
    for _, table, words in _described():
        columns = set(words["columns"])
        named = {words[key] for key in ("sort", "sort_desc", "label_column", "fts_pk") if key in words}
        named |= {*words.get("lists_without", []), *words.get("units", {}), *words.get("facets", [])}
        assert named <= columns, table
        assert not {"sort", "sort_desc"} <= words.keys(), table


def test_every_query_has_a_title_a_description_and_its_parameters() -> None:
    for about in METADATA["databases"].values():
        for name, query in about["queries"].items():
            assert query["title"], name
            assert query["description"].endswith("."), name
            assert all(f":{param}" in query["sql"] for param in query.get("params", [])), name


def test_its_search_is_the_one_of_the_store() -> None:
    assert METADATA["databases"]["news"]["queries"]["search"]["sql"] == SEARCH


def test_settings_are_known_to_datasette() -> None:
    settings = json.loads((STORAGE / "settings.json").read_text(encoding="utf-8"))
    words = [sys.executable, "-c", LIST_SETTINGS]
    known = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert settings.keys() <= set(known)
    assert settings["suggest_facets"] is False  # they cost seconds on 20,000 articles
