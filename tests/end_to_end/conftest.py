from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.harness import Newsroom
from tests.local_news import LocalNews


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A home that follows the local news site, which runs while the test does."""
    with LocalNews() as site:
        yield Newsroom(tmp_path / "home", site)


@pytest.fixture(scope="session")
def _visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A home in which all of the site was fetched. Not to be changed."""
    with LocalNews() as site:
        newsroom = Newsroom(tmp_path_factory.mktemp("visited") / "home", site)
        newsroom.run("run", "--once")
        yield newsroom


@pytest.fixture
def visited(_visited: Newsroom, tmp_path: Path) -> Newsroom:
    """A home of the test's own in which all of the site was fetched; the site is that of all such tests."""
    return Newsroom(shutil.copytree(_visited.home, tmp_path / "home"), _visited.site)
