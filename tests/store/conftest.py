from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper.store import Store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "storage"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both databases, with nothing in them. Not to be changed; to copy them is quicker than to make some."""
    made = tmp_path_factory.mktemp("empty") / "storage"
    Store(made).close()
    return made


@pytest.fixture
def store(empty: Path, folder: Path) -> Iterator[Store]:
    shutil.copytree(empty, folder)
    with Store(folder) as opened:
        yield opened
